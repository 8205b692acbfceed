import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import { useLive } from '../../hooks/useLive';
import { useUrlState } from '../../hooks/useUrlState';
import { useT } from '../../translation/deliveryTranslationRef';
import {
  Action,
  makeStyles,
  Message,
  SearchField,
  secondaryText,
  SelectField,
  Skeleton,
  WarningIcon,
} from '../../ui';
import type { Theme } from '../../ui';
import { EmptyState, errorSentence, ErrorState } from '../states';
import { Ago } from '../Time';
import { matrixRows, type MatrixWish } from './matrixRows';
import { useMatrixStyles } from './matrixStyles';
import { MatrixTable } from './MatrixTable';
import { useMatrix } from './useMatrix';

/** Channel of everything that lists services. */
const PAGES = 'pages';

const useStyles = makeStyles<Theme>(
  theme => ({
    root: {
      display: 'flex',
      flexDirection: 'column',
      gap: theme.spacing(1.5),
      minWidth: 0,
    },
    bar: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(1.5),
      paddingTop: theme.spacing(1),
    },
    search: { flex: '1 1 220px', maxWidth: 340 },
    select: { flex: '0 1 170px' },
    views: { display: 'flex', gap: 4 },
    count: {
      marginLeft: 'auto',
      fontSize: '0.75rem',
      color: secondaryText(theme),
      whiteSpace: 'nowrap',
    },
    line: { padding: theme.spacing(2) },
  }),
  { name: 'DeliveryMatrixPage' },
);

const oneOf = <TValue extends string>(
  value: string | undefined,
  values: readonly TValue[],
): TValue => values.find(item => item === value) ?? values[0];

/** What the reader chose; it lives in the address. */
function useWish() {
  const { get, set } = useUrlState();
  const wish: MatrixWish & { view: 'deploy' | 'live' } = {
    text: get('text') ?? '',
    group: oneOf(get('group'), ['none', 'system', 'owner']),
    sort: oneOf(get('sort'), ['name', 'behind']),
    view: oneOf(get('view'), ['deploy', 'live']),
  };
  return { wish, set };
}

function Waiting() {
  const classes = useMatrixStyles();
  const own = useStyles();
  const t = useT();
  return (
    <div
      className={classes.scroller}
      role="status"
      aria-label={t('matrix.loading')}
    >
      {[0, 1, 2, 3, 4, 5].map(row => (
        <div key={row} className={own.line}>
          <Skeleton height={44} />
        </div>
      ))}
    </div>
  );
}

/** All services and what each of their environments runs. */
export function MatrixPage() {
  const classes = useStyles();
  const t = useT();
  const { wish, set } = useWish();
  const query = useMatrix();
  const { data, error, refetch } = query;
  useLive({ signalKey: PAGES, moving: true, again: false, refetch });

  const [text, setText] = useState(wish.text);
  const late = useDeferredValue(text);
  useEffect(() => {
    if (late !== wish.text) set({ text: late });
  }, [late, wish.text, set]);
  const { rows, shown } = useMemo(
    () =>
      matrixRows(data?.services ?? [], {
        text: late,
        group: wish.group,
        sort: wish.sort,
      }),
    [data, late, wish.group, wish.sort],
  );

  if (error && !data) {
    return <ErrorState error={error} onRetry={refetch} />;
  }
  if (data && data.services.length === 0) {
    return (
      <EmptyState title={t('matrix.empty')} help={t('matrix.emptyHelp')} />
    );
  }
  return (
    <div className={classes.root} data-testid="delivery-matrix">
      <div className={classes.bar}>
        <div className={classes.search}>
          <SearchField
            label={t('matrix.search')}
            value={text}
            onChange={setText}
          />
        </div>
        <div className={classes.select}>
          <SelectField
            label={t('matrix.groupBy')}
            value={wish.group}
            options={(['none', 'system', 'owner'] as const).map(value => ({
              value,
              label: t(`matrix.group.${value}`),
            }))}
            onChange={group => set({ group })}
          />
        </div>
        <div className={classes.select}>
          <SelectField
            label={t('matrix.order')}
            value={wish.sort}
            options={(['name', 'behind'] as const).map(value => ({
              value,
              label: t(`matrix.sort.${value}`),
            }))}
            onChange={sort => set({ sort })}
          />
        </div>
        <div
          className={classes.views}
          role="group"
          aria-label={t('matrix.show')}
        >
          {(['deploy', 'live'] as const).map(view => (
            <Action
              key={view}
              pressed={wish.view === view}
              onClick={() => set({ view })}
            >
              {t(`matrix.view.${view}`)}
            </Action>
          ))}
        </div>
        {data && (
          <span className={classes.count} role="status">
            {t('matrix.count', {
              shown: `${shown}`,
              count: data.services.length,
            })}{' '}
            · <Ago at={data.asOf} />
          </span>
        )}
      </div>
      {data && error && (
        <Message role="status" tone="warning" icon={<WarningIcon />}>
          {t('matrix.notFresh', { message: errorSentence(error) })}
        </Message>
      )}
      {!data && <Waiting />}
      {data && rows.length > 0 && (
        <MatrixTable
          environments={data.environments}
          rows={rows}
          view={wish.view}
          group={wish.group}
        />
      )}
      {data && rows.length === 0 && (
        <EmptyState
          title={t('matrix.nothingFound')}
          help={t('matrix.nothingFoundHelp')}
          action={
            <Action onClick={() => setText('')}>{t('matrix.clear')}</Action>
          }
        />
      )}
    </div>
  );
}
