import type { Config } from '@backstage/config';
import { readDurationFromConfig } from '@backstage/config';
import { ScmIntegrations } from '@backstage/integration';
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import { DEFAULT_ENTITY_TAG } from 'backstage-plugin-delivery-common';
import type { EnvironmentSet } from 'backstage-plugin-delivery-common/domain';
import { readActing, readActRole, readSignIn } from './actConfig';
import { type DoraConfig, readDora } from './doraConfig';
import { readEnvironmentSets } from './environmentConfig';
import { readNewestWorkflows } from './templatesConfig';

/** A duration as the core scheduler takes it: `{ minutes: 5 }`. */
export type HumanDuration = ReturnType<typeof readDurationFromConfig>;

/** How news of the vendor reaches the portal. */
export type IngestionMode = 'webhook' | 'events' | 'poll';

/** What the GitHub provider and its webhook route need to know. */
export interface GithubConfig {
  /** As in `integrations.github`; host with port. `app`: an App is configured there, not only a token. */
  hosts: { host: string; apiBaseUrl: string; app: boolean }[];
  /** Applications whose user tokens are believed: the one people sign in with. Default: the Apps of the integrations. */
  signIn: SignInApplication[];
  /** Ids of the configured Apps; deliveries of other Apps are dropped. */
  appIds: number[];
  /** Secrets that may sign a delivery: of the Apps, and further ones while a secret is being rotated. */
  webhookSecrets: string[];
}

/** An application at the vendor that people sign in with. */
export interface SignInApplication {
  host: string;
  clientId: string;
  clientSecret: string;
}

/** How an account at the vendor is matched with a user of the catalog. */
export interface IdentityConfig {
  /** Also by `github.com/user-login`; names can be changed and taken by others. */
  matchLogin: boolean;
  /**
   * Beginnings of `backstage.io/managed-by-origin-location` of users that are believed. Absent: every origin but a file of a repository,
   * because its authors could write a user there.
   */
  userOrigins?: string[];
}

/** What reading Amazon ECS needs to know. Credentials are those of `aws` in app-config. */
export interface EcsConfig {
  /** Tag of an ECS service that says whose it is, with an entity ref as value; written by the platform. */
  entityTag: string;
  /** Milliseconds between two reads of a service that stands still, and of one that moves. */
  steadyMs: number;
  movingMs: number;
  /** How often clusters are listed for services that carry the tag. */
  discoveryMs: number;
  /** Name of the role that people act with, in every account; absent: nobody acts on a runtime. */
  actRoleName?: string;
}

/** The whole configuration of the plugin, checked. Durations are milliseconds. */
export interface DeliveryConfig {
  /** Absent: the GitHub provider is not used. */
  github?: GithubConfig;
  /** Absent: no runtime is read; environments are "declared, not observed". */
  ecs?: EcsConfig;
  /** In the order they are tried; the last one serves everyone else. */
  environmentSets: EnvironmentSet[];
  /** Repositories that entities have by the portal's word: see `claimOf`. */
  grants: { entityRef: string; repository: string }[];
  identity: IdentityConfig;
  dora: DoraConfig;
  /** The organisation's reusable workflows with the version that new services call (`delivery.templates.workflows`). */
  workflows?: { repository: string; version: string };
  /** PEM of the Ed25519 key that signs the audit; absent: nobody can act. */
  auditKey?: string;
  /** False: the portal's permission framework is off, so nobody can act. */
  permissionsEnabled: boolean;
  ingestionMode: IngestionMode;
  retention: { inboxBodiesMs: number; jobsMs: number };
  logMaxBytes: number;
  schedule: { catalog: HumanDuration; reconcile: HumanDuration };
  /** Things an administrator should know, logged once. */
  warnings: string[];
}

const UNIT_MS: Required<HumanDuration> = {
  years: 365 * 24 * 60 * 60 * 1000,
  months: 30 * 24 * 60 * 60 * 1000,
  weeks: 7 * 24 * 60 * 60 * 1000,
  days: 24 * 60 * 60 * 1000,
  hours: 60 * 60 * 1000,
  minutes: 60 * 1000,
  seconds: 1000,
  milliseconds: 1,
};
const MINUTE = 60 * 1000;
const DAY = 24 * 60 * 60 * 1000;
const MODES: IngestionMode[] = ['webhook', 'events', 'poll'];

