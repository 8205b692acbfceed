import type { Change, Fact } from 'backstage-plugin-delivery-common';
import type {
  ArtifactInfo,
  ChangeBatch,
  ListRequest,
  RecordedApproval,
  RepositoryScope,
  RunRef,
} from 'backstage-plugin-delivery-node';
import { z } from 'zod';
import { jobFact, repositoryOf, runFact, type Repository } from './facts';
import type { Answer, GithubClient } from './GithubClient';
import { numberOf } from './keys';
import {
  approvalsSchema,
  jobSchema,
  parseBody,
  repositorySchema,
  runSchema,
} from './schema';

const PAGE = 100;
/** Pages of jobs of one attempt; GitHub allows 256 legs of a matrix, so no honest run has more. */
const MAX_JOB_PAGES = 20;

const runsPage = z.object({
  workflow_runs: z.array(runSchema.extend({ repository: repositorySchema })),
});
const fullRun = runSchema.extend({ repository: repositorySchema });
const jobsPage = z.object({
  total_count: z.number(),
  jobs: z.array(jobSchema),
});
const artifactsPage = z.object({
  artifacts: z.array(
    z.object({
      name: z.string().transform(name => name.slice(0, 500)),
      size_in_bytes: z.number(),
      digest: z.string().max(200).nullish(),
      created_at: z.string().nullish(),
      expired: z.boolean(),
    }),
  ),
});
const pendingPage = z.array(
  z.object({ environment: z.object({ name: z.string() }) }),
);

export function ownerAndName(slug: string): { owner: string; repo: string } {
  const [owner, repo] = slug.split('/');
  return { owner, repo };
}

function changesOf(facts: Fact[], at: number): Change[] {
  return facts.map(fact => ({ fact, observed: { source: 'api', at } }));
}

/** See DeliveryProvider.listChanges. Never asks with a filter: filtered lists come from a search index that lags and has gaps. */
export async function listChanges(
  client: GithubClient,
  request: ListRequest,
): Promise<ChangeBatch> {
  const { scope, mode, since, limit, signal } = request;
  const page = Number(request.cursor ?? 1);
  const answer = await client.call({
    route: 'GET /repos/{owner}/{repo}/actions/runs',
    ...caller(scope),
    parameters: { ...ownerAndName(scope.slug), per_page: PAGE, page },
    etag: page === 1 ? request.etag : undefined,
    what: `runs of ${scope.slug}`,
    signal,
  });
  if (answer.data === undefined) {
    return { changes: [], unchanged: true, etag: answer.etag };
  }
  const all = parseBody(runsPage, answer.data, 'runs').workflow_runs;
  const left = Math.max(0, limit - (page - 1) * PAGE);
  const runs = all.slice(0, left);
  const facts = runs.flatMap((raw, index): Fact[] => {
    const found = repositoryOf(raw.repository, [scope.host]);
    if (!found) return [];
    const run = runFact(raw, found.repository);
    return index === 0 ? [found.fact, run] : [run];
  });
  const whole =
    mode === 'backfill' && page === 1
      ? await wholeRepository(client, scope, signal)
      : [];
  const oldest = Math.min(...runs.map(run => run.created_at));
  const more = all.length === PAGE && left > PAGE && oldest > since;
  return {
    changes: changesOf(
      whole.length > 0
        ? [...whole, ...facts.filter(({ kind }) => kind !== 'repository')]
        : facts,
      answer.at,
    ),
    cursor: more ? String(page + 1) : undefined,
    // The first page is the one that changes when anything happens.
    etag: page === 1 && mode === 'sweep' ? answer.etag : undefined,
  };
}

/** Lists name a repository without its default branch; nothing else is missing when it cannot be read. */
async function wholeRepository(
  client: GithubClient,
  scope: RepositoryScope,
  signal: AbortSignal,
): Promise<Fact[]> {
  try {
    const answer = await client.call({
      route: 'GET /repos/{owner}/{repo}',
      ...caller(scope),
      parameters: ownerAndName(scope.slug),
      what: `the repository ${scope.slug}`,
      signal,
    });
    const raw = parseBody(repositorySchema, answer.data, 'repository');
    const found = repositoryOf(raw, [scope.host]);
    return found ? [found.fact] : [];
  } catch {
    signal.throwIfAborted();
    return [];
  }
}

function caller(scope: Pick<RepositoryScope, 'slug'>): { owner: string } {
  return { owner: ownerAndName(scope.slug).owner };
}

