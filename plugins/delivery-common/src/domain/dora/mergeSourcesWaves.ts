import type { DoraOutcome } from '../../contract';
import { compareText } from '../canonical';
import type { Instant } from './facts';
import type { DoraAttempt, DoraDeployment } from './linked';
import { environmentOf } from './mergeSourcesBuild';
import { momentOf } from './verdicts';

/**
 * How much later than `overlapMs` the next region may follow: regions are done one after the other, each as long as a deployment, while
 * the overlap only covers clocks and links that are told late.
 */
const WAVE_FACTOR = 4;

interface Wave {
  parts: DoraDeployment[];
  environments: Set<string>;
  to: Instant;
}

/**
 * Several production environments (regions, tenants) of a service that got the same commit one after the other, or from the same run, are
 * one deployment: users everywhere have it when the last one is done, and it failed when one of them did.
 *
 * @param deployments - one an environment, in order of time
 */
export function joinWaves(
  deployments: DoraDeployment[],
  overlapMs: number,
): DoraDeployment[] {
  const waves = new Map<string, Wave[]>();
  const alone: DoraDeployment[] = [];
  const sorted = deployments
    .map(deployment => ({ deployment, span: spanOf(deployment) }))
    .sort(
      (a, b) =>
        (a.span?.from ?? 0) - (b.span?.from ?? 0) ||
        compareText(a.deployment.id, b.deployment.id) ||
        compareText(a.deployment.environment, b.deployment.environment),
    );
  for (const { deployment, span } of sorted) {
    const { service, sha, run, environment } = deployment;
    const subject = sha ?? run?.id;
    if (subject === undefined || !span) {
      alone.push(deployment);
      continue;
    }
    const name = JSON.stringify([service, sha ? 'sha' : 'run', subject]);
    const before = waves.get(name) ?? [];
    waves.set(name, before);
    const fitting = before.findLast(
      wave =>
        !wave.environments.has(environment) &&
        (span.from - wave.to <= overlapMs * WAVE_FACTOR ||
          isOfRun(wave, run?.id)),
    );
    if (fitting) {
      fitting.parts.push(deployment);
      fitting.environments.add(environment);
      fitting.to = Math.max(fitting.to, span.to);
    } else {
      before.push({
        ...{ parts: [deployment], to: span.to },
        environments: new Set([environment]),
      });
    }
  }
  return [
    ...alone,
    ...[...waves.values()].flatMap(list => list.map(wave => oneOf(wave.parts))),
  ];
}

function spanOf(deployment: DoraDeployment) {
  const moment = momentOf(deployment);
  if (moment === undefined) return undefined;
  const { startedAt, createdAt } = deployment;
  return { from: startedAt ?? createdAt ?? moment, to: moment };
}

function isOfRun({ parts }: Wave, run: string | undefined): boolean {
  return run !== undefined && parts.some(part => part.run?.id === run);
}

function oneOf(parts: DoraDeployment[]): DoraDeployment {
  if (parts.length === 1) return parts[0];
  const outcome = outcomeOf(parts);
  const deciding = decidingOf(parts, outcome);
  const createdAt = least(parts.map(part => part.createdAt));
  const startedAt = least(parts.map(part => part.startedAt));
  const finishedAt =
    outcome === 'in_progress'
      ? undefined
      : most(deciding.map(part => part.finishedAt));
  const waitedMs = most(parts.map(part => part.waitedMs));
  const [{ durationMs, queuedMs }] = parts;
  const worked =
    finishedAt === undefined || startedAt === undefined
      ? durationMs
      : finishedAt - startedAt;
  const first = <T>(of: (part: DoraDeployment) => T | undefined) =>
    parts.map(of).find(value => value !== undefined);
  const [id] = parts.map(part => part.id).sort(compareText);
  return {
    ...parts[0],
    ...{ id, outcome, createdAt, startedAt, finishedAt, waitedMs, queuedMs },
    durationMs: worked !== undefined && worked >= 0 ? worked : undefined,
    environment: environmentOf(parts.map(part => part.environment)),
    attempts: attemptsOf(parts),
    run: first(part => part.run),
    title: first(part => part.title),
    actor: first(part => part.actor),
    url: first(part => part.url),
    sources: parts.flatMap(part => part.sources),
    hints: hintsOf(parts),
  };
}

/** A region that only waits for somebody does not keep the others from being deployed. */
function outcomeOf(parts: DoraDeployment[]): DoraOutcome {
  const told = new Set(
    parts.filter(part => !waits(part)).map(it => it.outcome),
  );
  if (told.has('failed_in_production')) return 'failed_in_production';
  if (told.has('in_progress')) return 'in_progress';
  if (told.has('failed_before_production')) {
    // Production as a whole was changed, in part.
    return told.has('succeeded')
      ? 'failed_in_production'
      : 'failed_before_production';
  }
  return (
    (['succeeded', 'cancelled', 'superseded', 'unknown'] as const).find(each =>
      told.has(each),
    ) ?? 'in_progress'
  );
}

function waits({ outcome, sources }: DoraDeployment): boolean {
  return (
    outcome === 'in_progress' &&
    sources.every(({ status }) => status === 'waiting')
  );
}

function decidingOf(
  parts: DoraDeployment[],
  outcome: DoraOutcome,
): DoraDeployment[] {
  const same = parts.filter(part => part.outcome === outcome);
  return same.length > 0
    ? same
    : parts.filter(part => part.outcome === 'failed_before_production');
}

function attemptsOf(parts: DoraDeployment[]): DoraAttempt[] {
  const numbers = new Set(
    parts.flatMap(part => part.attempts.map(({ attempt }) => attempt)),
  );
  return [...numbers]
    .sort((a, b) => a - b)
    .map(attempt => {
      const of = parts.flatMap(part => {
        const found = part.attempts.find(each => each.attempt === attempt);
        return found ? { ...part, ...found } : [];
      });
      const outcome = outcomeOf(of);
      const createdAt = least(of.map(each => each.createdAt));
      const startedAt = least(of.map(each => each.startedAt));
      const finishedAt =
        outcome === 'in_progress'
          ? undefined
          : most(decidingOf(of, outcome).map(each => each.finishedAt));
      return {
        ...{ attempt, outcome },
        ...(createdAt !== undefined && { createdAt }),
        ...(startedAt !== undefined && { startedAt }),
        ...(finishedAt !== undefined && { finishedAt }),
      };
    });
}

function hintsOf(parts: DoraDeployment[]): DoraDeployment['hints'] {
  const commits = parts.flatMap(({ hints }) => hints.commits ?? []);
  const merged = parts
    .map(({ hints }) => hints)
    .reduceRight((all, hints) => ({ ...all, ...hints }));
  return {
    ...merged,
    ...(commits.length > 0 && {
      commits: [...new Set(commits)].sort(compareText),
    }),
  };
}

function known(values: (number | undefined)[]): number[] {
  return values.filter(value => value !== undefined);
}

function least(values: (number | undefined)[]): number | undefined {
  return known(values).length > 0 ? Math.min(...known(values)) : undefined;
}

function most(values: (number | undefined)[]): number | undefined {
  return known(values).length > 0 ? Math.max(...known(values)) : undefined;
}
