import { itemsOf, parseBody, runSchema, type Run } from './bodies';
import { findCommit } from './commits';
import { GithubCallError, isMissing } from './GithubCallError';
import {
  sleep as realSleep,
  type PersonClient,
  type Sleep,
} from './PersonClient';

const FIRST_PAUSE_MS = 3_000;
const LONGEST_PAUSE_MS = 15_000;
/** A run that was just dispatched is not shown everywhere at once. */
const APPEARS_WITHIN_MS = 60_000;

/** Which run is meant. */
export interface WantedRun {
  owner: string;
  repo: string;
  runId?: number;
  headSha?: string;
  branch?: string;
  /** File name of the workflow. */
  workflow?: string;
}

/** How long somebody waits, and for what. */
export interface Waiting {
  client: PersonClient;
  wanted: WantedRun;
  until: 'created' | 'completed';
  timeoutMs: number;
  signal?: AbortSignal;
  now?: () => number;
  sleep?: Sleep;
  /** Called when the run is first seen, and whenever its status changes. */
  onStatus: (run: Run) => void;
}

/** The run as it was last seen; undefined when none appeared. */
export interface Waited {
  run?: Run;
  /** False: the time was over before. */
  isReached: boolean;
}

/**
 * Waits for a run. Answers that may be better next time are waited for, too.
 *
 * @throws `GithubCallError` when GitHub refuses; the signal's reason when the task was cancelled
 */
export async function waitForRun(waiting: Waiting): Promise<Waited> {
  const { until, signal, now = Date.now, client } = waiting;
  const sleep = waiting.sleep ?? realSleep;
  const begin = now();
  let pause = FIRST_PAUSE_MS;
  let last: Run | undefined;
  for (;;) {
    signal?.throwIfAborted();
    // A branch moves; a run that was seen is the one that is waited for.
    const wanted = { ...waiting.wanted, ...(last && { runId: last.id }) };
    const run = await look(client, wanted, now() - begin);
    if (run && run.status !== last?.status) waiting.onStatus(run);
    last = run ?? last;
    if (run && (until === 'created' || run.status === 'completed')) {
      return { run, isReached: true };
    }
    const left = waiting.timeoutMs - (now() - begin);
    if (left <= 0) return { run: last, isReached: false };
    await sleep(Math.min(pause, left), signal);
    pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS);
  }
}

async function look(
  client: PersonClient,
  wanted: WantedRun,
  elapsed: number,
): Promise<Run | undefined> {
  try {
    return wanted.runId === undefined
      ? await findRun(client, wanted)
      : await readRun(client, wanted, wanted.runId);
  } catch (error) {
    const isEarly = isMissing(error) && elapsed < APPEARS_WITHIN_MS;
    const passes = error instanceof GithubCallError && error.isPassing;
    if (isEarly || passes) return undefined;
    throw error;
  }
}

/** One run, read fresh. */
export async function readRun(
  client: PersonClient,
  { owner, repo }: Pick<WantedRun, 'owner' | 'repo'>,
  runId: number,
): Promise<Run> {
  const what = `the run ${runId} of ${owner}/${repo}`;
  const body = await client.get(
    '/repos/{owner}/{repo}/actions/runs/{run_id}',
    { owner, repo, run_id: runId },
    `read ${what}`,
  );
  return parseBody(runSchema, body, what);
}

/** The first run of a commit: one that its push started, where there is any. */
export async function findRun(
  client: PersonClient,
  wanted: WantedRun,
): Promise<Run | undefined> {
  const { owner, repo, branch, workflow } = wanted;
  const headSha =
    wanted.headSha ?? (branch && (await findCommit(client, wanted, branch)));
  // Without its commit the branch may show runs of old.
  if (!headSha) return undefined;
  const route = workflow
    ? '/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs'
    : '/repos/{owner}/{repo}/actions/runs';
  const body = await client.get(
    route,
    {
      ...{ owner, repo, per_page: 100 },
      ...(workflow && { workflow_id: workflow }),
      ...(branch && { branch }),
      head_sha: headSha,
    },
    `read the runs of ${owner}/${repo}`,
  );
  const runs = itemsOf('workflow_runs')(body)
    .map(item => parseBody(runSchema, item, 'a run'))
    .filter(run => !run.head_sha || run.head_sha === headSha)
    .sort((one, other) => one.id - other.id);
  return runs.find(({ event }) => event === 'push') ?? runs[0];
}
