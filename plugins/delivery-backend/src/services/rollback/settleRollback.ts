import { parseRuntimeKey } from 'backstage-plugin-delivery-common';
import { VendorRefusal } from 'backstage-plugin-delivery-node';
import type { OperationRow } from '../../database/ApprovalStore';
import { subjectOf } from '../acts/operationRows';
import { notDone, type Settlement } from '../acts/settleVendor';
import { outcomeOf } from './DirectRollback';
import type { RollbackRuntime } from './RollbackFacts';
import type { RollbackServiceOptions } from './RollbackServiceOptions';
import { lookAt } from './verifyRollback';

type Options = Pick<
  RollbackServiceOptions,
  'runtimeProviders' | 'store' | 'approvals' | 'now'
>;

/** Clocks differ a little. */
const BEFORE_MS = 60_000;
/** What was begun is to be seen by then. */
const APPEARS_MS = 10 * 60_000;

/** Finds out what became of a rollback of which nobody knows the end; undefined: still nobody knows. */
export async function settleRollback(
  options: Options,
  row: OperationRow,
  signal: AbortSignal,
): Promise<Settlement> {
  return row.resume.way === 'pipeline'
    ? settlePipeline(options, row)
    : settleDirect(options, row, signal);
}

async function settleDirect(
  { runtimeProviders, now }: Options,
  row: OperationRow,
  signal: AbortSignal,
): Promise<Settlement> {
  const { runtimeKey = '', taskDefinition, deploymentKey } = row.resume;
  const ref = parseRuntimeKey(runtimeKey);
  const provider = runtimeProviders.find(item => item.id === ref?.provider);
  if (!ref || !provider) return undefined;
  const sent = { taskDefinition, deploymentKey };
  const { sha } = subjectOf(row);
  const target = {
    commit: { sha, source: 'none' as const, confidence: 'none' as const },
    taskDefinition,
  };
  const { environment = 'the environment' } = row.resume;
  try {
    const progress = await lookAt({ provider, ref }, sent, signal);
    if (progress !== 'unseen') {
      return {
        state: 'succeeded',
        outcome: outcomeOf(progress, environment, target),
      };
    }
  } catch (error) {
    if (!(error instanceof VendorRefusal)) throw error;
    const { code, message } = error;
    return { state: 'failed', outcome: { code, message } };
  }
  if (now() < row.startedAt + APPEARS_MS) return undefined;
  const began =
    deploymentKey === undefined &&
    (await wasBegun({ provider, ref }, row, signal));
  return began
    ? {
        state: 'succeeded',
        outcome: {
          code: 'rollback_started',
          message:
            'The earlier version was started; something else was deployed since.',
        },
      }
    : notDone('It was not done: the runtime did not begin to go back.');
}

/** A deployment of that task definition since then, whatever came after it. */
async function wasBegun(
  { provider, ref }: Pick<RollbackRuntime, 'provider' | 'ref'>,
  { resume, startedAt }: OperationRow,
  signal: AbortSignal,
): Promise<boolean> {
  const keys = await provider.listDeployments(
    ...([ref, startedAt - BEFORE_MS, signal] as const),
  );
  const facts = await provider.readDeployments(ref, keys, signal);
  const revisions = await provider.readRevisions(
    ref,
    facts.flatMap(({ target }) => target?.revisionKey ?? []),
    signal,
  );
  return revisions.some(
    ({ taskDefinition }) => taskDefinition === resume.taskDefinition,
  );
}

/** By a run of that workflow that the person started then; two of them prove nothing. */
async function settlePipeline(
  { store, approvals, now }: Options,
  row: OperationRow,
): Promise<Settlement> {
  const { resume, startedAt, actorRef } = row;
  const { login, accountId, workflow, ref } = resume;
  if (resume.runKey) return started(resume.runKey);
  if (!login || !accountId || now() < startedAt + APPEARS_MS) return undefined;
  const runs = await store.listRuns({
    ...{ entityRef: row.entityRef, scope: 'all', limit: 20 },
    filter: { branch: ref, actor: login },
  });
  const fitting = runs.filter(
    run =>
      run.event === 'workflow_dispatch' &&
      run.pipelinePath === `.github/workflows/${workflow}` &&
      run.createdAt >= startedAt - BEFORE_MS &&
      run.createdAt <= startedAt + APPEARS_MS,
  );
  if (fitting.length !== 1) return undefined;
  const [{ runKey }] = fitting;
  const request = {
    ...{ userRef: actorRef, accountId, attempt: 1 },
    entityRef: row.entityRef,
  };
  await approvals.saveRequest(runKey, request);
  return started(runKey);
}

function started(runId: string): Settlement {
  return {
    state: 'succeeded',
    outcome: {
      code: 'rollback_started',
      message: 'The workflow that rolls back was started.',
      runId,
    },
  };
}
