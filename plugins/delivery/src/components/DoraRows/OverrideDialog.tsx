import type { DoraDeploymentRow } from 'backstage-plugin-delivery-common';
import { useState } from 'react';
import { cutText } from '../../format/plainText';
import { useDoraOverride } from '../../hooks/useDoraOverride';
import { useT } from '../../translation/deliveryTranslationRef';
import { ConfirmDialog, Message, TextArea, WarningIcon } from '../../ui';
import { nameOf } from './DeploymentName';
import { EvidenceChips } from './EvidenceChips';
import type { OverrideVerdict } from './OverrideButton';
import { useRowStyles } from './rowStyles';

/** As the contract asks for it. */
const SHORTEST = 3;
const LONGEST = 800;

/** Asks why before a person's word is put above the evidence. */
export function OverrideDialog(props: {
  row: DoraDeploymentRow;
  verdict: OverrideVerdict;
  onClose: () => void;
  /** With the number of the entry in the audit. */
  onDone: (auditSeq: number) => void;
}) {
  const classes = useRowStyles();
  const t = useT();
  const { busy, problem, send } = useDoraOverride();
  const [reason, setReason] = useState('');
  const { row, verdict } = props;
  const said = reason.trim();
  const missing =
    said.length < SHORTEST ? t('doraRows.override.needReason') : undefined;
  const why = busy ? t('doraRows.override.sending') : missing;
  const title = cutText(row.title ?? '', 160);
  return (
    <ConfirmDialog
      open
      title={t(`doraRows.override.title.${verdict}`)}
      confirm={t(`doraRows.override.confirm.${verdict}`)}
      cancel={t('doraRows.override.back')}
      reason={why}
      onClose={props.onClose}
      onConfirm={async () => {
        const seq = await send({
          entityRef: row.entityRef,
          deploymentId: row.id,
          verdict,
          reason: said,
        });
        if (seq !== undefined) props.onDone(seq);
      }}
    >
      <div>
        <span className={classes.code}>{nameOf(row, t)}</span>
        {title && ' · '}
        {title && <bdi>{title}</bdi>}
      </div>
      <EvidenceChips evidence={row.evidence} />
      <div>{t(`doraRows.override.help.${verdict}`)}</div>
      <TextArea
        label={t('doraRows.override.reason')}
        required
        rows={2}
        value={reason}
        onChange={setReason}
        maxLength={LONGEST}
        disabled={busy}
      />
      {problem !== undefined && (
        <Message
          role="alert"
          tone="error"
          icon={<WarningIcon />}
          title={t('doraRows.override.refused')}
        >
          <div dir="auto">{problem}</div>
        </Message>
      )}
      <div role="status">{why ?? ''}</div>
    </ConfirmDialog>
  );
}
