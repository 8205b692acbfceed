import { useEntity } from '@backstage/plugin-catalog-react';
import type { HistoryItem } from 'backstage-plugin-delivery-common';
import { absoluteDay } from '../../format/absoluteTime';
import { plainText } from '../../format/plainText';
import { useHistory } from '../../hooks/useHistory';
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
import { errorSentence, ErrorState } from '../states';
import { Section } from './FactList';
import { HistoryRow } from './HistoryRow';
import { useSectionStyles } from './sectionStyles';

const useStyles = makeStyles<Theme>(
  theme => ({
    foot: {
      display: 'flex',
      flexWrap: 'wrap',
      justifyContent: 'center',
      alignItems: 'center',
      gap: theme.spacing(0, 0.75),
      minHeight: 40,
      paddingTop: theme.spacing(1),
      fontFamily: theme.typography.fontFamily,
      fontSize: '0.75rem',
      color: secondaryText(theme),
    },
    wait: { display: 'grid', gap: theme.spacing(1.5) },
  }),
  { name: 'DeliveryHistorySection' },
);

/** Everything that happened in an environment as one list, newest first. */
export function HistorySection(props: {
  entityRef: string;
  environment: string;
}) {
  const classes = useStyles();
  const section = useSectionStyles();
  const t = useT();
  const { entity } = useEntity();
  const history = useHistory(props.entityRef, props.environment);
  const { data, error } = history;
  const { entityRef, environment } = props;
  const place = { entityRef, environment };

  const body = () => {
    if (!data) {
      return error ? (
        <ErrorState
          error={error}
          onRetry={() => history.refetch()}
          entity={entity}
        />
      ) : (
        <div
          className={classes.wait}
          role="status"
          aria-label={t('history.loading')}
        >
          {[70, 60, 65].map(width => (
            <Skeleton key={width} width={`${width}%`} height={22} />
          ))}
        </div>
      );
    }
    // What moved to the next page between two reads would be there twice.
    const items = [
      ...new Map<string, HistoryItem>(
        data.pages.flatMap(page => page.items).map(item => [item.id, item]),
      ).values(),
    ];
    const since = data.pages[data.pages.length - 1].dataSince;
    return (
      <>
        {history.isRefetchError && (
          <Message role="status" tone="warning" icon={<WarningIcon />}>
            {t('history.notFresh', { message: errorSentence(history.error) })}
          </Message>
        )}
        {items.length === 0 ? (
          <p className={section.none}>{t('history.none')}</p>
        ) : (
          <ol
            className={section.list}
            aria-label={t('history.list', {
              environment: plainText(props.environment),
            })}
          >
            {items.map(item => (
              <HistoryRow key={item.id} item={item} place={place} />
            ))}
          </ol>
        )}
        <div className={classes.foot} role="status">
          {history.isFetchNextPageError && error && (
            <span>
              {t('history.moreFailed', { message: errorSentence(error) })}
            </span>
          )}
          {history.hasNextPage ? (
            <Action
              disabled={history.isFetchingNextPage}
              onClick={() => history.fetchNextPage()}
            >
              {history.isFetchingNextPage
                ? t('history.loadingMore')
                : t('history.more')}
            </Action>
          ) : (
            <>
              {items.length > 0 && t('history.end')}
              {since !== undefined && (
                <span>
                  {t('ingestion.since', { date: absoluteDay(since) })}
                </span>
              )}
            </>
          )}
        </div>
      </>
    );
  };
  return <Section title={t('history.title')}>{body()}</Section>;
}
