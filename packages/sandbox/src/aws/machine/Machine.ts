import {
  AwsError,
  type AwsCloud,
  type DeploymentProgress,
  type ServiceName,
} from '../cloud';
import type {
  AwsPlace,
  AwsRecords,
  RepositoryRecord,
  ServiceDeploymentRecord,
  ServiceRecord,
  TaskDefinitionRecord,
  TaskRecord,
} from '../records';
import { taskDefinitionArn } from './arns';
import {
  findDefinition,
  registerDefinition,
  usableDefinition,
  type NewDefinition,
} from './definitions';
import { driftedDefinition } from './drift';
import { mainDigest } from './health';
import type { NewImage } from './images';
import {
  breakTargets,
  killTasks,
  retire,
  ringAlarm,
  type Touched,
} from './incidents';
import { continueDeployment, progressOf, stopDeployment } from './orders';
import { Motion, type MachineOptions } from './Motion';
import type { Parts } from './Parts';
import type { Rollouts } from './Rollouts';
import { seedService, type ServiceSpec } from './seedService';
import type { TaskLife } from './TaskLife';

/** AWS with the means to fill it. */
export interface SandboxAws extends AwsCloud {
  /** A service that runs already, with all that belongs to it, and no rollout. */
  seedService(spec: ServiceSpec): ServiceRecord;
}

/** The state machine: see {@link AwsCloud}. */
export class Machine implements SandboxAws {
  readonly records: AwsRecords;
  readonly #motion: Motion;
  readonly #parts: Parts;
  readonly #tasks: TaskLife;
  readonly #rollouts: Rollouts;
  readonly #touched: Touched;

  constructor(options: MachineOptions) {
    this.records = options.records;
    this.#motion = new Motion(options);
    this.#parts = this.#motion.parts;
    this.#tasks = this.#motion.tasks;
    this.#rollouts = this.#motion.rollouts;
    this.#touched = this.#motion;
  }

  settle(): void {
    this.#motion.settle();
  }

  nextAt(): number | undefined {
    return this.#motion.nextAt();
  }

