import { TestApiProvider } from '@backstage/frontend-test-utils';
import { signalApiRef } from '@backstage/plugin-signals-react';
import { act, renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { fakeSignals } from '../../dev/testUtils/renderDelivery';
import { useLive } from './useLive';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

function live(
  signals: ReturnType<typeof fakeSignals> | undefined,
  initialProps: { signalKey?: string; moving: boolean; filling?: boolean },
) {
  const refetch = jest.fn();
  const wrapper = (props: { children: ReactNode }) =>
    signals ? (
      <TestApiProvider apis={[[signalApiRef, signals.api]]}>
        {props.children}
      </TestApiProvider>
    ) : (
      <TestApiProvider apis={[]}>{props.children}</TestApiProvider>
    );
  const hook = renderHook(
    (props: { signalKey?: string; moving: boolean; filling?: boolean }) =>
      useLive({ signalKey: undefined, ...props, refetch }),
    { wrapper, initialProps },
  );
  return { ...hook, refetch };
}
const pass = (ms: number) => act(() => jest.advanceTimersByTime(ms));

describe('useLive', () => {
  it('reads on subscribing and once more for a burst of messages', () => {
    const signals = fakeSignals();
    const { refetch, result } = live(signals, {
      signalKey: 'a',
      moving: false,
    });
    expect(result.current).toBe(true);
    expect(refetch).toHaveBeenCalledTimes(1);
    for (let i = 0; i < 30; i += 1) signals.send('delivery:a');
    pass(399);
    expect(refetch).toHaveBeenCalledTimes(1);
    pass(1);
    expect(refetch).toHaveBeenCalledTimes(2);
    pass(5_000);
    expect(refetch).toHaveBeenCalledTimes(2);
  });

  it('reads once more when the socket has had time for a second attempt', () => {
    const { refetch } = live(fakeSignals(), { signalKey: 'a', moving: false });
    pass(7_999);
    expect(refetch).toHaveBeenCalledTimes(1);
    pass(1);
    expect(refetch).toHaveBeenCalledTimes(2);
    pass(600_000);
    expect(refetch).toHaveBeenCalledTimes(2);
  });

  it('reads every 2.5 s while the portal fills up, with or without signals', () => {
    const { refetch, rerender } = live(fakeSignals(), {
      moving: false,
      filling: true,
    });
    pass(10_000);
    expect(refetch).toHaveBeenCalledTimes(4);
    pass(90_000);
    expect(refetch).toHaveBeenCalledTimes(40);
    // It takes longer than it should: no hurry any more.
    pass(60_000);
    expect(refetch).toHaveBeenCalledTimes(44);
    rerender({ moving: false, filling: false });
    pass(60_000);
    expect(refetch).toHaveBeenCalledTimes(44);
  });

  it('subscribes anew for another key and reads, as nothing is replayed', () => {
    const signals = fakeSignals();
    const { refetch, rerender, unmount } = live(signals, {
      signalKey: 'a',
      moving: false,
    });
    rerender({ signalKey: 'b', moving: false });
    expect(signals.channels()).toEqual(['delivery:b']);
    expect(refetch).toHaveBeenCalledTimes(2);
    unmount();
    expect(signals.channels()).toEqual([]);
  });

  it('waits for a key before it subscribes', () => {
    const signals = fakeSignals();
    const { result } = live(signals, { moving: true });
    expect(result.current).toBe(false);
    expect(signals.channels()).toEqual([]);
  });

  it('polls every 15 s without signals, only while something moves', () => {
    const { refetch, rerender, result } = live(undefined, {
      signalKey: 'a',
      moving: true,
    });
    expect(result.current).toBe(false);
    pass(30_000);
    expect(refetch).toHaveBeenCalledTimes(2);
    rerender({ signalKey: 'a', moving: false });
    pass(60_000);
    expect(refetch).toHaveBeenCalledTimes(2);
  });

  it('does not poll while nobody looks', () => {
    jest.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    const { refetch } = live(undefined, { signalKey: 'a', moving: true });
    pass(60_000);
    expect(refetch).not.toHaveBeenCalled();
  });
});
