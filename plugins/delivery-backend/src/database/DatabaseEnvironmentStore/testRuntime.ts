import type {
  Environment,
  LogicalDeployment,
  RuntimeChange,
  RuntimeDeploymentFact,
  RuntimeFact,
  RuntimeRevisionFact,
  RuntimeServiceFact,
  RuntimeTasksFact,
  TaskDefinitionFact,
} from 'backstage-plugin-delivery-common';
import type { EnvironmentBinding } from '../EnvironmentStore';

/** What a runtime tells, for tests of the store: small, complete, each overridable. */
export const SCOPE = { accountId: '111122223333', region: 'eu-west-1' };
export const NOON = Date.UTC(2026, 10, 20, 12);
export const DIGEST = `sha256:${'d'.repeat(64)}`;
export const REPOSITORY = 'registry.example/acme/api';

export function keyOf(service: string, scope = SCOPE): string {
  return `ecs/${scope.accountId}/${scope.region}/main/${service}`;
}

export function told(fact: RuntimeFact, at: number = NOON): RuntimeChange {
  return { at, fact };
}

export function serviceFact(
  service: string,
  more: Partial<RuntimeServiceFact> = {},
): RuntimeServiceFact {
  return {
    kind: 'runtimeService',
    runtimeKey: keyOf(service),
    arn: `arn:aws:ecs:eu-west-1:111122223333:service/main/${service}`,
    status: 'active',
    rawStatus: 'ACTIVE',
    controller: 'ecs',
    strategy: 'rolling',
    desired: 3,
    running: 3,
    pending: 0,
    taskDefinition: `td/${service}:1`,
    revisions: [
      { revisionKey: `rev/${service}/1`, requested: 3, running: 3, pending: 0 },
    ],
    deployments: [],
    targetGroups: [],
    alarmNames: [`${service}-5xx`],
    tags: { 'backstage.io/entity': `component:default/${service}` },
    events: [],
    ...more,
  };
}

export function deploymentFact(
  service: string,
  n: number,
  more: Partial<RuntimeDeploymentFact> = {},
): RuntimeDeploymentFact {
  return {
    kind: 'runtimeDeployment',
    deploymentKey: `dep/${service}/${n}`,
    runtimeKey: keyOf(service),
    status: 'in_progress',
    rawStatus: 'IN_PROGRESS',
    createdAt: NOON + n * 1000,
    target: {
      revisionKey: `rev/${service}/${n}`,
      ...{ requested: 3, running: 1, pending: 2 },
    },
    sources: [],
    hooks: [],
    ...more,
  };
}

export function revisionFact(
  service: string,
  n: number,
  more: Partial<RuntimeRevisionFact> = {},
): RuntimeRevisionFact {
  return {
    kind: 'runtimeRevision',
    revisionKey: `rev/${service}/${n}`,
    runtimeKey: keyOf(service),
    taskDefinition: `td/${service}:${n}`,
    images: [
      { container: 'app', image: `${REPOSITORY}:v${n}`, digest: DIGEST },
    ],
    targetGroups: [],
    ...more,
  };
}

export function definitionFact(
  service: string,
  n: number,
  more: Partial<TaskDefinitionFact> = {},
): TaskDefinitionFact {
  return {
    kind: 'taskDefinition',
    taskDefinition: `td/${service}:${n}`,
    status: 'active',
    containers: [
      {
        ...{ name: 'app', image: `${REPOSITORY}:v${n}`, essential: true },
        ...{ healthCheck: true, labels: {} },
      },
    ],
    ...more,
  };
}

export function tasksFact(service: string, count: number): RuntimeTasksFact {
  return {
    kind: 'runtimeTasks',
    runtimeKey: keyOf(service),
    tasks: Array.from({ length: count }, (_, index) => ({
      id: `${service}-${index}`,
      taskDefinition: `td/${service}:1`,
      health: 'healthy',
      lastStatus: 'RUNNING',
      desiredStatus: 'RUNNING',
      containers: [
        {
          ...{ name: 'app', health: 'healthy' },
          image: `${REPOSITORY}:v1`,
          digest: DIGEST,
        },
      ],
    })),
  };
}

export function imageFact(tags: string[], more: object = {}): RuntimeFact {
  return {
    ...{ kind: 'image', repository: REPOSITORY, digest: DIGEST, tags },
    ...more,
  };
}

export function alarmsFact(
  state: 'ok' | 'alarm',
  names: string[],
  scope = SCOPE,
): RuntimeFact {
  const alarms = names.map(name => ({ name, state }));
  return { kind: 'runtimeAlarms', ...scope, alarms };
}

export function environmentBinding(
  name: string,
  place: string,
  more: Partial<EnvironmentBinding> = {},
): EnvironmentBinding {
  return {
    entityRef: `component:default/${name}`,
    environment: place,
    position: 0,
    tier: 'testing',
    match: [place],
    stacks: [],
    onlyWhenSeen: false,
    ...more,
  };
}

export function logicalDeployment(
  id: string,
  startedAt: number,
  more: Partial<LogicalDeployment> = {},
): LogicalDeployment {
  return {
    id,
    kind: 'regular',
    status: 'succeeded',
    commit: {
      ...{ sha: 'a'.repeat(40), source: 'deployment', confidence: 'high' },
      title: 'Change the limits of the ledger',
      image: { uri: `${REPOSITORY}:v1`, digest: DIGEST },
    },
    startedAt,
    endedAt: startedAt + 240_000,
    durationMs: 240_000,
    by: 'dana',
    approvedBy: ['ravi'],
    ranHealthy: true,
    evidence: (['run', 'job', 'vendor_deployment'] as const).map(source => ({
      ...{ source, id: `${source} of ${id}`, status: 'success' },
      at: startedAt,
      url: 'https://github.example/acme/vaultex/actions/runs/123/job/456',
    })),
    ...more,
  };
}

export function environment(
  name: string,
  more: Partial<Environment> = {},
): Environment {
  const deployment = logicalDeployment(`${name}-1`, NOON);
  return {
    name,
    tier: 'production',
    basis: 'observed',
    commit: deployment.commit,
    since: NOON,
    deployment,
    health: { state: 'healthy', code: 'tasks', message: '3 of 3 tasks run' },
    tasks: { running: 3, desired: 3 },
    drift: [],
    alarmsFiring: [],
    runtime: { provider: 'ecs', ...SCOPE, cluster: 'main', service: name },
    asOf: NOON,
    ...more,
  };
}
