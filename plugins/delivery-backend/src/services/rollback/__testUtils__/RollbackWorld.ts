import { mockServices } from '@backstage/backend-test-utils';
import { NotAllowedError, NotFoundError } from '@backstage/errors';
import {
  type Environment,
  type Finding,
  parseRuntimeKey,
  type RollbackBody,
  type RuntimeServiceFact,
} from 'backstage-plugin-delivery-common';
import {
  type ChangeRange,
  type GatePolicy,
  type GateReading,
  type PortalRequest,
  type RuntimeState,
} from 'backstage-plugin-delivery-common/domain';
import {
  type ActingPerson,
  type DeliveryProvider,
  type RuntimeActs,
  type RuntimeProvider,
  type UserToken,
  type VendorActs,
  VendorRefusal,
} from 'backstage-plugin-delivery-node';
import type { EnvironmentBinding } from '../../../database/EnvironmentStore';
import type { JobRow, RunRow } from '../../../database/rows';
import type {
  ActContext,
  ActOutcome,
  ActRequest,
  ActRunner,
} from '../../acts/ActRunner';
import { Refusal } from '../../acts/Refusal';
import { withCode } from '../../errors';
import { RollbackService } from '../RollbackService';
import type { RollbackServiceOptions } from '../RollbackServiceOptions';
import {
  credentials,
  deploymentFact,
  digest,
  ECR,
  entity,
  GATE,
  logical,
  NOW,
  RANGE,
  REF,
  revisionKey,
  RUNTIME_KEY,
  service,
  taskDefinition,
  TOKEN,
  WORKFLOW,
} from './shop';

const EVERYTHING = [
  'delivery.deployment.rollback',
  'delivery.approval.decide',
  'delivery.breakglass',
];

/** Version 3 runs in production, 1 and 2 ran before; everything can be changed before something is done. */
export class RollbackWorld {
  permissions = [...EVERYTHING];
  hasEntity = true;
  tier: EnvironmentBinding['tier'] = 'production';
  hasRuntime = true;
  canActOnRuntime = true;
  history = [logical(3), logical(2), logical(1)];
  service: RuntimeServiceFact | 'unreadable' = service(3);
  /** What the store knows of it. */
  stored: RuntimeServiceFact = service(3);
  deployments = [deploymentFact(3), deploymentFact(2), deploymentFact(1)];
  inactive: string[] = [];
  missingImages: string[] = [];
  workflow: string | undefined = WORKFLOW;
  gate: GateReading | undefined = GATE;
  range: ChangeRange = RANGE;
  openRuns: RunRow[] = [];
  jobs: JobRow[] = [];
  runs: RunRow[] = [];
  policy: GatePolicy | undefined;
  /** Done instead of the default. */
  onWrite: () => void = () => {};
  dispatched: { runKey?: string; url?: string } = {
    runKey: 'github/1/run/99',
    url: 'https://github.example/acme/shop/actions/runs/99',
  };
  now = NOW;

  readonly written: { act: string; args: unknown[] }[] = [];
  readonly requests: { runKey: string; request: PortalRequest }[] = [];
  readonly findings: Finding[] = [];
  readonly told: string[] = [];
  readonly audited: unknown[] = [];
  readonly started: ActRequest[] = [];
  readonly steps: string[] = [];
  readonly notes: Record<string, unknown>[] = [];
  readonly pauses: number[] = [];
  readonly ranges: { base: string; head: string; own: boolean }[] = [];
  /** Told of each pause, to let the world go on. */
  onPause: (count: number) => void = () => {};

  readonly rollbacks = new RollbackService(this.#options());

  options() {
    return this.rollbacks.options(credentials, entity, 'production');
  }

  /** Does it as somebody who looked a moment ago; how the operation ended. */
  async act(
    body: Partial<RollbackBody> = {},
    token: UserToken | undefined = TOKEN,
  ): Promise<ActOutcome> {
    const { viewHash } = await this.options();
    this.written.length = 0;
    await this.rollbacks.rollback(
      ...([credentials, REF, 'production'] as const),
      {
        ...{ idempotencyKey: 'click-0123456789', target: 'deployment/2' },
        ...{ way: 'normal', comment: 'Too slow', viewHash },
        ...body,
      },
      token,
    );
    return this.#ended as Promise<ActOutcome>;
  }

  #ended: Promise<ActOutcome> | undefined;

  #runner(): ActRunner {
    const context: ActContext = {
      operationId: '11111111-2222-3333-4444-555555555555',
      auditHead: 'a'.repeat(64),
      signal: new AbortController().signal,
      step: async (code, work) => {
        this.steps.push(code);
        return work();
      },
      note: detail => {
        this.notes.push(detail as Record<string, unknown>);
      },
    };
    return {
      start: async (request, work) => {
        this.started.push(request);
        this.#ended = work(context);
        this.#ended.catch(() => {});
        return { operationId: context.operationId };
      },
      refused: async (request, error) => {
        this.audited.push({ ...request, error });
        throw error instanceof Refusal ? error.toHttpError() : error;
      },
    };
  }

