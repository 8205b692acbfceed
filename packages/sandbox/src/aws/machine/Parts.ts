import type { ServiceDeploymentRecord, TaskRecord } from '../records';
import type { Agenda } from './Agenda';
import type { Chance } from './Chance';
import type { Estate } from './Estate';
import type { Images } from './images';

/** Something that changes by itself at a time its record says. */
export type Mover = TaskRecord | ServiceDeploymentRecord;

export const isDeployment = (mover: Mover): mover is ServiceDeploymentRecord =>
  'targetRevision' in mover;

/** What every part of the state machine works with. */
export interface Parts {
  readonly estate: Estate;
  readonly chance: Chance;
  readonly images: Images;
  readonly moves: Agenda<Mover>;
}

/** Sets when the task moves next; null: it stays as it is. */
export function moveTask(parts: Parts, task: TaskRecord, at: number | null) {
  task.nextAt = at;
  parts.moves.note(task);
}

/** Sets when somebody looks at the deployment again; null: only when one of its tasks moves. */
export function moveDeployment(
  parts: Parts,
  deployment: ServiceDeploymentRecord,
  at: number | null,
) {
  deployment.plan.nextAt = at;
  parts.moves.note(deployment);
}
