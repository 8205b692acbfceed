import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import {
  InputError,
  NotAllowedError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import { NOON, REPO } from '../database/DatabaseChangeStore/testChanges';
import { DatabaseDeliveryStore } from '../database/DatabaseDeliveryStore';
import { pair, repository, TestReading, wanted } from './changes/testReading';

jest.setTimeout(60_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3'],
  disableDocker: true,
});
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const API = 'component:default/api';

describe('reading changes of a vendor that does not answer', () => {
  let reading: TestReading;

  beforeEach(async () => {
    const database = await databases.init('SQLITE_3');
    reading = new TestReading(
      await DatabaseDeliveryStore.create({ database }),
      mockServices.logger.mock(),
    );
  });

  it('goes on with others when one answer makes no sense, and asks again hours later', async () => {
    reading.span(1, 2);
    reading.span(2, 3);
    reading.vendor.failures.set(
      'span acme/vaultex 1..2',
      new InputError('odd'),
    );
    reading.reader.want(repository(), API, wanted([pair(1, 2), pair(2, 3)]));
    expect(await reading.tick()).toContain('span acme/vaultex 2..3');
    expect(reading.reader.pendingOf(REPO)).toBe(0);
    expect(await reading.settle()).toEqual([]);
    reading.now += 6 * HOUR;
    reading.vendor.failures.clear();
    expect(await reading.settle()).toEqual(['span acme/vaultex 1..2']);
  });

  it('leaves a vendor that refuses alone for hours, and reads the rest', async () => {
    reading.span(1, 2);
    reading.vendor.failures.set('pulls', new NotAllowedError('no permission'));
    const other = { repoKey: 'github_com/8', slug: 'acme/other' };
    reading.reader.want(repository(), API, wanted([pair(1, 2)]));
    reading.reader.want(repository(other), 'b', wanted([pair(1, 2)]));
    const calls = await reading.settle();
    expect(calls.filter(call => call.startsWith('span'))).toHaveLength(2);
    expect(calls.filter(call => call.startsWith('pulls'))).toHaveLength(2);
    expect(
      await reading.store.syncState('pulls:github.com/acme/vaultex'),
    ).toMatchObject({
      problem: {
        ...{ code: 'read_failed', message: 'no permission', at: NOON },
        retryAt: NOON + 6 * HOUR,
      },
    });
    reading.now += 6 * HOUR - 1;
    expect(await reading.settle()).toEqual([]);
    reading.now += 1;
    reading.vendor.failures.clear();
    expect(await reading.settle()).toEqual([
      ...['pulls acme/vaultex 1', 'pulls acme/other 1'],
    ]);
  });

  it('asks for nothing else of a repository that is not there', async () => {
    reading.vendor.failures.set(
      'pulls',
      new NotFoundError('no such repository'),
    );
    reading.reader.want(repository(), API, wanted([pair(1, 2)]));
    expect(await reading.settle()).toEqual(['pulls acme/vaultex 1']);
    expect(await reading.store.changes.spans(REPO, [pair(1, 2)])).toEqual([]);
    expect(reading.reader.pendingOf(REPO)).toBe(2);
    reading.now += 6 * HOUR;
    reading.vendor.failures.clear();
    reading.span(1, 2);
    expect(await reading.settle()).toEqual([
      ...['pulls acme/vaultex 1', 'span acme/vaultex 1..2'],
    ]);
    reading.reader.want(
      repository({ deleted: true }),
      API,
      wanted([pair(2, 3)]),
    );
    expect(await reading.settle()).toEqual([]);
  });

  it('waits as long as the vendor says', async () => {
    reading.span(1, 2);
    reading.span(2, 3);
    const error = new ServiceUnavailableError('no more calls');
    reading.vendor.failures.set(
      'span acme/vaultex 2..3',
      Object.assign(error, {
        ...{ code: 'github_rate_limit', retryAt: NOON + 7 * MINUTE },
      }),
    );
    reading.reader.want(repository(), API, wanted([pair(1, 2), pair(2, 3)]));
    await reading.settle();
    expect(reading.changed).toEqual([REPO]);
    expect(reading.reader.pendingOf(REPO)).toBe(1);
    const other = { repoKey: 'github_com/8', slug: 'acme/other' };
    reading.reader.want(repository(other), 'b', wanted([pair(1, 2)]));
    reading.now += 7 * MINUTE - 1;
    expect(await reading.settle()).toEqual([]);
    reading.now += 1;
    reading.vendor.failures.clear();
    expect([...(await reading.settle())].sort()).toEqual([
      ...['pulls acme/other 1', 'span acme/other 1..2'],
      'span acme/vaultex 2..3',
    ]);
  });

  it('uses only its part of the budget, and says what waits for more', async () => {
    const pairs = Array.from({ length: 40 }, (_, n) => pair(n, n + 1));
    pairs.forEach((_, n) => reading.span(n, n + 1));
    reading.vendor.left = { remaining: 312, limit: 1000, resetAt: NOON + HOUR };
    reading.vendor.onCall = () => {
      reading.vendor.left!.remaining -= 1;
    };
    reading.reader.want(repository(), API, wanted(pairs));
    expect(await reading.settle()).toHaveLength(12);
    expect(reading.reader.pendingOf(REPO)).toBe(29);
    reading.vendor.left = {
      remaining: 1000,
      limit: 1000,
      resetAt: NOON + 2 * HOUR,
    };
    reading.now += HOUR;
    expect(await reading.settle()).toHaveLength(29);
    expect(reading.reader.pendingOf(REPO)).toBe(0);
  });

  it('ends when told to, tells what it stored, and goes on later', async () => {
    reading.span(1, 2);
    reading.span(2, 3);
    const stop = new AbortController();
    reading.vendor.onCall = call => {
      if (call === 'span acme/vaultex 1..2') stop.abort();
    };
    reading.reader.want(repository(), API, wanted([pair(1, 2), pair(2, 3)]));
    expect(await reading.tick(stop.signal)).toHaveLength(2);
    expect(reading.changed).toEqual([REPO]);
    expect(reading.reader.pendingOf(REPO)).toBe(1);
    expect(
      await reading.store.syncState('commits:github.com/acme/vaultex'),
    ).toBe(undefined);
    expect(await reading.tick()).toEqual(['span acme/vaultex 2..3']);
  });
});
