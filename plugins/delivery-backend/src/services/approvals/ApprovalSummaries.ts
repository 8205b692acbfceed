import type { ApprovalSummary } from 'backstage-plugin-delivery-common';
import type { ApprovalRow } from '../../database/ApprovalStore';
import type { DeliveryStore } from '../../database/DeliveryStore';
import type { RunRow } from '../../database/rows';
import type { AccountDirectory } from './AccountDirectory';
import type { ApprovalSubjects } from './ApprovalSubjects';
import type { Caller } from './Callers';
import { LIFETIME_MS } from './outcomeOf';

/** Whose eyes a summary is made for. */
export interface SummaryView {
  /** Services of a run that may be told; by default all. */
  services?: (entityRefs: string[]) => string[];
  /** Absent: the answer is the same for everybody. */
  caller?: Caller;
}

/** What it works with. */
export interface ApprovalSummariesOptions {
  store: Pick<DeliveryStore, 'runsByKey' | 'entitiesOfRun'>;
  subjects: Pick<ApprovalSubjects, 'among'>;
  directory: Pick<AccountDirectory, 'users'>;
}

/** Makes what lists show of stored approvals. */
export class ApprovalSummaries {
  readonly #options: ApprovalSummariesOptions;

  constructor(options: ApprovalSummariesOptions) {
    this.#options = options;
  }

  /** In the order given; approvals whose run is not known any more are left out. */
  async of(rows: ApprovalRow[], view: SummaryView): Promise<ApprovalSummary[]> {
    if (rows.length === 0) return [];
    const { store, directory } = this.#options;
    const [runs, users] = await Promise.all([
      store.runsByKey([...new Set(rows.map(row => row.runKey))]),
      directory.users(
        rows.flatMap(row => [row.requestedBy, row.decided?.login]),
      ),
    ]);
    const byKey = new Map(runs.map(run => [run.runKey, run]));
    const items = await Promise.all(
      rows.map(async row => {
        const run = byKey.get(row.runKey);
        return run ? [await this.#summary(row, run, users, view)] : [];
      }),
    );
    return items.flat();
  }

  async #summary(
    row: ApprovalRow,
    run: RunRow,
    users: Map<string, string>,
    { services, caller }: SummaryView,
  ): Promise<ApprovalSummary> {
    const { store, subjects } = this.#options;
    const refs = await store.entitiesOfRun(row.runKey);
    const shown = services ? services(refs) : refs;
    const place = await subjects.among(shown, row.environment);
    const userOf = (login: string) => users.get(login.toLowerCase());
    const { decided, requestedBy } = row;
    return {
      id: row.id,
      services: shown,
      environment: place?.environment ?? row.environment,
      vendorEnvironment: row.environment,
      tier: place?.tier ?? 'other',
      gate: 'github-reviewers',
      ...{ runId: row.runKey, runNumber: run.runNumber, attempt: row.attempt },
      ...{ title: run.title, sha: row.sha, branch: run.branch },
      requestedBy:
        requestedBy === undefined
          ? undefined
          : { login: requestedBy, userRef: userOf(requestedBy) },
      since: row.openedAt,
      expiresAt: row.openedAt + LIFETIME_MS,
      state: row.state,
      decided: decided && {
        by: {
          login: decided.login,
          userRef: decided.userRef ?? userOf(decided.login),
        },
        ...{ at: decided.at, comment: decided.comment, via: decided.via },
      },
      ...(caller && { mine: isMine(row, caller, users) }),
    };
  }
}

/** Waiting, the vendor lists the caller or a group of theirs, and it is not their own request. */
export function isMine(
  { state, candidates, requestedBy }: ApprovalRow,
  caller: Caller,
  users: Map<string, string>,
): boolean {
  if (state !== 'waiting') return false;
  const login = requestedBy?.toLowerCase();
  const asked =
    login !== undefined &&
    (users.get(login) === caller.ref || login === caller.login);
  return (
    !asked &&
    candidates.some(({ ref }) => ref !== undefined && caller.refs.has(ref))
  );
}
