import { RulesetRecord } from '../../state';
import { invalidRequest } from '../api/validate';

type Json = Record<string, unknown>;
type Rule = RulesetRecord['rules'][number];

/** Rules that have nothing to set. */
const BARE = [
  'creation',
  'update',
  'deletion',
  'non_fast_forward',
  'required_linear_history',
  'required_signatures',
];

const isTruth = (value: unknown) => typeof value === 'boolean';
const isList = (value: unknown) => Array.isArray(value);
const isCheck = (value: unknown) =>
  typeof value === 'object' &&
  value !== null &&
  'context' in value &&
  typeof value.context === 'string';

/** Members that have to be there, and how they look. */
const NEEDED: Record<string, Record<string, (value: unknown) => boolean>> = {
  pull_request: {
    dismiss_stale_reviews_on_push: isTruth,
    require_code_owner_review: isTruth,
    require_last_push_approval: isTruth,
    required_review_thread_resolution: isTruth,
    required_approving_review_count: value =>
      Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 10,
  },
  required_status_checks: {
    strict_required_status_checks_policy: isTruth,
    required_status_checks: value =>
      Array.isArray(value) && value.every(isCheck),
  },
};

/** What GitHub fills in when it is not said. */
const DEFAULTS: Record<string, Json> = {
  pull_request: {
    allowed_merge_methods: ['merge', 'squash', 'rebase'],
    required_reviewers: [],
  },
  required_status_checks: { do_not_enforce_on_create: false },
};

const noMatch = (index: number) =>
  invalidRequest(
    `Invalid property /rules/${index}: data matches no possible input.`,
  );

function ruleIn(value: unknown, index: number): Rule {
  const rule: Json =
    value !== null && typeof value === 'object' ? { ...value } : {};
  const { type, parameters } = rule;
  if (typeof type !== 'string') throw noMatch(index);
  if (BARE.includes(type)) return { type };
  const needed = NEEDED[type];
  if (!needed || parameters === null || typeof parameters !== 'object') {
    throw noMatch(index);
  }
  const given: Json = { ...DEFAULTS[type], ...parameters };
  const fits = Object.entries(needed).every(([name, test]) =>
    test(given[name]),
  );
  if (!fits) throw noMatch(index);
  return { type, parameters: given };
}

/** @throws GitHubError 422 for a rule the sandbox does not have or whose parameters are wrong */
export function rulesIn(body: Json): Rule[] | undefined {
  const { rules } = body;
  if (rules === undefined) return undefined;
  if (!isList(rules)) {
    throw invalidRequest("For 'properties/rules', it is not an array.");
  }
  return (rules as unknown[]).map(ruleIn);
}
