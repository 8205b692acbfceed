import { absoluteTime } from '../../format/absoluteTime';
import { formatAgo } from '../../format/duration';
import { useNow } from '../../hooks/useNow';
import { useT } from '../../translation/deliveryTranslationRef';
import { makeStyles } from '../../ui';

const useStyles = makeStyles(
  { root: { whiteSpace: 'nowrap', fontVariantNumeric: 'tabular-nums' } },
  { name: 'DeliveryAgo' },
);

/** A moment as one says it; the exact one on hover. */
export function Ago(props: { at: number }) {
  const classes = useStyles();
  const t = useT();
  const now = useNow();
  return (
    <time
      className={classes.root}
      dateTime={new Date(props.at).toISOString()}
      title={absoluteTime(props.at)}
    >
      {formatAgo(props.at, now, t)}
    </time>
  );
}
