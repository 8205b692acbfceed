import type { Entity } from '@backstage/catalog-model';
import type { AuditItem } from 'backstage-plugin-delivery-common';
import { useAudit, useAuditFilters } from '../../hooks/useAudit';
import { useT } from '../../translation/deliveryTranslationRef';
import {
  Action,
  makeStyles,
  Message,
  Panel,
  RefreshIcon,
  secondaryText,
  WarningIcon,
} from '../../ui';
import type { Theme } from '../../ui';
import { EmptyState, errorSentence, ErrorState } from '../states';
import { Ago } from '../Time';
import { AuditFilterBar } from './AuditFilterBar';
import { AuditRow } from './AuditRow';
import { useAuditStyles } from './auditStyles';
import { AuditSkeleton, AuditTable } from './AuditTable';
import { ProofSection } from './ProofSection';

const useStyles = makeStyles<Theme>(
  theme => ({
    side: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(1),
      fontFamily: theme.typography.fontFamily,
      fontSize: '0.75rem',
      color: secondaryText(theme),
    },
  }),
  { name: 'DeliveryAuditList' },
);

function Rows(props: {
  query: ReturnType<typeof useAudit>;
  items: AuditItem[];
  showService: boolean;
}) {
  const classes = useAuditStyles();
  const t = useT();
  const { items, query } = props;
  return (
    <>
      <AuditTable busy={query.isPlaceholderData}>
        {items.map(item => (
          <AuditRow
            key={item.seq}
            item={item}
            showService={props.showService}
          />
        ))}
      </AuditTable>
      <div className={classes.foot} role="status">
        {query.isFetchNextPageError &&
          t('audit.moreFailed', { message: errorSentence(query.error) })}
        {query.hasNextPage ? (
          <Action
            disabled={query.isFetchingNextPage}
            onClick={() => query.fetchNextPage()}
          >
            {query.isFetchingNextPage
              ? t('audit.loadingMore')
              : t('audit.more')}
          </Action>
        ) : (
          t('audit.end')
        )}
      </div>
    </>
  );
}

/** The audit of one service, or of all that the reader may read it of. */
export function AuditList(props: {
  title: string;
  entityRef: string | undefined;
  /** Whose owner a refusal names. */
  entity?: Entity;
}) {
  const classes = useAuditStyles();
  const own = useStyles();
  const t = useT();
  const { entityRef, title } = props;
  const state = useAuditFilters();
  const query = useAudit(entityRef, state.filters);
  const { data, error } = query;
  if (!data) {
    return (
      <Panel title={title} busy={!error}>
        {error ? (
          <ErrorState
            error={error}
            onRetry={() => query.refetch()}
            permission="delivery.audit.read"
            entity={props.entity}
          />
        ) : (
          <AuditSkeleton />
        )}
      </Panel>
    );
  }
  // What moved to the next page between two reads would be there twice.
  const items = [
    ...new Map(
      data.pages.flatMap(page => page.items).map(item => [item.seq, item]),
    ).values(),
  ];
  const { asOf, head } = data.pages[0];
  return (
    <Panel
      title={title}
      busy={query.isPlaceholderData}
      side={
        <span className={own.side}>
          {t('audit.asOf', { when: <Ago at={asOf} /> })}
          <Action
            icon={<RefreshIcon fontSize="small" />}
            disabled={query.isFetching}
            onClick={() => query.refetch()}
          >
            {t('audit.refresh')}
          </Action>
        </span>
      }
    >
      <div className={classes.root}>
        <AuditFilterBar state={state} />
        {query.isRefetchError && (
          <Message role="status" tone="warning" icon={<WarningIcon />}>
            {t('audit.notFresh', { message: errorSentence(query.error) })}
          </Message>
        )}
        {items.length === 0 ? (
          <EmptyState
            title={state.narrowed ? t('audit.emptyMatch') : t('audit.empty')}
            help={
              state.narrowed ? t('audit.emptyMatchHelp') : t('audit.emptyHelp')
            }
            action={
              state.narrowed && (
                <Action onClick={state.clear}>{t('audit.filter.clear')}</Action>
              )
            }
          />
        ) : (
          <Rows
            query={query}
            items={items}
            showService={entityRef === undefined}
          />
        )}
        <ProofSection head={head} />
      </div>
    </Panel>
  );
}
