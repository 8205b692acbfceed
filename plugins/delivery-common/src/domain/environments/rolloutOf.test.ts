import type { EnvironmentFacts } from './facts';
import { viewOf } from './viewOf';
import {
  facts,
  moving,
  NOW,
  runtimeDeployment as ecs,
  runtimeOf,
  sha,
} from './testUtils/environmentFacts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const T = 10_000_000;
const tags = [sha('a'), sha('b'), sha('c')];
const view = (given: EnvironmentFacts, now = NOW) =>
  viewOf(given, now).environment;

describe('when a rollout is expected to end', () => {
  const earlier = [1, 2, 3].map(n =>
    ecs(n, { to: 1, at: T + n * HOUR, minutes: n }),
  );
  const now = ecs(4, { from: 1, to: 2, at: T + 5 * HOUR }, moving);
  const at = (deployments: typeof earlier, when: number) =>
    view(facts([], runtimeOf(deployments, tags)), when).rollout?.expectedAt;

  it('is the median of three earlier successes', () => {
    expect(at([...earlier, now], now.createdAt + MINUTE)).toBe(
      now.createdAt + 2 * MINUTE,
    );
  });
  it('is not told with fewer, for other strategies or in the past', () => {
    const shifting = {
      ...now,
      target: { ...now.target!, productionTraffic: 10 },
    };
    expect(at([...earlier.slice(1), now], now.createdAt)).toBeUndefined();
    expect(at([...earlier, shifting], now.createdAt)).toBeUndefined();
    expect(at([...earlier, now], now.createdAt + HOUR)).toBeUndefined();
  });
  it('comes with traffic, pause and circuit breaker', () => {
    const shifting = {
      ...now,
      target: { ...now.target!, productionTraffic: 25, testTraffic: 100 },
      hooks: [
        {
          type: 'PAUSE',
          state: 'AWAITING_ACTION',
          stage: 'POST_TEST_TRAFFIC_SHIFT',
          expiresAt: 5,
        },
      ],
      circuitBreaker: {
        state: 'monitoring' as const,
        failures: 1,
        threshold: 3,
      },
    };
    expect(
      view(facts([], runtimeOf([...earlier, shifting], tags))).rollout,
    ).toMatchObject({
      ...{ new: { traffic: 25, testTraffic: 100 }, old: { traffic: 75 } },
      paused: { stage: 'POST_TEST_TRAFFIC_SHIFT', expiresAt: 5 },
      ...{ failedTasks: 1, circuitBreaker: { failures: 1, threshold: 3 } },
    });
  });
});
