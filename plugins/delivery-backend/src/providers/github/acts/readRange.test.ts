import { UserToken } from 'backstage-plugin-delivery-node';
import {
  account,
  errorOf,
  signal,
  startVendor,
  TOKEN,
  type Answers,
  type Seen,
  type Vendor,
} from './__testUtils__/startVendor';

const REPO = '/repos/acme/vaultex';
const token = new UserToken(TOKEN);
const sha = (n: number) => n.toString(16).padStart(40, '0');
const BASE = sha(0xba5e);
const HEAD = sha(0x4ead);
const COMPARE = `GET ${REPO}/compare/${BASE}...${HEAD}`;

let vendor: Vendor;
afterEach(async () => vendor?.close());

/** Shaped after GitHub's `commit`. */
const commit = (n: number, message = `Change ${n}`, more: object = {}) => ({
  sha: sha(n),
  commit: {
    message,
    author: { name: 'Dana Kovac', date: '2026-11-01T10:00:00Z' },
    committer: { name: 'GitHub', date: '2026-11-02T10:00:00Z' },
  },
  author: account(41, 'dana'),
  committer: account(19_864_447, 'web-flow'),
  ...more,
});
const comparison = (commits: object[], more: object = {}) => ({
  ...{ status: 'ahead', ahead_by: commits.length, behind_by: 0 },
  ...{ total_commits: commits.length, files: [], commits },
  ...more,
});
const pageOf = (one: Seen) =>
  Number(new URL(one.path, 'http://x').searchParams.get('page'));
/** A range of so many commits, paged as GitHub does: oldest first, files on the first page. */
const paged = (total: number, more: object = {}): Answers => ({
  [COMPARE]: one => {
    const from = (pageOf(one) - 1) * 100;
    const size = Math.max(0, Math.min(100, total - from));
    const commits = Array.from({ length: size }, (_, i) =>
      commit(from + i + 1),
    );
    const body = { ...comparison(commits), ahead_by: total, ...more };
    return { body: { ...body, ...(from > 0 && { files: undefined }) } };
  },
});

async function read(answers: Answers) {
  vendor = await startVendor(answers);
  return vendor.acts.readRange(
    ...([vendor.scope, { base: BASE, head: HEAD }, token, signal] as const),
  );
}
const one = (message: string, more: object = {}): Answers => ({
  [COMPARE]: { body: comparison([commit(1, message, more)]) },
});
const coAuthors = async (message: string) =>
  (await read(one(message))).commits[0].coAuthors;

