import {
  DAY,
  HOUR,
  MINUTE,
  MONDAY,
  SERVICE,
  brought,
  deployed,
  incident,
  judgedOf,
  settingsWith,
} from './testUtils/judging';
import type { DoraDeployment } from './linked';

const LIVE = MONDAY + 10 * HOUR;
const START = LIVE - 10 * MINUTE;

function judgeOne(rest: Partial<DoraDeployment>, settings = settingsWith()) {
  return judgedOf({
    deployments: [deployed('a1', LIVE, rest)],
    settings,
  }).of('a1');
}

const FAILED = 'failed_in_production' as const;

describe('what the sources of a deployment say', () => {
  it.each<[string, Partial<DoraDeployment>, object]>([
    [
      'E1: the runtime went back',
      {
        outcome: FAILED,
        hints: {
          runtimeRollback: {
            ...{ ok: true, startedAt: START + MINUTE, finishedAt: LIVE },
            reason: 'tasks failed\u001b[31m to\tstart.',
          },
        },
      },
      {
        evidence: [
          {
            code: 'runtime_rollback',
            confidence: 'certain',
            text: 'ECS rolled it back: tasks failed to start',
            at: START + MINUTE,
          },
        ],
        ...{ failedAt: START, detectedAt: START + MINUTE },
      },
    ],
    [
      'E1: the runtime tried to go back',
      { outcome: FAILED, hints: { runtimeRollback: { ok: false } } },
      {
        evidence: [{ text: 'ECS could not roll it back' }],
        ...{ failedAt: START, detectedAt: LIVE },
      },
    ],
    [
      'E2: a check failed and the run went back',
      {
        hints: {
          checkFailed: { at: LIVE + 2 * MINUTE, name: 'Smoke test' },
          putBack: { at: LIVE + 6 * MINUTE, ok: true },
        },
      },
      {
        evidence: [
          {
            code: 'check_failed',
            text: 'Smoke test failed and the same run put the revision before back',
          },
        ],
        ...{ failedAt: LIVE, detectedAt: LIVE + 2 * MINUTE },
      },
    ],
    [
      'E2: a check failed and nothing went back',
      { hints: { checkFailed: {} } },
      {
        evidence: [{ text: 'A check after it failed' }],
        ...{ failedAt: LIVE, detectedAt: LIVE },
      },
    ],
    [
      'E2: the check failed before the run that went back was over',
      {
        outcome: FAILED,
        hints: {
          checkFailed: { at: LIVE - 5 * MINUTE, name: 'Smoke test' },
          putBack: { ok: false },
        },
      },
      {
        evidence: [
          {
            text: 'Smoke test failed and the same run could not put the revision before back',
          },
        ],
        ...{ failedAt: LIVE - 5 * MINUTE, detectedAt: LIVE - 5 * MINUTE },
      },
    ],
    [
      'E2: the run went back and nobody says why',
      { outcome: FAILED, hints: { putBack: { at: LIVE, ok: true } } },
      { evidence: [{ text: 'The same run put the revision before back' }] },
    ],
    [
      'E8: it failed in production',
      { outcome: FAILED },
      {
        evidence: [{ code: 'deployment_failed', confidence: 'certain' }],
        ...{ failedAt: START, detectedAt: LIVE },
      },
    ],
    [
      'E8: its first attempt failed in production',
      {
        attempts: [
          {
            ...{ attempt: 1, outcome: FAILED },
            ...{ startedAt: START - HOUR, finishedAt: START - 50 * MINUTE },
          },
          { attempt: 2, outcome: 'succeeded', finishedAt: LIVE },
        ],
      },
      {
        evidence: [{ text: 'Attempt 1 failed in production' }],
        ...{ failedAt: START - HOUR, detectedAt: START - 50 * MINUTE },
      },
    ],
  ])('%s', (_, rest, expected) => {
    expect(judgeOne(rest)).toMatchObject({ failed: true, ...expected });
  });

  it.each<[string, Partial<DoraDeployment>]>([
    ['failed before production', { outcome: 'failed_before_production' }],
    ['was cancelled', { outcome: 'cancelled' }],
    ['is in progress', { outcome: 'in_progress' }],
    ['succeeded', {}],
    ['ended nobody knows how', { outcome: 'unknown' }],
    [
      'failed a check before production',
      {
        ...{ outcome: 'failed_before_production' },
        hints: { checkFailed: { at: LIVE } },
      },
    ],
    [
      'failed before production and succeeded the next time',
      {
        attempts: [
          { attempt: 1, outcome: 'failed_before_production' },
          { attempt: 2, outcome: 'succeeded' },
        ],
      },
    ],
  ])('does not fail what %s', (_, rest) => {
    const told = judgeOne(rest);
    expect(told).toMatchObject({ failed: false, evidence: [] });
    expect(told).not.toHaveProperty('failedAt');
    expect(told).not.toHaveProperty('detectedAt');
  });

  it('tells one reason where several of its sources say the same', () => {
    const told = judgeOne({
      outcome: FAILED,
      hints: {
        runtimeRollback: { ok: true, startedAt: START },
        checkFailed: { at: LIVE },
      },
    });
    expect(told.evidence.map(({ code }) => code)).toEqual([
      'runtime_rollback',
      'check_failed',
    ]);
  });
});