/**
 * Reads and checks the configuration.
 *
 * @throws `Error` with one sentence that names the key and what to write there.
 */
export function readDeliveryConfig(root: Config): DeliveryConfig {
  const config = root.getOptionalConfig('delivery');
  const written = readWrittenMode(config);
  const github = readGithub(root, written ?? 'webhook');
  const { mode, warnings } = decideMode(written, github);
  return {
    github,
    ecs: readEcs(config),
    environmentSets: readEnvironmentSets(config),
    grants: readGrants(config),
    ...readActing(root),
    dora: readDora(root),
    workflows: readNewestWorkflows(config),
    ingestionMode: mode,
    retention: {
      inboxBodiesMs: readPeriod(config, 'retention.inboxBodies', 3 * DAY),
      jobsMs: readPeriod(config, 'retention.jobs', 400 * DAY),
    },
    logMaxBytes: readPositive(config, 'log.maxBytes', 5 * 1024 * 1024),
    schedule: {
      catalog: readFrequency(config, 'schedule.catalog', { minutes: 5 }),
      reconcile: readFrequency(config, 'schedule.reconcile', { minutes: 1 }),
    },
    warnings,
  };
}

function readGithub(
  root: Config,
  mode: IngestionMode,
): GithubConfig | undefined {
  if (!root.has('delivery.providers.github')) return undefined;
  const key = 'delivery.providers.github.webhookSecrets';
  const extra = root.getOptional(key) ?? [];
  if (
    !Array.isArray(extra) ||
    !extra.every(item => typeof item === 'string' && item.length > 0)
  ) {
    throw new Error(
      `Wrong configuration: ${key} must be a list of secrets, for example [ '\${OLD_WEBHOOK_SECRET}' ].`,
    );
  }
  const integrations = ScmIntegrations.fromConfig(root)
    .github.list()
    .map(integration => integration.config)
    .filter(item => item.token || item.apps?.length);
  if (integrations.length === 0) {
    throw new Error(
      'Wrong configuration: delivery.providers.github is set, but no entry of integrations.github has apps or a token; add one, or remove delivery.providers.github.',
    );
  }
  const addressless = integrations.find(item => !item.apiBaseUrl);
  if (addressless) {
    throw new Error(
      `Wrong configuration: integrations.github[].apiBaseUrl is missing for ${addressless.host}; write the address of its API there, for example https://${addressless.host}/api/v3.`,
    );
  }
  const apps = integrations.flatMap(item => item.apps ?? []);
  const secretless = apps.find(app => !app.webhookSecret);
  if (secretless && mode === 'webhook') {
    throw new Error(
      `Wrong configuration: integrations.github[].apps[].webhookSecret is missing for the App ${secretless.appId}; write the webhook secret of that App there, else anybody could send events in its name.`,
    );
  }
  return {
    hosts: integrations.map(({ host, apiBaseUrl, apps: ofHost }) => ({
      host,
      apiBaseUrl: String(apiBaseUrl),
      app: Boolean(ofHost?.length),
    })),
    signIn: readSignIn(root, integrations),
    appIds: apps.map(app => Number(app.appId)),
    webhookSecrets: [
      ...new Set([
        ...apps.flatMap(app => app.webhookSecret ?? []),
        ...extra.map(String),
      ]),
    ],
  };
}

function readEcs(config: Config | undefined): EcsConfig | undefined {
  if (!config?.has('providers.ecs')) return undefined;
  const key = 'providers.ecs.entityTag';
  const entityTag = config.getOptional(key) ?? DEFAULT_ENTITY_TAG;
  if (
    typeof entityTag !== 'string' ||
    !/^[\w+\-=.:/@ ]{1,128}$/.test(entityTag)
  ) {
    throw new Error(
      `Wrong configuration: delivery.${key} must be the key of a tag, for example ${DEFAULT_ENTITY_TAG}.`,
    );
  }
  const period = (name: string, otherwise: number) =>
    readPeriod(config, `providers.ecs.schedule.${name}`, otherwise);
  return {
    entityTag,
    steadyMs: period('steady', MINUTE),
    movingMs: period('moving', MINUTE / 6),
    discoveryMs: period('discovery', 10 * MINUTE),
    actRoleName: readActRole(config),
  };
}

