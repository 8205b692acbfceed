import type { ServiceDeploymentRecord, ServiceRecord } from '../records';
import { deploymentIdOf } from './arns';
import { moveDeployment, type Parts } from './Parts';
import { tell, tellSteady } from './tell';
import { giveTraffic, shiftsTraffic } from './traffic';

const MOVING: readonly string[] = [
  'PENDING',
  'IN_PROGRESS',
  'STOP_REQUESTED',
  'ROLLBACK_REQUESTED',
  'ROLLBACK_IN_PROGRESS',
];

/** The deployment has not come to an end. */
export const isMoving = (deployment: ServiceDeploymentRecord) =>
  MOVING.includes(deployment.status);

const watched = (status: ServiceDeploymentRecord['alarms']['status']) =>
  status === 'MONITORING' ? 'MONITORING_COMPLETE' : status;

/** How deployments end, and how they turn back. */
export class Endings {
  constructor(private readonly parts: Parts) {}

  #close(deployment: ServiceDeploymentRecord, at: number): void {
    deployment.updatedAt = at;
    deployment.plan.step = 0;
    moveDeployment(this.parts, deployment, null);
    deployment.circuitBreaker.status = watched(
      deployment.circuitBreaker.status,
    );
    deployment.alarms.status = watched(deployment.alarms.status);
    if (deployment.hook?.status === 'AWAITING_ACTION') {
      deployment.hook.status = 'FAILED';
    }
  }

  succeed(
    service: ServiceRecord,
    deployment: ServiceDeploymentRecord,
    at: number,
  ): void {
    const { chance } = this.parts;
    this.#close(deployment, at);
    deployment.status = 'SUCCESSFUL';
    deployment.finishedAt = at;
    deployment.productionWeight = 100;
    service.activeRevision = deployment.targetRevision;
    tell(
      chance,
      service,
      at,
      `(deployment ${deployment.id}) deployment completed.`,
    );
    tellSteady(chance, service, at);
  }

  /** Turns back to the last revision that was deployed successfully. */
  rollBack(
    service: ServiceRecord,
    deployment: ServiceDeploymentRecord,
    reason: string,
    at: number,
  ): void {
    const { estate, chance } = this.parts;
    this.#close(deployment, at);
    deployment.status = 'ROLLBACK_IN_PROGRESS';
    deployment.statusReason = reason;
    const revision = service.activeRevision;
    deployment.rollback = { reason, startedAt: at, revision };
    service.taskDefinition = estate.revision(revision).taskDefinition;
    tell(
      chance,
      service,
      at,
      `rolling back to deployment ${deploymentIdOf(revision)}.`,
    );
  }

  rolledBack(
    service: ServiceRecord,
    deployment: ServiceDeploymentRecord,
    at: number,
  ): void {
    this.#close(deployment, at);
    deployment.status = 'ROLLBACK_SUCCESSFUL';
    deployment.finishedAt = at;
    deployment.productionWeight = 0;
    deployment.testWeight = 0;
    tellSteady(this.parts.chance, service, at);
  }

  /** Ends without turning back; traffic that was shifted goes back to the revision that had it. */
  halt(
    service: ServiceRecord,
    deployment: ServiceDeploymentRecord,
    reason: string,
    at: number,
  ): void {
    this.#close(deployment, at);
    deployment.status = 'STOPPED';
    deployment.statusReason = reason;
    deployment.stoppedAt = at;
    deployment.finishedAt = at;
    this.returnTraffic(service, deployment);
  }

  /** All traffic to the revision that was deployed successfully last. */
  returnTraffic(
    service: ServiceRecord,
    deployment: ServiceDeploymentRecord,
  ): void {
    deployment.productionWeight = 0;
    deployment.testWeight = 0;
    if (!shiftsTraffic(service)) return;
    const { estate } = this.parts;
    const group = estate.revision(service.activeRevision).targetGroup;
    if (group === null) return;
    giveTraffic(estate, service, 'production', { group, percent: 100 });
    giveTraffic(estate, service, 'test', { group, percent: 100 });
  }

  /** What follows when a monitor says that the deployment failed. */
  fail(
    service: ServiceRecord,
    deployment: ServiceDeploymentRecord,
    failure: { event: string; reason: string; rollback: boolean },
    at: number,
  ): void {
    tell(
      this.parts.chance,
      service,
      at,
      `(deployment ${deployment.id}) deployment failed: ${failure.event}.`,
    );
    if (failure.rollback) {
      const reason = `Service deployment rolled back because ${failure.reason}.`;
      this.rollBack(service, deployment, reason, at);
    } else {
      const reason = `Service deployment stopped because ${failure.reason}.`;
      this.halt(service, deployment, reason, at);
    }
  }
}
