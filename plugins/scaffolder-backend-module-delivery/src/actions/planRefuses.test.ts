import { Portal } from '../__testUtils__/makePortal';
import { planInput, PRODUCTION, STAGING } from '../__testUtils__/planInput';

let portal: Portal;
beforeEach(async () => {
  portal = await new Portal().start();
});
afterEach(() => portal.stop());

async function refusal(changes = {}): Promise<string> {
  const { error, outputs } = await portal.run(
    'delivery:plan',
    planInput(portal.repoUrl('shop'), changes),
  );
  expect(outputs).toEqual({});
  expect(portal.github.writes()).toEqual([]);
  return error?.message ?? 'not refused';
}

describe('delivery:plan refuses', () => {
  it.each([
    'Shop',
    'sh',
    '1shop',
    'shop-',
    'shöp',
    'shop;rm -rf',
    'a'.repeat(41),
    '../shop',
    '',
  ])('the name “%s”', async name => {
    expect(await refusal({ name })).toMatch(/cannot be used: take 3 to 40/);
  });

  it.each(['shop-api', 'Shop', 'sho', 'shop.git'])(
    'a repository called “%s” for the service shop',
    async repository => {
      const { error } = await portal.run(
        'delivery:plan',
        planInput(portal.repoUrl(repository)),
      );
      expect(error?.message).toMatch(
        new RegExp(
          `The repository “${repository}” must be called like the service, “shop”: images, roles`,
        ),
      );
    },
  );

  it.each([
    [
      'a repository of somebody else',
      { roles: new Map([['ravi', 'admin' as const]]), isPrivate: false },
      /acme\/shop exists already and you do not administer it/,
    ],
    [
      'a repository that holds something else',
      { branches: ['main'], files: new Map([['README.md', 'Hello']]) },
      /acme\/shop exists already and holds something else/,
    ],
    [
      'a repository of another template',
      {
        branches: ['main'],
        files: new Map([
          [
            'catalog-info.yaml',
            'kind: Component\nmetadata: {name: shop, annotations: {delivery.platform/template: python-ecs-service@1}}',
          ],
        ]),
      },
      /holds something else than shop from this template/,
    ],
    [
      'a repository of another component',
      {
        branches: ['main'],
        files: new Map([
          [
            'catalog-info.yaml',
            'kind: Component\nmetadata: {name: other, annotations: {delivery.platform/template: node-ecs-service@1}}',
          ],
        ]),
      },
      /holds something else/,
    ],
    [
      'a repository whose catalog file cannot be read',
      { branches: ['main'], files: new Map([['catalog-info.yaml', '{[: %']]) },
      /holds something else/,
    ],
    [
      'an archived repository',
      { archived: true },
      /acme\/shop exists already and is archived/,
    ],
  ])('%s', async (_what, changes, sentence) => {
    portal.github.repository('shop', changes);
    expect(await refusal()).toMatch(sentence);
  });

  it.each([
    ['group:default/nobody', /has no member with a GitHub login/],
    ['group:default/lonely', /has only one member with a GitHub login/],
    ['group:default/missing', /Owner group:default\/missing is not in the cat/],
    ['user:default/dana', /is not a group/],
    ['', /Owner \(none\) is not in the catalog/],
  ])('the owner “%s”', async (owner, sentence) => {
    expect(await refusal({ owner })).toMatch(sentence);
  });

  it.each([
    [[], /There is no reviewer/],
    [['user:default/aude'], /user:default\/aude has no GitHub login/],
    [['user:default/missing'], /missing is not in the catalog/],
    [['group:default/elsewhere'], /not in the organisation acme/],
    [['group:default/lonely'], /has no GitHub team/],
    [['user:default/dana'], /Nobody but you \(“dana”\) could approve/],
  ])('the reviewers %j', async (reviewers, sentence) => {
    expect(await refusal({ reviewers })).toMatch(sentence);
  });

  it('a reviewer whose account belongs to somebody else now', async () => {
    portal.github.accounts.get('cleo')!.nodeId = 'U_other';
    expect(await refusal()).toMatch(/belongs to somebody else now/);
  });

  it('a reviewer whose account is gone', async () => {
    portal.github.accounts.delete('cleo');
    expect(await refusal()).toMatch(/GitHub has no account “cleo”/);
  });

  it('a team of the creator alone', async () => {
    portal.github.teams.get('platform')!.members = ['dana'];
    expect(await refusal({ reviewers: ['group:default/platform'] })).toMatch(
      /Nobody but you/,
    );
  });

  it('more than six reviewers', async () => {
    const reviewers = [];
    for (let at = 1; at <= 7; at++) {
      const login = `reviewer${at}`;
      portal.github.accounts.set(login, {
        ...{ id: 600 + at, login, nodeId: `U_${600 + at}`, type: 'User' },
      });
      portal.entities.push({
        ...portal.entities[0],
        metadata: {
          name: login,
          annotations: { 'github.com/user-login': login },
        },
      });
      reviewers.push(`user:default/${login}`);
    }
    expect(await refusal({ reviewers })).toMatch(/7 reviewers are too many/);
  });

  it('a plan that cannot protect private repositories', async () => {
    portal.github.plan = 'team';
    expect(await refusal()).toMatch(/plan of acme has no required reviewers/);
  });

  it.each([
    [{ environments: [] }, /There is no environment/],
    [
      { environments: [STAGING, STAGING, PRODUCTION] },
      /“staging” is there twice/,
    ],
    [
      { environments: [{ ...PRODUCTION, accountId: '12' }] },
      /“12” is no AWS account id/,
    ],
    [
      { environments: [{ ...PRODUCTION, region: 'mars' }] },
      /“mars” is no AWS region/,
    ],
    [
      { environments: [{ ...PRODUCTION, name: 'Infra Prod' }] },
      /lower-case letters, digits/,
    ],
    [
      { environments: [{ ...PRODUCTION, cluster: 'a b' }] },
      /no name of an ECS cluster/,
    ],
    [
      {
        name: 'a'.repeat(40),
        environments: [{ ...PRODUCTION, name: 'p'.repeat(31) }],
      },
      /more than 64 characters/,
    ],
    [{ serviceUrl: 'shop.example' }, /gives no address/],
    [{ imageProof: 'hope' }, /neither attestation nor signature/],
    [{ imageProof: 'signature' }, /the ARN of a KMS key is needed/],
    [{ signingKey: 'key' }, /is no ARN of a KMS key/],
    [{ template: 'wordpress' }, /“wordpress” is no template/],
    [{ registry: { accountId: 'x', region: 'y' } }, /“x” is no AWS account id/],
  ])('%j', async (changes, sentence) => {
    expect(await refusal(changes)).toMatch(sentence);
  });

  it('everything at once, a line each', async () => {
    portal.github.repository('shop').push({ 'README.md': 'Hello' });
    const message = await refusal({
      name: 'Shop!',
      owner: 'group:default/nobody',
      reviewers: ['user:default/aude'],
      environments: [{ ...PRODUCTION, region: 'mars' }],
    });

    expect(message.split('\n').slice(1)).toEqual([
      expect.stringMatching(/^- The name “Shop!”/),
      expect.stringMatching(/^- Environment “production”: “mars”/),
      expect.stringMatching(/^- The repository acme\/shop exists already/),
      expect.stringMatching(/^- Owner group:default\/nobody/),
      expect.stringMatching(/^- Reviewer user:default\/aude/),
    ]);
  });
});
