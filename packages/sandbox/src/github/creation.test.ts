import { CreatingSandbox, creatingSandbox } from './__testUtils__/creating';

describe('creating repositories, with the real Octokit', () => {
  let world: CreatingSandbox;
  beforeAll(async () => {
    world = await creatingSandbox();
  });
  afterAll(() => world?.sandbox.stop());

  const empty = { owner: 'acme', repo: 'orders' };

  it('makes an empty private repository that its creator administers', async () => {
    const { as } = world;
    const made = await world.create('orders', 'dana', {
      description: 'Orders',
    });
    expect(made).toMatchObject({
      full_name: 'acme/orders',
      private: true,
      visibility: 'private',
      size: 0,
      permissions: { admin: true, maintain: true, push: true, pull: true },
      clone_url: `${world.sandbox.url}/acme/orders.git`,
      owner: { id: world.sandbox.state.accounts.get('acme')?.id },
    });
    const seen = await as('ravi').repos.get(empty);
    expect(seen.data).toMatchObject({
      id: made.id,
      permissions: { admin: false, push: true },
    });
    expect(await world.problem(as('outsider').repos.get(empty))).toMatchObject({
      status: 404,
    });
  });

  it('says of an empty repository that it is empty', async () => {
    const { as, problem } = world;
    const nothing = { status: 409, message: 'Git Repository is empty.' };
    const rest = as('dana');
    expect(await problem(rest.repos.listCommits(empty))).toEqual(nothing);
    expect(
      await problem(rest.git.getRef({ ...empty, ref: 'heads/main' })),
    ).toEqual(nothing);
    expect(
      await problem(
        rest.repos.getContent({ ...empty, path: 'catalog-info.yaml' }),
      ),
    ).toEqual({ status: 404, message: 'This repository is empty.' });
    expect((await rest.repos.listBranches(empty)).data).toEqual([]);
  });

  it.each([
    ['orders', 'name already exists on this account'],
    ['ORDERS', 'name already exists on this account'],
    ['x'.repeat(101), 'name is too long (maximum is 100 characters)'],
    ['orders.git', 'name is a reserved name'],
  ])('refuses the name %s', async (name, message) => {
    expect(await world.problem(world.create(name))).toMatchObject({
      status: 422,
      message: 'Repository creation failed.',
      errors: [expect.objectContaining({ field: 'name', message })],
    });
  });

  it('writes a dash where a name may not have what was asked for', async () => {
    expect((await world.create('order book')).name).toBe('order-book');
  });

  it('lets only members create in an organisation', async () => {
    expect(await world.problem(world.create('theirs', 'outsider'))).toEqual({
      status: 403,
      message:
        'You need admin access to the organization before adding a repository to it.',
    });
    const member = await world
      .as('aude')
      .orgs.getMembershipForAuthenticatedUser({
        org: 'acme',
      });
    expect(member.data).toMatchObject({ state: 'active', role: 'member' });
  });

  it('says whether subjects of its tokens name ids', async () => {
    const { data } = await world
      .as('dana')
      .actions.getCustomOidcSubClaimForRepo(empty);
    const { id } = world.repo('orders');
    const org = world.sandbox.state.accounts.get('acme')?.id;
    expect(data).toMatchObject({
      use_default: true,
      use_immutable_subject: true,
      sub_claim_prefix: `repo:acme@${org}/orders@${id}`,
    });
    const old = await world
      .as('dana')
      .actions.getCustomOidcSubClaimForRepo({ owner: 'acme', repo: 'app' });
    expect(old.data).toMatchObject({
      use_immutable_subject: false,
      sub_claim_prefix: 'repo:acme/app',
    });
  });

  it('gives rights to teams and people, by administrators only', async () => {
    const { as, problem } = world;
    const team = { org: 'acme', team_slug: 'auditors', ...empty };
    const grant = (login: string) =>
      as(login).teams.addOrUpdateRepoPermissionsInOrg({
        ...team,
        permission: 'admin',
      });
    expect(await problem(grant('ravi'))).toEqual({
      status: 403,
      message: 'Must have admin rights to Repository.',
    });
    await grant('dana');
    await as('aude').repos.update({ ...empty, description: 'Audited' });
    await as('dana').repos.addCollaborator({
      ...empty,
      username: 'outsider',
      permission: 'pull',
    });
    const { data } = await as('outsider').repos.get(empty);
    expect(data.description).toBe('Audited');
    expect(data.permissions).toMatchObject({ pull: true, push: false });
  });

  it('is visible to the installed App at once', async () => {
    const { tokens, app } = world.sandbox.github;
    const { token } = tokens.issueInstallation(
      'acme',
      app.permissions,
      undefined,
    );
    const { data } = await world
      .as(token)
      .apps.listReposAccessibleToInstallation({ per_page: 100 });
    expect(data.repositories.map(r => r.name)).toContain('orders');
  });

  it('is gone with all that belonged to it when it is deleted', async () => {
    const { as, problem } = world;
    await world.create('mistake');
    const gone = { owner: 'acme', repo: 'mistake' };
    expect(await problem(as('ravi').repos.delete(gone))).toMatchObject({
      status: 403,
    });
    await as('dana').repos.delete(gone);
    expect(await problem(as('dana').repos.get(gone))).toMatchObject({
      status: 404,
    });
    expect((await world.create('mistake')).size).toBe(0);
  });
});
