import type { WorkflowInput } from 'backstage-plugin-delivery-common/domain';
import { refuse } from '../acts/Refusal';
import { named } from './words';

/** What is known of a rollback, by the names that workflows use. Several values: the first one that the input takes. */
export interface KnownValues {
  environment: string[];
  service: string[];
  sha?: string;
  image?: string;
  digest?: string;
  taskDefinition?: string;
  reason: string;
}

type Meaning = keyof KnownValues;

const MEANINGS: Record<string, Meaning> = {
  environment: 'environment',
  service: 'service',
  commit: 'sha',
  revision: 'sha',
  sha: 'sha',
  image: 'image',
  digest: 'digest',
  'task-definition': 'taskDefinition',
  reason: 'reason',
};
/** One of these has to say where it goes back to. */
const VERSIONS: Meaning[] = ['sha', 'image', 'digest', 'taskDefinition'];

export function meaningOf(input: WorkflowInput): Meaning | undefined {
  const name = input.name.toLowerCase().replaceAll('_', '-');
  return Object.hasOwn(MEANINGS, name) ? MEANINGS[name] : undefined;
}

/**
 * Values for a workflow's inputs, by their names.
 *
 * @throws `Refusal` `rollback_inputs` that names the input nobody can fill
 */
export function fillInputs(
  file: string,
  inputs: WorkflowInput[],
  known: KnownValues,
): Record<string, string> {
  const filled = new Map<string, string>();
  const meant = new Set<Meaning>();
  for (const input of inputs) {
    const meaning = meaningOf(input);
    const value = meaning && valueFor(file, input, known[meaning]);
    if (meaning && value !== undefined) {
      filled.set(input.name, value);
      meant.add(meaning);
    } else if (input.required && input.default === undefined) {
      cannot(
        file,
        input.name,
        meaning
          ? `asks for "${named(
              input.name,
            )}", which is not known of that deployment. Choose another one.`
          : `asks for "${named(
              input.name,
            )}", which the portal does not know. It fills environment, service, commit (revision, sha), image, digest, task-definition and reason: give that input a default, or rename it.`,
      );
    }
  }
  if (!VERSIONS.some(version => meant.has(version))) {
    cannot(
      file,
      'commit',
      'takes no input that says which version to go back to. Give it one of commit, revision, sha, image, digest or task-definition.',
    );
  }
  return Object.fromEntries(filled);
}

function valueFor(
  file: string,
  { name, type, options }: WorkflowInput,
  known: string | string[] | undefined,
): string | undefined {
  const values = [known ?? []].flat();
  if (type !== 'choice' || !options || values.length === 0) return values.at(0);
  const fits = values.find(value => options.includes(value));
  if (fits !== undefined) return fits;
  return cannot(
    file,
    name,
    `does not take "${named(values[0])}" as "${named(
      name,
    )}". Add it to the options of that input.`,
  );
}

function cannot(file: string, input: string, what: string): never {
  return refuse(
    'rollback_inputs',
    409,
    `Nothing was sent: the workflow ${file} ${what}`,
    { workflow: file, input: named(input) },
  );
}
