import { SandboxStore } from '../../store/sandboxStore';
import type {
  CommitInfo,
  JobRecord,
  RepoRecord,
  RunRecord,
  SandboxEvent,
} from '../../state';
import { createAwsCloud } from '../../aws';
import { Engine } from '../Engine';
import { HandClock } from '../HandClock';
import { healthProfile, type Profile } from '../profile';
import { fakeDigest } from '../contexts';
import type { WorkflowSource } from '../WorkflowSource';

/** A healthy profile: nothing fails unless a test says so. */
export const calmProfile: Profile = {
  ...healthProfile({}),
  failureChance: () => 0,
  hangChance: () => 0,
};

export const START = Date.UTC(2026, 0, 5, 9);

/** One state, one engine and repositories that are maps of files. */
export async function memoryWorld(
  options: { profile?: Profile; withAws?: true } = {},
) {
  const clock = new HandClock(START);
  const { store: state } = await SandboxStore.open({ clock });
  const events: SandboxEvent[] = [];
  state.onEvent(event => events.push(event));
  const commits = new Map<
    string,
    { info: CommitInfo; files: Map<string, string>; changed: string[] }
  >();
  const branches = new Map<string, string>();
  const source: WorkflowSource = {
    async workflowFiles(_repo, sha) {
      return [...(commits.get(sha)?.files ?? [])]
        .filter(([path]) => path.startsWith('.github/workflows/'))
        .map(([path, text]) => ({ path, text }));
    },
    async resolve(repo, ref) {
      return commits.has(ref) ? ref : branches.get(`${repo.id}/${ref}`);
    },
    async commitInfo(_repo, sha) {
      return commits.get(sha)?.info;
    },
    async changedFiles(_repo, _base, head) {
      return commits.get(head)?.changed ?? null;
    },
    async history(_repo, sha) {
      const found: CommitInfo[] = [];
      for (
        let next = commits.get(sha)?.info;
        next;
        next = commits.get(next.parents[0])?.info
      ) {
        found.push(next);
      }
      return found;
    },
  };
  for (const [login, id] of [
    ['dana', 11],
    ['ravi', 12],
    ['cleo', 13],
  ] as const) {
    state.accounts.set(login, {
      id,
      nodeId: `U_${id}`,
      login,
      name: login,
      email: `${login}@example.test`,
      type: 'User',
    });
  }
  const addRepo = (name: string, owner = 'acme'): RepoRecord => {
    const id = state.nextId();
    const repo: RepoRecord = {
      id,
      nodeId: `R_${id}`,
      owner,
      name,
      description: '',
      private: true,
      defaultBranch: 'main',
      createdAt: START,
      environments: [],
      variables: { AWS_REGION: 'eu-west-1' },
    };
    state.repos.set(id, repo);
    return repo;
  };
  const commit = (
    repo: RepoRecord,
    files: Record<string, string>,
    branch = 'main',
  ): string => {
    const before = commits.get(branches.get(`${repo.id}/${branch}`) ?? '');
    const sha = fakeDigest(repo.id, branch, commits.size).slice(0, 40);
    commits.set(sha, {
      info: {
        sha,
        parents: before ? [before.info.sha] : [],
        message: 'Change something\n\nBody',
        author: { name: 'dana', email: 'dana@example.test' },
        at: clock.now(),
      },
      files: new Map([...(before?.files ?? []), ...Object.entries(files)]),
      changed: Object.keys(files),
    });
    branches.set(`${repo.id}/${branch}`, sha);
    return sha;
  };
  const cloud = createAwsCloud({
    clock,
    seed: 'test',
    speed: 15,
    changed: () => state.changed(),
  });
  const newEngine = () =>
    new Engine({
      ...(options.withAws && { aws: cloud }),
      state,
      clock,
      seed: 'test',
      speed: 15,
      profile: options.profile ?? calmProfile,
      source,
    });
  const engine = newEngine();
  const push = async (repo: RepoRecord, sha: string, branch = 'main') =>
    engine.push(repo, {
      branch,
      before: 'b'.repeat(40),
      after: sha,
      actor: 'dana',
    });
  return {
    clock,
    state,
    cloud,
    events,
    engine,
    newEngine,
    addRepo,
    commit,
    push,
  };
}

/** Text of a workflow whose jobs are given as YAML lines below `jobs:`. */
export function workflow(jobs: string, head = 'on: push'): string {
  return `name: CI\n${head}\njobs:\n${jobs
    .split('\n')
    .map(line => `  ${line}`)
    .join('\n')}\n`;
}

/** One job with one step. */
export function job(id: string, rest: string[] = []): string {
  return [
    `${id}:`,
    '  runs-on: ubuntu-24.04',
    ...rest.map(line => `  ${line}`),
    '  steps:',
    '    - run: npm test',
  ].join('\n');
}

/** What happened, one line an event. */
export function story(events: SandboxEvent[]): string[] {
  return events.map(item => {
    switch (item.event) {
      case 'workflow_job':
        return `job ${item.job.name} ${item.action}`;
      case 'workflow_run':
        return `run ${item.action}`;
      case 'deployment_status':
        return `deployment ${item.status.state}`;
      case 'deployment_review':
        return `review ${item.action}`;
      default:
        return item.event;
    }
  });
}

/** The attempt under way, or the last one. */
export const last = (run: RunRecord) => run.attempts[run.attempts.length - 1];

/** Conclusions by name of the job; a later attempt's replaces an earlier one's. */
export const results = (jobs: JobRecord[] = []) =>
  Object.fromEntries(jobs.map(item => [item.name, item.conclusion]));
