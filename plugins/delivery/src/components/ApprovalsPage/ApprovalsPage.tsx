import { useChosenApproval } from '../../hooks/useChosenApproval';
import { useApprovals } from '../../hooks/useApprovals';
import type { ApprovalScope } from '../../hooks/useApprovals';
import { useUrlState } from '../../hooks/useUrlState';
import { useT } from '../../translation/deliveryTranslationRef';
import {
  Action,
  makeStyles,
  Message,
  secondaryText,
  Skeleton,
  WarningIcon,
} from '../../ui';
import type { Theme } from '../../ui';
import { ApprovalItem } from '../ApprovalCard/ApprovalItem';
import { ApprovalDrawer } from '../ApprovalDrawer';
import { EmptyState, errorSentence, ErrorState } from '../states';
import { Ago } from '../Time';

const SCOPES = ['mine', 'waiting', 'decided'] as const;

const useStyles = makeStyles<Theme>(
  theme => ({
    root: { display: 'grid', gap: theme.spacing(1.5), minWidth: 0 },
    bar: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(1),
    },
    asOf: {
      marginLeft: 'auto',
      fontSize: '0.75rem',
      color: secondaryText(theme),
    },
    list: {
      display: 'grid',
      gap: theme.spacing(1),
      margin: 0,
      padding: 0,
      listStyle: 'none',
      minWidth: 0,
    },
    foot: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      justifyContent: 'center',
      gap: theme.spacing(1),
    },
  }),
  { name: 'DeliveryApprovalsPage' },
);

const EMPTY = {
  mine: { title: 'approvals.emptyMine', help: 'approvals.emptyMineHelp' },
  waiting: {
    title: 'approvals.emptyWaiting',
    help: 'approvals.emptyWaitingHelp',
  },
  decided: {
    title: 'approvals.emptyDecided',
    help: 'approvals.emptyDecidedHelp',
  },
} as const;

function Waiting() {
  const classes = useStyles();
  const t = useT();
  return (
    <div
      className={classes.list}
      role="status"
      aria-label={t('approvals.loading')}
    >
      {[0, 1, 2].map(row => (
        <Skeleton key={row} height={70} />
      ))}
    </div>
  );
}

function List(props: {
  scope: ApprovalScope;
  query: ReturnType<typeof useApprovals>;
  onReview: (id: string) => void;
  onAll: () => void;
}) {
  const classes = useStyles();
  const t = useT();
  const { query, scope } = props;
  const { data, error } = query;
  if (!data) {
    return error ? (
      <ErrorState error={error} onRetry={query.refetch} />
    ) : (
      <Waiting />
    );
  }
  const items = data.pages.flatMap(page => page.items);
  return (
    <>
      {error && (
        <Message role="status" tone="warning" icon={<WarningIcon />}>
          {t('approvals.notFresh', { message: errorSentence(error) })}
        </Message>
      )}
      {items.length === 0 && (
        <EmptyState
          title={t(EMPTY[scope].title)}
          help={t(EMPTY[scope].help)}
          action={
            scope === 'mine' && (
              <Action onClick={props.onAll}>{t('approvals.all')}</Action>
            )
          }
        />
      )}
      {items.length > 0 && (
        <ul
          className={classes.list}
          aria-label={t('approvals.title')}
          aria-busy={query.isPlaceholderData}
        >
          {items.map(approval => (
            <ApprovalItem
              key={approval.id}
              as="li"
              showServices
              approval={approval}
              onReview={props.onReview}
            />
          ))}
        </ul>
      )}
      {query.hasNextPage && (
        <div className={classes.foot}>
          <Action
            disabled={query.isFetchingNextPage}
            onClick={() => query.fetchNextPage()}
          >
            {query.isFetchingNextPage
              ? t('approvals.loadingMore')
              : t('approvals.more')}
          </Action>
        </div>
      )}
    </>
  );
}

/** What waits for a decision, and what was decided, of every service the reader may see. */
export function ApprovalsPage() {
  const classes = useStyles();
  const t = useT();
  const { get, set } = useUrlState();
  const scope = SCOPES.find(name => name === get('show')) ?? 'mine';
  const { chosen, choose } = useChosenApproval();
  const query = useApprovals(scope);
  const asOf = query.data?.pages[0]?.asOf;
  // The first one needs no word in the address.
  const show = (wanted: ApprovalScope) =>
    set({ show: wanted === 'mine' ? undefined : wanted });
  return (
    <div className={classes.root} data-testid="delivery-approvals">
      <div
        className={classes.bar}
        role="group"
        aria-label={t('approvals.filter')}
      >
        {SCOPES.map(name => (
          <Action
            key={name}
            pressed={name === scope}
            onClick={() => show(name)}
          >
            {t(`approvals.scope.${name}`)}
          </Action>
        ))}
        {asOf !== undefined && (
          <span className={classes.asOf}>
            {t('approval.asOf', { when: <Ago at={asOf} /> })}
          </span>
        )}
      </div>
      <List
        scope={scope}
        query={query}
        onReview={choose}
        onAll={() => show('waiting')}
      />
      <ApprovalDrawer id={chosen} onClose={() => choose(undefined)} />
    </div>
  );
}
