import * as fc from 'fast-check';
import type { EnvironmentFacts, PipelineDeployment } from '../facts';
import type { RuntimeDeploymentFact } from '../../../runtime';
import {
  facts,
  NOW,
  pipelineDeployment,
  runtimeDeployment,
  runtimeOf,
  sha,
  task,
} from '../testUtils/environmentFacts';

export const MINUTE = 60_000;
export const LETTERS = ['a', 'b', 'c'];
/** Tags of the images of the revisions, from 1. */
export const TAGS = [
  sha('a'),
  sha('b'),
  sha('a'),
  'latest',
  sha('c'),
  undefined,
];

/** Few values, so that everything may belong to everything. */
export const anyPipeline = fc
  .array(
    fc.record({
      letter: fc.constantFrom(...LETTERS),
      at: fc.integer({ min: 0, max: 30 }),
      minutes: fc.integer({ min: 0, max: 12 }),
      ending: fc.constantFrom(
        ...([
          'success',
          'failure',
          'cancelled',
          'in_progress',
          'waiting',
        ] as const),
      ),
      run: fc.integer({ min: 1, max: 3 }),
      attempt: fc.integer({ min: 1, max: 2 }),
      job: fc.constantFrom('Deploy', 'Roll back'),
      rollBack: fc.constantFrom(undefined, 'success', 'skipped'),
      bare: fc.boolean(),
    }),
    { maxLength: 6 },
  )
  .map(list =>
    list.map(({ bare, at, ...options }, i): PipelineDeployment => {
      const made = pipelineDeployment(i + 1, { ...options, at: at * MINUTE });
      return bare ? { ...made, run: undefined, jobs: [] } : made;
    }),
  );

/** Deployments between any revisions. */
export const anyRuntime = fc
  .array(
    fc.record({
      from: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
      to: fc.integer({ min: 1, max: 7 }),
      at: fc.integer({ min: 0, max: 45 }),
      status: fc.constantFrom(
        ...([
          'pending',
          'in_progress',
          'succeeded',
          'rolled_back',
          'rolling_back',
          'failed',
          'stopped',
          'unknown',
        ] as const),
      ),
    }),
    { maxLength: 6 },
  )
  .map(list =>
    list.map(
      ({ status, at, ...options }, i): RuntimeDeploymentFact =>
        runtimeDeployment(
          i + 1,
          { ...options, at: at * MINUTE },
          {
            ...{ status, rawStatus: status.toUpperCase() },
            ...(status === 'in_progress' ? { finishedAt: undefined } : {}),
          },
        ),
    ),
  );

/** Facts that need not fit together at all. */
export const anyFacts = fc
  .record({
    pipeline: anyPipeline,
    deployments: anyRuntime,
    desired: fc.integer({ min: 0, max: 3 }),
    running: fc.integer({ min: 0, max: 3 }),
    health: fc.constantFrom(...(['healthy', 'unhealthy', 'unknown'] as const)),
    tasks: fc.integer({ min: 0, max: 3 }),
    status: fc.constantFrom(
      ...(['active', 'draining', 'inactive', 'missing', 'unknown'] as const),
    ),
    targetGroups: fc.constantFrom<string[]>([], ['arn:tg/a']),
    read: fc.boolean(),
  })
  .map(({ pipeline, deployments, read, health, tasks, ...rest }) => {
    const state = runtimeOf(deployments, TAGS, rest);
    return facts(pipeline, {
      ...state,
      service: read ? state.service : undefined,
      tasks: {
        at: NOW,
        tasks: Array.from({ length: tasks }, (_, i) =>
          task(`t${i}`, { health }),
        ),
      },
    });
  });

const shuffled = <T>(items: T[], order: number[]): T[] =>
  items
    .map((item, i) => ({ item, key: order[i % order.length] }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item);

/** The same facts, standing in another order. */
export function inOtherOrder(
  from: EnvironmentFacts,
  order: number[],
): EnvironmentFacts {
  const { runtime } = from.place;
  const map = <T>(given: Map<string, T>) =>
    new Map(shuffled([...given], order));
  return {
    ...from,
    pipeline: shuffled(from.pipeline, order).map(item => ({
      ...item,
      statuses: shuffled(item.statuses, order),
      jobs: shuffled(item.jobs, order),
    })),
    place: {
      ...from.place,
      runtime: runtime && {
        ...runtime,
        deployments: shuffled(runtime.deployments, order),
        revisions: map(runtime.revisions),
        taskDefinitions: map(runtime.taskDefinitions),
      },
    },
  };
}

/** Keys to sort by. */
export const anyOrder = fc.array(fc.integer({ min: 0, max: 9 }), {
  minLength: 7,
  maxLength: 7,
});
