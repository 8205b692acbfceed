import {
  definition,
  deployment,
  moving,
  revision,
  service,
} from './__testUtils__/ecs';
import { describeSteps } from './__testUtils__/platform';
import { runStep, type Answer, type Fake } from './__testUtils__/runStep';
import { scriptOf, workflowOf } from './__testUtils__/workflows';

const OURS = 8;
const VERIFIED = 7;
const FOREIGN = 9;

interface Given {
  /** Whether a deployment is under way, call after call. */
  moving?: string[];
  deployment?: string[];
  revision?: number;
  services?: string[];
  /** What ran before this run, when that is not the verified revision. */
  running?: number;
  update?: Answer;
}

const WRITES =
  /update-service|stop-service-deployment|continue-service-deployment/;

describeSteps('the way back', repository => {
  const theScript = () =>
    scriptOf(workflowOf(repository(), 'ecs-deploy.yml'), 'settle', 'rollback');

  function run(given: Given) {
    const aws: Fake = {
      'ecs list-service-deployments': given.moving ?? [moving(false)],
      'ecs describe-service-deployments': given.deployment ?? [],
      'ecs describe-service-revisions': revision(given.revision ?? OURS),
      'ecs describe-services': given.services ?? [service(VERIFIED)],
      'ecs update-service': given.update ?? '{}',
      'ecs stop-service-deployment': '{}',
      'ecs continue-service-deployment': '{}',
    };
    const result = runStep(theScript(), {
      env: {
        CLUSTER: 'main',
        SERVICE: 'shipping',
        PREVIOUS: definition(VERIFIED),
        RUNNING: definition(given.running ?? VERIFIED),
        TASK_DEFINITION: definition(OURS),
      },
      fakes: { aws },
    });
    return {
      ...result,
      writes: result.calls.filter(call => WRITES.test(call)),
    };
  }

  it('brings the verified revision back while our own is primary', () => {
    const { code, outputs, writes } = run({
      services: [
        service(OURS),
        service(VERIFIED, { rollout: 'IN_PROGRESS', draining: OURS }),
        service(VERIFIED),
      ],
    });
    expect(code).toBe(0);
    expect(outputs).toEqual({ 'rolled-back': 'true', result: 'rolled-back' });
    expect(writes).toEqual([
      `aws ecs update-service --cluster main --service shipping --task-definition ${definition(
        VERIFIED,
      )}`,
    ]);
  });

  it('stops our deployment once when it is still moving, and waits for its end', () => {
    const { outputs, writes } = run({
      moving: [moving(), moving(), moving(), moving(false)],
      deployment: [
        deployment('IN_PROGRESS'),
        deployment('IN_PROGRESS'),
        deployment('ROLLBACK_IN_PROGRESS'),
      ],
      services: [service(VERIFIED)],
    });
    expect(outputs.result).toBe('rolled-back');
    expect(writes).toHaveLength(1);
    expect(writes[0]).toContain('stop-service-deployment');
    expect(writes[0]).toContain('--stop-type ROLLBACK');
  });

  it('answers a deployment that waits at the test listener', () => {
    const { outputs, writes } = run({
      moving: [moving(), moving(false)],
      deployment: [
        deployment('IN_PROGRESS', {
          hook: 'h1',
          stage: 'POST_TEST_TRAFFIC_SHIFT',
        }),
      ],
    });
    expect(outputs.result).toBe('rolled-back');
    expect(writes).toHaveLength(1);
    expect(writes[0]).toMatch(
      /continue-service-deployment .*--hook-id h1 --action ROLLBACK/,
    );
  });

  it('lets its own way back pass the same hook', () => {
    const { outputs, writes } = run({
      moving: [moving(false), moving(), moving(false)],
      revision: VERIFIED,
      deployment: [
        deployment('IN_PROGRESS', {
          hook: 'h2',
          stage: 'POST_TEST_TRAFFIC_SHIFT',
        }),
      ],
      services: [service(OURS), service(VERIFIED)],
    });
    expect(outputs.result).toBe('rolled-back');
    expect(writes[1]).toMatch(/--hook-id h2 --action CONTINUE/);
  });

  it('does nothing when ECS brought it back already', () => {
    const { code, outputs, writes } = run({ services: [service(VERIFIED)] });
    expect(code).toBe(0);
    expect(outputs).toEqual({ 'rolled-back': 'true', result: 'already-back' });
    expect(writes).toEqual([]);
  });

  it('only waits while ECS brings it back', () => {
    const { outputs, writes } = run({
      moving: [moving(), moving(false)],
      deployment: [deployment('ROLLBACK_IN_PROGRESS')],
    });
    expect(outputs.result).toBe('already-back');
    expect(writes).toEqual([]);
  });

  it('is content with what ran before, when that was never verified and ECS returned to it', () => {
    const { outputs, writes } = run({ running: 6, services: [service(6)] });
    expect(outputs.result).toBe('already-back');
    expect(writes).toEqual([]);
  });

  it('leaves a newer revision alone', () => {
    const { code, log, outputs, writes } = run({
      services: [service(FOREIGN)],
    });
    expect(code).toBe(0);
    expect(outputs).toEqual({ 'rolled-back': 'false', result: 'left-alone' });
    expect(log).toContain('it is left alone');
    expect(writes).toEqual([]);
  });

  it.each([FOREIGN, VERIFIED])(
    'leaves a deployment of somebody else alone, of revision %s',
    number => {
      const { outputs, writes } = run({
        moving: [moving()],
        deployment: [deployment('IN_PROGRESS')],
        revision: number,
      });
      expect(outputs.result).toBe('left-alone');
      expect(writes).toEqual([]);
    },
  );

  it('waits until enough tasks run', () => {
    const { outputs, calls } = run({
      services: [
        service(VERIFIED, { runningCount: 1 }),
        service(VERIFIED, { rollout: 'IN_PROGRESS' }),
        service(VERIFIED),
      ],
    });
    expect(outputs.result).toBe('already-back');
    expect(
      calls.filter(call => call.includes('describe-services')),
    ).toHaveLength(3);
  });

  it('fails when AWS refuses', () => {
    const { code, outputs } = run({
      services: [service(OURS)],
      update: { fails: 'AccessDeniedException' },
    });
    expect(code).not.toBe(0);
    expect(outputs).toEqual({});
  });

  it('is the same script where a rollback returns', () => {
    const rollback = workflowOf(repository(), 'ecs-rollback.yml');
    expect(scriptOf(rollback, 'settle', 'return')).toBe(theScript());
  });

  describe('its proof', () => {
    const prove = (primary: number) =>
      runStep(
        scriptOf(workflowOf(repository(), 'ecs-deploy.yml'), 'settle', 'proof'),
        {
          env: {
            CLUSTER: 'main',
            SERVICE: 'shipping',
            PREVIOUS: definition(VERIFIED),
            RUNNING: definition(VERIFIED),
          },
          fakes: { aws: { 'ecs describe-services': service(primary) } },
        },
      );

    it('is what runs', () => {
      expect(prove(VERIFIED).code).toBe(0);
    });

    it('fails with what runs instead', () => {
      const { code, log } = prove(OURS);
      expect(code).toBe(1);
      expect(log).toContain(`shipping runs ${definition(OURS)} instead`);
    });
  });
});
