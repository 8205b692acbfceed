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

function judgeOne(rest: Partial<DoraDeployment>, settings = settingsWith()) {
  return judgedOf({
    deployments: [deployed('a1', LIVE, rest)],
    settings,
  }).of('a1');
}

const FAILED = 'failed_in_production' as const;

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