  #act<T>(action: (at: number) => T): T {
    return this.#motion.act(action);
  }

  putImage(place: AwsPlace, image: NewImage): void {
    this.#act(at => this.#parts.images.put(place, image, at));
  }

  createRepository(
    place: AwsPlace,
    repository: Pick<RepositoryRecord, 'name' | 'mutability' | 'tags'>,
  ): RepositoryRecord {
    return this.#act(at =>
      this.#parts.images.createRepository(place, repository, at),
    );
  }

  createService(spec: ServiceSpec): ServiceRecord {
    return this.seedService(spec);
  }

  tagService(name: ServiceName, tags: Record<string, string>): void {
    this.#act(() => {
      Object.assign(this.#parts.estate.activeService(name).tags, tags);
    });
  }

  registerTaskDefinition(
    place: AwsPlace,
    definition: NewDefinition,
    by: string,
  ): TaskDefinitionRecord {
    const { estate } = this.#parts;
    return this.#act(at =>
      registerDefinition(estate, place, definition, { principal: by, at }),
    );
  }

  deregisterTaskDefinition(place: AwsPlace, arn: string): TaskDefinitionRecord {
    return this.#act(() => {
      const found = findDefinition(this.#parts.estate, place, arn);
      found.status = 'INACTIVE';
      return found;
    });
  }

  updateService(
    name: ServiceName,
    change: { taskDefinition?: string; desiredCount?: number; force?: boolean },
    by: string,
  ): ServiceDeploymentRecord | undefined {
    return this.#act(at => {
      const { estate } = this.#parts;
      const service = estate.activeService(name);
      const wanted = change.taskDefinition ?? service.taskDefinition;
      const other =
        change.taskDefinition === undefined
          ? undefined
          : usableDefinition(estate, service, wanted);
      if (change.desiredCount !== undefined) {
        this.#setCount(service, change.desiredCount, at);
      }
      const definition =
        other ?? findDefinition(estate, service, service.taskDefinition);
      const current = findDefinition(estate, service, service.taskDefinition);
      if (definition === current && !change.force) return undefined;
      return this.#rollouts.beginnings.start(service, definition, by, at);
    });
  }

  progress(deploymentArn: string): DeploymentProgress {
    this.settle();
    return progressOf(
      this.#parts,
      this.#parts.estate.deployment(deploymentArn),
      this.#motion.now(),
    );
  }

  runTask(
    place: AwsPlace & { cluster: string },
    task: {
      taskDefinition: string;
      startedBy: string;
      exitCode?: number;
      seconds?: number;
    },
  ): TaskRecord {
    return this.#act(at => {
      const { estate, images } = this.#parts;
      estate.cluster(place, place.cluster);
      const definition = usableDefinition(estate, place, task.taskDefinition);
      const main = definition.containers.find(({ essential }) => essential);
      return this.#tasks.startOneOff(
        place,
        {
          cluster: place.cluster,
          taskDefinition: taskDefinitionArn(definition),
          startedBy: task.startedBy,
          digest: mainDigest(images.resolve(definition), main?.name),
          plan: { seconds: task.seconds ?? 20, exitCode: task.exitCode ?? 0 },
        },
        at,
      );
    });
  }

  stopDeployment(
    arn: string,
    stopType: 'ROLLBACK' | 'ABORT',
  ): ServiceDeploymentRecord {
    return this.#act(at => stopDeployment(this.#parts, arn, stopType, at));
  }

  continueDeployment(
    arn: string,
    hookId: string,
    action: 'CONTINUE' | 'ROLLBACK',
  ): ServiceDeploymentRecord {
    return this.#act(at =>
      continueDeployment(this.#touched, { arn, hookId, action }, at),
    );
  }

  #setCount(service: ServiceRecord, count: number, at: number): void {
    if (!Number.isInteger(count) || count < 0) {
      throw new AwsError(
        'InvalidParameterException',
        'Desired count must be a whole number and not negative.',
      );
    }
    service.desiredCount = count;
    this.#rollouts.advance(service, at);
  }

  setDesiredCount(name: ServiceName, count: number): void {
    this.#act(at =>
      this.#setCount(this.#parts.estate.activeService(name), count, at),
    );
  }

  deleteService(name: ServiceName): void {
    this.#act(at =>
      retire(this.#touched, this.#parts.estate.activeService(name), at),
    );
  }

  service(name: ServiceName): ServiceRecord {
    this.settle();
    return this.#parts.estate.service(name);
  }

  taskDefinition(arn: string): TaskDefinitionRecord {
    this.settle();
    const [, , , region = '', accountId = ''] = arn.split(':');
    return findDefinition(this.#parts.estate, { accountId, region }, arn);
  }

  drift(
    name: ServiceName,
    by: string,
    image: { repository: string; digest: string; tags: string[] },
  ): ServiceDeploymentRecord {
    return this.#act(at => {
      const service = this.#parts.estate.activeService(name);
      const definition = driftedDefinition(this.#parts, service, image, {
        principal: by,
        at,
      });
      return this.#rollouts.beginnings.start(service, definition, by, at);
    });
  }

  setAlarm(place: AwsPlace, alarm: string, state: 'OK' | 'ALARM'): void {
    this.#act(at => ringAlarm(this.#touched, place, alarm, state, at));
  }

  killTasks(name: ServiceName, count: number): number {
    return this.#act(at =>
      killTasks(
        this.#touched,
        this.#parts.estate.activeService(name),
        count,
        at,
      ),
    );
  }

  breakTargets(
    name: ServiceName,
    reason: 'timeout' | 'code' | undefined,
  ): number {
    return this.#act(at =>
      breakTargets(
        this.#touched,
        this.#parts.estate.activeService(name),
        reason,
        at,
      ),
    );
  }

  spoilNext(
    name: ServiceName,
    what: NonNullable<ServiceDeploymentRecord['plan']['bad']>,
  ): void {
    this.#act(() => {
      this.#parts.estate.activeService(name).spoilNext = what;
    });
  }

  seedService(spec: ServiceSpec): ServiceRecord {
    return this.#act(at => seedService(this.#touched, spec, at));
  }
}
