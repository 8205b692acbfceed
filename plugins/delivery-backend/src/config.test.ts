import { ConfigReader } from '@backstage/config';
import { DEFAULT_DORA_SETTINGS } from 'backstage-plugin-delivery-common';
import { readDeliveryConfig } from './config';

const app = {
  appId: 1,
  clientId: 'id',
  clientSecret: 'secret',
  privateKey: 'key',
  webhookSecret: 'hook',
};

function read(delivery: object | undefined, github: object[] = []) {
  return readDeliveryConfig(
    new ConfigReader({ delivery, integrations: { github } } as never),
  );
}

describe('readDeliveryConfig', () => {
  it('needs nothing', () => {
    expect(read(undefined)).toEqual({
      github: undefined,
      ecs: undefined,
      environmentSets: [expect.objectContaining({ name: 'default' })],
      grants: [],
      identity: { matchLogin: false },
      dora: {
        settings: DEFAULT_DORA_SETTINGS,
        incidentLabels: ['incident'],
        targets: [],
      },
      permissionsEnabled: false,
      ingestionMode: 'poll',
      retention: {
        inboxBodiesMs: 72 * 3_600_000,
        jobsMs: 400 * 24 * 3_600_000,
      },
      logMaxBytes: 5_242_880,
      schedule: { catalog: { minutes: 5 }, reconcile: { minutes: 1 } },
      warnings: [],
    });
  });

  it('reads what is written', () => {
    const config = read(
      {
        providers: { github: { webhookSecrets: ['old'] } },
        repositories: [{ entity: 'Payments', repository: 'acme/payments' }],
        retention: { inboxBodies: '1h', jobs: { days: 2 } },
        log: { maxBytes: 10 },
        schedule: { catalog: { seconds: 7 } },
      },
      [
        { host: 'github.com', apps: [app] },
        {
          host: 'git.example:8443',
          apiBaseUrl: 'https://git.example:8443/api/v3',
          token: 't',
        },
        { host: 'unused.example', apiBaseUrl: 'https://unused.example/api' },
      ],
    );
    expect(config).toMatchObject({
      github: {
        hosts: [
          {
            host: 'github.com',
            apiBaseUrl: 'https://api.github.com',
            app: true,
          },
          {
            host: 'git.example:8443',
            apiBaseUrl: 'https://git.example:8443/api/v3',
            app: false,
          },
        ],
        appIds: [1],
        webhookSecrets: ['hook', 'old'],
      },
      grants: [
        {
          entityRef: 'component:default/payments',
          repository: 'acme/payments',
        },
      ],
      ingestionMode: 'webhook',
      retention: { inboxBodiesMs: 3_600_000, jobsMs: 172_800_000 },
      logMaxBytes: 10,
      schedule: { catalog: { seconds: 7 } },
      warnings: [],
    });
  });

  it('polls, and warns once, with only a token', () => {
    const config = read({ providers: { github: {} } }, [
      { host: 'github.com', token: 't' },
    ]);
    expect(config.ingestionMode).toBe('poll');
    expect(config.warnings).toEqual([
      expect.stringMatching(/^No GitHub App is configured/),
    ]);
  });

  it('stops for an App without webhook secret, unless no webhooks are wanted here', () => {
    const apps = [{ ...app, webhookSecret: undefined }];
    const github = [{ host: 'github.com', apps }];
    expect(() => read({ providers: { github: {} } }, github)).toThrow(
      'integrations.github[].apps[].webhookSecret is missing for the App 1',
    );
    for (const mode of ['events', 'poll']) {
      const config = read(
        { providers: { github: {} }, ingestion: { mode } },
        github,
      );
      expect(config).toMatchObject({ ingestionMode: mode, warnings: [] });
    }
  });

  it.each<[string, object]>([
    ['delivery.providers.github is set', { providers: { github: {} } }],
    ['delivery.ingestion.mode must be one of', { ingestion: { mode: 'push' } }],
    ['delivery.repositories must be a list', { repositories: 'a' }],
    [
      'delivery.repositories[0].repository must be owner/name',
      { repositories: [{ entity: 'a', repository: 'a' }] },
    ],
    [
      'delivery.repositories[0].entity must be an entity ref',
      { repositories: [{ entity: '', repository: 'a/b' }] },
    ],
    [
      'delivery.repositories[0].entity must be an entity ref',
      { repositories: [{ repository: 'a/b' }] },
    ],
    [
      'delivery.retention.jobs must be a duration above zero',
      { retention: { jobs: { days: 0 } } },
    ],
    [
      'delivery.retention.inboxBodies must be a duration',
      { retention: { inboxBodies: 'soon' } },
    ],
    [
      'delivery.schedule.catalog must be a duration',
      { schedule: { catalog: 5 } },
    ],
    ['delivery.log.maxBytes must be a whole number', { log: { maxBytes: -1 } }],
    [
      'delivery.log.maxBytes must be a whole number',
      { log: { maxBytes: '5' } },
    ],
  ])('stops with "%s"', (sentence, delivery) => {
    expect(() => read(delivery)).toThrow(`Wrong configuration: ${sentence}`);
  });

  it('stops for wrong secrets and for a host without address', () => {
    const token = { host: 'github.com', token: 't' };
    expect(() =>
      read({ providers: { github: { webhookSecrets: 'old' } } }, [token]),
    ).toThrow('delivery.providers.github.webhookSecrets must be a list');
    expect(() =>
      read({ providers: { github: {} } }, [
        { host: 'git.example', token: 't' },
      ]),
    ).toThrow('integrations.github[].apiBaseUrl is missing for git.example');
  });

  it('reads Amazon ECS when it is asked for', () => {
    expect(read({ providers: { ecs: {} } }).ecs).toEqual({
      entityTag: 'delivery.platform/entity',
      steadyMs: 60_000,
      movingMs: 10_000,
      discoveryMs: 600_000,
    });
    const written = {
      entityTag: 'owner:entity',
      schedule: { steady: '2m', moving: { seconds: 5 } },
    };
    expect(read({ providers: { ecs: written } }).ecs).toEqual({
      entityTag: 'owner:entity',
      steadyMs: 120_000,
      movingMs: 5_000,
      discoveryMs: 600_000,
    });
    expect(() => read({ providers: { ecs: { entityTag: 'a?b' } } })).toThrow(
      'delivery.providers.ecs.entityTag must be the key of a tag',
    );
    expect(() =>
      read({ providers: { ecs: { schedule: { steady: 'often' } } } }),
    ).toThrow('delivery.providers.ecs.schedule.steady must be a duration');
  });
});
