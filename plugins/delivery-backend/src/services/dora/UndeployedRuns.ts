import type {
  DeploymentSource,
  SourceStatus,
} from 'backstage-plugin-delivery-common/domain';
import type { DeliveryStore, RunCursor } from '../../database/DeliveryStore';
import type { EnvironmentBinding } from '../../database/EnvironmentStore';
import type { AttemptRow, RunRow } from '../../database/rows';
import { groupOfRun } from './deploymentSources';
import { line, webLink } from './words';

/** Runs of one page, and pages of one pipeline and way to fail. */
const PAGE = 500;
const PAGES = 4;
/** Runs whose earlier attempts are looked at: one question each. */
const ATTEMPTS = 500;
/** Runs that failed, and those of their pipeline that got to production, whose deployments are looked at: one question each. */
const FAILED_RUNS = 1_000;
const COMPARED = 20;
const EVENTS = ['push', 'workflow_dispatch', 'schedule'];
const FAILED = [
  'failure',
  'timed_out',
  'startup_failure',
  'cancelled',
] as const;

/** What deployed to production, to tell what was meant to. */
export interface DeployedRuns {
  entityRef: string;
  bindings: EnvironmentBinding[];
  defaultBranch?: string;
  /** Of every run that deployed to production: into which environments, by which attempts. */
  runs: Map<string, { environment: string; attempt?: number }[]>;
  /** Nothing older is looked for. */
  since: number;
}

/** What it works with. */
export interface UndeployedRunsOptions {
  store: Pick<
    DeliveryStore,
    'attempts' | 'deploymentsOfRun' | 'listRuns' | 'runsByKey'
  >;
}

/** Finds what was meant for production and ended before it got there: whole runs, and earlier attempts of those that did. */
export class UndeployedRuns {
  readonly #store: UndeployedRunsOptions['store'];

  constructor({ store }: UndeployedRunsOptions) {
    this.#store = store;
  }

  async sourcesOf(deployed: DeployedRuns): Promise<DeploymentSource[]> {
    const production = deployed.bindings.find(isProduction);
    if (!production || deployed.runs.size === 0) return [];
    const runs = await this.#rowsOf([...deployed.runs.keys()]);
    const found = await this.#failedRuns(deployed, runs);
    const again = runs.filter(run => run.attempt > 1).sort(newestFirst);
    const sources: DeploymentSource[] = [];
    let left = ATTEMPTS;
    const earlier = async (run: RunRow) =>
      run.attempt > 1 && left-- > 0
        ? this.#store.attempts(run.runKey)
        : undefined;
    for (const run of again) {
      const parts = deployed.runs.get(run.runKey) ?? [];
      const attempts = (await earlier(run)) ?? [];
      for (const name of new Set(parts.map(part => part.environment))) {
        const known = parts
          .filter(part => part.environment === name)
          .map(part => part.attempt);
        // A deployment of which nobody knows the attempt may be any of them.
        if (known.includes(undefined)) continue;
        sources.push(
          ...attempts
            .filter(({ attempt }) => !known.includes(attempt))
            .flatMap(item => sourceOf(run, item, deployed.entityRef, name)),
        );
      }
    }
    for (const run of found) {
      const attempts = (await earlier(run)) ?? [currentOf(run)];
      sources.push(
        ...attempts.flatMap(item =>
          sourceOf(run, item, deployed.entityRef, production.environment),
        ),
      );
    }
    return sources;
  }

  async #rowsOf(keys: string[]): Promise<RunRow[]> {
    const rows: RunRow[] = [];
    for (let from = 0; from < keys.length; from += PAGE) {
      rows.push(
        ...(await this.#store.runsByKey(keys.slice(from, from + PAGE))),
      );
    }
    return rows;
  }

