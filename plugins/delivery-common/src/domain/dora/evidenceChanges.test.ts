import type { DoraChange } from './linked';
import {
  DAY,
  HOUR,
  MONDAY,
  brought,
  deployed,
  incident,
  judgedOf,
  settingsWith,
  sha,
} from './testUtils/judging';

const LIVE = MONDAY + 10 * HOUR;
const old = deployed('a1', LIVE);
const later = deployed('b2', LIVE + 2 * HOUR);
const fix = deployed('c3', LIVE + 5 * HOUR);
const target = brought(380, old, {
  title: 'Faster cart',
  commits: [{ sha: sha('c380a') }],
});

function judgeFix(rest: Partial<DoraChange>, more: { settings?: object } = {}) {
  return judgedOf({
    deployments: [old, later, fix],
    changes: [target, brought(381, later), brought(388, fix, rest)],
    settings: settingsWith(more.settings ?? {}),
  });
}

describe('a revert', () => {
  it.each([
    ['a number', { reverts: { numbers: [380] } }],
    ['a commit', { reverts: { shas: [target.mergeSha] } }],
    ['a short commit', { reverts: { shas: [sha('c380a').slice(0, 9)] } }],
    ['what was deployed', { reverts: { shas: [old.sha!] } }],
    ['the number in a title', { title: 'Revert "Faster cart (#380)"' }],
    ['a title', { title: 'Revert "Faster cart"' }],
  ])('of %s fails what had brought it', (_, rest) => {
    const { failed, of } = judgeFix({
      ...rest,
      ...{ openedAt: LIVE + 4 * HOUR, url: 'https://example.test/388' },
    });
    expect(failed).toEqual(['a1']);
    expect(of('a1')).toMatchObject({
      evidence: [
        {
          ...{ code: 'reverted', confidence: 'medium', inferred: false },
          text: 'Reverted by #388 after 5 h',
          ...{ at: fix.finishedAt, url: 'https://example.test/388' },
        },
      ],
      ...{ failedAt: LIVE, detectedAt: LIVE + 4 * HOUR },
    });
  });

  it.each([
    [
      'of a revert brings something back',
      'Revert "Revert "Faster cart (#380)""',
    ],
    ['that is applied again', 'Reapply "Faster cart (#380)"'],
    ['of something unknown', 'Revert "Slower cart (#12)"'],
    ['by name only', 'Revert the cart'],
  ])('%s: nothing failed by it', (_, title) => {
    expect(judgeFix({ title }).failed).toEqual([]);
  });

  it('of what came with it failed nothing: nobody ever had it', () => {
    const { failed } = judgedOf({
      deployments: [old],
      changes: [target, brought(388, old, { reverts: { numbers: [380] } })],
    });
    expect(failed).toEqual([]);
  });

  it.each([
    [72 * HOUR, {}, ['a1']],
    [72 * HOUR + 1, {}, []],
    [9 * DAY, { windows: { revertMs: null } }, ['a1']],
  ])('after %d ms with %j', (gap, settings, expected) => {
    const late = deployed('d4', LIVE + gap);
    const { failed } = judgedOf({
      deployments: [old, late],
      changes: [target, brought(388, late, { reverts: { numbers: [380] } })],
      settings: settingsWith(settings),
      asOf: MONDAY + 100 * DAY,
    });
    expect(failed).toEqual(expected);
  });

  it('that never was deployed says nothing', () => {
    const { failed } = judgedOf({
      deployments: [old],
      changes: [
        target,
        brought(388, undefined, { reverts: { numbers: [380] } }),
      ],
    });
    expect(failed).toEqual([]);
  });

  it('of another service with the same number says nothing', () => {
    const service = 'component:default/other';
    const foreign = deployed('f1', LIVE + HOUR, { service });
    const { failed } = judgedOf({
      deployments: [old, foreign],
      changes: [
        target,
        brought(388, foreign, { service, reverts: { numbers: [380] } }),
      ],
    });
    expect(failed).toEqual([]);
  });

  it('labelled hotfix fails what it takes back and not the one before as well', () => {
    const { failed } = judgeFix({
      ...{ reverts: { numbers: [380] }, labels: ['hotfix'] },
    });
    expect(failed).toEqual(['a1']);
  });
});

