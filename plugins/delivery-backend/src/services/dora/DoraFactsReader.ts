import type { DoraSettings } from 'backstage-plugin-delivery-common';
import {
  type DeploymentSource,
  type DoraDeployment,
  type DoraFacts,
  makeHistory,
  mergeSources,
  tellKinds,
} from 'backstage-plugin-delivery-common/domain';
import type { ChangeStore, SpanRow } from '../../database/ChangeStore';
import type { DeliveryStore } from '../../database/DeliveryStore';
import type { DoraStore } from '../../database/DoraStore';
import type { EnvironmentStore } from '../../database/EnvironmentStore';
import type { RepositoryRow } from '../../database/rows';
import { changeFactOf, commitFactOf } from './changeFacts';
import { incidentFactsOf } from './incidentFacts';
import { type Pair, pairsOf } from './pairsOf';
import {
  ProductionReader,
  type ProductionReaderOptions,
} from './ProductionReader';
import { isProduction } from './UndeployedRuns';

const DAY_MS = 24 * 3_600_000;
/** Clocks of vendors go differently: what seems to lie so little ahead is believed. */
const SKEW_MS = 5 * 60_000;
/** Facts that are older are not looked for; what was derived of them stays. */
export const HORIZON_MS = 400 * DAY_MS;
/** As many as deployments within the horizon, for the busiest. */
const PAIRS = 10_000;
/** What the first deployment of all brought was merged before it; nobody looks further back than this. */
const BEFORE_FIRST_MS = 30 * DAY_MS;

/** What has to be read of a repository for the metrics of one service. */
export interface WantedChanges {
  /** Newest first. */
  pairs: Pair[];
  /** Pull requests and incidents since then, epoch milliseconds. */
  since: number;
  /** Which files changes touch, to tell services of one repository apart. */
  files: boolean;
}

/** Facts of one service, with what has to be read so that they are whole. */
export interface ServiceDoraFacts extends DoraFacts {
  /** Absent: nothing was heard of it yet, so that there is nothing to read. */
  repository?: RepositoryRow;
  wanted: WantedChanges;
}

/** What the reader works with. */
export interface DoraFactsReaderOptions {
  store: ProductionReaderOptions['store'] &
    Pick<
      DeliveryStore,
      | 'bindingsOfEntity'
      | 'entitiesOfRepository'
      | 'repositoryBySlug'
      | 'syncState'
    >;
  environments: ProductionReaderOptions['environments'] &
    Pick<EnvironmentStore, 'environmentsOf'>;
  changes: Pick<
    ChangeStore,
    'commits' | 'incidents' | 'pullRequests' | 'spans'
  >;
  dora: Pick<DoraStore, 'overrides'>;
  settings: DoraSettings;
  now: () => number;
}

/** Builds the facts of one service from what is stored; asks no vendor. */
export class DoraFactsReader {
  readonly #options: DoraFactsReaderOptions;
  readonly #production: ProductionReader;

  constructor(options: DoraFactsReaderOptions) {
    this.#options = options;
    this.#production = new ProductionReader(options);
  }