describe('a setting that is off', () => {
  const fix = deployed('b2', LIVE + HOUR);
  const back = deployed('b2', LIVE + HOUR, { kind: 'rollback' });
  const old = deployed('e0', MONDAY - DAY, { sha: back.sha });
  const shipped = deployed('a1', LIVE);
  const at = LIVE + MINUTE;
  it.each([
    [
      'runtimeRollback',
      [
        deployed('a1', LIVE, {
          outcome: FAILED,
          hints: { runtimeRollback: { ok: true } },
        }),
      ],
      [],
      [],
    ],
    [
      'checkFailed',
      [deployed('a1', LIVE, { outcome: FAILED, hints: { checkFailed: {} } })],
      [],
      [],
    ],
    ['deploymentFailed', [deployed('a1', LIVE, { outcome: FAILED })], [], []],
    ['rolledBack', [old, shipped, back], [], []],
    [
      'reverted',
      [shipped, fix],
      [
        brought(380, shipped),
        brought(388, fix, { reverts: { numbers: [380] } }),
      ],
      [],
    ],
    [
      'hotfixed',
      [shipped, fix],
      [brought(388, fix, { labels: ['hotfix'] })],
      [],
    ],
    [
      'incidentNamed',
      [shipped],
      [],
      [incident('i', at, { names: { deploymentIds: ['a1'] } })],
    ],
    ['incidentByTime', [shipped], [], [incident('i', at)]],
  ] as const)(
    '%s keeps its evidence and nothing fails by it',
    (word, d, c, i) => {
      const facts = {
        ...{ deployments: [...d], changes: [...c], incidents: [...i] },
      };
      expect(judgedOf(facts).failed).toEqual(['a1']);
      const off = judgedOf({
        ...facts,
        settings: settingsWith({ evidence: { [word]: false } }),
      });
      expect(off.failed).toEqual([]);
      expect(off.of('a1').evidence).toMatchObject([{ overruled: true }]);
    },
  );
});

describe('the word of a person', () => {
  const said = (
    verdict: 'failed' | 'not_failed',
    at: number,
    reason = 'r',
  ) => ({
    ...{ deploymentId: 'a1', verdict, reason, by: 'user:default/kim', at },
  });
  const facts = {
    deployments: [deployed('a1', LIVE)],
    incidents: [incident('i', LIVE + HOUR, { number: 377 })],
  };

  it('beats the evidence, which stays to be seen', () => {
    const told = judgedOf({
      ...facts,
      overrides: [said('not_failed', LIVE + DAY, 'The card company was down')],
    }).of('a1');
    expect(told).toMatchObject({
      failed: false,
      evidence: [
        {
          code: 'marked_not_failed',
          text: 'Marked as not failed: The card company was down',
          by: 'user:default/kim',
        },
        {
          ...{ code: 'incident_by_time', overruled: true },
          text: 'Incident #377 began 60 min later (inferred)',
        },
      ],
    });
    expect(told).not.toHaveProperty('failedAt');
  });

  it('fails what nothing else fails, with no moment of detection', () => {
    const told = judgedOf({
      deployments: facts.deployments,
      overrides: [said('failed', LIVE + DAY)],
    }).of('a1');
    expect(told).toMatchObject({ failed: true, failedAt: LIVE });
    expect(told).not.toHaveProperty('detectedAt');
    expect(told).not.toHaveProperty('recoveredAt');
  });

  it('is the last one, whatever the order; of equal times always the same', () => {
    const words = [
      said('failed', LIVE + DAY),
      said('not_failed', LIVE + 2 * DAY, 'second thoughts'),
      said('not_failed', LIVE + 2 * DAY, 'a second time'),
    ];
    const one = judgedOf({ ...facts, overrides: words });
    const other = judgedOf({ ...facts, overrides: [...words].reverse() });
    expect(one.failed).toEqual([]);
    expect(other.deployments).toEqual(one.deployments);
  });

  it('may name the deployment by any of its sources', () => {
    const deployment = deployed('a1', LIVE, {
      sources: [{ source: 'run', id: 'run-7', status: 'succeeded' }],
    });
    const { failed } = judgedOf({
      deployments: [deployment],
      overrides: [{ ...said('failed', LIVE + DAY), deploymentId: 'run-7' }],
    });
    expect(failed).toEqual(['a1']);
  });

  it.each([
    ['of nothing known', { deploymentId: 'zz' }, 'unknown_deployment'],
    ['of the future', { at: MONDAY + 11 * DAY }, 'future'],
    ['without a time', { at: NaN }, 'no_time'],
  ])('is listed when it is %s', (_, rest, reason) => {
    const { excluded, failed } = judgedOf({
      deployments: facts.deployments,
      overrides: [{ ...said('failed', LIVE), ...rest }],
    });
    expect(failed).toEqual([]);
    expect(excluded).toMatchObject([
      { what: 'override', id: rest.deploymentId ?? 'a1', reason },
    ]);
  });
});

