import {
  definition,
  moving,
  service,
  taskDefinition,
} from './__testUtils__/ecs';
import { describeSteps } from './__testUtils__/platform';
import { runStep, type Answer, type Fake } from './__testUtils__/runStep';
import { scriptOf, workflowOf } from './__testUtils__/workflows';

const COMMIT = 'c'.repeat(40);
const OLDER = 'a'.repeat(40);
const REGISTRY = '111111111111.dkr.ecr.eu-west-1.amazonaws.com';
const DIGEST = `sha256:${'9'.repeat(64)}`;

const labels = (commit?: string) =>
  JSON.stringify({
    config: {
      Labels: commit ? { 'org.opencontainers.image.revision': commit } : null,
    },
  });

describeSteps('what is deployed', repository => {
  const theScript = (id: string) =>
    scriptOf(workflowOf(repository(), 'ecs-deploy.yml'), 'deploy', id);

  describe('beside what runs', () => {
    const verified = (number: number) => ({
      tags: [{ key: 'delivery.platform/verified', value: definition(number) }],
    });
    const before = (aws: Fake) =>
      runStep(theScript('before'), {
        env: { CLUSTER: 'main', SERVICE: 'shipping', ACCOUNT: '444444444444' },
        fakes: {
          aws: { 'ecs list-service-deployments': moving(false), ...aws },
        },
      });

    it('goes on from the verified revision', () => {
      const { code, outputs } = before({
        'ecs describe-services': service(7, verified(7)),
      });
      expect(code).toBe(0);
      expect(outputs).toEqual({
        td: definition(7),
        running: definition(7),
        first: 'false',
        subnets: 'subnet-1,subnet-2',
        sgs: 'sg-1',
      });
    });

    it('goes on from what runs the first time', () => {
      const { outputs } = before({
        'ecs describe-services': service(1, { rollout: null }),
      });
      expect(outputs).toMatchObject({ td: definition(1), first: 'true' });
    });

    it('prefers the verified revision to one that somebody else brought, and says so', () => {
      const { log, outputs } = before({
        'ecs describe-services': service(9, verified(7)),
        'ecs describe-task-definition': taskDefinition(7),
      });
      expect(outputs).toMatchObject({
        td: definition(7),
        running: definition(9),
      });
      expect(log).toContain('::warning::shipping runs');
    });

    it('takes what runs when the verified revision is gone', () => {
      const { outputs } = before({
        'ecs describe-services': service(9, verified(7)),
        'ecs describe-task-definition': taskDefinition(7, {
          status: 'INACTIVE',
        }),
      });
      expect(outputs).toMatchObject({ td: definition(9), first: 'false' });
    });

    it('warns of an alarm that fires already', () => {
      const { code, log } = before({
        'ecs describe-services': service(7, {
          ...verified(7),
          alarms: ['shipping-5xx', 'latency'],
        }),
        'cloudwatch describe-alarms': JSON.stringify({
          MetricAlarms: [{ AlarmName: 'shipping-5xx' }],
        }),
      });
      expect(code).toBe(0);
      expect(log).toContain('::warning::shipping-5xx fires already');
    });

    it.each<[string, Fake, RegExp]>([
      [
        'a deployment under way',
        {
          'ecs describe-services': service(7),
          'ecs list-service-deployments': moving(),
        },
        /under way already/,
      ],
      [
        'a second deployment',
        { 'ecs describe-services': service(8, { draining: 7 }) },
        /did not complete/,
      ],
      [
        'a rollout that failed',
        { 'ecs describe-services': service(8, { rollout: 'FAILED' }) },
        /did not complete/,
      ],
      [
        'a service that is gone',
        { 'ecs describe-services': service(8, { status: 'INACTIVE' }) },
        /is not in the cluster/,
      ],
      [
        'a service that never was',
        {
          'ecs describe-services':
            '{"services":[],"failures":[{"reason":"MISSING"}]}',
        },
        /is not in the cluster/,
      ],
      [
        'a tag that names another family',
        {
          'ecs describe-services': service(7, {
            tags: [
              {
                key: 'delivery.platform/verified',
                value: definition(7, 'billing'),
              },
            ],
          }),
        },
        /is not a revision of/,
      ],
    ])('refuses %s', (_name, aws, sentence) => {
      const { code, log, outputs } = before(aws);
      expect(code).not.toBe(0);
      expect(log).toMatch(sentence);
      expect(outputs).toEqual({});
    });
  });

  describe('descends from what runs', () => {
    interface Given {
      running?: { commit?: string; image?: string };
      first?: boolean;
      compare?: Answer;
      imageCommit?: string;
    }
    const run = ({
      running = {},
      first = false,
      compare = '{}',
      imageCommit,
    }: Given) =>
      runStep(theScript('descent'), {
        env: {
          SERVICE: 'shipping',
          CONTAINER: 'shipping',
          REGISTRY,
          PREVIOUS: definition(7),
          RUNNING: definition(7),
          FIRST: String(first),
          CANDIDATE: COMMIT,
          GITHUB_REPOSITORY: 'acme/shipping',
        },
        fakes: {
          aws: { 'ecs describe-task-definition': taskDefinition(7, running) },
          gh: {
            [`api repos/acme/shipping/compare/${OLDER}...${COMMIT}`]: compare,
          },
          docker: { 'buildx imagetools inspect': labels(imageCommit) },
        },
      });

    it.each(['ahead', 'identical'])('when GitHub says %s', status => {
      const { code, outputs } = run({
        running: { commit: OLDER },
        compare: JSON.stringify({ status }),
      });
      expect(code).toBe(0);
      expect(outputs).toEqual({ 'previous-commit': OLDER });
    });

    it('asks the image when the revision has no label', () => {
      const { code, outputs } = run({
        running: { image: `${REGISTRY}/shipping@${DIGEST}` },
        imageCommit: OLDER,
        compare: '{"status":"ahead"}',
      });
      expect(code).toBe(0);
      expect(outputs).toEqual({ 'previous-commit': OLDER });
    });

    it('goes on the first time, when only the bootstrap image runs', () => {
      const { code, log } = run({ first: true });
      expect(code).toBe(0);
      expect(log).toContain('::warning::');
    });

    it.each<[string, Given, RegExp]>([
      [
        'an older commit',
        { running: { commit: OLDER }, compare: '{"status":"behind"}' },
        /does not descend/,
      ],
      [
        'another line',
        { running: { commit: OLDER }, compare: '{"status":"diverged"}' },
        /does not descend/,
      ],
      [
        'an answer without status',
        { running: { commit: OLDER }, compare: '{}' },
        /does not descend/,
      ],
      [
        'a commit that GitHub does not know',
        { running: { commit: OLDER }, compare: { fails: 'HTTP 404' } },
        /cannot compare/,
      ],
      ['an unknown commit, later', {}, /does not say which commit it runs/],
      [
        'a label that is no commit',
        { running: { commit: 'v12' } },
        /does not say which commit it runs/,
      ],
    ])('refuses %s', (_name, given, sentence) => {
      const { code, log } = run(given);
      expect(code).not.toBe(0);
      expect(log).toMatch(sentence);
    });
  });
});
