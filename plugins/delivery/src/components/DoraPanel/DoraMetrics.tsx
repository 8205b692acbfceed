import type { Entity } from '@backstage/catalog-model';
import type { DoraReport } from 'backstage-plugin-delivery-common';
import type { ReactNode } from 'react';
import { useDora, useDoraNews } from '../../hooks/useDora';
import type { DoraScope } from '../../hooks/useDora';
import type { DoraChoice } from '../../hooks/useDoraChoice';
import { useT } from '../../translation/deliveryTranslationRef';
import { Message, Skeleton, WarningIcon } from '../../ui';
import { errorSentence, ErrorState } from '../states';
import { DoraReportView } from './DoraReportView';
import { useDoraStyles } from './doraStyles';
import { WindowChoice } from './DoraToolbar';
import { MetricCardsSkeleton } from './MetricCards';

function Waiting(props: { choice: DoraChoice }) {
  const classes = useDoraStyles();
  const t = useT();
  const { days, setDays } = props.choice;
  return (
    <div className={classes.root}>
      <div className={classes.bar}>
        <WindowChoice days={days} onDays={setDays} />
        <Skeleton width={200} />
      </div>
      <div role="status" aria-label={t('dora.loading')}>
        <MetricCardsSkeleton />
        <div className={`${classes.opened} ${classes.below}`}>
          <Skeleton height={420} />
          <Skeleton height={420} />
        </div>
      </div>
    </div>
  );
}

/** The metrics of any scope: asked for, grey until they are there, with what went wrong. */
export function DoraMetrics(props: {
  scope: DoraScope;
  choice: DoraChoice;
  /** Whose owner a refusal names. */
  entity?: Entity;
  /** Of several services: what stands between the cards and the opened metric. */
  children?: (report: DoraReport) => ReactNode;
}) {
  const t = useT();
  const { choice, scope } = props;
  const query = useDora(scope, choice.days);
  const { data, error } = query;
  useDoraNews(scope, query.isPlaceholderData ? undefined : data?.signalKey);
  if (!data) {
    return error ? (
      <ErrorState
        error={error}
        onRetry={() => query.refetch()}
        entity={props.entity}
      />
    ) : (
      <Waiting choice={choice} />
    );
  }
  return (
    <>
      {error && (
        <Message role="status" tone="warning" icon={<WarningIcon />}>
          {t('dora.notFresh', { message: errorSentence(error) })}
        </Message>
      )}
      <DoraReportView
        report={data}
        scope={scope}
        choice={choice}
        stale={query.isPlaceholderData}
      >
        {props.children?.(data)}
      </DoraReportView>
    </>
  );
}
