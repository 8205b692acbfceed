import type {
  CommitInfo,
  GitStore,
  RepoRecord,
  RunRecord,
  SandboxState,
} from '../state';
import { isShared } from './policies';
import { readWorkflowFile, WorkflowFileError } from './workflowFile';
import type { WorkflowFile } from './workflowTypes';

/** Where the engine reads workflow files from: git, or (while history is made) memory. */
export interface WorkflowSource {
  /** Paths and texts of the files under `.github/workflows` at a commit. */
  workflowFiles(
    repo: RepoRecord,
    sha: string,
  ): Promise<{ path: string; text: string }[]>;
  resolve(repo: RepoRecord, ref: string): Promise<string | undefined>;
  commitInfo(repo: RepoRecord, sha: string): Promise<CommitInfo | undefined>;
  changedFiles(
    repo: RepoRecord,
    base: string,
    head: string,
  ): Promise<string[] | null>;
  /** The commit and those that led to it, newest first, many but perhaps not all; none when absent. */
  history?(
    repo: RepoRecord,
    sha: string,
  ): Promise<Pick<CommitInfo, 'sha' | 'parents'>[]>;
}

/** A workflow with everything it calls, read at fixed commits, so that playing it needs no waiting. */
export interface LoadedWorkflow {
  file: WorkflowFile;
  /** `owner/name` of the repository the file comes from. */
  slug: string;
  ref: string;
  sha: string;
  /** Called workflows by job id. */
  calls: Map<string, LoadedWorkflow>;
  /** Parents by commit, of what led to that of the run; only for the run's own workflow, and only where a job asks. */
  history?: ReadonlyMap<string, readonly string[]>;
  /** Git trees by commit, of this one and those that other runs have verified; likewise. */
  trees?: ReadonlyMap<string, string>;
}

const FOLDER = '.github/workflows';
const NO_COMMIT = /^0+$/;

/** What runs is seldom older than that many commits; anything older counts as no ancestor. */
const MOST_COMMITS = 2_000;

/** Reads from the repositories on disk. */
export function gitWorkflowSource(git: GitStore): WorkflowSource {
  return {
    async workflowFiles(repo, sha) {
      const entries = await git.listFiles(repo, sha, FOLDER);
      const files = [];
      for (const { path } of entries) {
        if (!/^\.github\/workflows\/[^/]+\.ya?ml$/.test(path)) continue;
        const content = await git.readFile(repo, sha, path);
        if (content) files.push({ path, text: content.toString('utf8') });
      }
      return files;
    },
    resolve: (repo, ref) => git.resolve(repo, ref),
    commitInfo: (repo, sha) => git.commitInfo(repo, sha),
    changedFiles: async (repo, base, head) =>
      NO_COMMIT.test(base) ? null : git.changedFiles(repo, base, head),
    history: (repo, sha) => git.log(repo, sha, MOST_COMMITS),
  };
}

const MAX_DEPTH = 10;
const parsed = new Map<string, WorkflowFile>();

/** As {@link readWorkflowFile}; the same text is read once. */
export function readCached(path: string, text: string): WorkflowFile {
  const key = `${path}\u0000${text}`;
  let file = parsed.get(key);
  if (!file) {
    file = readWorkflowFile(path, text);
    if (parsed.size > 500) parsed.clear();
    parsed.set(key, file);
  }
  return file;
}

/**
 * Loads what a workflow file calls, however deep.
 *
 * @throws WorkflowFileError when a called workflow does not exist, is broken or is nested too deep.
 */
export async function loadWorkflow(
  at: { repo: RepoRecord; sha: string; ref: string },
  file: WorkflowFile,
  context: { state: SandboxState; source: WorkflowSource; isNew: boolean },
  depth = 0,
): Promise<LoadedWorkflow> {
  if (depth > MAX_DEPTH) {
    throw new WorkflowFileError(
      `Reusable workflows are nested more than ${MAX_DEPTH} levels deep`,
    );
  }
  const calls = new Map<string, LoadedWorkflow>();
  for (const job of file.jobs.values()) {
    if (!job.uses) continue;
    const target = await locate(at, job.uses, context);
    const files = await context.source.workflowFiles(target.repo, target.sha);
    const found = files.find(({ path }) => path === target.path);
    if (!found) {
      throw new WorkflowFileError(
        `error parsing called workflow "${job.uses}": workflow was not found.`,
      );
    }
    const called = readCached(found.path, found.text);
    if (!called.on.has('workflow_call')) {
      throw new WorkflowFileError(
        `error parsing called workflow "${job.uses}": workflow is not reusable as it is missing a \`on.workflow_call\` trigger`,
      );
    }
    for (const [name, input] of called.callInputs) {
      if (input.required && !(name in job.with)) {
        throw new WorkflowFileError(
          `Input ${name} is required, but not provided while calling.`,
        );
      }
    }
    calls.set(job.id, await loadWorkflow(target, called, context, depth + 1));
  }
  return {
    file,
    slug: `${at.repo.owner}/${at.repo.name}`,
    ref: at.ref,
    sha: at.sha,
    calls,
  };
}

