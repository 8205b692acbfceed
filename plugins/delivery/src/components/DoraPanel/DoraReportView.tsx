import type { DoraReport } from 'backstage-plugin-delivery-common';
import { useId } from 'react';
import type { ReactNode } from 'react';
import type { DoraScope } from '../../hooks/useDora';
import type { DoraChoice } from '../../hooks/useDoraChoice';
import { useT } from '../../translation/deliveryTranslationRef';
import { Panel } from '../../ui';
import { BehindNumber } from '../DoraRows';
import { EmptyState } from '../states';
import { DoraNotes } from './DoraNotes';
import { useDoraStyles } from './doraStyles';
import { DoraToolbar } from './DoraToolbar';
import { MetricCards } from './MetricCards';
import { isKnown } from './metricWords';
import { OpenedMetric } from './OpenedMetric';

/** Nothing was deployed to production, nothing was seen that could have been, and so it was before. */
export function isEmptyReport(report: DoraReport): boolean {
  return report.metrics.every(
    ({ excluded, n, previous }) =>
      n === 0 && previous.n === 0 && excluded.length === 0,
  );
}

/** Why there is no number at all, and what makes one. */
function NothingYet(props: { pending: boolean }) {
  const t = useT();
  return props.pending ? (
    <EmptyState
      title={t('dora.emptyPending')}
      help={t('dora.emptyPendingHelp')}
    />
  ) : (
    <EmptyState title={t('dora.empty')} help={t('dora.emptyHelp')} />
  );
}

export interface DoraReportViewProps {
  report: DoraReport;
  /** Whose rows are behind the numbers. */
  scope: DoraScope;
  /** What is chosen, and how to choose. */
  choice: DoraChoice;
  /** True: the report is of another window than the chosen one, which is being read. */
  stale?: boolean;
  /** Between the cards and the opened metric: what only several services have. */
  children?: ReactNode;
}

/** Cards, and one of them opened with its rows, of any scope. */
export function DoraReportView(props: DoraReportViewProps) {
  const classes = useDoraStyles();
  const t = useT();
  const id = useId();
  const { choice, report, scope, stale = false } = props;
  const { days, metric: chosen } = choice;
  const { timeZone } = report.settings;
  const opened = report.metrics
    .filter(isKnown)
    .find(metric => metric.id === chosen);
  const empty = isEmptyReport(report);
  return (
    <div className={classes.root}>
      <DoraToolbar
        report={report}
        scope={scope}
        days={days}
        onDays={choice.setDays}
      />
      <DoraNotes report={report} />
      {empty ? (
        <NothingYet pending={report.pending} />
      ) : (
        <div
          className={`${classes.body} ${stale ? classes.stale : ''}`}
          aria-busy={stale}
        >
          <MetricCards
            report={report}
            days={days}
            chosen={chosen}
            controls={id}
            onChoose={choice.setMetric}
          />
          {props.children}
          <div id={id} className={classes.opened}>
            {opened && (
              <>
                <OpenedMetric
                  key={`${chosen} trend`}
                  metric={opened}
                  days={days}
                  zone={timeZone}
                />
                <Panel title={t('doraRows.tabs')}>
                  <BehindNumber
                    key={`${chosen} rows`}
                    scope={scope}
                    days={days}
                    metric={opened}
                    set={choice.set}
                    onSet={choice.setSet}
                    zone={timeZone}
                    mayOverride={report.mayOverride}
                  />
                </Panel>
              </>
            )}
          </div>
        </div>
      )}
    </div>
  );
}
