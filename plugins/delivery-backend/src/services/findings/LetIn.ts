import type { LoggerService } from '@backstage/backend-plugin-api';
import type { LogicalDeployment } from 'backstage-plugin-delivery-common';
import {
  type DeploymentForFinding,
  matchesEnvironment,
} from 'backstage-plugin-delivery-common/domain';
import type {
  DeliveryProvider,
  RecordedApproval,
} from 'backstage-plugin-delivery-node';
import type { ApprovalRow, ApprovalStore } from '../../database/ApprovalStore';
import type { AuditEntry, AuditStore } from '../../database/AuditStore';
import type { DeliveryStore } from '../../database/DeliveryStore';
import type { EnvironmentStore } from '../../database/EnvironmentStore';
import type { RunRow } from '../../database/rows';
import type { GateDecisions } from '../approvals/GateDecisions';
import { trim } from '../trim';

/** Deployments of one question to the store, and of one environment at most. */
const PAGE = 100;
const MAX_DEPLOYMENTS = 2_000;
/** Questions to vendors in one round, and the part of their budget below which there is none. */
const MAX_ASKED = 20;
const BUDGET_PART = 0.3;
/** Runs that were asked about by this process. */
const MAX_CONFIRMED = 20_000;
/** What is told too soon could still be taken back by the next read. */
const SETTLED_MS = 10 * 60_000;
/** An emergency rollback through the portal is of the deployment that began this close to it. */
const EMERGENCY_BEFORE_MS = 5 * 60_000;
const EMERGENCY_AFTER_MS = 15 * 60_000;
const EMERGENCIES = 100;

/** What it works with. */
export interface LetInOptions {
  store: Pick<DeliveryStore, 'runsByKey' | 'repository'>;
  environments: Pick<
    EnvironmentStore,
    'deployments' | 'approvals' | 'saveApprovals' | 'pipelineDeployments'
  >;
  approvals: Pick<ApprovalStore, 'approvalsOfRuns'>;
  audit: Pick<AuditStore, 'list'>;
  decisions: Pick<GateDecisions, 'read'>;
  providerOf: (host: string) => DeliveryProvider | undefined;
  logger: LoggerService;
  now: () => number;
}

/** One environment of one service. */
export interface Place {
  entityRef: string;
  environment: string;
  /** Patterns of the vendor's names. */
  match: string[];
}

/** A deployment of which it is not known yet who let it in. */
export interface Unasked extends Place {
  deployment: LogicalDeployment;
  run: RunRow;
}

/** Finds out who let deployments in: from what is stored, else from their vendor. */
export class LetIn {
  readonly #options: LetInOptions;
  readonly #confirmed = new Map<string, true>();

  constructor(options: LetInOptions) {
    this.#options = options;
  }

  /** Deployments since then, each with who let it in as far as it is known, and those whose vendor has to be asked. */
  async of(
    place: Place,
    since: number,
  ): Promise<{ items: DeploymentForFinding[]; unasked: Unasked[] }> {
    const { approvals, store } = this.#options;
    const deployments = await this.#deployments(place, since);
    const runKeys = [
      ...new Set(deployments.flatMap(({ runId }) => runId ?? [])),
    ];
    const [runs, rows, emergencies] = await Promise.all([
      store.runsByKey(runKeys),
      runKeys.length > 0 ? approvals.approvalsOfRuns(runKeys) : [],
      this.#emergencies(place, deployments, since),
    ]);
    const gated = await this.#gated(place, deployments, rows);
    const byKey = new Map(runs.map(run => [run.runKey, run]));
    const unasked: Unasked[] = [];
    const items: DeploymentForFinding[] = [];
    for (const deployment of deployments) {
      const run = byKey.get(deployment.runId ?? '');
      const own = rows.filter(
        row => row.runKey === run?.runKey && isAt(place, row.environment),
      );
      const told = run && (await this.#told(place, run, own, gated));
      if (run && !told) unasked.push({ ...place, deployment, run });
      items.push({
        ...{ entityRef: place.entityRef, environment: place.environment },
        ...{ tier: 'production', deployment, attemptApprovals: told },
        portal: [
          ...own.flatMap(portalApproval),
          ...emergencies.filter(entry => isOf(entry, deployment)).map(toAct),
        ],
      });
    }
    return { items, unasked };
  }

  /** Who decided, as far as it is stored; undefined: the vendor has to be asked. */
  async #told(
    place: Place,
    { runKey, attempt }: RunRow,
    own: ApprovalRow[],
    gated: ReadonlySet<string>,
  ): Promise<{ login: string; state: string }[] | undefined> {
    const decided = own.flatMap(({ decided: by, state }) =>
      by ? { login: by.login, state } : [],
    );
    const stored = await this.#options.environments.approvals(runKey, attempt);
    const told = [...decided, ...ofPlace(place, stored ?? [])];
    // What no gate held nobody was asked about.
    if (told.length > 0 || !gated.has(runKey)) return told;
    // A list that was read while it still waited says nothing.
    const isConfirmed = this.#confirmed.has(`${runKey} ${attempt}`);
    return stored && isConfirmed ? [] : undefined;
  }

