import { emptyRecords, createAwsCloud, type SandboxAws } from '../aws';
import { HandClock } from '../engine';
import { seedAws } from '../world/aws/seedAws';
import { placesOf } from '../world/aws/services';
import {
  alarm,
  badImage,
  breakTargets,
  circuitBreaker,
  drift,
  killTasks,
} from './awsActions';
import { awsFault } from './awsFaults';
import { awsStatus } from './awsStatus';
import { AwsControl, Body } from './awsTarget';

const NOW = Date.UTC(2026, 10, 21, 9);
const SHA = 'c'.repeat(40);
const REPOS = [
  'vaultex/vaultex',
  'acme/cicd-platform',
  'flexi/order-processing',
  'eventflow/eventflow',
  'acme/legacy-billing',
];

describe('the verbs about AWS', () => {
  let clock: HandClock;
  let cloud: SandboxAws;
  let aws: AwsControl;

  beforeEach(() => {
    clock = new HandClock(NOW);
    cloud = createAwsCloud({
      records: emptyRecords(),
      clock,
      seed: 'verbs',
      speed: 15,
      changed: () => {},
    });
    seedAws(cloud, {
      firstCommits: new Map(REPOS.map(repo => [repo, SHA])),
      createdAt: NOW,
      checkedAt: NOW,
    });
    aws = { cloud, placesOf };
  });

  const service = (component: string, environment = 'production') => {
    const place = placesOf(component).find(
      item => item.environment === environment,
    );
    if (!place) throw new Error(`${component} is not in ${environment}`);
    return cloud.service(place.name);
  };
  const tasksOf = (component: string) =>
    cloud.records.tasks.filter(
      task => task.service === component && task.accountId === '444444444444',
    );
  /** A new revision of the task definition that runs, and its deployment. */
  const deploy = (component: string, environment = 'production') => {
    const { cluster, name, accountId, region, taskDefinition } = service(
      component,
      environment,
    );
    const { family, containers } = cloud.taskDefinition(taskDefinition);
    const place = { accountId, region };
    const made = cloud.registerTaskDefinition(
      place,
      { family, containers },
      'arn:aws:iam::4:user/x',
    );
    const deployment = cloud.updateService(
      { ...place, cluster, service: name },
      { taskDefinition: `${made.family}:${made.revision}` },
      'arn:aws:iam::4:user/x',
    );
    if (!deployment) throw new Error('nothing is deployed');
    const { arn } = deployment;
    for (let next = clock.now(); next !== undefined; ) {
      clock.advanceTo(next);
      if (cloud.progress(arn).state !== 'moving') break;
      next = cloud.nextAt() ?? clock.now() + 1_000;
    }
    return cloud.progress(arn).state;
  };

  it('drift puts another image into production, by a person', () => {
    const { image } = cloud.taskDefinition(
      service('vaultex-api').taskDefinition,
    ).containers[0];
    const answer = drift(aws, { target: 'vaultex-api', user: 'pat' });
    expect(answer.by).toBe(
      'arn:aws:sts::444444444444:assumed-role/AdministratorAccess/pat',
    );
    clock.advance(600_000);
    const now = service('vaultex-api');
    const definition = cloud.taskDefinition(now.taskDefinition);
    expect(definition.registeredBy).toBe(answer.by);
    expect(definition.containers[0].image).not.toBe(image);
    expect(cloud.progress(answer.deployment).state).toBe('succeeded');
    const again = drift(aws, { target: 'vaultex-api' });
    expect(again.digest).not.toBe(answer.digest);
  });

  it('alarm rings all alarms of a service, one of them, or none any more', () => {
    const states = () =>
      cloud.records.alarms
        .filter(({ name }) => name.startsWith('vaultex-api'))
        .map(({ name, state }) => `${name} ${state}`);
    alarm(aws, { target: 'vaultex-api', name: 'vaultex-api-5xx' });
    expect(states()).toEqual([
      'vaultex-api-5xx ALARM',
      'vaultex-api-latency OK',
    ]);
    alarm(aws, { target: 'vaultex-api' });
    expect(states().every(state => state.endsWith('ALARM'))).toBe(true);
    alarm(aws, { target: 'vaultex-api', off: true });
    expect(states().every(state => state.endsWith('OK'))).toBe(true);
  });

  it('kill-tasks stops tasks, and ECS starts others', () => {
    const before = tasksOf('vaultex-api').map(({ arn }) => arn);
    expect(killTasks(aws, { target: 'vaultex-api', count: '2' }).killed).toBe(
      2,
    );
    clock.advance(600_000);
    cloud.settle();
    const running = tasksOf('vaultex-api').filter(
      task => task.lastStatus === 'RUNNING',
    );
    expect(running).toHaveLength(3);
    expect(running.filter(({ arn }) => before.includes(arn))).toHaveLength(1);
  });

  it.each([
    ['bad-image', badImage],
    ['circuit-breaker', circuitBreaker],
  ])(
    '%s lets the next deployment be rolled back, and only that',
    (_verb, act) => {
      act(aws, { target: 'vaultex-api' });
      expect(deploy('vaultex-api')).toBe('rolled_back');
      expect(deploy('vaultex-api')).toBe('succeeded');
    },
  );

  it('break-targets makes every target unhealthy until it is taken back', () => {
    breakTargets(aws, { target: 'vaultex-api', reason: 'timeout' });
    clock.advance(5_000);
    cloud.settle();
    const reasons = tasksOf('vaultex-api').flatMap(
      ({ target }) => target?.reason ?? [],
    );
    expect(reasons).toContain('Target.Timeout');
    breakTargets(aws, { target: 'vaultex-api', off: true });
    clock.advance(600_000);
    cloud.settle();
    expect(
      tasksOf('vaultex-api')
        .filter(task => task.lastStatus === 'RUNNING')
        .map(({ target }) => target?.state),
    ).toEqual(['healthy', 'healthy', 'healthy']);
  });

  it('aws-fault strikes one account, for a time or until it is cleared', () => {
    awsFault(cloud, { kind: 'throttle', account: 'production' }, NOW);
    awsFault(
      cloud,
      { kind: 'down', account: '222222222222', seconds: '30' },
      NOW,
    );
    expect(cloud.records.faults).toEqual([
      { accountId: '444444444444', kind: 'throttle', until: null },
      { accountId: '222222222222', kind: 'down', until: NOW + 30_000 },
    ]);
    expect(awsStatus(cloud, NOW + 31_000).faults).toHaveLength(1);
    awsFault(cloud, { kind: 'clear', account: 'production' }, NOW + 31_000);
    expect(cloud.records.faults).toEqual([]);
  });

  it('status shows what each service runs', () => {
    expect(awsStatus(cloud, NOW).services).toContainEqual({
      service: 'production/eu-west-1/vaultex/vaultex-api',
      status: 'ACTIVE',
      tasks: '3 of 3',
      taskDefinition: 'vaultex-api:1',
      image: expect.stringContaining('/vaultex-api@sha256:'),
      digest: expect.stringMatching(/^sha256:/),
      deployment: 'SUCCESSFUL',
    });
  });

  const REFUSALS: [string, (body: Body) => unknown, Body, RegExp][] = [
    [
      'an unknown component',
      body => drift(aws, body),
      { target: 'nothing' },
      /No component "nothing" runs on ECS/,
    ],
    [
      'an environment without it',
      body => drift(aws, body),
      { target: 'vaultex-api', environment: 'qa' },
      /no environment "qa". It runs in: staging, production\./,
    ],
    [
      'a name no session may have',
      body => drift(aws, body),
      { target: 'vaultex-api', user: 'a b' },
      /cannot be the name of a session/,
    ],
    [
      'an alarm where none watches',
      body => alarm(aws, body),
      { target: 'cicd-platform' },
      /No alarm watches cicd-platform in production/,
    ],
    [
      'an unknown alarm',
      body => alarm(aws, body),
      { target: 'vaultex-api', name: 'x' },
      /Its alarms: vaultex-api-5xx, vaultex-api-latency\./,
    ],
    [
      'half a task',
      body => killTasks(aws, body),
      { target: 'vaultex-api', count: '0.5' },
      /--count must be a whole number/,
    ],
    [
      'a breaker where there is none',
      body => circuitBreaker(aws, body),
      { target: 'legacy-billing' },
      /no deployment circuit breaker/,
    ],
    [
      'targets of a worker',
      body => breakTargets(aws, body),
      { target: 'order-processing', environment: 'dev' },
      /is a worker without a load balancer/,
    ],
    [
      'an unknown reason',
      body => breakTargets(aws, body),
      { target: 'vaultex-api', reason: 'mood' },
      /--reason is "timeout" or "code"/,
    ],
    [
      'an unknown fault',
      body => awsFault(cloud, body, NOW),
      { kind: 'rain', account: 'dev' },
      /Known: throttle, access-denied, down, clear\./,
    ],
    [
      'an unknown account',
      body => awsFault(cloud, body, NOW),
      { kind: 'down', account: 'moon' },
      /Accounts: dev \(111111111111\), qa/,
    ],
  ];
  it.each(REFUSALS)('refuses %s with a sentence', (_name, act, body, text) => {
    expect(() => act(body)).toThrow(text);
  });
});