function readWrittenMode(
  config: Config | undefined,
): IngestionMode | undefined {
  const written = config?.getOptional('ingestion.mode');
  const mode = MODES.find(known => known === written);
  if (written !== undefined && !mode) {
    throw new Error(
      `Wrong configuration: delivery.ingestion.mode must be one of ${MODES.join(
        ', ',
      )}, not ${JSON.stringify(written)}.`,
    );
  }
  return mode;
}

function decideMode(
  written: IngestionMode | undefined,
  github: GithubConfig | undefined,
): { mode: IngestionMode; warnings: string[] } {
  const asked = written ?? 'webhook';
  if (!github) return { mode: written ?? 'poll', warnings: [] };
  if (asked !== 'webhook' || github.webhookSecrets.length > 0) {
    return { mode: asked, warnings: [] };
  }
  return {
    mode: 'poll',
    warnings: [
      'No GitHub App is configured under integrations.github[].apps, so there is no webhook route and runs are only asked for on schedule; docs/connect-github.md shows how to connect an App.',
    ],
  };
}

function readGrants(config: Config | undefined): DeliveryConfig['grants'] {
  const wrong = (index: number, what: string): Error =>
    new Error(`Wrong configuration: delivery.repositories[${index}].${what}.`);
  const written = config?.getOptional('repositories') ?? [];
  if (!Array.isArray(written)) {
    throw new Error(
      'Wrong configuration: delivery.repositories must be a list of { entity, repository }.',
    );
  }
  return written.map((item, index) => {
    const { entity, repository } = Object(item) as Record<string, unknown>;
    if (
      typeof repository !== 'string' ||
      !/^[A-Za-z0-9-]+\/[A-Za-z0-9._-]+$/.test(repository)
    ) {
      throw wrong(
        index,
        'repository must be owner/name, for example acme/payments',
      );
    }
    if (typeof entity !== 'string') {
      throw wrong(
        index,
        'entity must be an entity ref, for example component:default/payments',
      );
    }
    try {
      const ref = parseEntityRef(entity, { defaultKind: 'component' });
      return { entityRef: stringifyEntityRef(ref), repository };
    } catch {
      throw wrong(
        index,
        'entity must be an entity ref, for example component:default/payments',
      );
    }
  });
}

function readDuration(
  config: Config | undefined,
  key: string,
): HumanDuration | undefined {
  if (!config?.has(key)) return undefined;
  try {
    const duration = readDurationFromConfig(config, { key });
    if (milliseconds(duration) > 0) return duration;
  } catch {
    // Falls through to the one sentence below; the parser's own text names no key.
  }
  throw new Error(
    `Wrong configuration: delivery.${key} must be a duration above zero, for example { hours: 72 } or '72h'.`,
  );
}

function milliseconds(duration: HumanDuration): number {
  const units = Object.keys(UNIT_MS) as (keyof HumanDuration)[];
  return units.reduce(
    (sum, unit) => sum + (duration[unit] ?? 0) * UNIT_MS[unit],
    0,
  );
}

function readPeriod(
  config: Config | undefined,
  key: string,
  otherwise: number,
): number {
  const duration = readDuration(config, key);
  return duration ? milliseconds(duration) : otherwise;
}

function readFrequency(
  config: Config | undefined,
  key: string,
  otherwise: HumanDuration,
): HumanDuration {
  return readDuration(config, key) ?? otherwise;
}

function readPositive(
  config: Config | undefined,
  key: string,
  otherwise: number,
): number {
  const value = config?.getOptional(key);
  if (value === undefined) return otherwise;
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) {
    return value;
  }
  throw new Error(
    `Wrong configuration: delivery.${key} must be a whole number of bytes above zero, for example 5242880.`,
  );
}
