import { DEFAULT_DORA_SETTINGS } from '../../contract';
import { linkFacts } from './linkFacts';
import type { DeploymentSource } from './facts';
import { API, AS_OF, source } from './testUtils/sources';

const link = (deployments: DeploymentSource[]) =>
  linkFacts(
    {
      ...{ asOf: AS_OF, deployments, changes: [], commits: [], spans: [] },
      ...{ incidents: [], overrides: [], services: [{ service: API }] },
    },
    DEFAULT_DORA_SETTINGS,
  );
const runtime = (
  id: string,
  time: [number, number],
  part: Partial<DeploymentSource> = {},
) => source(id, time, { source: 'runtime_deployment', ...part });
const ids = (items: { id: string }[]) => items.map(({ id }) => id);

describe('what a service began with', () => {
  it('is no deployment, and is listed', () => {
    const { deployments, excluded } = link([
      runtime('a', [0, 0]),
      source('b', [60, 70], { sha: 'b'.repeat(40) }),
    ]);
    expect(ids(deployments)).toEqual(['b']);
    expect(excluded).toContainEqual(
      expect.objectContaining({ id: 'a', reason: 'set_up' }),
    );
  });

  it('is only the first, and only without a commit', () => {
    const later = runtime('b', [60, 70]);
    expect(ids(link([runtime('a', [0, 0]), later]).deployments)).toEqual(['b']);
    const known = runtime('a', [0, 0], { sha: 'a'.repeat(40) });
    expect(ids(link([known, later]).deployments)).toEqual(['a', 'b']);
  });

  it('is not what a pipeline deployed first', () => {
    const first = source('a', [0, 5], { run: { id: '7' } });
    expect(ids(link([first]).deployments)).toEqual(['a']);
  });
});
