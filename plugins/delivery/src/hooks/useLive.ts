import { useApiHolder } from '@backstage/core-plugin-api';
import { signalApiRef } from '@backstage/plugin-signals-react';
import { deliveryChannel } from 'backstage-plugin-delivery-common';
import { useEffect, useRef } from 'react';
import { throttle } from './throttle';

const NEWS_PAUSE_MS = 400;
const POLL_MS = 15_000;
/** Messages are lost while a socket reconnects; what moves is looked at again now and then. */
const SAFETY_MS = 60_000;

/**
 * Keeps something up to date: reads again on every message of the channel and on (re)subscribing, because nothing is replayed.
 * Without signals in the portal it reads every 15 s, only while something moves and somebody looks.
 *
 * `useSignal` would show only the last message of a burst and cannot wait for a key, so the signal API is used itself.
 *
 * @returns whether news arrives by itself
 */
export function useLive(options: {
  signalKey: string | undefined;
  moving: boolean;
  refetch: () => void;
}): boolean {
  const { signalKey, moving } = options;
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
    news.call();
    return () => {
      subscription.unsubscribe();
      news.cancel();
    };
  }, [signals, signalKey]);

  const live = signals !== undefined && signalKey !== undefined;
  useEffect(() => {
    if (!moving) return undefined;
    const timer = setInterval(
      () => {
        if (!document.hidden) refetch.current();
      },
      live ? SAFETY_MS : POLL_MS,
    );
    return () => clearInterval(timer);
  }, [moving, live]);
  return live;
}
