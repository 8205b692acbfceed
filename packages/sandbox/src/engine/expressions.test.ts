import {
  checkExpression,
  evaluateCondition,
  evaluateExpression,
  evaluateValue,
  ExpressionFailure,
  expressionsIn,
  interpolate,
} from './expressions';

const scope = {
  contexts: {
    github: { event_name: 'push', ref: 'refs/heads/main', event: {} },
    needs: { a: { result: 'success', outputs: { image: 'r/i@sha256:1' } } },
    matrix: { node: 24, os: ['linux', 'mac'] },
    inputs: { flag: false, text: '' },
  },
  functions: {
    success: () => true,
    failure: () => false,
    always: () => true,
    cancelled: () => false,
    hashfiles: (args: unknown[]) => `hash of ${args.join()}`,
  },
};

describe('expressions', () => {
  it.each<[string, unknown]>([
    ["github.event_name == 'push'", true],
    ["github.event_name == 'PUSH'", true],
    ["github.event_name != 'push'", false],
    ['matrix.node > 22 && matrix.node <= 24', true],
    ["inputs.text || 'fallback'", 'fallback'],
    ['inputs.flag || !inputs.flag', true],
    ['github.event.pull_request.number', null],
    ["needs['a'].outputs.image", 'r/i@sha256:1'],
    ['needs.*.result', ['success']],
    ["contains(matrix.os, 'mac')", true],
    ["contains('Hello', 'ELL')", true],
    ["startsWith(github.ref, 'refs/heads/')", true],
    ["endsWith(github.ref, '/dev')", false],
    ["format('{0} of {{{1}}}', 'a', 1)", 'a of {1}'],
    ["join(matrix.os, '+')", 'linux+mac'],
    ['fromJSON(\'{"a":[1,2]}\').a[1]', 2],
    ['toJSON(matrix.node)', '24'],
    ["hashFiles('a', 'b')", 'hash of a,b'],
    ["'it''s'", "it's"],
  ])('%s', (text, value) => {
    expect(evaluateExpression(text, scope)).toEqual(value);
  });

  it.each(['a b', 'nothing.here', 'fromJSON(', 'unknown(1)', ''])(
    'refuses %j',
    text => {
      expect(() => checkExpression(text)).toThrow(ExpressionFailure);
    },
  );

  it('adds success() to a condition that names no status', () => {
    const failed = {
      ...scope,
      functions: { ...scope.functions, success: () => false },
    };
    const push = "github.event_name == 'push'";
    expect(evaluateCondition(push, scope)).toBe(true);
    expect(evaluateCondition(push, failed)).toBe(false);
    expect(evaluateCondition(`\${{ always() && ${push} }}`, failed)).toBe(true);
    expect(evaluateCondition(undefined, failed)).toBe(false);
    expect(evaluateCondition("''", scope)).toBe(false);
  });

  it('fills templates, keeping the type of a value that is one expression', () => {
    expect(interpolate('${{ matrix.node }}-${{ github.ref }}', scope)).toBe(
      '24-refs/heads/main',
    );
    expect(
      evaluateValue(
        { a: '${{ matrix.os }}', b: ['v${{ matrix.node }}'] },
        scope,
      ),
    ).toEqual({ a: ['linux', 'mac'], b: ['v24'] });
    expect(expressionsIn("${{ format('}}', 1) }} x ${{ b }}")).toEqual([
      "format('}}', 1)",
      'b',
    ]);
  });
});
