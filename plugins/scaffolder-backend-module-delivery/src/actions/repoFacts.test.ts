import { Portal } from '../__testUtils__/makePortal';

let portal: Portal;
beforeEach(async () => {
  portal = await new Portal().start();
});
afterEach(() => portal.stop());

const facts = (changes = {}, start = {}) =>
  portal.run(
    'delivery:github:repo-facts',
    { repoUrl: portal.repoUrl('shop'), ...changes },
    start,
  );

describe('delivery:github:repo-facts', () => {
  it('tells what later steps need of a new repository', async () => {
    const repo = portal.github.repository('shop');
    const { outputs, error } = await facts();
    const { host } = portal.github;

    expect(error).toBeUndefined();
    expect(outputs).toEqual({
      repositoryId: repo.id,
      ownerId: 77,
      slug: 'acme/shop',
      owner: 'acme',
      name: 'shop',
      host,
      htmlUrl: `http://${host}/acme/shop`,
      contentsUrl: `http://${host}/acme/shop/blob/main`,
      defaultBranch: 'main',
      visibility: 'private',
      empty: true,
      admin: true,
      subjectPrefix: `repo:acme@77/shop@${repo.id}`,
    });
  });

  it('tells the commit at a ref, of a repository that the person only reads', async () => {
    const repo = portal.github.repository('shop', {
      isPrivate: false,
      roles: new Map(),
    });
    repo.push({});
    repo.refs.set('v2.0.0', 'd'.repeat(40));
    const { outputs } = await facts({ ref: 'v2.0.0' });

    expect(outputs).toMatchObject({
      sha: 'd'.repeat(40),
      version: 'v2.0.0',
      empty: false,
      admin: false,
      reviewersAvailable: true,
    });
  });

  it.each([
    ['2026-07-15T00:00:00Z', { use_default: true }, 'numbered'],
    ['2026-07-14T23:59:59Z', { use_default: true }, 'named'],
    ['2026-11-20T00:00:00Z', { use_immutable_subject: false }, 'named'],
    ['2020-01-01T00:00:00Z', { use_immutable_subject: true }, 'numbered'],
    ['2020-01-01T00:00:00Z', undefined, 'named'],
    ['2026-11-20T00:00:00Z', { sub_claim_prefix: 'repo:acme/shop' }, 'named'],
    [
      '2026-11-20T00:00:00Z',
      { sub_claim_prefix: 'repo:mallory/other:' },
      'numbered',
    ],
  ])('knows the subject of %s with %j: %s', async (createdAt, oidc, form) => {
    const repo = portal.github.repository('shop', { createdAt, oidc });
    expect((await facts()).outputs.subjectPrefix).toBe(
      form === 'named' ? 'repo:acme/shop' : `repo:acme@77/shop@${repo.id}`,
    );
  });

  it('refuses a subject of its own, which no role would trust', async () => {
    portal.github.repository('shop', {
      oidc: { use_default: false, include_claim_keys: ['actor'] },
    });
    expect((await facts()).error?.message).toMatch(
      /acme\/shop has an OIDC subject claim of its own \(actor\)/,
    );
  });

  it.each([
    ['team', false],
    ['enterprise', true],
  ])('knows whether the plan %s has reviewers', async (plan, available) => {
    portal.github.plan = plan;
    portal.github.repository('shop');
    expect((await facts()).outputs.reviewersAvailable).toBe(available);
  });

  it('says so when the repository or the ref is not there', async () => {
    expect((await facts()).error?.message).toMatch(
      /no repository acme\/shop at 127/,
    );
    portal.github.repository('shop');
    expect((await facts({ ref: 'v9' })).error?.message).toMatch(
      /has no branch, tag or commit “v9”/,
    );
  });

  it('tries a read again when GitHub stumbles, and gives up in time', async () => {
    portal.github.repository('shop');
    portal.github.faults = [
      { method: 'GET', path: /branches/, status: 502, times: 2 },
    ];
    expect((await facts()).error).toBeUndefined();
    expect(portal.slept).toEqual([1_000, 2_000]);

    portal.github.faults = [
      { method: 'GET', path: /branches/, status: 502, times: 9 },
    ];
    expect((await facts()).error?.message).toMatch(/did not answer/);
  });

  it('tells plausible facts in a dry run of what is not there yet', async () => {
    const { outputs, error } = await facts({ ref: 'v1' }, { isDryRun: true });
    expect(error).toBeUndefined();
    expect(outputs).toMatchObject({
      slug: 'acme/shop',
      empty: true,
      version: 'v1',
    });
  });

  it.each([
    'github.example?owner=acme&repo=shop',
    'evil.example/?owner=acme&repo=shop',
  ])('refuses the unknown host of %s', async repoUrl => {
    expect((await facts({ repoUrl })).error?.message).toMatch(
      /No matching integration configuration/,
    );
  });

  it.each(['owner=acme&repo=..', 'owner=a%2Fb&repo=shop', 'owner=acme'])(
    'refuses the address %s',
    async query => {
      const { error } = await facts({
        repoUrl: `${portal.github.host}?${query}`,
      });
      expect(error?.message).toMatch(/needs an owner and a name|missing repo/);
      expect(portal.github.asked).toEqual([]);
    },
  );
});
