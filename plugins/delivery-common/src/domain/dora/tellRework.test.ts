import type { DoraChange } from './linked';
import {
  HOUR,
  MONDAY,
  brought,
  deployed,
  incident,
  judgedOf,
  settingsWith,
} from './testUtils/judging';

const LIVE = MONDAY + 10 * HOUR;
const old = deployed('a1', LIVE);
const fix = deployed('b2', LIVE + HOUR);
const target = brought(380, old, { title: 'Faster cart' });

function reworkOf(
  batch: Partial<DoraChange>[],
  reworkBatch: 'any' | 'all' = 'any',
) {
  return judgedOf({
    deployments: [old, fix],
    changes: [target, ...batch.map((rest, n) => brought(388 + n, fix, rest))],
    incidents: [incident('i', LIVE + 1, { number: 377 })],
    settings: settingsWith({ reworkBatch }),
  }).of('b2');
}

describe('rework', () => {
  it.each<[string, Partial<DoraChange>, string]>([
    ['a hotfix', { labels: ['hotfix'] }, '#388 is a hotfix'],
    [
      'a revert',
      { reverts: { numbers: [380] } },
      '#388 takes back what had been deployed',
    ],
    [
      'a revert of something from before anything was read',
      { reverts: { numbers: [12] } },
      '#388 takes back what had been deployed',
    ],
    [
      'what closes an incident',
      { closes: ['other', 'i'] },
      '#388 closes incident #377',
    ],
  ])('is %s', (_, rest, text) => {
    expect(reworkOf([rest])).toMatchObject({
      rework: true,
      reworkBecause: { text, ref: 'pr-388' },
    });
  });

  it.each<[string, Partial<DoraChange>]>([
    ['ordinary work', {}],
    ['what closes some other issue', { closes: ['other'] }],
    ['what brings something back', { title: 'Reapply "Faster cart"' }],
  ])('is not %s', (_, rest) => {
    const told = reworkOf([rest]);
    expect(told.rework).toBe(false);
    expect(told).not.toHaveProperty('reworkBecause');
  });

  it('is no revert of what came with it', () => {
    const { of } = judgedOf({
      deployments: [old],
      changes: [target, brought(388, old, { reverts: { numbers: [380] } })],
    });
    expect(of('a1').rework).toBe(false);
  });

  it('is a rollback, whatever it brings', () => {
    const back = deployed('c3', LIVE + 2 * HOUR, {
      ...{ kind: 'rollback', sha: old.sha, url: 'https://example.test/c3' },
    });
    const { of } = judgedOf({ deployments: [old, fix, back] });
    expect(of('c3')).toMatchObject({
      rework: true,
      reworkBecause: {
        text: 'It is a rollback',
        url: 'https://example.test/c3',
      },
    });
  });

  it.each<['any' | 'all', Partial<DoraChange>[], boolean]>([
    ['any', [{ labels: ['hotfix'] }, {}], true],
    ['all', [{ labels: ['hotfix'] }, {}], false],
    ['all', [{ labels: ['hotfix'] }, { closes: ['i'] }], true],
    ['all', [], false],
  ])('of a batch counts by %s', (reworkBatch, batch, expected) => {
    expect(reworkOf(batch, reworkBatch).rework).toBe(expected);
  });

  it('is told anew when it is judged again', () => {
    const told = reworkOf([{ labels: ['hotfix'] }]);
    const again = judgedOf({ deployments: [told] }).of('b2');
    expect(again.rework).toBe(false);
    expect(again).not.toHaveProperty('reworkBecause');
  });
});
