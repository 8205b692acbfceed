import type { ServiceDeploymentRecord, ServiceRecord } from '../records';
import type { Endings } from './Endings';
import type { Fleet } from './Fleet';
import { moveDeployment, type Parts } from './Parts';
import { giveTraffic } from './traffic';

const STAGES = [
  'RECONCILE_SERVICE',
  'PRE_SCALE_UP',
  'SCALE_UP',
  'POST_SCALE_UP',
  'TEST_TRAFFIC_SHIFT',
  'POST_TEST_TRAFFIC_SHIFT',
  'PRE_PRODUCTION_TRAFFIC_SHIFT',
  'PRODUCTION_TRAFFIC_SHIFT',
  'POST_PRODUCTION_TRAFFIC_SHIFT',
  'BAKE_TIME',
  'CLEAN_UP',
] as const;
type Stage = (typeof STAGES)[number];

/** Where ECS takes a PAUSE hook. */
const PAUSABLE: readonly Stage[] = [
  'RECONCILE_SERVICE',
  'PRE_SCALE_UP',
  'POST_SCALE_UP',
  'POST_TEST_TRAFFIC_SHIFT',
  'PRE_PRODUCTION_TRAFFIC_SHIFT',
  'POST_PRODUCTION_TRAFFIC_SHIFT',
];

/** Stages that end when their tasks are there or gone, not after a time. */
const BY_TASKS: readonly Stage[] = [
  'RECONCILE_SERVICE',
  'SCALE_UP',
  'CLEAN_UP',
];

const stageOf = (deployment: ServiceDeploymentRecord): Stage =>
  STAGES.find(stage => stage === deployment.lifecycleStage) ?? 'PRE_SCALE_UP';

/** Steps of the way back. */
const RETURNING = 1;
const CLEANING = 2;

/** Blue/green, canary and linear: two sets of tasks, traffic shifts between them in ECS's stages. */
export class Shifting {
  constructor(
    private readonly parts: Parts,
    private readonly fleet: Fleet,
    private readonly endings: Endings,
  ) {}

  begin(
    service: ServiceRecord,
    deployment: ServiceDeploymentRecord,
    at: number,
  ): void {
    const others = this.parts.estate
      .live(service)
      .some(({ revision }) => revision !== service.activeRevision);
    const first = others ? 'RECONCILE_SERVICE' : 'PRE_SCALE_UP';
    this.#enter(service, deployment, first, at);
    this.forward(service, deployment, at, false);
  }

  forward(
    service: ServiceRecord,
    deployment: ServiceDeploymentRecord,
    at: number,
    due: boolean,
  ): void {
    const stage = stageOf(deployment);
    this.#keepBoth(service, deployment, stage, at);
    if (deployment.hook?.status === 'AWAITING_ACTION') {
      if (!due) return;
      deployment.hook.status = 'TIMED_OUT';
      const reason =
        'Service deployment rolled back because a lifecycle hook timed out.';
      this.endings.rollBack(service, deployment, reason, at);
      this.back(service, deployment, at, false);
      return;
    }
    if (!this.#isOver(service, deployment, stage, due)) return;
    if (stage === 'CLEAN_UP') {
      this.endings.succeed(service, deployment, at);
      return;
    }
    this.#enter(service, deployment, this.#after(deployment, stage), at);
    this.forward(service, deployment, at, false);
  }

  #keepBoth(
    service: ServiceRecord,
    deployment: ServiceDeploymentRecord,
    stage: Stage,
    at: number,
  ): void {
    const { fleet } = this;
    const { targetRevision } = deployment;
    const source = service.activeRevision;
    if (stage === 'CLEAN_UP') {
      fleet.trimOthers(service, [targetRevision], 0, at);
      fleet.keep(service, targetRevision, service.desiredCount, at);
      return;
    }
    fleet.trimOthers(service, [targetRevision, source], 0, at);
    fleet.keep(service, source, service.desiredCount, at);
    if (stage === 'SCALE_UP') {
      fleet.keepInWaves(service, deployment, targetRevision, at);
    } else if (STAGES.indexOf(stage) > STAGES.indexOf('SCALE_UP')) {
      fleet.keep(service, targetRevision, service.desiredCount, at);
    }
  }

