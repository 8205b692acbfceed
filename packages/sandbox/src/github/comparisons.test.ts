import { Octokit } from '@octokit/rest';
import { RepoRecord } from '../state';
import { startSmallSandbox } from './__testUtils__/startSmallSandbox';

/** After everything else: git takes a commit older than its parents for one of another line. */
const AT = Date.UTC(2100, 0, 1);
const app = { owner: 'acme', repo: 'app' };

describe('comparisons and commits too large for one answer', () => {
  let sandbox: Awaited<ReturnType<typeof startSmallSandbox>>;
  let octokit: Octokit;
  let repo: RepoRecord;

  beforeAll(async () => {
    sandbox = await startSmallSandbox();
    octokit = new Octokit({
      baseUrl: `${sandbox.url}/api/v3`,
      auth: 'ghp_sandbox_dana',
      log: { debug() {}, info() {}, warn() {}, error() {} },
    });
    repo = sandbox.state.repo('acme', 'app') as RepoRecord;
  });
  afterAll(() => sandbox?.stop());

  it('pages a comparison of more than 250 commits; the files are on its first page', async () => {
    const tip = (await sandbox.git.resolve(repo, 'main')) ?? '';
    const author = { name: 'Dana', email: 'dana@example.com' };
    const shas = await sandbox.git.importHistory(
      repo,
      Array.from({ length: 320 }, (_, index) => ({
        branch: 'main',
        files: { 'src/count.txt': `${index}\n` },
        message: `Count to ${index}`,
        author,
        at: AT + index * 1000,
      })),
    );
    const basehead = `${tip}...${shas[319]}`;
    const ask = (query: object) =>
      octokit.rest.repos.compareCommitsWithBasehead({
        ...app,
        basehead,
        ...query,
      });
    const whole = await ask({});
    expect(whole.data.total_commits).toBe(320);
    expect(whole.data.commits).toHaveLength(250);
    const seen: string[] = [];
    for (let page = 1; page <= 4; page += 1) {
      const { data, headers } = await ask({ per_page: 100, page });
      seen.push(...data.commits.map(({ sha }) => sha));
      expect(data.files).toHaveLength(page === 1 ? 1 : 0);
      expect((headers.link ?? '').includes('rel="next"')).toBe(page < 4);
    }
    expect(seen).toEqual(shas);
    const back = await octokit.rest.repos.compareCommitsWithBasehead({
      ...app,
      basehead: `${shas[319]}...${tip}`,
    });
    expect(back.data).toMatchObject({ status: 'behind', behind_by: 320 });
  });

  it('shows 300 files of a commit, and the others on the next pages', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 310 }, (_, index) => [`many/${index}.txt`, 'x\n']),
    );
    const { sha } = await sandbox.git.commit(repo, {
      branch: 'main',
      files,
      message: 'Add many',
      author: { name: 'Dana', email: 'dana@example.com' },
      at: AT + 3_600_000,
    });
    const first = await octokit.rest.repos.getCommit({ ...app, ref: sha });
    expect(first.data.files).toHaveLength(300);
    expect(first.data.stats?.total).toBe(310);
    const second = await octokit.rest.repos.getCommit({
      ...app,
      ref: sha,
      page: 2,
    });
    expect(second.data.files).toHaveLength(10);
  });
});
