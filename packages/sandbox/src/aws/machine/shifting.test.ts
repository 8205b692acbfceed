import { awsBench, PLACE, WEB } from './testUtils/awsBench';

const FORWARD = [
  'PRE_SCALE_UP',
  'SCALE_UP',
  'POST_SCALE_UP',
  'TEST_TRAFFIC_SHIFT',
  'POST_TEST_TRAFFIC_SHIFT',
  'PRE_PRODUCTION_TRAFFIC_SHIFT',
  'PRODUCTION_TRAFFIC_SHIFT',
  'POST_PRODUCTION_TRAFFIC_SHIFT',
  'BAKE_TIME',
  'CLEAN_UP',
];

const blueGreen = { strategy: 'BLUE_GREEN', bakeMinutes: 10 } as const;
const paused = {
  ...blueGreen,
  pauseAt: 'POST_TEST_TRAFFIC_SHIFT',
  pauseTimeoutMinutes: 30,
} as const;

/** Stages and production weights in the order they were seen. */
function follow(bench: ReturnType<typeof awsBench>) {
  const deployment = bench.deploy(2);
  const stages: (string | null)[] = [];
  const weights: number[] = [];
  bench.until(() => {
    const { lifecycleStage, productionWeight, status } = deployment;
    if (status === 'PENDING') return false;
    if (stages.at(-1) !== lifecycleStage) stages.push(lifecycleStage);
    if (weights.at(-1) !== productionWeight) weights.push(productionWeight);
    return status === 'SUCCESSFUL';
  });
  return { deployment, stages, weights };
}

