import { createHash } from 'node:crypto';
import {
  canonical,
  type RollbackWay,
} from 'backstage-plugin-delivery-common/domain';
import type { RollbackFacts, RollbackTarget } from './RollbackFacts';
import { isUnderWay } from './rollbackWays';

/** What a person has to have seen: what runs, how it would go back, and to what. */
export function viewHashOf(
  running: RollbackFacts['running'],
  way: RollbackWay,
  targets: RollbackTarget[],
): string {
  const view = {
    running: running && {
      sha: running.commit.sha,
      taskDefinition: running.taskDefinition,
    },
    way: way.way,
    deployment: isUnderWay(way) ? way.deploymentKey : undefined,
    targets: targets.map(target => target.id),
  };
  return createHash('sha256').update(canonical(view)).digest('hex');
}
