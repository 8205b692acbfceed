import { mockServices } from '@backstage/backend-test-utils';
import { ChangeFeed } from './ChangeFeed';

describe('ChangeFeed', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const make = () => {
    const publish = jest.fn(async () => {});
    const logger = mockServices.logger.mock();
    const feed = new ChangeFeed({
      store: {
        entitiesOfRepository: async key =>
          key === 'gh/1' ? ['component:default/a', 'component:default/b'] : [],
      },
      signals: { publish },
      logger,
      channelSecret: 'secret',
      now: () => 0,
    });
    return { feed, publish, logger };
  };
  const one = { repoKeys: ['gh/1'], runKeys: [] };

  it('makes of a burst one message now and one at the end', async () => {
    const { feed, publish } = make();
    for (let i = 0; i < 50; i++) await feed.applied(one);
    expect(publish).toHaveBeenCalledTimes(2);
    jest.advanceTimersByTime(299);
    expect(publish).toHaveBeenCalledTimes(2);
    jest.advanceTimersByTime(1);
    expect(publish).toHaveBeenCalledTimes(4);
    jest.advanceTimersByTime(10_000);
    expect(publish).toHaveBeenCalledTimes(4);
    feed.close();
  });

  it('sends no more than fifty messages in a second, and the rest after it', async () => {
    const publish = jest.fn(async () => {});
    const feed = new ChangeFeed({
      store: {
        entitiesOfRepository: async key => [`component:default/${key}`],
      },
      signals: { publish },
      logger: mockServices.logger.mock(),
      channelSecret: 'secret',
      now: () => 0,
    });
    const repoKeys = Array.from({ length: 80 }, (_, index) => `s${index}`);
    await feed.applied({ repoKeys, runKeys: [] });
    expect(publish).toHaveBeenCalledTimes(50);
    jest.advanceTimersByTime(999);
    expect(publish).toHaveBeenCalledTimes(50);
    jest.advanceTimersByTime(500);
    expect(publish).toHaveBeenCalledTimes(80);
    feed.close();
  });

  it('says nothing in its messages, on a channel that cannot be guessed', async () => {
    const { feed, publish } = make();
    await feed.applied(one);
    const key = feed.keyOf('component:default/a');
    expect(key).toMatch(/^[0-9a-f]{32}$/);
    expect(publish.mock.calls[0]).toEqual([
      {
        recipients: { type: 'broadcast' },
        channel: `delivery:${key}`,
        message: {},
      },
    ]);
    expect(feed.keyOf('component:default/b')).not.toBe(key);
    feed.close();
  });

  it('tells the caches before it tells the pages', async () => {
    const { feed, publish } = make();
    const order: string[] = [];
    feed.listen(({ entityRefs }) => order.push(`cache ${entityRefs.length}`));
    publish.mockImplementation(async () => {
      order.push('page');
    });
    await feed.applied(one);
    expect(order).toEqual(['cache 2', 'page', 'page']);
    feed.close();
  });

  it('is silent when nothing changed, and never fails whoever applied', async () => {
    const { feed, publish, logger } = make();
    await feed.applied({ repoKeys: [], runKeys: [] });
    expect(publish).not.toHaveBeenCalled();
    publish.mockRejectedValueOnce(new Error('socket'));
    await feed.applied(one);
    await Promise.resolve();
    expect(logger.warn).toHaveBeenCalledTimes(1);
    feed.close();
  });
});
