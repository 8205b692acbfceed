import { shortSha } from '../environments/vendorText';
import { isKnown, partsOf, type Part } from './authors';
import type {
  Account,
  ChangeRange,
  GatePolicy,
  GateReading,
  GateRun,
  PortalRequest,
  RuleResult,
} from './facts';
import { pass, refuse, warn } from './rules';
import { listed, reviewerNames } from './words';

/** What somebody has to do with a run, so that somebody else has to decide. */
export type SelfReviewWhy =
  | 'actor'
  | 'triggering_actor'
  | 'deployment_creator'
  | 'portal_request'
  | 'pusher'
  | Part['why'];

/** Who decides, as the vendor proved it. */
export interface Decider {
  /** The vendor's numeric id. */
  id: string;
  login: string;
  /** User of the catalog. */
  userRef: string;
}

export interface SelfReviewInput {
  person: Decider;
  run: GateRun;
  requests: PortalRequest[];
  /** Undefined: nothing runs there to compare with. */
  range?: ChangeRange;
  policy: GatePolicy;
  /** Logins of the actors of runs of the range's commits. */
  pushers: string[];
  /** Only to name in the sentence who may decide instead. */
  reviewers?: GateReading['reviewers'];
}

interface Hit {
  why: SelfReviewWhy;
  /** Goes on after "you". */
  did: string;
}

/**
 * Whether it is the person's own run or change. One refusal for each way in which it is; `self_review_unknown` when who began it cannot be
 * told, whatever the policy says of authors.
 */
export function checkSelfReview(input: SelfReviewInput): RuleResult[] {
  const hits = [...initiatedBy(input), ...writtenBy(input)];
  const results = [
    ...firstOfEach(hits).map(hit => refusal(hit, input)),
    ...unknownInitiators(input),
    ...unknownAuthors(input),
  ];
  if (results.some(({ kind }) => kind === 'refuse')) return results;
  return [
    pass(
      'self_review',
      input.policy.authors === 'off'
        ? 'You did not start it or ask for it.'
        : 'You did not start it, ask for it or write it.',
    ),
    ...results,
  ];
}

/** Numeric ids survive renames; a name counts only where there is no id. */
function isPerson(account: Account | undefined, person: Decider): boolean {
  if (!account) return false;
  return account.id ? account.id === person.id : isLogin(account.login, person);
}

function isLogin(login: string | undefined, person: Decider): boolean {
  return Boolean(login) && login?.toLowerCase() === person.login.toLowerCase();
}

function initiatedBy({ person, run, requests }: SelfReviewInput): Hit[] {
  const { actor, triggeringActors, deploymentCreators } = run;
  const ref = person.userRef.toLowerCase();
  const hits: Hit[] = [];
  triggeringActors.forEach((account, index) => {
    if (!isPerson(account, person)) return;
    hits.push({
      why: 'triggering_actor',
      did: `started attempt ${index + 1} of the run`,
    });
  });
  if (isPerson(actor, person)) {
    hits.unshift({ why: 'actor', did: 'started attempt 1 of the run' });
  }
  if (deploymentCreators.some(account => isPerson(account, person))) {
    hits.push({ why: 'deployment_creator', did: 'created the deployment' });
  }
  for (const request of requests) {
    if (
      request.accountId === person.id ||
      request.userRef.toLowerCase() === ref
    ) {
      hits.push({
        why: 'portal_request',
        did: `asked for attempt ${request.attempt} of the run through the portal`,
      });
    }
  }
  return hits;
}

function writtenBy({
  person,
  run,
  range,
  policy,
  pushers,
}: SelfReviewInput): Hit[] {
  const { parts } = partsOf(range, policy, run.headSha);
  const pushed =
    policy.authors === 'range' && pushers.some(name => isLogin(name, person));
  return [
    ...parts.filter(({ account }) => isPerson(account, person)),
    ...(pushed
      ? [{ why: 'pusher' as const, did: 'pushed a commit of this change' }]
      : []),
  ];
}

function firstOfEach(hits: Hit[]): Hit[] {
  return [
    ...new Map(hits.toReversed().map(hit => [hit.why, hit])).values(),
  ].toReversed();
}

function refusal({ why, did }: Hit, input: SelfReviewInput): RuleResult {
  const others = reviewerNames(
    (input.reviewers ?? []).filter(
      ({ kind, id }) => kind !== 'user' || id !== input.person.id,
    ),
  );
  return refuse(
    'self_review',
    403,
    `You cannot approve this: you ${did}. Somebody else${
      others && ` of ${others}`
    } must decide.`,
    { why, login: input.person.login },
  );
}

function unknownInitiators({ run }: SelfReviewInput): RuleResult[] {
  const { actor, attempt, triggeringActors, deploymentCreators } = run;
  const unknown: string[] = [];
  if (!isKnown(actor)) unknown.push('who started the run');
  const attempts = Math.max(attempt, triggeringActors.length);
  const firstUnread = Array.from({ length: attempts }).findIndex(
    (_, index) => !isKnown(triggeringActors[index]),
  );
  if (firstUnread >= 0) unknown.push(`who started attempt ${firstUnread + 1}`);
  if (
    deploymentCreators.some(account => !isKnown(account)) ||
    deploymentCreators.length < run.pendingDeployments.length
  ) {
    unknown.push('who created the deployment');
  }
  if (unknown.length === 0) return [];
  return [
    refuse(
      'self_review_unknown',
      403,
      `It could not be found out ${unknown.join(
        ' and ',
      )}, so nobody can be let approve it from here. Try again later, or start the run again.`,
    ),
  ];
}

/** Commits that nobody is known to have written: told, or refused by policy. */
function unknownAuthors({ run, range, policy }: SelfReviewInput): RuleResult[] {
  if (policy.authors === 'off') return [];
  const { parts, unknown } = partsOf(range, policy, run.headSha);
  const shas = unknown.map(({ sha }) => shortSha(sha));
  const headUnread =
    policy.authors === 'head' &&
    range?.cut === true &&
    parts.length + shas.length === 0;
  const unread = policy.authors === 'range' && range?.cut === true;
  const sentences = [
    ...(range
      ? []
      : ['It is not known what runs there, so not whose change it is.']),
    ...(unread
      ? [
          `Of ${range.total} commits only ${range.commits.length} could be read.`,
        ]
      : []),
    ...(headUnread
      ? [`Who wrote ${shortSha(run.headSha)} could not be read.`]
      : []),
    ...(shas.length > 0
      ? [`Nobody's account is known for the author of ${listed(shas)}.`]
      : []),
  ];
  if (sentences.length === 0) return [];
  const message = sentences.join(' ');
  return [
    policy.unknownAuthors === 'refuse'
      ? refuse(
          'unknown_author',
          403,
          `${message} The policy asks that every author is known.`,
          { commits: listed(shas) },
        )
      : warn('unknown_author', message),
  ];
}
