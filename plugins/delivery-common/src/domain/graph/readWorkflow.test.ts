import * as fc from 'fast-check';
import { WORKFLOW_LIMITS } from './parseWorkflowYaml';
import { readWorkflow } from './readWorkflow';

function codeOf(text: string): string | undefined {
  return readWorkflow(text).problem?.code;
}

describe('readWorkflow', () => {
  it('reads what the graph needs', () => {
    const { workflow, problem } = readWorkflow(`
name: Deploy
on: { push: { branches: [main] } }
jobs:
  test:
    runs-on: ubuntu-latest
    strategy: { matrix: { node: [20, 22] } }
    steps: [{ run: "echo \${{ matrix.node }}" }]
  lint:
    name: 1.10
    if: false
  deploy-staging:
    name: Deploy to \${{ inputs.where }}
    needs: [test, lint, test]
    environment: { name: staging, url: https://example.com }
  call:
    needs: test
    uses: ./.github/workflows/deploy.yml
    environment: production
    strategy: { fail-fast: false }
`);
    expect(problem).toBeUndefined();
    expect(workflow?.jobs).toEqual([
      { key: 'test', needs: [], matrix: true },
      { key: 'lint', needs: [], matrix: false, name: '1.10', if: 'false' },
      {
        key: 'deploy-staging',
        needs: ['test', 'lint'],
        matrix: false,
        name: 'Deploy to ${{ inputs.where }}',
        environment: 'staging',
      },
      {
        key: 'call',
        needs: ['test'],
        matrix: false,
        uses: './.github/workflows/deploy.yml',
        environment: 'production',
      },
    ]);
  });

  it('follows aliases', () => {
    const { workflow } = readWorkflow(`
jobs:
  a: &job { needs: &needs [], environment: &env { name: staging } }
  b: { needs: *needs, environment: *env }
  c: *job
`);
    expect(workflow?.jobs.map(job => job.environment)).toEqual([
      'staging',
      'staging',
      'staging',
    ]);
  });

  it('is not caught in a cycle of aliases', () => {
    expect(readWorkflow('jobs: &a { a: *a }').workflow?.jobs).toEqual([
      { key: 'a', needs: [], matrix: false },
    ]);
  });

  it('takes a strategy or matrix that is an expression for a matrix', () => {
    const { workflow } = readWorkflow(
      'jobs: { a: { strategy: { matrix: "${{ fromJSON(x) }}" } }, b: { strategy: "${{ x }}" } }',
    );
    expect(workflow?.jobs.map(job => job.matrix)).toEqual([true, true]);
  });

  it('does not let a key reach a prototype', () => {
    const { workflow } = readWorkflow(
      'jobs:\n  __proto__: { name: polluted }\n  constructor: {}\n',
    );
    expect(workflow?.jobs.map(job => job.key)).toEqual([
      '__proto__',
      'constructor',
    ]);
    expect(({} as { name?: string }).name).toBeUndefined();
  });

  it.each(
    [
      ['', 'workflow_invalid_shape'],
      ['just text', 'workflow_invalid_shape'],
      ['on: push', 'workflow_invalid_shape'],
      ['jobs: []', 'workflow_invalid_shape'],
      ['jobs: {}', 'workflow_no_jobs'],
      ['jobs: { a: text }', 'workflow_invalid_shape'],
      ['jobs: { "a/b": {} }', 'workflow_invalid_shape'],
      ['jobs: { a: { needs: { b: c } } }', 'workflow_invalid_shape'],
      ['jobs: { a: { needs: [[b]] } }', 'workflow_invalid_shape'],
      ['jobs: { a: { name: [x] } }', 'workflow_invalid_shape'],
      ['jobs: { a: {}, a: {} }', 'workflow_duplicate_key'],
      ['jobs: { a: { needs: b, needs: c } }', 'workflow_duplicate_key'],
      ['jobs: { a: &a {}, b: { <<: *a } }', 'workflow_merge_key'],
      [
        '%YAML 1.1\n---\njobs: { a: &a {}, b: { <<: *a } }',
        'workflow_merge_key',
      ],
      ['jobs: {', 'workflow_invalid_yaml'],
      ['jobs: { a: *nowhere }', 'workflow_invalid_yaml'],
      ['a: 1\n---\nb: 2', 'workflow_invalid_yaml'],
      ['jobs:\n\ta: {}', 'workflow_invalid_yaml'],
      [`jobs: { a: { name: ${'x'.repeat(1_001)} } }`, 'workflow_invalid_shape'],
      [`# ${'x'.repeat(WORKFLOW_LIMITS.bytes)}`, 'workflow_too_large'],
      [`# ${'€'.repeat(WORKFLOW_LIMITS.bytes / 2)}`, 'workflow_too_large'],
      [`a: ${'['.repeat(50)}${']'.repeat(50)}`, 'workflow_too_deep'],
      [
        `a: &a []\nb: [${'*a,'.repeat(101)}]\njobs: { a: {} }`,
        'workflow_too_many_aliases',
      ],
      [
        `jobs:\n${Array.from({ length: 301 }, (_, i) => `  j${i}: {}\n`).join(
          '',
        )}`,
        'workflow_too_many_jobs',
      ],
    ].map(([text, code]) => ({ text, code, start: text.slice(0, 50) })),
  )('refuses $start as $code', ({ text, code }) => {
    expect(codeOf(text)).toBe(code);
  });

  it('says in a sentence what is wrong', () => {
    expect(
      readWorkflow('jobs: { a: &a {}, b: { <<: *a } }').problem?.message,
    ).toBe(
      'The workflow file uses a YAML merge key ("<<") in job "b", which GitHub Actions does not support.',
    );
    expect(readWorkflow('jobs:\n  a: {').problem?.message).toMatch(
      /^The workflow file is not valid YAML \(line \d+\): .+\.$/,
    );
  });

  const full = WORKFLOW_LIMITS.bytes;
  it.each([
    ['nested lists', '['.repeat(full)],
    ['nested maps', '{a: '.repeat(full / 4)],
    ['nested dashes', '- '.repeat(full / 2)],
    ['a billion laughs', laughs()],
    [
      'very many keys',
      Array.from({ length: 60_000 }, (_, i) => `k${i}:`).join('\n'),
    ],
    ['very many keys in a flow map', `{${'a: 1, '.repeat(80_000)}}`],
    [
      'very many anchors',
      Array.from({ length: 40_000 }, (_, i) => `- &a${i} x`).join('\n'),
    ],
    ['closing brackets', '}'.repeat(full)],
    ['tags', '! '.repeat(full / 2)],
    ['quotes', '"'.repeat(full)],
    ['broken escapes', `"${'\\x'.repeat(full / 3)}"`],
    ['one endless value', `"${'a'.repeat(full - 2)}"`],
  ])('refuses %s instead of working on it', (_, text) => {
    const { problem } = readWorkflow(text);
    expect(problem?.message).toMatch(/^The workflow file .+\.$/);
  });

  it('never throws, whatever the text', () => {
    const piece = fc.constantFrom(
      'jobs:',
      'a',
      ':',
      ' ',
      '\n',
      '  ',
      '- ',
      '{',
      '}',
      '[',
      ']',
      '&x',
      '*x',
      '<<',
      '"',
      "'",
      '|',
      '>',
      '#',
      '!!binary',
      '? ',
      'needs',
      '\t',
      '---',
      '%YAML 1.1\n',
      '__proto__',
      '${{',
      '}}',
    );
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 40 }).map(parts => parts.join('')),
      fc.json(),
      fc.object().map(value => JSON.stringify({ jobs: value })),
    );
    fc.assert(
      fc.property(text, value => {
        const reading = readWorkflow(value);
        expect(Boolean(reading.workflow)).toBe(!reading.problem);
      }),
      { numRuns: 2_000 },
    );
  });
});

function laughs(): string {
  const lines = ['a0: &a0 [lol, lol]'];
  for (let i = 1; i < 9; i++) {
    lines.push(`a${i}: &a${i} [${`*a${i - 1},`.repeat(12)}]`);
  }
  return `${lines.join('\n')}\njobs: *a8\n`;
}
