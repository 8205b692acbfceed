import type { ApprovalState } from 'backstage-plugin-delivery-common';
import { useT } from '../../translation/deliveryTranslationRef';
import { Badge } from '../../ui';
import { APPROVAL_LOOKS } from './looks';

/** How an approval stands. */
export function ApprovalBadge(props: { state: ApprovalState }) {
  const t = useT();
  return (
    <Badge
      {...APPROVAL_LOOKS[props.state]}
      hint={t(`approval.stateHelp.${props.state}`)}
    >
      {t(`approval.state.${props.state}`)}
    </Badge>
  );
}
