import type {
  LogicalDeployment,
  Rollout,
} from 'backstage-plugin-delivery-common';
import { plainText } from '../../format/plainText';
import { useT } from '../../translation/deliveryTranslationRef';
import type { T } from '../../translation/deliveryTranslationRef';
import { Badge } from '../../ui';
import { DEPLOYMENT_LOOKS, ROLLOUT_LOOKS, rolloutKey } from './looks';

/** Word of a rollout; for an unknown one the runtime's own. */
export function rolloutWord(rollout: Rollout, t: T): string {
  const key = rolloutKey(rollout);
  const raw = plainText(rollout.rawStatus).slice(0, 40);
  return key === 'unknown' && raw
    ? t('rollout.unknownWord', { word: raw })
    : t(`rollout.${key}`);
}

/** Where a rollout stands. */
export function RolloutBadge(props: { rollout: Rollout }) {
  const t = useT();
  const { rollout } = props;
  const key = rolloutKey(rollout);
  const { tone, Icon } = ROLLOUT_LOOKS[key];
  const hint = plainText(rollout.reason ?? '');
  return (
    <Badge
      tone={tone}
      Icon={Icon}
      moving={key === 'in_progress'}
      hint={hint || undefined}
    >
      {rolloutWord(rollout, t)}
    </Badge>
  );
}

/** How a deployment went. */
export function DeploymentBadge(props: {
  deployment: Pick<LogicalDeployment, 'status'>;
}) {
  const t = useT();
  const { status } = props.deployment;
  const { tone, Icon } = DEPLOYMENT_LOOKS[status];
  return (
    <Badge tone={tone} Icon={Icon} moving={status === 'in_progress'}>
      {t(`deploymentStatus.${status}`)}
    </Badge>
  );
}