describe('a hotfix', () => {
  it.each([
    ['by label', { labels: ['hotfix'] }],
    ['by branch', { branch: 'hotfix/cart' }],
    ['by title', { title: 'Hotfix: cart' }],
    [
      'that is labelled and takes back something unknown',
      {
        labels: ['hotfix'],
        reverts: { numbers: [12] },
      },
    ],
  ])('%s fails the deployment before it', (_, rest) => {
    const { failed, of } = judgeFix(rest);
    expect(failed).toEqual(['b2']);
    expect(of('b2').evidence).toMatchObject([
      {
        ...{ code: 'hotfixed', confidence: 'medium', inferred: true },
        text: 'Hotfix #388 followed after 3 h',
      },
    ]);
  });

  it.each([
    [DAY, {}, ['a1']],
    [DAY + 1, {}, []],
    [9 * DAY, { windows: { hotfixMs: null } }, ['a1']],
  ])('after %d ms with %j', (gap, settings, expected) => {
    const late = deployed('d4', LIVE + gap);
    const { failed } = judgedOf({
      deployments: [old, late],
      changes: [brought(388, late, { labels: ['hotfix'] })],
      settings: settingsWith(settings),
      asOf: MONDAY + 100 * DAY,
    });
    expect(failed).toEqual(expected);
  });

  it('repairs what brought something: no rollback, no redeployment, nothing that never got there', () => {
    const between = [
      deployed('r1', LIVE + 6 * HOUR, { kind: 'redeploy', sha: later.sha }),
      deployed('r2', LIVE + 6.1 * HOUR, { outcome: 'cancelled' }),
      deployed('r3', LIVE + 6.2 * HOUR, {
        outcome: 'failed_before_production',
      }),
    ];
    const last = deployed('z9', LIVE + 7 * HOUR);
    const { failed } = judgedOf({
      deployments: [old, later, ...between, last],
      changes: [brought(388, last, { labels: ['hotfix'] })],
    });
    expect(failed).toEqual(['b2']);
  });

  it('repairs what had been rolled back already: that is one failure', () => {
    const back = deployed('r1', LIVE + 3 * HOUR, {
      ...{ kind: 'rollback', sha: old.sha },
    });
    const { failed, of } = judgedOf({
      deployments: [old, later, back, fix],
      changes: [brought(388, fix, { labels: ['hotfix'] })],
    });
    expect(failed).toEqual(['b2']);
    expect(of('b2').evidence.map(({ code }) => code)).toEqual([
      'rolled_back',
      'hotfixed',
    ]);
  });

  it('that closes an incident repairs the deployment of the incident', () => {
    const { failed } = judgedOf({
      deployments: [old, later, fix],
      changes: [
        target,
        brought(388, fix, { labels: ['hotfix'], closes: ['i'] }),
      ],
      incidents: [incident('i', LIVE + HOUR, { names: { numbers: [380] } })],
    });
    expect(failed).toEqual(['a1']);
  });

  it.each([
    ['what was deployed', 'b2', ['b2']],
    ['an older commit', 'a1', ['b2']],
    ['something that was not deployed yet', 'ee', []],
  ])('whose branch began at %s', (_, base, expected) => {
    const commits = [
      { sha: sha('a1'), parents: [] },
      { sha: sha('b2'), parents: [sha('a1')] },
      { sha: sha('ee'), parents: [sha('b2')] },
      { sha: sha('f1'), parents: [sha(base)] },
    ];
    const { failed } = judgedOf({
      deployments: [old, later, fix],
      changes: [
        brought(388, fix, {
          labels: ['hotfix'],
          commits: [{ sha: sha('f1') }],
        }),
      ],
      commits,
    });
    expect(failed).toEqual(expected);
  });

  it('is not its own cause', () => {
    const { failed } = judgedOf({
      deployments: [old],
      changes: [brought(388, old, { labels: ['hotfix'] })],
    });
    expect(failed).toEqual([]);
  });

  it('that ended at the same moment follows by its id', () => {
    const twin = deployed('b9', old.finishedAt!);
    const { failed } = judgedOf({
      deployments: [twin, old],
      changes: [brought(388, twin, { labels: ['hotfix'] })],
    });
    expect(failed).toEqual(['a1']);
  });
});
