import { stringifyEntityRef } from '@backstage/catalog-model';
import { useEntity } from '@backstage/plugin-catalog-react';
import type { Overview, RunSummary } from 'backstage-plugin-delivery-common';
import { absoluteDay } from '../../format/absoluteTime';
import { safeUrl } from '../../format/safeUrl';
import { useOverview } from '../../hooks/useOverview';
import { useRunFilters } from '../../hooks/useRunFilters';
import { useRuns } from '../../hooks/useRuns';
import { useT } from '../../translation/deliveryTranslationRef';
import {
  Action,
  makeStyles,
  Message,
  Panel,
  secondaryText,
  Skeleton,
  WarningIcon,
} from '../../ui';
import type { Theme } from '../../ui';
import { RunWorkflow } from '../DispatchDialog';
import { EmptyState, errorSentence, ErrorState } from '../states';
import { RunFilterBar } from './RunFilterBar';
import { RunRow } from './RunRow';
import { RunsTable, RunsTableSkeleton } from './RunsTable';

const useStyles = makeStyles<Theme>(
  theme => ({
    foot: {
      display: 'flex',
      flexWrap: 'wrap',
      justifyContent: 'center',
      gap: theme.spacing(0, 0.75),
      alignItems: 'center',
      minHeight: 40,
      paddingTop: theme.spacing(1),
      fontSize: '0.75rem',
      color: secondaryText(theme),
    },
    stale: { opacity: 0.6 },
    filters: { padding: theme.spacing(1, 0) },
  }),
  { name: 'DeliveryRunsPanel' },
);

/** @public */
export interface RunsPanelProps {
  /** Title of the panel; the plugin's own word when absent. */
  title?: string;
  /** Whether runs of the repository's other services are shown until somebody asks for them. */
  defaultScope?: 'service' | 'all';
  /** Runs a page, up to 100. */
  pageSize?: number;
}

/** Nothing to list: why, and what next. */
function NoRuns(props: {
  overview: Overview;
  narrowed: boolean;
  onClear: () => void;
}) {
  const t = useT();
  const { overview } = props;
  const repository = safeUrl(overview.repository?.url);
  if (props.narrowed) {
    return (
      <EmptyState
        title={t('empty.noMatch')}
        help={t('empty.noMatchHelp')}
        action={<Action onClick={props.onClear}>{t('filters.clear')}</Action>}
      />
    );
  }
  if (overview.ingestion.backfill.state !== 'done') {
    const { state, runs } = overview.ingestion.backfill;
    return (
      <EmptyState
        title={t('empty.noData')}
        help={
          state === 'running'
            ? t('ingestion.backfillRunning', { count: runs })
            : t('empty.noDataHelp')
        }
      />
    );
  }
  const mine = overview.pipelines.some(pipeline => pipeline.mine);
  return (
    <EmptyState
      title={t('empty.noRuns')}
      help={mine ? t('empty.noRunsHelp') : t('empty.noPipelines')}
      action={repository && <Action to={repository}>{t('empty.open')}</Action>}
    />
  );
}

/**
 * Runs of the service in context: newest first, with filters in the address.
 * @public
 */
export function RunsPanel(props: RunsPanelProps) {
  const { entity } = useEntity();
  const entityRef = stringifyEntityRef(entity);
  const classes = useStyles();
  const t = useT();
  const overview = useOverview(entityRef);
  const state = useRunFilters(props.defaultScope);
  const list = useRuns(entityRef, state.filters, {
    pulse: overview.dataUpdatedAt,
    pageSize: props.pageSize,
  });
  const title = props.title ?? t('runs.title');

  const error = list.data ? null : overview.error ?? list.error;
  if (error) {
    const retry = () => {
      overview.refetch();
      list.refetch();
    };
    return (
      <Panel title={title}>
        <ErrorState error={error} onRetry={retry} entity={entity} />
      </Panel>
    );
  }
  if (!list.data || !overview.data) {
    return (
      <Panel title={title} busy>
        <div className={classes.filters}>
          <Skeleton width="70%" height={34} />
        </div>
        <RunsTableSkeleton rows={8} />
      </Panel>
    );
  }

  // A run that moved to the next page between two reads would be there twice.
  const runs = [
    ...new Map<string, RunSummary>(
      list.data.pages.flatMap(page => page.items).map(run => [run.id, run]),
    ).values(),
  ];
  const since = overview.data.ingestion.dataSince;
  return (
    <Panel
      title={title}
      busy={list.isPlaceholderData}
      side={<RunWorkflow entityRef={entityRef} />}
    >
      <RunFilterBar overview={overview.data} shown={runs} state={state} />
      {list.isRefetchError && (
        <Message
          role="status"
          tone="warning"
          icon={<WarningIcon />}
          actions={
            <Action onClick={() => list.refetch()}>{t('error.retry')}</Action>
          }
        >
          {t('runs.notFresh', { message: errorSentence(list.error) })}
        </Message>
      )}
      {runs.length === 0 ? (
        <NoRuns
          overview={overview.data}
          narrowed={state.narrowed}
          onClear={state.clear}
        />
      ) : (
        <div className={list.isPlaceholderData ? classes.stale : undefined}>
          <RunsTable busy={list.isPlaceholderData}>
            {runs.map(run => (
              <RunRow key={run.id} run={run} entityRef={entityRef} />
            ))}
          </RunsTable>
          <div className={classes.foot} role="status">
            {list.isFetchNextPageError &&
              t('runs.moreFailed', { message: errorSentence(list.error) })}
            {list.hasNextPage ? (
              <Action
                disabled={list.isFetchingNextPage}
                onClick={() => list.fetchNextPage()}
              >
                {list.isFetchingNextPage
                  ? t('runs.loadingMore')
                  : t('runs.more')}
              </Action>
            ) : (
              <>
                {t('runs.end')}
                {since !== undefined && (
                  <span>
                    {t('ingestion.since', { date: absoluteDay(since) })}
                  </span>
                )}
              </>
            )}
          </div>
        </div>
      )}
    </Panel>
  );
}