describe('a failed deployment', () => {
  it('fails once, however much evidence there is, strongest first', () => {
    const old = deployed('e0', MONDAY);
    const bad = deployed('a1', LIVE);
    const back = deployed('b2', LIVE + 40 * MINUTE, {
      ...{ kind: 'rollback', sha: old.sha },
    });
    const { failed, of } = judgedOf({
      deployments: [old, bad, back],
      incidents: [
        incident('i', LIVE + 20 * MINUTE),
        incident('j', LIVE + 10 * MINUTE, { names: { deploymentIds: ['a1'] } }),
        incident('k', LIVE + 30 * MINUTE),
      ],
    });
    expect(failed).toEqual(['a1']);
    expect(of('a1').evidence.map(each => [each.code, each.ref])).toEqual([
      ['rolled_back', 'b2'],
      ['incident_named', 'j'],
      ['incident_by_time', 'i'],
      ['incident_by_time', 'k'],
    ]);
    expect(of('a1').detectedAt).toBe(LIVE + 10 * MINUTE);
  });

  it('keeps twenty pieces of evidence at most', () => {
    const incidents = Array.from({ length: 500 }, (_, n) =>
      incident(`i${n}`, LIVE + n),
    );
    const { of } = judgedOf({ deployments: [deployed('a1', LIVE)], incidents });
    expect(of('a1').evidence).toHaveLength(20);
  });

  it('is of its own service', () => {
    const other = 'component:default/other';
    const { failed } = judgedOf({
      deployments: [
        deployed('a1', LIVE),
        deployed('b2', LIVE - HOUR, { service: other }),
      ],
      incidents: [incident('i', LIVE + HOUR, { service: other })],
    });
    expect(SERVICE).not.toBe(other);
    expect(failed).toEqual(['b2']);
  });

  it('shows hostile words of vendors as one short line', () => {
    const told = judgeOne({
      hints: {
        checkFailed: { name: `<b>x</b>\t\u202e${'y'.repeat(10_000)}` },
      },
    });
    expect(told.evidence[0].text).toMatch(/^<b>x<\/b> y+… failed$/);
    expect(told.evidence[0].text.length).toBeLessThan(100);
  });
});

describe('how long it may still change', () => {
  it.each([
    ['the longest window', {}, 72 * HOUR],
    ['the longest that is on', { evidence: { reverted: false } }, DAY],
    ['the longest that ends', { windows: { incidentMs: null } }, 72 * HOUR],
  ])('is %s', (_, settings, expected) => {
    const told = judgeOne({}, settingsWith(settings));
    expect(told.provisionalUntil).toBe(LIVE + expected);
  });

  it('is not told where nothing late can count, or nothing reached production', () => {
    const evidence = {
      ...{ rolledBack: false, reverted: false },
      ...{ hotfixed: false, incidentByTime: false },
    };
    expect(
      judgeOne({}, settingsWith({ evidence })).provisionalUntil,
    ).toBeUndefined();
    expect(judgeOne({ outcome: 'cancelled' }).provisionalUntil).toBeUndefined();
  });
});