  #isOver(
    service: ServiceRecord,
    deployment: ServiceDeploymentRecord,
    stage: Stage,
    due: boolean,
  ): boolean {
    const { fleet } = this;
    const { targetRevision } = deployment;
    switch (stage) {
      case 'RECONCILE_SERVICE':
        return this.parts.estate
          .live(service)
          .every(({ revision }) => revision === service.activeRevision);
      case 'SCALE_UP':
        return fleet.ready(service, targetRevision) === service.desiredCount;
      case 'CLEAN_UP':
        return fleet.isWhole(service, targetRevision);
      default:
        return due;
    }
  }

  #after(deployment: ServiceDeploymentRecord, stage: Stage): Stage {
    return stage === 'PRODUCTION_TRAFFIC_SHIFT' &&
      deployment.productionWeight < 100
      ? 'PRE_PRODUCTION_TRAFFIC_SHIFT'
      : STAGES[STAGES.indexOf(stage) + 1];
  }

  #enter(
    service: ServiceRecord,
    deployment: ServiceDeploymentRecord,
    stage: Stage,
    at: number,
  ): void {
    const { chance, estate } = this.parts;
    deployment.lifecycleStage = stage;
    deployment.updatedAt = at;
    const group = estate.revision(deployment.targetRevision).targetGroup ?? '';
    if (stage === 'TEST_TRAFFIC_SHIFT') {
      deployment.testWeight = 100;
      giveTraffic(estate, service, 'test', { group, percent: 100 });
    }
    if (stage === 'PRODUCTION_TRAFFIC_SHIFT') {
      const percent = this.#nextShare(service, deployment.productionWeight);
      deployment.productionWeight = percent;
      giveTraffic(estate, service, 'production', { group, percent });
    }
    if (stage === service.pauseAt && PAUSABLE.includes(stage)) {
      const expiresAt = at + chance.seconds(service.pauseTimeoutMinutes * 60);
      deployment.hook = {
        id: chance.uuid(),
        stage,
        status: 'AWAITING_ACTION',
        expiresAt,
      };
      moveDeployment(this.parts, deployment, expiresAt);
      return;
    }
    this.#plan(service, deployment, stage, at);
  }

  #nextShare(service: ServiceRecord, share: number): number {
    switch (service.strategy) {
      case 'CANARY':
        return share === 0 ? service.canaryPercent : 100;
      case 'LINEAR':
        return Math.min(100, share + service.stepPercent);
      default:
        return 100;
    }
  }

  #plan(
    service: ServiceRecord,
    deployment: ServiceDeploymentRecord,
    stage: Stage,
    at: number,
  ): void {
    if (BY_TASKS.includes(stage)) {
      moveDeployment(this.parts, deployment, null);
      return;
    }
    let seconds = 3;
    if (stage === 'BAKE_TIME') seconds = service.bakeMinutes * 60;
    if (stage === 'TEST_TRAFFIC_SHIFT') seconds = 6;
    if (stage === 'PRODUCTION_TRAFFIC_SHIFT') {
      const bakes = deployment.productionWeight < 100;
      seconds = 6 + (bakes ? service.stepBakeMinutes * 60 : 0);
    }
    const due = at + this.parts.chance.seconds(seconds);
    moveDeployment(this.parts, deployment, due);
  }

  /** A person lets a paused deployment go on. */
  resume(
    service: ServiceRecord,
    deployment: ServiceDeploymentRecord,
    at: number,
  ): void {
    if (deployment.hook) deployment.hook.status = 'SUCCEEDED';
    deployment.updatedAt = at;
    this.#plan(service, deployment, stageOf(deployment), at);
    this.forward(service, deployment, at, false);
  }

  /** The way back: old tasks complete, traffic to them, new tasks away. */
  back(
    service: ServiceRecord,
    deployment: ServiceDeploymentRecord,
    at: number,
    due: boolean,
  ): void {
    const { fleet } = this;
    const { plan } = deployment;
    const source = service.activeRevision;
    fleet.keep(service, source, service.desiredCount, at);
    if (plan.step === 0) {
      if (fleet.ready(service, source) < service.desiredCount) return;
      plan.step = RETURNING;
      deployment.lifecycleStage = 'PRODUCTION_TRAFFIC_SHIFT';
      deployment.updatedAt = at;
      this.endings.returnTraffic(service, deployment);
      const done = at + this.parts.chance.seconds(6);
      moveDeployment(this.parts, deployment, done);
      return;
    }
    if (plan.step === RETURNING) {
      if (!due) return;
      plan.step = CLEANING;
      deployment.lifecycleStage = 'CLEAN_UP';
      deployment.updatedAt = at;
    }
    fleet.trimOthers(service, [source], 0, at);
    if (fleet.isWhole(service, source)) {
      this.endings.rolledBack(service, deployment, at);
    }
  }
}
