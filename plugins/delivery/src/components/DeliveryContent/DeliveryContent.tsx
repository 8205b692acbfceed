import { stringifyEntityRef } from '@backstage/catalog-model';
import { useEntity } from '@backstage/plugin-catalog-react';
import { isDeliveryAvailable } from 'backstage-plugin-delivery-common';
import { useId, useMemo } from 'react';
import type { ReactNode } from 'react';
import { DORA_PANEL } from '../../hooks/useDoraChoice';
import { ENVIRONMENTS_PANEL } from '../../hooks/useEnvironmentChoice';
import { isFilling, useLive } from '../../hooks/useLive';
import { useOverview } from '../../hooks/useOverview';
import { useUrlState } from '../../hooks/useUrlState';
import { useT } from '../../translation/deliveryTranslationRef';
import { makeStyles, Message, Skeleton, Tabs, WarningIcon } from '../../ui';
import { ApprovalCard } from '../ApprovalCard';
import { AuditPanel } from '../AuditPanel';
import { DoraPanel } from '../DoraPanel';
import { DoraStrip } from '../DoraTiles';
import { EnvironmentsPanel } from '../EnvironmentsPanel';
import { isEnvironmentMoving } from '../EnvironmentState';
import { EnvironmentStrip, PanelNames } from '../EnvironmentStrip';
import { RunsPanel } from '../RunsPanel/RunsPanel';
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

/** @public */
export interface DeliveryContentProps {
  /** Parts of the tab in their order; runs, environments, DORA and audit when absent. */
  panels?: DeliveryPanel[];
  /** Small things above the parts; what waits for a decision, the environments and four metrics when absent. */
  widgets?: ReactNode;
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

/**
 * Content of the tab "Delivery" of the service in context.
 * @public
 */
export function DeliveryContent(props: DeliveryContentProps) {
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
  const panels = useMemo(
    () =>
      props.panels ?? [
        { path: 'runs', title: t('runs.title'), element: <RunsPanel /> },
        {
          path: ENVIRONMENTS_PANEL,
          title: t('environments.title'),
          element: <EnvironmentsPanel />,
        },
        { path: DORA_PANEL, title: t('dora.title'), element: <DoraPanel /> },
        { path: 'audit', title: t('audit.title'), element: <AuditPanel /> },
      ],
    [props.panels, t],
  );
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
          <HeaderStrip
            overview={data}
            live={live}
            widgets={
              props.widgets === undefined ? (
                <>
                  <ApprovalCard />
                  <EnvironmentStrip />
                  <DoraStrip />
                </>
              ) : (
                props.widgets
              )
            }
          />
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
