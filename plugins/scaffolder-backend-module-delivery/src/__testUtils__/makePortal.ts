import { ConfigReader } from '@backstage/config';
import type { Entity, UserEntity } from '@backstage/catalog-model';
import { ScmIntegrations } from '@backstage/integration';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import type { TemplateAction } from '@backstage/plugin-scaffolder-node';
import { createMockActionContext } from '@backstage/plugin-scaffolder-node-test-utils';
import { mockServices } from '@backstage/backend-test-utils';
import type { JsonObject } from '@backstage/types';
import { createDeliveryActions } from '../createDeliveryActions';
import type { Sleep } from '../github/PersonClient';
import { FakeGithub } from './FakeGithub';

function person(name: string, id?: number, groups: string[] = []): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'User',
    metadata: {
      name,
      namespace: 'default',
      annotations: id
        ? { 'github.com/user-login': name, 'github.com/user-id': `U_${id}` }
        : {},
    },
    spec: { memberOf: groups },
    relations: groups.map(owner => ({
      type: 'memberOf',
      targetRef: `group:default/${owner}`,
    })),
  };
}

function group(name: string, team?: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Group',
    metadata: {
      name,
      namespace: 'default',
      annotations: team ? { 'github.com/team-slug': team } : {},
    },
    spec: { type: 'team', children: [] },
  };
}

/** People and groups of the tests; `aude` has no account at GitHub, `mallory` had one whose name changed hands. */
export const ENTITIES: Entity[] = [
  person('dana', 501, ['platform']),
  person('ravi', 502, ['platform', 'lonely']),
  person('cleo', 503),
  person('pat', 504),
  person('aude', undefined, ['nobody']),
  group('platform', 'acme/platform'),
  group('elsewhere', 'vaultex/payments'),
  group('lonely'),
  group('nobody'),
];

/** What an action did. */
export interface Done {
  outputs: Record<string, unknown>;
  log: string;
  error?: Error;
}

/** How an action is started; what is left out: by dana, in earnest. */
export interface Start {
  isDryRun?: boolean;
  signal?: AbortSignal;
  user?: Entity;
}

/** A portal with the actions, whose GitHub is on loopback and whose time stands still unless somebody sleeps. */
export class Portal {
  readonly github = new FakeGithub();
  readonly entities = structuredClone(ENTITIES);
  time = 0;
  readonly slept: number[] = [];
  /** Called at each sleep, to play what happens meanwhile. */
  onSleep: () => void = () => {};

  async start(): Promise<this> {
    await this.github.start();
    return this;
  }

  stop(): Promise<void> {
    return this.github.stop();
  }

  repoUrl(name: string): string {
    return `${this.github.host}?owner=acme&repo=${name}`;
  }

  actions(): TemplateAction[] {
    const { host } = this.github;
    const config = new ConfigReader({
      integrations: {
        github: [
          { host, apiBaseUrl: `http://${host}`, token: 'ghp_integration' },
        ],
      },
    });
    const sleep: Sleep = async (milliseconds, signal) => {
      signal?.throwIfAborted();
      this.slept.push(milliseconds);
      this.time += milliseconds;
      this.onSleep();
    };
    return createDeliveryActions({
      integrations: ScmIntegrations.fromConfig(config),
      catalog: catalogServiceMock({ entities: this.entities }),
      now: () => this.time,
      sleep,
    }) as TemplateAction[];
  }

  /** Runs an action; dana's token is used unless the input has another. */
  async run(id: string, input: JsonObject, start: Start = {}): Promise<Done> {
    const action = this.actions().find(one => one.id === id)!;
    const outputs: Record<string, unknown> = {};
    const lines: string[] = [];
    const logger = mockServices.logger.mock();
    for (const level of ['info', 'warn', 'error', 'debug'] as const) {
      logger[level].mockImplementation(message => lines.push(String(message)));
    }
    const context = {
      ...createMockActionContext<JsonObject, JsonObject>({
        input: { token: 'ghu_dana', ...input },
        logger,
        workspacePath: 'unused',
      }),
      output: (name: string, value: unknown) => {
        outputs[name] = value;
      },
      isDryRun: start.isDryRun,
      signal: start.signal,
      user: start.user && { entity: start.user as UserEntity },
    };
    try {
      await action.handler(context);
      return { outputs, log: lines.join('\n') };
    } catch (error) {
      return { outputs, log: lines.join('\n'), error: error as Error };
    }
  }
}