describe('commits', () => {
  it('have accounts with ids, newest first', async () => {
    const range = await read({
      [COMPARE]: {
        body: comparison([
          commit(1, 'One\n\nwhy', { author: null, committer: {} }),
          commit(2, 'Two', { author: account(5, 'renovate[bot]', 'Bot') }),
        ]),
      },
    });
    const at = Date.UTC(2026, 10, 2, 10);
    expect(range).toEqual({
      ...{ status: 'ahead', total: 2, cut: false, pullRequests: [] },
      ...{ files: [], filesCut: false },
      commits: [
        {
          ...{ sha: sha(2), title: 'Two', at, coAuthors: [] },
          author: { id: '5', login: 'renovate[bot]', bot: true },
          // GitHub's own signature is nobody's.
          committer: { id: '19864447', login: 'web-flow', bot: true },
          authorName: 'Dana Kovac',
        },
        {
          ...{ sha: sha(1), title: 'One', at, coAuthors: [] },
          authorName: 'Dana Kovac',
        },
      ],
    });
  });

  it('are read page by page', async () => {
    const range = await read(paged(251));
    expect(range).toMatchObject({ total: 251, cut: false });
    expect(range.commits.map(c => c.sha)).toEqual(
      Array.from({ length: 251 }, (_, i) => sha(251 - i)),
    );
    const pages = vendor.seen.filter(c => c.path.includes('/compare/'));
    expect(pages.map(c => c.path.split('?')[1])).toEqual([
      'per_page=100&page=1',
      'per_page=100&page=2',
      'per_page=100&page=3',
    ]);
  });

  it('are all read up to 2,000', async () => {
    const range = await read(paged(2000));
    expect(range.cut).toBe(false);
    expect(range.commits).toHaveLength(2000);
  });

  it('are cut above 2,000, and the candidate is among those that were read', async () => {
    const range = await read(paged(2301));
    expect(range).toMatchObject({ total: 2301, cut: true });
    expect(range.commits[0].sha).toBe(sha(2301));
    expect(range.commits.at(-1)?.sha).toBe(sha(1));
    expect(range.commits).toHaveLength(100 + 18 * 100 + 1);
    const pages = vendor.seen.filter(c => c.path.includes('/compare/'));
    expect(pages).toHaveLength(20);
  });

  it('are cut when GitHub gives fewer than it counts', async () => {
    expect(await read(paged(10, { ahead_by: 12 }))).toMatchObject({
      ...{ cut: true, total: 12 },
    });
  });

  it.each([
    ['identical', 0, 0],
    ['behind', 0, 4],
    ['diverged', 1, 4],
  ])('say %s by their counts', async (status, ahead, behind) => {
    const counts = { ahead_by: ahead, behind_by: behind, status: 'vaporised' };
    const commits = ahead ? [commit(1)] : [];
    const body = comparison(commits, counts);
    expect(await read({ [COMPARE]: { body } })).toMatchObject({ status });
  });

  it.each([
    ['main', HEAD],
    [BASE, 'evil:main'],
    ['..', HEAD],
  ])('are not asked for between %s and %s', async (base, head) => {
    vendor = await startVendor();
    await expect(
      vendor.acts.readRange(vendor.scope, { base, head }, token, signal),
    ).rejects.toThrow('Only commits');
    expect(vendor.seen).toEqual([]);
  });

  it.each([
    [404, 'github_not_found'],
    [503, 'github_unavailable'],
  ])('fail with HTTP %s', async (status, code) => {
    const error = await errorOf(read({ [COMPARE]: { status } }));
    expect(error).toMatchObject({ code });
  });
});

describe('co-authors', () => {
  it('are accounts where the address is one of GitHub', async () => {
    vendor = await startVendor();
    await vendor.close();
    const found = await coAuthors(
      [
        'Pair\n\nwhy',
        'Co-authored-by: Mei <32+mei@users.noreply.127.0.0.1>',
        'co-authored-by: Old <rolf@users.noreply.127.0.0.1>  ',
        'CO-AUTHORED-BY: Bot <49+dependabot[bot]@users.noreply.127.0.0.1>',
      ].join('\r\n'),
    );
    expect(found).toEqual([
      { id: '32', login: 'mei' },
      { login: 'rolf' },
      { id: '49', login: 'dependabot[bot]', bot: true },
    ]);
  });

  it.each([
    'Jane <jane@acme.example>',
    'Jane',
    'Mei <32+mei@users.noreply.github.com>',
    'Mei <32+mei@users.noreply.127.0.0.1.evil.example>',
    'Mei <99999999999999999999+mei@users.noreply.127.0.0.1>',
    `<${'a'.repeat(2000)}@users.noreply.127.0.0.1>`,
    '',
  ])('are somebody unknown with "%s"', async text => {
    expect(await coAuthors(`x\n\nCo-authored-by: ${text}`)).toEqual([{}]);
  });

  it('are found behind any amount of text, and counted only so far', async () => {
    const trailer = 'Co-authored-by: Mei <32+mei@users.noreply.127.0.0.1>\n';
    const late = `x\n${'-'.repeat(200_000)}\n${trailer}`;
    expect(await coAuthors(late)).toEqual([{ id: '32', login: 'mei' }]);
    await vendor.close();
    const many = await coAuthors(`x\n\n${trailer.repeat(5000)}`);
    expect(many).toHaveLength(51);
    expect(many.at(-1)).toEqual({});
  });

  it('are not made of other lines', async () => {
    expect(
      await coAuthors('x\n\nNot-co-authored-by: a <b@c>\nReviewed-by: d'),
    ).toEqual([]);
  });
});

