import { awsBench, digestOf, PERSON, PLACE, WEB } from './testUtils/awsBench';

const breaker = { circuitBreaker: { enable: true, rollback: true } };

describe('a rolling deployment', () => {
  it('replaces healthy tasks in waves and never has fewer than desired', () => {
    const bench = awsBench(breaker);
    const deployment = bench.deploy(2);
    expect(deployment.status).toBe('PENDING');
    let fewest = Infinity;
    let most = 0;
    const seconds = bench.until(() => {
      const ready = bench
        .running()
        .filter(({ target }) => target?.state === 'healthy');
      fewest = Math.min(fewest, ready.length);
      most = Math.max(
        most,
        bench.live().filter(task => task.desiredStatus === 'RUNNING').length,
      );
      return deployment.status === 'SUCCESSFUL';
    });
    expect(seconds).toBeGreaterThan(120);
    expect(seconds).toBeLessThan(230);
    expect(fewest).toBe(3);
    expect(most).toBeGreaterThan(3);
    expect(most).toBeLessThanOrEqual(6);
    expect(bench.live()).toHaveLength(3);
    for (const task of bench.live()) {
      expect(task).toMatchObject({
        lastStatus: 'RUNNING',
        healthStatus: 'HEALTHY',
        digest: digestOf(2),
        startedBy: deployment.id,
        target: { state: 'healthy' },
      });
    }
    expect(deployment).toMatchObject({
      circuitBreaker: { status: 'MONITORING_COMPLETE', threshold: 3 },
      alarms: { status: 'DISABLED' },
      finishedAt: bench.clock.now(),
    });
    expect(bench.service.activeRevision).toBe(deployment.targetRevision);
    expect(bench.cloud.nextAt()).toBeUndefined();
  });

  it('tells what happens in the words of ECS', () => {
    const bench = awsBench();
    const deployment = bench.deploy(2);
    bench.until(() => deployment.status === 'SUCCESSFUL');
    const [newest, second, ...rest] = bench.messages();
    expect(newest).toBe('(service web) has reached a steady state.');
    expect(second).toBe(
      `(service web) (deployment ${deployment.id}) deployment completed.`,
    );
    expect(rest).toEqual(
      expect.arrayContaining([
        expect.stringMatching(
          /^\(service web\) has started 2 tasks: \(task [0-9a-f]{32}\) \(task [0-9a-f]{32}\)\.$/,
        ),
        expect.stringMatching(
          /^\(service web\) registered 1 targets in \(target-group arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup\/web\/[0-9a-f]{16}\)$/,
        ),
        expect.stringMatching(/has begun draining connections on \d tasks\.$/),
        expect.stringMatching(/has stopped 1 running tasks: \(task /),
      ]),
    );
  });

  it('says UNKNOWN about a container without a health check', () => {
    const bench = awsBench({ healthCheck: null });
    const deployment = bench.deploy(2);
    bench.until(() => deployment.status === 'SUCCESSFUL');
    expect(bench.live().map(task => task.healthStatus)).toEqual([
      'UNKNOWN',
      'UNKNOWN',
      'UNKNOWN',
    ]);
  });

  it('works for a worker without a balancer', () => {
    const bench = awsBench({ port: null, healthCheck: null });
    const deployment = bench.deploy(2);
    bench.until(() => deployment.status === 'SUCCESSFUL');
    expect(bench.live().every(({ target }) => target === null)).toBe(true);
    expect(bench.live()).toHaveLength(3);
  });

  it('takes its time divided by the speed', () => {
    const slow = awsBench();
    const fast = awsBench({}, { speed: 20 });
    const one = slow.deploy(2);
    const other = fast.deploy(2);
    const real = slow.until(() => one.status === 'SUCCESSFUL');
    const short = fast.until(() => other.status === 'SUCCESSFUL');
    expect(short * 20).toBeGreaterThan(real * 0.9);
    expect(short * 20).toBeLessThan(real * 1.1);
  });

  it.each([
    ['image', 'TaskFailedToStart', /^CannotPullContainerError: /],
    [
      'crash',
      'EssentialContainerExited',
      /^Essential container in task exited/,
    ],
    [
      'health',
      'ServiceSchedulerInitiated',
      /^Task failed container health checks/,
    ],
  ] as const)(
    'is turned back by the circuit breaker: %s',
    (what, stopCode, reason) => {
      const bench = awsBench(breaker);
      const first = bench.service.activeRevision;
      const before = bench.service.taskDefinition;
      bench.cloud.spoilNext(WEB, what);
      const deployment = bench.deploy(2);
      bench.until(() => deployment.status === 'ROLLBACK_IN_PROGRESS');
      expect(deployment.failedTasks).toBe(3);
      expect(deployment.circuitBreaker.status).toBe('TRIGGERED');
      bench.until(() => deployment.status === 'ROLLBACK_SUCCESSFUL');
      expect(deployment.rollback).toMatchObject({
        revision: first,
        reason:
          'Service deployment rolled back because the circuit breaker threshold was exceeded.',
      });
      expect(bench.service.taskDefinition).toBe(before);
      expect(bench.live().map(task => task.revision)).toEqual(
        Array(3).fill(first),
      );
      expect(bench.messages()).toEqual(
        expect.arrayContaining([
          `(service web) (deployment ${deployment.id}) deployment failed: tasks failed to start.`,
          expect.stringMatching(/rolling back to deployment ecs-svc\/\d+\.$/),
        ]),
      );
      const failed = bench.cloud.records.tasks.filter(
        task => task.stopCode === stopCode && task.revision !== first,
      );
      expect(failed.length).toBeGreaterThanOrEqual(3);
      expect(failed[0].stoppedReason).toMatch(reason);
      expect(bench.cloud.progress(deployment.arn)).toMatchObject({
        state: 'rolled_back',
      });
      // The next one is not spoilt.
      const next = bench.deploy(3);
      bench.until(() => next.status === 'SUCCESSFUL');
    },
  );

  it('fails to pull a tag that nobody pushed', () => {
    const bench = awsBench(breaker);
    const deployment = bench.deploy(2, false);
    expect(deployment.plan.bad).toBe('image');
    bench.until(() => deployment.status === 'ROLLBACK_SUCCESSFUL');
    const [failed] = bench.cloud.records.tasks.filter(
      ({ stopCode }) => stopCode === 'TaskFailedToStart',
    );
    expect(failed.stoppedReason).toContain('/web:v2: not found');
    expect(failed.startedAt).toBeNull();
  });

  it('without a breaker fails for ever, ever more slowly, beside the old tasks', () => {
    const bench = awsBench();
    const first = bench.service.activeRevision;
    bench.cloud.spoilNext(WEB, 'crash');
    const deployment = bench.deploy(2);
    bench.after(3600);
    const early = deployment.failedTasks;
    expect(early).toBeGreaterThan(6);
    bench.after(3600);
    expect(deployment.status).toBe('IN_PROGRESS');
    expect(deployment.failedTasks - early).toBeLessThan(early);
    const old = bench.running().filter(({ revision }) => revision === first);
    expect(old).toHaveLength(3);
    const repaired = bench.deploy(3);
    expect(deployment.status).toBe('STOPPED');
    bench.until(() => repaired.status === 'SUCCESSFUL');
  });

  it('is stopped where it stands by a breaker that does not roll back', () => {
    const bench = awsBench({
      circuitBreaker: { enable: true, rollback: false },
    });
    const first = bench.service.activeRevision;
    bench.cloud.spoilNext(WEB, 'crash');
    const deployment = bench.deploy(2);
    bench.until(() => deployment.status === 'STOPPED');
    bench.after(600);
    expect(bench.live().map(({ revision }) => revision)).toEqual(
      Array(3).fill(first),
    );
    expect(bench.cloud.progress(deployment.arn).state).toBe('stopped');
  });

  it('is superseded by the next one, which names every revision with tasks', () => {
    const bench = awsBench();
    const first = bench.service.activeRevision;
    const older = bench.deploy(2);
    bench.after(60);
    const newer = bench.deploy(3);
    expect(older).toMatchObject({
      status: 'STOPPED',
      stoppedAt: bench.clock.now(),
    });
    expect(newer.sourceRevisions).toEqual([first, older.targetRevision]);
    bench.until(() => newer.status === 'SUCCESSFUL');
    expect(bench.live().map(({ digest }) => digest)).toEqual(
      Array(3).fill(digestOf(3)),
    );
  });

  it('can be asked to roll back, and to stop', () => {
    const bench = awsBench();
    const first = bench.service.activeRevision;
    const deployment = bench.deploy(2);
    bench.after(70);
    bench.cloud.stopDeployment(deployment.arn, 'ROLLBACK');
    expect(deployment.status).toBe('ROLLBACK_REQUESTED');
    bench.until(() => deployment.status === 'ROLLBACK_SUCCESSFUL');
    expect(bench.live().map(({ revision }) => revision)).toEqual(
      Array(3).fill(first),
    );
    expect(() =>
      bench.cloud.stopDeployment(deployment.arn, 'ROLLBACK'),
    ).toThrow(expect.objectContaining({ type: 'ConflictException' }));
    const other = bench.deploy(3);
    bench.cloud.stopDeployment(other.arn, 'ABORT');
    expect(other.status).toBe('STOP_REQUESTED');
    bench.until(() => other.status === 'STOPPED');
    expect(bench.running()).toHaveLength(3);
  });

  it('starts only for another definition, or when forced', () => {
    const bench = awsBench();
    const { taskDefinition } = bench.service;
    const update = { taskDefinition };
    expect(bench.cloud.updateService(WEB, update, PERSON)).toBeUndefined();
    const forced = bench.cloud.updateService(WEB, { force: true }, PERSON);
    expect(forced?.status).toBe('PENDING');
    bench.until(() => forced?.status === 'SUCCESSFUL');
    expect(bench.live()).toHaveLength(3);
  });

  it('gives a tag the digest it had when the deployment began', () => {
    const bench = awsBench();
    const deployment = bench.deploy(2);
    bench.cloud.putImage(PLACE, {
      repository: 'web',
      digest: digestOf(9),
      tags: ['v2'],
    });
    bench.until(() => deployment.status === 'SUCCESSFUL');
    expect(bench.live()[0].digest).toBe(digestOf(2));
    const forced = bench.cloud.updateService(WEB, { force: true }, PERSON);
    bench.until(() => forced?.status === 'SUCCESSFUL');
    expect(bench.live()[0].digest).toBe(digestOf(9));
    const holders = bench.cloud.records.images.filter(({ tags }) =>
      tags.includes('v2'),
    );
    expect(holders.map(({ digest }) => digest)).toEqual([digestOf(9)]);
  });
});
