import { Octokit } from '@octokit/rest';
import { startSmallSandbox } from './__testUtils__/startSmallSandbox';
import { PAST_RUNS } from './__testUtils__/pastRuns';

const APP = { owner: 'acme', repo: 'app' };

describe('sources, asked for by the real Octokit', () => {
  let sandbox: Awaited<ReturnType<typeof startSmallSandbox>>;
  let dana: Octokit;

  const octokit = (auth?: string) =>
    new Octokit({
      baseUrl: `${sandbox.url}/api/v3`,
      auth,
      log: { debug() {}, info() {}, warn() {}, error() {} },
      retry: { enabled: false },
    });
  const person = (login: string) => octokit(`ghp_sandbox_${login}`);
  const problem = (asked: Promise<unknown>) =>
    asked.then(
      () => undefined,
      error => ({ status: error.status, message: error.response.data.message }),
    );

  beforeAll(async () => {
    sandbox = await startSmallSandbox();
    dana = person('dana');
  });
  afterAll(() => sandbox?.stop());

  it('reads files, folders, raw content, trees and blobs', async () => {
    const file = await dana.rest.repos.getContent({
      ...APP,
      path: 'src/deep/index.txt',
    });
    if (Array.isArray(file.data) || file.data.type !== 'file')
      throw new Error();
    expect(Buffer.from(file.data.content, 'base64').toString()).toBe('two\n');
    const folder = await dana.rest.repos.getContent({ ...APP, path: '' });
    expect(
      Array.isArray(folder.data) && folder.data.map(e => `${e.type} ${e.path}`),
    ).toEqual(['dir .github', 'file README.md', 'dir src']);
    const raw = await fetch(
      `${sandbox.url}/api/v3/repos/acme/app/contents/src/deep/index.txt?ref=main`,
      { headers: { accept: 'application/vnd.github.v3.raw' } },
    );
    expect(await raw.text()).toBe('two\n');
    const tree = await dana.rest.git.getTree({
      ...APP,
      tree_sha: 'main',
      recursive: 'true',
    });
    expect(tree.data.tree.map(e => e.path)).toContain('src/deep/index.txt');
    expect(
      await problem(dana.rest.repos.getContent({ ...APP, path: 'none' })),
    ).toEqual({ status: 404, message: 'Not Found' });
  });

  it('lists, shows and compares commits', async () => {
    const { data: commits } = await dana.rest.repos.listCommits(APP);
    expect(commits.map(c => c.commit.message)).toEqual(['Go on (#1)', 'Begin']);
    const [newest, oldest] = commits;
    expect(newest.author?.login).toBe('ravi');
    const one = await dana.rest.repos.getCommit({ ...APP, ref: newest.sha });
    expect(one.data.files?.map(f => `${f.status} ${f.filename}`)).toEqual([
      'removed deploy.sh',
      'modified src/deep/index.txt',
    ]);
    const compared = await dana.rest.repos.compareCommitsWithBasehead({
      ...APP,
      basehead: `${oldest.sha}...${newest.sha}`,
    });
    expect(compared.data).toMatchObject({
      status: 'ahead',
      ahead_by: 1,
      total_commits: 1,
    });
    const back = await dana.rest.repos.compareCommitsWithBasehead({
      ...APP,
      basehead: `${newest.sha}...${oldest.sha}`,
    });
    expect(back.data).toMatchObject({ status: 'behind', behind_by: 1 });
    const pulls = await dana.rest.repos.listPullRequestsAssociatedWithCommit({
      ...APP,
      commit_sha: newest.sha,
    });
    expect(pulls.data.map(p => p.number)).toEqual([1]);
    const checks = await dana.paginate(dana.rest.checks.listForRef, {
      ...APP,
      ref: newest.sha,
      per_page: 100,
    });
    expect(checks.length).toBe(PAST_RUNS * 2);
  });
});
