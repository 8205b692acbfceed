import { awsBench, digestOf, PERSON, PLACE, WEB } from './testUtils/awsBench';

describe('what happens to a service that runs', () => {
  it('begins healthy, without a rollout', () => {
    const bench = awsBench();
    expect(bench.running()).toHaveLength(3);
    expect(bench.cloud.nextAt()).toBeUndefined();
    expect(bench.service).toMatchObject({
      status: 'ACTIVE',
      targetGroups: ['web'],
      currentDeployment: bench.cloud.records.deployments[0].arn,
    });
    expect(bench.cloud.records.deployments[0].status).toBe('SUCCESSFUL');
    const ips = bench.live().map(({ privateIp }) => privateIp);
    expect(new Set(ips).size).toBe(3);
  });

  it('replaces killed tasks', () => {
    const bench = awsBench();
    expect(bench.cloud.killTasks(WEB, 2)).toBe(2);
    expect(bench.running()).toHaveLength(1);
    expect(bench.messages()[0]).toMatch(/has stopped 2 running tasks/);
    bench.until(() => bench.messages()[0].endsWith('steady state.'));
    expect(bench.running()).toHaveLength(3);
    const stopped = bench.cloud.records.tasks.filter(
      ({ lastStatus }) => lastStatus === 'STOPPED',
    );
    expect(stopped).toHaveLength(2);
    expect(stopped[0]).toMatchObject({
      stopCode: 'UserInitiated',
      stoppedReason: 'Task stopped by user',
      desiredStatus: 'STOPPED',
      target: null,
    });
    expect(bench.cloud.killTasks(WEB, 99)).toBe(3);
  });

  it('forgets stopped tasks after an hour', () => {
    const bench = awsBench();
    bench.cloud.killTasks(WEB, 3);
    bench.after(3000);
    expect(bench.cloud.records.tasks).toHaveLength(6);
    bench.after(1000);
    expect(bench.cloud.records.tasks).toHaveLength(3);
  });

  it('follows the desired count down to nothing and up again', () => {
    const bench = awsBench();
    bench.cloud.setDesiredCount(WEB, 0);
    bench.after(120);
    expect(bench.live()).toHaveLength(0);
    bench.cloud.setDesiredCount(WEB, 5);
    bench.after(180);
    expect(bench.running()).toHaveLength(5);
    expect(() => bench.cloud.setDesiredCount(WEB, -1)).toThrow(
      expect.objectContaining({ type: 'InvalidParameterException' }),
    );
  });

  it('drains when it is deleted and is INACTIVE afterwards', () => {
    const bench = awsBench();
    const deployment = bench.deploy(2);
    bench.after(40);
    bench.cloud.deleteService(WEB);
    expect(bench.service.status).toBe('DRAINING');
    expect(deployment.status).toBe('STOPPED');
    bench.until(() => bench.service.status === 'INACTIVE');
    expect(bench.live()).toHaveLength(0);
    expect(() => bench.cloud.killTasks(WEB, 1)).toThrow(
      expect.objectContaining({ type: 'ServiceNotActiveException' }),
    );
  });

  it.each([
    ['timeout', 'Target.Timeout', 'Request timed out'],
    [
      'code',
      'Target.ResponseCodeMismatch',
      'Health checks failed with these codes: [503]',
    ],
  ] as const)(
    'shows broken targets, replaces their tasks in vain, and heals: %s',
    (how, reason, description) => {
      const bench = awsBench();
      const before = bench.live().map(({ arn }) => arn);
      expect(bench.cloud.breakTargets(WEB, how)).toBe(3);
      bench.after(60);
      expect(bench.live().map(({ arn }) => arn)).toEqual(before);
      for (const { target } of bench.live()) {
        expect(target).toMatchObject({
          state: 'unhealthy',
          reason,
          description,
        });
      }
      expect(bench.messages()[0]).toContain(`due to (reason ${description}).`);
      bench.after(600);
      const replaced = bench.cloud.records.tasks.filter(task =>
        task.stoppedReason?.startsWith('Task failed ELB health checks in'),
      );
      expect(replaced.length).toBeGreaterThanOrEqual(3);
      expect(
        bench.live().some(({ target }) => target?.state === 'healthy'),
      ).toBe(false);
      bench.cloud.breakTargets(WEB, undefined);
      bench.after(240);
      expect(bench.live().map(({ target }) => target?.state)).toEqual(
        Array(3).fill('healthy'),
      );
    },
  );

  it('heals at once-registered targets without replacing their tasks', () => {
    const bench = awsBench();
    const before = bench.live().map(({ arn }) => arn);
    bench.cloud.breakTargets(WEB, 'code');
    bench.after(30);
    expect(bench.cloud.breakTargets(WEB, undefined)).toBe(3);
    bench.after(30);
    expect(bench.live().map(({ arn, target }) => [arn, target?.state])).toEqual(
      before.map(arn => [arn, 'healthy']),
    );
    expect(bench.cloud.nextAt()).toBeUndefined();
  });

  it('has no targets to break when it is a worker', () => {
    const bench = awsBench({ port: null });
    expect(bench.cloud.breakTargets(WEB, 'timeout')).toBe(0);
    expect(bench.cloud.nextAt()).toBeUndefined();
  });

  it('drifts when somebody puts another image into it by hand', () => {
    const bench = awsBench();
    const image = {
      repository: 'web',
      digest: digestOf(77),
      tags: ['hotfix'],
    };
    const deployment = bench.cloud.drift(WEB, 'arn:aws:iam::1:user/sam', image);
    bench.until(() => deployment.status === 'SUCCESSFUL');
    const definition = bench.cloud.taskDefinition(bench.service.taskDefinition);
    expect(definition).toMatchObject({
      family: 'web',
      revision: 2,
      registeredBy: 'arn:aws:iam::1:user/sam',
    });
    expect(definition.containers[0].image).toMatch(/\/web:hotfix$/);
    expect(bench.live()[0].digest).toBe(digestOf(77));
  });

  it('fails a rolling deployment by an alarm, and only stops it without rollback', () => {
    for (const rollback of [true, false]) {
      const items = [{ name: 'errors', metric: '5xx', threshold: 1 }];
      const bench = awsBench({ alarms: { items, rollback }, bakeMinutes: 5 });
      const deployment = bench.deploy(2);
      bench.after(200);
      bench.cloud.setAlarm(PLACE, 'errors', 'ALARM');
      expect(deployment.alarms.triggered).toEqual(['errors']);
      const end = rollback ? 'ROLLBACK_SUCCESSFUL' : 'STOPPED';
      bench.until(() => deployment.status === end);
      expect(bench.messages().join('\n')).toContain(
        'deployment failed: alarm detected.',
      );
    }
  });
});

