import type { DoraAttempt, DoraDeployment } from './linked';
import {
  DAY,
  HOUR,
  MINUTE,
  MONDAY,
  brought,
  deployed,
  incident,
  judgedOf,
  sha,
} from './testUtils/judging';

const LIVE = MONDAY + 10 * HOUR;
const START = LIVE - 10 * MINUTE;
const FAILED = 'failed_in_production' as const;

const broken = deployed('b2', LIVE, { outcome: FAILED });
const attempts: DoraAttempt[] = [
  {
    ...{ attempt: 1, outcome: FAILED },
    ...{ startedAt: START - HOUR, finishedAt: START - 50 * MINUTE },
  },
  {
    ...{ attempt: 2, outcome: 'succeeded' },
    ...{ startedAt: START, finishedAt: LIVE },
  },
];

describe('what ends a failure', () => {
  it.each<[string, Partial<DoraDeployment>, number, string]>([
    [
      'the runtime',
      {
        ...{ outcome: FAILED },
        hints: { runtimeRollback: { ok: true, finishedAt: LIVE + MINUTE } },
      },
      LIVE + MINUTE,
      'runtime_rollback',
    ],
    [
      'the runtime, whose own end is not known',
      { outcome: FAILED, hints: { runtimeRollback: { ok: true } } },
      LIVE,
      'runtime_rollback',
    ],
    [
      'the same run',
      {
        hints: {
          checkFailed: { at: LIVE + MINUTE },
          putBack: { ok: true, at: LIVE + 5 * MINUTE },
        },
      },
      LIVE + 5 * MINUTE,
      'run_rollback',
    ],
    ['a later attempt', { attempts }, LIVE, 'attempt'],
    [
      'a later attempt after a failed check',
      { attempts, hints: { checkFailed: { at: START - 55 * MINUTE } } },
      LIVE,
      'attempt',
    ],
  ])('%s', (_, rest, recoveredAt, by) => {
    const { of } = judgedOf({ deployments: [deployed('a1', LIVE, rest)] });
    expect(of('a1')).toMatchObject({
      failed: true,
      recoveredAt,
      recoveryMs: recoveredAt - of('a1').failedAt!,
      recovery: { by, ref: 'a1' },
    });
  });

  it.each<[string, Partial<DoraDeployment>, string | undefined]>([
    ['something else', {}, 'deployment'],
    ['an older commit', { kind: 'rollback', sha: sha('a1') }, 'rollback'],
    ['the same commit', { kind: 'redeploy', sha: broken.sha }, 'deployment'],
    ['one that nobody knows the commit of', { sha: undefined }, 'deployment'],
    ['no success', { outcome: 'failed_before_production' }, undefined],
    ['nothing that is not over', { finishedAt: undefined }, undefined],
    ['nothing of another service', { service: 'component:x/y' }, undefined],
    [
      'nothing that was put back',
      { hints: { putBack: { ok: true, at: LIVE + HOUR } } },
      undefined,
    ],
  ])('the next deployment after a broken one: %s', (_, rest, by) => {
    const { of } = judgedOf({
      deployments: [deployed('c3', LIVE + HOUR, rest), broken],
    });
    expect(of('b2').recovery?.by).toBe(by);
    expect(of('b2').recoveredAt).toBe(by && LIVE + HOUR);
    expect(of('b2').failedAt).toBe(START);
  });

  it('is not the same commit again where the commit was at fault', () => {
    const bad = deployed('b2', LIVE);
    const again = [1, 2, 3].map(n =>
      deployed(`r${n}`, LIVE + n * HOUR, { kind: 'redeploy', sha: bad.sha }),
    );
    const fix = deployed('c3', LIVE + 5 * HOUR);
    const { of } = judgedOf({
      deployments: [bad, ...again, fix],
      changes: [
        brought(380, bad),
        brought(388, fix, { reverts: { numbers: [380] } }),
      ],
    });
    expect(of('b2')).toMatchObject({
      recoveryMs: 5 * HOUR,
      recovery: { by: 'deployment', ref: 'c3' },
    });
  });

  it('is not what went live before anybody knew of the failure', () => {
    const { of } = judgedOf({
      deployments: [
        deployed('a1', LIVE),
        deployed('b2', LIVE + HOUR),
        deployed('c3', LIVE + 3 * HOUR),
      ],
      incidents: [
        incident('i', LIVE + 2 * HOUR, { names: { deploymentIds: ['a1'] } }),
      ],
    });
    expect(of('a1').recovery).toEqual({ by: 'deployment', ref: 'c3' });
  });
});

