import { type Conclusion, CONCLUSIONS } from 'backstage-plugin-delivery-common';
import { toState } from 'backstage-plugin-delivery-common/domain';
import type { JobRow } from '../../database/rows';
import { afterwardsOf } from './afterwards';

const NOON = Date.UTC(2026, 10, 20, 12);
const MINUTE = 60_000;
type Step = [name: string, conclusion: string];

function job(
  name: string,
  conclusion: string,
  more: Partial<JobRow> & { from?: number; words?: Step[] } = {},
): JobRow {
  const { from = 0, words = [], ...rest } = more;
  const at = NOON + from * MINUTE;
  return {
    ...{ jobKey: `job.${name}`, runKey: 'run.1', repoKey: 'r', attempt: 1 },
    ...{ name, state: toState('completed', conclusion), labels: [] },
    ...{ startedAt: at, completedAt: at + Math.max(words.length, 5) * MINUTE },
    url: `https://github.example/${encodeURIComponent(name)}`,
    steps: words.map(([step, word], index) => ({
      ...{ number: index + 1, name: step, state: toState('completed', word) },
      startedAt: at + index * MINUTE,
      completedAt: at + (index + 1) * MINUTE,
    })),
    ...rest,
  };
}

const own = new Set(['job.Deploy']);
const good = job('Deploy', 'success', { environment: 'production' });

describe('afterwardsOf', () => {
  it('finds a check that failed after the step that deploys, and what put the revision before back', () => {
    const words: Step[] = [
      ...([['Update the list of packages', 'success']] as Step[]),
      ...([['Deploy to ECS', 'success']] as Step[]),
      ...([['Smoke test', 'failure']] as Step[]),
      ...([['Roll back', 'success']] as Step[]),
      ...([['Tell the team', 'success']] as Step[]),
    ];
    expect(
      afterwardsOf([job('Deploy', 'failure', { words })], own, false),
    ).toEqual({
      checkFailed: {
        ...{ name: 'Smoke test', at: NOON + 3 * MINUTE },
        url: 'https://github.example/Deploy',
      },
      liveAt: NOON + 2 * MINUTE,
      putBack: { at: NOON + 4 * MINUTE, ok: true },
      ran: true,
    });
  });

  it.each<[string, Step[], boolean, boolean]>([
    ['the deployment itself failed', [['Deploy', 'failure']], false, false],
    [
      'a check before it failed',
      [['Check where it goes', 'failure']],
      false,
      false,
    ],
    [
      'the runtime says it was done',
      [
        ['Release', 'skipped'],
        ['Probe', 'failure'],
      ],
      true,
      true,
    ],
    [
      'what failed is no check',
      [
        ['Deploy', 'success'],
        ['Tell the team', 'failure'],
      ],
      false,
      false,
    ],
    [
      'a check ran out of time',
      [
        ['Deploy', 'success'],
        ['Verify', 'timed_out'],
      ],
      false,
      true,
    ],
  ])('%s', (_, words, deployed, isFound) => {
    const { checkFailed } = afterwardsOf(
      [job('Deploy', 'failure', { words })],
      own,
      deployed,
    );
    expect(checkFailed !== undefined).toBe(isFound);
  });

  it('knows that a deployment that failed was put back, or could not be', () => {
    const words = (word: string): Step[] => [
      ['Deploy to ECS', 'failure'],
      ['Roll back', word],
    ];
    const backOf = (word: string) =>
      afterwardsOf(
        [job('Deploy', 'failure', { words: words(word) })],
        own,
        false,
      ).putBack;
    expect(backOf('success')).toEqual({
      at: NOON + 5 * MINUTE - 3 * MINUTE,
      ok: true,
    });
    expect(backOf('failure')).toMatchObject({ ok: false });
    expect(backOf('skipped')).toBeUndefined();
  });

  it('takes a later job that checks for a failure, and one that does something else for none', () => {
    const smoke = job('Smoke tests', 'failure', { from: 6 });
    const back = job('Roll back production', 'success', { from: 12 });
    const notify = job('Notify', 'failure', { from: 6 });
    expect(afterwardsOf([back, smoke, good], own, false)).toMatchObject({
      checkFailed: { name: 'Smoke tests', at: NOON + 11 * MINUTE },
      putBack: { at: NOON + 17 * MINUTE, ok: true },
    });
    expect(afterwardsOf([good, notify], own, false)).toEqual({ ran: false });
    const before = job('Smoke tests of staging', 'failure', { from: -9 });
    expect(afterwardsOf([good, before], own, false)).toEqual({ ran: false });
  });

  it('leaves a check of the next environment to that one', () => {
    const next = job('Deploy elsewhere', 'success', {
      ...{ from: 6, environment: 'production-us' },
    });
    const smoke = job('Smoke tests', 'failure', { from: 12 });
    expect(afterwardsOf([good, next, smoke], own, false)).toEqual({
      ran: false,
    });
  });

  it('tells whether anything ran: a refused gate leaves a job without steps', () => {
    expect(afterwardsOf([job('Deploy', 'failure')], own, false)).toEqual({
      ran: false,
    });
  });

  it('never takes a word it does not know for a failure or a success', () => {
    const known = new Set<Conclusion>(['failure', 'timed_out']);
    for (const word of [...CONCLUSIONS, 'exploded'] as const) {
      const words: Step[] = [
        ['Deploy', 'success'],
        ['Smoke test', word],
      ];
      const { checkFailed } = afterwardsOf(
        [job('Deploy', word, { words })],
        own,
        false,
      );
      expect(checkFailed !== undefined).toBe(known.has(word as Conclusion));
    }
  });
});
