import type {
  DoraMetric,
  DoraTiles as Tiles,
} from 'backstage-plugin-delivery-common';
import { formatDoraValue } from '../../format/doraValue';
import { DORA_PANEL, useDoraChoice } from '../../hooks/useDoraChoice';
import { useT } from '../../translation/deliveryTranslationRef';
import { lineColor, makeStyles, secondaryText } from '../../ui';
import type { Theme } from '../../ui';
import { BandChip } from '../DoraPanel/BandChip';
import { ChangeMark } from '../DoraPanel/ChangeMark';
import { madeOf } from '../DoraPanel/metricWords';
import { useHasPanel } from '../EnvironmentStrip/PanelNames';

/** In this order; what else the answer has is for the panel. */
const SHOWN = [
  'lead_time',
  'deployment_frequency',
  'change_fail_rate',
  'recovery_time',
] as const;
type Shown = (typeof SHOWN)[number];
type Tile = Tiles['items'][number];

const useStyles = makeStyles<Theme>(
  theme => ({
    root: {
      flex: '1 1 100%',
      display: 'grid',
      gridTemplateColumns: 'repeat(auto-fit, minmax(150px, 1fr))',
      gap: theme.spacing(1),
      margin: 0,
      padding: 0,
      listStyle: 'none',
      minWidth: 0,
    },
    item: { display: 'flex', minWidth: 0 },
    tile: {
      flex: 1,
      display: 'flex',
      flexDirection: 'column',
      alignItems: 'flex-start',
      gap: 2,
      minWidth: 0,
      margin: 0,
      padding: theme.spacing(1, 1.5),
      borderRadius: 8,
      border: `1px solid ${lineColor(theme)}`,
      backgroundColor: theme.palette.background.paper,
      color: theme.palette.text.primary,
      font: 'inherit',
      textAlign: 'left',
      'button&': { cursor: 'pointer' },
      'button&:hover': { borderColor: secondaryText(theme) },
      '&:focus-visible': {
        outline: `2px solid ${theme.palette.primary.main}`,
        outlineOffset: 1,
      },
    },
    title: {
      fontFamily: theme.typography.fontFamily,
      fontSize: '0.75rem',
      color: secondaryText(theme),
    },
    line: {
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'baseline',
      gap: theme.spacing(0, 1),
    },
    value: {
      fontFamily: theme.typography.fontFamily,
      fontSize: '1.125rem',
      fontWeight: 700,
      fontVariantNumeric: 'tabular-nums',
    },
    small: { fontWeight: 400, color: secondaryText(theme) },
  }),
  { name: 'DeliveryDoraTiles' },
);

function Content(props: { id: Shown; tile: Tile; days: number }) {
  const classes = useStyles();
  const t = useT();
  const { days, id, tile } = props;
  const { small, unit, value } = tile;
  const band: DoraMetric['bands'][number] | undefined = tile.bands[0];
  return (
    <>
      <span className={classes.title}>{t(`doraWords.metric.${id}`)}</span>
      {value === null ? (
        <span className={`${classes.value} ${classes.small}`}>
          {t('dora.card.noData')}
        </span>
      ) : (
        <>
          <span className={classes.line}>
            <span className={`${classes.value} ${small ? classes.small : ''}`}>
              {formatDoraValue(value, unit, t)}
            </span>
            <span className={classes.title}>
              {small ? t('dora.card.few') : madeOf(tile, days, t)}
            </span>
          </span>
          {tile.previous.value !== null && (
            <ChangeMark metric={tile} days={days} />
          )}
          {band && <BandChip band={band} />}
        </>
      )}
    </>
  );
}

/** Four of the metrics above the parts of the tab; each leads to itself. Nothing while nothing is known. */
export function DoraTiles(props: { tiles: Tiles | undefined }) {
  const classes = useStyles();
  const t = useT();
  const { open } = useDoraChoice();
  const canOpen = useHasPanel(DORA_PANEL);
  const { tiles } = props;
  if (!tiles) return null;
  const { days, items } = tiles;
  const shown = SHOWN.flatMap(id => {
    const tile = items.find(item => item.id === id);
    return tile ? [{ id, tile }] : [];
  });
  if (shown.length === 0) return null;
  return (
    <ul
      className={classes.root}
      aria-label={t('dora.tiles.label', { days: `${days}` })}
    >
      {shown.map(({ id, tile }) => {
        const content = <Content id={id} tile={tile} days={days} />;
        return (
          <li key={id} className={classes.item}>
            {canOpen ? (
              <button
                type="button"
                className={classes.tile}
                data-tile={id}
                onClick={() => open(id)}
              >
                {content}
              </button>
            ) : (
              <span className={classes.tile} data-tile={id}>
                {content}
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
