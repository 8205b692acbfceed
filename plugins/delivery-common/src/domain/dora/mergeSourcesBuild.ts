import { compareText } from '../canonical';
import { plain } from '../environments/vendorText';
import type { DeploymentSource, DeploymentSourceKind } from './facts';
import type { DoraDeployment } from './linked';
import { attemptsOf, type ToldAttempt } from './mergeSourcesAttempts';
import type { Cluster } from './mergeSourcesJoin';

/** Who is asked first for what a deployment is called. */
const TELLERS: DeploymentSourceKind[] = [
  'run',
  'vendor_deployment',
  'other',
  'runtime_deployment',
];

/** What several sources tell of one deployment; undefined: it was skipped. */
export function toDeployment({ sources }: Cluster): DoraDeployment | undefined {
  const attempts = attemptsOf(sources);
  const deciding = decidingOf(attempts);
  if (!deciding) return undefined;
  const { outcome, createdAt, startedAt, finishedAt } = deciding;
  const tellers = byTeller(deciding.sources, sources);
  const first = <T>(of: (source: DeploymentSource) => T | undefined) =>
    tellers.map(of).find(part => part !== undefined);
  const run = first(source => source.run);
  const sha = first(source => source.sha);
  const title = first(source => source.title);
  const actor = first(source => source.actor);
  const url = first(source => source.url) ?? run?.url;
  return {
    id: idOf(sources),
    service: sources[0].service,
    environment: environmentOf(
      sources.flatMap(source => source.environment ?? []),
    ),
    ...(sha !== undefined && { sha }),
    ...{ kind: 'unknown', outcome },
    attempts: attempts.map(each => ({
      ...{ attempt: each.attempt, outcome: each.outcome },
      ...(each.createdAt !== undefined && { createdAt: each.createdAt }),
      ...(each.startedAt !== undefined && { startedAt: each.startedAt }),
      ...(each.finishedAt !== undefined && { finishedAt: each.finishedAt }),
    })),
    ...(run && { run: runOf(run) }),
    ...(title !== undefined && { title }),
    ...(actor !== undefined && { actor }),
    ...(url !== undefined && { url }),
    ...(createdAt !== undefined && { createdAt }),
    ...(startedAt !== undefined && { startedAt }),
    ...(finishedAt !== undefined && { finishedAt }),
    ...durationsOf(deciding),
    sources: sources.map(sourceOf),
    hints: hintsOf(sources),
    ...{ changes: [], removes: [], rolledBack: false },
    ...{ failed: false, evidence: [], rework: false },
  };
}

/** Names of several environments, as one. */
export function environmentOf(names: string[]): string {
  const all = [...new Set(names.map(name => plain(name, 100)))].sort(
    compareText,
  );
  return all.length <= 3
    ? all.join(', ')
    : `${all.slice(0, 2).join(', ')} and ${all.length - 2} more`;
}

/** The first success; without one the last failure that users had; otherwise the last. */
function decidingOf(attempts: ToldAttempt[]): ToldAttempt | undefined {
  return (
    attempts.find(({ outcome }) => outcome === 'succeeded') ??
    attempts
      .filter(({ outcome }) => outcome === 'failed_in_production')
      .at(-1) ??
    attempts.at(-1)
  );
}

function byTeller(
  deciding: DeploymentSource[],
  all: DeploymentSource[],
): DeploymentSource[] {
  return [deciding, all].flatMap(list =>
    TELLERS.flatMap(kind => list.filter(({ source }) => source === kind)),
  );
}

function idOf(sources: DeploymentSource[]): string {
  const least = (ids: string[]) => [...ids].sort(compareText).at(0);
  return (
    least(sources.flatMap(({ group }) => group ?? [])) ??
    least(sources.map(({ id }) => id)) ??
    ''
  );
}

function runOf(run: NonNullable<DeploymentSource['run']>) {
  return {
    id: run.id,
    ...(run.number !== undefined && { number: run.number }),
    ...(run.url !== undefined && { url: run.url }),
  };
}

/** Working time, and time in the queue; a gate that was closed is neither. Clocks that contradict each other tell nothing. */
function durationsOf(
  attempt: ToldAttempt,
): Pick<DoraDeployment, 'durationMs' | 'queuedMs' | 'waitedMs'> {
  const { createdAt, startedAt, finishedAt, waitedMs, startIsCreation } =
    attempt;
  const closed = waitedMs ?? 0;
  const worked =
    startedAt === undefined || finishedAt === undefined
      ? undefined
      : finishedAt - startedAt - (startIsCreation ? closed : 0);
  const queued =
    startIsCreation || createdAt === undefined || startedAt === undefined
      ? undefined
      : startedAt - createdAt - closed;
  return {
    ...(worked !== undefined && worked >= 0 && { durationMs: worked }),
    ...(queued !== undefined && queued >= 0 && { queuedMs: queued }),
    ...(waitedMs !== undefined && { waitedMs }),
  };
}

function sourceOf(source: DeploymentSource): DoraDeployment['sources'][number] {
  const at = source.finishedAt ?? source.startedAt ?? source.createdAt;
  const url = source.url ?? source.run?.url;
  return {
    ...{ source: source.source, id: source.id, status: source.status },
    ...(source.run?.attempt !== undefined && { attempt: source.run.attempt }),
    ...(at !== undefined && { at }),
    ...(url !== undefined && { url }),
  };
}

function hintsOf(sources: DeploymentSource[]): DoraDeployment['hints'] {
  const rollback = rollbackOf(sources);
  const checkFailed = sources
    .flatMap(source => source.checkFailed ?? [])
    .sort((a, b) => (a.at ?? Number.MAX_VALUE) - (b.at ?? Number.MAX_VALUE))
    .at(0);
  const backs = sources.flatMap(source => source.putBack ?? []);
  const putBack =
    backs.find(({ ok, at }) => ok && at !== undefined) ??
    backs.find(({ ok }) => ok) ??
    backs.at(0);
  const commits = new Set(sources.flatMap(source => source.commits ?? []));
  return {
    ...(rollback && { runtimeRollback: rollback }),
    ...(checkFailed && { checkFailed }),
    ...(putBack && { putBack }),
    ...(sources.some(source => source.isRollback === true) && {
      isRollback: true,
    }),
    ...(sources.some(source => source.commits) && {
      commits: [...commits].sort(compareText),
    }),
  };
}

/** A service of several parts is back when all of them are. */
function rollbackOf(
  sources: DeploymentSource[],
): DoraDeployment['hints']['runtimeRollback'] {
  type Told = NonNullable<DoraDeployment['hints']['runtimeRollback']>;
  const told = sources.flatMap((source): Told[] => {
    const { url, finishedAt } = source;
    if (source.runtimeRollback) return [{ ...source.runtimeRollback, url }];
    return source.source === 'runtime_deployment' &&
      source.status === 'rolled_back'
      ? [{ ok: true, finishedAt, url }]
      : [];
  });
  if (told.length === 0) return undefined;
  const starts = told.flatMap(({ startedAt }) => startedAt ?? []);
  const ends = told.flatMap(({ finishedAt }) => finishedAt ?? []);
  const reason = told.map(it => it.reason).find(Boolean);
  const url = told.map(it => it.url).find(Boolean);
  return {
    ok: told.every(({ ok }) => ok),
    ...(starts.length > 0 && { startedAt: Math.min(...starts) }),
    ...(ends.length > 0 && { finishedAt: Math.max(...ends) }),
    ...(reason && { reason }),
    ...(url && { url }),
  };
}
