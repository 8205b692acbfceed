import type { Reviewer } from '../people/reviewers';
import {
  branchPolicySchema,
  environmentSchema,
  itemsOf,
  parseBody,
  type RawEnvironment,
} from './bodies';
import type { PersonClient } from './PersonClient';
import type { Repository } from './repositories';

/** From where an environment takes deployments. */
export type Branches =
  | { kind: 'all' }
  | { kind: 'protected' }
  | { kind: 'named'; policies: { id: number; name: string; type: string }[] };

/** An environment of a repository, as GitHub has it. */
export interface Environment {
  id: number;
  name: string;
  htmlUrl?: string;
  reviewers: Reviewer[];
  /** Whether there is a rule at all: without one nobody needs to approve. */
  hasReviewerRule: boolean;
  preventSelfReview: boolean;
  waitMinutes: number;
  /** Undefined: GitHub does not say. */
  adminsBypass?: boolean;
  branches: Branches;
}

/** One environment of one repository. */
export interface EnvironmentAt {
  client: PersonClient;
  repository: Repository;
  name: string;
}

export const ENVIRONMENT =
  '/repos/{owner}/{repo}/environments/{environment_name}';
export const POLICIES = `${ENVIRONMENT}/deployment-branch-policies`;

export function environmentParameters({ repository, name }: EnvironmentAt) {
  const { owner, repo } = repository;
  return { owner, repo, environment_name: name };
}

/** The environment, read fresh; undefined when there is none of that name. */
export async function findEnvironment(
  at: EnvironmentAt,
): Promise<Environment | undefined> {
  const what = `the environment ${at.name} of ${at.repository.slug}`;
  const body = await at.client.find(
    ENVIRONMENT,
    environmentParameters(at),
    `read ${what}`,
  );
  if (body === undefined) return undefined;
  const raw = parseBody(environmentSchema, body, what);
  const rules = raw.protection_rules ?? [];
  const review = rules.find(({ type }) => type === 'required_reviewers');
  const reviewers = reviewersOf(review?.reviewers ?? [], at.repository.owner);
  return {
    id: raw.id,
    name: raw.name,
    htmlUrl: raw.html_url,
    reviewers,
    hasReviewerRule: reviewers.length > 0,
    preventSelfReview: review?.prevent_self_review ?? false,
    waitMinutes: Math.max(0, ...rules.map(rule => rule.wait_timer ?? 0)),
    adminsBypass: raw.can_admins_bypass,
    branches: await branchesOf(at, raw),
  };
}

type RawReviewers = NonNullable<
  NonNullable<RawEnvironment['protection_rules']>[number]['reviewers']
>;

function reviewersOf(raw: RawReviewers, org: string): Reviewer[] {
  return raw.map(({ type, reviewer }) =>
    type === 'User'
      ? { type, id: reviewer.id, login: reviewer.login ?? String(reviewer.id) }
      : {
          type,
          id: reviewer.id,
          slug: `${org}/${reviewer.slug ?? reviewer.id}`,
        },
  );
}

async function branchesOf(
  at: EnvironmentAt,
  raw: RawEnvironment,
): Promise<Branches> {
  const policy = raw.deployment_branch_policy;
  if (!policy) return { kind: 'all' };
  if (!policy.custom_branch_policies) return { kind: 'protected' };
  const items = await at.client.list(
    POLICIES,
    environmentParameters(at),
    `read the branch policy of the environment ${at.name}`,
    itemsOf('branch_policies'),
  );
  const policies = items.map(item => {
    const { id, name, type } = parseBody(
      branchPolicySchema,
      item,
      'a branch policy',
    );
    return { id, name, type: type ?? 'branch' };
  });
  return { kind: 'named', policies };
}

/** Names of what may deploy, tags marked; a word where there is no list. */
export function branchNames(branches: Branches): string[] {
  if (branches.kind === 'all') return ['(all branches)'];
  if (branches.kind === 'protected') return ['(protected branches)'];
  return branches.policies.map(({ name, type }) =>
    type === 'tag' ? `tag ${name}` : name,
  );
}

/** True when only wanted branches get in: none at all counts as fewer. */
export function isWithin(
  branches: Branches,
  wanted: readonly string[],
): boolean {
  return (
    branches.kind === 'named' &&
    branches.policies.every(
      ({ name, type }) => type === 'branch' && wanted.includes(name),
    )
  );
}
