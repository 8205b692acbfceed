import {
  VendorRefusal,
  type GateRef,
  type RepositoryScope,
  type RunRef,
  type VendorIdentity,
  type VendorReceipt,
} from 'backstage-plugin-delivery-node';
import { trustedUrl } from '../facts';
import { keysOf } from '../keys';
import { ownerAndName } from '../readRuns';
import { isDots, runNumber } from './ask';
import { dispatchSchema } from './bodies';
import type { UserClient } from './UserClient';

/** Somebody who does something. */
export interface Writer {
  readonly client: UserClient;
  readonly identity: VendorIdentity;
  readonly signal: AbortSignal;
}

const RUN = 'POST /repos/{owner}/{repo}/actions/runs/{run_id}';

/** @throws `VendorRefusal` `invalid`: nothing is sent */
function invalid(message: string): VendorRefusal {
  return new VendorRefusal('invalid', `${message} Nothing was sent to GitHub.`);
}

function repositoryOf(scope: Pick<RepositoryScope, 'slug'>) {
  const { owner, repo } = ownerAndName(scope.slug);
  if (!owner || !repo || isDots(owner) || isDots(repo)) {
    throw invalid('This is not the name of a repository.');
  }
  return { owner, repo };
}

function receipt(requestId: string | undefined): VendorReceipt {
  return requestId === undefined ? {} : { requestId };
}

/** See VendorActs.decide. */
export async function decide(
  { client, identity, signal }: Writer,
  gate: GateRef,
  decision: {
    environmentId: string;
    state: 'approved' | 'rejected';
    comment: string;
  },
): Promise<VendorReceipt> {
  const environmentId = Number(decision.environmentId);
  if (
    !/^[1-9]\d{0,15}$/.test(decision.environmentId) ||
    !Number.isSafeInteger(environmentId)
  ) {
    throw invalid('This is not the id of an environment.');
  }
  const id = runNumber(gate);
  const { requestId } = await client.write(
    {
      route: `${RUN}/pending_deployments`,
      parameters: {
        ...repositoryOf(gate),
        run_id: id,
        environment_ids: [environmentId],
        state: decision.state,
        comment: decision.comment,
      },
      what: `the decision about run ${id} of ${gate.slug}`,
      meanings: {
        unprocessable: {
          code: 'not_pending',
          message: `GitHub did not take the decision about run ${id}: it does not wait there any more, or not for you. Nothing was done.`,
        },
        notAllowed: `GitHub does not let you decide about run ${id}: you need access to the deployments of ${gate.slug}. Nothing was done.`,
        conflict: `GitHub did not take the decision about run ${id} because something else happened to it. Nothing was done; look at the run.`,
      },
      signal,
    },
    identity,
  );
  return receipt(requestId);
}

/** See VendorActs.rerun. */
export async function rerun(
  { client, identity, signal }: Writer,
  run: RunRef,
  failedOnly: boolean,
): Promise<VendorReceipt> {
  const id = runNumber(run);
  const notNow = `GitHub did not start run ${id} again: it still runs, is over a month old, or was re-run as often as GitHub allows. Nothing was done.`;
  const { requestId } = await client.write(
    {
      route: failedOnly ? `${RUN}/rerun-failed-jobs` : `${RUN}/rerun`,
      parameters: { ...repositoryOf(run), run_id: id },
      what: `the re-run of run ${id} of ${run.slug}`,
      meanings: {
        unprocessable: { code: 'invalid', message: notNow },
        notAllowed: `GitHub did not start run ${id} again: you may not do that in ${run.slug}, or the run cannot be re-run (it still runs, or is over a month old). Nothing was done.`,
        conflict: notNow,
      },
      signal,
    },
    identity,
  );
  return receipt(requestId);
}

/** See VendorActs.cancel. GitHub only promises to cancel; the run says when it ended. */
export async function cancel(
  { client, identity, signal }: Writer,
  run: RunRef,
): Promise<VendorReceipt> {
  const id = runNumber(run);
  const { requestId } = await client.write(
    {
      route: `${RUN}/cancel`,
      parameters: { ...repositoryOf(run), run_id: id },
      what: `the cancellation of run ${id} of ${run.slug}`,
      meanings: {
        unprocessable: {
          code: 'invalid',
          message: `GitHub cannot cancel run ${id}. Nothing was done.`,
        },
        notAllowed: `GitHub does not let you cancel runs of ${run.slug}. Nothing was done.`,
        conflict: `GitHub did not cancel run ${id}: it is over already. Nothing was done.`,
      },
      signal,
    },
    identity,
  );
  return receipt(requestId);
}

/** A file of `.github/workflows`, or its number. */
function workflowOf(workflow: string): string {
  if (workflow === '' || workflow.length > 255 || isDots(workflow)) {
    throw invalid('This is not the name of a workflow.');
  }
  return workflow;
}

/** See VendorActs.dispatch. Servers that do not know how to tell the run answer with nothing. */
export async function dispatch(
  { client, identity, signal }: Writer,
  scope: RepositoryScope,
  request: { workflow: string; ref: string; inputs: Record<string, string> },
): Promise<VendorReceipt & { runKey?: string; url?: string }> {
  const { data, requestId } = await client.write(
    {
      route:
        'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches',
      parameters: {
        ...repositoryOf(scope),
        workflow_id: workflowOf(request.workflow),
        ref: request.ref,
        inputs: request.inputs,
        return_run_details: true,
      },
      what: `the start of a workflow of ${scope.slug}`,
      meanings: {
        unprocessable: {
          code: 'invalid',
          message: `GitHub did not start the workflow: it cannot be started by hand, its inputs are others, or there is no such branch. Nothing was done.`,
        },
        notAllowed: `GitHub does not let you start workflows of ${scope.slug}. Nothing was done.`,
        conflict: `GitHub did not start the workflow because something else happened in ${scope.slug}. Nothing was done.`,
      },
      signal,
    },
    identity,
  );
  // It was done, whatever the body looks like.
  const told = dispatchSchema.safeParse(data);
  if (!told.success) return receipt(requestId);
  const url = trustedUrl(told.data.html_url, scope.host);
  return {
    ...receipt(requestId),
    runKey: keysOf(scope.host).thing(told.data.workflow_run_id),
    ...(url && { url }),
  };
}
