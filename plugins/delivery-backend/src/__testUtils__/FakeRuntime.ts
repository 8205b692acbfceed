import {
  type ClusterScope,
  runtimeKeyOf,
  type RuntimeDeploymentFact,
  type RuntimeHealth,
  type RuntimeRef,
  type RuntimeRevisionFact,
  type RuntimeScope,
  type RuntimeServiceFact,
  type TaskDefinitionFact,
} from 'backstage-plugin-delivery-common';
import type {
  RuntimeHint,
  RuntimeProvider,
} from 'backstage-plugin-delivery-node';

export const REGION = 'eu-west-1';
const REGISTRY = 'registry.example/acme/api';

/** An error as providers throw it: with a code and a sentence. */
export function refusal(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

interface Deployed {
  fact: RuntimeServiceFact;
  tasks: number;
}

/** A runtime that holds what the test deploys there, and counts calls by the batches that AWS allows. */
export class FakeRuntime implements RuntimeProvider {
  readonly id = 'ecs';
  readonly services = new Map<string, Deployed>();
  readonly deployments = new Map<string, RuntimeDeploymentFact>();
  readonly revisions = new Map<string, RuntimeRevisionFact>();
  readonly definitions = new Map<string, TaskDefinitionFact>();
  readonly firing = new Set<string>();
  /** By account, or by operation. */
  readonly broken = new Map<string, Error>();
  /** Accounts that never answer, and honour no signal. */
  readonly silent = new Set<string>();
  calls: string[] = [];
  hints: RuntimeHint[] = [];
  health: RuntimeHealth | undefined;

  /** Calls since the last look: operation → how many. */
  taken(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const call of this.calls) counts[call] = (counts[call] ?? 0) + 1;
    this.calls = [];
    return counts;
  }

  static ref(service: string, more: Partial<RuntimeRef> = {}): RuntimeRef {
    return {
      ...{ provider: 'ecs', accountId: '111122223333', region: REGION },
      ...{ cluster: 'main', service },
      ...more,
    };
  }

  /** The service runs this commit with all its tasks; gives its key. */
  deploy(
    ref: RuntimeRef,
    sha: string,
    more: Partial<RuntimeServiceFact> & {
      status?: RuntimeServiceFact['status'];
      rollout?: RuntimeDeploymentFact['status'];
      tasks?: number;
      at?: number;
    } = {},
  ): string {
    const { rollout = 'succeeded', tasks = 2, at = 1_000, ...rest } = more;
    const runtimeKey = runtimeKeyOf(ref);
    const id = sha.slice(0, 7);
    const taskDefinition = `${runtimeKey}:td:${id}`;
    const revisionKey = `${runtimeKey}:rev:${id}`;
    const deploymentKey = `${runtimeKey}:dep:${id}`;
    const moving = rollout === 'in_progress';
    const image = `${REGISTRY}:${sha}`;
    this.definitions.set(taskDefinition, {
      ...{ kind: 'taskDefinition', taskDefinition, status: 'active' },
      containers: [
        {
          ...{ name: 'app', image, essential: true, healthCheck: true },
          labels: { 'org.opencontainers.image.revision': sha },
        },
      ],
    });
    this.revisions.set(revisionKey, {
      ...{ kind: 'runtimeRevision', revisionKey, runtimeKey, taskDefinition },
      images: [
        { container: 'app', image, digest: `sha256:${id.padEnd(64, '0')}` },
      ],
      ...{ targetGroups: [], createdAt: at },
    });
    const counts = { running: tasks, pending: 0 };
    const before = this.services.get(runtimeKey)?.fact;
    this.deployments.set(deploymentKey, {
      ...{ kind: 'runtimeDeployment', deploymentKey, runtimeKey },
      ...{ status: rollout, rawStatus: rollout.toUpperCase() },
      ...{ createdAt: at, startedAt: at },
      finishedAt: moving ? undefined : at + 60_000,
      target: { revisionKey, requested: 2, ...counts },
      sources: [],
      hooks: [],
    });
    const fact: RuntimeServiceFact = {
      ...{ kind: 'runtimeService', runtimeKey },
      arn: `arn:aws:ecs:${ref.region}:${ref.accountId}:service/${ref.cluster}/${ref.service}`,
      ...{ status: 'active', rawStatus: 'ACTIVE', controller: 'ecs' },
      ...{ strategy: 'rolling', desired: 2, ...counts },
      ...{ taskDefinition, currentDeployment: deploymentKey },
      revisions: [{ revisionKey, requested: 2, ...counts }],
      deployments: [
        {
          ...{ id: `ecs-svc/${id}`, role: 'primary', taskDefinition },
          ...{ desired: 2, failedTasks: 0, ...counts },
          rollout: moving ? 'in_progress' : 'completed',
          createdAt: at,
        },
        ...(moving
          ? (before?.deployments ?? [])
              .filter(item => item.id !== `ecs-svc/${id}`)
              .map(item => ({ ...item, role: 'active' as const }))
          : []),
      ],
      ...{ targetGroups: [], alarmNames: [], tags: {}, events: [] },
      ...rest,
    };
    this.services.set(runtimeKey, { fact, tasks });
    return runtimeKey;
  }

  parseEvent(): RuntimeHint[] {
    return this.hints;
  }

  async readServices(cluster: ClusterScope, names: string[]) {
    await this.#call('DescribeServices', cluster, names.length, 10);
    return names.map(service => {
      const known = this.services.get(keyIn(cluster, service));
      return known
        ? { service, fact: known.fact }
        : {
            service,
            problem: {
              code: 'service_not_found',
              message: `There is no service ${service} in ${cluster.cluster}.`,
            },
          };
    });
  }

  async listServices(cluster: ClusterScope) {
    const names = this.#in(cluster).map(key => String(key.split('/').at(-1)));
    await this.#call('ListServices', cluster, names.length, 100);
    return names;
  }

  async listDeployments(ref: RuntimeRef) {
    await this.#call('ListServiceDeployments', ref, 1, 100);
    return [...this.deployments.values()]
      .filter(item => item.runtimeKey === runtimeKeyOf(ref))
      .map(item => item.deploymentKey);
  }

  async readDeployments(scope: RuntimeScope, keys: string[]) {
    await this.#call('DescribeServiceDeployments', scope, keys.length, 20);
    return keys.flatMap(key => this.deployments.get(key) ?? []);
  }

  async readRevisions(scope: RuntimeScope, keys: string[]) {
    await this.#call('DescribeServiceRevisions', scope, keys.length, 20);
    return keys.flatMap(key => this.revisions.get(key) ?? []);
  }

  async readTaskDefinition(scope: RuntimeScope, arn: string) {
    await this.#call('DescribeTaskDefinition', scope, 1, 1);
    const known = this.definitions.get(arn);
    if (!known)
      throw Object.assign(new Error('gone'), { name: 'NotFoundError' });
    return known;
  }

  async readImages(images: { repository: string; digest: string }[]) {
    this.calls.push('DescribeImages');
    return images.map(image => ({
      ...{ kind: 'image' as const, ...image, tags: [], missing: true },
    }));
  }

  async readTasks(cluster: ClusterScope) {
    const keys = this.#in(cluster);
    const all = keys.reduce(
      (sum, key) => sum + (this.services.get(key)?.tasks ?? 0),
      0,
    );
    await this.#call('ListTasks', cluster, all, 100);
    await this.#call('DescribeTasks', cluster, all, 100);
    return keys.map(runtimeKey => ({
      ...{ kind: 'runtimeTasks' as const, runtimeKey },
      tasks: Array.from(
        { length: this.services.get(runtimeKey)?.tasks ?? 0 },
        (_, index) => ({
          id: `task-${index}`,
          taskDefinition: this.services.get(runtimeKey)?.fact.taskDefinition,
          ...{ health: 'healthy' as const, lastStatus: 'RUNNING' },
          ...{ desiredStatus: 'RUNNING', containers: [] },
        }),
      ),
    }));
  }

  async readAlarms(scope: RuntimeScope, names: string[]) {
    await this.#call('DescribeAlarms', scope, names.length, 100);
    return {
      ...{ kind: 'runtimeAlarms' as const, ...scope },
      alarms: names.map(name => ({
        name,
        state: this.firing.has(name) ? ('alarm' as const) : ('ok' as const),
      })),
    };
  }

  async readHealth(service: RuntimeServiceFact): Promise<RuntimeHealth> {
    const [, accountId, region] = service.runtimeKey.split('/');
    await this.#call('readHealth', { accountId, region }, 1, 1);
    return (
      this.health ?? {
        ...{ at: 1, tasks: [], stopped: [], targetGroups: [] },
        ...{ alarms: [], metrics: [], problems: [] },
      }
    );
  }

  consoleUrl({ service }: RuntimeRef): string {
    return `https://console.example/${service}`;
  }

  #in(cluster: ClusterScope): string[] {
    const prefix = keyIn(cluster, '');
    return [...this.services.keys()].filter(key => key.startsWith(prefix));
  }

  async #call(
    operation: string,
    { accountId }: RuntimeScope,
    items: number,
    together: number,
  ): Promise<void> {
    const calls = Math.max(1, Math.ceil(items / together));
    for (let call = 0; call < calls; call++) this.calls.push(operation);
    if (this.silent.has(accountId)) await new Promise(() => {});
    const error = this.broken.get(accountId) ?? this.broken.get(operation);
    if (error) throw error;
  }
}

function keyIn({ accountId, region, cluster }: ClusterScope, service: string) {
  return ['ecs', accountId, region, cluster, service].join('/');
}
