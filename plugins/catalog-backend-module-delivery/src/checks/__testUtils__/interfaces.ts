import { basename } from 'node:path';
import type { Job, Workflow, WorkflowCall } from './workflows';

const LEVELS: Record<string, number> = { none: 0, read: 1, write: 2 };

const list = (value: string | readonly string[] | undefined) =>
  value === undefined ? [] : [value].flat();

function callOf(workflow: Workflow): WorkflowCall | undefined {
  if (!('workflow_call' in workflow.on)) return undefined;
  return (workflow.on.workflow_call ?? {}) as WorkflowCall;
}

function rightsOf(
  workflow: Workflow,
  known: readonly Workflow[],
): Record<string, number> {
  const rights: Record<string, number> = {};
  for (const job of Object.values(workflow.jobs)) {
    const called = job.uses ? calleeOf(job, known) : undefined;
    const wanted = called
      ? rightsOf(called, known)
      : Object.fromEntries(
          Object.entries(
            typeof job.permissions === 'object' ? job.permissions : {},
          ).map(([scope, level]) => [scope, LEVELS[level] ?? 0]),
        );
    for (const [scope, level] of Object.entries(wanted)) {
      rights[scope] = Math.max(rights[scope] ?? 0, level);
    }
  }
  return rights;
}

/** The workflow that a job calls, by its file name, among those that are known. */
function calleeOf(
  { uses = '' }: Job,
  known: readonly Workflow[],
): Workflow | undefined {
  const name = basename(uses.split('@')[0]);
  return known.find(({ path }) => basename(path) === name);
}

function checkCall(
  where: string,
  job: Job,
  callee: Workflow,
  known: readonly Workflow[],
): string[] {
  const call = callOf(callee);
  if (!call) return [`${where}: ${callee.path} cannot be called`];
  const { inputs = {}, secrets = {} } = call;
  const given = job.with ?? {};
  const named = typeof job.secrets === 'object' ? job.secrets : {};
  const rights = typeof job.permissions === 'object' ? job.permissions : {};
  return [
    ...Object.keys(given)
      .filter(name => !(name in inputs))
      .map(name => `${where}: ${callee.path} has no input ${name}`),
    ...Object.entries(inputs)
      .filter(([name, { required }]) => required && !(name in given))
      .map(([name]) => `${where}: the input ${name} is missing`),
    ...Object.keys(named)
      .filter(name => !(name in secrets))
      .map(name => `${where}: ${callee.path} takes no secret ${name}`),
    ...Object.entries(rightsOf(callee, known))
      .filter(
        ([scope, level]) => (LEVELS[rights[scope] ?? 'none'] ?? 0) < level,
      )
      .map(
        ([scope]) =>
          `${where}: does not grant ${scope} as ${callee.path} needs it`,
      ),
  ];
}

function checkUses(
  where: string,
  job: Job,
  known: readonly Workflow[],
): string[] {
  const callee = calleeOf(job, known);
  return callee
    ? checkCall(where, job, callee, known)
    : [`${where}: ${job.uses} is not known`];
}

/** Outputs that a job's text takes from a job that does not give them. */
function checkOutputs(
  workflow: Workflow,
  name: string,
  job: Job,
  known: readonly Workflow[],
): string[] {
  const text = JSON.stringify(job);
  const found = [...text.matchAll(/needs\.([\w-]+)\.outputs\.([\w-]+)/g)];
  return found.flatMap(([, needed, output]) => {
    const where = `${workflow.path} ${name}`;
    const other = workflow.jobs[needed];
    if (!list(job.needs).includes(needed) || !other) {
      return [`${where}: takes outputs of ${needed} without needing it`];
    }
    const callee = other.uses ? calleeOf(other, known) : undefined;
    const outputs = callee
      ? callOf(callee)?.outputs ?? {}
      : other.outputs ?? {};
    return output in outputs
      ? []
      : [`${where}: ${needed} has no output ${output}`];
  });
}

/** Outputs of steps that nothing gives an id for. */
function checkSteps(workflow: Workflow, name: string, job: Job): string[] {
  const ids = new Set((job.steps ?? []).map(({ id }) => id));
  return [
    ...JSON.stringify(job).matchAll(
      /steps\.([\w-]+)\.(outputs|outcome|conclusion)/g,
    ),
  ]
    .filter(([, id]) => !ids.has(id))
    .map(([, id]) => `${workflow.path} ${name}: no step has the id ${id}`);
}

/**
 * Where the calls of reusable workflows and the outputs between jobs and steps do not fit: inputs, secrets, permissions, names.
 *
 * @param known - reusable workflows by their file name, the repository's own among them
 */
export function misfits(
  workflow: Workflow,
  known: readonly Workflow[],
): string[] {
  return Object.entries(workflow.jobs).flatMap(([name, job]) => {
    const where = `${workflow.path} ${name}`;
    return [
      ...(job.uses ? checkUses(where, job, known) : []),
      ...checkOutputs(workflow, name, job, known),
      ...checkSteps(workflow, name, job),
    ];
  });
}