/** Which repository an answer is of, when the answer does not say it. */
async function readHead(
  client: GithubClient,
  run: RunRef,
  attempt: number | undefined,
  signal: AbortSignal,
): Promise<
  { facts: Fact[]; repository: Repository; answer: Answer } | undefined
> {
  const answer = await client.call({
    route:
      attempt === undefined
        ? 'GET /repos/{owner}/{repo}/actions/runs/{run_id}'
        : 'GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}',
    ...caller(run),
    parameters: {
      ...ownerAndName(run.slug),
      run_id: numberOf(run.runKey),
      attempt_number: attempt,
    },
    what: `run ${numberOf(run.runKey)} of ${run.slug}`,
    signal,
  });
  const raw = parseBody(fullRun, answer.data, 'run');
  const found = repositoryOf(raw.repository, [run.host]);
  if (!found) return undefined;
  return {
    facts: [found.fact, runFact(raw, found.repository)],
    repository: found.repository,
    answer,
  };
}

/** A run (its current attempt, or a given one) with all jobs of that attempt. */
export async function readRun(
  client: GithubClient,
  run: RunRef,
  attempt: number | undefined,
  signal: AbortSignal,
): Promise<Change[]> {
  const head = await readHead(client, run, attempt, signal);
  if (!head) return [];
  const { repository, answer } = head;
  const current = head.facts.flatMap(f => (f.kind === 'run' ? f.attempt : []));
  const jobs: Fact[] = [];
  for (let page = 1; page <= MAX_JOB_PAGES; page++) {
    const list = await client.call({
      route:
        'GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}/jobs',
      ...caller(run),
      parameters: {
        ...ownerAndName(run.slug),
        run_id: numberOf(run.runKey),
        attempt_number: current[0],
        per_page: PAGE,
        page,
      },
      what: `jobs of run ${numberOf(run.runKey)} of ${run.slug}`,
      signal,
    });
    const parsed = parseBody(jobsPage, list.data, 'jobs');
    jobs.push(...parsed.jobs.map(raw => jobFact(raw, repository)));
    if (parsed.jobs.length < PAGE) break;
  }
  // One moment for both: what arrives after the first request is newer than either answer may be.
  return changesOf([...head.facts, ...jobs], answer.at);
}

/** See DeliveryProvider.pendingEnvironments. */
export async function pendingEnvironments(
  client: GithubClient,
  run: RunRef,
  signal: AbortSignal,
): Promise<string[]> {
  const answer = await client.call({
    route:
      'GET /repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments',
    ...caller(run),
    parameters: {
      ...ownerAndName(run.slug),
      run_id: numberOf(run.runKey),
    },
    what: `pending deployments of run ${numberOf(run.runKey)}`,
    signal,
  });
  const pending = parseBody(pendingPage, answer.data, 'pending_deployments');
  return [...new Set(pending.map(({ environment }) => environment.name))];
}

/** See DeliveryProvider.listApprovals. */
export async function listApprovals(
  client: GithubClient,
  run: RunRef,
  signal: AbortSignal,
): Promise<RecordedApproval[]> {
  const answer = await client.call({
    route: 'GET /repos/{owner}/{repo}/actions/runs/{run_id}/approvals',
    ...caller(run),
    parameters: {
      ...ownerAndName(run.slug),
      run_id: numberOf(run.runKey),
    },
    what: `approvals of run ${numberOf(run.runKey)}`,
    signal,
  });
  const raw = parseBody(approvalsSchema, answer.data, 'approvals');
  return raw.flatMap(({ environments, state, user, comment }) =>
    // Without a name nobody is told to have decided.
    user?.login
      ? {
          environments: environments.map(({ name }) => name),
          state:
            state === 'approved' || state === 'rejected' ? state : 'unknown',
          user: user.login,
          comment: comment || undefined,
        }
      : [],
  );
}

/** See DeliveryProvider.listArtifacts. */
export async function listArtifacts(
  client: GithubClient,
  run: RunRef,
  signal: AbortSignal,
): Promise<ArtifactInfo[]> {
  const answer = await client.call({
    route: 'GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts',
    ...caller(run),
    parameters: {
      ...ownerAndName(run.slug),
      run_id: numberOf(run.runKey),
      per_page: PAGE,
    },
    what: `artifacts of run ${numberOf(run.runKey)}`,
    signal,
  });
  return parseBody(artifactsPage, answer.data, 'artifacts').artifacts.map(
    raw => ({
      name: raw.name,
      sizeInBytes: raw.size_in_bytes,
      digest: raw.digest ?? undefined,
      createdAt: raw.created_at ? Date.parse(raw.created_at) : undefined,
      expired: raw.expired,
    }),
  );
}
