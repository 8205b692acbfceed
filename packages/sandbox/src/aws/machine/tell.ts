import type { AwsPlace, ServiceRecord, TaskRecord } from '../records';
import { lastPart } from './arns';
import type { Chance } from './Chance';
import type { Estate } from './Estate';

const KEPT = 100;

/** Writes an event of the service: `(service web) …`. */
export function tell(
  chance: Chance,
  service: ServiceRecord,
  at: number,
  text: string,
): void {
  service.events.unshift({
    id: chance.uuid(),
    createdAt: at,
    message: `(service ${service.name}) ${text}`,
  });
  if (service.events.length > KEPT) service.events.length = KEPT;
}

const STEADY = 'has reached a steady state.';

/** Says so unless it was the last thing said. */
export function tellSteady(
  chance: Chance,
  service: ServiceRecord,
  at: number,
): void {
  if (!service.events[0]?.message.endsWith(STEADY)) {
    tell(chance, service, at, STEADY);
  }
}

/** `(task …) (task …)` */
export const taskList = (tasks: readonly TaskRecord[]) =>
  tasks.map(({ arn }) => `(task ${lastPart(arn)})`).join(' ');

/** `(target-group arn:…)` */
export const groupText = (estate: Estate, place: AwsPlace, name: string) =>
  `(target-group ${estate.targetGroup(place, name)?.arn ?? name})`;
