/** A workflow as the rules see it: flat, with called workflows in the place of the jobs that call them. Lines count from 1. */

/** Where something stands. */
export interface Place {
  /** File of the repository, or `owner/name/path` of a called workflow. */
  path: string;
  line: number;
}

export interface PipelineStep extends Place {
  id?: string;
  name?: string;
  uses?: string;
  /** Script. */
  run: string;
  if?: string;
  with: Readonly<Record<string, string>>;
  env: Readonly<Record<string, string>>;
}

export type Permissions = 'read-all' | 'write-all' | Record<string, string>;

export interface Concurrency {
  group: string;
  /** `true`, `false` or an expression. */
  cancelInProgress: string;
}

/** A job that runs steps. */
export interface PipelineJob extends Place {
  /** `deploy-production/deploy`: keys from the file of the repository down. */
  key: string;
  name: string;
  /** Conditions of the job and of those that call it. */
  conditions: readonly string[];
  /** Name after inputs were put in; undefined without one. */
  environment?: string;
  permissions?: Permissions;
  /** The innermost: of the job, its callers or the workflow. */
  concurrency?: Concurrency;
  env: Readonly<Record<string, string>>;
  /** Inputs of the called workflow it belongs to. */
  inputs: Readonly<Record<string, string>>;
  steps: readonly PipelineStep[];
  workflow: PipelineWorkflow;
}

/** A file of the repository. */
export interface PipelineWorkflow extends Place {
  /** Names of events. */
  triggers: readonly string[];
  permissions?: Permissions;
  jobs: PipelineJob[];
  /** Everything behind `uses:`, also in called workflows. */
  uses: readonly (Place & { text: string })[];
  /** Jobs that hand all secrets over. */
  inherits: readonly Place[];
  /** Called workflows that could not be read. */
  unread: readonly (Place & { text: string })[];
}

export interface Pipeline {
  workflows: readonly PipelineWorkflow[];
  jobs: readonly PipelineJob[];
  /** Files that are no workflows: what is wrong with them. */
  broken: readonly { path: string; text: string }[];
}
