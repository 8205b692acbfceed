import * as fc from 'fast-check';
import { compareText } from '../canonical';
import {
  environmentSchema,
  deploymentSchema,
} from '../../contract/environments';
import { healthChains } from './healthChains';
import { mergeDeployments } from './mergeDeployments';
import { matrixCellOf } from './placing';
import { viewOf } from './viewOf';
import {
  facts,
  NOW,
  pipelineDeployment,
  runtimeDeployment,
  runtimeOf,
} from './testUtils/environmentFacts';

import {
  anyFacts,
  anyOrder,
  anyPipeline,
  anyRuntime,
  inOtherOrder,
  LETTERS,
  MINUTE,
  TAGS,
} from './__testUtils__/anyFacts';

describe('whatever is told', () => {
  it('the order facts stand in plays no part, and neither does what came before', () => {
    fc.assert(
      fc.property(anyFacts, anyOrder, fc.nat(6), (given, keys, prefix) => {
        const whole = mergeDeployments(given, NOW);
        const other = inOtherOrder(given, keys);
        const { runtime } = other.place;
        mergeDeployments(
          {
            ...other,
            pipeline: other.pipeline.slice(0, prefix),
            place: {
              ...other.place,
              runtime: runtime && {
                ...runtime,
                deployments: runtime.deployments.slice(prefix),
              },
            },
          },
          NOW,
        );
        expect(mergeDeployments(other, NOW)).toEqual(whole);
        expect(viewOf(other, NOW)).toEqual(viewOf(given, NOW));
      }),
      { numRuns: 1_000 },
    );
  });

  it('every permutation of a failed deployment that was taken back gives the same', () => {
    const pipeline = [
      pipelineDeployment(1, { letter: 'a', at: 0 }),
      pipelineDeployment(2, {
        ...{ letter: 'b', at: 20 * MINUTE, ending: 'failure', minutes: 9 },
        rollBack: 'success',
      }),
      pipelineDeployment(3, { letter: 'c', at: 40 * MINUTE }),
    ];
    const deployments = [
      runtimeDeployment(1, { to: 1, at: MINUTE }),
      runtimeDeployment(2, { from: 1, to: 2, at: 21 * MINUTE }),
      runtimeDeployment(3, { from: 2, to: 3, at: 25 * MINUTE }),
      runtimeDeployment(4, { from: 3, to: 5, at: 41 * MINUTE }),
    ];
    for (const a of permutations(pipeline)) {
      for (const b of permutations(deployments)) {
        const state = { ...runtimeOf(b, TAGS), deployments: b };
        expect(
          mergeDeployments(facts(a, state), NOW).map(it => [it.id, it.status]),
        ).toEqual([
          ['gh.3', 'succeeded'],
          ['gh.2', 'rolled_back'],
          ['gh.1', 'succeeded'],
        ]);
      }
    }
  });

  it('every deployment of pipeline and runtime is evidence of exactly one', () => {
    fc.assert(
      fc.property(anyFacts, given => {
        const merged = mergeDeployments(given, NOW);
        const ids = (source: string) =>
          merged
            .flatMap(item => item.evidence)
            .filter(item => item.source === source)
            .map(item => item.id)
            .sort(compareText);
        expect(ids('vendor_deployment')).toEqual(
          given.pipeline.map(item => item.deploymentKey).sort(compareText),
        );
        expect(ids('runtime_deployment')).toEqual(
          given.place.runtime?.deployments
            .map(item => item.deploymentKey)
            .sort(compareText),
        );
        expect(new Set(merged.map(item => item.id)).size).toBe(merged.length);
      }),
      { numRuns: 1_000 },
    );
  });

  it('what is known keeps its id when the runtime is read later', () => {
    fc.assert(
      fc.property(anyPipeline, anyRuntime, (pipeline, deployments) => {
        const before = mergeDeployments(facts(pipeline), NOW).map(it => it.id);
        const state = runtimeOf(deployments, TAGS);
        const after = mergeDeployments(facts(pipeline, state), NOW);
        expect(after.map(it => it.id)).toEqual(expect.arrayContaining(before));
      }),
    );
  });

  it('a view is always of the contract; nothing and the unknown are never green', () => {
    fc.assert(
      fc.property(anyFacts, given => {
        const view = viewOf(given, NOW);
        const { environment, deployments } = view;
        expect(environmentSchema.parse(environment)).toBeDefined();
        deployments.forEach(item => deploymentSchema.parse(item));
        matrixCellOf(environment);
        const { service, tasks } = given.place.runtime!;
        healthChains({ runtime: given.place.runtime!, view, now: NOW });
        const isGreen = environment.health.state === 'healthy';
        const mayBe =
          service !== undefined &&
          service.status === 'active' &&
          service.desired > 0 &&
          service.running > 0 &&
          tasks!.tasks.length > 0 &&
          tasks!.tasks.every(item => item.health === 'healthy');
        expect(isGreen && !mayBe).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });

  it('strange texts and times throw nothing', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 });
    fc.assert(
      fc.property(anyFacts, text, fc.integer(), (given, word, at) => {
        const pipeline = given.pipeline.map(item => ({
          ...item,
          ...{ sha: word, ref: word, creator: word, createdAt: at },
          statuses: item.statuses.map(one => ({ ...one, state: word })),
        }));
        const runtime = given.place.runtime!;
        const deployments = runtime.deployments.map(item => ({
          ...item,
          ...{
            rawStatus: word,
            statusReason: word,
            stage: word,
            createdAt: at,
          },
        }));
        const view = viewOf(
          {
            ...given,
            pipeline,
            place: { ...given.place, runtime: { ...runtime, deployments } },
          },
          NOW,
        );
        expect(environmentSchema.parse(view.environment)).toBeDefined();
      }),
    );
  });
});

it('merges 500 deployments of either side quickly', () => {
  const count = 500;
  const pipeline = Array.from({ length: count }, (_, i) =>
    pipelineDeployment(i + 1, {
      letter: LETTERS[i % 3],
      at: i * 20 * MINUTE,
    }),
  );
  const deployments = Array.from({ length: count }, (_, i) =>
    runtimeDeployment(i + 1, {
      ...{ from: 1 + ((i + 5) % 6), to: 1 + (i % 6) },
      at: (i * 20 + 1) * MINUTE,
    }),
  );
  const given = facts(pipeline, runtimeOf(deployments, TAGS));
  mergeDeployments(given, NOW);
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now();
    expect(mergeDeployments(given, NOW).length).toBeGreaterThanOrEqual(count);
    return performance.now() - start;
  }).sort((a, b) => a - b);
  // Some 15 ms alone on a core; what grows with the square takes longer than this.
  expect(times[2]).toBeLessThan(250);
});

function permutations<T>(items: T[]): T[][] {
  if (items.length < 2) return [items];
  return items.flatMap((item, i) =>
    permutations([...items.slice(0, i), ...items.slice(i + 1)]).map(rest => [
      item,
      ...rest,
    ]),
  );
}
