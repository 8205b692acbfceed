import type { ServiceName } from '../cloud';
import type {
  AlarmRecord,
  AwsPlace,
  ServiceRecord,
  TaskDefinitionRecord,
} from '../records';
import { elbArn } from './arns';
import { registerDefinition } from './definitions';
import { repositoryUri } from './images';
import type { Touched } from './incidents';
import { tellSteady } from './tell';

/** A service as the world begins with it: it runs already, nothing is rolled out. */
export interface ServiceSpec
  extends ServiceName,
    Pick<ServiceRecord, 'desiredCount' | 'container'>,
    Partial<
      Pick<
        ServiceRecord,
        | 'strategy'
        | 'circuitBreaker'
        | 'bakeMinutes'
        | 'canaryPercent'
        | 'stepPercent'
        | 'stepBakeMinutes'
        | 'pauseAt'
        | 'pauseTimeoutMinutes'
        | 'healthCheckGraceSeconds'
        | 'tags'
      >
    > {
  /** Null: a worker, without balancer and target groups. */
  port: number | null;
  /** It is put into the registry (of `registry`, or of the service's own account and region). */
  image: {
    repository: string;
    digest: string;
    tags: string[];
    registry?: AwsPlace;
  };
  /** How the definition names the image: by its digest unless `tag` and it has one. */
  by?: 'digest' | 'tag';
  /** Principal that registered the definition and asked for the deployment. */
  principal: string;
  /** Family; the service's name unless given. */
  family?: string;
  labels?: Record<string, string>;
  healthCheck?: string | null;
  command?: string[];
  /** Further containers of the task. */
  sidecars?: TaskDefinitionRecord['containers'];
  /** Path of the balancer's health check. */
  healthPath?: string;
  /** Name of the balancer; services may share one. The service's name unless given. */
  balancer?: string;
  alarms?: {
    items: Pick<AlarmRecord, 'name' | 'metric' | 'threshold'>[];
    rollback: boolean;
  };
}

/** Cluster, balancer, target groups, alarms, definition, revision and tasks that are healthy at once. */
export function seedService(
  touched: Touched,
  spec: ServiceSpec,
  at: number,
): ServiceRecord {
  const { parts, tasks, rollouts } = touched;
  const { estate, images } = parts;
  const place = { accountId: spec.accountId, region: spec.region };
  const clusters = estate.records.clusters.filter(
    ({ accountId, region }) =>
      accountId === place.accountId && region === place.region,
  );
  if (!clusters.some(({ name }) => name === spec.cluster)) {
    estate.clusters.add({ ...place, name: spec.cluster });
  }
  images.put(spec.image.registry ?? place, spec.image, at);
  const targetGroups = seedBalancer(touched, spec, at);
  seedAlarms(touched, spec, at);
  const definition = seedDefinition(touched, spec, at);
  const name = { ...place, cluster: spec.cluster, service: spec.service };
  const group = targetGroups[0] ?? null;
  const revision = rollouts.beginnings.revision(name, definition, group, at);
  const deployment = rollouts.beginnings.record(
    name,
    revision,
    spec.principal,
    at,
  );
  deployment.status = 'SUCCESSFUL';
  deployment.startedAt = at;
  deployment.finishedAt = at;
  deployment.productionWeight = 100;
  const service: ServiceRecord = {
    ...place,
    cluster: spec.cluster,
    name: spec.service,
    createdAt: at,
    status: 'ACTIVE',
    desiredCount: spec.desiredCount,
    taskDefinition: revision.taskDefinition,
    strategy: spec.strategy ?? 'ROLLING',
    circuitBreaker: spec.circuitBreaker ?? null,
    alarms: spec.alarms
      ? {
          names: spec.alarms.items.map(alarm => alarm.name),
          rollback: spec.alarms.rollback,
        }
      : null,
    bakeMinutes: spec.bakeMinutes ?? 0,
    canaryPercent: spec.canaryPercent ?? 5,
    stepPercent: spec.stepPercent ?? 10,
    stepBakeMinutes: spec.stepBakeMinutes ?? 6,
    pauseAt: spec.pauseAt ?? null,
    pauseTimeoutMinutes: spec.pauseTimeoutMinutes ?? 1440,
    container: spec.container,
    port: spec.port,
    targetGroups,
    healthCheckGraceSeconds: spec.healthCheckGraceSeconds ?? 60,
    tags: { ...spec.tags },
    events: [],
    activeRevision: revision.arn,
    currentDeployment: deployment.arn,
  };
  estate.services.add(service);
  for (const task of tasks.start(service, revision, spec.desiredCount, at)) {
    tasks.skipToReady(service, task, at);
  }
  tellSteady(parts.chance, service, at);
  return service;
}

