import type { DoraEvidence } from 'backstage-plugin-delivery-common';
import { cutText } from '../../format/plainText';
import { safeUrl } from '../../format/safeUrl';
import { useT } from '../../translation/deliveryTranslationRef';
import {
  AlarmIcon,
  Chip,
  FailureIcon,
  PersonIcon,
  RerunIcon,
  RollbackIcon,
  UnknownIcon,
} from '../../ui';
import { useRowStyles } from './rowStyles';

const ICONS = {
  runtime_rollback: RollbackIcon,
  check_failed: FailureIcon,
  rolled_back: RollbackIcon,
  incident_named: AlarmIcon,
  reverted: RollbackIcon,
  hotfixed: RerunIcon,
  incident_by_time: AlarmIcon,
  deployment_failed: FailureIcon,
  marked_failed: PersonIcon,
  marked_not_failed: PersonIcon,
  unknown: UnknownIcon,
} satisfies Record<DoraEvidence['code'], typeof RollbackIcon>;

function EvidenceChip(props: { evidence: DoraEvidence }) {
  const classes = useRowStyles();
  const t = useT();
  const { code, inferred, overruled, by, reason } = props.evidence;
  const text = cutText(reason || props.evidence.text, 200);
  const who = cutText(by ?? '', 80);
  const guessed = inferred ? t('doraRows.inferredHint') : undefined;
  const hint = overruled ? t('doraRows.overruledHint') : guessed;
  return (
    <Chip
      tone={inferred && !overruled ? 'warning' : 'quiet'}
      Icon={ICONS[code]}
      to={safeUrl(props.evidence.url)}
      hint={hint}
    >
      <span className={classes.strong}>{t(`doraWords.evidence.${code}`)}</span>
      {inferred && ` (${t('doraRows.inferred')})`}
      {overruled && ` (${t('doraRows.overruled')})`}
      {who && ` ${t('doraRows.by', { who })}`}
      {text && ' · '}
      {text}
    </Chip>
  );
}

/** Why a deployment counts as failed, or does not; strongest first. */
export function EvidenceChips(props: { evidence: readonly DoraEvidence[] }) {
  const classes = useRowStyles();
  if (props.evidence.length === 0) return null;
  return (
    <span className={classes.stack}>
      {props.evidence.map(one => (
        <EvidenceChip
          key={`${one.code} ${one.at} ${one.text}`}
          evidence={one}
        />
      ))}
    </span>
  );
}
