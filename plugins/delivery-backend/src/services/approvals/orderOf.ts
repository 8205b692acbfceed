import {
  checkOrder,
  type RuleResult,
} from 'backstage-plugin-delivery-common/domain';
import type { GateFacts } from './GateFacts';

/** Whether the candidate comes after what runs; a rollback goes back on purpose. */
export function orderOf(facts: GateFacts): RuleResult {
  const { gateRun, range, rollback, runningSha } = facts;
  if (!rollback) return checkOrder(range, runningSha, gateRun.headSha);
  return {
    kind: 'pass',
    code: 'order',
    message: 'It goes back to what ran there before.',
  };
}