  /** Runs that waited for somebody before they deployed there. */
  async #gated(
    { entityRef, match }: Place,
    deployments: LogicalDeployment[],
    rows: ApprovalRow[],
  ): Promise<Set<string>> {
    const gated = new Set(rows.map(row => row.runKey));
    if (deployments.length === 0) return gated;
    const told = await this.#options.environments.pipelineDeployments(
      ...([entityRef, match, MAX_DEPLOYMENTS] as const),
    );
    const known = new Set<string>();
    for (const { run, statuses } of told) {
      if (!run) continue;
      known.add(run.runKey);
      if (statuses.some(({ state }) => state === 'waiting')) {
        gated.add(run.runKey);
      }
    }
    // Of older ones nobody can tell without asking.
    for (const { runId } of deployments) {
      if (runId && !known.has(runId)) gated.add(runId);
    }
    return gated;
  }

  async #deployments(
    { entityRef, environment }: Place,
    since: number,
  ): Promise<LogicalDeployment[]> {
    const found: LogicalDeployment[] = [];
    let after: { startedAt: number; id: string } | undefined;
    while (found.length < MAX_DEPLOYMENTS) {
      const page = await this.#options.environments.deployments(
        ...([entityRef, environment, after, PAGE] as const),
      );
      found.push(...page);
      const last = page.at(-1);
      if (!last || page.length < PAGE || last.startedAt < since) break;
      after = { startedAt: last.startedAt, id: last.id };
    }
    const settled = this.#options.now() - SETTLED_MS;
    return found.filter(
      ({ startedAt }) => startedAt >= since && startedAt <= settled,
    );
  }

  async #emergencies(
    { entityRef, environment }: Place,
    deployments: LogicalDeployment[],
    since: number,
  ): Promise<AuditEntry[]> {
    if (!deployments.some(({ kind }) => kind !== 'regular')) return [];
    const filter = { entityRef, environment, since };
    return this.#options.audit.list(
      { ...filter, action: 'emergency_rollback', phase: 'succeeded' },
      undefined,
      EMERGENCIES,
    );
  }

  /**
   * Asks the vendors about the newest of them and keeps what they say.
   *
   * @returns places of which something is known now
   */
  async ask(open: Unasked[], signal: AbortSignal): Promise<Place[]> {
    const sorted = [...open].sort(
      (a, b) => b.deployment.startedAt - a.deployment.startedAt,
    );
    const asked = new Set<string>();
    const places = new Map<string, Place>();
    for (const { deployment: _, run, ...place } of sorted) {
      if (asked.size >= MAX_ASKED || signal.aborted) break;
      const key = `${place.entityRef} ${place.environment}`;
      if (asked.has(run.runKey)) {
        places.set(key, place);
        continue;
      }
      asked.add(run.runKey);
      if (await this.#askOne(run, place, signal)) places.set(key, place);
    }
    return [...places.values()];
  }

  async #askOne(
    { runKey, repoKey, attempt }: RunRow,
    { environment }: Place,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { decisions, environments, logger, providerOf, store } =
      this.#options;
    const repository = await store.repository(repoKey);
    if (!repository) return false;
    const { host, slug } = repository;
    const budget = providerOf(host)?.budget?.({ host, slug });
    if (budget && budget.remaining <= budget.limit * BUDGET_PART) return false;
    try {
      const gate = { runKey, environment };
      const read = await decisions.read(repository, gate, signal);
      if (!read) return false;
      await environments.saveApprovals(runKey, attempt, read);
      this.#confirmed.set(`${runKey} ${attempt}`, true);
      trim(this.#confirmed, MAX_CONFIRMED);
      return true;
    } catch (error) {
      logger.info('Who approved a deployment could not be read', {
        ...{ run: runKey, reason: String(error) },
      });
      return false;
    }
  }
}

function isAt({ environment, match }: Place, vendorName: string): boolean {
  return (
    matchesEnvironment(match, vendorName) ||
    vendorName.toLowerCase() === environment.toLowerCase()
  );
}

function ofPlace(place: Place, approvals: RecordedApproval[]) {
  return approvals
    .filter(({ environments }) => environments.some(name => isAt(place, name)))
    .map(({ user: login, state }) => ({ login, state }));
}

type Act = DeploymentForFinding['portal'][number];

function portalApproval({ decided, state }: ApprovalRow): Act[] {
  return state === 'approved' && decided?.via === 'portal' && decided.userRef
    ? [{ userRef: decided.userRef, kind: 'approve' }]
    : [];
}

function toAct({ content }: AuditEntry): Act {
  return { userRef: content.actor, kind: 'emergency_rollback' };
}

function isOf({ content }: AuditEntry, { startedAt }: LogicalDeployment) {
  return (
    startedAt >= content.at - EMERGENCY_AFTER_MS &&
    startedAt <= content.at + EMERGENCY_BEFORE_MS
  );
}
