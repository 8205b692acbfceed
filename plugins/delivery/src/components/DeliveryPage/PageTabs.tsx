import { useT } from '../../translation/deliveryTranslationRef';
import { LinkTabs } from '../../ui';
import { PAGES } from './pages';
import { useDeliveryPath } from './useDeliveryPath';

/** The ways between the pages of the plugin. */
export function PageTabs(props: { current: string }) {
  const t = useT();
  const base = useDeliveryPath();
  if (base === undefined) return null;
  return (
    <LinkTabs
      label={t('approvals.pages')}
      tabs={PAGES.map(({ path, title, Mark }) => ({
        to: path ? `${base.replace(/\/$/, '')}/${path}` : base,
        label: title(t),
        current: path === props.current,
        mark: Mark && <Mark />,
      }))}
    />
  );
}