const has = ({ file, calls }: LoadedWorkflow, stepId: string): boolean =>
  [...file.jobs.values()].some(({ steps }) =>
    steps.some(({ id }) => id === stepId),
  ) || [...calls.values()].some(called => has(called, stepId));

async function treesOf(
  shas: Iterable<string>,
  repo: RepoRecord,
  source: WorkflowSource,
): Promise<Map<string, string>> {
  const trees = new Map<string, string>();
  for (const sha of shas) {
    const commit = await source.commitInfo(repo, sha);
    // Where trees are not known a commit stands for its own.
    if (commit) trees.set(sha, commit.tree ?? sha);
  }
  return trees;
}

/** Runs of develop that left a record of what staging has verified, newest first. */
export const verifiedRuns = (
  state: Pick<SandboxState, 'runs'>,
  repo: RepoRecord,
): RunRecord[] =>
  [...state.runs.values()]
    .filter(
      run =>
        run.repoId === repo.id &&
        run.event === 'push' &&
        run.headBranch === 'develop' &&
        run.attempts.at(-1)?.conclusion === 'success' &&
        run.artifacts.some(({ name }) => name.startsWith('verified-staging-')),
    )
    .reverse();

/** The workflow with what its jobs compare: the history of its commit, and the files of commits that were verified before. */
export async function withHistory(
  loaded: LoadedWorkflow,
  repo: RepoRecord,
  { source, state }: { source: WorkflowSource; state: SandboxState },
): Promise<LoadedWorkflow> {
  let full = loaded;
  if (source.history && has(loaded, 'descent')) {
    const commits = await source.history(repo, loaded.sha);
    const history = new Map(commits.map(({ sha, parents }) => [sha, parents]));
    full = { ...full, history };
  }
  if (has(loaded, 'resolve')) {
    const verified = verifiedRuns(state, repo).map(({ headSha }) => headSha);
    const shas = new Set([loaded.sha, ...verified]);
    full = { ...full, trees: await treesOf(shas, repo, source) };
  }
  return full;
}

/** Whether one commit is another, or came after it. */
export function descends(
  history: LoadedWorkflow['history'],
  commit: string,
  from: string,
): boolean {
  const seen = new Set<string>();
  const open = [commit];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === from) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...(history?.get(next) ?? []));
  }
  return false;
}

async function locate(
  from: { repo: RepoRecord; sha: string; ref: string },
  uses: string,
  {
    state,
    source,
    isNew,
  }: { state: SandboxState; source: WorkflowSource; isNew: boolean },
): Promise<{ repo: RepoRecord; sha: string; ref: string; path: string }> {
  if (uses.startsWith('./')) return { ...from, path: uses.slice(2) };
  const match = uses.match(
    /^([^/]+)\/([^/]+)\/(\.github\/workflows\/.+)@(.+)$/,
  );
  const repo = match && state.repo(match[1], match[2]);
  if (repo && isNew && !isShared(repo, from.repo)) {
    throw new WorkflowFileError(
      `error parsing called workflow "${uses}": workflow was not found. See https://docs.github.com/actions/learn-github-actions/reusing-workflows#access-to-reusable-workflows for more information.`,
    );
  }
  const sha = repo && (await source.resolve(repo, match[4]));
  if (!match || !repo || !sha) {
    throw new WorkflowFileError(
      `error parsing called workflow "${uses}": failed to fetch workflow: reference to workflow should be either a valid branch, tag, or commit`,
    );
  }
  return { repo, sha, ref: match[4], path: match[3] };
}
