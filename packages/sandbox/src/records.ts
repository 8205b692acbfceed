/** What the sandbox's GitHub keeps, and what happens to it. Times are epoch milliseconds, UTC. */

import type { IssueSandboxEvent, PullSandboxEvent } from './pullRecords';

export * from './pullRecords';
export * from './repositoryRecords';

/** Who commits what people merge on a page of GitHub. */
export const WEB_FLOW = { name: 'GitHub', email: 'noreply@github.com' };

export type RunStatus =
  | 'requested'
  | 'queued'
  | 'pending'
  | 'waiting'
  | 'in_progress'
  | 'completed';

export type Conclusion =
  | 'success'
  | 'failure'
  | 'cancelled'
  | 'skipped'
  | 'timed_out'
  | 'neutral'
  | 'action_required'
  | 'startup_failure'
  | 'stale';

export interface Account {
  id: number;
  nodeId: string;
  login: string;
  name: string;
  email: string;
  type: 'User' | 'Bot' | 'Organization';
}

export interface Team {
  id: number;
  nodeId: string;
  org: string;
  slug: string;
  name: string;
  /** Logins. */
  members: string[];
  /** What the team may do in every repository of its organisation; `push` when absent. */
  permission?: 'pull' | 'push' | 'admin';
}

export interface WorkflowRecord {
  id: number;
  nodeId: string;
  repoId: number;
  /** `.github/workflows/x.yml` */
  path: string;
  name: string;
  createdAt: number;
}

/** What a step has done in AWS; kept with the step, so that a restart finds again what it waits for. Never on GitHub's wire. */
export interface StepEffect {
  outputs: Record<string, string>;
  /** What its log says, with the times it was written at. */
  lines: { at: number; text: string }[];
  /** ARNs of the service deployments it waits for. */
  deployments: string[];
  /** What a step that goes on for long has done already; never an output. */
  notes?: Record<string, string>;
  /** ARN of the one-off task that comes before the deployment. */
  task: string | null;
  /** ARN of the revision it registered. */
  taskDefinition: string | null;
  /** What `render` put together, for the step that deploys it. */
  rendered: {
    from: string;
    container: string;
    image: string;
    labels: Record<string, string>;
  } | null;
}

export interface StepRecord {
  number: number;
  name: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: Conclusion | null;
  startedAt: number | null;
  completedAt: number | null;
  /** Only steps that work with AWS have one. */
  effect?: StepEffect;
}

export interface JobRecord {
  id: number;
  nodeId: string;
  runId: number;
  attempt: number;
  /** Name as GitHub shows it: `caller / callee`, `name (a, b)`. */
  name: string;
  /** Key path in the workflow files (`deploy-staging/deploy`). Never on the wire: GitHub has no such field. */
  key: string;
  status: RunStatus;
  conclusion: Conclusion | null;
  createdAt: number;
  startedAt: number | null;
  completedAt: number | null;
  labels: string[];
  runnerId: number | null;
  runnerName: string | null;
  steps: StepRecord[];
  /** Name of the environment of the job, if it has one. */
  environment: string | null;
  deploymentId: number | null;
  /** An administrator has started it past its gate. Never on the wire: GitHub tells it in the audit log of enterprises only. */
  gateBypassed?: true;
  /** Job outputs after completion, evaluated by the engine. */
  outputs: Record<string, string>;
}

export interface AttemptRecord {
  attempt: number;
  triggeringActor: string;
  status: RunStatus;
  conclusion: Conclusion | null;
  startedAt: number;
  updatedAt: number;
  completedAt: number | null;
}

export interface ReviewRecord {
  environmentIds: number[];
  state: 'approved' | 'rejected';
  comment: string;
  user: string;
  at: number;
  attempt: number;
}

export interface ArtifactRecord {
  id: number;
  nodeId: string;
  name: string;
  sizeInBytes: number;
  digest: string;
  createdAt: number;
  expiresAt: number;
}

export interface RunRecord {
  id: number;
  nodeId: string;
  repoId: number;
  workflowId: number;
  runNumber: number;
  name: string;
  displayTitle: string;
  event: 'push' | 'pull_request' | 'workflow_dispatch' | 'schedule';
  headBranch: string;
  headSha: string;
  /** Commit the workflow file was read from. */
  headMessage: string;
  headAuthor: { name: string; email: string; login: string | null };
  actor: string;
  pullRequest: number | null;
  /** The push that made its branch; absent otherwise. */
  createdBranch?: true;
  checkSuiteId: number;
  createdAt: number;
  /** Oldest first; the last one is current. */
  attempts: AttemptRecord[];
  referencedWorkflows: { path: string; sha: string; ref: string }[];
  reviews: ReviewRecord[];
  artifacts: ArtifactRecord[];
  inputs: Record<string, string>;
}

export interface DeploymentStatusRecord {
  id: number;
  nodeId: string;
  state:
    | 'queued'
    | 'waiting'
    | 'in_progress'
    | 'success'
    | 'failure'
    | 'error'
    | 'inactive';
  createdAt: number;
  creator: string;
  description: string;
}

export interface DeploymentRecord {
  id: number;
  nodeId: string;
  repoId: number;
  sha: string;
  ref: string;
  environment: string;
  creator: string;
  createdAt: number;
  updatedAt: number;
  runId: number | null;
  jobId: number | null;
  statuses: DeploymentStatusRecord[];
}

/** What happened, before it is put on the wire: `github/webhooks` renders one signed delivery from each. */
export type SandboxEvent =
  | {
      event: 'workflow_run';
      action: 'requested' | 'in_progress' | 'completed';
      run: RunRecord;
    }
  | {
      event: 'workflow_job';
      action: 'queued' | 'waiting' | 'in_progress' | 'completed';
      run: RunRecord;
      job: JobRecord;
    }
  | { event: 'deployment'; action: 'created'; deployment: DeploymentRecord }
  | {
      event: 'deployment_status';
      action: 'created';
      deployment: DeploymentRecord;
      status: DeploymentStatusRecord;
    }
  | {
      event: 'deployment_review';
      action: 'requested' | 'approved' | 'rejected';
      run: RunRecord;
      environment: string;
      job: JobRecord;
      review: ReviewRecord | null;
    }
  | {
      event: 'push';
      action: null;
      repoId: number;
      ref: string;
      before: string;
      after: string;
      pusher: string;
    }
  | PullSandboxEvent
  | IssueSandboxEvent;
