import { CONCLUSIONS } from 'backstage-plugin-delivery-common';
import type { RunDetail } from 'backstage-plugin-delivery-common';
import {
  failedRun,
  graph,
  HOSTILE,
  job,
  movingRun,
  node,
  NOW,
  queued,
  run,
  running,
  success,
  waitingRun,
} from './fixtures';

/** One run in every state there is. */
export const everyState = [
  waitingRun,
  movingRun,
  failedRun,
  run({ id: 'gh.1', title: 'Queued', ...queued, conclusion: undefined }),
  run({
    id: 'gh.2',
    title: 'Held back by concurrency',
    status: 'queued',
    rawStatus: 'pending',
    conclusion: undefined,
  }),
  ...CONCLUSIONS.map((conclusion, index) =>
    run({
      id: `gh.${index + 10}`,
      runNumber: 1200 - index,
      title: `Ends with ${conclusion}`,
      conclusion,
      rawConclusion: conclusion === 'unknown' ? 'quarantined' : conclusion,
    }),
  ),
];

export const worstText = run({
  title: HOSTILE,
  branch: HOSTILE,
  actor: HOSTILE,
});

/** A graph with several groups, a matrix and what has not started. */
export const longGraph: Pick<RunDetail, 'jobs' | 'graph' | 'attempts'> = {
  attempts: [
    { attempt: 1, ...success },
    { attempt: 2, ...running, triggeringActor: 'ravi' },
  ],
  jobs: [
    job(),
    ...[1, 2, 3].map(n => job({ id: `gh.6${n}`, name: `Unit tests (${n})` })),
    job({ id: 'gh.70', name: 'SAST' }),
    job({ id: 'gh.71', name: 'Integration tests' }),
    job({
      id: 'gh.80',
      name: 'Deploy to staging / deploy',
      ...running,
      conclusion: undefined,
      completedAt: undefined,
      startedAt: NOW - 60_000,
      expectedAt: NOW + 120_000,
      environment: 'staging',
    }),
  ],
  graph: graph({
    nodes: [
      node(),
      node({ id: 'image', name: 'Build and scan', column: 1, jobs: ['gh.70'] }),
      node({
        id: 'unit',
        name: 'Unit tests',
        column: 2,
        matrix: true,
        jobs: ['gh.61', 'gh.62', 'gh.63'],
      }),
      node({
        id: 'it',
        name: 'Integration tests',
        column: 2,
        jobs: ['gh.71'],
      }),
      node({ id: 'sast', name: 'SAST', column: 2, jobs: ['gh.70'] }),
      node({
        id: 'staging/deploy',
        name: 'Deploy',
        column: 3,
        group: 'staging',
        jobs: ['gh.80'],
        environment: 'staging',
        state: running,
      }),
      node({
        id: 'staging/smoke',
        name: 'Smoke tests',
        column: 4,
        group: 'staging',
        jobs: [],
        state: undefined,
      }),
      node({
        id: 'production/deploy',
        name: 'Deploy',
        column: 5,
        group: 'production',
        jobs: [],
        environment: 'production',
        state: undefined,
      }),
    ],
    edges: [
      { from: 'quality', to: 'image' },
      { from: 'image', to: 'unit' },
      { from: 'image', to: 'it' },
      { from: 'image', to: 'sast' },
      { from: 'unit', to: 'staging/deploy' },
      { from: 'it', to: 'staging/deploy' },
      { from: 'sast', to: 'staging/deploy' },
      { from: 'staging/deploy', to: 'staging/smoke' },
      { from: 'staging/smoke', to: 'production/deploy' },
    ],
    groups: [
      { id: 'staging', name: 'Deploy to staging' },
      { id: 'production', name: 'Deploy to production' },
    ],
  }),
};

/** Moves every moment of an answer from the fixtures' to the present. */
export function moveToNow<TAnswer>(answer: TAnswer): TAnswer {
  const ahead = Date.now() - NOW;
  return JSON.parse(
    JSON.stringify(answer, (key, value) =>
      typeof value === 'number' &&
      /At$|^at$|^since$|^from$|^to$|asOf|AsOf|dataSince/.test(key)
        ? value + ahead
        : value,
    ),
  );
}
