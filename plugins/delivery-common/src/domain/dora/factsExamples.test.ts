import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { computeDora } from './computeDora';
import { readDoraInput } from './doraInput';
import { doraInputJsonSchema, doraInputSchema } from './factsSchema';

const DOCS = join(__dirname, '../../../../../docs');
const guide = readFileSync(join(DOCS, 'dora-facts.md'), 'utf8');
const examples = [...guide.matchAll(/```json\n([^]*?)```/g)].map(
  ([, text]): unknown => JSON.parse(text),
);
const computed = (example: unknown) => {
  const { facts, settings, window, excluded } = readDoraInput(example);
  return computeDora(facts, settings, window, excluded);
};

it('the schema in the documents is the one of the code', () => {
  const file = readFileSync(join(DOCS, 'dora-facts.schema.json'), 'utf8');
  expect(JSON.parse(file)).toEqual(
    JSON.parse(JSON.stringify(doraInputJsonSchema())),
  );
});

it('the document names every field', () => {
  const { properties } = JSON.parse(
    readFileSync(join(DOCS, 'dora-facts.schema.json'), 'utf8'),
  );
  const { settings, ...lists } = properties;
  const namesIn = (node: unknown): string[] =>
    typeof node !== 'object' || node === null
      ? []
      : Object.entries(node).flatMap(([key, part]) =>
          key === 'properties'
            ? [...Object.keys(part), ...Object.values(part).flatMap(namesIn)]
            : namesIn(part),
        );
  const names = [...new Set([...Object.keys(lists), ...namesIn(lists)])];
  expect(settings).toBeDefined();
  expect(names.length).toBeGreaterThan(60);
  expect(
    names.filter(name => !new RegExp(`\`[^\`]*\\b${name}\\b`).test(guide)),
  ).toEqual([]);
});

describe('examples of the document', () => {
  it('are three that are whole and valid', () => {
    expect(examples).toHaveLength(3);
    for (const example of examples) {
      expect(doraInputSchema.safeParse(example).error).toBeUndefined();
      expect(readDoraInput(example).excluded).toEqual([]);
    }
  });

  it('1: lists of what each deployment brought', () => {
    const { metrics, linked } = computed(examples[0]);
    expect(metrics.lead_time).toMatchObject({ value: 10_800_000, n: 2 });
    expect(metrics.deployment_frequency).toMatchObject({ value: 1, n: 2 });
    expect(linked.excluded).toEqual([]);
  });

  it('2: three sources, taken back by the runtime', () => {
    const { metrics, linked } = computed(examples[1]);
    expect(linked.deployments.map(({ sources }) => sources.length)).toEqual([
      1, 3,
    ]);
    expect(metrics.change_fail_rate).toMatchObject({ value: 0.5, n: 2 });
    expect(metrics.recovery_time).toMatchObject({ value: 900_000, n: 1 });
    expect(linked.changes).toMatchObject([{ id: 'pr-8' }]);
    expect(linked.changes[0].deploymentId).toBeUndefined();
  });

  it('3: two services, a history, an incident and a word', () => {
    const { metrics, linked } = computed(examples[2]);
    expect(metrics.lead_time).toMatchObject({ value: 3_600_000, n: 2 });
    const other = { ...(examples[2] as object), settings: {} };
    expect(computed(other).metrics.lead_time.value).toBe(5_400_000);
    expect(metrics.change_fail_rate.value).toBe(0);
    const { overrides, ...unsaid } = examples[2] as { overrides: unknown[] };
    expect(overrides).toHaveLength(1);
    expect(computed(unsaid).metrics.change_fail_rate.hits).toBe(1);
    expect(
      linked.changes
        .filter(({ deploymentId }) => deploymentId === 'api-2')
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['commit:c4', 'pr-3']);
    expect(linked.excluded).toContainEqual(
      expect.objectContaining({ id: 'pr-2', reason: 'other_paths' }),
    );
  });
});
