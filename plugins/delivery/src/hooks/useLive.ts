import { useApiHolder } from '@backstage/core-plugin-api';
import { signalApiRef } from '@backstage/plugin-signals-react';
import { deliveryChannel } from 'backstage-plugin-delivery-common';
import type { Ingestion } from 'backstage-plugin-delivery-common';
import { useEffect, useRef } from 'react';
import { throttle } from './throttle';

const NEWS_PAUSE_MS = 400;
const POLL_MS = 15_000;
/** The portal's socket may need a second attempt before it listens; what was said until then is read once more. */
const SETTLED_MS = 8_000;
/** While the history is being read, or before the repository is known, there may be no channel to listen to. */
const FILLING_MS = 2_500;
/** After so many reads in a row it takes longer, or never ends (no access to the repository): then only every sixth counts. */
const EAGER_READS = 40;
/** Messages are lost while a socket reconnects; what moves is looked at again now and then. */
const SAFETY_MS = 60_000;

/**
 * Keeps something up to date: reads again on every message of the channel and on (re)subscribing, because nothing is replayed.
 * While the portal still fills up it reads every 2.5 s. Without signals the portal it reads every 15 s. Both only while somebody looks.
 *
 * `useSignal` would show only the last message of a burst and cannot wait for a key, so the signal API is used itself.
 *
 * @returns whether news arrives by itself
 */
export function useLive(options: {
  signalKey: string | undefined;
  moving: boolean;
  /** The history is not read yet. */
  filling?: boolean;
  /** False: what was just asked is not asked again on subscribing; for answers so large that it would be felt. */
  again?: boolean;
  refetch: () => void;
}): boolean {
  const { signalKey, moving, filling = false, again = true } = options;
  const signals = useApiHolder().get(signalApiRef);
  const refetch = useRef(options.refetch);
  useEffect(() => {
    refetch.current = options.refetch;
  });

  useEffect(() => {
    if (!signals || signalKey === undefined) return undefined;
    const news = throttle(() => refetch.current(), NEWS_PAUSE_MS);
    const subscription = signals.subscribe(
      deliveryChannel(signalKey),
      news.call,
    );
    if (again) news.call();
    const settled = again ? setTimeout(news.call, SETTLED_MS) : undefined;
    return () => {
      clearTimeout(settled);
      subscription.unsubscribe();
      news.cancel();
    };
  }, [signals, signalKey, again]);

  const live = signals !== undefined && signalKey !== undefined;
  const quiet = live ? SAFETY_MS : POLL_MS;
  const pause = filling ? FILLING_MS : quiet;
  useEffect(() => {
    if (!moving && !filling) return undefined;
    let ticks = 0;
    const timer = setInterval(() => {
      ticks += 1;
      const skip = filling && ticks > EAGER_READS && ticks % 6 !== 0;
      if (!document.hidden && !skip) refetch.current();
    }, pause);
    return () => clearInterval(timer);
  }, [moving, filling, pause]);
  return live;
}

/** True while the portal has not read the history of a repository, or does not know the repository. */
export function isFilling(ingestion: Ingestion, repositoryKnown = true) {
  const { state } = ingestion.backfill;
  return !repositoryKnown || state === 'pending' || state === 'running';
}