function seedDefinition(
  { parts }: Touched,
  spec: ServiceSpec,
  at: number,
): TaskDefinitionRecord {
  const { image } = spec;
  const uri = repositoryUri(image.registry ?? spec, image.repository);
  const [tag] = image.tags;
  return registerDefinition(
    parts.estate,
    spec,
    {
      family: spec.family ?? spec.service,
      containers: [
        {
          name: spec.container,
          image:
            spec.by === 'tag' && tag
              ? `${uri}:${tag}`
              : `${uri}@${image.digest}`,
          essential: true,
          port: spec.port,
          labels: { ...spec.labels },
          healthCheck: spec.healthCheck ?? null,
          command: [...(spec.command ?? [])],
        },
        ...(spec.sidecars ?? []),
      ],
    },
    { principal: spec.principal, at },
  );
}

/** Target groups (two when traffic shifts) and a rule on the production and, when there are two, the test listener. */
function seedBalancer(
  { parts }: Touched,
  spec: ServiceSpec,
  at: number,
): string[] {
  if (spec.port === null) return [];
  const { estate, chance } = parts;
  const place = { accountId: spec.accountId, region: spec.region };
  const shifts = (spec.strategy ?? 'ROLLING') !== 'ROLLING';
  const groups = shifts
    ? [`${spec.service}-blue`, `${spec.service}-green`]
    : [spec.service];
  const name = spec.balancer ?? spec.service;
  let balancer = estate.balancer(place, name);
  if (!balancer) {
    const id = chance.hex(16);
    balancer = {
      ...place,
      arn: elbArn(place, 'loadbalancer/app', `${name}/${id}`),
      name,
      dnsName: `${name}-${chance.hex(10)}.${place.region}.elb.amazonaws.com`,
      state: 'active',
      createdAt: at,
      listeners: [],
    };
    estate.balancers.add(balancer);
  }
  for (const group of groups) {
    estate.targetGroups.add({
      ...place,
      arn: elbArn(place, 'targetgroup', `${group}/${chance.hex(16)}`),
      name: group,
      port: spec.port,
      path: spec.healthPath ?? '/health',
      matcher: '200',
      intervalSeconds: 10,
      healthyThreshold: 3,
      balancer: name,
    });
  }
  const path = balancer.arn.split('loadbalancer/app/')[1];
  for (const port of shifts ? [443, 8443] : [443]) {
    let listener = balancer.listeners.find(one => one.port === port);
    if (!listener) {
      const arn = elbArn(place, 'listener/app', `${path}/${chance.hex(16)}`);
      listener = { arn, port, rules: [] };
      balancer.listeners.push(listener);
    }
    const { rules } = listener;
    const rest = listener.arn.split('listener/app/')[1];
    rules.push({
      arn: elbArn(place, 'listener-rule/app', `${rest}/${chance.hex(16)}`),
      priority: String(rules.length + 1),
      forwards: groups.map((group, index) => ({
        group,
        weight: index === 0 ? 100 : 0,
      })),
    });
  }
  return groups;
}

function seedAlarms({ parts }: Touched, spec: ServiceSpec, at: number): void {
  for (const alarm of spec.alarms?.items ?? []) {
    if (parts.estate.alarm(spec, alarm.name)) continue;
    parts.estate.alarms.add({
      accountId: spec.accountId,
      region: spec.region,
      name: alarm.name,
      state: 'OK',
      reason: 'Threshold not crossed.',
      updatedAt: at,
      metric: alarm.metric,
      threshold: alarm.threshold,
    });
  }
}
