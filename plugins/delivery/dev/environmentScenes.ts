import type {
  Environment,
  EnvironmentDetail,
} from 'backstage-plugin-delivery-common';
import {
  boundary,
  brokenChain,
  commit,
  deployment,
  environment,
  environmentDetail,
  four,
  healthyChain,
  oldCommit,
  production,
  rolling,
} from './environmentFixtures';
import { HOSTILE, MINUTE, NOW, SCRIPT_URL } from './fixtures';

/** Half of the traffic is on the new tasks; both sets run. */
export const blueGreen = environment({
  ...rolling,
  rollout: {
    ...rolling.rollout!,
    strategy: 'blue_green',
    stage: 'PRODUCTION_TRAFFIC_SHIFT',
    new: {
      commit: commit(),
      requested: 3,
      running: 3,
      pending: 0,
      traffic: 50,
      testTraffic: 100,
    },
    old: {
      commit: oldCommit,
      requested: 3,
      running: 3,
      pending: 0,
      traffic: 50,
    },
  },
});

export const paused = environment({
  ...blueGreen,
  name: 'preprod',
  rollout: {
    ...blueGreen.rollout!,
    expectedAt: undefined,
    paused: { stage: 'POST_TEST_TRAFFIC_SHIFT', expiresAt: NOW + 20 * MINUTE },
  },
});

export const rollingBack = environment({
  ...rolling,
  name: 'load',
  health: {
    state: 'degraded',
    code: 'few_tasks',
    message: '1 of 3 tasks run.',
  },
  rollout: {
    ...rolling.rollout!,
    status: 'rolling_back',
    rawStatus: 'ROLLBACK_IN_PROGRESS',
    reason: 'The circuit breaker opened: tasks failed to start.',
    old: { commit: oldCommit, requested: 3, running: 1, pending: 2 },
    failedTasks: 3,
    circuitBreaker: { state: 'TRIGGERED', failures: 3, threshold: 3 },
  },
});

/** Somebody put another revision there than the pipeline says. */
export const drifted = environment({
  ...production,
  drift: [
    {
      kind: 'out_of_band',
      code: 'revision_differs',
      message: 'Running 71be2d0, pipeline says 9f31c07.',
      since: NOW - 50 * MINUTE,
      by: 'arn:aws:sts::444444444444:assumed-role/ops/ravi',
    },
    {
      kind: 'mixed_tasks',
      code: 'mixed',
      message: '2 tasks run another revision than the service wants.',
    },
    {
      kind: 'infrastructure',
      code: 'stack_drift',
      message: 'The stack vaultex-production has 2 drifted resources.',
    },
  ],
  alarmsFiring: ['vaultex-5xx'],
  waiting: {
    runId: 'gh.1287',
    runNumber: 1287,
    sha: commit().sha!,
    since: NOW - 6 * MINUTE,
  },
});

export const unhealthy = environment({
  ...production,
  health: {
    state: 'unhealthy',
    code: 'targets_unhealthy',
    message: 'No target is healthy: the check of the target group times out.',
  },
  newest: deployment({
    id: 'd7',
    status: 'rolled_back',
    ranHealthy: false,
    message: 'Rolled back by the runtime.',
  }),
});

export const unknownCommit = environment({
  name: 'qa',
  tier: 'testing',
  commit: {
    source: 'none',
    confidence: 'none',
    reason: {
      code: 'tag_latest',
      message:
        'The image has the tag latest and no label; push a tag with the SHA.',
    },
  },
  health: {
    state: 'unknown',
    code: 'no_health_check',
    message: 'No health check is defined.',
  },
});

export const declared = environment({
  name: 'staging',
  tier: 'staging',
  basis: 'declared',
  commit: commit({ source: 'declared', confidence: 'low' }),
  health: { state: 'none', code: 'not_read', message: 'Nothing reads it.' },
  tasks: undefined,
  runtime: undefined,
  asOf: undefined,
});

export const never = environment({
  name: 'production',
  tier: 'production',
  basis: 'none',
  commit: undefined,
  since: undefined,
  deployment: undefined,
  health: { state: 'none', code: 'nothing', message: '' },
  tasks: undefined,
});

/** The account refuses to be read; what is shown is old. */
export const broken = environment({
  ...production,
  asOf: NOW - 12 * MINUTE,
  health: {
    state: 'unknown',
    code: 'not_read',
    message: 'The health could not be read.',
  },
  problem: {
    code: 'access_denied',
    message:
      'The role delivery-read may not be assumed in 444444444444: allow sts:AssumeRole for the role of the portal.',
    at: NOW - MINUTE,
  },
});

/** Names, titles and addresses that try to break the page. */
export const hostile = environment({
  name: HOSTILE.slice(0, 250),
  commit: commit({ title: HOSTILE, url: SCRIPT_URL, author: HOSTILE }),
  deployment: deployment({ by: HOSTILE, approvedBy: [HOSTILE, HOSTILE] }),
  health: { state: 'unhealthy', code: 'x', message: HOSTILE },
  drift: [{ kind: 'out_of_band', code: 'x', message: HOSTILE }],
  problem: { code: 'x', message: HOSTILE, at: NOW },
  alarmsFiring: [HOSTILE],
  behind: { environment: HOSTILE, commits: 1 },
});

/** Environments of every scene of the showcase. */
export const scenes: Record<string, Environment[]> = {
  environments: four,
  'blue-green': [environment(), paused, rollingBack, blueGreen],
  drift: [environment(), unknownCommit, drifted],
  unhealthy: [environment(), unhealthy],
  declared: [environment(), declared, never],
  'broken-account': [environment(), unknownCommit, broken],
  'hostile-environments': [environment(), hostile],
};

/** Detail of an environment of a scene, with the chains that belong to its state. */
export function detailOf(of: Environment): EnvironmentDetail {
  if (of.basis !== 'observed') {
    return environmentDetail(of, {
      chains: [],
      images: [],
      metrics: [],
      taskDefinition: undefined,
      healthAsOf: undefined,
    });
  }
  if (of.rollout) {
    return environmentDetail(of, {
      chains: [
        {
          role: 'new',
          commit: commit(),
          traffic: of.rollout.new?.traffic,
          boundaries: healthyChain.map((one, index) =>
            index === 4
              ? boundary({
                  boundary: 'balancer',
                  state: 'waiting',
                  summary: 'warming up',
                })
              : one,
          ),
        },
        {
          role: 'old',
          commit: oldCommit,
          traffic: of.rollout.old?.traffic,
          boundaries: healthyChain,
        },
      ],
    });
  }
  if (of.health.state !== 'unhealthy') return environmentDetail(of);
  return environmentDetail(of, {
    chains: [{ role: 'current', commit: of.commit, boundaries: brokenChain }],
    alarms: [
      {
        name: 'vaultex-5xx',
        state: 'ALARM',
        reason: 'Threshold crossed: 12 datapoints above 5.',
      },
    ],
    stoppedTasks: [
      {
        reason: 'Task failed ELB health checks',
        count: 4,
        at: NOW - 3 * MINUTE,
      },
    ],
    problems: [
      {
        part: 'metrics',
        code: 'throttled',
        message: 'CloudWatch asks to wait; they are read again in a minute.',
        at: NOW,
      },
    ],
  });
}
