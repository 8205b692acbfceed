import { isMap, isScalar, isSeq, type Node } from 'yaml';
import { GraphRefusal, type WorkflowInput } from './Workflow';

/** More inputs than GitHub takes are no workflow of GitHub's. */
const MAX_INPUTS = 50;
const MAX_OPTIONS = 200;
const MAX_TRIGGERS = 100;
const INPUT_NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,99}$/;
const TYPES: WorkflowInput['type'][] = [
  'string',
  'boolean',
  'choice',
  'number',
  'environment',
];
const TRIGGER = 'workflow_dispatch';

/** How values of a file are read; see `readWorkflow`. */
export interface ValueReader {
  map(node: unknown, where: string): Map<string, unknown>;
  text(node: unknown, where: string): string | undefined;
  follow(node: unknown): Node | null | undefined;
}

/**
 * Inputs of a workflow that can be started by hand. What is wrong in it must not take the graph of runs away: it counts as "cannot".
 *
 * @param on - the value of `on`: a name, a list of names, or a map
 */
export function readDispatch(
  on: unknown,
  reader: ValueReader,
): WorkflowInput[] | undefined {
  try {
    return inputsOf(on, reader);
  } catch (error) {
    if (error instanceof GraphRefusal) return undefined;
    throw error;
  }
}

function inputsOf(
  on: unknown,
  reader: ValueReader,
): WorkflowInput[] | undefined {
  const value = reader.follow(on);
  if (isScalar(value)) return value.value === TRIGGER ? [] : undefined;
  if (isSeq(value)) {
    const names = value.items
      .slice(0, MAX_TRIGGERS)
      .map(item => reader.text(item, '"on"'));
    return names.includes(TRIGGER) ? [] : undefined;
  }
  if (!isMap(value)) return undefined;
  const triggers = reader.map(value, '"on"');
  if (!triggers.has(TRIGGER)) return undefined;
  const trigger = reader.follow(triggers.get(TRIGGER));
  if (!isMap(trigger)) return [];
  const inputs = reader.follow(reader.map(trigger, TRIGGER).get('inputs'));
  if (!isMap(inputs)) return [];
  const entries = reader.map(inputs, '"inputs"');
  if (entries.size > MAX_INPUTS) throw unusable('it has too many inputs');
  return [...entries].map(([name, node]) => inputOf(name, node, reader));
}

function inputOf(
  name: string,
  node: unknown,
  reader: ValueReader,
): WorkflowInput {
  if (!INPUT_NAME.test(name)) throw unusable('an input has an impossible name');
  const where = `input "${name}"`;
  const value = reader.follow(node);
  // An input may be a bare name.
  if (!isMap(value)) return { name, required: false, type: 'string' };
  const entries = reader.map(value, where);
  const text = (key: string) => reader.text(entries.get(key), where);
  const word = text('type') ?? 'string';
  const options = optionsOf(entries.get('options'), reader, where);
  const description = text('description');
  const preset = text('default');
  return {
    name,
    required: text('required') === 'true',
    type: TYPES.find(type => type === word) ?? 'unknown',
    ...(description === undefined ? {} : { description }),
    ...(preset === undefined ? {} : { default: preset }),
    ...(options ? { options } : {}),
  };
}

function optionsOf(
  node: unknown,
  reader: ValueReader,
  where: string,
): string[] | undefined {
  const value = reader.follow(node);
  if (!isSeq(value)) return undefined;
  if (value.items.length > MAX_OPTIONS)
    throw unusable('an input has too many options');
  return value.items.flatMap(item => reader.text(item, where) ?? []);
}

function unusable(what: string): GraphRefusal {
  return new GraphRefusal(
    'workflow_invalid_shape',
    `The workflow file cannot be started by hand: ${what}.`,
  );
}
