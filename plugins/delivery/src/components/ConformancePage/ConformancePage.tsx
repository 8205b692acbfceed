import { useMemo, useState } from 'react';
import { useConformanceTable } from '../../hooks/useConformance';
import { useUrlState } from '../../hooks/useUrlState';
import { useT } from '../../translation/deliveryTranslationRef';
import {
  Action,
  makeStyles,
  SearchField,
  secondaryText,
  Skeleton,
} from '../../ui';
import type { Theme } from '../../ui';
import { EmptyState, ErrorState } from '../states';
import { conformanceRows, ruleOf } from './conformanceRows';
import { ConformanceTable } from './ConformanceTable';

const useStyles = makeStyles<Theme>(
  theme => ({
    root: {
      display: 'grid',
      gridTemplateColumns: 'minmax(0, 1fr)',
      gap: theme.spacing(1.5),
      minWidth: 0,
      paddingTop: theme.spacing(1),
    },
    title: {
      ...theme.typography.h6,
      fontSize: '1rem',
      fontWeight: 700,
      margin: 0,
    },
    bar: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(1, 2),
    },
    search: { flex: '1 1 220px', maxWidth: 340 },
    help: {
      flex: '1 1 300px',
      fontFamily: theme.typography.fontFamily,
      fontSize: '0.75rem',
      lineHeight: '18px',
      color: secondaryText(theme),
    },
    count: { fontSize: '0.75rem', color: secondaryText(theme) },
  }),
  { name: 'DeliveryConformancePage' },
);

/** More rows than this cost a browser more than they tell a person. */
const AT_ONCE = 200;

/** Every service against every rule. */
export function ConformancePage() {
  const classes = useStyles();
  const t = useT();
  const { get, set } = useUrlState();
  const text = get('text') ?? '';
  const rule = ruleOf(get('rule'));
  const { data, error, refetch } = useConformanceTable();
  const rows = useMemo(
    () => conformanceRows(data?.items ?? [], { text, rule }),
    [data, text, rule],
  );
  const all = data?.items.length ?? 0;
  const [most, setMost] = useState(AT_ONCE);
  let content = (
    <div role="status" aria-label={t('conformance.loading')}>
      <Skeleton height={320} />
    </div>
  );
  if (data && all === 0) {
    content = (
      <EmptyState
        title={t('conformance.page.empty')}
        help={t('conformance.page.emptyHelp')}
      />
    );
  } else if (data && rows.length === 0) {
    content = (
      <EmptyState
        title={t('conformance.page.none')}
        action={
          <Action onClick={() => set({ text: undefined })}>
            {t('conformance.page.clear')}
          </Action>
        }
      />
    );
  } else if (data) {
    content = (
      <>
        <ConformanceTable
          rows={rows.slice(0, most)}
          rule={rule}
          onRule={next => set({ rule: next })}
        />
        {rows.length > most && (
          <Action onClick={() => setMost(most + AT_ONCE)}>
            {t('conformance.page.showMore', {
              number: String(Math.min(AT_ONCE, rows.length - most)),
            })}
          </Action>
        )}
      </>
    );
  } else if (error) {
    content = <ErrorState error={error} onRetry={() => refetch()} />;
  }
  return (
    <div className={classes.root} data-testid="delivery-conformance-page">
      <h2 className={classes.title}>{t('conformance.page.heading')}</h2>
      <div className={classes.bar}>
        <div className={classes.search}>
          <SearchField
            label={t('conformance.page.search')}
            value={text}
            onChange={next => set({ text: next || undefined })}
          />
        </div>
        <div className={classes.help}>{t('conformance.page.help')}</div>
        {data && all > 0 && (
          <span className={classes.count} role="status">
            {rows.length === all
              ? t('conformance.page.countAll', { all: String(all) })
              : t('conformance.page.count', {
                  shown: String(rows.length),
                  all: String(all),
                })}
          </span>
        )}
      </div>
      {content}
    </div>
  );
}
