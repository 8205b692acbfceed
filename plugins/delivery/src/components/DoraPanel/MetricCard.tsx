import { formatDoraValue } from '../../format/doraValue';
import { useT } from '../../translation/deliveryTranslationRef';
import { Badge, InfoIcon, PendingIcon, Skeleton } from '../../ui';
import { Spark } from '../DoraCharts';
import { BandChip } from './BandChip';
import { useCardStyles } from './cardStyles';
import { ChangeMark } from './ChangeMark';
import { bandText, madeOf, noDataWhy } from './metricWords';
import type { KnownMetric } from './metricWords';

function Marks(props: { metric: KnownMetric }) {
  const classes = useCardStyles();
  const t = useT();
  const { n, provisional, small } = props.metric;
  return (
    <span className={classes.line}>
      {small && (
        <Badge
          tone="quiet"
          Icon={InfoIcon}
          hint={t('dora.card.fewHint', { n: `${n}` })}
        >
          {t('dora.card.few')}
        </Badge>
      )}
      {provisional && (
        <Badge
          tone="quiet"
          Icon={PendingIcon}
          hint={t('dora.card.provisionalHint')}
        >
          {t('dora.card.provisional')}
        </Badge>
      )}
    </span>
  );
}

function Numbers(props: { metric: KnownMetric; days: number }) {
  const classes = useCardStyles();
  const t = useT();
  const { metric, days } = props;
  const [band, ...others] = metric.bands;
  if (metric.value === null) {
    return (
      <>
        <span className={`${classes.value} ${classes.none}`}>
          {t('dora.card.noData')}
        </span>
        <span className={`${classes.side} ${classes.grow}`}>
          {noDataWhy(metric, t)}
        </span>
      </>
    );
  }
  return (
    <>
      <span className={`${classes.value} ${metric.small ? classes.small : ''}`}>
        {formatDoraValue(metric.value, metric.unit, t)}
      </span>
      <span className={classes.side}>{madeOf(metric, days, t)}</span>
      {metric.previous.value !== null && (
        <ChangeMark metric={metric} days={days} />
      )}
      {(metric.small || metric.provisional) && <Marks metric={metric} />}
      <span className={classes.grow} />
      {band && (
        <span>
          <BandChip
            band={band}
            hint={
              others.length === 0
                ? undefined
                : t('dora.card.otherBands', {
                    bands: others.map(one => bandText(one, t)).join('; '),
                  })
            }
          />
        </span>
      )}
    </>
  );
}

/** One metric; a click opens it. */
export function MetricCard(props: {
  metric: KnownMetric;
  days: number;
  chosen: boolean;
  /** Id of the region that it opens. */
  controls: string;
  onChoose: () => void;
}) {
  const classes = useCardStyles();
  const t = useT();
  const { metric } = props;
  const { id, trend } = metric;
  return (
    <button
      type="button"
      className={classes.card}
      data-metric={id}
      aria-pressed={props.chosen}
      aria-controls={props.controls}
      onClick={props.onChoose}
    >
      <span className={classes.title}>{t(`doraWords.metric.${id}`)}</span>
      <Numbers metric={metric} days={props.days} />
      {trend.length > 0 && (
        <Spark
          points={trend}
          bars={id === 'deployment_frequency' || id === 'rollback_frequency'}
        />
      )}
    </button>
  );
}

/** A card before its first answer. */
export function MetricCardSkeleton() {
  const classes = useCardStyles();
  return (
    <div className={classes.card}>
      <Skeleton width="70%" height={16} />
      <Skeleton width="50%" height={28} />
      <Skeleton width="80%" />
      <Skeleton width="60%" />
      <span className={classes.grow} />
      <Skeleton height={28} />
    </div>
  );
}
