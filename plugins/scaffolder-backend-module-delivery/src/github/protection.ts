import {
  canOthersApprove,
  isSame,
  MAX_REVIEWERS,
  nameOf,
  type Reviewer,
} from '../people/reviewers';
import {
  branchNames,
  isWithin,
  type Branches,
  type Environment,
} from './environments';
import type { PersonalAccess } from './person';

/** How an environment shall be protected. */
export interface WantedProtection {
  /** True: without somebody's approval nothing gets in. */
  requireReviewers: boolean;
  reviewers: readonly Reviewer[];
  preventSelfReview: boolean;
  /** True: administrators may pass by, if they may today. */
  adminsBypass: boolean;
  branches: readonly string[];
  waitMinutes: number;
}

/** What is written: everything of {@link WantedProtection}, and what was there if that is stricter. */
export interface Protection {
  reviewers: Reviewer[];
  preventSelfReview: boolean;
  adminsBypass: boolean;
  waitMinutes: number;
}

/** Nothing that is there gets weaker, and no reviewer is lost. */
export function strictestOf(
  existing: Environment | undefined,
  wanted: WantedProtection,
): Protection {
  const kept = existing?.reviewers ?? [];
  const added = wanted.reviewers.filter(
    reviewer => !kept.some(other => isSame(other, reviewer)),
  );
  return {
    reviewers: [...kept, ...added],
    preventSelfReview:
      wanted.preventSelfReview || (existing?.preventSelfReview ?? false),
    adminsBypass: wanted.adminsBypass && existing?.adminsBypass !== false,
    waitMinutes: Math.max(wanted.waitMinutes, existing?.waitMinutes ?? 0),
  };
}

/** Why it must not be written at all; undefined: it may. */
export async function refusalOf(
  access: PersonalAccess,
  protection: Protection,
  required: boolean,
): Promise<string | undefined> {
  const { reviewers, preventSelfReview } = protection;
  if (reviewers.length > MAX_REVIEWERS) {
    return `it would have ${reviewers.length} reviewers (${reviewers
      .map(nameOf)
      .join(', ')}), and GitHub takes ${MAX_REVIEWERS} at most: use a team`;
  }
  if (!required) return undefined;
  if (reviewers.length === 0) {
    return 'it needs an approval, and there is no reviewer';
  }
  if (preventSelfReview && !(await canOthersApprove(access, reviewers))) {
    return `nobody but you (“${access.person.login}”) could approve, and nobody approves what they started themselves: add another reviewer`;
  }
  return undefined;
}

const PLAN_GIVES_NONE =
  "GitHub gave no required reviewers back: the organisation's plan has them for public repositories only. It needs GitHub Enterprise, or a public repository";

/** True for GitHub's refusals because of what somebody pays. */
export function isAboutThePlan(words: string): boolean {
  return /billing plan|upgrade to|not available (?:for|on) (?:your|this) plan/i.test(
    words,
  );
}

/** The sentence for such a refusal. */
export function planRefuses(words: string): string {
  return `the organisation's plan does not give that protection to private repositories (GitHub says: “${words}”). It needs GitHub Enterprise, or a public repository`;
}

/** What of the wanted is not there, read back after writing; a sentence's end each. */
export function shortcomingsOf(
  found: Environment | undefined,
  wanted: WantedProtection,
): string[] {
  if (!found) return ['GitHub does not have it'];
  const missing = wanted.reviewers.filter(
    reviewer => !found.reviewers.some(other => isSame(other, reviewer)),
  );
  const asksSomebody = found.reviewers.length > 0;
  return [
    ...(wanted.requireReviewers && !found.hasReviewerRule
      ? [PLAN_GIVES_NONE]
      : missing.map(one => `${nameOf(one)} is no reviewer`)),
    ...(wanted.preventSelfReview && asksSomebody && !found.preventSelfReview
      ? ['people may approve what they started themselves']
      : []),
    ...(found.branches.kind === 'all' ? ['every branch may deploy to it'] : []),
    ...(!wanted.adminsBypass && found.adminsBypass === true
      ? ['administrators may bypass its rules']
      : []),
    ...(found.waitMinutes < wanted.waitMinutes
      ? [
          `it waits ${found.waitMinutes} minutes instead of ${wanted.waitMinutes}`,
        ]
      : []),
  ];
}

/** What a person should know although it is no mistake. */
export function remarksOn(
  branches: Branches,
  wanted: readonly string[],
): string[] {
  const names = branchNames(branches);
  const lacking = wanted.filter(name => !names.includes(name));
  return [
    ...(isWithin(branches, wanted)
      ? []
      : [`It keeps its own list of branches: ${names.join(', ')}.`]),
    ...(lacking.length > 0
      ? [`Not in its list of branches: ${lacking.join(', ')}.`]
      : []),
  ];
}