describe('incidents', () => {
  const bad = deployed('a1', LIVE);
  const open = incident('i', LIVE + HOUR);
  const over = { ...open, resolvedAt: LIVE + 3 * HOUR };

  it('end a failure that only they are evidence of', () => {
    const { of } = judgedOf({ deployments: [bad], incidents: [over] });
    expect(of('a1')).toMatchObject({
      failedAt: LIVE,
      detectedAt: LIVE + HOUR,
      recoveryMs: 3 * HOUR,
      recovery: { by: 'incident', ref: 'i' },
    });
  });

  it('end it when all of them are over', () => {
    const second = incident('j', LIVE + 2 * HOUR, {
      resolvedAt: LIVE + 7 * HOUR,
    });
    const facts = { deployments: [bad], incidents: [over, second] };
    expect(judgedOf(facts).of('a1').recoveryMs).toBe(7 * HOUR);
    const third = incident('k', LIVE + 2 * HOUR);
    expect(
      judgedOf({ ...facts, incidents: [over, second, third] }).of('a1'),
    ).not.toHaveProperty('recoveredAt');
  });

  it('do not end a failure that something else shows', () => {
    const { of } = judgedOf({
      deployments: [deployed('a1', LIVE, { hints: { checkFailed: {} } })],
      incidents: [over],
    });
    expect(of('a1')).not.toHaveProperty('recoveredAt');
  });

  it('that stay open do not outlast the deployment that fixed it', () => {
    const { of } = judgedOf({
      deployments: [bad, deployed('b2', LIVE + 2 * HOUR)],
      incidents: [open],
    });
    expect(of('a1')).toMatchObject({
      recoveryMs: 2 * HOUR,
      recovery: { by: 'deployment', ref: 'b2' },
    });
  });

  it('written down when all is over do not move the detection behind the end', () => {
    const hints = {
      runtimeRollback: { ok: true, finishedAt: LIVE + MINUTE },
    };
    const { of } = judgedOf({
      deployments: [
        deployed('a1', LIVE, { outcome: FAILED, finishedAt: undefined, hints }),
      ],
      incidents: [open],
    });
    expect(of('a1')).toMatchObject({
      recoveredAt: LIVE + MINUTE,
      detectedAt: LIVE + MINUTE,
    });
  });
});

describe('a failure without an end', () => {
  it('stays open: no moment, no zero', () => {
    const told = judgedOf({ deployments: [broken] }).of('b2');
    expect(told.failed).toBe(true);
    expect(told).not.toHaveProperty('recoveredAt');
    expect(told).not.toHaveProperty('recoveryMs');
    expect(told).not.toHaveProperty('recovery');
  });

  it('is not ended by what is said to have ended before it began', () => {
    const hints = { runtimeRollback: { ok: true, finishedAt: START - DAY } };
    const told = judgedOf({
      deployments: [deployed('b2', LIVE, { outcome: FAILED, hints })],
    }).of('b2');
    expect(told.failed).toBe(true);
    expect(told).not.toHaveProperty('recoveredAt');
  });

  it('has no span where nobody knows since when', () => {
    const told = judgedOf({
      deployments: [
        deployed('b2', LIVE, {
          ...{ outcome: FAILED, startedAt: undefined, finishedAt: undefined },
          attempts: [{ attempt: 1, outcome: FAILED }],
        }),
        deployed('c3', LIVE + HOUR),
      ],
    }).of('b2');
    expect(told.failed).toBe(true);
    expect(told).not.toHaveProperty('failedAt');
    expect(told).not.toHaveProperty('recoveredAt');
  });

  it('loses nothing when it is judged again with other facts', () => {
    const first = judgedOf({
      deployments: [broken, deployed('c3', LIVE + HOUR)],
    });
    expect(first.of('b2').recoveryMs).toBeDefined();
    const again = judgedOf({ deployments: [first.of('b2')] });
    expect(again.of('b2')).not.toHaveProperty('recoveryMs');
  });
});

it('stays quick with thousands of failures and of the same commit again', () => {
  const n = 20_000;
  const deployments = Array.from({ length: n }, (_, i) =>
    deployed(`d${i}`, MONDAY + i * MINUTE, {
      ...{ sha: sha('aa'), kind: i === 0 ? 'regular' : 'redeploy' },
      hints: { checkFailed: {} },
    }),
  );
  const started = performance.now();
  const { failed } = judgedOf({ deployments, asOf: MONDAY + 100 * DAY });
  expect(performance.now() - started).toBeLessThan(5_000);
  expect(failed).toHaveLength(n);
});
