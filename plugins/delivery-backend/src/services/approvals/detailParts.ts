import type { ApprovalDetail } from 'backstage-plugin-delivery-common';
import type {
  Account,
  GatePolicy,
  SoakFacts,
} from 'backstage-plugin-delivery-common/domain';
import type { CommitCheck } from 'backstage-plugin-delivery-node';
import type { GateFacts } from './GateFacts';

/** Commits that a page lists. */
const MAX_COMMITS = 250;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const GOOD = ['success', 'neutral', 'skipped'];
const BAD = ['failure', 'timed_out', 'startup_failure'];

type Commits = ApprovalDetail['commits'];

/** What comes in, newest first as the vendor lists it. */
export function commitsOf(facts: GateFacts | undefined): Commits {
  const range = facts?.range;
  if (!range) {
    return {
      // Only where nobody knows of a commit that runs there is it the first.
      status: facts && facts.runningSha === undefined ? 'first' : 'unknown',
      ...{ items: [], total: 0, people: 0 },
    };
  }
  const { commits, pullRequests, status, total, url } = range;
  const titles = new Set(pullRequests.map(({ number }) => number));
  return {
    status,
    items: commits.slice(0, MAX_COMMITS).map(commit => ({
      ...{ sha: commit.sha, title: commit.title, at: commit.at },
      author: commit.author?.login ?? commit.authorName,
      pullRequest: commit.pullRequest,
      url:
        commit.pullRequest !== undefined && titles.has(commit.pullRequest)
          ? `${facts.repository.url}/pull/${commit.pullRequest}`
          : `${facts.repository.url}/commit/${commit.sha}`,
    })),
    total,
    people: peopleOf(
      commits.flatMap(({ author, coAuthors }) => [author, ...coAuthors]),
    ),
    url,
  };
}

/** Bots are no people, and of whom no account is known is not counted. */
function peopleOf(accounts: (Account | undefined)[]): number {
  return new Set(
    accounts.flatMap(account =>
      !account || account.bot
        ? []
        : account.id ?? account.login?.toLowerCase() ?? [],
    ),
  ).size;
}

/** A check as the page shows it; a word that nobody knows is never a success. */
export function checkInWords({
  name,
  status,
  conclusion,
  completedAt,
  url,
}: CommitCheck): ApprovalDetail['checks'][number] {
  return {
    ...{ name, conclusion, at: completedAt, url },
    state: stateOf(status, conclusion),
  };
}

function stateOf(
  status: string,
  conclusion: string | undefined,
): ApprovalDetail['checks'][number]['state'] {
  if (status !== 'completed') return 'pending';
  if (conclusion === undefined) return 'unknown';
  if (GOOD.includes(conclusion)) return 'pass';
  if (BAD.includes(conclusion)) return 'fail';
  return conclusion === 'cancelled' || conclusion === 'action_required'
    ? 'warn'
    : 'unknown';
}

/** Where the candidate ran before, in a sentence. */
export function soakInWords(
  soak: SoakFacts | undefined,
  required: GatePolicy['soak'],
  now: number,
): ApprovalDetail['soak'] {
  if (!soak) return undefined;
  const { environment, health, since, state } = soak;
  const requiredMs =
    required?.environment === environment ? required.ms : undefined;
  return {
    ...{ environment, state, since, health, requiredMs },
    message: sentenceOf(soak, now),
  };
}

function sentenceOf(
  { environment, health, since, state }: SoakFacts,
  now: number,
): string {
  if (state === 'unknown') return `What runs in ${environment} is not known.`;
  if (state === 'other') return `Another commit runs in ${environment}.`;
  const long = since === undefined ? '' : ` for ${spanOf(now - since)}`;
  const word =
    health === 'unknown' || health === 'none' || health === undefined
      ? ', its health is not known'
      : `, ${health}`;
  return `The same runs in ${environment}${long}${word}.`;
}

function spanOf(ms: number): string {
  if (ms < MINUTE) return `${Math.max(0, Math.floor(ms / 1000))} s`;
  const minutes = Math.floor(ms / MINUTE);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(ms / HOUR);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}
