import type { Output, Repository } from './decisionsOutput';
import type { Job, Step, Workflow } from './workflows';

/** What has to be so in the rendered output: a sentence for each place where it is not. */
export type Check = (output: Output) => string[];

/** Puts a defect into the output that a check has to see. */
export type Defect = (output: Output) => Output;

/** A check, with the defect that proves that it sees something. */
export type Proof = readonly [check: string, defect: Defect];

/** Proofs by the id of a line in the documents. */
export type Proofs = Readonly<Record<string, readonly Proof[]>>;

/** Replaces in one file. @throws when there is nothing to replace: then the defect has to be written anew */
export function swap(
  repository: Repository,
  name: string,
  from: RegExp | string,
  to: string,
): Defect {
  return output => {
    const text = output.text(repository, name);
    const changed = text.replace(from, () => to);
    if (changed === text)
      throw new Error(
        `${repository}: ${name} has no ${from} to put a defect in its place.`,
      );
    return output.with(repository, name, changed);
  };
}

/** Adds a job with one step to a workflow. The step is written as YAML of one line. */
export function addStep(
  repository: Repository,
  name: string,
  step: string,
): Defect {
  return output =>
    output.with(
      repository,
      name,
      `${output
        .text(repository, name)
        .trimEnd()}\n  defect:\n    runs-on: ubuntu-24.04\n    permissions: {}\n    steps:\n      - ${step}\n`,
    );
}

/** Adds a file. */
export const addFile =
  (repository: Repository, name: string, text: string): Defect =>
  output =>
    output.with(repository, name, text);

/** A sentence unless something is so. */
export const unless = (so: boolean, sentence: string): string[] =>
  so ? [] : [sentence];

const list = (value: string | readonly string[] | undefined) =>
  value === undefined ? [] : [value].flat();

/** Jobs that have to succeed before one, directly or through others. */
export function ancestors(
  workflow: Workflow,
  name: string,
  seen = new Set<string>(),
): Set<string> {
  for (const needed of list(workflow.jobs[name]?.needs)) {
    if (!seen.has(needed)) {
      seen.add(needed);
      ancestors(workflow, needed, seen);
    }
  }
  return seen;
}

export interface Place {
  readonly workflow: Workflow;
  readonly name: string;
  readonly job: Job;
  readonly where: string;
}

/** Every job of some workflows. */
export function jobsOf(workflows: readonly Workflow[]): Place[] {
  return workflows.flatMap(workflow =>
    Object.entries(workflow.jobs).map(([name, job]) => ({
      workflow,
      name,
      job,
      where: `${workflow.path} ${name}`,
    })),
  );
}

/** Every step of some workflows. */
export function stepsOf(
  workflows: readonly Workflow[],
): (Place & { readonly step: Step })[] {
  return jobsOf(workflows).flatMap(place =>
    (place.job.steps ?? []).map((step, index) => ({
      ...place,
      step,
      where: `${place.where}/${step.id ?? step.name ?? index}`,
    })),
  );
}

/** Jobs that call a reusable workflow, by its file's name. */
export const callsOf = (
  workflows: readonly Workflow[],
  file: string,
): Place[] =>
  jobsOf(workflows).filter(({ job }) =>
    (job.uses ?? '').includes(`/.github/workflows/${file}@`),
  );

/** A text without lines and ends of lines that only comment. */
export const withoutComments = (text: string) =>
  text
    .split('\n')
    .map(line => line.replace(/(^|\s)#(?!!).*$/, ''))
    .join('\n');

/** What runs in a pipeline, as one text for each file: its workflows, and the scripts that they start. */
export function commands(
  output: Output,
  ...repositories: readonly Repository[]
): [path: string, text: string][] {
  return repositories.flatMap(repository =>
    output
      .paths(repository, /^(\.github\/workflows|scripts)\//)
      .map((path): [string, string] => [
        `${repository}: ${path}`,
        withoutComments(output.text(repository, path)),
      ]),
  );
}
