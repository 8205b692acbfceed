import { CreatingSandbox, creatingSandbox } from './__testUtils__/creating';

const ORDERS = { owner: 'acme', repo: 'orders' };
const LIVE = { ...ORDERS, environment_name: 'production' };
const CUSTOM = { protected_branches: false, custom_branch_policies: true };

describe('writing environments, with the real Octokit', () => {
  let world: CreatingSandbox;
  let cleo: number;
  let core: number;
  beforeAll(async () => {
    world = await creatingSandbox();
    await world.create('orders');
    const { state } = world.sandbox;
    cleo = state.accounts.get('cleo')?.id ?? 0;
    core = state.teams[0].id;
  });
  afterAll(() => world?.sandbox.stop());

  const put = (body: object = {}, login = 'dana') =>
    world.as(login).repos.createOrUpdateEnvironment({ ...LIVE, ...body });
  const read = async () =>
    (await world.as('dana').repos.getEnvironment(LIVE)).data;

  it('keeps reviewers, timer and the rule against self-review', async () => {
    await put({
      wait_timer: 5,
      prevent_self_review: true,
      can_admins_bypass: false,
      reviewers: [
        { type: 'User', id: cleo },
        { type: 'Team', id: core },
      ],
      deployment_branch_policy: CUSTOM,
    });
    const found = await read();
    expect(found).toMatchObject({
      can_admins_bypass: false,
      deployment_branch_policy: CUSTOM,
    });
    expect(found.protection_rules?.map(rule => rule.type)).toEqual([
      'wait_timer',
      'required_reviewers',
      'branch_policy',
    ]);
    expect(found.protection_rules?.[1]).toMatchObject({
      prevent_self_review: true,
      reviewers: [
        { type: 'User', reviewer: { login: 'cleo' } },
        { type: 'Team', reviewer: { slug: 'core' } },
      ],
    });
  });

  it('adds, renames and removes patterns of branches', async () => {
    const { as, problem } = world;
    const { repos } = as('dana');
    const { data: made } = await repos.createDeploymentBranchPolicy({
      ...LIVE,
      name: 'main',
    });
    await repos.updateDeploymentBranchPolicy({
      ...LIVE,
      branch_policy_id: made.id ?? 0,
      name: 'release/*',
    });
    const list = async () =>
      (await repos.listDeploymentBranchPolicies(LIVE)).data.branch_policies;
    expect(await list()).toMatchObject([{ name: 'release/*', type: 'branch' }]);
    await repos.deleteDeploymentBranchPolicy({
      ...LIVE,
      branch_policy_id: made.id ?? 0,
    });
    expect(await list()).toEqual([]);
    const open = { ...ORDERS, environment_name: 'staging' };
    await repos.createOrUpdateEnvironment(open);
    expect(
      await problem(
        repos.createDeploymentBranchPolicy({ ...open, name: 'main' }),
      ),
    ).toMatchObject({ status: 404 });
  });

  it('goes back to no protection for what a later call leaves out', async () => {
    const before = await read();
    await put({ reviewers: [{ type: 'User', id: cleo }] });
    const after = await read();
    expect(after.id).toBe(before.id);
    expect(after.deployment_branch_policy).toBeNull();
    expect(after.protection_rules).toEqual([
      expect.objectContaining({
        type: 'required_reviewers',
        prevent_self_review: false,
      }),
    ]);
  });

  it.each([
    [
      'too many reviewers',
      () => ({ reviewers: Array(7).fill({ type: 'User', id: cleo }) }),
      /No more than 6 items are allowed; 7 were supplied/,
    ],
    [
      'a reviewer who cannot read the repository',
      () => ({
        reviewers: [
          {
            type: 'User',
            id: world.sandbox.state.accounts.get('outsider')?.id,
          },
        ],
      }),
      /at least read access/,
    ],
    ['too long a timer', () => ({ wait_timer: 43_201 }), /43200/],
    [
      'a policy that is both or neither',
      () => ({
        deployment_branch_policy: {
          protected_branches: true,
          custom_branch_policies: true,
        },
      }),
      /cannot have the same value/,
    ],
  ])('refuses %s and changes nothing', async (_, body, message) => {
    const before = await read();
    expect(await world.problem(put(body()))).toEqual({
      status: 422,
      message: expect.stringMatching(message),
    });
    expect(await read()).toEqual(before);
  });

  it('is for administrators', async () => {
    expect(await world.problem(put({}, 'ravi'))).toEqual({
      status: 403,
      message: 'Must have admin rights to Repository.',
    });
  });

  it('looks fine and keeps nothing where the plan has no protection', async () => {
    await world.control('/plan', { org: 'acme', plan: 'free' });
    const { status, data } = await put({
      reviewers: [{ type: 'User', id: cleo }],
      prevent_self_review: true,
      deployment_branch_policy: CUSTOM,
    });
    expect(status).toBe(200);
    expect(data.protection_rules).toEqual([]);
    expect((await read()).deployment_branch_policy).toBeNull();
    expect(
      await world.problem(world.as('dana').repos.getRepoRulesets(ORDERS)),
    ).toMatchObject({
      status: 403,
      message: expect.stringMatching(/^Upgrade/),
    });
    await world.control('/plan', { org: 'acme', plan: 'enterprise' });
    await put({ reviewers: [{ type: 'User', id: cleo }] });
    expect((await read()).protection_rules).toHaveLength(1);
  });

  it('keeps variables of environments and repositories apart', async () => {
    const { actions } = world.as('dana');
    await actions.createEnvironmentVariable({
      ...LIVE,
      name: 'aws_region',
      value: 'eu-west-1',
    });
    await actions.createRepoVariable({
      ...ORDERS,
      name: 'AWS_REGION',
      value: 'eu-central-1',
    });
    const again = actions.createEnvironmentVariable({
      ...LIVE,
      name: 'AWS_REGION',
      value: 'x',
    });
    expect(await world.problem(again)).toMatchObject({
      status: 409,
      message: 'Already exists - Variable already exists',
    });
    await actions.updateRepoVariable({
      ...ORDERS,
      name: 'AWS_REGION',
      value: 'eu-north-1',
    });
    const repository = await actions.listRepoVariables(ORDERS);
    expect(repository.data.variables).toMatchObject([
      { name: 'AWS_REGION', value: 'eu-north-1' },
    ]);
    expect(world.repo('orders').environments[0].variables).toEqual({
      AWS_REGION: 'eu-west-1',
    });
    expect(
      await world.problem(
        actions.createRepoVariable({ ...ORDERS, name: '1ST', value: '' }),
      ),
    ).toMatchObject({ status: 422 });
  });

  it('remembers the names of secrets and nothing else', async () => {
    const { actions } = world.as('dana');
    const { data } = await actions.getRepoPublicKey(ORDERS);
    expect(Buffer.from(data.key, 'base64')).toHaveLength(32);
    const secret = {
      ...ORDERS,
      secret_name: 'smoke_test_api_key',
      encrypted_value: Buffer.from('sealed').toString('base64'),
      key_id: data.key_id,
    };
    expect((await actions.createOrUpdateRepoSecret(secret)).status).toBe(201);
    expect((await actions.createOrUpdateRepoSecret(secret)).status).toBe(204);
    expect(world.repo('orders').secretNames).toEqual(['SMOKE_TEST_API_KEY']);
    expect(
      JSON.stringify([...world.sandbox.state.repos.values()]),
    ).not.toContain(secret.encrypted_value);
  });

  it('keeps the settings of Actions', async () => {
    const { actions } = world.as('dana');
    await actions.setGithubActionsPermissionsRepository({
      ...ORDERS,
      enabled: true,
      allowed_actions: 'selected',
      sha_pinning_required: true,
    });
    await actions.setAllowedActionsRepository({
      ...ORDERS,
      github_owned_allowed: true,
      patterns_allowed: ['acme/*'],
    });
    await actions.setGithubActionsDefaultWorkflowPermissionsRepository({
      ...ORDERS,
      default_workflow_permissions: 'write',
    });
    expect(world.repo('orders').actions).toEqual({
      enabled: true,
      allowed: 'selected',
      shaPinning: true,
      githubOwned: true,
      patterns: ['acme/*'],
      defaultWorkflowPermissions: 'write',
    });
    const tooLong = world.request(
      'dana',
      'PUT /repos/{owner}/{repo}/actions/permissions/artifact-and-log-retention',
      { ...ORDERS, days: 401 },
    );
    expect(await world.problem(tooLong)).toMatchObject({ status: 422 });
    const asRavi = world
      .as('ravi')
      .actions.getGithubActionsPermissionsRepository(ORDERS);
    expect(await world.problem(asRavi)).toMatchObject({ status: 403 });
  });

  it('keeps what forks of a private repository may do, and knows no such thing of a public one', async () => {
    const route =
      '/repos/{owner}/{repo}/actions/permissions/fork-pr-workflows-private-repos';
    const settings = (repo = 'orders') =>
      world.request('dana', `GET ${route}`, { ...ORDERS, repo });
    const nothing = {
      run_workflows_from_fork_pull_requests: false,
      send_write_tokens_to_workflows: false,
      send_secrets_and_variables: false,
      require_approval_for_fork_pr_workflows: false,
    };
    expect((await settings()).data).toEqual(nothing);
    const write = (body: object) =>
      world.request('dana', `PUT ${route}`, { ...ORDERS, ...body });
    await write({
      run_workflows_from_fork_pull_requests: true,
      require_approval_for_fork_pr_workflows: true,
    });
    await write({ run_workflows_from_fork_pull_requests: true });
    expect((await settings()).data).toEqual({
      ...nothing,
      run_workflows_from_fork_pull_requests: true,
      require_approval_for_fork_pr_workflows: true,
    });
    expect(await world.problem(write({}))).toMatchObject({ status: 422 });
    await world.create('open', 'dana', { private: false });
    expect(await world.problem(settings('open'))).toMatchObject({
      status: 422,
    });
  });
});