describe('a one-off task', () => {
  it('ends by itself with its exit code and is shown for an hour', () => {
    const bench = awsBench();
    const cluster = { ...PLACE, cluster: 'main' };
    const task = bench.cloud.runTask(cluster, {
      taskDefinition: 'web',
      startedBy: 'migrate',
      exitCode: 3,
      seconds: 30,
    });
    expect(task).toMatchObject({ lastStatus: 'PROVISIONING', exitCode: null });
    bench.until(() => task.lastStatus === 'STOPPED');
    expect(task).toMatchObject({
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      exitCode: 3,
      service: null,
      startedBy: 'migrate',
    });
    expect((task.stoppedAt ?? 0) - (task.startedAt ?? 0)).toBe(30_000);
    bench.after(3500);
    expect(bench.cloud.records.tasks).toContain(task);
    expect(bench.running()).toHaveLength(3);
  });

  it('does not start when its image is unknown', () => {
    const bench = awsBench();
    const taskDefinition = bench.prepare(2, false);
    const cluster = { ...PLACE, cluster: 'main' };
    const task = bench.cloud.runTask(cluster, {
      taskDefinition,
      startedBy: 'migrate',
    });
    bench.until(() => task.lastStatus === 'STOPPED');
    expect(task).toMatchObject({
      stopCode: 'TaskFailedToStart',
      exitCode: null,
    });
  });
});

describe('what does not exist', () => {
  const bench = awsBench();
  const { cloud } = bench;
  const NOWHERE = { ...WEB, cluster: 'other' };

  it.each<[string, string, () => unknown]>([
    [
      'ClusterNotFoundException',
      'Cluster not found.',
      () => cloud.service(NOWHERE),
    ],
    [
      'ServiceNotFoundException',
      'Service not found.',
      () => cloud.service({ ...WEB, service: 'other' }),
    ],
    [
      'ClientException',
      'Unable to describe task definition.',
      () => cloud.updateService(WEB, { taskDefinition: 'web:99' }, PERSON),
    ],
    [
      'ServiceDeploymentNotFoundException',
      'The specified service deployment ARN was not found.',
      () => cloud.stopDeployment('arn:none', 'ROLLBACK'),
    ],
    [
      'ClientException',
      'Container list cannot be empty.',
      () =>
        cloud.registerTaskDefinition(
          PLACE,
          { family: 'x', containers: [] },
          PERSON,
        ),
    ],
    [
      'ResourceNotFound',
      'Alarm none does not exist',
      () => cloud.setAlarm(PLACE, 'none', 'ALARM'),
    ],
  ])('is refused as %s: %s', (type, message, act) => {
    expect(act).toThrow(expect.objectContaining({ type, message }));
  });

  it('refuses a definition that was deregistered, and takes the newest ACTIVE of a family', () => {
    const taskDefinition = bench.prepare(5);
    cloud.deregisterTaskDefinition(PLACE, taskDefinition);
    expect(() => cloud.updateService(WEB, { taskDefinition }, PERSON)).toThrow(
      expect.objectContaining({ message: 'TaskDefinition is inactive' }),
    );
    expect(
      cloud.updateService(WEB, { taskDefinition: 'web' }, PERSON),
    ).toBeUndefined();
  });

  it('refuses a definition of another account', () => {
    const { taskDefinition } = cloud.service(WEB);
    const place = { ...PLACE, accountId: '999999999999', cluster: 'main' };
    cloud.records.clusters.push({ ...place, name: 'main' });
    expect(() =>
      cloud.runTask(place, { taskDefinition, startedBy: 'x' }),
    ).toThrow(expect.objectContaining({ type: 'ClientException' }));
  });
});