  async #failedRuns(deployed: DeployedRuns, runs: RunRow[]): Promise<RunRow[]> {
    const branches = new Set(runs.map(run => run.branch));
    branches.add(deployed.defaultBranch);
    branches.delete(undefined);
    const found: RunRow[] = [];
    for (const pipelineKey of new Set(runs.map(run => run.pipelineKey))) {
      for (const conclusion of FAILED) {
        const filter = { pipelineKey, conclusion };
        const rows = await this.#list(deployed, filter);
        found.push(
          ...rows.filter(
            run =>
              EVENTS.includes(run.event) &&
              branches.has(run.branch) &&
              !deployed.runs.has(run.runKey),
          ),
        );
      }
    }
    return this.#meant(found, runs);
  }

  /** A run into staging alone was never meant for production: runs that got there go through other environments, or through none. */
  async #meant(found: RunRow[], runs: RunRow[]): Promise<RunRow[]> {
    const ways = new Map<string, Set<string>>();
    const meant: RunRow[] = [];
    for (const run of found.sort(newestFirst).slice(0, FAILED_RUNS)) {
      const places = await this.#placesOf([run]);
      const { pipelineKey } = run;
      const way =
        ways.get(pipelineKey) ??
        (await this.#placesOf(
          runs
            .filter(other => other.pipelineKey === pipelineKey)
            .sort(newestFirst)
            .slice(0, COMPARED),
        ));
      ways.set(pipelineKey, way);
      if ([...places].every(place => way.has(place))) meant.push(run);
    }
    return meant;
  }

  /** Environments that runs deployed to, as the vendor spells them. */
  async #placesOf(runs: RunRow[]): Promise<Set<string>> {
    const places = new Set<string>();
    for (const { runKey } of runs) {
      const deployments = await this.#store.deploymentsOfRun(runKey);
      deployments.forEach(({ environment }) =>
        places.add(environment.toLowerCase()),
      );
    }
    return places;
  }

  async #list(
    { entityRef, since }: DeployedRuns,
    filter: { pipelineKey: string; conclusion: (typeof FAILED)[number] },
  ): Promise<RunRow[]> {
    const found: RunRow[] = [];
    let after: RunCursor | undefined;
    for (let page = 0; page < PAGES; page++) {
      const rows = await this.#store.listRuns({
        ...{ entityRef, scope: 'service', filter, after, limit: PAGE },
      });
      found.push(...rows.filter(run => run.createdAt >= since));
      const last = rows.at(-1);
      if (!last || rows.length < PAGE || last.createdAt < since) break;
      after = { createdAt: last.createdAt, runKey: last.runKey };
    }
    return found;
  }
}

/** True for an environment whose deployments count. */
export function isProduction({ tier }: EnvironmentBinding): boolean {
  return tier === 'production';
}

function newestFirst(a: RunRow, b: RunRow): number {
  return b.createdAt - a.createdAt || (a.runKey < b.runKey ? -1 : 1);
}

function currentOf(run: RunRow): AttemptRow {
  const { runKey, attempt, state, startedAt, completedAt, updatedAt } = run;
  return {
    ...{ runKey, attempt, state, startedAt, completedAt, updatedAt },
    ...{ source: 'api', observedAt: updatedAt },
    triggeringActor: run.triggeringActor,
  };
}

function sourceOf(
  run: RunRow,
  item: AttemptRow,
  service: string,
  environment: string,
): DeploymentSource[] {
  const status = statusOf(item.state.conclusion);
  if (!status) return [];
  const { attempt } = item;
  return [
    {
      id: `${run.runKey}/${attempt}`,
      ...{ source: 'run', service, environment, tier: 'production' },
      group: groupOfRun(run.runKey, environment),
      sha: run.sha,
      run: {
        ...{ id: run.runKey, attempt, number: run.runNumber },
        url: webLink(run.url),
      },
      ...{ status, touched: false },
      createdAt: attempt === 1 ? run.createdAt : item.startedAt,
      finishedAt: item.completedAt,
      title: line(run.title, 500),
      actor: line(
        item.triggeringActor ?? run.triggeringActor ?? run.actor,
        100,
      ),
      url: webLink(run.url),
    },
  ];
}

function statusOf(conclusion: string | undefined): SourceStatus | undefined {
  switch (conclusion) {
    case 'failure':
      return 'failed';
    case 'timed_out':
    case 'startup_failure':
    case 'cancelled':
      return conclusion;
    default:
      return undefined;
  }
}
