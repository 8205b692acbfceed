import { absoluteTime } from '../../format/absoluteTime';
import { formatDuration } from '../../format/duration';
import { useNow } from '../../hooks/useNow';
import { useT } from '../../translation/deliveryTranslationRef';

/** For how long it has been waiting; since when on hover. */
export function WaitingSince(props: { since: number }) {
  const t = useT();
  const now = useNow();
  return (
    <time
      dateTime={new Date(props.since).toISOString()}
      title={absoluteTime(props.since)}
    >
      {t('approval.waitingFor', {
        duration: formatDuration(now - props.since, t),
      })}
    </time>
  );
}

/** How long the vendor goes on waiting; until when on hover. */
export function Expires(props: { at: number }) {
  const t = useT();
  const now = useNow();
  const left = props.at - now;
  return (
    <time
      dateTime={new Date(props.at).toISOString()}
      title={absoluteTime(props.at)}
    >
      {left > 0
        ? t('approval.expiresIn', { duration: formatDuration(left, t) })
        : t('approval.expired')}
    </time>
  );
}
