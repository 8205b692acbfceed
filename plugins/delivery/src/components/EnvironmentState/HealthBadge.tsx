import type { Environment } from 'backstage-plugin-delivery-common';
import { plainText } from '../../format/plainText';
import { useT } from '../../translation/deliveryTranslationRef';
import { Badge } from '../../ui';
import { HEALTH_LOOKS, healthKey } from './looks';

/** Health of what runs: sign, word and colour, the whole sentence on hover. */
export function HealthBadge(props: {
  environment: Pick<Environment, 'basis' | 'health'>;
}) {
  const t = useT();
  const key = healthKey(props.environment);
  const { tone, Icon } = HEALTH_LOOKS[key];
  const hint =
    key === 'declared'
      ? t('health.declaredHint')
      : plainText(props.environment.health.message);
  return (
    <Badge tone={tone} Icon={Icon} hint={hint || undefined}>
      {t(`health.${key}`)}
    </Badge>
  );
}
