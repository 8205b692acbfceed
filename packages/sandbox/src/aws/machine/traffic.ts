import type { ServiceRecord } from '../records';
import type { Estate } from './Estate';

/** Whether deployments of the service shift traffic between two target groups. */
export const shiftsTraffic = (service: ServiceRecord) =>
  service.strategy !== 'ROLLING' && service.targetGroups.length > 1;

/**
 * Gives the target group so many percent of what a listener rule forwards; the other group of the rule gets the rest. The first listener
 * of the balancer with a rule for the service is the production one, the second the test one.
 */
export function giveTraffic(
  estate: Estate,
  service: ServiceRecord,
  which: 'production' | 'test',
  share: { group: string; percent: number },
): void {
  const group = estate.targetGroup(service, share.group);
  const balancer = group && estate.balancer(service, group.balancer);
  const rules = (balancer?.listeners ?? [])
    .map(listener =>
      listener.rules.filter(rule =>
        rule.forwards.some(forward =>
          service.targetGroups.includes(forward.group),
        ),
      ),
    )
    .filter(found => found.length > 0);
  for (const rule of rules[which === 'production' ? 0 : 1] ?? []) {
    if (rule.forwards.length < 2) continue;
    for (const forward of rule.forwards) {
      forward.weight =
        forward.group === share.group
          ? share.percent
          : (100 - share.percent) / (rule.forwards.length - 1);
    }
  }
}
