import { SidebarItem } from '@backstage/core-components';
import { useWaitingCount } from '../../hooks/useApprovals';
import { useT } from '../../translation/deliveryTranslationRef';
import { Count, DeliveryIcon } from '../../ui';
import { useDeliveryPath } from '../DeliveryPage/useDeliveryPath';

/**
 * The plugin's entry in a sidebar, with how many approvals wait for the person who looks. For portals that draw their own navigation.
 * @public
 */
export function DeliverySidebarItem(props: {
  /** Address of the page; found by itself when absent. */
  to?: string;
  /** The plugin's own word when absent. */
  text?: string;
}) {
  const t = useT();
  const path = useDeliveryPath();
  const count = useWaitingCount();
  const to = props.to ?? path;
  if (to === undefined) return null;
  const title = props.text ?? t('page.title');
  const words = t('approvals.count', { count });
  return (
    <SidebarItem
      to={to}
      text={title}
      icon={DeliveryIcon}
      hasNotifications={count > 0}
      aria-label={
        count > 0 ? t('approvals.sidebar', { title, waiting: words }) : title
      }
    >
      <Count n={count} label={words} />
    </SidebarItem>
  );
}
