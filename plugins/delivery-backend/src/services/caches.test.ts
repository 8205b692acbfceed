import { BoundedCache } from './BoundedCache';
import { OverviewCache } from './OverviewCache';

describe('BoundedCache', () => {
  const make = (maxEntries: number) => {
    const clock = { now: 0 };
    const cache = new BoundedCache<number>({
      maxEntries,
      ttlMs: 100,
      now: () => clock.now,
    });
    return { cache, clock, load: jest.fn(async () => 1) };
  };

  it('forgets the least recently used first', async () => {
    const { cache, load } = make(2);
    await cache.get('a', load);
    await cache.get('b', load);
    await cache.get('a', load);
    await cache.get('c', load);
    expect([load.mock.calls.length, cache.size]).toEqual([3, 2]);
    await cache.get('a', load);
    expect(load).toHaveBeenCalledTimes(3);
    await cache.get('b', load);
    expect(load).toHaveBeenCalledTimes(4);
  });

  it('counts the age from the start of the loading', async () => {
    const { cache, clock } = make(2);
    let finish = (_: number) => {};
    const slow = cache.get(
      'a',
      () =>
        new Promise<number>(resolve => {
          finish = resolve;
        }),
    );
    clock.now = 99;
    finish(1);
    expect(await slow).toBe(1);
    clock.now = 100;
    expect(await cache.get('a', async () => 2)).toBe(2);
  });
});

describe('OverviewCache', () => {
  const make = (maxBytes: number) => {
    const clock = { now: 0 };
    const cache = new OverviewCache({
      maxBytes,
      ttlMs: 10_000,
      now: () => clock.now,
    });
    return { cache, clock };
  };

  it('gives the same bytes until they are old', async () => {
    const { cache, clock } = make(1_000);
    const first = await cache.get('a', async () => ({ n: 1 }));
    expect(await cache.get('a', async () => ({ n: 2 }))).toBe(first);
    clock.now = 10_000;
    const second = await cache.get('a', async () => ({ n: 2 }));
    expect(second.body.toString()).toBe('{"n":2}');
    expect(second.etag).not.toBe(first.etag);
  });

  it('does not keep what was being made when news came', async () => {
    const { cache } = make(1_000);
    let finish = (_: object) => {};
    const waiting = cache.get(
      'a',
      () =>
        new Promise<object>(resolve => {
          finish = resolve;
        }),
    );
    cache.forget('a');
    finish({ n: 1 });
    expect((await waiting).body.toString()).toBe('{"n":1}');
    expect(cache.bytes).toBe(0);
    const next = await cache.get('a', async () => ({ n: 2 }));
    expect(next.body.toString()).toBe('{"n":2}');
  });

  it('stays within its size and does not keep failures', async () => {
    const { cache } = make(20);
    await cache.get('a', async () => '12345678');
    await cache.get('b', async () => '12345678');
    expect(cache.bytes).toBe(20);
    await cache.get('c', async () => '1');
    expect(cache.bytes).toBe(13);
    await expect(
      cache.get('d', async () => Promise.reject(new Error('no'))),
    ).rejects.toThrow('no');
    expect((await cache.get('d', async () => 1)).body.toString()).toBe('1');
  });
});
