import * as fc from 'fast-check';
import { riskHints, type RiskInput } from './risk';
import { file, range } from './testUtils/approvalFacts';

const DAY = 86_400_000;
const NOW = 100 * DAY;

function hints(part: Partial<RiskInput>) {
  return riskHints({ migrations: [], now: NOW, recent: [], ...part });
}
const files = (n: number) =>
  Array.from({ length: n }, (_, i) => file(`src/${i}.ts`));

type Recent = RiskInput['recent'][number];
function recent(...words: string[]): Recent[] {
  return words.map((text, n) => {
    const [status, kind = 'regular'] = text.split(' ');
    return {
      ...{ status: status as Recent['status'], kind: kind as Recent['kind'] },
      ...{ runId: `gh.${n}`, startedAt: NOW - n },
    };
  });
}

describe('riskHints', () => {
  it('says nothing when nothing is known', () => {
    expect(hints({})).toEqual([]);
    expect(hints({ range: range({ files: files(500) }) })).toEqual([]);
    expect(hints({ usualFiles: 7 })).toEqual([]);
    expect(hints({ usualFiles: 0, range: range() })).toEqual([]);
    expect(hints({ lastDeploymentAt: NOW + 1 })).toEqual([]);
    expect(
      hints({ recent: recent('waiting', 'in_progress', 'unknown') }),
    ).toEqual([]);
  });

  it.each([
    [42, false, 'warn', '42 files in this change; usually 7.'],
    [21, false, 'warn', '21 files in this change; usually 7.'],
    [20, false, 'info', '20 files in this change; usually 7.'],
    [1, false, 'info', '1 file in this change; usually 7.'],
    [300, true, 'warn', 'At least 300 files in this change; usually 7.'],
  ])('%d files, cut: %s', (n, filesCut, level, message) => {
    expect(
      hints({ range: range({ files: files(n), filesCut }), usualFiles: 7 }),
    ).toEqual([{ code: 'size', level, message }]);
  });

  it('three files are not large where one is usual', () => {
    const few = { range: range({ files: files(9) }), usualFiles: 1 };
    expect(hints(few)[0].level).toBe('info');
  });

  it('does not call a cut list usual', () => {
    const cut = range({ files: files(5), filesCut: true });
    expect(hints({ range: cut, usualFiles: 7 })).toEqual([]);
  });

  it('warns of migrations', () => {
    expect(hints({ migrations: ['a', 'b'] })).toEqual([
      {
        ...{ code: 'migrations', level: 'warn' },
        message:
          '2 database migrations: a rollback of the service takes none of it back.',
      },
    ]);
  });

  it.each([
    [0, 'info', 'The last production deployment was less than a day ago.'],
    [1, 'info', 'The last production deployment was 1 day ago.'],
    [13, 'info', 'The last production deployment was 13 days ago.'],
    [14, 'warn', 'The last production deployment was 14 days ago.'],
  ])('%d days since the last', (days, level, message) => {
    expect(hints({ lastDeploymentAt: NOW - days * DAY - 1 })).toEqual([
      { code: 'last_deployment', level, message },
    ]);
  });

  it.each<[string[], string | undefined, string | undefined]>([
    [['succeeded'], 'The last production deployment succeeded.', undefined],
    [
      ['failed redeploy'],
      'The last production deployment failed or was rolled back.',
      'gh.0',
    ],
    [
      ['succeeded', 'failed'],
      '1 of the last 2 production deployments failed or was rolled back.',
      'gh.1',
    ],
    [
      ['rolled_back', 'succeeded', 'failed'],
      '2 of the last 3 production deployments failed or were rolled back.',
      'gh.0',
    ],
    [
      ['in_progress', 'cancelled', 'failed rollback', 'succeeded out_of_band'],
      undefined,
      undefined,
    ],
    [
      [...Array<string>(10).fill('succeeded redeploy'), 'failed'],
      'None of the last 10 production deployments failed.',
      undefined,
    ],
  ])('failures among %j', (words, message, runId) => {
    const told = hints({ recent: recent(...words) });
    expect(told.map(hint => [hint.message, hint.runId])).toEqual(
      message === undefined ? [] : [[message, runId]],
    );
  });

  it('counts only what ended, ten at most', () => {
    const status = fc.constantFrom(
      ...['succeeded', 'failed', 'rolled_back', 'waiting', 'unknown'],
    );
    fc.assert(
      fc.property(fc.array(status, { maxLength: 30 }), words => {
        const ended = words
          .filter(word => !['waiting', 'unknown'].includes(word))
          .slice(0, 10);
        const failed = ended.filter(word => word !== 'succeeded');
        const told = hints({ recent: recent(...words) });
        expect(told).toHaveLength(Math.min(1, ended.length));
        expect(told.some(({ level }) => level === 'warn')).toBe(
          failed.length > 0,
        );
        expect(told[0]?.runId !== undefined).toBe(failed.length > 0);
      }),
    );
  });
});
