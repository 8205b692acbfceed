import { mockCredentials } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { checkEntity } from './checkEntity';

const SHOP = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'shop', namespace: 'default' },
};

/** Looks in a catalog that has the component from a time on. */
async function look(options: {
  from: number;
  entityRef?: string;
  signal?: AbortSignal;
}) {
  const { from, entityRef = 'component:default/shop', signal } = options;
  let time = 0;
  const slept: number[] = [];
  const catalog = catalogServiceMock.mock({
    getEntityByRef: async () => (time >= from ? SHOP : undefined),
  });
  const line = await checkEntity(
    { catalog, credentials: mockCredentials.user() },
    entityRef,
    {
      now: () => time,
      sleep: async (milliseconds, seen) => {
        seen?.throwIfAborted();
        slept.push(milliseconds);
        time += milliseconds;
      },
      signal,
    },
  );
  return { line, time, slept };
}

describe('checkEntity', () => {
  it('finds what is there without a pause', async () => {
    const { line, slept } = await look({ from: 0 });
    expect(line).toMatchObject({
      result: 'pass',
      detail: 'component:default/shop',
    });
    expect(slept).toEqual([]);
  });

  it.each([1, 5_000, 29_999, 30_000])(
    'finds what comes after %d ms',
    async from => {
      const { line, time } = await look({ from });
      expect(line.result).toBe('pass');
      expect(time).toBeGreaterThanOrEqual(from);
      expect(time).toBeLessThan(from + 2_000);
    },
  );

  it('says after half a minute that it cannot be told', async () => {
    const { line, time } = await look({ from: 30_001 });
    expect(line.result).toBe('unknown');
    expect(line.detail).toMatch(/component:default\/shop is not there yet/);
    expect(line.hard).toBe(false);
    expect(time).toBe(30_000);
  });

  it('waits for nothing that can never come', async () => {
    const { line, slept } = await look({ from: 0, entityRef: ':/' });
    expect(line).toMatchObject({ result: 'fail' });
    expect(line.fix).toMatch(/entityRef/);
    expect(slept).toEqual([]);
  });

  it('stops looking when the task is cancelled', async () => {
    const { line, slept } = await look({
      from: 10_000,
      signal: AbortSignal.abort(),
    });
    expect(line.result).toBe('unknown');
    expect(slept).toEqual([]);
  });
});
