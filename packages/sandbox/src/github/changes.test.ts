import { Octokit } from '@octokit/rest';
import { PullRequestRecord, RepoRecord } from '../state';
import { startSmallSandbox } from './__testUtils__/startSmallSandbox';
import { closeIssue, openIssue, unlabelIssue } from './issueActs';

const MINUTE = 60_000;
const app = { owner: 'acme', repo: 'app' };

describe('pull requests, issues and what they are made of', () => {
  let sandbox: Awaited<ReturnType<typeof startSmallSandbox>>;
  let octokit: Octokit;
  let repo: RepoRecord;

  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const signedIn = (auth: string) =>
    new Octokit({ baseUrl: `${sandbox.url}/api/v3`, auth, log: silent });

  /** A pull request of two commits, squashed into one. */
  async function squashed(
    number: number,
    times: { written: number; opened: number; merged: number },
    rest: Partial<PullRequestRecord> = {},
  ): Promise<PullRequestRecord> {
    const author = { name: 'Ravi', email: 'ravi@example.com' };
    const { git, state } = sandbox;
    const baseSha = await git.resolve(repo, 'main');
    const headBranch = `change-${number}`;
    const own = await git.importHistory(
      repo,
      ['one', 'two'].map((text, index) => ({
        branch: headBranch,
        files: { [`src/${number}.txt`]: `${text}\n` },
        message: `Write ${text}`,
        author,
        at: times.written + index * MINUTE,
      })),
    );
    const merge = await git.commit(repo, {
      branch: 'main',
      files: { [`src/${number}.txt`]: 'two\n' },
      message: `Write both (#${number})`,
      author,
      committer: { name: 'GitHub', email: 'noreply@github.com' },
      at: times.merged,
    });
    const id = state.nextId();
    const pull: PullRequestRecord = {
      id,
      nodeId: `PR_${id}`,
      repoId: repo.id,
      number,
      title: 'Write both',
      body: 'As asked for',
      author: 'ravi',
      headBranch,
      headSha: own[1],
      baseBranch: 'main',
      baseSha,
      labels: ['hotfix', 'a label & more'],
      state: 'closed',
      mergedAt: times.merged,
      mergeSha: merge.sha,
      mergedBy: 'dana',
      closedAt: times.merged,
      createdAt: times.opened,
      updatedAt: times.merged,
      ...rest,
    };
    state.pulls.set(id, pull);
    return pull;
  }

  const at = Date.UTC(2026, 4, 4, 12);
  const times = (day: number) => ({
    written: at + day * 1440 * MINUTE,
    opened: at + (day * 1440 + 180) * MINUTE,
    merged: at + (day * 1440 + 300) * MINUTE,
  });

  beforeAll(async () => {
    sandbox = await startSmallSandbox();
    octokit = signedIn('ghp_sandbox_dana');
    repo = sandbox.state.repo('acme', 'app') as RepoRecord;
  });
  afterAll(() => sandbox?.stop());

  it('lists merged pull requests, the last changed first, page by page', async () => {
    await squashed(12, times(1), { updatedAt: at + 9_000 * MINUTE });
    const thirteen = await squashed(13, times(2), {
      author: 'dependabot[bot]',
      headBranch: 'dependabot/npm/x',
    });
    await squashed(14, times(3));
    const ask = (page: number) =>
      octokit.rest.pulls.list({
        ...app,
        state: 'closed',
        sort: 'updated',
        direction: 'desc',
        per_page: 2,
        page,
      });
    const first = await ask(1);
    expect(first.data.map(({ number }) => number)).toEqual([1, 12]);
    expect(first.headers.link).toContain('rel="next"');
    const second = await ask(2);
    expect(second.headers.link).not.toContain('rel="next"');
    expect(second.data.map(({ number }) => number)).toEqual([14, 13]);
    expect(second.data[1]).toMatchObject({
      merged_at: new Date(times(2).merged).toISOString().replace('.000', ''),
      created_at: new Date(times(2).opened).toISOString().replace('.000', ''),
      body: 'As asked for',
      labels: [{ name: 'hotfix' }, { name: 'a label & more' }],
      head: { ref: 'dependabot/npm/x' },
      base: { ref: 'main', sha: thirteen.baseSha },
      user: { login: 'dependabot[bot]', type: 'Bot' },
    });
    const again = await octokit
      .request('GET /repos/{owner}/{repo}/pulls', {
        ...app,
        state: 'closed',
        sort: 'updated',
        direction: 'desc',
        per_page: 2,
        page: 2,
        headers: { 'if-none-match': second.headers.etag },
      })
      .catch(error => error);
    expect(again.status).toBe(304);
  });

  it('keeps the own commits of what was squashed, with their times', async () => {
    const pull = await squashed(15, times(4), {
      reviews: [
        {
          id: 77,
          nodeId: 'PRR_77',
          user: 'dana',
          state: 'CHANGES_REQUESTED',
          body: 'Shorter, please',
          at: times(4).opened + 20 * MINUTE,
          commitSha: 'c'.repeat(40),
        },
      ],
    });
    const one = { ...app, pull_number: 15 };
    const commits = await octokit.rest.pulls.listCommits(one);
    expect(commits.data.map(({ commit }) => commit.message)).toEqual([
      'Write one',
      'Write two',
    ]);
    expect(Date.parse(commits.data[0].commit.author?.date ?? '')).toBe(
      times(4).written,
    );
    expect(commits.data.map(({ sha }) => sha)).not.toContain(pull.mergeSha);
    const files = await octokit.rest.pulls.listFiles(one);
    expect(files.data.map(({ filename }) => filename)).toEqual(['src/15.txt']);
    const { data } = await octokit.rest.pulls.get(one);
    expect(data).toMatchObject({
      merge_commit_sha: pull.mergeSha,
      commits: 2,
      changed_files: 1,
      merged_by: { login: 'dana' },
    });
    const reviews = await octokit.rest.pulls.listReviews(one);
    expect(reviews.data).toMatchObject([
      {
        state: 'CHANGES_REQUESTED',
        user: { login: 'dana' },
        commit_id: 'c'.repeat(40),
      },
    ]);
    const merge = await octokit.rest.repos.getCommit({
      ...app,
      ref: pull.mergeSha ?? '',
    });
    expect(merge.data.committer).toMatchObject({ login: 'web-flow' });
    expect(merge.data.files?.map(({ filename }) => filename)).toEqual([
      'src/15.txt',
    ]);
  });

  it('lists issues with labels and since, pull requests among them', async () => {
    const open = (title: string, day: number, labels: string[]) =>
      openIssue(
        sandbox.github,
        repo,
        { actor: 'dana', at: times(day).opened },
        { title, body: null, labels },
      );
    const first = open('First', 1, ['incident', 'service:api']);
    const second = open('Second', 2, ['Incident']);
    open('No incident', 3, ['bug']);
    const done = { actor: 'ravi', at: times(5).merged };
    closeIssue(sandbox.github, first, done);
    const listed = async (query: object) => {
      const { data } = await octokit.rest.issues.listForRepo({
        ...app,
        state: 'all',
        sort: 'updated',
        direction: 'desc',
        ...query,
      });
      return data.map(({ number }) => number);
    };
    expect(await listed({ labels: 'incident' })).toEqual([
      first.number,
      second.number,
    ]);
    expect(await listed({ labels: 'incident,service:api' })).toEqual([
      first.number,
    ]);
    expect(
      await listed({
        labels: 'incident',
        since: new Date(times(3).opened).toISOString(),
      }),
    ).toEqual([first.number]);
    expect(await listed({ labels: 'incident', state: 'open' })).toEqual([
      second.number,
    ]);
    expect(await listed({ labels: 'incident', direction: 'asc' })).toEqual([
      second.number,
      first.number,
    ]);
    const hotfixes = await octokit.rest.issues.listForRepo({
      ...app,
      state: 'closed',
      labels: 'hotfix',
    });
    expect(hotfixes.data.map(item => item.number)).toContain(12);
    const twelve = hotfixes.data.find(({ number }) => number === 12);
    expect(twelve?.pull_request?.merged_at).toBeDefined();
    expect(twelve?.html_url).toContain('/pull/12');
    const { data } = await octokit.rest.issues.get({
      ...app,
      issue_number: first.number,
    });
    expect(data).toMatchObject({
      state: 'closed',
      state_reason: 'completed',
      closed_by: { login: 'ravi' },
    });
    expect(data.pull_request).toBeUndefined();
    unlabelIssue(sandbox.github, first, done, 'service:api');
    const events = await octokit.rest.issues.listEvents({
      ...app,
      issue_number: first.number,
    });
    expect(events.data.map(({ event }) => event)).toEqual([
      'labeled',
      'labeled',
      'closed',
      'unlabeled',
    ]);
    await expect(
      octokit.rest.issues.get({ ...app, issue_number: 999 }),
    ).rejects.toMatchObject({ status: 404 });
  });

  it('lets an installation token read issues only with the permission for it', async () => {
    const { tokens, app: ours } = sandbox.github;
    expect(ours.permissions).toMatchObject({
      issues: 'read',
      pull_requests: 'read',
    });
    expect(ours.events).toContain('issues');
    const ask = (permissions: Record<string, string>) =>
      signedIn(
        tokens.issueInstallation('acme', permissions, undefined).token,
      ).rest.issues.listForRepo({ owner: 'acme', repo: 'secret' });
    expect((await ask({ issues: 'read' })).status).toBe(200);
    await expect(ask({ pull_requests: 'read' })).rejects.toMatchObject({
      status: 403,
    });
  });
});
