import type {
  DoraMetricId,
  DoraRows as Answer,
} from 'backstage-plugin-delivery-common';
import type { useDoraRows } from '../../hooks/useDora';
import type { DoraSet } from '../../hooks/useDoraChoice';
import { useT } from '../../translation/deliveryTranslationRef';
import { Action, Message, Skeleton, WarningIcon } from '../../ui';
import { errorSentence, ErrorState } from '../states';
import { ChangeRows } from './ChangeRows';
import { DeploymentRows } from './DeploymentRows';
import { ExcludedRows } from './ExcludedRows';
import type { OverrideProps } from './OverrideButton';
import { useRowStyles } from './rowStyles';

interface ListProps {
  label: string;
  metric: DoraMetricId;
  set: DoraSet;
  hits?: number;
  zone: string;
  showService: boolean;
  override?: OverrideProps;
}

/** Rows of all pages that were read, each once: what moved to the next page between two reads would be there twice. */
function once<TRow extends { id: string }>(
  pages: readonly Answer[],
  of: (page: Answer) => readonly TRow[],
  keyOf: (row: TRow) => string = row => row.id,
): TRow[] {
  return [...new Map(pages.flatMap(of).map(row => [keyOf(row), row])).values()];
}

function List(props: ListProps & { pages: readonly Answer[]; busy: boolean }) {
  const { hits, metric, override, pages, set, ...common } = props;
  if (set === 'excluded') {
    return (
      <ExcludedRows
        {...common}
        rows={once(
          pages,
          page => page.excluded,
          row => `${row.what} ${row.id} ${row.reason}`,
        )}
      />
    );
  }
  if (set === 'rows' && metric === 'lead_time') {
    return <ChangeRows {...common} rows={once(pages, page => page.changes)} />;
  }
  return (
    <DeploymentRows
      {...common}
      metric={metric}
      rows={once(pages, page => page.deployments)}
      total={pages[0].total}
      hits={hits}
      override={override}
    />
  );
}

const NONE = {
  rows: 'doraRows.none',
  excluded: 'doraRows.noneExcluded',
  open: 'doraRows.noneOpen',
} as const;

/** One list behind a number: grey, refused, empty, or there. */
export function RowsOf(
  props: ListProps & { query: ReturnType<typeof useDoraRows> },
) {
  const classes = useRowStyles();
  const t = useT();
  const { query, ...list } = props;
  const { data, error } = query;
  if (!data) {
    return error ? (
      <ErrorState error={error} onRetry={() => query.refetch()} />
    ) : (
      <div role="status" aria-label={t('doraRows.loading')}>
        {[0, 1, 2, 3, 4].map(row => (
          <div key={row} className={classes.cell}>
            <Skeleton height={40} />
          </div>
        ))}
      </div>
    );
  }
  const { pages } = data;
  const { total } = pages[0];
  const shown = pages.reduce(
    (sum, page) =>
      sum +
      page.deployments.length +
      page.changes.length +
      page.excluded.length,
    0,
  );
  return (
    <>
      {query.isRefetchError && (
        <Message role="status" tone="warning" icon={<WarningIcon />}>
          {t('doraRows.notFresh', { message: errorSentence(query.error) })}
        </Message>
      )}
      {shown === 0 ? (
        <p className={classes.side} role="status">
          {t(NONE[list.set])}
        </p>
      ) : (
        <List {...list} pages={pages} busy={query.isPlaceholderData} />
      )}
      <div className={classes.foot} role="status">
        {query.isFetchNextPageError &&
          t('doraRows.moreFailed', { message: errorSentence(query.error) })}
        {query.hasNextPage && (
          <>
            <Action
              disabled={query.isFetchingNextPage}
              onClick={() => query.fetchNextPage()}
            >
              {query.isFetchingNextPage
                ? t('doraRows.loadingMore')
                : t('doraRows.more')}
            </Action>
            {t('doraRows.shown', { shown: `${shown}`, total: `${total}` })}
          </>
        )}
      </div>
    </>
  );
}
