import type { DoraMetric } from 'backstage-plugin-delivery-common';
import { changeOf, formatDoraValue } from '../../format/doraValue';
import { useT } from '../../translation/deliveryTranslationRef';
import {
  ArrowDownIcon,
  ArrowUpIcon,
  makeStyles,
  NeutralIcon,
  secondaryText,
  tonesOf,
} from '../../ui';
import type { Theme } from '../../ui';

const useStyles = makeStyles<Theme>(
  theme => ({
    root: {
      display: 'inline-flex',
      alignItems: 'center',
      gap: 4,
      fontFamily: theme.typography.fontFamily,
      fontSize: '0.75rem',
      lineHeight: '18px',
      color: secondaryText(theme),
    },
    icon: { flex: 'none', fontSize: 14 },
    better: { color: tonesOf(theme).ok.text },
    worse: { color: tonesOf(theme).warning.text },
    same: {},
    none: {},
  }),
  { name: 'DeliveryDoraChange' },
);

/** How a number moved against the window before: direction, by how much, and whether that is better. */
export function ChangeMark(props: {
  metric: Pick<DoraMetric, 'id' | 'unit' | 'value' | 'previous'>;
  days: number;
}) {
  const classes = useStyles();
  const t = useT();
  const { metric } = props;
  const change = changeOf(metric, t);
  const moved = change.verdict === 'better' || change.verdict === 'worse';
  const Moved = change.rising ? ArrowUpIcon : ArrowDownIcon;
  const Icon = moved ? Moved : NeutralIcon;
  const before = metric.previous.value;
  return (
    <span
      className={`${classes.root} ${classes[change.verdict]}`}
      title={
        before === null
          ? undefined
          : t('dora.change.hint', {
              value: formatDoraValue(before, metric.unit, t),
              days: `${props.days}`,
            })
      }
    >
      <Icon aria-hidden className={classes.icon} />
      {t(`dora.change.${change.verdict}`, { by: change.by })}
    </span>
  );
}