describe('a deployment that shifts traffic', () => {
  it('goes through the stages of blue/green and moves the listener rules', () => {
    const bench = awsBench(blueGreen);
    const { deployment, stages, weights } = follow(bench);
    expect(stages).toEqual(FORWARD);
    expect(weights).toEqual([0, 100]);
    expect(bench.weights(0)).toEqual([0, 100]);
    expect(bench.weights(1)).toEqual([0, 100]);
    expect(bench.live().map(({ target }) => target?.group)).toEqual(
      Array(3).fill('web-green'),
    );
    expect(deployment.circuitBreaker.status).toBe('DISABLED');
    const back = bench.deploy(3);
    bench.until(() => back.status === 'SUCCESSFUL');
    expect(bench.weights(0)).toEqual([100, 0]);
  });

  it('gives the test traffic first, the production traffic later, and keeps both sets while it bakes', () => {
    const bench = awsBench(blueGreen);
    const deployment = bench.deploy(2);
    bench.until(() => deployment.lifecycleStage === 'TEST_TRAFFIC_SHIFT');
    expect(deployment).toMatchObject({ testWeight: 100, productionWeight: 0 });
    expect(bench.weights(0)).toEqual([100, 0]);
    expect(bench.weights(1)).toEqual([0, 100]);
    bench.until(() => deployment.lifecycleStage === 'BAKE_TIME');
    expect(bench.running()).toHaveLength(6);
    const seconds = bench.until(() => deployment.lifecycleStage === 'CLEAN_UP');
    expect(seconds).toBe(600);
  });

  it('shifts a canary first, and linear steps one by one', () => {
    const canary = awsBench({
      strategy: 'CANARY',
      canaryPercent: 10,
      stepBakeMinutes: 5,
    });
    const seen = follow(canary);
    expect(seen.weights).toEqual([0, 10, 100]);
    expect(
      seen.stages.filter(stage => stage === 'PRE_PRODUCTION_TRAFFIC_SHIFT'),
    ).toHaveLength(2);
    const linear = awsBench({
      strategy: 'LINEAR',
      stepPercent: 30,
      stepBakeMinutes: 2,
    });
    expect(follow(linear).weights).toEqual([0, 30, 60, 90, 100]);
  });

  it('waits at a pause for a person, who lets it go on', () => {
    const bench = awsBench(paused);
    const deployment = bench.deploy(2);
    bench.until(() => deployment.hook !== null);
    const hook = { ...deployment.hook };
    expect(hook).toMatchObject({
      status: 'AWAITING_ACTION',
      stage: 'POST_TEST_TRAFFIC_SHIFT',
      expiresAt: bench.clock.now() + 30 * 60_000,
    });
    bench.after(20 * 60);
    expect(deployment.lifecycleStage).toBe('POST_TEST_TRAFFIC_SHIFT');
    const { lookAgainAt = Infinity } = bench.cloud.progress(deployment.arn);
    expect(lookAgainAt - bench.clock.now()).toBeLessThanOrEqual(15_000);
    expect(() =>
      bench.cloud.continueDeployment(deployment.arn, 'other', 'CONTINUE'),
    ).toThrow(expect.objectContaining({ type: 'InvalidParameterException' }));
    const id = deployment.hook?.id ?? '';
    bench.cloud.continueDeployment(deployment.arn, id, 'CONTINUE');
    expect(deployment.hook?.status).toBe('SUCCEEDED');
    bench.until(() => deployment.status === 'SUCCESSFUL');
    expect(() =>
      bench.cloud.continueDeployment(deployment.arn, id, 'CONTINUE'),
    ).toThrow(expect.objectContaining({ type: 'ConflictException' }));
  });

  it('rolls back at a pause when told to, or when nobody answers in time', () => {
    for (const answers of [true, false]) {
      const bench = awsBench(paused);
      const deployment = bench.deploy(2);
      bench.until(() => deployment.hook !== null);
      if (answers) {
        const id = deployment.hook?.id ?? '';
        bench.cloud.continueDeployment(deployment.arn, id, 'ROLLBACK');
      }
      bench.until(() => deployment.status === 'ROLLBACK_SUCCESSFUL');
      expect(deployment.hook?.status).toBe(answers ? 'FAILED' : 'TIMED_OUT');
      expect(bench.weights(1)).toEqual([100, 0]);
      expect(bench.live()).toHaveLength(3);
    }
  });

  it('asks again with another hook before every step of a linear one', () => {
    const bench = awsBench({
      strategy: 'LINEAR',
      stepPercent: 50,
      pauseAt: 'PRE_PRODUCTION_TRAFFIC_SHIFT',
    });
    const deployment = bench.deploy(2);
    const ids = new Set<string>();
    for (let step = 0; step < 2; step += 1) {
      bench.until(() => deployment.hook?.status === 'AWAITING_ACTION');
      const id = deployment.hook?.id ?? '';
      ids.add(id);
      bench.cloud.continueDeployment(deployment.arn, id, 'CONTINUE');
    }
    bench.until(() => deployment.status === 'SUCCESSFUL');
    expect(ids.size).toBe(2);
  });

  it('returns the traffic when it is rolled back while baking', () => {
    const bench = awsBench(blueGreen);
    const first = bench.service.activeRevision;
    const deployment = bench.deploy(2);
    bench.until(() => deployment.lifecycleStage === 'BAKE_TIME');
    bench.cloud.stopDeployment(deployment.arn, 'ROLLBACK');
    bench.until(() => deployment.status === 'ROLLBACK_SUCCESSFUL');
    expect(bench.weights(0)).toEqual([100, 0]);
    expect(deployment.productionWeight).toBe(0);
    expect(bench.live().map(({ revision }) => revision)).toEqual(
      Array(3).fill(first),
    );
  });

  it('first reconciles the service when it supersedes another one', () => {
    const bench = awsBench(blueGreen);
    const older = bench.deploy(2);
    bench.until(() => older.lifecycleStage === 'BAKE_TIME');
    const newer = bench.deploy(3);
    expect(older.status).toBe('STOPPED');
    expect(bench.weights(0)).toEqual([100, 0]);
    bench.until(() => newer.lifecycleStage !== null);
    expect(newer.lifecycleStage).toBe('RECONCILE_SERVICE');
    bench.until(() => newer.status === 'SUCCESSFUL');
    expect(bench.weights(0)).toEqual([0, 100]);
    expect(bench.live()).toHaveLength(3);
  });

  it('never shifts traffic to tasks that do not become healthy', () => {
    const bench = awsBench(blueGreen);
    bench.cloud.spoilNext(WEB, 'health');
    const deployment = bench.deploy(2);
    bench.after(3600);
    expect(deployment).toMatchObject({
      status: 'IN_PROGRESS',
      lifecycleStage: 'SCALE_UP',
      productionWeight: 0,
    });
    bench.cloud.stopDeployment(deployment.arn, 'ROLLBACK');
    bench.until(() => deployment.status === 'ROLLBACK_SUCCESSFUL');
    expect(bench.live()).toHaveLength(3);
  });

  it('is turned back by an alarm that starts to ring, not by one that rang before', () => {
    const alarms = {
      items: [{ name: 'web-5xx', metric: '5xx', threshold: 5 }],
      rollback: true,
    };
    const bench = awsBench({ ...blueGreen, alarms });
    const deployment = bench.deploy(2);
    bench.until(() => deployment.lifecycleStage === 'BAKE_TIME');
    bench.cloud.setAlarm(PLACE, 'web-5xx', 'ALARM');
    expect(deployment).toMatchObject({
      status: 'ROLLBACK_IN_PROGRESS',
      alarms: { status: 'TRIGGERED', triggered: ['web-5xx'] },
    });
    bench.until(() => deployment.status === 'ROLLBACK_SUCCESSFUL');
    const ignored = bench.deploy(3);
    expect(ignored.alarms.status).toBe('DISABLED');
    bench.until(() => ignored.lifecycleStage === 'BAKE_TIME');
    bench.cloud.setAlarm(PLACE, 'web-5xx', 'OK');
    bench.cloud.setAlarm(PLACE, 'web-5xx', 'ALARM');
    bench.until(() => ignored.status === 'SUCCESSFUL');
  });
});
