import { namePattern } from './namePattern';
import { placeJobs } from './placeJobs';
import type { WorkflowJob } from './Workflow';

type Part = string | Partial<WorkflowJob>;

/** A slot from keys or jobs, outermost caller first. */
function slot(...parts: Part[]) {
  const path = parts.map(part => ({
    needs: [],
    matrix: false,
    ...(typeof part === 'string' ? { key: part } : { key: 'job', ...part }),
  }));
  return {
    id: path.map(job => job.name ?? job.key).join('/'),
    pattern: namePattern(path),
    many: path.some(job => job.matrix),
  };
}

function placed(
  slots: ReturnType<typeof slot>[],
  names: string[],
): Record<string, string[]> {
  const jobs = names.map(name => ({ jobKey: name, name }));
  return Object.fromEntries(placeJobs(slots, jobs, { left: 1_000_000 }));
}

const matrix = (key: string, name?: string) => ({ key, name, matrix: true });

describe('placeJobs', () => {
  it.each<
    [string, ReturnType<typeof slot>[], string[], Record<string, string[]>]
  >([
    ['a key', [slot('test')], ['test'], { test: ['test'] }],
    [
      'a name instead of the key',
      [slot({ key: 'test', name: 'Unit tests' })],
      ['Unit tests', 'test'],
      { 'Unit tests': ['Unit tests'] },
    ],
    [
      'an expression inside a name',
      [slot({ name: 'Deploy ${{ inputs.env }} now' })],
      ['Deploy staging now', 'Deploy staging'],
      { 'Deploy ${{ inputs.env }} now': ['Deploy staging now'] },
    ],
    [
      'legs of a matrix',
      [slot(matrix('test'))],
      ['test (20, linux)', 'test (22, linux)', 'test 20', 'testing (20)'],
      { test: ['test (20, linux)', 'test (22, linux)'] },
    ],
    [
      'a matrix that was skipped as a whole',
      [slot(matrix('test'))],
      ['test'],
      { test: ['test'] },
    ],
    [
      'a matrix whose name has an expression, without values appended',
      [slot(matrix('test', 'Node ${{ matrix.node }}'))],
      ['Node 20', 'Node 22'],
      { 'Node ${{ matrix.node }}': ['Node 20', 'Node 22'] },
    ],
    [
      'a called job',
      [slot('deploy', 'publish'), slot('publish')],
      ['deploy / publish', 'publish'],
      { 'deploy/publish': ['deploy / publish'], publish: ['publish'] },
    ],
    [
      'a job called through two files',
      [slot('a', 'b', 'c')],
      ['a / b / c', 'a / c'],
      { 'a/b/c': ['a / b / c'] },
    ],
    [
      'a caller with a matrix',
      [slot(matrix('a'), 'b')],
      ['a (x) / b', 'a (y) / b', 'a / c'],
      { 'a/b': ['a (x) / b', 'a (y) / b'] },
    ],
    [
      'a called job with a matrix',
      [slot('a', matrix('b'))],
      ['a / b (1)', 'a / b (2)'],
      { 'a/b': ['a / b (1)', 'a / b (2)'] },
    ],
    [
      'a literal name before a leg of the same text',
      [slot(matrix('test')), slot({ key: 'slow', name: 'test (slow)' })],
      ['test (slow)', 'test (1)'],
      { 'test (slow)': ['test (slow)'], test: ['test (1)'] },
    ],
    [
      'the longer literal of two patterns',
      [slot({ name: 'Deploy ${{ x }}' }), slot({ name: 'Deploy to ${{ x }}' })],
      ['Deploy to staging', 'Deploy staging'],
      {
        'Deploy to ${{ x }}': ['Deploy to staging'],
        'Deploy ${{ x }}': ['Deploy staging'],
      },
    ],
    [
      'nothing when two patterns fit equally',
      [slot({ name: 'Go ${{ a }}' }), slot({ name: 'Go ${{ b }}' })],
      ['Go one'],
      {},
    ],
    [
      'nothing when two jobs of the file have one name',
      [slot({ key: 'a', name: 'Same' }), slot({ key: 'b', name: 'Same' })],
      ['Same'],
      {},
    ],
    [
      'nothing when two jobs of the run want one place',
      [slot({ name: 'Go ${{ a }}' })],
      ['Go one', 'Go two'],
      {},
    ],
    [
      'only an expression, as the last possible node',
      [slot('test'), slot({ name: '${{ inputs.name }}' })],
      ['test', 'Anything at all'],
      { test: ['test'], '${{ inputs.name }}': ['Anything at all'] },
    ],
    [
      'nothing when two names are only expressions',
      [slot({ name: '${{ a }}' }), slot({ name: '${{ b }}' })],
      ['Anything'],
      {},
    ],
    [
      'not a job of a known name by an expression',
      [slot({ name: '${{ a }}' }), slot('test')],
      ['test'],
      { test: ['test'] },
    ],
    [
      'a matrix whose name is only an expression, as the last',
      [slot('test'), slot(matrix('legs', '${{ matrix.title }}'))],
      ['test', 'One', 'Two'],
      { test: ['test'], '${{ matrix.title }}': ['One', 'Two'] },
    ],
    [
      'a called job below a caller that is only an expression',
      [slot({ name: '${{ a }}' }, 'publish'), slot('publish')],
      ['Anything / publish', 'publish'],
      {
        '${{ a }}/publish': ['Anything / publish'],
        publish: ['publish'],
      },
    ],
    ['nothing of another name', [slot('test')], ['Test', 'tests', ''], {}],
    [
      'an expression that is not closed',
      [slot({ name: 'Go ${{ a' })],
      ['Go there'],
      { 'Go ${{ a': ['Go there'] },
    ],
    [
      'special characters as they are',
      [slot({ name: 'a.*(b)[c]$ ${{ x }}' })],
      ['a.*(b)[c]$ 1', 'aXX(b)[c]$ 1'],
      { 'a.*(b)[c]$ ${{ x }}': ['a.*(b)[c]$ 1'] },
    ],
  ])('places %s', (_, slots, names, expected) => {
    expect(placed(slots, names)).toEqual(expected);
  });
});
