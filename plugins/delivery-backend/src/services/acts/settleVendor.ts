import { isError } from '@backstage/errors';
import { findDecision } from 'backstage-plugin-delivery-common/domain';
import type { RunRef, VendorActs } from 'backstage-plugin-delivery-node';
import type { OperationRow } from '../../database/ApprovalStore';
import type { DeliveryStore } from '../../database/DeliveryStore';
import type { RepositoryRow } from '../../database/rows';
import type { ActOutcome } from './ActRunner';
import { subjectOf } from './operationRows';
import { gateRef, runRef } from './vendorRefs';

/** What was found out; undefined: still nobody knows. */
export type Settlement =
  | { state: 'succeeded' | 'failed'; outcome: ActOutcome }
  | undefined;

/** An act of which nobody knows the end, with where to look. */
export interface Unsettled {
  row: OperationRow;
  repository: RepositoryRow;
  acts: VendorActs;
  now: number;
  signal: AbortSignal;
}

/** A vendor's lists may lag behind: before this, "it is not there" proves nothing. */
const GRACE_MS = 60_000;
/** A run that is started by hand appears by then. */
const APPEARS_MS = 10 * 60_000;
/** Any name will do where only the run itself is asked for. */
const NO_ENVIRONMENT = 'production';

export function notDone(message: string): NonNullable<Settlement> {
  return { state: 'failed', outcome: { code: 'not_done', message } };
}

/** By the reference in the comment: it stands at the vendor, or the run does not wait for it any more. */
export async function settleDecision(
  unsettled: Unsettled,
): Promise<Settlement> {
  const { acts, row, signal } = unsettled;
  const { runKey, environment, environmentId, accountId, login } = row.resume;
  const gate = gateRef(runRef(unsettled.repository, runKey), environment);
  const state = row.resume.state === 'approved' ? 'approved' : 'rejected';
  const decisions = await orGone(acts.readDecisions(gate, undefined, signal));
  const found = findDecision(decisions ?? [], {
    operationId: row.id,
    accountId: accountId ?? '',
    environmentId: environmentId ?? '',
    state,
  });
  if (found) {
    return {
      state: 'succeeded',
      outcome: {
        code: state,
        message: `It stands at the vendor, in the name of ${login}.`,
        runId: runKey,
      },
    };
  }
  if (isFresh(unsettled)) return undefined;
  const now = await orGone(acts.readGateRun(gate, undefined, signal));
  if (!now) return notDone('The run is gone, and with it what was decided.');
  if (String(now.attempt) !== row.resume.attempt) {
    return notDone(
      `It was not done; the run was started again (attempt ${now.attempt}).`,
    );
  }
  return now.waiting
    ? undefined
    : notDone(
        'It was not done: the vendor has no such decision, and the run does not wait any more.',
      );
}

/** By the next attempt and who started it. */
export async function settleRerun(unsettled: Unsettled): Promise<Settlement> {
  const { row } = unsettled;
  const now = await readRun(unsettled);
  if (!now) return notDone('The run is gone.');
  const seen = Number(row.resume.attempt);
  const by = now.triggeringActors.at(seen);
  if (now.attempt > seen && by?.id === row.resume.accountId) {
    return {
      state: 'succeeded',
      outcome: {
        code: 'rerun',
        message: `The run was started again: attempt ${seen + 1}.`,
        params: { attempt: String(seen + 1) },
        runId: row.resume.runKey,
      },
    };
  }
  if (isFresh(unsettled)) return undefined;
  return notDone(
    now.attempt > seen
      ? 'It was not done; somebody else started the run again.'
      : 'It was not done: the run has no new attempt.',
  );
}

/** By how the run ended. */
export async function settleCancel(unsettled: Unsettled): Promise<Settlement> {
  const { row } = unsettled;
  const now = await readRun(unsettled);
  if (!now) return notDone('The run is gone.');
  const isSame = String(now.attempt) === row.resume.attempt;
  if (isSame && now.status !== 'completed') return undefined;
  if (isSame && now.conclusion === 'cancelled') {
    return {
      state: 'succeeded',
      outcome: {
        code: 'cancelled',
        message: 'The run is cancelled.',
        runId: row.resume.runKey,
      },
    };
  }
  return notDone('The run was completed before it could be cancelled.');
}

/** By a run of that workflow and branch that the person started then; two of them prove nothing. */
export async function settleDispatch(
  { row, now }: Unsettled,
  store: Pick<DeliveryStore, 'listRuns'>,
): Promise<Settlement> {
  const { pipelineKey, ref, login } = row.resume;
  if (!login) return undefined;
  const runs = await store.listRuns({
    entityRef: subjectOf(row).entityRef,
    scope: 'all',
    filter: { pipelineKey, branch: ref, actor: login },
    limit: 20,
  });
  const fitting = runs.filter(
    run =>
      run.event === 'workflow_dispatch' &&
      run.createdAt >= row.startedAt - GRACE_MS &&
      run.createdAt <= row.startedAt + APPEARS_MS,
  );
  if (fitting.length !== 1 || now < row.startedAt + APPEARS_MS) {
    return undefined;
  }
  return {
    state: 'succeeded',
    outcome: {
      code: 'dispatched',
      message: 'The workflow was started.',
      runId: fitting[0].runKey,
      url: fitting[0].url,
    },
  };
}

function readRun({ acts, repository, row, signal }: Unsettled) {
  const ref: RunRef = runRef(repository, row.resume.runKey);
  return orGone(
    acts.readGateRun(gateRef(ref, NO_ENVIRONMENT), undefined, signal),
  );
}

function isFresh({ row, now }: Unsettled): boolean {
  return now < row.startedAt + GRACE_MS;
}

async function orGone<TResult>(
  read: Promise<TResult>,
): Promise<TResult | undefined> {
  try {
    return await read;
  } catch (error) {
    if (isError(error) && error.name === 'NotFoundError') return undefined;
    throw error;
  }
}
