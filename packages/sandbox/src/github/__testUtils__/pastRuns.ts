import {
  DeploymentRecord,
  JobRecord,
  RepoRecord,
  RunRecord,
  SandboxState,
  WorkflowRecord,
} from '../../state';

const MINUTE = 60_000;
/** Past runs of the public repository. */
export const PAST_RUNS = 45;
const SHA_256 = 'sha256:';

/** A run that ended well; the first one at its second attempt. */
export function finishedRun(
  state: SandboxState,
  repo: RepoRecord,
  workflow: WorkflowRecord,
  number: number,
  sha: string,
): RunRecord {
  const id = state.nextId();
  const at = state.clock.now() - (PAST_RUNS + 1 - number) * MINUTE;
  const run: RunRecord = {
    id,
    nodeId: `WFR_${id}`,
    repoId: repo.id,
    workflowId: workflow.id,
    runNumber: number,
    name: workflow.name,
    displayTitle: `Change ${number}`,
    event: number % 2 === 0 ? 'push' : 'workflow_dispatch',
    headBranch: 'main',
    headSha: sha,
    headMessage: `Change ${number}`,
    headAuthor: { name: 'Dana', email: 'dana@example.com', login: 'dana' },
    actor: 'dana',
    pullRequest: number === 1 ? 1 : null,
    checkSuiteId: state.nextId(),
    createdAt: at,
    attempts: [1, 2].slice(0, number === 1 ? 2 : 1).map(attempt => ({
      attempt,
      triggeringActor: attempt === 1 ? 'dana' : 'ravi',
      status: 'completed',
      conclusion: number === 1 && attempt === 1 ? 'failure' : 'success',
      startedAt: at + attempt * 1000,
      updatedAt: at + attempt * 20_000,
      completedAt: at + attempt * 20_000,
    })),
    referencedWorkflows: [],
    reviews: [
      {
        environmentIds: [repo.environments[0].id],
        state: 'approved',
        comment: 'Go',
        user: 'cleo',
        at: at + 5000,
        attempt: 1,
      },
    ],
    artifacts: [
      {
        id: state.nextId(),
        nodeId: `A_${id}`,
        name: 'image-digest',
        sizeInBytes: 71,
        digest: `${SHA_256}${'ab'.repeat(32)}`,
        createdAt: at,
        expiresAt: at + 90 * 24 * 60 * MINUTE,
      },
    ],
    inputs: {},
  };
  state.runs.set(id, run);
  const job = (name: string, attempt: number, failed: boolean): JobRecord => {
    const jobId = state.nextId();
    return {
      id: jobId,
      nodeId: `CR_${jobId}`,
      runId: id,
      attempt,
      name,
      key: name,
      status: 'completed',
      conclusion: failed ? 'failure' : 'success',
      createdAt: at,
      startedAt: at + 2000,
      completedAt: at + 9000,
      labels: ['ubuntu-latest'],
      runnerId: 7,
      runnerName: 'GitHub Actions 7',
      steps: [
        {
          number: 1,
          name: 'Set up job',
          status: 'completed',
          conclusion: 'success',
          startedAt: at + 2000,
          completedAt: at + 3000,
        },
      ],
      environment: name === 'deploy' ? 'production' : null,
      deploymentId: null,
      outputs: {},
    };
  };
  const jobs =
    number === 1
      ? [
          job('check', 1, false),
          job('deploy', 1, true),
          job('deploy', 2, false),
        ]
      : [job('check', 1, false), job('deploy', 1, false)];
  state.jobsOfRun.set(id, jobs);
  deploymentOf(state, repo, run, jobs[jobs.length - 1]);
  return run;
}

function deploymentOf(
  state: SandboxState,
  repo: RepoRecord,
  run: RunRecord,
  job: JobRecord,
): void {
  const id = state.nextId();
  const record: DeploymentRecord = {
    id,
    nodeId: `DE_${id}`,
    repoId: repo.id,
    sha: run.headSha,
    ref: 'main',
    environment: 'production',
    creator: 'dana',
    createdAt: run.createdAt,
    updatedAt: run.createdAt + 9000,
    runId: run.id,
    jobId: job.id,
    statuses: [
      {
        id: state.nextId(),
        nodeId: `DES_${id}`,
        state: 'success',
        createdAt: run.createdAt + 9000,
        creator: 'dana',
        description: '',
      },
    ],
  };
  state.deployments.set(id, record);
  job.deploymentId = id;
}
