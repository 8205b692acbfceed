import { SandboxParts } from '../../server';
import {
  Account,
  BuildWorld,
  RepoRecord,
  SandboxState,
  WorkflowRecord,
} from '../../state';
import { createEngine } from '../../engine';
import { finishedRun, PAST_RUNS } from './pastRuns';

const MINUTE = 60_000;

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

/** The parts of a sandbox with the small world and the real engine; nothing fails by itself. */
export const smallParts: SandboxParts = {
  createEngine: parts => createEngine({ ...parts, failures: 'none' }),
  buildWorld: buildSmallWorld,
  componentOf: name =>
    name === 'app-api'
      ? { repo: { owner: 'acme', name: 'app' }, paths: ['src/**'] }
      : undefined,
};
