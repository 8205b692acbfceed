import { mockServices } from '@backstage/backend-test-utils';
import { NotAllowedError, NotFoundError } from '@backstage/errors';
import type {
  Environment,
  RollbackBody,
} from 'backstage-plugin-delivery-common';
import { type UserToken, VendorRefusal } from 'backstage-plugin-delivery-node';
import type { EnvironmentBinding } from '../../../database/EnvironmentStore';
import type { ActContext, ActOutcome, ActRunner } from '../../acts/ActRunner';
import { Refusal } from '../../acts/Refusal';
import { withCode } from '../../errors';
import { RollbackService } from '../RollbackService';
import type { RollbackServiceOptions } from '../RollbackServiceOptions';
import { credentials, entity, NOW, REF, RUNTIME_KEY, TOKEN } from './shop';
import { ShopState } from './ShopState';
import { githubOf, runtimeOf, storedOf } from './shopVendors';

/** The shop with everything around the service that rolls it back. */
export class RollbackWorld extends ShopState {
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
    const policy = () => this.policy;
    const github = githubOf(this);
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
        runtimeStates: async () => new Map([[RUNTIME_KEY, storedOf(this)]]),
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
      runtimeProviders: [runtimeOf(this)],
      environmentSets: [
        {
          name: 'default',
          environments: [
            {
              ...{ name: 'production', tier: 'production', match: ['prod'] },
              stacks: [],
              get policy() {
                return policy();
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
