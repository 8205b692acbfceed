import { useWaitingCount } from '../../hooks/useApprovals';
import { useT } from '../../translation/deliveryTranslationRef';
import { Count } from '../../ui';

/** How many approvals wait for this person; nothing for none. */
export function WaitingCount() {
  const t = useT();
  const count = useWaitingCount();
  return <Count n={count} label={t('approvals.count', { count })} />;
}
