import { Content, Header, Page } from '@backstage/core-components';
import { useT } from '../../translation/deliveryTranslationRef';
import { makeStyles } from '../../ui';
import { DeliveryPage } from './DeliveryPage';

const useStyles = makeStyles(
  theme => ({ content: { paddingTop: theme.spacing(3) } }),
  { name: 'DeliveryLegacyPage' },
);

/** The page with the frame that the old frontend system leaves to its plugins. */
export function LegacyDeliveryPage() {
  const classes = useStyles();
  const t = useT();
  return (
    <Page themeId="tool">
      <Header title={t('page.title')} />
      <Content noPadding className={classes.content}>
        <DeliveryPage />
      </Content>
    </Page>
  );
}
