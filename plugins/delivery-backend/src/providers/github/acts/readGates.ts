import {
  toState,
  type Account,
  type GateReading,
  type GateRun,
} from 'backstage-plugin-delivery-common/domain';
import type { GateRef } from 'backstage-plugin-delivery-node';
import pLimit from 'p-limit';
import { keysOf } from '../keys';
import { runIdOf } from '../readDeployments';
import { accountOf } from './accounts';
import {
  ask,
  isGone,
  PAGE,
  PARALLEL,
  runNumber,
  sameName,
  unreadable,
  type RepositoryReader,
} from './ask';
import {
  gateDeploymentsSchema,
  gateRunSchema,
  gateStatusesSchema,
  pendingSchema,
  type RawGateRun,
  type RawPending,
} from './bodies';
import { gateOf, readProtection } from './readEnvironments';

/** GitHub allows 50 re-runs. */
const MAX_ATTEMPTS = 50;
/** Deployments of one commit to one environment since the run began that are looked at. */
const MAX_DEPLOYMENTS = 50;
/** By how much two clocks of GitHub may differ; milliseconds. */
const SKEW_MS = 60_000;

async function readPending(
  at: RepositoryReader,
  gate: GateRef,
): Promise<RawPending | undefined> {
  const pending = await ask(
    at,
    '/actions/runs/{run_id}/pending_deployments',
    { run_id: runNumber(gate) },
    pendingSchema,
    `pending deployments of run ${runNumber(gate)}`,
  );
  return pending.find(({ environment }) =>
    sameName(environment.name, gate.environment),
  );
}

/** See VendorActs.readGate. */
export async function readGate(
  at: RepositoryReader,
  gate: GateRef,
  inPerson: boolean,
): Promise<GateReading | undefined> {
  const [pending, environment] = await Promise.all([
    readPending(at, gate),
    readProtection(at, gate.environment),
  ]);
  return gateOf({ slug: gate.slug, pending, environment, inPerson });
}

/** See VendorActs.readGateRun. */
export async function readGateRun(
  at: RepositoryReader,
  gate: GateRef,
): Promise<GateRun> {
  const id = runNumber(gate);
  const run = await ask(
    at,
    '/actions/runs/{run_id}',
    { run_id: id },
    gateRunSchema,
    `run ${id}`,
  );
  // A repository of another id: it was replaced under the same name.
  const repoKey = keysOf(gate.host).repository(run.repository.id);
  if (run.id !== id || repoKey !== gate.repoKey) {
    throw unreadable(gate.host, `run ${id} of ${gate.slug}`);
  }
  const limit = pLimit(PARALLEL);
  const [triggeringActors, pending] = await Promise.all([
    readTriggeringActors(at, run, limit),
    readPending(at, gate),
  ]);
  const name = pending?.environment.name ?? gate.environment;
  const deployments = await readDeployments(at, gate, { run, name, limit });
  const { status, conclusion } = toState(run.status, run.conclusion);
  const actor = accountOf(run.actor);
  return {
    waiting: pending !== undefined,
    status,
    ...(conclusion && { conclusion }),
    headSha: run.head_sha,
    attempt: run.run_attempt ?? 1,
    ...(actor && { actor }),
    triggeringActors,
    ...deployments,
  };
}

/** Of every attempt, in order; undefined where it could not be read. */
async function readTriggeringActors(
  at: RepositoryReader,
  run: RawGateRun,
  limit: ReturnType<typeof pLimit>,
): Promise<(Account | undefined)[]> {
  const current = run.run_attempt ?? 1;
  const earlier = Math.min(current - 1, MAX_ATTEMPTS);
  const read = await Promise.all(
    Array.from({ length: earlier }, (_, index) =>
      limit(() => readTriggeringActor(at, run.id, index + 1)),
    ),
  );
  // More attempts than GitHub allows: at least one of them nobody looked at.
  const skipped = current - 1 > earlier ? [undefined] : [];
  return [...read, ...skipped, accountOf(run.triggering_actor)];
}

async function readTriggeringActor(
  at: RepositoryReader,
  runId: number,
  attempt: number,
): Promise<Account | undefined> {
  try {
    const raw = await ask(
      at,
      '/actions/runs/{run_id}/attempts/{attempt_number}',
      { run_id: runId, attempt_number: attempt },
      gateRunSchema,
      `attempt ${attempt} of run ${runId}`,
    );
    const same = raw.id === runId && raw.run_attempt === attempt;
    return same ? accountOf(raw.triggering_actor) : undefined;
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

interface Wanted {
  run: RawGateRun;
  /** As GitHub writes it: its filter minds capitals. */
  name: string;
  limit: ReturnType<typeof pLimit>;
}

/** Deployments of the run to the environment: those that wait, and who made them. */
async function readDeployments(
  at: RepositoryReader,
  gate: GateRef,
  { run, name, limit }: Wanted,
): Promise<Pick<GateRun, 'deploymentCreators' | 'pendingDeployments'>> {
  const all = await ask(
    at,
    '/deployments',
    { environment: name, sha: run.head_sha, per_page: PAGE },
    gateDeploymentsSchema,
    `deployments of ${run.head_sha.slice(0, 7)}`,
  );
  const possible = all.filter(
    raw =>
      raw.sha === run.head_sha &&
      sameName(raw.environment, name) &&
      raw.created_at >= run.created_at - SKEW_MS,
  );
  const read = await Promise.all(
    possible.slice(0, MAX_DEPLOYMENTS).map(raw =>
      limit(async () => {
        const statuses = await readStatuses(at, raw.id);
        const [newest] = [...statuses].sort(
          (a, b) => b.created_at - a.created_at || b.id - a.id,
        );
        const waits = newest?.state === 'waiting';
        const runId = runIdOf(raw, statuses, gate);
        // One that waits and does not say for which run may be of this one.
        const ours = runId === undefined ? waits : runId === run.id;
        return ours ? [{ raw, waits }] : [];
      }),
    ),
  );
  const ours = read.flat();
  return {
    deploymentCreators: [
      ...ours.map(({ raw }) => accountOf(raw.creator)),
      // More than were looked at: somebody made them, nobody knows who.
      ...(possible.length > MAX_DEPLOYMENTS ? [undefined] : []),
    ],
    pendingDeployments: ours
      .filter(({ waits }) => waits)
      .map(({ raw }) => String(raw.id))
      .sort(),
  };
}

async function readStatuses(at: RepositoryReader, deploymentId: number) {
  try {
    return await ask(
      at,
      '/deployments/{deployment_id}/statuses',
      { deployment_id: deploymentId, per_page: PAGE },
      gateStatusesSchema,
      `statuses of deployment ${deploymentId}`,
    );
  } catch (error) {
    // Deleted since it was listed.
    if (isGone(error)) return [];
    throw error;
  }
}
