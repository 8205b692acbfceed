import {
  CONFORMANCE_RULES,
  type ConformanceRuleId,
} from '../../contract/conformance';
import type { ConformanceFacts, RuleAnswer } from './facts';
import type { Pipeline } from './Pipeline';
import { readPipeline } from './readPipeline';
import { adminBypass, branchPolicy, reviewers } from './rules/environmentGates';
import { buildOnce, scanBeforePush } from './rules/images';
import { leastPermissions } from './rules/leastPermissions';
import { oidc } from './rules/oidc';
import { pinnedActions } from './rules/pinnedActions';
import {
  environmentConcurrency,
  namedApprover,
  rollback,
} from './rules/production';
import { templateVersion } from './rules/templateVersion';
import { unknown } from './tell';

/** Evidence beyond this is counted. */
const MOST_EVIDENCE = 20;

type Rule = (pipeline: Pipeline, facts: ConformanceFacts) => RuleAnswer;

const RULES: Record<ConformanceRuleId, Rule> = {
  oidc,
  pinned_actions: pinnedActions,
  least_permissions: leastPermissions,
  reviewers,
  branch_policy: branchPolicy,
  admin_bypass: adminBypass,
  build_once: buildOnce,
  scan_before_push: scanBeforePush,
  rollback,
  environment_concurrency: environmentConcurrency,
  named_approver: namedApprover,
  template_version: templateVersion,
};

/** What only a whole pipeline can tell: a called workflow that could not be read may hold it. */
const NEEDS_ALL = new Set<ConformanceRuleId>([
  'oidc',
  'least_permissions',
  'build_once',
  'scan_before_push',
  'rollback',
  'environment_concurrency',
  'named_approver',
]);

/** One rule's answer. */
export interface CheckedRule extends RuleAnswer {
  rule: ConformanceRuleId;
  /** How much more evidence there is. */
  more: number;
}

/** Holds a pipeline against every rule, in their order. Pure; hostile files end as "unknown" or "fail" with a sentence. */
export function checkConformance(facts: ConformanceFacts): CheckedRule[] {
  const pipeline = readPipeline(facts);
  const unread = [
    ...pipeline.broken.map(({ path, text }) => ({ path, text })),
    ...pipeline.workflows
      .flatMap(workflow => workflow.unread)
      .map(({ path, line, text }) => ({
        ...{ path, line, text: `${text} could not be read.` },
      })),
  ];
  return CONFORMANCE_RULES.map(rule => {
    const answer = judge(rule, { pipeline, facts, unread });
    const evidence = answer.evidence.slice(0, MOST_EVIDENCE);
    const more = answer.evidence.length - evidence.length;
    return { rule, ...answer, evidence, more };
  });
}

function judge(
  rule: ConformanceRuleId,
  context: {
    pipeline: Pipeline;
    facts: ConformanceFacts;
    unread: RuleAnswer['evidence'];
  },
): RuleAnswer {
  const { pipeline, facts, unread } = context;
  if (facts.workflows.length === 0 && rule !== 'template_version') {
    return unknown('The repository has no workflow files.');
  }
  const answer = RULES[rule](pipeline, facts);
  // What was seen to be wrong stays wrong; what looks right may not be all there is.
  if (unread.length === 0 || !NEEDS_ALL.has(rule)) return answer;
  if (
    answer.result === 'fail' &&
    rule !== 'rollback' &&
    rule !== 'named_approver'
  ) {
    return answer;
  }
  return unknown(
    'Not everything could be read, so this cannot be told.',
    'Let the portal read the called workflows, or call them from a repository it can read.',
    unread,
  );
}
