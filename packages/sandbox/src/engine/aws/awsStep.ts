import { AwsError, type AwsCloud } from '../../aws/cloud';
import type {
  JobRecord,
  RunRecord,
  SandboxState,
  StepEffect,
} from '../../state';
import type { StepContext } from '../actions';

/** What a step of a pipeline that works with AWS knows. */
export interface AwsStepContext {
  cloud: AwsCloud;
  step: StepContext;
  /** The job of the step; earlier steps of it have left their effects there. */
  job: JobRecord;
  /** Environment of the shell: of the runner, the job and the step. */
  env: Record<string, string>;
  /** Is kept with the step: all that {@link AwsStep.look} may rely on. */
  effect: StepEffect;
  startedAt: number;
  now: number;
  /** Real-world durations are divided by this. */
  speed: number;
  /** The profile or a person wants the step to go wrong; the handler decides how it really does. */
  shouldFail: boolean;
  /** In [0, 1), decided by the job. */
  roll: number;
  /** A token of GitHub that says who the job is; null when its permissions do not give it one. */
  idToken(audience: string): string | null;
  /** Whether one commit of the repository is another, or came after it; as far as the commit of the run knows. */
  descends(commit: string, from: string): boolean;
  /** Runs that staging has verified with exactly the files of this commit, newest first. */
  verifiedRuns(): RunRecord[];
  /** What GitHub knows of people, and what is saved. */
  state: Pick<SandboxState, 'accounts' | 'saved' | 'changed'>;
  /** Writes a line into the log of the job. */
  log(text: string): void;
}

/** How far a step is. Times are epoch milliseconds. */
export type Look =
  | { state: 'done' }
  | { state: 'moving'; lookAgainAt: number }
  | { state: 'failed'; reason: string };

/** A step that does something in AWS and, with `look`, takes as long as AWS does. */
export interface AwsStep {
  /** Does its work. @throws StepFailed or AwsError: the step fails with that sentence in its log. */
  begin(context: AwsStepContext): void;
  /** Absent: the work is done when `begin` is; the step takes its usual time. */
  look?(context: AwsStepContext): Look;
  /** Whether the step is one it plays; every one when absent. The others take their time only. */
  concerns?(step: StepContext, cloud: AwsCloud): boolean;
}

/** The step fails; the message is for the log. */
export class StepFailed extends Error {}

/** Sentence of the AWS command line for an error. */
export function sentenceOf(error: unknown): string | undefined {
  if (error instanceof StepFailed) return error.message;
  if (error instanceof AwsError) {
    return `An error occurred (${error.type}): ${error.message}`;
  }
  return undefined;
}

export function newEffect(): StepEffect {
  return {
    outputs: {},
    lines: [],
    deployments: [],
    task: null,
    taskDefinition: null,
    rendered: null,
  };
}
