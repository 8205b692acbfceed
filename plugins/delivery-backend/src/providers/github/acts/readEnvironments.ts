import type { GateReading } from 'backstage-plugin-delivery-common/domain';
import { ownerAndName } from '../readRuns';
import {
  ask,
  isDots,
  isGone,
  PAGE,
  sameName,
  unreadable,
  type RepositoryReader,
} from './ask';
import {
  environmentSchema,
  environmentsSchema,
  type RawEnvironment,
  type RawPending,
  type RawReviewer,
} from './bodies';

/** Pages of environments; more than 1,000 of them nobody keeps. */
const MAX_PAGES = 10;

/** See VendorActs.readEnvironment. */
export async function readEnvironment(
  at: RepositoryReader,
  name: string,
): Promise<GateReading | undefined> {
  const environment = await readProtection(at, name);
  return gateOf({ slug: at.scope.slug, environment, inPerson: false });
}

/**
 * The environment; undefined: the repository has none of that name. GitHub says "not found" also to whoever may not see a thing, and
 * a gate that somebody may not see is no open door, so the list has to say it too.
 */
export async function readProtection(
  at: RepositoryReader,
  name: string,
): Promise<RawEnvironment | undefined> {
  // Neither of the two can be in an address.
  if (isDots(name) || name === '') return findInList(at, name);
  try {
    const found = await ask(
      at,
      '/environments/{environment_name}',
      { environment_name: name },
      environmentSchema,
      'an environment',
    );
    if (sameName(found.name, name)) return found;
  } catch (error) {
    if (!isGone(error)) throw error;
  }
  return findInList(at, name);
}

async function findInList(
  at: RepositoryReader,
  name: string,
): Promise<RawEnvironment | undefined> {
  for (let page = 1; page <= MAX_PAGES; page++) {
    const { environments } = await ask(
      at,
      '/environments',
      { per_page: PAGE, page },
      environmentsSchema,
      'environments',
    );
    const found = environments.find(one => sameName(one.name, name));
    if (found || environments.length < PAGE) return found;
  }
  // Nobody may take a gate that was not found in time for none.
  throw unreadable(at.scope.host, `environments of ${at.scope.slug}`);
}

/** Both answers as one; the environment says more than what waits at it. */
export function gateOf({
  slug,
  pending,
  environment,
  inPerson,
}: {
  slug: string;
  pending?: RawPending;
  environment?: RawEnvironment;
  /** Read with a person's token: only then GitHub tells about that person. */
  inPerson: boolean;
}): GateReading | undefined {
  const { id, name } = pending?.environment ?? environment ?? {};
  if (id === undefined || name === undefined) return undefined;
  const rules = environment?.protection_rules ?? [];
  const review = rules.filter(rule => rule.type === 'required_reviewers');
  const timer = rules.find(rule => rule.type === 'wait_timer');
  const reviewers = environment
    ? review.flatMap(rule => rule.reviewers)
    : pending?.reviewers ?? [];
  const prevent = review.find(rule => rule.prevent_self_review !== undefined);
  const startedAt = pending?.wait_timer_started_at;
  const bypass = environment?.can_admins_bypass;
  const mayApprove = pending?.current_user_can_approve;
  return {
    environmentId: String(id),
    environmentName: name,
    ...(prevent && { preventSelfReview: prevent.prevent_self_review }),
    ...(bypass !== undefined && { canAdminsBypass: bypass }),
    waitTimerMinutes: timer?.wait_timer ?? pending?.wait_timer ?? 0,
    ...(startedAt !== undefined && { waitTimerStartedAt: startedAt }),
    reviewers: reviewers.flatMap(raw => reviewerOf(raw, slug) ?? []),
    ...(inPerson &&
      mayApprove !== undefined && { currentUserCanApprove: mayApprove }),
  };
}

type Reviewer = GateReading['reviewers'][number];

/** Undefined: somebody who is gone. */
function reviewerOf(
  { type, reviewer }: RawReviewer,
  slug: string,
): Reviewer | undefined {
  if (!reviewer) return undefined;
  const common = {
    id: String(reviewer.id),
    ...(reviewer.node_id !== undefined && { nodeId: reviewer.node_id }),
  };
  if (type === 'User') {
    return { kind: 'user', name: reviewer.login ?? '', ...common };
  }
  if (type === 'Team') {
    // A team that reviews is always one of the owner of the repository.
    const { owner } = ownerAndName(slug);
    return { kind: 'team', name: `${owner}/${reviewer.slug ?? ''}`, ...common };
  }
  const name = reviewer.login ?? reviewer.slug ?? '';
  return { kind: 'unknown', name, ...common };
}
