import { stringifyEntityRef } from '@backstage/catalog-model';
import { useEntity } from '@backstage/plugin-catalog-react';
import { isDeliveryAvailable } from 'backstage-plugin-delivery-common';
import { useId, useMemo } from 'react';
import type { ReactNode } from 'react';
import { isFilling, useLive } from '../../hooks/useLive';
import { useOverview } from '../../hooks/useOverview';
import { useUrlState } from '../../hooks/useUrlState';
import { useT } from '../../translation/deliveryTranslationRef';
import { makeStyles, Message, Skeleton, Tabs, WarningIcon } from '../../ui';
import { isEnvironmentMoving } from '../EnvironmentState';
import { PanelNames } from '../EnvironmentStrip/PanelNames';
import { errorSentence, ErrorState, MissingAnnotation } from '../states';
import { isMoving } from '../StatusBadge';
import { HeaderStrip } from './HeaderStrip';
import { ProblemBanner } from './ProblemBanner';

const useStyles = makeStyles(
  theme => ({
    root: {
      display: 'flex',
      flexDirection: 'column',
      gap: theme.spacing(1.5),
      minWidth: 0,
      padding: theme.spacing(1, 0),
    },
    panel: { minWidth: 0 },
    head: {
      display: 'flex',
      alignItems: 'center',
      justifyContent: 'space-between',
      minHeight: 36,
    },
  }),
  { name: 'DeliveryContent' },
);

/**
 * One part of the tab. Reads the service in context with `useEntity`.
 * @public
 */
export interface DeliveryPanel {
  /** Short stable name, used in the address. */
  path: string;
  title: string;
  element: ReactNode;
  /** Shown first when nobody has chosen; else the first one is. */
  default?: boolean;
}

/** What the tab is made of. */
export interface DeliveryTabProps {
  /** In their order. */
  panels: DeliveryPanel[];
  /** Small things above the parts. */
  widgets: ReactNode;
}

function Panels(props: { panels: DeliveryPanel[] }) {
  const classes = useStyles();
  const t = useT();
  const id = useId();
  const { get, set } = useUrlState();
  const { panels } = props;
  const wanted = get('panel');
  const shown =
    panels.find(panel => panel.path === wanted) ??
    panels.find(panel => panel.default) ??
    panels[0];
  if (!shown) return null;
  if (panels.length === 1) return <>{shown.element}</>;
  const panelId = (path: string) => `${id}-${path}`;
  return (
    <>
      <Tabs
        label={t('tab.panels')}
        value={shown.path}
        tabs={panels.map(({ path, title }) => ({ value: path, label: title }))}
        onChange={path => set({ panel: path })}
        panelId={panelId}
      />
      <div
        role="tabpanel"
        id={panelId(shown.path)}
        aria-labelledby={`${panelId(shown.path)}-tab`}
        className={classes.panel}
      >
        {shown.element}
      </div>
    </>
  );
}

/** The tab "Delivery" around its parts. Imports none of them: whoever brings their own loads no others. */
export function DeliveryTab(props: DeliveryTabProps) {
  const classes = useStyles();
  const { entity } = useEntity();
  const t = useT();
  const available = isDeliveryAvailable(entity);
  const overview = useOverview(stringifyEntityRef(entity), {
    enabled: available,
  });
  const live = useLive({
    signalKey: overview.data?.signalKey,
    moving:
      overview.data !== undefined &&
      (overview.data.runs.items.some(isMoving) ||
        overview.data.environments.some(isEnvironmentMoving)),
    filling:
      overview.data !== undefined &&
      isFilling(
        overview.data.ingestion,
        overview.data.repository !== undefined,
      ),
    refetch: overview.refetch,
  });
  const { panels } = props;
  const panelNames = useMemo(() => panels.map(({ path }) => path), [panels]);

  if (!available) {
    return (
      <div className={classes.root}>
        <MissingAnnotation />
      </div>
    );
  }
  const { data, error } = overview;
  if (error && !data) {
    return (
      <div className={classes.root}>
        <ErrorState error={error} onRetry={overview.refetch} entity={entity} />
      </div>
    );
  }
  return (
    <div className={classes.root} data-testid="delivery-content">
      {data ? (
        <PanelNames.Provider value={panelNames}>
          <HeaderStrip overview={data} live={live} widgets={props.widgets} />
        </PanelNames.Provider>
      ) : (
        <div className={classes.head}>
          <Skeleton height={14} width={180} />
          <Skeleton height={12} width={110} />
        </div>
      )}
      {data && error && (
        <Message role="status" tone="warning" icon={<WarningIcon />}>
          {t('runs.notFresh', { message: errorSentence(error) })}
        </Message>
      )}
      {data && (
        <ProblemBanner
          ingestion={data.ingestion}
          asOf={data.asOf}
          deletedRepository={
            data.repository?.deleted ? data.repository.slug : undefined
          }
        />
      )}
      <Panels panels={panels} />
    </div>
  );
}
