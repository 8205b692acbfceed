import { mergeDeployments } from './mergeDeployments';
import {
  deploymentKey,
  facts,
  moving,
  NOW,
  pipelineDeployment as pipeline,
  runtimeDeployment as ecs,
  runtimeOf,
  sha,
} from './testUtils/environmentFacts';

const MINUTE = 60_000;
const T = 10_000_000;
const HOUR = 60 * MINUTE;
/** Revision 1 by run 1, at T. */
const first = pipeline(1, { letter: 'a', at: T });
const firstEcs = ecs(1, { to: 1, at: T + MINUTE });
const tags = [sha('a'), sha('b'), sha('c')];

const short = (input: ReturnType<typeof facts>, now = NOW) =>
  mergeDeployments(input, now).map(item => [
    item.id,
    item.kind,
    item.status,
    item.commit.sha?.[0],
    item.ranHealthy,
  ]);

describe('what pipeline and runtime say of the same', () => {
  it('is one deployment with all of it as evidence', () => {
    const [only, ...rest] = mergeDeployments(
      facts([first], runtimeOf([firstEcs], tags)),
      NOW,
    );
    expect(rest).toEqual([]);
    expect(only).toMatchObject({
      ...{ id: 'gh.1', kind: 'regular', status: 'succeeded', by: 'dana' },
      ...{ startedAt: T, endedAt: T + 5 * MINUTE, durationMs: 5 * MINUTE },
      ...{ runId: 'gh.91', runNumber: 1, ranHealthy: true },
      commit: { sha: sha('a'), source: 'deployment', confidence: 'high' },
    });
    expect(only.evidence.map(item => item.source)).toEqual([
      ...['run', 'vendor_deployment', 'job', 'runtime_deployment'],
    ]);
  });

  const second = (options: Partial<Parameters<typeof pipeline>[1]>) =>
    pipeline(2, { letter: 'b', at: T + HOUR, ...options });
  const secondEcs = (part = {}, minutes = 2) =>
    ecs(2, { from: 1, to: 2, at: T + HOUR + MINUTE, minutes }, part);
  const back = (at = T + HOUR + 4 * MINUTE) =>
    ecs(3, { from: 2, to: 3, at }, {});
  /** Revision 3 is the task definition of revision 1 again. */
  const withBack = (...more: ReturnType<typeof ecs>[]) => {
    const state = runtimeOf(
      [firstEcs, secondEcs(), ...more],
      [...[sha('a'), sha('b'), sha('a')]],
    );
    return state;
  };

  it.each<[string, ReturnType<typeof facts>, unknown[][]]>([
    [
      'the next one',
      facts([first, second({})], runtimeOf([firstEcs, secondEcs()], tags)),
      [
        ['gh.2', 'regular', 'succeeded', 'b', true],
        ['gh.1', 'regular', 'succeeded', 'a', true],
      ],
    ],
    [
      'a rollout on its way',
      facts(
        [first, second({ ending: 'in_progress' })],
        runtimeOf([firstEcs, secondEcs(moving)], tags),
      ),
      [
        ['gh.2', 'regular', 'in_progress', 'b', false],
        ['gh.1', 'regular', 'succeeded', 'a', true],
      ],
    ],
    [
      'one that ECS has done while the smoke test runs',
      facts(
        [first, second({ ending: 'in_progress' })],
        runtimeOf([firstEcs, secondEcs()], tags),
      ),
      [
        ['gh.2', 'regular', 'in_progress', 'b', false],
        ['gh.1', 'regular', 'succeeded', 'a', true],
      ],
    ],
    [
      'a gate',
      facts(
        [first, second({ ending: 'waiting' })],
        runtimeOf([firstEcs], tags),
      ),
      [
        ['gh.2', 'regular', 'waiting', 'b', false],
        ['gh.1', 'regular', 'succeeded', 'a', true],
      ],
    ],
    [
      'the step that puts the old revision back',
      facts(
        [first, second({ ending: 'failure', minutes: 9, rollBack: 'success' })],
        withBack(back()),
      ),
      [
        ['gh.2', 'regular', 'rolled_back', 'b', false],
        ['gh.1', 'regular', 'succeeded', 'a', true],
      ],
    ],
    [
      'the same while the old revision comes back',
      facts(
        [first, second({ ending: 'in_progress', minutes: 9 })],
        withBack({ ...back(), ...moving }),
      ),
      [
        ['gh.2', 'regular', 'in_progress', 'b', false],
        ['gh.1', 'regular', 'succeeded', 'a', true],
      ],
    ],
    [
      'the circuit breaker, although the pipeline is green',
      facts(
        [first, second({})],
        runtimeOf(
          [
            firstEcs,
            secondEcs({
              status: 'rolled_back',
              rawStatus: 'ROLLBACK_SUCCESSFUL',
            }),
          ],
          tags,
        ),
      ),
      [
        ['gh.2', 'regular', 'rolled_back', 'b', false],
        ['gh.1', 'regular', 'succeeded', 'a', true],
      ],
    ],
    [
      'a failed smoke test whose revision stays',
      facts(
        [first, second({ ending: 'failure' })],
        runtimeOf([firstEcs, secondEcs()], tags),
      ),
      [
        ['gh.2', 'regular', 'failed', 'b', false],
        ['gh.1', 'regular', 'succeeded', 'a', true],
      ],
    ],
    [
      'a failure that somebody else takes back later',
      facts(
        [first, second({ ending: 'failure' })],
        withBack(back(T + 3 * HOUR)),
      ),
      [
        [deploymentKey(3), 'out_of_band', 'succeeded', 'a', true],
        ['gh.2', 'regular', 'rolled_back', 'b', false],
        ['gh.1', 'regular', 'succeeded', 'a', true],
      ],
    ],
    [
      'a cancelled run whose deployment was stopped',
      facts(
        [first, second({ ending: 'cancelled' })],
        runtimeOf(
          [firstEcs, secondEcs({ status: 'stopped', rawStatus: 'STOPPED' })],
          tags,
        ),
      ),
      [
        ['gh.2', 'regular', 'cancelled', 'b', false],
        ['gh.1', 'regular', 'succeeded', 'a', true],
      ],
    ],
    [
      'one that failed before ECS was asked',
      facts(
        [first, second({ ending: 'failure', rollBack: 'skipped' })],
        runtimeOf([firstEcs], tags),
      ),
      [
        ['gh.2', 'regular', 'failed', 'b', false],
        ['gh.1', 'regular', 'succeeded', 'a', true],
      ],
    ],
    [
      'a word of ECS that nobody knows, never as success',
      facts(
        [first, second({})],
        runtimeOf(
          [firstEcs, secondEcs({ status: 'unknown', rawStatus: 'SPLENDID' })],
          tags,
        ),
      ),
      [
        ['gh.2', 'regular', 'unknown', 'b', false],
        ['gh.1', 'regular', 'succeeded', 'a', true],
      ],
    ],
    [
      'what nobody of ours deployed',
      facts([first], runtimeOf([firstEcs, secondEcs()], tags)),
      [
        [deploymentKey(2), 'out_of_band', 'succeeded', 'b', true],
        ['gh.1', 'regular', 'succeeded', 'a', true],
      ],
    ],
    [
      'a revision that was not read yet, by its time',
      facts(
        [first, second({})],
        runtimeOf(
          [
            firstEcs,
            {
              ...secondEcs(),
              target: { ...secondEcs().target!, revisionKey: 'arn:x/3' },
            },
          ],
          tags,
        ),
      ),
      [
        ['gh.2', 'regular', 'succeeded', 'b', true],
        ['gh.1', 'regular', 'succeeded', 'a', true],
      ],
    ],
  ])('tells %s', (_, input, expected) => {
    expect(short(input)).toEqual(expected);
  });

  it('leaves a foreign commit within the time of a pipeline apart', () => {
    const foreign = ecs(3, { from: 2, to: 3, at: T + HOUR + 3 * MINUTE });
    const input = facts(
      [first, second({})],
      runtimeOf([firstEcs, secondEcs(), foreign], tags),
    );
    expect(short(input)).toEqual([
      [deploymentKey(3), 'out_of_band', 'succeeded', 'c', true],
      ['gh.2', 'regular', 'succeeded', 'b', true],
      ['gh.1', 'regular', 'succeeded', 'a', true],
    ]);
  });

  it('does not take a return for the pipeline’s when the pipeline succeeded', () => {
    expect(short(facts([first, second({})], withBack(back())))[0]).toEqual([
      ...[deploymentKey(3), 'out_of_band', 'succeeded', 'a', true],
    ]);
  });

  it('knows a later attempt as a redeployment', () => {
    const again = pipeline(3, {
      ...{ letter: 'b', at: T + 2 * HOUR, run: 2, attempt: 2 },
    });
    const failed = second({ ending: 'failure' });
    const both = [failed, again].map(item => ({
      ...item,
      run: again.run,
      jobs: [...failed.jobs, ...again.jobs],
    }));
    const state = runtimeOf(
      [
        firstEcs,
        secondEcs({ status: 'rolled_back', rawStatus: 'ROLLBACK_SUCCESSFUL' }),
        ecs(3, { from: 1, to: 3, at: T + 2 * HOUR + MINUTE }),
      ],
      [sha('a'), sha('b'), sha('b')],
    );
    expect(short(facts([first, ...both], state))).toEqual([
      ['gh.3', 'redeploy', 'succeeded', 'b', true],
      ['gh.2', 'regular', 'rolled_back', 'b', false],
      ['gh.1', 'regular', 'succeeded', 'a', true],
    ]);
  });

  it('knows the pipeline that goes back: what it took back was not healthy', () => {
    const rollback = pipeline(3, {
      ...{ letter: 'c', at: T + 2 * HOUR, job: 'Roll back production' },
    });
    const state = withBack(back(T + 2 * HOUR + MINUTE));
    expect(short(facts([first, second({}), rollback], state))).toEqual([
      ['gh.3', 'rollback', 'succeeded', 'a', true],
      ['gh.2', 'regular', 'succeeded', 'b', false],
      ['gh.1', 'regular', 'succeeded', 'a', true],
    ]);
  });

  it('says why it was rolled back', () => {
    const reason = 'the circuit breaker threshold was \u001b[31mexceeded.';
    const [newest] = mergeDeployments(
      facts(
        [first, second({})],
        runtimeOf(
          [
            firstEcs,
            secondEcs({ status: 'rolled_back', rollback: { reason } }),
          ],
          tags,
        ),
      ),
      NOW,
    );
    expect(newest.message).toBe(
      'ECS rolled it back: the circuit breaker threshold was exceeded.',
    );
  });

  it('takes jobs of one attempt for one deployment', () => {
    const migrate = pipeline(2, {
      ...{ letter: 'b', at: T + HOUR - 5 * MINUTE, job: 'Migrate', run: 2 },
    });
    const deploy = pipeline(3, { letter: 'b', at: T + HOUR, run: 2 });
    const both = [migrate, deploy].map(item => ({
      ...item,
      jobs: [...migrate.jobs, ...deploy.jobs],
    }));
    const merged = mergeDeployments(
      facts([first, ...both], runtimeOf([firstEcs, secondEcs()], tags)),
      NOW,
    );
    expect(merged.map(item => item.id)).toEqual(['gh.2', 'gh.1']);
    expect(
      merged[0].evidence.filter(item => item.source === 'vendor_deployment'),
    ).toHaveLength(2);
  });
});
