import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export type Permissions = 'read-all' | 'write-all' | Record<string, string>;

/** A step as the file writes it. */
export interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string | boolean;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, unknown>>;
  readonly 'continue-on-error'?: boolean | string;
}

/** A job as the file writes it: with steps, or a call of a reusable workflow. */
export interface Job {
  readonly name?: string;
  readonly needs?: string | readonly string[];
  readonly if?: string | boolean;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly secrets?: 'inherit' | Readonly<Record<string, string>>;
  readonly permissions?: Permissions;
  readonly environment?:
    | string
    | { name: string; url?: string; deployment?: boolean };
  readonly concurrency?: string | Record<string, unknown>;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, unknown>>;
  readonly steps?: readonly Step[];
  readonly services?: Readonly<Record<string, { image: string }>>;
  readonly container?: string | { image: string };
  readonly 'runs-on'?: unknown;
  readonly 'timeout-minutes'?: unknown;
}

interface Declared {
  readonly required?: boolean;
  readonly default?: unknown;
}

export interface WorkflowCall {
  readonly inputs?: Readonly<Record<string, Declared & { type: string }>>;
  readonly secrets?: Readonly<Record<string, Declared>>;
  readonly outputs?: Readonly<Record<string, { value: string }>>;
}

/** A workflow file of rendered output. */
export interface Workflow {
  /** `.github/workflows/ci.yml` */
  readonly path: string;
  readonly text: string;
  /** Events with what they say; an event without more has `null`. */
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: Permissions;
  readonly concurrency?: string | Record<string, unknown>;
  readonly env?: Readonly<Record<string, unknown>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const FOLDER = '.github/workflows';

function events(on: unknown): Record<string, unknown> {
  if (typeof on === 'string') return { [on]: null };
  if (Array.isArray(on))
    return Object.fromEntries(on.map(item => [item, null]));
  return on as Record<string, unknown>;
}

/** The workflow files of a repository. */
export function readWorkflows(repository: string): Workflow[] {
  const folder = join(repository, FOLDER);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter(name => /\.ya?ml$/.test(name))
    .sort()
    .map(name => {
      const text = readFileSync(join(folder, name), 'utf8');
      const file = parse(text) as Omit<Workflow, 'path' | 'text'>;
      return { ...file, on: events(file.on), path: `${FOLDER}/${name}`, text };
    });
}

/** A file of a repository by its name. */
export function workflowOf(repository: string, name: string): Workflow {
  const found = readWorkflows(repository).find(({ path }) =>
    path.endsWith(`/${name}`),
  );
  if (!found) throw new Error(`${name} was not rendered.`);
  return found;
}

/** A step by its job and id. */
export function stepOf(workflow: Workflow, job: string, id: string): Step {
  const step = workflow.jobs[job]?.steps?.find(item => item.id === id);
  if (!step) throw new Error(`${workflow.path} has no step ${job}/${id}.`);
  return step;
}

/** Script of a step. */
export function scriptOf(workflow: Workflow, job: string, id: string): string {
  const { run } = stepOf(workflow, job, id);
  if (run === undefined) throw new Error(`${job}/${id} has no script.`);
  return run;
}

/** Every step of a workflow with where it stands. */
export function allSteps(
  workflow: Workflow,
): { job: string; where: string; step: Step }[] {
  return Object.entries(workflow.jobs).flatMap(([job, { steps = [] }]) =>
    steps.map((step, index) => ({
      job,
      step,
      where: `${workflow.path} ${job}/${step.id ?? step.name ?? index}`,
    })),
  );
}
