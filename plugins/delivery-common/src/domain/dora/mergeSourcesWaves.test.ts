import type { DeploymentSource } from './facts';
import { at, merge, source } from './testUtils/sources';

const region = (
  environment: string,
  span: [number, number],
  part: Partial<DeploymentSource> = {},
) =>
  source(`${environment}-${span[0]}`, span, { environment, sha: 'a', ...part });
const environmentsOf = (...sources: DeploymentSource[]) =>
  merge(sources).deployments.map(({ environment }) => environment);

describe('several production environments', () => {
  it('one after the other are one deployment that ends with the last', () => {
    const sources = [region('eu', [0, 5]), region('us', [50, 58])];
    expect(merge(sources).deployments).toMatchObject([
      {
        ...{ id: 'eu-0', environment: 'eu, us', outcome: 'succeeded' },
        ...{ startedAt: at(0), finishedAt: at(58) },
      },
    ]);
    expect(merge(sources, { perEnvironment: true }).deployments).toHaveLength(
      2,
    );
  });

  it.each<[string, DeploymentSource[], string[]]>([
    [
      'another commit',
      [region('eu', [0, 5]), region('us', [6, 9], { sha: 'b' })],
      ['eu', 'us'],
    ],
    [
      'longer than four overlaps later',
      [region('eu', [0, 5]), region('us', [66, 70])],
      ['eu', 'us'],
    ],
    [
      'later, of the same run',
      [
        region('eu', [0, 5], { run: { id: 'r' } }),
        region('us', [900, 905], { run: { id: 'r' } }),
      ],
      ['eu, us'],
    ],
    [
      'a region again begins anew',
      [
        region('eu', [0, 5]),
        region('us', [6, 9]),
        region('eu', [20, 25]),
        region('us', [26, 29]),
      ],
      ['eu, us', 'eu, us'],
    ],
    [
      'without a commit there is only the run',
      [
        region('eu', [0, 5], { sha: undefined }),
        region('us', [6, 9], { sha: undefined }),
      ],
      ['eu', 'us'],
    ],
    [
      'many are named in short',
      ['a', 'b', 'c', 'd'].map((name, i) => region(name, [i, i + 1])),
      ['a, b and 2 more'],
    ],
  ])('%s', (_, sources, expected) => {
    expect(environmentsOf(...sources)).toEqual(expected);
    expect(environmentsOf(...[...sources].reverse())).toEqual(expected);
  });

  it.each<[string, Partial<DeploymentSource>, string]>([
    ['failed', { status: 'failed' }, 'failed_in_production'],
    [
      'failed before it was touched: the other one was',
      { status: 'failed', touched: false },
      'failed_in_production',
    ],
    [
      'goes on',
      { status: 'in_progress', finishedAt: undefined },
      'in_progress',
    ],
    [
      'waits for somebody',
      { status: 'waiting', finishedAt: undefined },
      'succeeded',
    ],
    ['was cancelled', { status: 'cancelled' }, 'succeeded'],
  ])('with a region that %s', (_, part, outcome) => {
    const [deployment] = merge([
      region('eu', [0, 5]),
      region('us', [6, 9], part),
    ]).deployments;
    expect(deployment).toMatchObject({ environment: 'eu, us', outcome });
  });

  it('failed before production when no region was touched', () => {
    const part = { status: 'failed', touched: false } as const;
    const [deployment] = merge([
      region('eu', [0, 5], part),
      region('us', [6, 9], part),
    ]).deployments;
    expect(deployment.outcome).toBe('failed_before_production');
  });
});
