import { formatDuration } from '../../format/duration';
import { useNow } from '../../hooks/useNow';
import { useT } from '../../translation/deliveryTranslationRef';
import { makeStyles } from '../../ui';

const useStyles = makeStyles(
  { root: { whiteSpace: 'nowrap', fontVariantNumeric: 'tabular-nums' } },
  { name: 'DeliveryElapsed' },
);

function Ticking(props: { from: number }) {
  const t = useT();
  const now = useNow();
  return <>{formatDuration(now - props.from, t)}</>;
}

/** How long something took, or has taken so far when `to` is missing. */
export function Elapsed(props: { from: number; to?: number }) {
  const classes = useStyles();
  const t = useT();
  return (
    <span className={classes.root}>
      {props.to === undefined ? (
        <Ticking from={props.from} />
      ) : (
        formatDuration(props.to - props.from, t)
      )}
    </span>
  );
}
