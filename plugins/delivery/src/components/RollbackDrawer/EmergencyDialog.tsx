import { plainText, shortSha } from '../../format/plainText';
import { useT } from '../../translation/deliveryTranslationRef';
import { ConfirmDialog, Message, WarningIcon } from '../../ui';
import type { Target } from './TargetList';

/** The second question before the rules are gone past. */
export function EmergencyDialog(props: {
  open: boolean;
  environment: string;
  target: Target | undefined;
  onConfirm: () => void;
  onClose: () => void;
}) {
  const t = useT();
  const environment = plainText(props.environment);
  return (
    <ConfirmDialog
      open={props.open}
      title={t('rollback.emergencyTitle', { environment })}
      confirm={t('rollback.emergencyConfirm')}
      cancel={t('acts.back')}
      kind="danger"
      onConfirm={props.onConfirm}
      onClose={props.onClose}
    >
      <Message tone="error" icon={<WarningIcon />}>
        {t('rollback.emergencyWhat', {
          environment,
          sha: shortSha(props.target?.commit.sha ?? '') || t('commit.unknown'),
        })}
      </Message>
      <div>{t('rollback.emergencyReview')}</div>
    </ConfirmDialog>
  );
}
