/** Filters of one event under `on:`. */
export interface TriggerFilter {
  branches?: string[];
  branchesIgnore?: string[];
  paths?: string[];
  pathsIgnore?: string[];
  types?: string[];
  crons?: string[];
}

/** Declared input of `workflow_dispatch` or `workflow_call`. */
export interface InputSpec {
  type: string;
  required: boolean;
  default: unknown;
  options: string[] | null;
}

export interface StepSpec {
  id?: string;
  name?: string;
  if?: string;
  uses?: string;
  run?: string;
  with: Record<string, unknown>;
  env: Record<string, unknown>;
  continueOnError: unknown;
}

/** `permissions:` as written: `read-all`, `write-all`, or what is wanted by scope. */
export type PermissionsSpec = string | Record<string, unknown> | null;

export interface JobSpec {
  id: string;
  /** Absent: those of the file. */
  permissions?: PermissionsSpec;
  name?: string;
  needs: string[];
  if?: string;
  runsOn: unknown;
  environment: unknown;
  concurrency: unknown;
  outputs: Record<string, unknown>;
  env: Record<string, unknown>;
  matrix: unknown;
  failFast: unknown;
  maxParallel: unknown;
  timeoutMinutes: unknown;
  continueOnError: unknown;
  /** Reusable workflow this job calls; then there are no steps. */
  uses?: string;
  with: Record<string, unknown>;
  steps: StepSpec[];
}

/** One file under `.github/workflows`, read and checked. */
export interface WorkflowFile {
  path: string;
  name: string | null;
  runName: string | null;
  on: Map<string, TriggerFilter>;
  env: Record<string, unknown>;
  /** Absent: those of the repository's settings. */
  permissions?: PermissionsSpec;
  concurrency: unknown;
  dispatchInputs: Map<string, InputSpec>;
  callInputs: Map<string, InputSpec>;
  callOutputs: Map<string, string>;
  jobs: Map<string, JobSpec>;
}
