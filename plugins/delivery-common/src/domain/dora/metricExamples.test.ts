import { computeDora } from './computeDora';
import { readDoraInput } from './doraInput';
import {
  foundAs,
  readMetricExamples,
  readMetricsDocs,
  statedLines,
} from './testUtils/metricExamples';

const examples = readMetricExamples();
const cases = examples.flatMap(({ file, input, cases: all }) =>
  all.map(each => ({
    ...each,
    name: `${file} ${each.name ?? ''}`,
    input: { ...input, settings: { ...input.settings, ...each.settings } },
  })),
);

describe('the worked examples of docs/metrics.md', () => {
  it.each(cases)(
    'come out as computed by hand: $name',
    ({ input, expected }) => {
      const { facts, settings, window, excluded } = readDoraInput(input);
      const result = computeDora(facts, settings, window, excluded);
      expect(rounded(foundAs(expected, result))).toEqual(rounded(expected));
    },
  );

  it.each(examples)('can be read as they are: $file', ({ input, whole }) => {
    expect(readDoraInput(whole)).toEqual(readDoraInput(input));
  });

  it.each(examples)(
    'are stated there with the same numbers: $file',
    example => {
      const link = `(examples/metrics/${example.file})`;
      const after = readMetricsDocs().split(link);
      expect(after).toHaveLength(2);
      const block = /^```text\n([^`]*)\n```$/m.exec(after[1])?.[1];
      expect(block?.split('\n')).toEqual(statedLines(example));
    },
  );
});

/** Sevenths have no end. */
function rounded<T>(value: T): T {
  return JSON.parse(
    JSON.stringify(value, (_, part) =>
      typeof part === 'number' ? Number(part.toFixed(6)) : part,
    ),
  );
}
