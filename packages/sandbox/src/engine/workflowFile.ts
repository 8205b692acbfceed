import { parseDocument } from 'yaml';
import { checkExpression, expressionsIn } from './expressions';
import type {
  InputSpec,
  JobSpec,
  PermissionsSpec,
  StepSpec,
  TriggerFilter,
  WorkflowFile,
} from './workflowTypes';

/** The file is no workflow GitHub would run; the message says what is wrong. */
export class WorkflowFileError extends Error {}

const MAX_BYTES = 512 * 1024;
const TOP = /^(name|run-name|on|permissions|env|defaults|concurrency|jobs)$/;
const JOB =
  /^(name|permissions|needs|if|runs-on|environment|concurrency|outputs|env|defaults|steps|timeout-minutes|strategy|continue-on-error|container|services|uses|with|secrets|snapshot)$/;

function mapping(value: unknown, where: string): Record<string, unknown> {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new WorkflowFileError(`${where}: A mapping was expected`);
  }
  return value as Record<string, unknown>;
}

function texts(value: unknown): string[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}

const optional = (value: unknown) =>
  value === undefined || value === null ? undefined : String(value);

function readTriggers(value: unknown): Map<string, TriggerFilter> {
  if (typeof value === 'string' || Array.isArray(value)) {
    return new Map(texts(value).map(name => [name, {}]));
  }
  const entries = Object.entries(mapping(value, 'on'));
  if (entries.length === 0) {
    throw new WorkflowFileError('No event triggers defined in `on`');
  }
  return new Map(
    entries.map(([name, raw]): [string, TriggerFilter] => {
      if (name === 'schedule') {
        const crons = (Array.isArray(raw) ? raw : []).map(item =>
          String(mapping(item, 'on.schedule').cron),
        );
        return [name, { crons }];
      }
      const filter = mapping(raw, `on.${name}`);
      const has = (key: string) =>
        key in filter ? texts(filter[key]) : undefined;
      return [
        name,
        {
          branches: has('branches'),
          branchesIgnore: has('branches-ignore'),
          paths: has('paths'),
          pathsIgnore: has('paths-ignore'),
          types: has('types'),
        },
      ];
    }),
  );
}

function readInputs(value: unknown): Map<string, InputSpec> {
  return new Map(
    Object.entries(mapping(value, 'inputs')).map(([name, raw]) => {
      const spec = mapping(raw, `inputs.${name}`);
      return [
        name,
        {
          type: optional(spec.type) ?? 'string',
          required: spec.required === true,
          default: spec.default,
          options: Array.isArray(spec.options) ? texts(spec.options) : null,
        },
      ];
    }),
  );
}

function readStep(raw: unknown, where: string): StepSpec {
  const step = mapping(raw, where);
  if ((step.uses === undefined) === (step.run === undefined)) {
    throw new WorkflowFileError(
      `${where}: Every step must define either a \`uses\` or a \`run\` key`,
    );
  }
  return {
    id: optional(step.id),
    name: optional(step.name),
    if: optional(step.if),
    uses: optional(step.uses),
    run: optional(step.run),
    with: mapping(step.with, `${where}.with`),
    env: mapping(step.env, `${where}.env`),
    continueOnError: step['continue-on-error'] ?? false,
  };
}

/** @throws WorkflowFileError when it is no mapping and none of the two words */
function readPermissions(
  within: Record<string, unknown>,
  where: string,
): PermissionsSpec | undefined {
  const { permissions } = within;
  if (permissions === undefined) return undefined;
  if (permissions === 'read-all' || permissions === 'write-all') {
    return permissions;
  }
  return mapping(permissions, `${where}.permissions`);
}

