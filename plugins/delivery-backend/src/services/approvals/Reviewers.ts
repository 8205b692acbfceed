import type { ApprovalDetail } from 'backstage-plugin-delivery-common';
import {
  type Account,
  authorsOf,
  type GateReading,
} from 'backstage-plugin-delivery-common/domain';
import type { ApprovalRow } from '../../database/ApprovalStore';
import type { Caller } from './Callers';
import type { GateFacts } from './GateFacts';

type Reviewer = ApprovalDetail['reviewers'][number];

/** Those whom the vendor lists, each with whether they may decide about this change. */
export function reviewersOf(
  candidates: ApprovalRow['candidates'],
  facts: GateFacts | undefined,
  caller: Caller | undefined,
): Reviewer[] {
  return candidates.map(candidate => {
    const { kind, name, ref } = candidate;
    const you = isCaller(candidate, caller);
    const reasons = facts && kind === 'user' ? reasonsOf(candidate, facts) : [];
    return {
      ...{ kind, name, ref, you },
      may: mayOf(kind, facts, reasons),
      ...(reasons.length > 0 && { reason: reasons.join(', ') }),
    };
  });
}

/** True when the vendor lists the caller, or a group they are in. */
export function isCaller(
  { kind, name, ref }: ApprovalRow['candidates'][number],
  caller: Caller | undefined,
): boolean {
  if (!caller) return false;
  if (ref !== undefined) return caller.refs.has(ref);
  return kind === 'user' && name.toLowerCase() === caller.login;
}

/** Members of a team are looked at one by one when they decide. */
function mayOf(
  kind: Reviewer['kind'],
  facts: GateFacts | undefined,
  reasons: string[],
): Reviewer['may'] {
  if (!facts || kind === 'unknown') return 'unknown';
  return reasons.length > 0 ? 'no' : 'yes';
}

function reasonsOf(
  person: { id: string; name: string; ref?: string },
  { gateRun, policy, range, requests }: GateFacts,
): string[] {
  const isPerson = (account: Account | undefined) =>
    account !== undefined &&
    (account.id
      ? account.id === person.id
      : account.login?.toLowerCase() === person.name.toLowerCase());
  const wrote = authorsOf(range, policy, gateRun.headSha).accounts.some(
    isPerson,
  );
  const asked =
    [
      gateRun.actor,
      ...gateRun.triggeringActors,
      ...gateRun.deploymentCreators,
    ].some(isPerson) ||
    requests.some(
      ({ accountId, userRef }) =>
        accountId === person.id || userRef === person.ref,
    );
  return [...(wrote ? ['author'] : []), ...(asked ? ['asked for it'] : [])];
}

/** The caller's account, when anybody whom the vendor told of has the login or the node id that the catalog says. */
export function accountOf(
  caller: Caller | undefined,
  { gateRun, range, policy }: GateFacts,
  gate: GateReading | undefined,
): { id: string; login: string } | undefined {
  if (!caller) return undefined;
  const byNode = gate?.reviewers.find(
    ({ kind, nodeId }) =>
      kind === 'user' && nodeId !== undefined && nodeId === caller.nodeId,
  );
  if (byNode) return { id: byNode.id, login: byNode.name };
  const { login } = caller;
  if (login === undefined) return undefined;
  const told: Account[] = [
    ...(gate?.reviewers ?? []).flatMap(({ kind, id, name }) =>
      kind === 'user' ? { id, login: name } : [],
    ),
    ...[gateRun.actor, ...gateRun.triggeringActors].flatMap(
      account => account ?? [],
    ),
    ...gateRun.deploymentCreators.flatMap(account => account ?? []),
    ...authorsOf(range, policy, gateRun.headSha).accounts,
  ];
  const found = told.find(account => account.login?.toLowerCase() === login);
  return found?.id ? { id: found.id, login } : undefined;
}
