import type { ApprovalDetail, MayAct } from 'backstage-plugin-delivery-common';
import {
  firstRefusal,
  type RuleResult,
} from 'backstage-plugin-delivery-common/domain';
import type { ApprovalRow } from '../../database/ApprovalStore';
import type { Caller } from './Callers';

/** Rules that are about the person or the gate; the others say "not now" to an approval and nothing to a rejection. */
const OF_EVERY_DECISION = new Set([
  ...['not_waiting', 'no_reviewers', 'self_review_not_prevented'],
  ...['admin_bypass', 'wait_timer', 'not_eligible'],
  ...['self_review', 'self_review_unknown', 'unknown_author'],
]);

/** Whether the caller's decision would be taken, as far as it can be told before they prove who they are. */
export function youMay(input: {
  row: ApprovalRow;
  may: MayAct;
  caller: Caller | undefined;
  reviewers: ApprovalDetail['reviewers'];
  rules: RuleResult[];
}): MayAct {
  const { row, may, caller, reviewers, rules } = input;
  if (row.state !== 'waiting') {
    return no('not_waiting', 'This does not wait for a decision any more.');
  }
  if (!may.allowed) return may;
  if (!caller) return no('not_a_person', 'Only a person can decide.');
  const refusal = firstRefusal(
    rules.filter(
      rule =>
        rule.kind === 'refuse' && OF_EVERY_DECISION.has(rule.refusal.code),
    ),
  );
  if (refusal) return no(refusal.code, refusal.message);
  const isListed = reviewers.some(({ you }) => you);
  const allKnown = reviewers.every(({ ref }) => ref !== undefined);
  if (reviewers.length > 0 && !isListed && allKnown) {
    const names = reviewers.map(({ name }) => name).join(', ');
    return no(
      'not_eligible',
      `GitHub does not list you among those who may decide: ${names}.`,
    );
  }
  return may;
}

function no(code: string, message: string): MayAct {
  return { allowed: false, reason: { code, message } };
}
