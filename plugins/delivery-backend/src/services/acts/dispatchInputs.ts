import type { WorkflowInput } from 'backstage-plugin-delivery-common/domain';
import { refuse } from './Refusal';

/**
 * Inputs as they are sent: what the file asks for, nothing else.
 *
 * @throws `Refusal` `unknown_input`, `missing_input`, `invalid_input`
 */
export function checkInputs(
  asked: WorkflowInput[],
  given: Record<string, string>,
): Record<string, string> {
  const byName = new Map(asked.map(input => [input.name, input]));
  const values = new Map(Object.entries(given));
  for (const name of values.keys()) {
    if (!byName.has(name)) {
      refuse(
        'unknown_input',
        409,
        `Nothing was sent: the workflow has no input "${name}" at this branch. Load the page again.`,
        { input: name },
      );
    }
  }
  for (const input of asked) checkInput(input, values.get(input.name));
  // What was left empty is the file's own default.
  return Object.fromEntries(
    [...values].filter(
      ([name, value]) =>
        value !== '' || byName.get(name)?.default !== undefined,
    ),
  );
}

function checkInput(input: WorkflowInput, value: string | undefined) {
  const { name, required, type } = input;
  if (value === undefined || value === '') {
    if (required && input.default === undefined) {
      refuse(
        'missing_input',
        409,
        `Nothing was sent: the workflow needs the input "${name}".`,
        { input: name },
      );
    }
    return;
  }
  const wanted = whatIsWanted(input);
  const fits =
    (type !== 'boolean' || ['true', 'false'].includes(value)) &&
    (type !== 'number' || Number.isFinite(Number(value))) &&
    (type !== 'choice' || (input.options ?? []).includes(value));
  if (!fits) {
    refuse(
      'invalid_input',
      409,
      `Nothing was sent: the input "${name}" must be ${wanted}.`,
      { input: name },
    );
  }
}

function whatIsWanted({ type, options = [] }: WorkflowInput): string {
  if (type === 'boolean') return 'true or false';
  if (type === 'number') return 'a number';
  return `one of ${options.slice(0, 20).join(', ')}`;
}
