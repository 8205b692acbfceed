import type { DoraMetric } from 'backstage-plugin-delivery-common';
import { formatDoraValue } from '../../format/doraValue';
import { cutText } from '../../format/plainText';
import { dora } from '../../translation/dora';
import { useT } from '../../translation/deliveryTranslationRef';
import type { T } from '../../translation/deliveryTranslationRef';
import { Badge, InfoIcon, Panel, PendingIcon } from '../../ui';
import { MetricTrend } from '../DoraCharts';
import { BandChip } from './BandChip';
import { ChangeMark } from './ChangeMark';
import { useDoraStyles } from './doraStyles';
import { madeOf, noDataWhy } from './metricWords';
import type { KnownMetric } from './metricWords';

function Value(props: { metric: KnownMetric; days: number }) {
  const classes = useDoraStyles();
  const t = useT();
  const { metric, days } = props;
  if (metric.value === null) {
    return (
      <div className={classes.line}>
        <span className={`${classes.value} ${classes.none}`}>
          {t('dora.card.noData')}
        </span>
        <span className={classes.side}>{noDataWhy(metric, t)}</span>
      </div>
    );
  }
  return (
    <div className={classes.line}>
      <span className={`${classes.value} ${metric.small ? classes.small : ''}`}>
        {formatDoraValue(metric.value, metric.unit, t)}
      </span>
      <span className={classes.side}>{madeOf(metric, days, t)}</span>
      <ChangeMark metric={metric} days={days} />
      {metric.small && (
        <Badge tone="quiet" Icon={InfoIcon}>
          {t('dora.card.fewHint', { n: `${metric.n}` })}
        </Badge>
      )}
      {metric.provisional && (
        <Badge tone="quiet" Icon={PendingIcon}>
          {t('dora.card.provisionalHint')}
        </Badge>
      )}
    </div>
  );
}

type DetailWord = keyof typeof dora.opened.detail;

const detailName = (id: string, t: T) =>
  Object.hasOwn(dora.opened.detail, id)
    ? t(`dora.opened.detail.${id as DetailWord}`)
    : cutText(id, 60);

function Details(props: { details: DoraMetric['details'] }) {
  const classes = useDoraStyles();
  const t = useT();
  const told = props.details.filter(({ value }) => value !== null);
  if (told.length === 0) return null;
  return (
    <dl className={classes.details} aria-label={t('dora.opened.details')}>
      {told.map(({ id, n, unit, value }) => {
        const words = formatDoraValue(value ?? 0, unit, t);
        return (
          <div key={id} className={classes.pair}>
            <dt>{detailName(id, t)}</dt>
            <dd>
              {n === undefined
                ? words
                : t('dora.opened.detailN', { value: words, n: `${n}` })}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

/** One metric at large: what it says, how it was made, where it stands, and how it went. */
export function OpenedMetric(props: {
  metric: KnownMetric;
  days: number;
  zone: string;
}) {
  const classes = useDoraStyles();
  const t = useT();
  const { days, metric, zone } = props;
  const title = t(`doraWords.metric.${metric.id}`);
  return (
    <Panel title={title}>
      <div className={classes.facts}>
        <Value metric={metric} days={days} />
        <p className={classes.text} dir="auto">
          {cutText(metric.definition, 800)}
        </p>
        {metric.bands.length > 0 && (
          <div>
            <div className={classes.side} title={t('dora.opened.bandsHint')}>
              {t('dora.opened.bands')}
            </div>
            <div className={classes.chips}>
              {metric.bands.map(band => (
                <BandChip
                  key={`${band.scale} ${band.year} ${band.label}`}
                  band={band}
                />
              ))}
            </div>
          </div>
        )}
        <Details details={metric.details} />
        <MetricTrend metric={metric} title={title} zone={zone} />
      </div>
    </Panel>
  );
}
