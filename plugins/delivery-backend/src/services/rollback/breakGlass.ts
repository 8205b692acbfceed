import { createHash } from 'node:crypto';
import type { Finding } from 'backstage-plugin-delivery-common';
import { VendorRefusal } from 'backstage-plugin-delivery-node';
import type { ApprovalStore } from '../../database/ApprovalStore';
import type { Actor } from '../acts/ActRunner';
import type { RollbackFacts, RollbackTarget } from './RollbackFacts';

/** What somebody else has to look at afterwards. */
export function brokenGlass(
  facts: RollbackFacts,
  target: RollbackTarget,
  act: { actor: Actor; operationId: string; reason: string; at: number },
): Finding {
  const { actor, operationId, reason, at } = act;
  return {
    id: createHash('sha256')
      .update(`break_glass ${operationId}`)
      .digest('hex')
      .slice(0, 24),
    ...{ kind: 'break_glass', state: 'open', at },
    ...{ entityRef: facts.entityRef, environment: facts.name },
    message: `${actor.ref} rolled ${facts.name} back past its rules: ${reason}`,
    sha: target.commit.sha,
    by: actor.ref,
  };
}

/**
 * Does something past the rules. The finding is there before it is sent, so that no fault in between hides it, and goes when the vendor
 * said that nothing was done.
 */
export async function withGlassBroken<TResult>(
  options: {
    approvals: Pick<ApprovalStore, 'addFindings' | 'dropFindings'>;
    onBreakGlass?: (finding: Finding) => void;
  },
  finding: Finding,
  work: () => Promise<TResult>,
): Promise<TResult> {
  await options.approvals.addFindings([finding]);
  const tell = () => options.onBreakGlass?.(finding);
  try {
    const result = await work();
    tell();
    return result;
  } catch (error) {
    if (error instanceof VendorRefusal) {
      // One too many is looked at by somebody; the refusal itself must not get lost.
      await options.approvals.dropFindings([finding.id]).catch(() => {});
    } else {
      tell();
    }
    throw error;
  }
}
