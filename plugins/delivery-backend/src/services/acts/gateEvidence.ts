import { stringifyEntityRef } from '@backstage/catalog-model';
import type { Account } from 'backstage-plugin-delivery-common/domain';
import type { GateFacts } from '../approvals/GateFacts';
import type { Actor } from './ActRunner';

/** Longest list that goes into an entry of the audit. */
const MAX = 200;

/** What a decision rested on, for the audit: policy, who could decide then, who was behind the change. Plain JSON. */
export function gateEvidence(
  facts: GateFacts,
  actor: Actor,
): Record<string, unknown> {
  const { gate, gateRun, policy, range, requests, view, viewHash } = facts;
  return {
    policy,
    viewHash,
    runningSha: view.runningSha,
    user: stringifyEntityRef(actor.user),
    memberOf: actor.memberOf.slice(0, MAX),
    gate: gate && {
      environmentId: gate.environmentId,
      name: gate.environmentName,
      preventSelfReview: gate.preventSelfReview,
      canAdminsBypass: gate.canAdminsBypass,
      reviewers: gate.reviewers
        .slice(0, MAX)
        .map(({ kind, id, name }) => ({ kind, id, name })),
      currentUserCanApprove: gate.currentUserCanApprove,
    },
    pendingDeployments: gateRun.pendingDeployments.slice(0, MAX),
    initiators: {
      actor: named(gateRun.actor),
      attempts: gateRun.triggeringActors.slice(0, MAX).map(named),
      deploymentCreators: gateRun.deploymentCreators.slice(0, MAX).map(named),
      requests: requests.slice(0, MAX),
    },
    range: range && {
      status: range.status,
      total: range.total,
      cut: range.cut,
      pullRequests: range.pullRequests
        .slice(0, MAX)
        .map(({ number }) => number),
    },
  };
}

/** `null`: could not be told. */
function named(account: Account | undefined): Account | null {
  return account ? { id: account.id, login: account.login } : null;
}
