import type { RuntimeServiceFact } from 'backstage-plugin-delivery-common';
import { runtimeProviderContractTests } from 'backstage-plugin-delivery-node/testUtils';
import type { Answer, Input } from './__testUtils__/fakeAws';
import {
  ACCOUNT,
  AT,
  CLUSTER,
  everyService,
  fixture,
  never,
  REGION,
  steadyService,
  useAws,
} from './__testUtils__/setup';

// Two thousand services go over a real socket, on a machine that may be busy.
jest.setTimeout(30_000);

const setup = useAws();
const events = Object.entries(fixture<Record<string, Input>>('events')).map(
  ([name, payload]) => ({ name, payload, receivedAt: AT }),
);
const behaviours: Record<string, Answer> = {
  answers: everyService,
  hangs: () => undefined,
  future: () => ({
    services: [{ ...steadyService('one'), status: 'HIBERNATING' }],
  }),
};

runtimeProviderContractTests(
  ({ vendor, onCall }) => {
    const { answers } = setup.aws;
    answers.DescribeServices = behaviours[vendor];
    for (const operation of [
      ...['ListServices', 'ListTasks', 'DescribeAlarms'],
      ...['ListServiceDeployments', 'DescribeServiceDeployments'],
      ...['DescribeServiceRevisions', 'DescribeTaskDefinition'],
    ]) {
      answers[operation] = () => undefined;
    }
    return setup.provider({ onCall });
  },
  {
    events,
    malformed: { ...events[0], payload: { ...events[0].payload, account: 7 } },
    cluster: CLUSTER,
    servicesPerCall: 10,
    unknownWords: ['HIBERNATING'],
    framework: { describe, it },
  },
);

/** Services of the fixture by name. */
async function readFixture(change: (body: Input) => Input = body => body) {
  setup.aws.answers.DescribeServices = () =>
    change(fixture('DescribeServices'));
  const names = ['vaultex', 'checkout', 'legacy', 'removed', 'gone'];
  const reads = await setup.provider().readServices(CLUSTER, names, never);
  return Object.fromEntries(
    reads.map(read => [
      read.service,
      'fact' in read ? read.fact : read.problem,
    ]),
  ) as Record<string, RuntimeServiceFact & { code?: string; message?: string }>;
}

describe('a service', () => {
  it('is told in our words', async () => {
    const { vaultex } = await readFixture();
    expect(vaultex).toMatchObject({
      kind: 'runtimeService',
      runtimeKey: `ecs/${ACCOUNT}/${REGION}/production/vaultex`,
      status: 'active',
      controller: 'ecs',
      strategy: 'rolling',
      desired: 2,
      running: 2,
      circuitBreaker: { enabled: true, rollback: true },
      alarmNames: ['vaultex-5xx'],
      tags: { 'backstage.io/entity-ref': 'component:default/vaultex' },
      deployments: [{ role: 'primary', rollout: 'completed', failedTasks: 0 }],
    });
    expect(vaultex.deployments[0].createdAt).toBe(1795083600000);
    expect(vaultex.events).toHaveLength(10);
    expect(vaultex.events[0].at).toBeGreaterThan(vaultex.events[9].at);
    expect(setup.aws.heard[0].input.include).toEqual(['TAGS']);
  });

  it('has both target groups and the production rule while traffic moves', async () => {
    const { checkout } = await readFixture();
    expect(checkout.strategy).toBe('canary');
    expect(checkout.targetGroups).toHaveLength(2);
    expect(checkout.productionRules).toEqual([
      expect.stringContaining('listener-rule/app/shared'),
    ]);
    expect(checkout.revisions).toHaveLength(2);
  });

  it('of CodeDeploy is told by its task sets', async () => {
    const { legacy } = await readFixture();
    expect(legacy).toMatchObject({
      controller: 'code_deploy',
      strategy: 'blue_green',
      taskDefinition: expect.stringContaining('vaultex:7'),
      deployments: [{ role: 'primary', running: 1 }],
      targetGroups: [expect.stringContaining('vaultex-green')],
    });
  });

  it('that was deleted is inactive, one that never was is a problem', async () => {
    const { removed, gone } = await readFixture();
    expect(removed.status).toBe('inactive');
    expect(gone).toEqual({
      code: 'service_not_found',
      message: `There is no service gone in cluster production (account ${ACCOUNT}, ${REGION}): correct the environment in app-config, or create the service again.`,
    });
  });

  it('with tags and events of an attacker stays text, cut and clean', async () => {
    const script = '<script>alert(1)</script>';
    const { vaultex } = await readFixture(body => {
      const [first] = body.services as Input[];
      return {
        services: [
          {
            ...first,
            tags: [
              { key: 'owner', value: script },
              { key: '__proto__', value: 'x' },
              { key: 'hidden', value: 'component:default/a\u200b' },
              ...Array.from({ length: 5000 }, (_, i) => ({
                key: `k${i}`,
                value: 'v',
              })),
            ],
            events: Array.from({ length: 2_000 }, (_, i) => ({
              id: `e${i}`,
              createdAt: 1795170000 - i,
              message: `a\u0000b\u001b[31m\u202ec\n${'x'.repeat(5000)}`,
            })),
          },
        ],
      };
    });
    expect(vaultex.tags.owner).toBe(script);
    expect(Object.keys(vaultex.tags).length).toBeLessThanOrEqual(100);
    // Cleaned, it would be the name of somebody else.
    expect(vaultex.tags).not.toHaveProperty('hidden');
    expect(vaultex.events).toHaveLength(10);
    expect(vaultex.events[0].message).toMatch(/^ab\[31mc x+$/);
    expect(vaultex.events[0].message.length).toBeLessThanOrEqual(1000);
    expect(Object.getPrototypeOf(vaultex.tags)).toBe(Object.prototype);
  });

  it('that makes no sense is a problem of its own', async () => {
    const { vaultex, checkout } = await readFixture(body => {
      const [first, ...rest] = body.services as Input[];
      return { services: [{ ...first, runningCount: 'many' }, ...rest] };
    });
    expect(vaultex.code).toBe('read_failed');
    expect(checkout.status).toBe('active');
  });

  it('with unknown words never looks like success', async () => {
    const { vaultex } = await readFixture(body => {
      const [first] = body.services as Input[];
      const [deployment] = first.deployments as Input[];
      return {
        services: [
          {
            ...first,
            deploymentController: { type: 'ROBOT' },
            deploymentConfiguration: { strategy: 'TELEPORT' },
            deployments: [
              { ...deployment, status: 'SHADOW', rolloutState: 'toString' },
            ],
          },
        ],
      };
    });
    expect(vaultex).toMatchObject({
      controller: 'unknown',
      strategy: 'unknown',
      deployments: [{ role: 'unknown', rollout: 'unknown' }],
    });
  });
});

describe('the console', () => {
  const url = (region: string) =>
    setup
      .provider()
      .consoleUrl?.({ ...CLUSTER, provider: 'ecs', service: 'a b', region });

  it('is that of the partition, and never a host somebody made up', () => {
    expect(url(REGION)).toBe(
      'https://eu-west-1.console.aws.amazon.com/ecs/v2/clusters/production/services/a%20b/health?region=eu-west-1',
    );
    expect(url('cn-north-1')).toContain('//cn-north-1.console.amazonaws.cn/');
    expect(url('us-gov-west-1')).toContain('.amazonaws-us-gov.com/');
    expect(url('evil.example/')).toMatch(
      /^https:\/\/console\.aws\.amazon\.com/,
    );
  });
});
