/** Why something could not be used: a code for programs, a sentence for people. @public */
export interface Problem {
  code: string;
  message: string;
}

/** One job of a workflow file, as far as the graph needs it. @public */
export interface WorkflowJob {
  /** Key under `jobs`. */
  key: string;
  needs: string[];
  /** May hold expressions (`${{ … }}`). */
  name?: string;
  /** Reusable workflow that the job calls. */
  uses?: string;
  /** True when the job has a matrix; its legs are known only from the run. */
  matrix: boolean;
  /** May hold expressions. */
  environment?: string;
  if?: string;
}

/** What a person is asked for when starting a workflow by hand. @public */
export interface WorkflowInput {
  name: string;
  description?: string;
  required: boolean;
  type: 'string' | 'boolean' | 'choice' | 'number' | 'environment' | 'unknown';
  default?: string;
  /** Of a choice. */
  options?: string[];
}

/** A workflow file. Jobs are in the order of the file. @public */
export interface Workflow {
  jobs: WorkflowJob[];
  /** Its inputs, when it can be started by hand; absent: it cannot, or what it says of that cannot be used. */
  dispatch?: WorkflowInput[];
}

/** What reading a workflow file gives. @public */
export type WorkflowReading =
  | { workflow: Workflow; problem?: undefined }
  | { workflow?: undefined; problem: Problem };

/** Thrown inside the reader and the builder, turned into a {@link Problem} at their door. */
export class GraphRefusal extends Error {
  constructor(readonly code: string, message: string) {
    super(message);
  }

  toProblem(): Problem {
    return { code: this.code, message: this.message };
  }
}
