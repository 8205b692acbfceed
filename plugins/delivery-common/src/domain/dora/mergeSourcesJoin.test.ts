import type { DeploymentSource } from './facts';
import { merge, source } from './testUtils/sources';

const run = (id: string, attempt?: number) => ({ run: { id, attempt } });
const RUN = { source: 'run' } as const;
const VENDOR = { source: 'vendor_deployment' } as const;
const RUNTIME = { source: 'runtime_deployment' } as const;
const idsOf = (found: ReturnType<typeof merge>) =>
  found.deployments.map(({ sources }) =>
    sources
      .map(({ id }) => id)
      .sort()
      .join(' '),
  );

describe('what is one deployment', () => {
  const sha = 'a'.repeat(40);
  it.each<[string, DeploymentSource[], string[]]>([
    [
      'the same group, whatever else they say',
      [
        source('1', [0, 5], { group: 'g', sha: 'a' }),
        source('2', [900, 905], { group: 'g', sha: 'b' }),
      ],
      ['1 2'],
    ],
    [
      'attempts of a run, however far apart',
      [source('1', [0, 5], run('r', 1)), source('2', [900, 905], run('r', 2))],
      ['1 2'],
    ],
    [
      'a run, its deployment and what the runtime did of it',
      [
        source('1', [0, 9], { ...RUN, ...run('r'), sha }),
        source('2', [1, 9], { ...VENDOR, sha }),
        source('3', [2, 8], { ...RUNTIME, sha }),
      ],
      ['1 2 3'],
    ],
    [
      'an address that names the run',
      [
        source('1', [0, 9], {
          ...RUN,
          run: { id: 'key', url: 'https://x/o/r/actions/runs/77' },
        }),
        source('2', [600, 601], {
          ...VENDOR,
          url: 'https://x/o/r/actions/runs/77/job/5',
        }),
      ],
      ['1 2'],
    ],
    [
      'the same artifact where the commit is not told',
      [
        source('1', [0, 9], { ...RUN, ...run('r'), sha, artifact: 'api:7' }),
        source('2', [20, 24], { ...RUNTIME, artifact: 'api:7' }),
      ],
      ['1 2'],
    ],
    [
      'not the same artifact of two commits (a tag that moves)',
      [
        source('1', [0, 9], { ...RUN, sha: 'a', artifact: 'latest' }),
        source('2', [2, 8], { ...RUNTIME, sha: 'b', artifact: 'latest' }),
      ],
      ['2', '1'],
    ],
    [
      'not later than the overlap allows',
      [
        source('1', [0, 9], { ...RUN, sha }),
        source('2', [25, 30], { ...RUNTIME, sha }),
      ],
      ['1', '2'],
    ],
    [
      'not two runs of one commit',
      [
        source('1', [0, 9], { ...RUN, ...run('r'), sha }),
        source('2', [2, 9], { ...RUN, ...run('s'), sha }),
      ],
      ['1', '2'],
    ],
    [
      'not what one teller tells apart: a retry',
      [
        source('1', [0, 3], { sha, status: 'failed' }),
        source('2', [5, 8], { sha }),
      ],
      ['1', '2'],
    ],
    [
      'two parts of a service in the runtime at the same time',
      [
        source('1', [0, 5], { ...RUNTIME, sha }),
        source('2', [1, 6], { ...RUNTIME, sha }),
      ],
      ['1 2'],
    ],
    [
      'not the deployment and the rollback of one run',
      [
        source('1', [0, 5], { ...VENDOR, ...run('r'), sha: 'new' }),
        source('2', [6, 9], { ...VENDOR, ...run('r'), sha: 'old' }),
      ],
      ['1', '2'],
    ],
    [
      'not of two services, though one run deploys both',
      [
        source('1', [0, 5], { ...run('r'), sha }),
        source('2', [0, 6], { ...run('r'), sha, service: 'component:x/y' }),
      ],
      ['1', '2'],
    ],
    [
      'the nearest in time of two runs',
      [
        source('1', [0, 4], { ...RUN, ...run('r'), sha }),
        source('2', [18, 22], { ...RUN, ...run('s'), sha }),
        source('3', [16, 17], { ...RUNTIME, sha }),
      ],
      ['1', '2 3'],
    ],
  ])('%s', (_, sources, expected) => {
    expect(idsOf(merge(sources))).toEqual(expected);
    expect(idsOf(merge([...sources].reverse()))).toEqual(expected);
  });

  it('is called by its group, otherwise by the smallest id', () => {
    const sources = [
      source('b', [0, 1], run('r')),
      source('a', [0, 1], run('r')),
    ];
    expect(merge(sources).deployments[0].id).toBe('a');
    const grouped = sources.map(each => ({ ...each, group: 'z' }));
    expect(merge(grouped).deployments[0].id).toBe('z');
  });

  it('two tellers that use one id get two deployments with ids of their own', () => {
    const found = merge([
      source('1', [0, 1], { ...RUN, sha: 'a' }),
      source('1', [50, 51], { ...VENDOR, sha: 'b' }),
    ]);
    expect(found.deployments.map(({ id }) => id)).toEqual(['1', '1~2']);
  });
});
