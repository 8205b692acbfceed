import type {
  DoraMetricId,
  DoraReport,
} from 'backstage-plugin-delivery-common';
import { useId } from 'react';
import type { ReactNode } from 'react';
import { useT } from '../../translation/deliveryTranslationRef';
import { useCardStyles } from './cardStyles';
import { MetricCard, MetricCardSkeleton } from './MetricCard';
import { isKnown, METRIC_GROUPS } from './metricWords';

function Group(props: { name: string; children: ReactNode }) {
  const classes = useCardStyles();
  const id = useId();
  return (
    <div role="group" aria-labelledby={id} className={classes.group}>
      <h3 className={classes.name} id={id}>
        {props.name}
      </h3>
      <div className={classes.cards}>{props.children}</div>
    </div>
  );
}

/** DORA's five, and below them the four of deployments. */
export function MetricCards(props: {
  report: DoraReport;
  days: number;
  chosen: DoraMetricId;
  /** Id of the region where a metric is opened. */
  controls: string;
  onChoose: (metric: DoraMetricId) => void;
}) {
  const classes = useCardStyles();
  const t = useT();
  const { report, chosen, onChoose } = props;
  const known = new Map(
    report.metrics.filter(isKnown).map(metric => [metric.id, metric]),
  );
  return (
    <div className={classes.groups}>
      {METRIC_GROUPS.map(({ id, metrics }) => (
        <Group key={id} name={t(`dora.groups.${id}`)}>
          {metrics.map(name => {
            const metric = known.get(name);
            return (
              metric && (
                <MetricCard
                  key={name}
                  metric={metric}
                  days={props.days}
                  chosen={chosen === name}
                  controls={props.controls}
                  onChoose={() => onChoose(name)}
                />
              )
            );
          })}
        </Group>
      ))}
    </div>
  );
}

/** The cards before their first answer: same shape, grey. */
export function MetricCardsSkeleton() {
  const classes = useCardStyles();
  const t = useT();
  return (
    <div className={classes.groups}>
      {METRIC_GROUPS.map(({ id, metrics }) => (
        <Group key={id} name={t(`dora.groups.${id}`)}>
          {metrics.map(name => (
            <MetricCardSkeleton key={name} />
          ))}
        </Group>
      ))}
    </div>
  );
}
