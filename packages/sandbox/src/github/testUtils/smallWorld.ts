import { SandboxParts } from '../../server';
import {
  Account,
  BuildWorld,
  DeploymentRecord,
  JobRecord,
  RepoRecord,
  RunRecord,
  SandboxState,
  WorkflowRecord,
} from '../../state';
import { createEngine } from '../../engine';

const MINUTE = 60_000;
export const PAST_RUNS = 45;
const SHA_256 = 'sha256:';

export const WORKFLOW = `name: Deliver
on:
  push:
    branches: [main]
  pull_request:
  workflow_dispatch:
    inputs:
      reason: { type: string, required: false }
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - name: Unit tests
        run: npm test
  deploy:
    needs: check
    runs-on: ubuntu-latest
    environment: production
    steps:
      - name: Roll out
        run: ./deploy.sh
`;

function account(
  state: SandboxState,
  login: string,
  type: Account['type'] = 'User',
): Account {
  const id = state.nextId();
  const made: Account = {
    id,
    nodeId: `U_${id}`,
    login,
    name: login.charAt(0).toUpperCase() + login.slice(1),
    email: `${login}@example.com`,
    type,
  };
  state.accounts.set(login, made);
  return made;
}

function repository(
  state: SandboxState,
  name: string,
  isPrivate: boolean,
  reviewer: Account,
): RepoRecord {
  const id = state.nextId();
  const repo: RepoRecord = {
    id,
    nodeId: `R_${id}`,
    owner: 'acme',
    name,
    description: `The ${name} service`,
    private: isPrivate,
    defaultBranch: 'main',
    createdAt: state.clock.now() - 1000 * MINUTE,
    variables: {},
    environments: [
      {
        id: state.nextId(),
        nodeId: `EN_${id}`,
        name: 'production',
        createdAt: state.clock.now() - 900 * MINUTE,
        waitTimerMinutes: 0,
        preventSelfReview: true,
        canAdminsBypass: false,
        reviewers: [
          { type: 'User', id: reviewer.id },
          { type: 'Team', id: state.teams[0].id },
        ],
        branchPolicies: [{ id: state.nextId(), name: 'main' }],
      },
    ],
  };
  state.repos.set(id, repo);
  return repo;
}

function finishedRun(
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

/** One organisation with a public and a private repository and forty-five past runs. */
export const buildSmallWorld: BuildWorld = async ({ state, git, anchor }) => {
  account(state, 'acme', 'Organization');
  account(state, 'dana');
  account(state, 'ravi');
  account(state, 'aude');
  account(state, 'outsider');
  const cleo = account(state, 'cleo');
  for (const [slug, members, permission] of [
    ['core', ['dana', 'ravi', 'cleo'], 'push'],
    ['auditors', ['aude'], 'pull'],
  ] as const) {
    const id = state.nextId();
    state.teams.push({
      id,
      nodeId: `T_${id}`,
      org: 'acme',
      slug,
      name: slug,
      members: [...members],
      permission,
    });
  }
  for (const [name, isPrivate] of [
    ['app', false],
    ['secret', true],
  ] as const) {
    const repo = repository(state, name, isPrivate, cleo);
    await git.init(repo);
    const shas = await git.importHistory(repo, [
      {
        branch: 'main',
        files: {
          'README.md': `# ${name}\n`,
          '.github/workflows/deliver.yml': WORKFLOW,
          'src/deep/index.txt': 'one\n',
          'deploy.sh': '#!/bin/sh\n',
        },
        message: 'Begin',
        author: { name: 'Dana', email: 'dana@example.com' },
        at: anchor - 200 * MINUTE,
      },
      {
        branch: 'main',
        files: { 'src/deep/index.txt': 'two\n', 'deploy.sh': null },
        message: 'Go on (#1)',
        author: { name: 'Ravi', email: 'ravi@example.com' },
        at: anchor - 100 * MINUTE,
      },
    ]);
    const workflowId = state.nextId();
    const workflow: WorkflowRecord = {
      id: workflowId,
      nodeId: `W_${workflowId}`,
      repoId: repo.id,
      path: '.github/workflows/deliver.yml',
      name: 'Deliver',
      createdAt: repo.createdAt,
    };
    state.workflows.set(workflowId, workflow);
    const pullId = state.nextId();
    state.pulls.set(pullId, {
      id: pullId,
      nodeId: `PR_${pullId}`,
      repoId: repo.id,
      number: 1,
      title: 'Go on',
      author: 'ravi',
      headBranch: 'go-on',
      headSha: shas[1],
      baseBranch: 'main',
      state: 'closed',
      mergedAt: anchor - 100 * MINUTE,
      mergeSha: shas[1],
      mergedBy: 'dana',
      createdAt: anchor - 150 * MINUTE,
      updatedAt: anchor - 100 * MINUTE,
    });
    const count = isPrivate ? 2 : PAST_RUNS;
    for (let number = 1; number <= count; number += 1) {
      finishedRun(state, repo, workflow, number, shas[1]);
    }
  }
};

/** The parts of a sandbox with the small world and the real engine. */
export const smallParts: SandboxParts = {
  createEngine,
  buildWorld: buildSmallWorld,
  componentOf: name =>
    name === 'app-api'
      ? { repo: { owner: 'acme', name: 'app' }, paths: ['src/**'] }
      : undefined,
};
