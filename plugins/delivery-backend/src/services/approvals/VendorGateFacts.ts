import { createHash } from 'node:crypto';
import type { AuthService } from '@backstage/backend-plugin-api';
import { NotFoundError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import {
  canonical,
  type ChangeRange,
  configuredEnvironmentOf,
  DEFAULT_POLICY,
  type EnvironmentSet,
  type PortalRequest,
  type GatePolicy,
  type GateReading,
  type GateView,
  gateViewOf,
} from 'backstage-plugin-delivery-common/domain';
import type {
  DeliveryProvider,
  UserToken,
  VendorActs,
} from 'backstage-plugin-delivery-node';
import type { ApprovalRow, ApprovalStore } from '../../database/ApprovalStore';
import type { DeliveryStore } from '../../database/DeliveryStore';
import type { EnvironmentStore } from '../../database/EnvironmentStore';
import type { RepositoryRow, RunRow } from '../../database/rows';
import { BoundedCache } from '../BoundedCache';
import { withCode } from '../errors';
import type { ApprovalSubjects } from './ApprovalSubjects';
import type { GateFacts, GateFactsReader } from './GateFacts';
import { trim } from '../trim';

/** Several people look at the same approval; nobody decides by what is remembered. */
const TTL_MS = 5_000;
const MAX_VIEWS = 500;
/** Longest that reading a view takes. */
const READ_MS = 30_000;
/** Views that were shown and can be compared with. */
const MAX_SEEN = 2_000;

/** What it works with. */
export interface VendorGateFactsOptions {
  store: Pick<DeliveryStore, 'run' | 'repository'>;
  environments: Pick<EnvironmentStore, 'environments'>;
  approvals: Pick<ApprovalStore, 'requests'>;
  subjects: Pick<ApprovalSubjects, 'bindingOf'>;
  catalog: Pick<CatalogService, 'getEntityByRef'>;
  auth: Pick<AuthService, 'getOwnServiceCredentials'>;
  /** Of the portal's configuration, with the default at the end. */
  sets: EnvironmentSet[];
  providerOf: (host: string) => DeliveryProvider | undefined;
  now: () => number;
}

/** What is asked of something new makes no sense for what ran before, and would hinder when it is needed most. */
const OF_ROLLBACK = {
  authors: 'off',
  soak: undefined,
  requiredChecks: [],
  freezes: [],
} satisfies Partial<GatePolicy>;

interface Place {
  run: RunRow;
  repository: RepositoryRow;
  acts: VendorActs;
  environment: string;
  policy: GatePolicy;
}

/** Reads what a decision rests on from the vendor, the stored environments and the configuration. */
export class VendorGateFacts implements GateFactsReader {
  readonly #options: VendorGateFactsOptions;
  readonly #views: BoundedCache<GateFacts>;
  readonly #seen = new Map<string, GateView>();

  constructor(options: VendorGateFactsOptions) {
    this.#options = options;
    const { now } = options;
    this.#views = new BoundedCache({
      ...{ maxEntries: MAX_VIEWS, ttlMs: TTL_MS, now },
    });
  }

  /** With a token everything is read anew; without, what was read within the last five seconds will do. */
  async read(
    approval: ApprovalRow,
    entityRef: string,
    token: UserToken | undefined,
    signal: AbortSignal,
  ): Promise<GateFacts> {
    if (token) return this.#read(approval, entityRef, token, signal);
    const facts = await this.#views.get(`${approval.id} ${entityRef}`, () =>
      // Not the caller's own signal: others may be waiting for the same.
      this.#read(
        ...([approval, entityRef, undefined] as const),
        AbortSignal.timeout(READ_MS),
      ),
    );
    this.#remember(facts);
    return facts;
  }

  /** A view that this process showed lately. */
  seenView(viewHash: string): GateView | undefined {
    return this.#seen.get(viewHash);
  }

  #remember({ view, viewHash }: GateFacts) {
    this.#seen.delete(viewHash);
    this.#seen.set(viewHash, view);
    trim(this.#seen, MAX_SEEN);
  }

  async #read(
    approval: ApprovalRow,
    entityRef: string,
    token: UserToken | undefined,
    signal: AbortSignal,
  ): Promise<GateFacts> {
    const place = await this.#placeOf(approval, entityRef);
    const { acts, environment, policy, repository, run } = place;
    const { host, slug, repoKey } = repository;
    const { runKey } = approval;
    const ref = { host, slug, repoKey, runKey };
    const gateRef = { ...ref, environment: approval.environment };
    const [gateRun, reading, requests, rows] = await Promise.all([
      acts.readGateRun(gateRef, token, signal),
      acts.readGate(gateRef, token, signal),
      this.#options.approvals.requests(runKey),
      this.#options.environments.environments(entityRef),
    ]);
    const runningSha = rows.find(
      ({ environment: { name } }) => name === environment,
    )?.environment.commit?.sha;
    const { headSha } = gateRun;
    const rollback = isRollback(run, policy, requests, entityRef);
    const { range, notes } = await this.#range(
      place,
      { base: rollback ? undefined : runningSha, head: headSha },
      ...([token, signal] as const),
    );
    const view = gateViewOf({
      ...{ runKey, run: gateRun, policy, runningSha },
      gate: reading ?? nowhere(approval),
      // Where it runs already, the runtime says which image it is.
      digest: rows
        .map(row => row.environment.commit)
        .find(commit => commit?.sha === headSha && commit.image?.digest)?.image
        ?.digest,
    });
    return {
      ...{ approval, run, repository, entityRef, environment, rollback },
      policy: rollback ? { ...policy, ...OF_ROLLBACK } : policy,
      ...{ gateRun, gate: gateRun.waiting ? reading : undefined },
      ...{ runningSha, range, notes, requests, view },
      viewHash: hashOf(view),
    };
  }

  async #placeOf(approval: ApprovalRow, entityRef: string): Promise<Place> {
    const { auth, catalog, providerOf, sets, store, subjects } = this.#options;
    const run = await store.run(approval.runKey);
    const repository = run && (await store.repository(run.repoKey));
    if (!run || !repository) {
      throw withCode(
        new NotFoundError('The run of this approval is not known any more.'),
        'run_not_found',
        { run: approval.runKey },
      );
    }
    const acts = providerOf(repository.host)?.acts;
    if (!acts) {
      throw withCode(
        new NotFoundError(
          `This portal cannot decide anything at ${repository.host}; decide at its own page.`,
        ),
        'acts_missing',
        { host: repository.host },
      );
    }
    const entity = await catalog.getEntityByRef(entityRef, {
      credentials: await auth.getOwnServiceCredentials(),
    });
    const binding = await subjects.bindingOf(entityRef, approval.environment);
    const environment = binding?.environment ?? approval.environment;
    const configured =
      entity && configuredEnvironmentOf(entity, sets, environment);
    const policy = configured?.policy ?? DEFAULT_POLICY;
    return { run, repository, acts, environment, policy };
  }

  async #range(
    { acts, repository: { host, slug, repoKey } }: Place,
    { base, head }: { base: string | undefined; head: string },
    token: UserToken | undefined,
    signal: AbortSignal,
  ): Promise<{ range?: ChangeRange; notes?: GateFacts['notes'] }> {
    if (base === undefined) return {};
    const scope = { host, slug, repoKey };
    try {
      return {
        range: await acts.readRange(scope, { base, head }, token, signal),
      };
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
      return {
        notes: [
          {
            code: 'running_commit_unknown',
            message: `The commit that runs there now, ${base.slice(
              0,
              7,
            )}, is not in the repository (any more), so nobody can tell what is new.`,
          },
        ],
      };
    }
  }
}

/** The name of a file is its author's own word: only what the portal asked for itself, with a target that ran there, is a rollback. */
function isRollback(
  { pipelinePath, event }: RunRow,
  policy: GatePolicy,
  requests: PortalRequest[],
  entityRef: string,
): boolean {
  return (
    event === 'workflow_dispatch' &&
    pipelinePath.endsWith(`/${policy.rollbackWorkflow}`) &&
    requests.some(request => request.entityRef === entityRef)
  );
}

/** Hex sha256 of the canonical JSON of a view. */
export function hashOf(view: GateView): string {
  return createHash('sha256').update(canonical(view)).digest('hex');
}

/** There is no such environment any more: every view of it is different from one where there was. */
function nowhere({ environment }: ApprovalRow): GateReading {
  return {
    ...{ environmentId: '', environmentName: environment },
    ...{ waitTimerMinutes: 0, reviewers: [] },
  };
}
