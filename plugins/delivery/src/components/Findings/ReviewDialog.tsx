import type { Finding } from 'backstage-plugin-delivery-common';
import { useState } from 'react';
import { cutText } from '../../format/plainText';
import { useReview } from '../../hooks/useFindings';
import { useT } from '../../translation/deliveryTranslationRef';
import { ConfirmDialog, Message, TextArea, WarningIcon } from '../../ui';

/** As the contract asks for it. */
const SHORTEST = 3;
const LONGEST = 800;

/** Asks what somebody found who looked into it. */
export function ReviewDialog(props: { finding: Finding; onClose: () => void }) {
  const t = useT();
  const { busy, problem, review } = useReview();
  const [comment, setComment] = useState('');
  const said = comment.trim();
  const missing =
    said.length < SHORTEST ? t('findings.needComment') : undefined;
  const why = busy ? t('findings.sending') : missing;
  return (
    <ConfirmDialog
      open
      title={t('findings.dialogTitle')}
      confirm={t('findings.confirm')}
      cancel={t('findings.back')}
      reason={why}
      onClose={props.onClose}
      onConfirm={async () => {
        if (await review(props.finding.id, said)) props.onClose();
      }}
    >
      <bdi>{cutText(props.finding.message, 400)}</bdi>
      <div>{t('findings.dialogHelp')}</div>
      <TextArea
        label={t('findings.comment')}
        required
        rows={2}
        value={comment}
        onChange={setComment}
        maxLength={LONGEST}
        disabled={busy}
      />
      {problem !== undefined && (
        <Message
          role="alert"
          tone="error"
          icon={<WarningIcon />}
          title={t('findings.failed')}
        >
          <div dir="auto">{problem}</div>
        </Message>
      )}
      <div role="status">{why ?? ''}</div>
    </ConfirmDialog>
  );
}
