import { Content, Header, Page } from '@backstage/core-components';
import { useT } from '../../translation/deliveryTranslationRef';
import { DeliveryPage } from './DeliveryPage';

/** The page with the frame that the old frontend system leaves to its plugins. */
export function LegacyDeliveryPage() {
  const t = useT();
  return (
    <Page themeId="tool">
      <Header title={t('page.title')} />
      <Content noPadding>
        <DeliveryPage />
      </Content>
    </Page>
  );
}
