import type {
  Account,
  BuildWorld,
  RepoRecord,
  RunRecord,
  SandboxState,
} from '../../packages/sandbox/src/state';

export const ORGANIZATION = 'acme';
export const WORKFLOW_PATH = '.github/workflows/pipeline.yml';
/** Who pushes, and who approves. */
export const AUTHOR = 'dana';
export const APPROVER = 'cleo';

const HOUR = 3600_000;
/** A repository begins somewhere in the first part of the history and has the rest for its pushes. */
export const BEGINNINGS = 30;
const COMMITS = 70;
/** Every so many commits one deploys to production, and one changes the workflow file. */
const PRODUCTION_EVERY = 10;
const WORKFLOW_EVERY = 30;

const workflow = (revision: number) => `# revision ${revision}
name: Pipeline
on:
  push:
    branches: [main]
jobs:
  quality:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - name: Unit tests
        run: npm test
  image:
    needs: quality
    runs-on: ubuntu-latest
    steps:
      - name: Build the image
        run: docker build .
  production:
    needs: image
    if: contains(github.event.head_commit.message, '[production]')
    runs-on: ubuntu-latest
    environment: production
    steps:
      - name: Deploy
        run: ./deploy.sh
`;

function account(
  state: SandboxState,
  login: string,
  type: Account['type'] = 'User',
): Account {
  const id = state.nextId();
  const email = `${login}@example.com`;
  const made = { id, nodeId: `U_${id}`, login, name: login, email, type };
  state.accounts.set(login, made);
  return made;
}

function repository(
  state: SandboxState,
  name: string,
  reviewer: Account,
  at: number,
): RepoRecord {
  const id = state.nextId();
  const repo: RepoRecord = {
    id,
    nodeId: `R_${id}`,
    owner: ORGANIZATION,
    name,
    description: '',
    private: true,
    defaultBranch: 'main',
    createdAt: at,
    variables: {},
    environments: [
      {
        id: state.nextId(),
        nodeId: `EN_${id}`,
        name: 'production',
        createdAt: at,
        waitTimerMinutes: 0,
        preventSelfReview: true,
        canAdminsBypass: false,
        reviewers: [{ type: 'User', id: reviewer.id }],
        branchPolicies: null,
      },
    ],
  };
  state.repos.set(id, repo);
  return repo;
}

/** A run of yesterday: what the first read of a repository finds. */
function pastRun(state: SandboxState, repo: RepoRecord, sha: string): void {
  const workflowId = state.nextId();
  const at = state.clock.now() - 24 * HOUR;
  state.workflows.set(workflowId, {
    id: workflowId,
    nodeId: `W_${workflowId}`,
    repoId: repo.id,
    path: WORKFLOW_PATH,
    name: 'Pipeline',
    createdAt: repo.createdAt,
  });
  const id = state.nextId();
  const run: RunRecord = {
    id,
    nodeId: `WFR_${id}`,
    repoId: repo.id,
    workflowId,
    runNumber: 1,
    name: 'Pipeline',
    displayTitle: 'Yesterday',
    event: 'push',
    headBranch: 'main',
    headSha: sha,
    headMessage: 'Yesterday',
    headAuthor: { name: AUTHOR, email: `${AUTHOR}@example.com`, login: AUTHOR },
    actor: AUTHOR,
    pullRequest: null,
    checkSuiteId: state.nextId(),
    createdAt: at,
    attempts: [
      {
        attempt: 1,
        triggeringActor: AUTHOR,
        status: 'completed',
        conclusion: 'success',
        startedAt: at,
        updatedAt: at + HOUR / 6,
        completedAt: at + HOUR / 6,
      },
    ],
    referencedWorkflows: [],
    reviews: [],
    artifacts: [],
    inputs: {},
  };
  state.runs.set(id, run);
  state.jobsOfRun.set(id, []);
}

/** Filled by the world: shas of the one history, and where in it each repository is. */
export interface History {
  shas: string[];
  /** By id of the repository. */
  positions: Map<number, number>;
}

/** An organisation with many repositories of the same history and one past run each. */
export function manyRepositories(
  count: number,
  random: () => number,
  history: History,
): BuildWorld {
  return async ({ state, git }) => {
    const now = state.clock.now();
    account(state, ORGANIZATION, 'Organization');
    account(state, AUTHOR);
    const reviewer = account(state, APPROVER);
    const teamId = state.nextId();
    state.teams.push({
      id: teamId,
      nodeId: `T_${teamId}`,
      org: ORGANIZATION,
      slug: 'core',
      name: 'core',
      members: [AUTHOR, APPROVER],
    });
    for (let index = 0; index < count; index += 1) {
      const repo = repository(
        state,
        `service-${index}`,
        reviewer,
        now - 1000 * HOUR,
      );
      if (index === 0) {
        await git.init(repo);
        const commits = Array.from({ length: COMMITS }, (_, number) => ({
          branch: 'main',
          files: {
            'src/app.txt': `${number}\n`,
            ...(number % WORKFLOW_EVERY === 0 && {
              [WORKFLOW_PATH]: workflow(number),
            }),
          },
          message: `Change ${number}${
            number % PRODUCTION_EVERY === 0 ? ' [production]' : ''
          }`,
          author: { name: AUTHOR, email: `${AUTHOR}@example.com` },
          at: now - (COMMITS - number) * HOUR,
        }));
        history.shas = await git.importHistory(repo, commits);
      }
      const position = Math.floor(random() * BEGINNINGS);
      history.positions.set(repo.id, position);
      pastRun(state, repo, history.shas[position]);
    }
  };
}
