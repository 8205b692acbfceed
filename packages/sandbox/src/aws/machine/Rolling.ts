import type { ServiceDeploymentRecord, ServiceRecord } from '../records';
import type { Endings } from './Endings';
import type { Fleet } from './Fleet';
import { moveDeployment, type Parts } from './Parts';

/** Everything runs as wanted and is watched for a while before ECS says so. */
const WATCHING = 1;

/** Replaces tasks wave by wave: new ones first, an old one goes when a new one is healthy. */
export class Rolling {
  constructor(
    private readonly parts: Parts,
    private readonly fleet: Fleet,
    private readonly endings: Endings,
  ) {}

  forward(
    service: ServiceRecord,
    deployment: ServiceDeploymentRecord,
    at: number,
    due: boolean,
  ): void {
    const bake =
      deployment.alarms.status === 'MONITORING' ? service.bakeMinutes * 60 : 0;
    const { targetRevision } = deployment;
    if (this.#reach(service, deployment, targetRevision, { at, due, bake })) {
      this.endings.succeed(service, deployment, at);
    }
  }

  back(
    service: ServiceRecord,
    deployment: ServiceDeploymentRecord,
    at: number,
    due: boolean,
  ): void {
    const revision = service.activeRevision;
    if (this.#reach(service, deployment, revision, { at, due, bake: 0 })) {
      this.endings.rolledBack(service, deployment, at);
    }
  }

  /** True when the revision has taken over. */
  #reach(
    service: ServiceRecord,
    deployment: ServiceDeploymentRecord,
    revision: string,
    look: { at: number; due: boolean; bake: number },
  ): boolean {
    const { at, due, bake } = look;
    const { fleet } = this;
    const { plan } = deployment;
    if (plan.step === WATCHING) {
      if (fleet.isWhole(service, revision)) return due;
      plan.step = 0;
      moveDeployment(this.parts, deployment, null);
    }
    fleet.keepInWaves(service, deployment, revision, at);
    const missing = service.desiredCount - fleet.ready(service, revision);
    fleet.trimOthers(service, [revision], missing, at);
    if (fleet.isWhole(service, revision)) {
      const { chance } = this.parts;
      const watch = chance.between(18, 32, deployment.arn, 'watch');
      plan.step = WATCHING;
      const end = at + watch + (bake > 0 ? chance.seconds(bake) : 0);
      moveDeployment(this.parts, deployment, end);
    }
    return false;
  }
}
