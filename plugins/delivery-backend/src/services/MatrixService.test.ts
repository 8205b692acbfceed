import { mockCredentials } from '@backstage/backend-test-utils';
import type { Matrix } from 'backstage-plugin-delivery-common';
import { environment } from '../database/DatabaseEnvironmentStore/testRuntime';
import type { EnvironmentRow } from '../database/EnvironmentStore';
import { CallerServices } from './CallerServices';
import type { ChangeListener } from './ChangeFeed';
import { MatrixRows } from './MatrixRows';
import { MatrixService } from './MatrixService';
import type { VisibleService } from './VisibleServices';

const dana = mockCredentials.user('user:default/dana');
const ravi = mockCredentials.user('user:default/ravi');
const ref = (name: string) => `component:default/${name}`;
const seen = (name: string): VisibleService => ({
  entityRef: ref(name),
  title: name,
});
const row = (
  name: string,
  position: number,
  more: Parameters<typeof environment>[1] & { name: string },
): EnvironmentRow => ({
  ...{ entityRef: ref(name), position, computedAt: 1 },
  environment: environment(more.name, more),
});

function make() {
  const clock = { now: 100_000 };
  const stored: EnvironmentRow[] = [
    row('api', 1, { name: 'production' }),
    row('api', 0, { name: 'staging', tier: 'staging' }),
    row('web', 0, { name: 'dev', tier: 'development' }),
    row('hidden', 0, { name: 'secret', tier: 'other' }),
  ];
  const allEnvironments = jest.fn(async () => stored);
  const environments = jest.fn(async (entityRef: string) =>
    stored.filter(item => item.entityRef === entityRef),
  );
  const listeners: ChangeListener[] = [];
  const rows = new MatrixRows({
    environments: { allEnvironments, environments },
    feed: { listen: listener => listeners.push(listener) },
    now: () => clock.now,
  });
  let services = [seen('api'), seen('web')];
  const of = jest.fn(async () => services);
  const matrix = new MatrixService({
    rows,
    visible: new CallerServices({ visible: { of }, now: () => clock.now }),
    now: () => clock.now,
  });
  const get = async (who = dana): Promise<Matrix> =>
    JSON.parse((await matrix.matrix(who)).body.toString());
  return {
    ...{ clock, stored, allEnvironments, environments, of, matrix, get },
    see: (names: string[]) => {
      services = names.map(seen);
    },
    tell: (name: string) =>
      listeners.forEach(listener =>
        listener({
          ...{ repoKeys: [], runKeys: [], entityRefs: [ref(name)] },
          derived: true,
        }),
      ),
  };
}

describe('MatrixService', () => {
  it('shows only what the caller may see, also in its columns', async () => {
    const { get } = make();
    const { environments, services } = await get();
    expect(environments).toEqual([
      { name: 'dev', tier: 'development' },
      { name: 'staging', tier: 'staging' },
      { name: 'production', tier: 'production' },
    ]);
    expect(services.map(item => item.entityRef)).toEqual([
      ...[ref('api'), ref('web')],
    ]);
    expect(services[0].cells.production).toMatchObject({
      ...{ basis: 'observed', sha: 'a'.repeat(40), health: 'healthy' },
    });
    expect(Object.keys(services[1].cells)).toEqual(['dev']);
  });

  it('gives the same prepared answer while nothing is different, and reads one service where one is', async () => {
    const { matrix, clock, tell, stored, get, ...spies } = make();
    const first = await matrix.matrix(dana);
    clock.now += 1_000;
    expect(await matrix.matrix(dana)).toBe(first);
    stored.splice(2, 1, row('web', 0, { name: 'qa', tier: 'testing' }));
    tell('web');
    expect((await get()).services[1].cells).toHaveProperty('qa');
    expect(spies.allEnvironments).toHaveBeenCalledTimes(1);
    expect(spies.environments.mock.calls).toEqual([[ref('web')]]);
  });

  it('sees what another replica derived after ten seconds', async () => {
    const { clock, stored, get } = make();
    await get();
    stored.pop();
    stored.push(row('web', 1, { name: 'qa', tier: 'testing' }));
    clock.now += 10_000;
    expect(Object.keys((await get()).services[1].cells)).toEqual([
      ...['dev', 'qa'],
    ]);
  });

  it('believes what a caller sees for less than ten seconds, and keeps callers apart', async () => {
    const { clock, of, get, see } = make();
    await Promise.all([get(), get()]);
    expect(of).toHaveBeenCalledTimes(1);
    see(['web']);
    expect((await get(ravi)).services).toHaveLength(1);
    clock.now += 3_999;
    expect((await get()).services).toHaveLength(2);
    clock.now += 6_001;
    expect((await get()).services).toHaveLength(1);
  });

  it('asks anew for a caller who comes often, before anybody has to wait', async () => {
    const { clock, of, get, see } = make();
    await get();
    see(['api']);
    clock.now += 5_000;
    // The answer at hand is given at once; the next one is the new.
    expect((await get()).services).toHaveLength(2);
    expect((await get()).services).toHaveLength(1);
    expect(of).toHaveBeenCalledTimes(2);
  });

  it('does not keep a failure', async () => {
    const { of, get } = make();
    of.mockRejectedValueOnce(new Error('The catalog is away'));
    await expect(get()).rejects.toThrow('The catalog is away');
    expect((await get()).services).toHaveLength(2);
  });
});