  /** Undefined for a service without an environment of production: it has no metrics. */
  async of(entityRef: string): Promise<ServiceDoraFacts | undefined> {
    const { dora, environments, now } = this.#options;
    const readAt = now();
    const bindings = [...(await environments.environmentsOf(entityRef))].sort(
      (a, b) => a.position - b.position,
    );
    if (!bindings.some(isProduction)) return undefined;
    const { repository, paths, ...read } = await this.#made(entityRef);
    const deployments = await this.#production.sourcesOf({
      ...{ entityRef, bindings, repository, asOf: readAt },
      ...{ since: readAt - HORIZON_MS, readSince: read.readSince },
    });
    const asOf = latestOf(
      deployments.flatMap(item => [
        ...[item.createdAt, item.startedAt, item.finishedAt],
      ]),
      readAt,
    );
    const merged = this.#merged(deployments, asOf, read.dataSince);
    const wanted: WantedChanges = {
      pairs: this.#pairs(merged, []),
      since: firstOf(deployments, asOf) - BEFORE_FIRST_MS,
      files: paths !== undefined,
    };
    const facts: ServiceDoraFacts = {
      ...{ asOf, deployments, repository, wanted },
      services: [{ service: entityRef, paths, dataSince: read.dataSince }],
      ...{ commits: [], spans: [], changes: [], incidents: [] },
      overrides: await dora.overrides(entityRef),
    };
    return repository ? this.#withChanges(facts, merged, repository) : facts;
  }

  /** Where a service is made, and since when that is known. */
  async #made(entityRef: string): Promise<{
    repository?: RepositoryRow;
    paths?: string[];
    /** Before this moment nothing was read. */
    dataSince?: number;
    /** As long as older deployments are still being read: until where they are. */
    readSince?: number;
  }> {
    const { store } = this.#options;
    const [bound] = await store.bindingsOfEntity(entityRef);
    if (!bound) return {};
    const { host, slug, paths } = bound;
    const name = `${host}/${slug.toLowerCase()}`;
    const runs = await store.syncState(`repo:${name}`);
    const deployments = await store.syncState(`deployments:${name}`);
    return {
      repository: await store.repositoryBySlug(host, slug),
      paths: paths.length > 0 ? paths : undefined,
      // Of older runs only what became a deployment is known: that is what counts.
      dataSince: deployments?.dataSince ?? runs?.dataSince,
      readSince:
        deployments?.backfill === 'running' ? deployments.dataSince : undefined,
    };
  }

  async #withChanges(
    facts: ServiceDoraFacts,
    merged: DoraDeployment[],
    repository: RepositoryRow,
  ): Promise<ServiceDoraFacts> {
    const { changes, store } = this.#options;
    const { repoKey } = repository;
    const { deployments, asOf, wanted } = facts;
    const [{ service }] = facts.services;
    const first = await changes.spans(repoKey, wanted.pairs);
    // What lies between commits also tells which deployments went back.
    const pairs = union(wanted.pairs, this.#pairs(merged, first));
    const spans =
      pairs.length > wanted.pairs.length
        ? await changes.spans(repoKey, pairs)
        : first;
    const shas = [...new Set(spans.flatMap(span => span.shas))];
    const commits = await changes.commits(repoKey, shas);
    const pullRequests = await changes.pullRequests(repoKey, {
      mergeShas: shas,
    });
    const incidents = incidentFactsOf(await changes.incidents(repoKey), {
      ...{ service, repository, deployments },
      services: await store.entitiesOfRepository(repoKey),
    });
    return {
      ...facts,
      asOf: latestOf(
        incidents.flatMap(item => [item.startedAt, item.resolvedAt]),
        asOf,
      ),
      wanted: { ...wanted, pairs },
      commits: [...commits.values()].map(row => commitFactOf(row, repository)),
      spans: spans.map(toSpan),
      changes: pullRequests.map(row => changeFactOf(row, service, repository)),
      incidents,
    };
  }

  /** Put together as the rules do, to see what follows on what. */
  #merged(
    deployments: DeploymentSource[],
    asOf: number,
    dataSince = 0,
  ): DoraDeployment[] {
    const { settings } = this.#options;
    return mergeSources(deployments, { settings, asOf }).deployments.filter(
      item => (item.finishedAt ?? 0) >= dataSince,
    );
  }

  #pairs(merged: DoraDeployment[], spans: SpanRow[]): Pair[] {
    const { settings } = this.#options;
    const history = makeHistory([], spans.map(toSpan));
    const told = tellKinds(merged, history, settings);
    return pairsOf(told, settings).slice(0, PAIRS);
  }
}

function toSpan({ base, head, status, shas, complete }: SpanRow) {
  return { base, head, status, shas, complete };
}

function union(a: Pair[], b: Pair[]): Pair[] {
  const known = new Set(a.map(pair => `${pair.base} ${pair.head}`));
  return [...a, ...b.filter(pair => !known.has(`${pair.base} ${pair.head}`))];
}

/** The moment of the facts: a clock that goes a little ahead must not hide what has just happened. */
function latestOf(times: (number | undefined)[], readAt: number): number {
  let latest = readAt;
  for (const at of times) {
    if (at !== undefined && at <= readAt + SKEW_MS) {
      latest = Math.max(latest, at);
    }
  }
  return latest;
}

/** When the first deployment was made, within the horizon. */
function firstOf(deployments: DeploymentSource[], asOf: number): number {
  let first = asOf;
  for (const { createdAt } of deployments) {
    if (createdAt !== undefined && createdAt < first) first = createdAt;
  }
  return Math.max(first, asOf - HORIZON_MS);
}
