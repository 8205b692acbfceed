import type {
  ChangeRange,
  GatePolicy,
  GateReading,
  GateRun,
  GateView,
  PortalRequest,
} from 'backstage-plugin-delivery-common/domain';
import type { UserToken } from 'backstage-plugin-delivery-node';
import type { ApprovalRow } from '../../database/ApprovalStore';
import type { RepositoryRow, RunRow } from '../../database/rows';

/** Everything that a decision about one approval rests on, read at one moment. */
export interface GateFacts {
  approval: ApprovalRow;
  run: RunRow;
  repository: RepositoryRow;
  /** The service it is decided as, and our name of the environment. */
  entityRef: string;
  environment: string;
  policy: GatePolicy;
  gateRun: GateRun;
  /** Undefined: the run does not wait at it any more. */
  gate: GateReading | undefined;
  /** Commit that runs there now; undefined: nothing does, or nobody knows. */
  runningSha?: string;
  /** Undefined: nothing runs there, so there is nothing to compare with; or `notes` says why it is not known. */
  range?: ChangeRange;
  /** What could not be found out although nothing failed, in words. */
  notes?: { code: string; message: string }[];
  /** It goes back to what ran before: commits have no order then, and nobody's change is let in. */
  rollback?: boolean;
  /** Who asked for the run or an attempt of it through the portal. */
  requests: PortalRequest[];
  view: GateView;
  /** Hex sha256 of the canonical JSON of `view`. */
  viewHash: string;
}

/** Reads {@link GateFacts} from the vendor. */
export interface GateFactsReader {
  /**
   * @param token - the person's own; absent: a view, with the portal's credentials
   * @throws what the provider throws; `NotFoundError` when the approval's run is gone
   */
  read(
    approval: ApprovalRow,
    entityRef: string,
    token: UserToken | undefined,
    signal: AbortSignal,
  ): Promise<GateFacts>;
}
