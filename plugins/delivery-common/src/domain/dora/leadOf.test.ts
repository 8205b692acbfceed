import { DEFAULT_DORA_SETTINGS } from '../../contract';
import type { DoraSettings } from '../../contract';
import type { ChangeFact, CommitFact } from './facts';
import { leadOf } from './leadOf';
import { at, MINUTE } from './testUtils/sources';

const DAY = 24 * 60;
const change = (part: Partial<ChangeFact> = {}): ChangeFact => ({
  ...{ id: 'p', kind: 'pull_request', mergeSha: 'm' },
  commits: [
    { sha: 'x', authoredAt: at(5), committedAt: at(6) },
    { sha: 'w', authoredAt: at(0), committedAt: at(1) },
  ],
  ...{ openedAt: at(10), firstReviewAt: at(30), mergedAt: at(60) },
  ...part,
});
const lead = (
  part: Partial<ChangeFact>,
  leadTimeStart: DoraSettings['leadTimeStart'] = 'first_commit',
  commits: CommitFact[] = [],
) =>
  leadOf(
    change(part),
    at(100),
    { ...DEFAULT_DORA_SETTINGS, leadTimeStart },
    new Map(commits.map(each => [each.sha, each])),
  );
/** Stages in minutes. */
const stagesOf = ({ stages }: ReturnType<typeof lead>) =>
  stages &&
  Object.entries(stages)
    .map(([name, ms]) => `${name} ${ms / MINUTE}`)
    .join(', ');

describe('where lead time begins', () => {
  it.each([
    ['first_commit', 0],
    ['commit', 0],
    ['pr_opened', 10],
    ['pr_merged', 60],
  ] as const)('%s', (start, minute) => {
    expect(lead({}, start)).toMatchObject({
      ...{ leadStartAt: at(minute), leadMs: (100 - minute) * MINUTE },
    });
  });

  it('each commit for itself, where that is wanted', () => {
    expect(lead({}, 'commit').commitLeadsMs).toEqual(
      [95, 100].map(m => m * MINUTE),
    );
    expect(lead({}).commitLeadsMs).toBeUndefined();
  });

  it.each<
    [string, Partial<ChangeFact>, CommitFact[], number | undefined, string[]]
  >([
    ['no commits', { commits: undefined }, [], undefined, []],
    ['commits without dates', { commits: [{ sha: 'w' }] }, [], undefined, []],
    [
      'dates of the commit itself',
      { commits: [{ sha: 'w' }] },
      [{ sha: 'w', authoredAt: at(3) }],
      3,
      [],
    ],
    [
      'written after it was opened: the committer’s date',
      { commits: [{ sha: 'w', authoredAt: at(20), committedAt: at(22) }] },
      [],
      22,
      ['author_date_after_opening'],
    ],
    [
      'much older than the pull request',
      { commits: [{ sha: 'w', authoredAt: at(-91 * DAY) }] },
      [],
      -91 * DAY,
      ['first_commit_is_old'],
    ],
    [
      'a direct commit',
      { kind: 'commit', commits: undefined, openedAt: undefined },
      [{ sha: 'm', authoredAt: at(7) }],
      7,
      [],
    ],
  ])('%s', (_, part, commits, minute, warnings) => {
    const found = lead(part, 'first_commit', commits);
    expect(found.leadStartAt).toBe(
      minute === undefined ? undefined : at(minute),
    );
    expect(found.warnings).toEqual(warnings);
    expect(found.leadMs).toBe(
      minute === undefined ? undefined : (100 - minute) * MINUTE,
    );
  });

  it('a direct commit is opened and merged when it is made', () => {
    const direct = {
      kind: 'commit',
      openedAt: undefined,
      mergedAt: undefined,
    } as const;
    expect(lead(direct, 'pr_merged').leadStartAt).toBe(at(1));
    expect(
      lead({ openedAt: undefined }, 'pr_opened').leadStartAt,
    ).toBeUndefined();
  });

  it('a negative time is told without stages', () => {
    const found = lead({
      commits: [{ sha: 'w', authoredAt: at(130) }],
      openedAt: at(140),
    });
    expect(found.leadMs).toBe(-30 * MINUTE);
    expect(found.stages).toBeUndefined();
  });
});

describe('stages', () => {
  it.each<[string, Partial<ChangeFact>, DoraSettings['leadTimeStart'], string]>(
    [
      [
        'all of them',
        {},
        'first_commit',
        'coding 10, pickup 20, review 30, deploy 40',
      ],
      ['from opened', {}, 'pr_opened', 'pickup 20, review 30, deploy 40'],
      ['from merged', {}, 'pr_merged', 'deploy 40'],
      [
        'nobody reviewed',
        { firstReviewAt: undefined },
        'first_commit',
        'coding 10, review 50, deploy 40',
      ],
      [
        'a review after the merge',
        { firstReviewAt: at(70) },
        'first_commit',
        'coding 10, review 50, deploy 40',
      ],
      [
        'a review before it was opened',
        { firstReviewAt: at(5) },
        'first_commit',
        'coding 10, pickup 0, review 50, deploy 40',
      ],
      [
        'merged before it was opened',
        { openedAt: at(70) },
        'first_commit',
        'coding 70, pickup 0, review 0, deploy 30',
      ],
      [
        'deployed before it was merged',
        { mergedAt: at(110) },
        'first_commit',
        'coding 10, pickup 20, review 70, deploy 0',
      ],
      [
        'never opened',
        { kind: 'commit', openedAt: undefined, firstReviewAt: undefined },
        'first_commit',
        'coding 60, deploy 40',
      ],
      [
        'never merged',
        { mergedAt: undefined },
        'first_commit',
        'coding 10, deploy 90',
      ],
    ],
  )('%s', (_, part, start, expected) => {
    expect(stagesOf(lead(part, start))).toBe(expected);
  });
});