  #write(act: string, ...args: unknown[]) {
    this.written.push({ act, args });
    this.onWrite();
  }

  #runtime(): RuntimeProvider {
    const world = this;
    const acts: RuntimeActs = {
      continueWithRollback: async (_, key, person: ActingPerson) => {
        world.#write('continue', key, person);
        return { requestId: 'aws-1' };
      },
      stopWithRollback: async (_, key, person) => {
        world.#write('stop', key, person);
        return { requestId: 'aws-2' };
      },
      putTaskDefinition: async (_, arn, person) => {
        world.#write('put', arn, person);
        return { requestId: 'aws-3' };
      },
      taskDefinitionIsActive: async (_, arn) => !world.inactive.includes(arn),
    };
    const provider: Partial<RuntimeProvider> = {
      id: 'ecs',
      get acts() {
        return world.canActOnRuntime ? acts : undefined;
      },
      readServices: async (_, [name]) => [
        world.service === 'unreadable'
          ? {
              service: name,
              problem: { code: 'throttled', message: 'AWS is busy.' },
            }
          : { service: name, fact: world.service },
      ],
      readDeployments: async (_, keys) =>
        world.deployments.filter(fact => keys.includes(fact.deploymentKey)),
      listDeployments: async () =>
        world.deployments.map(fact => fact.deploymentKey),
      readRevisions: async (_, keys) =>
        [...world.#state().revisions.values()].filter(fact =>
          keys.includes(fact.revisionKey),
        ),
      readTaskDefinition: async (_, arn) => ({
        ...{ kind: 'taskDefinition', taskDefinition: arn, containers: [] },
        status: world.inactive.includes(arn) ? 'inactive' : 'active',
      }),
      readImages: async images =>
        images.map(image => ({
          ...{ kind: 'image' as const, ...image, tags: [] },
          missing: world.missingImages.includes(image.digest),
        })),
    };
    return provider as RuntimeProvider;
  }

  #state(): RuntimeState {
    const numbers = [0, 1, 2, 3, 4];
    return {
      ref: parseRuntimeKey(RUNTIME_KEY)!,
      service: this.stored,
      deployments: this.deployments,
      revisions: new Map(
        numbers.map(n => [
          revisionKey(n),
          {
            ...{ kind: 'runtimeRevision', revisionKey: revisionKey(n) },
            ...{ runtimeKey: RUNTIME_KEY, targetGroups: [] },
            taskDefinition: taskDefinition(n),
            images: [
              { container: 'app', image: `${ECR}:v${n}`, digest: digest(n) },
            ],
          },
        ]),
      ),
      ...{ taskDefinitions: new Map(), images: new Map() },
      ...{ shortShas: new Map(), alarms: [] },
    };
  }

  #github(): DeliveryProvider {
    const acts: Partial<VendorActs> = {
      readEnvironment: async () => this.gate,
      readRange: async (_, { base, head }, token) => {
        this.ranges.push({ base, head, own: token !== undefined });
        return this.range;
      },
      dispatch: async (_, request, { token }) => {
        this.#write('dispatch', request, token.reveal());
        return { requestId: 'gh-1', ...this.dispatched };
      },
    };
    const provider: Partial<DeliveryProvider> = {
      id: 'github',
      acts: acts as VendorActs,
      readWorkflowFile: async (_, file) => {
        if (this.workflow === undefined) throw new NotFoundError('none');
        return { ...file, blobSha: 'b', text: this.workflow };
      },
    };
    return provider as DeliveryProvider;
  }

  #environment(): Environment {
    return {
      ...{ name: 'production', tier: this.tier, basis: 'observed' },
      commit: this.history.at(0)?.commit,
      health: { state: 'healthy', code: 'ok', message: '' },
      ...{ drift: [], alarmsFiring: [] },
    };
  }

  #binding(): EnvironmentBinding {
    return {
      ...{ entityRef: REF, environment: 'production', position: 0 },
      ...{ tier: this.tier, match: ['prod', 'production'], stacks: [] },
      runtimeKey: this.hasRuntime ? RUNTIME_KEY : undefined,
      onlyWhenSeen: false,
    };
  }

  #options(): RollbackServiceOptions {
    const world = this;
    const github = this.#github();
    const actor = {
      ref: 'user:default/cleo',
      user: entity,
      memberOf: [],
      credentials,
    };
    const allowed = (permission: string) =>
      this.permissions.includes(permission)
        ? { allowed: true }
        : {
            allowed: false,
            reason: { code: 'permission_missing', message: `no ${permission}` },
          };
    return {
      store: {
        openRuns: async () => this.openRuns,
        jobs: async () => this.jobs,
        listRuns: async () => this.runs,
      },
      environments: {
        environmentsOf: async () => [this.#binding()],
        environments: async () => [
          {
            ...{ entityRef: REF, position: 0, computedAt: NOW },
            environment: this.#environment(),
          },
        ],
        deployments: async () => this.history,
        runtimeStates: async () => new Map([[RUNTIME_KEY, this.#state()]]),
        seenEnvironments: async () => ['staging', 'production'],
      },
      approvals: {
        saveRequest: async (runKey, request) => {
          this.requests.push({ runKey, request });
        },
        addFindings: async rows => {
          this.findings.push(...rows);
          return rows;
        },
        dropFindings: async ids => {
          const left = this.findings.filter(({ id }) => !ids.includes(id));
          this.findings.splice(0, Infinity, ...left);
        },
      },
      access: {
        actor: async (_, { name }) => {
          if (!this.hasEntity) {
            throw withCode(new NotFoundError('No.'), 'entity_not_found');
          }
          if (!this.permissions.includes(name)) {
            throw withCode(
              new NotAllowedError(`You need ${name}.`),
              'permission_missing',
            );
          }
          return { actor, entity };
        },
        may: async () => ({
          entityRef: REF,
          ...{ rerun: { allowed: true }, cancel: { allowed: true } },
          dispatch: { allowed: true },
          decide: allowed('delivery.approval.decide'),
          rollback: allowed('delivery.deployment.rollback'),
          breakGlass: allowed('delivery.breakglass'),
          readAudit: { allowed: true },
          asOf: NOW,
        }),
        repositoryOf: async () => ({
          ...{ repoKey: 'github/1', host: 'github.example' },
          ...{ slug: 'acme/shop', url: '', deleted: false },
          defaultBranch: 'main',
        }),
      },
      runner: this.#runner(),
      identity: {
        prove: async (_, host, token) => {
          if (token.reveal() !== TOKEN.reveal()) {
            throw new VendorRefusal('token_not_ours', 'Not ours.');
          }
          return { host, id: '1', nodeId: 'n1', login: 'cleo' };
        },
      },
      providerOf: () => github,
      runtimeProviders: [this.#runtime()],
      environmentSets: [
        {
          name: 'default',
          environments: [
            {
              ...{ name: 'production', tier: 'production', match: ['prod'] },
              stacks: [],
              get policy() {
                return world.policy;
              },
            },
          ],
        },
      ],
      onActed: key => this.told.push(`acted ${key}`),
      onStarted: ({ runKey }) => this.told.push(`started ${runKey}`),
      onBreakGlass: ({ id }) => this.told.push(`glass ${id}`),
      logger: mockServices.logger.mock(),
      now: () => this.now,
      pause: async ms => {
        this.pauses.push(ms);
        this.onPause(this.pauses.length);
      },
    };
  }
}

/** What an operation was refused or failed with. */
export async function failureOf(work: Promise<unknown>) {
  const error: unknown = await work.then(
    () => {
      throw new Error('It was done.');
    },
    thrown => thrown,
  );
  if (error instanceof Refusal) return { kind: 'refused', ...error.refusal };
  const { name, code, message } = error as Error & { code?: string };
  return { kind: name, code, message };
}
