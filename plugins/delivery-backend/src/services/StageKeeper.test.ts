import { jobs, makeVendor, repository, run } from '../__testUtils__/makeVendor';
import { StageKeeper } from './StageKeeper';

describe('StageKeeper', () => {
  it('saves the columns of the graph and which gate is closed', async () => {
    const { graphs, options } = makeVendor();
    const saveStages = jest.fn(async () => true);
    const listeners: ((changed: { runKeys: string[] }) => void)[] = [];
    const applied = jest.fn(async () => {});
    const keeper = new StageKeeper({
      ...options,
      graphs,
      feed: {
        applied,
        listen: listener =>
          listeners.push(changed =>
            listener({ repoKeys: [], entityRefs: [], ...changed }),
          ),
      },
      store: {
        runsByKey: async () => [run],
        repository: async () => repository,
        jobs: async () => jobs,
        saveStages,
      },
    });
    listeners.forEach(listener => listener({ runKeys: ['gh.1', 'gh.1'] }));
    await keeper.idle();
    expect(saveStages.mock.calls).toEqual([
      [
        'gh.1',
        [
          expect.objectContaining({ status: 'completed' }),
          expect.objectContaining({
            status: 'waiting',
            environment: 'production',
          }),
        ],
        ['production'],
      ],
    ]);
    expect(applied).toHaveBeenCalledWith({ repoKeys: ['gh/7'], runKeys: [] });
    await keeper.close();
    listeners.forEach(listener => listener({ runKeys: ['gh.1'] }));
    await keeper.idle();
    expect(saveStages).toHaveBeenCalledTimes(1);
  });
});
