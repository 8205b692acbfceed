import type { DoraDeploymentRow } from 'backstage-plugin-delivery-common';
import { useCallback, useId, useMemo, useState } from 'react';
import { useDoraExport, useDoraRows, useSameMoment } from '../../hooks/useDora';
import type { DoraScope } from '../../hooks/useDora';
import type { DoraSet } from '../../hooks/useDoraChoice';
import { useT } from '../../translation/deliveryTranslationRef';
import type { T } from '../../translation/deliveryTranslationRef';
import {
  Action,
  DownloadIcon,
  Message,
  SuccessIcon,
  Tabs,
  WarningIcon,
} from '../../ui';
import { excludedCount } from '../DoraPanel/metricWords';
import type { KnownMetric } from '../DoraPanel/metricWords';
import { OverrideDialog } from './OverrideDialog';
import type { OverrideVerdict } from './OverrideButton';
import { RowsOf } from './RowsOf';
import { useRowStyles } from './rowStyles';

const OF_RECOVERY: readonly string[] = ['recovery_time', 'time_to_recovery'];

function setsOf(metric: KnownMetric): readonly DoraSet[] {
  return OF_RECOVERY.includes(metric.id)
    ? ['rows', 'open', 'excluded']
    : ['rows', 'excluded'];
}

/** How many rows the report tells of. */
function countOf(metric: KnownMetric, set: DoraSet): number {
  switch (set) {
    case 'excluded':
      return excludedCount(metric);
    case 'open':
      return metric.details.find(({ id }) => id === 'open')?.value ?? 0;
    default:
      return metric.n;
  }
}

function titleOf(metric: KnownMetric, set: DoraSet, n: number, t: T): string {
  if (set === 'excluded') return t('doraRows.excluded', { n: `${n}` });
  if (set === 'open') return t('doraRows.open', { n: `${n}` });
  if (metric.id === 'lead_time') return t('doraRows.changes', { count: n });
  if (OF_RECOVERY.includes(metric.id)) {
    return t('doraRows.restored', { count: n });
  }
  return metric.id === 'rollback_frequency'
    ? t('doraRows.rollbacks', { count: n })
    : t('doraRows.deployments', { count: n });
}

/** What a number is made of, what was left out and why, and the way to correct it. */
export function BehindNumber(props: {
  scope: DoraScope;
  days: number;
  metric: KnownMetric;
  set: DoraSet;
  onSet: (set: DoraSet) => void;
  zone: string;
  mayOverride: boolean;
}) {
  const classes = useRowStyles();
  const t = useT();
  const id = useId();
  const { days, metric, onSet, scope, zone } = props;
  const sets = setsOf(metric);
  const set = sets.includes(props.set) ? props.set : sets[0];
  const n = countOf(metric, set);
  const query = useDoraRows(scope, days, { metric: metric.id, set, n });
  const answer = query.isPlaceholderData ? undefined : query.data?.pages[0];
  useSameMoment(
    scope,
    days,
    answer && answer.total !== n ? answer.asOf : undefined,
  );
  const file = useDoraExport(scope, days);
  const [asked, setAsked] = useState<{
    row: DoraDeploymentRow;
    verdict: OverrideVerdict;
  }>();
  const [done, setDone] = useState<number>();
  const ask = useCallback(
    (row: DoraDeploymentRow, verdict: OverrideVerdict) => {
      setDone(undefined);
      setAsked({ row, verdict });
    },
    [],
  );
  const { mayOverride } = props;
  const override = useMemo(
    () => ({ onOverride: mayOverride ? ask : undefined }),
    [mayOverride, ask],
  );
  const label = (one: DoraSet) =>
    titleOf(
      metric,
      one,
      one === set ? answer?.total ?? n : countOf(metric, one),
      t,
    );
  const panelId = (value: string) => `${id}-${value}`;
  // Only one service at a time is judged: its own people do.
  const judged = metric.id === 'change_fail_rate' && scope.scope === 'service';
  return (
    <>
      <Tabs
        label={t('doraRows.tabs')}
        value={set}
        tabs={sets.map(one => ({ value: one, label: label(one) }))}
        onChange={value => onSet(sets.find(one => one === value) ?? 'rows')}
        panelId={panelId}
      />
      <div
        role="tabpanel"
        id={panelId(set)}
        aria-labelledby={`${panelId(set)}-tab`}
        className={classes.panel}
      >
        {done !== undefined && (
          <Message role="status" tone="ok" icon={<SuccessIcon />}>
            {t('doraRows.override.done', { seq: `${done}` })}
          </Message>
        )}
        <RowsOf
          query={query}
          label={label(set)}
          metric={metric.id}
          set={set}
          hits={metric.hits}
          zone={zone}
          showService={scope.scope !== 'service'}
          override={judged ? override : undefined}
        />
        {set === 'rows' && metric.n > 0 && (
          <Action
            icon={<DownloadIcon fontSize="small" />}
            reason={file.busy ? t('dora.export.busy') : undefined}
            onClick={() => file.start('csv', metric.id)}
          >
            {t('dora.export.rows')}
          </Action>
        )}
        {file.problem !== undefined && (
          <Message role="alert" tone="error" icon={<WarningIcon />}>
            {t('dora.export.failed', { message: file.problem })}
          </Message>
        )}
      </div>
      {asked && (
        <OverrideDialog
          row={asked.row}
          verdict={asked.verdict}
          onClose={() => setAsked(undefined)}
          onDone={seq => {
            setAsked(undefined);
            setDone(seq);
          }}
        />
      )}
    </>
  );
}
