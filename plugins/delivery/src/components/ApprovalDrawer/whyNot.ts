import type {
  ActOperation,
  ApprovalDetail,
} from 'backstage-plugin-delivery-common';
import { cutText } from '../../format/plainText';
import { hostLabel, safeUrl } from '../../format/safeUrl';
import type { DecisionState } from '../../hooks/useDecide';
import type { T } from '../../translation/deliveryTranslationRef';

/** As the contract asks for it. */
const SHORTEST = 3;

/** Name of the vendor's place, for sentences. */
export function vendorOf(detail: ApprovalDetail): string {
  const url = safeUrl(detail.repositoryUrl) ?? safeUrl(detail.url);
  return url ? hostLabel(url) : 'GitHub';
}

/**
 * Why the buttons cannot be used now, as sentences; absent: they can. A rule that fails stops only approving: saying no is always safe.
 */
export function whyNot(
  facts: {
    detail: ApprovalDetail;
    phase: DecisionState['phase'];
    operation: ActOperation['state'] | undefined;
    stale: boolean;
    comment: string;
  },
  t: T,
): { both?: string; approve?: string } {
  const { detail, phase, operation } = facts;
  if (phase === 'signing') {
    return { both: t('approval.form.signing', { host: vendorOf(detail) }) };
  }
  if (phase === 'sending') return { both: t('approval.form.sending') };
  if (operation === 'running') return { both: t('approval.form.underWay') };
  if (operation === 'succeeded') return { both: t('approval.form.made') };
  if (operation === 'unknown') {
    return { both: t('approval.form.unknownOutcome') };
  }
  if (!detail.you.allowed) {
    const why = cutText(detail.you.reason?.message ?? '', 400);
    return { both: why || t('approval.form.notYou') };
  }
  if (facts.stale) return { both: t('approval.form.lookAgain') };
  if (facts.comment.trim().length < SHORTEST) {
    return { both: t('approval.form.needReason') };
  }
  const failing = detail.policy.find(({ state }) => state === 'fail');
  return failing
    ? {
        approve: t('approval.form.policyFails', {
          message: cutText(failing.message, 400),
        }),
      }
    : {};
}
