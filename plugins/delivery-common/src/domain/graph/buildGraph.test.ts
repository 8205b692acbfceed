import type { JobGraph } from '../../contract';
import { jobFact } from '../testUtils/facts';
import { toState } from '../vendorWords';
import { buildGraph } from './buildGraph';
import { flatGraph, type GraphJob } from './flatGraph';
import { readWorkflow } from './readWorkflow';
import type { Workflow } from './Workflow';

function workflow(text: string): Workflow {
  const { workflow: found, problem } = readWorkflow(text);
  if (!found) throw new Error(problem.message);
  return found;
}

function job(name: string, part: Partial<GraphJob> = {}): GraphJob {
  return jobFact(
    { status: 'completed', conclusion: 'success' },
    { jobKey: `key of ${name}`, name, ...part },
  );
}

function columns(graph: JobGraph): string[][] {
  const result: string[][] = [];
  for (const node of graph.nodes) (result[node.column] ??= []).push(node.id);
  return result;
}

const none = () => undefined;

describe('buildGraph', () => {
  it('orders by the longest path over needs', () => {
    const graph = buildGraph({
      workflow: workflow(`
jobs:
  deploy: { needs: [test, pack] }
  lint: {}
  test: { needs: lint }
  pack: {}
`),
      reusable: none,
      jobs: [job('lint')],
    });
    expect(graph.kind).toBe('placed');
    expect(columns(graph)).toEqual([['lint', 'pack'], ['test'], ['deploy']]);
    expect(graph.edges).toEqual([
      { from: 'test', to: 'deploy' },
      { from: 'pack', to: 'deploy' },
      { from: 'lint', to: 'test' },
    ]);
  });

  it('shows what has not started, without a state', () => {
    const graph = buildGraph({
      workflow: workflow(
        'jobs: { a: {}, b: { needs: a, environment: production } }',
      ),
      reusable: none,
      jobs: [job('a')],
    });
    expect(graph.nodes).toMatchObject([
      { id: 'a', jobs: ['key of a'], state: { conclusion: 'success' } },
      { id: 'b', jobs: [], environment: 'production' },
    ]);
    expect(graph.nodes[1].state).toBeUndefined();
  });

  it('makes one node of a matrix, with the worst state', () => {
    const graph = buildGraph({
      workflow: workflow(
        'jobs: { a: { strategy: { matrix: { n: [1, 2] } } } }',
      ),
      reusable: none,
      jobs: [
        job('a (1)'),
        job('a (2)', { state: toState('completed', 'failure') }),
      ],
    });
    expect(graph.nodes).toMatchObject([
      {
        id: 'a',
        name: 'a',
        matrix: true,
        jobs: ['key of a (1)', 'key of a (2)'],
        state: { conclusion: 'failure' },
      },
    ]);
  });

  it('takes the environment from the job before the file, and never shows an expression', () => {
    const graph = buildGraph({
      workflow: workflow(
        'jobs: { a: { environment: "${{ x }}" }, b: { environment: "${{ x }}" }, c: { environment: staging } }',
      ),
      reusable: none,
      jobs: [job('a', { environment: 'eu' }), job('c', { environment: 'us' })],
    });
    expect(graph.nodes.map(node => node.environment)).toEqual([
      'eu',
      undefined,
      'us',
    ]);
  });

  it('puts reusable workflows between, as nested groups', () => {
    const files: Record<string, Workflow> = {
      './.github/workflows/deploy.yml': workflow(
        'jobs: { plan: {}, apply: { needs: plan, uses: acme/shared/.github/workflows/apply.yml@v1 } }',
      ),
      'acme/shared/.github/workflows/apply.yml@v1': workflow(
        'jobs: { roll: {}, check: { uses: ./.github/workflows/check.yml } }',
      ),
      'acme/shared/.github/workflows/check.yml@v1': workflow(
        'jobs: { smoke: {} }',
      ),
    };
    const graph = buildGraph({
      workflow: workflow(`
jobs:
  test: {}
  staging: { name: Staging, needs: test, uses: ./.github/workflows/deploy.yml }
  done: { needs: staging }
`),
      reusable: uses => files[uses],
      jobs: [
        job('test'),
        job('Staging / plan'),
        job('Staging / apply / roll'),
        job('Staging / apply / check / smoke'),
      ],
    });
    expect(graph.groups).toEqual([
      { id: 'staging', name: 'Staging' },
      { id: 'staging/apply', name: 'apply' },
      { id: 'staging/apply/check', name: 'check' },
    ]);
    expect(columns(graph)).toEqual([
      ['test'],
      ['staging/plan'],
      ['staging/apply/roll', 'staging/apply/check/smoke'],
      ['done'],
    ]);
    expect(graph.nodes.find(n => n.id === 'staging/apply/roll')).toMatchObject({
      group: 'staging/apply',
      jobs: ['key of Staging / apply / roll'],
    });
    expect(graph.edges).toContainEqual({
      from: 'staging/apply/check/smoke',
      to: 'done',
    });
    expect(graph.unplaced).toEqual([]);
  });

  it('keeps a caller as one node when its file is not known', () => {
    const graph = buildGraph({
      workflow: workflow(
        'jobs: { a: { uses: o/r/x.yml@v1 }, b: { needs: a } }',
      ),
      reusable: none,
      jobs: [job('a / one'), job('a / two'), job('b')],
    });
    expect(graph.nodes).toMatchObject([
      { id: 'a', jobs: ['key of a / one', 'key of a / two'] },
      { id: 'b', jobs: ['key of b'] },
    ]);
  });

  it('keeps a caller as one node when it was skipped as a whole', () => {
    const graph = buildGraph({
      workflow: workflow('jobs: { a: { uses: ./x.yml }, b: { needs: a } }'),
      reusable: () => workflow('jobs: { one: {}, two: {} }'),
      jobs: [job('a', { state: toState('completed', 'skipped') })],
    });
    expect(graph.groups).toEqual([]);
    expect(columns(graph)).toEqual([['a'], ['b']]);
    expect(graph.nodes[0].state?.conclusion).toBe('skipped');
  });

  it('leaves jobs it cannot place apart', () => {
    const graph = buildGraph({
      workflow: workflow('jobs: { a: {} }'),
      reusable: none,
      jobs: [job('a'), job('from elsewhere')],
    });
    expect(graph.unplaced).toEqual(['key of from elsewhere']);
  });

  it('names a node by its job when the file has an expression', () => {
    const graph = buildGraph({
      workflow: workflow(
        'jobs: { a: { name: "Go to ${{ x }}" }, b: { name: "See ${{ x }}" } }',
      ),
      reusable: none,
      jobs: [job('Go to Rome')],
    });
    expect(graph.nodes.map(node => node.name)).toEqual(['Go to Rome', 'b']);
  });

  it.each([
    ['graph_cycle', 'jobs: { a: { needs: b }, b: { needs: a } }'],
    ['graph_cycle', 'jobs: { a: { needs: a } }'],
    ['graph_unknown_need', 'jobs: { a: { needs: toString } }'],
    ['graph_nesting_too_deep', 'jobs: { a: { uses: ./self.yml } }'],
    [
      'graph_too_large',
      `jobs: { ${Array.from(
        { length: 100 },
        (_, i) => `j${i}: { uses: ./many.yml }`,
      ).join(', ')} }`,
    ],
  ])('is flat because of %s', (code, text) => {
    const graph = buildGraph({
      workflow: workflow(text),
      reusable: uses =>
        uses === './self.yml'
          ? workflow(text)
          : workflow('jobs: { a: {}, b: {}, c: {}, d: {}, e: {}, f: {} }'),
      jobs: [job('late', { startedAt: 2 }), job('early', { startedAt: 1 })],
    });
    expect(graph).toMatchObject({
      kind: 'flat',
      reason: { code },
      nodes: [],
      unplaced: ['key of early', 'key of late'],
    });
    expect(graph.reason?.message).toMatch(/^[A-Z].+\.$/);
  });

  it('is flat for more jobs or connections than can be drawn', () => {
    const wide = Array.from({ length: 120 }, (_, i) => `${i}`);
    const graph = buildGraph({
      workflow: workflow(
        `jobs: { ${wide.map(i => `a${i}: {}`).join(', ')}, ${wide
          .map(i => `b${i}: { needs: [${wide.map(k => `a${k}`).join(', ')}] }`)
          .join(', ')} }`,
      ),
      reusable: none,
      jobs: [],
    });
    expect(graph.reason?.code).toBe('graph_too_large');
    const jobs = Array.from({ length: 1_001 }, (_, i) => job(`${i}`));
    expect(
      buildGraph({
        workflow: workflow('jobs: { a: {} }'),
        reusable: none,
        jobs,
      }).reason?.code,
    ).toBe('graph_too_large');
  });

  it('gives up soon on names made to be slow', () => {
    const name = `"${'a${{ x }}'.repeat(90)}"`;
    const keys = Array.from(
      { length: 300 },
      (_, i) => `j${i}: { name: ${name} }`,
    );
    const jobs = Array.from({ length: 900 }, (_, i) =>
      job(`${'a'.repeat(490)}${i}`),
    );
    const graph = buildGraph({
      workflow: workflow(`jobs: { ${keys.join(', ')} }`),
      reusable: none,
      jobs,
    });
    expect(graph.reason?.code).toBe('graph_too_large');
  });
});

describe('flatGraph', () => {
  it('lists jobs by start, what has not started last', () => {
    const graph = flatGraph(
      [job('c'), job('b', { startedAt: 2 }), job('a', { startedAt: 1 })],
      { code: 'workflow_missing', message: 'There is no file.' },
    );
    expect(graph).toEqual({
      kind: 'flat',
      reason: { code: 'workflow_missing', message: 'There is no file.' },
      nodes: [],
      edges: [],
      groups: [],
      unplaced: ['key of a', 'key of b', 'key of c'],
    });
  });
});
