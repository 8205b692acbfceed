import { makeVendor, repository, run } from '../__testUtils__/makeVendor';
import { Artifacts } from './Artifacts';

describe('Artifacts', () => {
  const item = { name: 'site', sizeInBytes: 3, expired: false };

  it('are read once for a run that is over', async () => {
    const listArtifacts = jest.fn(async () => [item]);
    const { options, clock } = makeVendor({ listArtifacts });
    const artifacts = new Artifacts(options);
    const over = { ...run, status: 'completed' as const };
    for (let i = 0; i < 3; i++) {
      expect(await artifacts.of(over, repository)).toEqual({ items: [item] });
      clock.now += 60 * 60_000;
    }
    expect(listArtifacts).toHaveBeenCalledTimes(1);
  });

  it('say why they are missing', async () => {
    const { options } = makeVendor({
      listArtifacts: async () => {
        throw new Error('GitHub is down');
      },
    });
    const artifacts = new Artifacts(options);
    expect(await artifacts.of(run, repository)).toEqual({
      items: [],
      problem: {
        code: 'vendor_failed',
        message: 'The list of artifacts could not be read: GitHub is down',
      },
    });
  });
});
