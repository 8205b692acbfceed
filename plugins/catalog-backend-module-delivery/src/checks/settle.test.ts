import {
  definition,
  deployment,
  DEPLOYMENT,
  moving,
  revision,
  service,
  SERVICE_ARN,
} from './__testUtils__/ecs';
import { describeSteps } from './__testUtils__/platform';
import { runStep, type Fake } from './__testUtils__/runStep';
import { scriptOf, workflowOf } from './__testUtils__/workflows';

const DIGEST = `sha256:${'9'.repeat(64)}`;
const REGISTRY = '111111111111.dkr.ecr.eu-west-1.amazonaws.com';
const IMAGE = `${REGISTRY}/shipping@${DIGEST}`;

describeSteps('what is settled', repository => {
  const ENV = {
    CLUSTER: 'main',
    SERVICE: 'shipping',
    TASK_DEFINITION: definition(8),
  };
  const run = (
    job: string,
    id: string,
    aws: Fake,
    env: Record<string, string> = {},
    file = 'ecs-deploy.yml',
  ) =>
    runStep(scriptOf(workflowOf(repository(), file), job, id), {
      env: { ...ENV, ...env },
      fakes: { aws },
    });

  it('records our own revision as verified', () => {
    const { code, calls } = run('settle', 'record', {
      'ecs describe-services': service(8),
      'ecs tag-resource': '',
    });
    expect(code).toBe(0);
    expect(calls[1]).toBe(
      `aws ecs tag-resource --resource-arn ${SERVICE_ARN} --tags key=delivery.platform/verified,value=${definition(
        8,
      )}`,
    );
  });

  it.each([
    ['another revision', service(9)],
    ['a rollout that is not through', service(8, { rollout: 'IN_PROGRESS' })],
    ['a rollout that failed', service(8, { rollout: 'FAILED' })],
  ])('never records %s', (_name, answer) => {
    const { code, calls, log } = run('settle', 'record', {
      'ecs describe-services': answer,
    });
    expect(code).not.toBe(0);
    expect(calls).toHaveLength(1);
    expect(log).toContain('not recorded as verified');
  });

  describe('the tag that keeps the image', () => {
    const env = {
      IMAGE,
      ENVIRONMENT: 'production',
      GITHUB_RUN_ID: '77',
      REGISTRY_ACCOUNT: '111111111111',
      REGISTRY_REGION: 'eu-west-1',
    };
    const tagged = (digest?: string) =>
      JSON.stringify({
        images: digest
          ? [
              {
                imageId: { imageDigest: digest },
                imageManifest: '{\n "a": 1\n}',
                imageManifestMediaType: 'm/t',
              },
            ]
          : [],
      });

    it('is put once', () => {
      const { code, calls } = run(
        'settle',
        'release',
        {
          'ecr batch-get-image': [tagged(), tagged(DIGEST)],
          'ecr put-image': '{}',
        },
        env,
      );
      expect(code).toBe(0);
      expect(calls[2]).toContain(
        '--repository-name shipping --image-tag release-production-77',
      );
      expect(calls[2]).toContain(`--image-digest ${DIGEST}`);
    });

    it('is left when an earlier attempt put it', () => {
      const { code, calls } = run(
        'settle',
        'release',
        { 'ecr batch-get-image': tagged(DIGEST) },
        env,
      );
      expect(code).toBe(0);
      expect(calls).toHaveLength(1);
    });

    it('is never taken from another image', () => {
      const other = tagged(`sha256:${'1'.repeat(64)}`);
      const { code, log } = run(
        'settle',
        'release',
        { 'ecr batch-get-image': other },
        env,
      );
      expect(code).not.toBe(0);
      expect(log).toContain('is on another image already');
    });
  });

  describe('blue/green', () => {
    const paused = deployment('IN_PROGRESS', {
      hook: 'h1',
      stage: 'POST_TEST_TRAFFIC_SHIFT',
    });

    it('waits until our tasks answer at the test listener', () => {
      const { code, outputs } = run('deploy', 'pause', {
        'ecs list-service-deployments': [moving(false), moving()],
        'ecs describe-service-deployments': [
          deployment('PENDING'),
          deployment('IN_PROGRESS'),
          paused,
        ],
        'ecs describe-service-revisions': revision(8),
      });
      expect(code).toBe(0);
      expect(outputs).toEqual({ deployment: DEPLOYMENT, hook: 'h1' });
    });

    it.each([
      ['a deployment of another revision', paused, 9, /not the one of/],
      [
        'a service without the hook',
        deployment('SUCCESSFUL'),
        8,
        /has no PAUSE hook/,
      ],
      [
        'a deployment that ended',
        deployment('ROLLBACK_SUCCESSFUL'),
        8,
        /ended before the smoke test/,
      ],
    ])('refuses %s', (_name, answer, number, sentence) => {
      const { code, log, outputs } = run('deploy', 'pause', {
        'ecs list-service-deployments': moving(),
        'ecs describe-service-deployments': answer,
        'ecs describe-service-revisions': revision(number),
      });
      expect(code).not.toBe(0);
      expect(log).toMatch(sentence);
      expect(outputs).toEqual({ deployment: DEPLOYMENT });
    });

    it.each([
      ['SUCCESSFUL', 0],
      ['ROLLBACK_SUCCESSFUL', 1],
      ['STOPPED', 1],
    ])('lets the traffic over: %s ends with %s', (status, wanted) => {
      const { code, calls } = run(
        'settle',
        'continue',
        {
          'ecs continue-service-deployment': '{}',
          'ecs describe-service-deployments': [
            deployment('IN_PROGRESS'),
            deployment(status),
          ],
        },
        { DEPLOYMENT, HOOK: 'h1' },
      );
      expect(code).toBe(wanted);
      expect(calls[0]).toContain('--hook-id h1 --action CONTINUE');
    });
  });
});
