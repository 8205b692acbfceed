import { useFindings } from '../../hooks/useFindings';
import { useUrlState } from '../../hooks/useUrlState';
import { useT } from '../../translation/deliveryTranslationRef';
import {
  makeStyles,
  Message,
  Panel,
  Skeleton,
  SuccessIcon,
  Toggle,
  WarningIcon,
} from '../../ui';
import { errorSentence, ErrorState } from '../states';
import { FindingList } from './FindingList';

const useStyles = makeStyles(
  theme => ({ wait: { display: 'grid', gap: theme.spacing(1) } }),
  { name: 'DeliveryFindings' },
);

/** Findings of every service the reader may read the audit of. */
export function Findings() {
  const classes = useStyles();
  const t = useT();
  const { get, set } = useUrlState();
  const all = get('findings') === 'all';
  const query = useFindings(undefined, all ? 'all' : 'open');
  const { data, error } = query;
  const body = () => {
    if (!data) {
      return error ? (
        <ErrorState
          error={error}
          onRetry={() => query.refetch()}
          permission="delivery.audit.read"
        />
      ) : (
        <div
          className={classes.wait}
          role="status"
          aria-label={t('findings.loading')}
        >
          <Skeleton height={44} />
          <Skeleton height={44} />
        </div>
      );
    }
    return (
      <>
        {error && (
          <Message role="status" tone="warning" icon={<WarningIcon />}>
            {t('findings.notFresh', { message: errorSentence(error) })}
          </Message>
        )}
        {data.items.length === 0 ? (
          <Message tone="ok" icon={<SuccessIcon />} role="status">
            {all ? t('findings.noneAll') : t('findings.none')}
          </Message>
        ) : (
          <FindingList findings={data.items} showService />
        )}
      </>
    );
  };
  return (
    <Panel
      title={t('findings.title')}
      busy={query.isPlaceholderData || (!data && !error)}
      side={
        <Toggle
          label={t('findings.all')}
          checked={all}
          onChange={on => set({ findings: on ? 'all' : undefined })}
        />
      }
    >
      {body()}
    </Panel>
  );
}

/**
 * What of one service is still to be looked into; nothing when nothing is, and while that is not known: the list of entries below says
 * itself why it cannot be read.
 */
export function OpenFindings(props: { entityRef: string }) {
  const t = useT();
  const { data } = useFindings(props.entityRef, 'open');
  if (!data || data.items.length === 0) return null;
  return (
    <Panel title={t('findings.title')}>
      <FindingList findings={data.items} showService={false} />
    </Panel>
  );
}
