import { CreatingSandbox, creatingSandbox } from './__testUtils__/creating';
import { WorkingCopy, workingCopy } from './__testUtils__/workingCopy';

const ORDERS = { owner: 'acme', repo: 'orders' };
const workflow = (on: string) =>
  `name: CI\non: ${on}\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: npm test\n`;
const FILES = {
  'README.md': '# Orders\n',
  '.github/workflows/ci.yml': workflow(
    '{ push: { branches: [main], paths: ["src/**"] } }',
  ),
  '.github/workflows/docs.yml': workflow(
    '{ push: { branches: [main], paths: ["docs/**"] } }',
  ),
  '.github/workflows/rollback.yml': workflow('workflow_dispatch'),
};

describe('pushing to a repository that was created, with the real git', () => {
  let world: CreatingSandbox;
  let copy: WorkingCopy;
  beforeAll(async () => {
    world = await creatingSandbox();
    copy = await workingCopy();
    await world.create('orders');
  });
  afterAll(async () => {
    await copy?.remove();
    await world?.sandbox.stop();
  });

  const push = (token: string, ...args: string[]) => {
    const secret = token.includes('_') ? token : `ghp_sandbox_${token}`;
    const { host } = new URL(world.sandbox.url);
    const remote = `http://x-access-token:${secret}@${host}/acme/orders.git`;
    return copy.git('push', remote, ...args).then(
      () => '',
      error => String(error.stderr),
    );
  };
  const runs = (sha: string) =>
    [...world.sandbox.state.runs.values()]
      .filter(run => run.headSha === sha)
      .map(run => `${run.event} ${run.actor}`);
  const main = () => world.sandbox.git.resolve(world.repo('orders'), 'main');

  it('refuses Apps that may not write contents or workflows', async () => {
    await copy.commit(FILES, 'Begin');
    expect(await push(world.portal('dana'), 'main')).toContain('403');
    const { tokens } = world.sandbox.github;
    const permissions = { metadata: 'read', contents: 'write' };
    const bot = tokens.issueInstallation('acme', permissions, undefined);
    expect(await push(bot.token, 'main')).toContain(
      'refusing to allow a GitHub App to create or update workflow `.github/workflows/ci.yml` without `workflows` permission',
    );
    expect(world.repo('orders').pushedAt).toBeUndefined();
    expect(await main()).toBeUndefined();
  });

  it('takes the first push; everything in it is new to filters of paths', async () => {
    const { sandbox } = world;
    const events: string[] = [];
    sandbox.state.onEvent(event => {
      if (event.event === 'push') events.push(event.ref);
    });
    expect(await push(world.provisioner('dana'), 'main')).toBe('');
    const sha = (await main()) ?? '';
    expect(runs(sha)).toEqual(['push dana', 'push dana']);
    expect(events).toEqual(['refs/heads/main']);
    const { data } = await world.as('dana').repos.get(ORDERS);
    expect(data.size).toBeGreaterThan(0);
    const listed = await world
      .as('dana')
      .actions.listWorkflowRunsForRepo({ ...ORDERS, head_sha: sha });
    expect(listed.data.total_count).toBe(2);
  });

  it('knows the workflows that only people start', async () => {
    const { data } = await world.as('dana').actions.listRepoWorkflows(ORDERS);
    expect(data.workflows.map(item => item.path)).toEqual(
      expect.arrayContaining(['.github/workflows/rollback.yml']),
    );
  });

  it('finds a commit by its tag, with and without a message', async () => {
    const { git, repos } = world.as('dana');
    await copy.git('tag', 'v1.0.0');
    await copy.git('tag', '-a', 'v1.1.0', '-m', 'Next');
    await push('dana', '--tags');
    const sha = await main();
    const commit = await repos.getCommit({ ...ORDERS, ref: 'v1.1.0' });
    expect(commit.data.sha).toBe(sha);
    const plain = await git.getRef({ ...ORDERS, ref: 'tags/v1.0.0' });
    expect(plain.data.object).toMatchObject({ type: 'commit', sha });
    const { data } = await git.getRef({ ...ORDERS, ref: 'tags/v1.1.0' });
    expect(data.object.type).toBe('tag');
    const tag = await git.getTag({ ...ORDERS, tag_sha: data.object.sha });
    expect(tag.data).toMatchObject({ tag: 'v1.1.0', message: 'Next' });
    expect(tag.data.object.sha).toBe(sha);
    const tags = await repos.listTags(ORDERS);
    expect(tags.data.map(item => item.name)).toEqual(['v1.1.0', 'v1.0.0']);
  });

  it('starts only what the paths of a later push are for', async () => {
    const sha = await copy.commit({ 'src/index.js': '1\n' }, 'Go on');
    await push('dana', 'main');
    expect(runs(sha)).toEqual(['push dana']);
  });

  describe('under a ruleset', () => {
    beforeAll(async () => {
      await world.as('dana').repos.createRepoRuleset({
        ...ORDERS,
        name: 'delivery',
        enforcement: 'active',
        conditions: { ref_name: { include: ['~DEFAULT_BRANCH'], exclude: [] } },
        rules: [
          { type: 'deletion' },
          { type: 'non_fast_forward' },
          {
            type: 'pull_request',
            parameters: {
              dismiss_stale_reviews_on_push: true,
              require_code_owner_review: false,
              require_last_push_approval: true,
              required_approving_review_count: 1,
              required_review_thread_resolution: false,
            },
          },
          {
            type: 'required_status_checks',
            parameters: {
              strict_required_status_checks_policy: false,
              required_status_checks: [{ context: 'gate' }],
            },
          },
        ],
      });
    });

    it('refuses a push to the default branch and says why, to administrators as well', async () => {
      const before = await main();
      await copy.commit({ 'src/index.js': '2\n' }, 'Go past');
      const said = await push('dana', 'main');
      expect(said).toContain(
        'remote: error: GH013: Repository rule violations found for refs/heads/main.',
      );
      expect(said).toContain('- Changes must be made through a pull request.');
      expect(said).toContain('- Required status check "gate" is expected.');
      expect(said).toContain(
        '[remote rejected] main -> main (push declined due to repository rule violations)',
      );
      expect(await main()).toBe(before);
    });

    it('refuses to rewrite it and to delete it', async () => {
      const before = await main();
      await copy.git('checkout', '-q', '-b', 'rewritten', 'HEAD~2');
      await copy.commit({ 'src/index.js': '3\n' }, 'Rewrite');
      expect(await push('dana', '--force', 'rewritten:main')).toContain(
        '- Cannot force-push to this branch',
      );
      expect(await push('dana', ':main')).toContain(
        '- Cannot delete this branch',
      );
      expect(await main()).toBe(before);
    });

    it('leaves other branches alone', async () => {
      expect(await push('dana', 'rewritten')).toBe('');
    });

    it('lets through whom the ruleset lets pass', async () => {
      const { repos } = world.as('dana');
      const { data } = await repos.getRepoRulesets(ORDERS);
      const one = { ...ORDERS, ruleset_id: data[0].id };
      await repos.updateRepoRuleset({
        ...one,
        bypass_actors: [
          { actor_type: 'RepositoryRole', actor_id: 5, bypass_mode: 'always' },
        ],
      });
      const read = await repos.getRepoRuleset(one);
      expect(read.data.current_user_can_bypass).toBe('always');
      await copy.git('checkout', '-q', 'main');
      expect(await push('ravi', 'main')).toContain('GH013');
      expect(await push('dana', 'main')).toBe('');
    });
  });
});