function readJob(id: string, raw: unknown): JobSpec {
  const where = `jobs.${id}`;
  if (!/^[A-Za-z_][\w-]*$/.test(id)) {
    throw new WorkflowFileError(`The identifier '${id}' is invalid`);
  }
  const job = mapping(raw, where);
  for (const key of Object.keys(job)) {
    if (!JOB.test(key)) {
      throw new WorkflowFileError(`${where}: Unexpected value '${key}'`);
    }
  }
  const uses = optional(job.uses);
  if (!uses && job['runs-on'] === undefined) {
    throw new WorkflowFileError(
      `${where}: Required property is missing: runs-on`,
    );
  }
  if (!uses && !Array.isArray(job.steps)) {
    throw new WorkflowFileError(
      `${where}: Required property is missing: steps`,
    );
  }
  const strategy = mapping(job.strategy, `${where}.strategy`);
  return {
    id,
    permissions: readPermissions(job, where),
    name: optional(job.name),
    needs: texts(job.needs),
    if: optional(job.if),
    runsOn: job['runs-on'],
    environment: job.environment,
    concurrency: job.concurrency,
    outputs: mapping(job.outputs, `${where}.outputs`),
    env: mapping(job.env, `${where}.env`),
    matrix: strategy.matrix,
    failFast: strategy['fail-fast'] ?? true,
    maxParallel: strategy['max-parallel'],
    timeoutMinutes: job['timeout-minutes'] ?? 360,
    continueOnError: job['continue-on-error'] ?? false,
    uses,
    with: mapping(job.with, `${where}.with`),
    steps: uses
      ? []
      : (job.steps as unknown[]).map((step, index) =>
          readStep(step, `${where}.steps[${index}]`),
        ),
  };
}

const ready = (open: Map<string, Set<string>>) =>
  [...open].filter(([, needs]) => needs.size === 0).map(([id]) => id);

function checkNeeds(jobs: Map<string, JobSpec>): void {
  const open = new Map([...jobs].map(([id, job]) => [id, new Set(job.needs)]));
  for (const [id, needs] of open) {
    for (const other of needs) {
      if (!jobs.has(other)) {
        throw new WorkflowFileError(
          `Job '${id}' depends on unknown job '${other}'.`,
        );
      }
    }
  }
  for (let free = ready(open); open.size > 0; free = ready(open)) {
    if (free.length === 0) {
      throw new WorkflowFileError(
        'The workflow must contain at least one job with no dependencies.',
      );
    }
    for (const id of free) open.delete(id);
    for (const needs of open.values()) free.forEach(id => needs.delete(id));
  }
}

function checkExpressions(value: unknown): void {
  if (typeof value === 'string') expressionsIn(value).forEach(checkExpression);
  else if (Array.isArray(value)) value.forEach(checkExpressions);
  else if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(checkExpressions);
  }
}

/**
 * Reads one workflow file.
 *
 * @throws WorkflowFileError as GitHub refuses it: no YAML, unknown keys, unknown or circular `needs`, steps that
 * are neither `run` nor `uses`, expressions that cannot be read, or a file above 512 KiB.
 */
export function readWorkflowFile(path: string, text: string): WorkflowFile {
  if (Buffer.byteLength(text) > MAX_BYTES) {
    throw new WorkflowFileError('The workflow file is too large');
  }
  let value: unknown;
  try {
    const document = parseDocument(text, { merge: false, logLevel: 'silent' });
    if (document.errors.length > 0) throw document.errors[0];
    value = document.toJS({ maxAliasCount: 100 });
    checkExpressions(value);
  } catch (error) {
    throw new WorkflowFileError((error as Error).message);
  }
  const top = mapping(value, path);
  for (const key of Object.keys(top)) {
    if (!TOP.test(key))
      throw new WorkflowFileError(`Unexpected value '${key}'`);
  }
  for (const key of ['on', 'jobs']) {
    if (top[key] === undefined || top[key] === null) {
      throw new WorkflowFileError(`Required property is missing: ${key}`);
    }
  }
  const jobs = new Map(
    Object.entries(mapping(top.jobs, 'jobs')).map(([id, raw]) => [
      id,
      readJob(id, raw),
    ]),
  );
  if (jobs.size === 0) throw new WorkflowFileError('No jobs defined in `jobs`');
  checkNeeds(jobs);
  const events =
    typeof top.on === 'object' && !Array.isArray(top.on)
      ? mapping(top.on, 'on')
      : {};
  const call = mapping(events.workflow_call, 'on.workflow_call');
  return {
    path,
    name: optional(top.name) ?? null,
    runName: optional(top['run-name']) ?? null,
    on: readTriggers(top.on),
    env: mapping(top.env, 'env'),
    permissions: readPermissions(top, path),
    concurrency: top.concurrency,
    dispatchInputs: readInputs(
      mapping(events.workflow_dispatch, 'on.workflow_dispatch').inputs,
    ),
    callInputs: readInputs(call.inputs),
    callOutputs: new Map(
      Object.entries(mapping(call.outputs, 'outputs')).map(([name, raw]) => [
        name,
        String(mapping(raw, `outputs.${name}`).value ?? ''),
      ]),
    ),
    jobs,
  };
}
