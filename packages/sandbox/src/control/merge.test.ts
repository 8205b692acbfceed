import {
  CreatingSandbox,
  creatingSandbox,
} from '../github/__testUtils__/creating';
import { until } from '../github/__testUtils__/startSmallSandbox';
import { startReceiver } from '../github/__testUtils__/webhookReceiver';

const PIPELINE = `name: Pipeline
on: { push: { branches: [main, develop] }, pull_request: {} }
jobs:
  deploy:
    runs-on: ubuntu-24.04
    steps:
      - run: make test
`;

describe('yarn sandbox merge', () => {
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  let world: CreatingSandbox;
  let name = '';
  let made = 0;
  beforeAll(async () => {
    receiver = await startReceiver();
    world = await creatingSandbox({ webhookUrl: receiver.url });
  });
  afterAll(async () => {
    await world?.sandbox.stop();
    await receiver?.close();
  });

  const push = async (branch: string, files: Record<string, string>) => {
    const { status, body } = await world.control('/push', {
      ...{ target: name, branch, files, message: `Change ${branch}` },
    });
    expect(status).toBe(200);
    return String(body.sha);
  };
  const merge = (more: object = {}) =>
    world.control('/merge', { target: name, ...more });
  const git = () => world.sandbox.github.git;
  const textOf = async (path: string) =>
    (await git().readFile(world.repo(name), 'main', path))?.toString('utf8');

  beforeEach(async () => {
    made += 1;
    name = `orders-${made}`;
    await world.create(name);
    await push('main', {
      '.github/workflows/pipeline.yml': PIPELINE,
      'a.txt': 'a\n',
    });
  });

  it('takes develop as it is where main has not moved, and starts the runs of main', async () => {
    const head = await push('develop', { 'b.txt': 'b\n' });
    const { status, body } = await merge();
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ repo: `acme/${name}`, branch: 'develop', sha: head },
      ...{ fastForward: true, mergedBy: 'dana' },
    });
    const repo = world.repo(name);
    expect(await git().resolve(repo, 'main')).toBe(head);
    const runs = [...world.sandbox.state.runs.values()].filter(
      run => run.repoId === repo.id && run.headSha === head,
    );
    expect(runs.map(run => `${run.event} ${run.headBranch}`).sort()).toEqual([
      'pull_request develop',
      'push develop',
      'push main',
    ]);
    const { data } = await world
      .as('dana')
      .pulls.get({ owner: 'acme', repo: name, pull_number: body.number });
    expect(data).toMatchObject({
      ...{ merged: true, merge_commit_sha: head, state: 'closed' },
      ...{ title: 'Change develop', merged_by: { login: 'dana' } },
    });
  });

  it('makes a merge commit where both have moved', async () => {
    const head = await push('develop', { 'b.txt': 'b\n' });
    const main = await push('main', { 'a.txt': 'newer\n' });
    const { body } = await merge({ from: 'develop', user: 'ravi' });
    expect(body).toMatchObject({ fastForward: false, mergedBy: 'ravi' });
    const commit = await git().commitInfo(world.repo(name), 'main');
    expect(commit?.sha).toBe(body.sha);
    expect(commit?.parents).toEqual([main, head]);
    expect(await textOf('a.txt')).toBe('newer\n');
    expect(await textOf('b.txt')).toBe('b\n');
  });

  it('merges the newest open pull request when nobody names a branch', async () => {
    await push('develop', { 'b.txt': 'b\n' });
    const opened = await world.control('/pull-request', {
      ...{ target: name, branch: 'change-x', files: { 'x.txt': 'x\n' } },
    });
    const { body } = await merge();
    expect(body).toMatchObject({
      ...{ number: opened.body.number, branch: 'change-x' },
      ...{ sha: opened.body.sha, fastForward: true },
    });
  });

  it('tells webhooks of the pull request and of the push', async () => {
    const head = await push('develop', { 'b.txt': 'b\n' });
    await merge();
    const told = (event: string, wanted: object) =>
      until(() =>
        receiver.received.some(({ headers, body }) => {
          if (headers['x-github-event'] !== event) return false;
          const pull = body.pull_request as { merged?: boolean } | undefined;
          const seen = {
            ref: body.ref,
            after: body.after,
            merged: pull?.merged,
          };
          return Object.entries(wanted).every(
            ([key, value]) => seen[key as keyof typeof seen] === value,
          );
        }),
      );
    expect(await told('pull_request', { merged: true })).toBe(true);
    expect(await told('push', { ref: 'refs/heads/main', after: head })).toBe(
      true,
    );
  });

  it('says what cannot be merged', async () => {
    expect(await merge()).toMatchObject({
      status: 404,
      body: {
        error: `${name} has no branch "develop" to merge into main. Branches: none.`,
      },
    });
    await push('develop', { 'b.txt': 'b\n' });
    await merge();
    expect(await merge({ from: 'develop' })).toMatchObject({
      status: 409,
      body: { error: expect.stringContaining('has everything of develop') },
    });
    await push('develop', { 'a.txt': 'theirs\n' });
    await push('main', { 'a.txt': 'ours\n' });
    const before = await git().resolve(world.repo(name), 'main');
    expect(await merge({ from: 'develop' })).toMatchObject({
      status: 409,
      body: { error: expect.stringContaining('a.txt was changed in both') },
    });
    expect(await git().resolve(world.repo(name), 'main')).toBe(before);
    expect(await merge({ from: 'main' })).toMatchObject({ status: 404 });
    expect(await merge({ from: 'develop', user: 'outsider' })).toMatchObject({
      status: 403,
    });
  });
});

describe('yarn sandbox refuse-onboarding', () => {
  it('counts how many onboardings shall fail', async () => {
    const world = await creatingSandbox();
    const refuse = (body: object) => world.control('/refuse-onboarding', body);
    expect(await refuse({})).toEqual({ status: 200, body: { refuses: 1 } });
    expect((await refuse({ count: '2' })).body).toEqual({ refuses: 2 });
    expect(world.sandbox.state.saved.get('refuse-onboarding')).toBe(2);
    expect(await refuse({ count: 'all' })).toMatchObject({
      status: 400,
      body: { error: '--count must be a whole number from 0 on, not all.' },
    });
    await world.sandbox.stop();
  });
});
