import { GitHubContext } from '../github/gitHubContext';
import {
  closeIssue,
  deleteIssue,
  editIssue,
  labelIssue,
  openIssue,
  reopenIssue,
  unlabelIssue,
} from '../github/issueActs';
import { GitHubError, IssueRecord } from '../state';
import { writable } from './actions';
import { Body, text } from './awsTarget';
import { lastChange } from './lastChange';
import { Target } from './target';

const INCIDENT = 'incident';
const NAMES = ['sha', 'run', 'pr', 'none'] as const;
const MINUTE = 60_000;

/** What can be done to an incident there is; each a flag of its own. */
const ACTS = ['close', 'reopen', 'label', 'unlabel', 'edit', 'delete'] as const;
type Act = (typeof ACTS)[number];

const labelsOf = ({ label }: Target): string[] =>
  label === undefined ? [INCIDENT] : [INCIDENT, label];

/** What the text of an incident says about its cause. */
async function causeIn(
  ctx: GitHubContext,
  target: Target,
  names: (typeof NAMES)[number],
): Promise<string> {
  if (names === 'none') return 'People report errors. The cause is not known.';
  const { run, sha, pull } = await lastChange(ctx, target);
  const { owner, name } = target.repo;
  if (names === 'sha') return `People report errors.\n\nroot cause: ${sha}`;
  if (names === 'run') {
    return `Errors since ${ctx.baseUrl}/${owner}/${name}/actions/runs/${run.id}`;
  }
  if (!pull) {
    throw new GitHubError(
      409,
      `What went to production last came by no pull request: ${sha.slice(
        0,
        7,
      )}. Use --names sha.`,
    );
  }
  return `Errors since #${pull.number} went to production.`;
}

const shown = (ctx: GitHubContext, { repo }: Target, issue: IssueRecord) => ({
  repo: `${repo.owner}/${repo.name}`,
  number: issue.number,
  title: issue.title,
  body: issue.body,
  state: issue.state,
  labels: issue.labels,
  createdAt: issue.createdAt,
  closedAt: issue.closedAt,
  url: `${ctx.baseUrl}/${repo.owner}/${repo.name}/issues/${issue.number}`,
});

/** The newest incident of the component that something can be done to. */
function newest(ctx: GitHubContext, target: Target, act: Act): IssueRecord {
  const state = act === 'reopen' ? 'closed' : 'open';
  // one that has lost its label is found by what it was opened with
  const wanted = labelsOf(target);
  const had = (issue: IssueRecord, label: string) =>
    issue.events.some(event => event.label === label);
  const found = [...ctx.store.issues.values()]
    .filter(
      issue =>
        issue.repoId === target.repo.id &&
        issue.state === state &&
        wanted.every(label => had(issue, label)) &&
        issue.labels.includes(INCIDENT) === (act !== 'label'),
    )
    .sort((a, b) => b.createdAt - a.createdAt || b.number - a.number)[0];
  if (!found) {
    throw new GitHubError(
      409,
      `${target.repo.name} has no ${state} incident with ${wanted.join(
        ' and ',
      )} to ${act}.`,
    );
  }
  return found;
}

function minutesAgo(body: Body): number {
  const given = body['minutes-ago'] ?? 0;
  const minutes = Number(given);
  if (given === true || !Number.isFinite(minutes) || minutes < 0) {
    throw new GitHubError(
      400,
      '--minutes-ago is a number of minutes, for example --minutes-ago 20.',
    );
  }
  return minutes * MINUTE;
}

function change(
  ctx: GitHubContext,
  target: Target,
  act: Act,
  options: { actor: string; at: number; title?: string },
) {
  const issue = newest(ctx, target, act);
  const { title, ...who } = options;
  if (act === 'edit') {
    editIssue(ctx, issue, who, { title: title ?? `${issue.title}, again` });
  } else if (act === 'label') labelIssue(ctx, issue, who, INCIDENT);
  else if (act === 'unlabel') unlabelIssue(ctx, issue, who, INCIDENT);
  else if (act === 'close') closeIssue(ctx, issue, who);
  else if (act === 'reopen') reopenIssue(ctx, issue, who);
  else deleteIssue(ctx, issue, who);
  return shown(ctx, target, issue);
}

/** Opens an issue that says production has trouble, or does something to the newest one. */
export async function incident(ctx: GitHubContext, target: Target, body: Body) {
  const actor = writable(ctx, target.repo, body).login;
  const at = ctx.store.clock.now() - minutesAgo(body);
  const title = text(body, 'title');
  const acts = ACTS.filter(act => body[act] === true);
  if (acts.length > 1) {
    throw new GitHubError(
      400,
      `Only one of --${acts.join(' and --')} at a time.`,
    );
  }
  if (acts.length === 1) {
    return change(ctx, target, acts[0], { actor, at, title });
  }
  const asked = text(body, 'names') ?? 'none';
  const names = NAMES.find(name => name === asked);
  if (!names) {
    throw new GitHubError(
      400,
      `--names is one of ${NAMES.join(', ')}, not "${asked}".`,
    );
  }
  const issue = openIssue(
    ctx,
    target.repo,
    { actor, at },
    {
      title: title ?? 'Errors in production',
      body: await causeIn(ctx, target, names),
      labels: labelsOf(target),
    },
  );
  return shown(ctx, target, issue);
}
