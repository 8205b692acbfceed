import { itemsOf, parseBody, rulesetSchema, type Ruleset } from './bodies';
import { GithubCallError } from './GithubCallError';
import type { PersonClient } from './PersonClient';
import { isAboutThePlan } from './protection';
import type { Repository } from './repositories';

const RULESETS = '/repos/{owner}/{repo}/rulesets';

/** Rules of one branch. */
export interface WantedRuleset {
  name: string;
  branch: string;
  /** Names of checks that have to pass. */
  requiredChecks: readonly string[];
  /** Approving reviews before a merge. */
  reviews: number;
  codeOwners: boolean;
  linearHistory: boolean;
}

/** The repository whose rules they are. */
export interface RulesAt {
  client: PersonClient;
  repository: Repository;
}

type Rule = NonNullable<Ruleset['rules']>[number];

function refOf(repository: Repository, branch: string): string {
  return branch === repository.defaultBranch
    ? '~DEFAULT_BRANCH'
    : `refs/heads/${branch}`;
}

/** The ruleset of that name, read fresh; undefined when there is none. */
export async function findRuleset(
  { client, repository }: RulesAt,
  name: string,
): Promise<Ruleset | undefined> {
  const { owner, repo, slug } = repository;
  const doing = `read the rulesets of ${slug}`;
  const items = await client.list(
    RULESETS,
    { owner, repo, includes_parents: false },
    doing,
    itemsOf(),
  );
  const found = items
    .map(item => parseBody(rulesetSchema, item, `the rulesets of ${slug}`))
    .find(item => item.name === name && (item.target ?? 'branch') === 'branch');
  if (!found) return undefined;
  const body = await client.get(
    `${RULESETS}/{ruleset_id}`,
    { owner, repo, ruleset_id: found.id },
    doing,
  );
  return parseBody(rulesetSchema, body, `the ruleset ${name} of ${slug}`);
}

function numberOf(rule: Rule | undefined, key: string): number {
  const value = rule?.parameters?.[key];
  return typeof value === 'number' ? value : 0;
}

function isOn(rule: Rule | undefined, key: string): boolean {
  return rule?.parameters?.[key] === true;
}

function contextsOf(rule: Rule | undefined): { context: string }[] {
  const list = rule?.parameters?.required_status_checks;
  return (Array.isArray(list) ? list : []).filter(
    (item): item is { context: string } => typeof item?.context === 'string',
  );
}

/** The wanted rules together with what is there: nothing gets weaker. */
export function rulesOf(
  existing: readonly Rule[],
  wanted: WantedRuleset,
): Rule[] {
  const byType = new Map(existing.map(rule => [rule.type, rule]));
  const review = byType.get('pull_request');
  const checks = byType.get('required_status_checks');
  const contexts = contextsOf(checks);
  for (const context of wanted.requiredChecks) {
    if (!contexts.some(item => item.context === context)) {
      contexts.push({ context });
    }
  }
  const made: Rule[] = [
    { type: 'deletion' },
    { type: 'non_fast_forward' },
    {
      type: 'pull_request',
      parameters: {
        ...review?.parameters,
        required_approving_review_count: Math.max(
          wanted.reviews,
          numberOf(review, 'required_approving_review_count'),
        ),
        dismiss_stale_reviews_on_push: true,
        require_last_push_approval: true,
        require_code_owner_review:
          wanted.codeOwners || isOn(review, 'require_code_owner_review'),
        required_review_thread_resolution: isOn(
          review,
          'required_review_thread_resolution',
        ),
      },
    },
  ];
  if (contexts.length > 0) {
    made.push({
      type: 'required_status_checks',
      parameters: {
        ...checks?.parameters,
        strict_required_status_checks_policy: true,
        required_status_checks: contexts,
      },
    });
  }
  if (wanted.linearHistory) made.push({ type: 'required_linear_history' });
  const types = new Set(made.map(({ type }) => type));
  return [...made, ...existing.filter(({ type }) => !types.has(type))];
}

/**
 * Makes the ruleset, or strengthens the one of that name; reads it back.
 *
 * @throws when GitHub refuses, or does not give back what was wanted
 */
export async function ensureRuleset(
  at: RulesAt,
  wanted: WantedRuleset,
): Promise<Ruleset> {
  const { slug } = at.repository;
  const open = `The branch ${wanted.branch} of ${slug} is not protected:`;
  let found: Ruleset | undefined;
  try {
    await write(at, wanted, await findRuleset(at, wanted.name));
    found = await findRuleset(at, wanted.name);
  } catch (error) {
    if (error instanceof GithubCallError && isAboutThePlan(error.words)) {
      throw new Error(
        `${open} the organisation's plan has no rulesets for private repositories (GitHub says: “${error.words}”).`,
      );
    }
    throw error;
  }
  const weak = found
    ? rulesetWeaknesses(found, at.repository, wanted)
    : ['GitHub does not have it'];
  if (!found || weak.length > 0) {
    throw new Error(
      `${open} ${weak.join('; ')}. Mend it and start the task again.`,
    );
  }
  return found;
}

async function write(
  { client, repository }: RulesAt,
  wanted: WantedRuleset,
  existing: Ruleset | undefined,
): Promise<void> {
  const { owner, repo, slug } = repository;
  const ref = refOf(repository, wanted.branch);
  const include = existing?.conditions?.ref_name?.include ?? [];
  await client.write(
    existing ? `PUT ${RULESETS}/{ruleset_id}` : `POST ${RULESETS}`,
    {
      ...{ owner, repo },
      ...(existing && { ruleset_id: existing.id }),
      name: wanted.name,
      target: 'branch',
      enforcement: 'active',
      bypass_actors: [],
      conditions: {
        ref_name: { include: [...new Set([ref, ...include])], exclude: [] },
      },
      rules: rulesOf(existing?.rules ?? [], wanted),
    },
    `protect the branch ${wanted.branch} of ${slug}`,
    `to administer ${slug} (repository permission “Administration”)`,
  );
}

/** What is missing of the protection of a branch; a sentence's end each. */
export function rulesetWeaknesses(
  found: Ruleset,
  repository: Repository,
  wanted: Pick<WantedRuleset, 'branch' | 'requiredChecks' | 'reviews'>,
): string[] {
  const names = found.conditions?.ref_name;
  const refs = [
    refOf(repository, wanted.branch),
    `refs/heads/${wanted.branch}`,
    '~ALL',
  ];
  const rules = new Map((found.rules ?? []).map(rule => [rule.type, rule]));
  const review = rules.get('pull_request');
  const contexts = contextsOf(rules.get('required_status_checks'));
  const missing = wanted.requiredChecks.filter(
    name => !contexts.some(({ context }) => context === name),
  );
  const covers = names?.include?.some(ref => refs.includes(ref)) ?? false;
  return [
    ...(found.enforcement === 'active' ? [] : ['its rules are not enforced']),
    ...(covers && !names?.exclude?.length
      ? []
      : [`its rules do not cover ${wanted.branch}`]),
    ...(found.bypass_actors?.length ? ['somebody may bypass its rules'] : []),
    ...['deletion', 'non_fast_forward', 'pull_request']
      .filter(type => !rules.has(type))
      .map(type => `the rule ${type} is missing`),
    ...(numberOf(review, 'required_approving_review_count') < wanted.reviews
      ? [`it needs less than ${wanted.reviews} approving reviews`]
      : []),
    ...missing.map(name => `the check “${name}” is not required`),
  ];
}
