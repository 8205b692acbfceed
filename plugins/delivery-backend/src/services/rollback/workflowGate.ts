import {
  matchesEnvironment,
  type WorkflowJob,
} from 'backstage-plugin-delivery-common/domain';
import { refuse } from '../acts/Refusal';
import { named } from './words';

/** `${{ inputs.environment }}`, and nothing beside it. */
const FROM_INPUT =
  /^\$\{\{\s*(?:github\.event\.)?inputs(?:\.([\w-]+)|\['([\w-]+)'\])\s*\}\}$/;

/**
 * The vendor's name of the environment whose gate holds a started workflow. Undefined: none of its jobs certainly names one, so that no gate
 * can be relied on.
 *
 * @param filled - inputs it is started with
 * @throws `Refusal` `rollback_inputs` when it certainly goes somewhere else
 */
export function gateEnvironment(
  file: string,
  jobs: WorkflowJob[],
  filled: Record<string, string>,
  match: string[],
): string | undefined {
  const names = jobs.flatMap(({ environment }) =>
    environment === undefined ? [] : nameOf(environment, filled) ?? [],
  );
  const isUnsure = jobs.some(
    ({ environment, uses }) =>
      uses !== undefined ||
      (environment !== undefined && nameOf(environment, filled) === undefined),
  );
  const ours = names.filter(name => matchesEnvironment(match, name));
  const foreign = names.find(name => !matchesEnvironment(match, name));
  if (foreign !== undefined) {
    refuse(
      'rollback_inputs',
      409,
      `Nothing was sent: the workflow ${file} would deploy to "${named(
        foreign,
      )}", which is another environment. Let its job name the environment by an input "environment".`,
      { workflow: file, input: 'environment' },
    );
  }
  return isUnsure ? undefined : ours.at(0);
}

function nameOf(
  environment: string,
  filled: Record<string, string>,
): string | undefined {
  if (!environment.includes('${{')) return environment;
  const [, plain, quoted] = FROM_INPUT.exec(environment.trim()) ?? [];
  const input = plain ?? quoted;
  if (input === undefined || !Object.hasOwn(filled, input)) return undefined;
  return filled[input];
}
