import { stringifyEntityRef } from '@backstage/catalog-model';
import { useEntity } from '@backstage/plugin-catalog-react';
import { isDeliveryAvailable } from 'backstage-plugin-delivery-common';
import { CONFORMANCE_PANEL } from '../../hooks/useConformance';
import { useOverview } from '../../hooks/useOverview';
import { useUrlState } from '../../hooks/useUrlState';
import { useT } from '../../translation/deliveryTranslationRef';
import { Chip } from '../../ui';
import { useHasPanel } from '../EnvironmentStrip/PanelNames';
import { RESULT_LOOKS } from './resultLook';

/**
 * How many rules hold, from what the tab has read anyway; leads to the list. Nothing until they were read.
 * @public
 */
export function ConformanceScore() {
  const t = useT();
  const { entity } = useEntity();
  const { set } = useUrlState();
  const leads = useHasPanel(CONFORMANCE_PANEL);
  const { data } = useOverview(stringifyEntityRef(entity), {
    enabled: isDeliveryAvailable(entity),
  });
  const score = data?.conformance;
  if (!score) return null;
  const { passed, failed, unknown } = score;
  const known = passed + failed;
  const look = RESULT_LOOKS[failed > 0 ? 'fail' : 'pass'];
  return (
    <Chip
      tone={known === 0 ? 'quiet' : look.tone}
      Icon={known === 0 ? RESULT_LOOKS.unknown.Icon : look.Icon}
      hint={t('conformance.scoreHint', { unknown: String(unknown) })}
      onClick={leads ? () => set({ panel: CONFORMANCE_PANEL }) : undefined}
    >
      {t('conformance.score', {
        passed: String(passed),
        known: String(known),
      })}
    </Chip>
  );
}
