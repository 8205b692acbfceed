import type { ApprovalDetail } from 'backstage-plugin-delivery-common';
import { cutText, shortSha } from '../../format/plainText';
import type { T } from '../../translation/deliveryTranslationRef';

const runningOf = ({ changes }: ApprovalDetail) =>
  JSON.stringify(changes.map(({ name, running }) => [name, running]));
const reviewersOf = ({ reviewers }: ApprovalDetail) =>
  JSON.stringify(reviewers.map(({ name, may }) => [name, may]));

/** What is different between what a person saw and what it is now, one sentence each; empty when a decision covers both alike. */
export function differences(
  seen: ApprovalDetail,
  now: ApprovalDetail,
  t: T,
): string[] {
  if (seen.viewHash === now.viewHash) return [];
  const lines: string[] = [];
  if (seen.approval.attempt !== now.approval.attempt) {
    lines.push(
      t('approval.different.attempt', { n: `${now.approval.attempt}` }),
    );
  }
  if (seen.approval.sha !== now.approval.sha) {
    lines.push(
      t('approval.different.sha', { sha: shortSha(now.approval.sha) }),
    );
  }
  if (runningOf(seen) !== runningOf(now)) {
    lines.push(t('approval.different.running'));
  }
  for (const rule of now.policy) {
    const before = seen.policy.find(({ code }) => code === rule.code);
    if (before?.state !== rule.state) {
      lines.push(
        t('approval.different.policy', { message: cutText(rule.message, 400) }),
      );
    }
  }
  if (reviewersOf(seen) !== reviewersOf(now)) {
    lines.push(t('approval.different.reviewers'));
  }
  if (seen.gate.title !== now.gate.title) {
    lines.push(
      t('approval.different.gate', { title: cutText(now.gate.title, 120) }),
    );
  }
  return lines.length > 0 ? lines : [t('approval.different.other')];
}
