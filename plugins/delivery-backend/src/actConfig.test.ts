import { generateKeyPairSync } from 'node:crypto';
import { ConfigReader } from '@backstage/config';
import { readDeliveryConfig } from './config';

const app = {
  appId: 1,
  clientId: 'app-id',
  clientSecret: 'app-secret',
  privateKey: 'key',
  webhookSecret: 'hook',
};

function read(delivery: object, rest: object = {}) {
  return readDeliveryConfig(
    new ConfigReader({
      delivery,
      integrations: { github: [{ host: 'github.com', apps: [app] }] },
      ...rest,
    } as never),
  );
}

function pem(type: 'ed25519' | 'x25519') {
  const { privateKey } =
    type === 'ed25519'
      ? generateKeyPairSync('ed25519')
      : generateKeyPairSync('x25519');
  return String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
}

describe('configuration of acting', () => {
  it('lets nobody act by default', () => {
    const config = read({});
    expect(config).toMatchObject({
      identity: { matchLogin: false, userOrigins: undefined },
      permissionsEnabled: false,
    });
    expect(config.auditKey).toBeUndefined();
    expect(config.ecs?.actRoleName).toBeUndefined();
  });

  it('takes the Apps of the integrations for the application people sign in with', () => {
    expect(read({ providers: { github: {} } }).github?.signIn).toEqual([
      { host: 'github.com', clientId: 'app-id', clientSecret: 'app-secret' },
    ]);
  });

  it('takes the applications that are named instead', () => {
    const signIn = [
      { host: 'github.com', clientId: 'other', clientSecret: 's' },
    ];
    expect(read({ providers: { github: { signIn } } }).github?.signIn).toEqual(
      signIn,
    );
  });

  it('reads key, role, identity and whether permissions are on', () => {
    const auditKey = pem('ed25519');
    expect(
      read(
        {
          providers: { ecs: { actRoleName: 'delivery-act' } },
          identity: { matchLogin: true, userOrigins: ['file:'] },
          audit: { signingKey: auditKey },
        },
        { permission: { enabled: true } },
      ),
    ).toMatchObject({
      auditKey,
      permissionsEnabled: true,
      identity: { matchLogin: true, userOrigins: ['file:'] },
      ecs: { actRoleName: 'delivery-act' },
    });
  });

  it.each([
    [
      { providers: { github: { signIn: 'me' } } },
      'delivery.providers.github.signIn must be a list of { host, clientId, clientSecret }',
    ],
    [
      {
        providers: {
          github: {
            signIn: [{ host: 'x.example', clientId: 'a', clientSecret: 'b' }],
          },
        },
      },
      'delivery.providers.github.signIn[0].host must be a host of integrations.github, not x.example',
    ],
    [
      { providers: { github: { signIn: [{ host: 'github.com' }] } } },
      'delivery.providers.github.signIn[0].clientId must be a text',
    ],
    [
      { providers: { ecs: { actRoleName: 'arn:aws:iam::1:role/x' } } },
      'delivery.providers.ecs.actRoleName must be the name of a role, not its ARN, for example delivery-act',
    ],
    [
      { identity: { matchLogin: 'yes' } },
      'delivery.identity.matchLogin must be true or false',
    ],
    [
      { identity: { userOrigins: [] } },
      "delivery.identity.userOrigins must be a list of beginnings of locations, for example [ 'url:https://github.com/acme' ]",
    ],
    [
      { audit: { signingKey: pem('x25519') } },
      'delivery.audit.signingKey must be the private key of an Ed25519 pair as PEM; docs/audit.md shows the command that makes one',
    ],
  ])('stops with one sentence for %j', (delivery, sentence) => {
    expect(() => read(delivery)).toThrow(`Wrong configuration: ${sentence}.`);
  });

  it('says nothing of a key that cannot be read', () => {
    expect(() => read({ audit: { signingKey: 'canary-4711' } })).toThrow(
      expect.objectContaining({
        message: expect.not.stringContaining('canary'),
      }),
    );
  });
});

describe('policy of an environment', () => {
  const policyOf = (policy: object) =>
    read({
      environmentSets: {
        default: { environments: [{ name: 'production', policy }] },
      },
    }).environmentSets[0].environments[0].policy;

  it('fills what is not written', () => {
    expect(policyOf({ unknownAuthors: 'refuse' })).toEqual({
      adminBypass: 'warn',
      authors: 'range',
      unknownAuthors: 'refuse',
      requiredChecks: [],
      freezes: [],
      rollbackWorkflow: 'rollback.yml',
    });
  });

  it('reads soak and freezes', () => {
    expect(
      policyOf({
        soak: { environment: 'staging', duration: '10m' },
        freezes: [
          {
            name: 'Year end',
            from: '2026-12-20T00:00Z',
            until: '2027-01-04T00:00+01:00',
          },
          {
            name: 'Weekend',
            days: ['sat', 'sun'],
            from: '18:00',
            until: '24:00',
            timeZone: 'Europe/London',
          },
        ],
      }),
    ).toMatchObject({
      soak: { environment: 'staging', ms: 600_000 },
      freezes: [
        {
          from: Date.UTC(2026, 11, 20),
          until: Date.UTC(2027, 0, 3, 23),
        },
        { days: [6, 0], from: 18 * 60, until: 0, timeZone: 'Europe/London' },
      ],
    });
  });

  it.each([
    [{ soak: { environment: 'staging', duration: 'soon' } }, 'soak.duration'],
    [
      { freezes: [{ name: 'x', from: 'tomorrow', until: 'later' }] },
      'freezes.0',
    ],
    [
      {
        freezes: [
          {
            name: 'x',
            days: ['sat'],
            from: '18:00',
            until: '20:00',
            timeZone: 'Mars/Base',
          },
        ],
      },
      'freezes.0',
    ],
    [{ rollbackWorkflow: '../evil.yml' }, 'rollbackWorkflow'],
    [{ approvers: 2 }, ''],
  ])('names the key of %j', (policy, path) => {
    const key = ['delivery.environmentSets.default.environments.0.policy', path]
      .filter(Boolean)
      .join('.');
    expect(() => policyOf(policy)).toThrow(`Wrong configuration: ${key}`);
  });
});