describe('pull requests', () => {
  const pull = (number: number, merged: number, more: object = {}) => ({
    ...{ number, title: `Pull ${number}`, merge_commit_sha: sha(merged) },
    ...{ user: account(41, 'dana'), merged_by: account(42, 'rolf') },
    ...more,
  });
  const PULL = (number: number) => `GET ${REPO}/pulls/${number}`;
  const OF = (n: number) => `GET ${REPO}/commits/${sha(n)}/pulls`;
  const people = {
    opener: { id: '41', login: 'dana' },
    merger: { id: '42', login: 'rolf' },
  };

  it('are named by titles that GitHub agrees with', async () => {
    const range = await read({
      [COMPARE]: {
        body: comparison([
          commit(1, 'One (#12)'),
          commit(2, 'Merge pull request #13 from acme/fix'),
        ]),
      },
      [PULL(12)]: { body: pull(12, 1) },
      [PULL(13)]: { body: pull(13, 2, { merged_by: null }) },
    });
    expect(range.commits.map(c => c.pullRequest)).toEqual([13, 12]);
    expect(range.pullRequests).toEqual([
      { number: 13, title: 'Pull 13', opener: people.opener },
      { number: 12, title: 'Pull 12', ...people },
    ]);
    expect(vendor.calls().join()).not.toContain('/commits/');
  });

  it('do not hide behind the number of another one', async () => {
    const range = await read({
      ...one('Innocent (#12)'),
      [PULL(12)]: { body: pull(12, 99) },
      [OF(1)]: { body: [{ number: 66 }] },
      [PULL(66)]: { body: pull(66, 1, { user: account(66, 'mal') }) },
    });
    expect(range.commits[0].pullRequest).toBe(66);
    expect(range.pullRequests).toMatchObject([
      { number: 66, opener: { id: '66', login: 'mal' } },
      { number: 12 },
    ]);
  });

  it('that do not exist are none', async () => {
    const range = await read(one('Fix the issue (#404)'));
    expect(range.pullRequests).toEqual([]);
    expect(range.commits[0]).not.toHaveProperty('pullRequest');
  });

  it('that may not be read are there without people', async () => {
    const range = await read({
      ...one('One (#12)'),
      [PULL(12)]: { status: 403 },
      [OF(1)]: { status: 403 },
    });
    expect(range.pullRequests).toEqual([{ number: 12 }]);
  });

  it('fail the whole when GitHub does not answer', async () => {
    const error = await errorOf(
      read({ ...one('One (#12)'), [PULL(12)]: { status: 502 } }),
    );
    expect(error).toMatchObject({ code: 'github_unavailable' });
  });

  it('are asked for by commit 20 times, and read 50 times', async () => {
    const commits = Array.from({ length: 100 }, (_, i) =>
      commit(i + 1, `Change (#${i + 1})`),
    );
    const answers: Answers = { [COMPARE]: { body: comparison(commits) } };
    for (let n = 1; n <= 100; n++) answers[PULL(n)] = { body: pull(n, 9999) };
    const range = await read(answers);
    const count = (pattern: RegExp) =>
      vendor.seen.filter(c => pattern.test(c.path)).length;
    expect(count(/\/commits\/\w+\/pulls$/)).toBe(20);
    expect(count(/\/pulls\/\d+$/)).toBe(50);
    expect(range.pullRequests).toHaveLength(100);
    expect(range.pullRequests.filter(p => p.opener)).toHaveLength(50);
  });
});

describe('files', () => {
  const file = (n: number, more: object = {}) => ({
    ...{ filename: `src/${n}.ts`, status: 'modified', additions: n },
    ...{ deletions: 1, changes: n + 1, patch: '@@' },
    ...more,
  });
  const withFiles = (files: object[]): Answers => ({
    [COMPARE]: {
      body: comparison([commit(1)], {
        files,
        html_url: 'https://evil.example/compare',
      }),
    },
  });

  it('say what happened to them', async () => {
    const range = await read(
      withFiles([file(3), file(4, { status: 'vaporised' })]),
    );
    expect(range.files).toEqual([
      { path: 'src/3.ts', status: 'modified', additions: 3, deletions: 1 },
      { path: 'src/4.ts', status: 'unknown', additions: 4, deletions: 1 },
    ]);
    expect(range.filesCut).toBe(false);
    expect(range).not.toHaveProperty('url');
  });

  it('are at most 300, and then perhaps not all', async () => {
    const all = Array.from({ length: 400 }, (_, i) => file(i));
    const range = await read(withFiles(all));
    expect(range.files).toHaveLength(300);
    expect(range.filesCut).toBe(true);
  });
});
