import type { EnvironmentFacts } from './facts';
import { healthOf } from './healthOf';
import {
  facts,
  moving,
  NOW,
  pipelineDeployment,
  runtime,
  runtimeDeployment,
  runtimeOf,
  service,
  sha,
  task,
  taskDefinition,
  taskDefinitionOf,
} from './testUtils/environmentFacts';

const steady = (
  part: Parameters<typeof service>[0] = {},
  health: ('healthy' | 'unhealthy' | 'unknown')[] = Array(3).fill('healthy'),
  healthCheck = true,
): EnvironmentFacts => {
  const definition = taskDefinition(1, sha('a'));
  const state = runtimeOf(
    [runtimeDeployment(1, { to: 1, at: 0 })],
    [sha('a')],
    part,
  );
  return facts([], {
    ...state,
    taskDefinitions: new Map([
      [
        taskDefinitionOf(1),
        {
          ...definition,
          containers: [{ ...definition.containers[0], healthCheck }],
        },
      ],
    ]),
    tasks: {
      at: NOW,
      tasks: health.map((one, i) => task(`t${i}`, { health: one })),
    },
  });
};
const rolling = (part: Parameters<typeof service>[0]) => {
  const given = steady(part);
  const state = given.place.runtime!;
  return facts([], {
    ...state,
    deployments: state.deployments.map(item => ({ ...item, ...moving })),
  });
};
const primary = (failedTasks: number) => ({
  ...{ id: 'ecs-svc/1', role: 'primary' as const, failedTasks },
  ...{ desired: 3, running: 0, pending: 3 },
});
const alarm = (given: EnvironmentFacts, name = 'errors-5xx') =>
  facts([], {
    ...given.place.runtime!,
    alarms: [{ name, state: 'alarm' as const }],
  });

it.each<[string, EnvironmentFacts, string, string, RegExp]>([
  ['all is well', steady(), 'healthy', 'tasks_run', /^3 of 3 tasks run\.$/],
  ['nothing was deployed', facts([]), 'none', 'never_deployed', /Nothing/],
  [
    'nobody reads it',
    facts([pipelineDeployment(1, { letter: 'a', at: 0 })]),
    'none',
    'declared',
    /not observed/,
  ],
  ['it was not read yet', facts([], runtime()), 'unknown', 'not_read', /api/],
  [
    'the service is gone',
    steady({ status: 'missing', desired: 0, running: 0 }),
    'none',
    'service_missing',
    /no service api in cluster c/,
  ],
  [
    'nothing is wanted',
    steady({ desired: 0, running: 0 }, []),
    'none',
    'nothing_runs',
    /^Nothing runs: desired count is 0\.$/,
  ],
  [
    'nothing runs although it should',
    steady({ running: 0 }, []),
    'unhealthy',
    'no_tasks',
    /^0 of 3 tasks run/,
  ],
  [
    'the first tasks start',
    rolling({ running: 0 }),
    'unknown',
    'starting',
    /rollout/,
  ],
  [
    'the first tasks fail',
    rolling({ running: 0, deployments: [primary(4)] }),
    'unhealthy',
    'no_tasks',
    /4 new tasks failed/,
  ],
  [
    'new tasks fail and old ones serve',
    rolling({ deployments: [primary(1)] }),
    'degraded',
    'tasks_failing',
    /1 new task failed/,
  ],
  [
    'a task is missing',
    steady({ running: 2 }),
    'degraded',
    'tasks_missing',
    /2 of 3/,
  ],
  [
    'a task is missing during a rollout',
    rolling({ running: 2 }),
    'healthy',
    'tasks_run',
    /2 of 3/,
  ],
  [
    'one task is unhealthy',
    steady({}, ['healthy', 'unhealthy', 'healthy']),
    'degraded',
    'tasks_unhealthy',
    /1 of 3 tasks does/,
  ],
  [
    'all tasks are unhealthy',
    steady({}, ['unhealthy', 'unhealthy', 'unhealthy']),
    'unhealthy',
    'tasks_unhealthy',
    /No task/,
  ],
  [
    'there is no health check',
    steady({}, ['unknown', 'unknown', 'unknown'], false),
    'unknown',
    'no_health_check',
    /^No health check is defined/,
  ],
  [
    'the health check is not done yet',
    steady({}, ['healthy', 'unknown', 'unknown']),
    'unknown',
    'checking',
    /1 of 3/,
  ],
  [
    'tasks were not read',
    steady({}, []),
    'unknown',
    'tasks_not_read',
    /not read/,
  ],
  [
    'an alarm rings',
    alarm(steady({ alarmNames: ['errors-5xx'] })),
    'degraded',
    'alarm',
    /errors-5xx is firing/,
  ],
  [
    'an alarm rings that is not its own',
    alarm(steady({ alarmNames: ['other'] })),
    'healthy',
    'tasks_run',
    /3 of 3/,
  ],
  [
    'an alarm rings and nothing runs',
    alarm(steady({ alarmNames: ['errors-5xx'], running: 0 }, [])),
    'unhealthy',
    'no_tasks',
    /0 of 3/,
  ],
  [
    'the state of the service is a new word',
    steady({ status: 'unknown' }),
    'unknown',
    'status_unknown',
    /not known/,
  ],
])('when %s', (_, given, state, code, message) => {
  const health = healthOf(given);
  expect([health.state, health.code]).toEqual([state, code]);
  expect(health.message).toMatch(message);
});
