import { Route, Routes } from 'react-router-dom';
import { useT } from '../../translation/deliveryTranslationRef';
import { Action, makeStyles } from '../../ui';
import { RunPage } from '../RunPage/RunPage';
import { EmptyState } from '../states';
import { PAGES } from './pages';
import { PageTabs } from './PageTabs';
import { useCatalogPath } from './useCatalogPath';

const useStyles = makeStyles(
  theme => ({
    // Nothing above: the frame of the page leaves room below its own header.
    root: { padding: theme.spacing(0, 2.5, 3), minWidth: 0 },
    page: { display: 'grid', gap: theme.spacing(1.5), minWidth: 0 },
  }),
  { name: 'DeliveryPage' },
);

function Nothing() {
  const t = useT();
  const catalog = useCatalogPath();
  return (
    <EmptyState
      title={t('page.lost')}
      help={t('page.emptyHelp')}
      action={catalog && <Action to={catalog}>{t('page.catalog')}</Action>}
    />
  );
}

/** Everything under the plugin's own address. Draws no page frame: that is the portal's. */
export function DeliveryPage() {
  const classes = useStyles();
  return (
    <div className={classes.root}>
      <Routes>
        {PAGES.map(({ path, element }) => (
          <Route
            key={path}
            path={`/${path}`}
            element={
              <div className={classes.page}>
                <PageTabs current={path} />
                {element}
              </div>
            }
          />
        ))}
        <Route path="/runs/:id" element={<RunPage />} />
        <Route path="*" element={<Nothing />} />
      </Routes>
    </div>
  );
}
