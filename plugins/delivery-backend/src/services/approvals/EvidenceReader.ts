import type {
  KnownCheck,
  SoakFacts,
} from 'backstage-plugin-delivery-common/domain';
import type {
  CommitCheck,
  DeliveryProvider,
  UserToken,
} from 'backstage-plugin-delivery-node';
import type { DeliveryStore } from '../../database/DeliveryStore';
import type {
  EnvironmentRow,
  EnvironmentStore,
} from '../../database/EnvironmentStore';
import type { GateFacts } from './GateFacts';

/** Longest that the question about checks takes. */
const READ_MS = 20_000;
/** Runs of the repository among which pushes are looked for, newest first. */
const RUNS = 500;

/** What the portal's own rules look at, beside the gate. */
export interface GateEvidence {
  /** Undefined: there is no environment before this one, and the policy names none. */
  soak?: SoakFacts;
  checks: KnownCheck[];
  /** Logins of who pushed commits of the range, as far as stored runs tell. */
  pushers: string[];
}

/** What it works with. */
export interface EvidenceReaderOptions {
  store: Pick<DeliveryStore, 'listRuns'>;
  environments: Pick<EnvironmentStore, 'environments'>;
  providerOf: (host: string) => DeliveryProvider | undefined;
}

/** Reads where a candidate ran before, its checks, and who pushed it. */
export class EvidenceReader {
  readonly #options: EvidenceReaderOptions;

  constructor(options: EvidenceReaderOptions) {
    this.#options = options;
  }

  /**
   * Everything at once, for a decision.
   *
   * @throws what the provider throws
   */
  async of(
    facts: GateFacts,
    token?: UserToken,
    signal: AbortSignal = AbortSignal.timeout(READ_MS),
  ): Promise<GateEvidence> {
    const [soak, checks, pushers] = await Promise.all([
      this.soak(facts),
      this.checks(facts, token, signal),
      this.pushers(facts),
    ]);
    return { soak, checks, pushers };
  }

  /** How the candidate does where it has to run first: the policy's environment, else the nearest before this one. */
  async soak({
    entityRef,
    environment,
    gateRun: { headSha },
    policy,
    view: { digest },
  }: Pick<
    GateFacts,
    'entityRef' | 'environment' | 'gateRun' | 'policy' | 'view'
  >): Promise<SoakFacts | undefined> {
    const rows = await this.#options.environments.environments(entityRef);
    const named = policy.soak?.environment;
    const row =
      named === undefined
        ? previousOf(rows, environment)
        : rows.find(item => item.environment.name === named);
    if (!row) {
      return named === undefined
        ? undefined
        : { environment: named, state: 'unknown' };
    }
    const { name, commit, since, health } = row.environment;
    const sha = commit?.sha;
    const isSame =
      sha === headSha ||
      (digest !== undefined && commit?.image?.digest === digest);
    if (sha === undefined && !isSame) {
      return { environment: name, state: 'unknown' };
    }
    return isSame
      ? { environment: name, state: 'same', since, health: health.state }
      : { environment: name, state: 'other', health: health.state };
  }

  /** Checks of the candidate as the vendor has them. */
  async checks(
    { gateRun, repository: { host, slug, repoKey } }: GateFacts,
    token: UserToken | undefined,
    signal: AbortSignal,
  ): Promise<CommitCheck[]> {
    const acts = this.#options.providerOf(host)?.acts;
    if (!acts) return [];
    return acts.readChecks(
      { host, slug, repoKey },
      gateRun.headSha,
      token,
      signal,
    );
  }

  async pushers({
    entityRef,
    gateRun: { headSha },
    range,
  }: GateFacts): Promise<string[]> {
    const shas = new Set([
      headSha,
      ...(range?.commits ?? []).map(({ sha }) => sha),
    ]);
    const runs = await this.#options.store.listRuns({
      ...{ entityRef, scope: 'all', filter: {}, limit: RUNS },
    });
    const logins = runs.flatMap(({ event, sha, actor }) =>
      event === 'push' && shas.has(sha) && actor ? actor : [],
    );
    return [...new Set(logins)].sort();
  }
}

function previousOf(
  rows: EnvironmentRow[],
  name: string,
): EnvironmentRow | undefined {
  const here = rows.find(row => row.environment.name === name);
  if (!here) return undefined;
  return [...rows]
    .sort((a, b) => b.position - a.position)
    .find(
      row => row.position < here.position && row.environment.basis !== 'none',
    );
}
