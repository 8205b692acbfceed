import { UserToken } from 'backstage-plugin-delivery-node';
import {
  account,
  errorOf,
  SHA,
  signal,
  startVendor,
  TOKEN,
  type Answers,
  type Vendor,
} from './__testUtils__/startVendor';

const REPO = '/repos/acme/vaultex';
const CHECKS = `GET ${REPO}/commits/${SHA}/check-runs`;
const APPROVALS = `GET ${REPO}/actions/runs/5/approvals`;
const token = new UserToken(TOKEN);

let vendor: Vendor;
afterEach(async () => vendor?.close());

describe('checks of a commit', () => {
  const check = (name: string, more: object = {}) => ({
    ...{ id: 4, name, head_sha: SHA, status: 'completed' },
    ...{ conclusion: 'success', completed_at: '2026-11-01T10:00:00Z' },
    ...more,
  });
  const read = async (answers: Answers) => {
    vendor = await startVendor(answers);
    return vendor.acts.readChecks(vendor.scope, SHA, token, signal);
  };

  it('are given with words this portal knows', async () => {
    const checks = await read({
      [CHECKS]: ({ headers }) => ({
        body: {
          total_count: 3,
          check_runs: [
            check('unit', { html_url: `http://${headers.host}/acme/x` }),
            check('lint', { status: 'in_progress', conclusion: null }),
            check('odd', {
              ...{ conclusion: 'vaporised', completed_at: 'soon' },
              html_url: 'https://evil.example/',
            }),
          ],
        },
      }),
    });
    expect(checks).toEqual([
      {
        ...{ name: 'unit', status: 'completed', conclusion: 'success' },
        completedAt: Date.UTC(2026, 10, 1, 10),
        url: `http://${vendor.host}/acme/x`,
      },
      {
        ...{ name: 'lint', status: 'in_progress' },
        completedAt: Date.UTC(2026, 10, 1, 10),
      },
      { name: 'odd', status: 'completed', conclusion: 'unknown' },
    ]);
  });

  it('are at most 300', async () => {
    const all = Array.from({ length: 100 }, (_, i) => check(`c${i}`));
    const checks = await read({ [CHECKS]: { body: { check_runs: all } } });
    expect(checks).toHaveLength(300);
    expect(vendor.calls()).toHaveLength(3);
  });

  it('are asked for by the SHA of a commit', async () => {
    vendor = await startVendor();
    const { acts, scope } = vendor;
    await expect(acts.readChecks(scope, 'main', token, signal)).rejects.toThrow(
      'SHA',
    );
    expect(vendor.seen).toEqual([]);
  });
});

describe('decisions about a run', () => {
  const row = (state: string, user: object | null, more: object = {}) => ({
    ...{ state, user, comment: 'Go, ref 1234' },
    environments: [{ id: 42, node_id: 'x', name: 'production' }],
    ...more,
  });
  const read = async (rows: unknown) => {
    vendor = await startVendor({ [APPROVALS]: { body: rows } });
    return vendor.acts.readDecisions(vendor.gate, token, signal);
  };

  it('are those of people', async () => {
    const decisions = await read([
      row('approved', account(32, 'mei')),
      row('rejected', account(33, 'rolf'), { comment: null }),
      row('pending', account(34, 'dana')),
      row('approved', account(41_898_282, 'github-actions[bot]', 'Bot')),
      row('approved', null),
      row('approved', { login: 'nobody' }),
    ]);
    expect(decisions).toEqual([
      {
        ...{ state: 'approved', comment: 'Go, ref 1234' },
        ...{ user: { id: '32', login: 'mei' }, environmentIds: ['42'] },
      },
      {
        ...{ state: 'rejected', comment: '' },
        ...{ user: { id: '33', login: 'rolf' }, environmentIds: ['42'] },
      },
      {
        ...{ state: 'unknown', comment: 'Go, ref 1234' },
        ...{ user: { id: '34', login: 'dana' }, environmentIds: ['42'] },
      },
    ]);
  });

  it('are not none when they cannot be read', async () => {
    expect(await errorOf(read({ message: 'x' }))).toMatchObject({
      code: 'github_unreadable',
    });
  });
});

describe('an address that moved', () => {
  const read = () =>
    vendor.acts.readDecisions(vendor.gate, token, signal).then(
      rows => rows.length,
      error => error.code,
    );
  const moved = (location: string) => ({ status: 301, headers: { location } });

  it('is followed where it stays at GitHub', async () => {
    vendor = await startVendor({
      [APPROVALS]: moved('/api/v3/repositories/9/approvals'),
      'GET /repositories/9/approvals': { body: [] },
    });
    expect(await read()).toBe(0);
    expect(vendor.seen[1].headers.authorization).toBe(`Bearer ${TOKEN}`);
  });

  it('is never followed to another origin', async () => {
    const other = await startVendor({ 'GET /x': { body: [] } });
    vendor = await startVendor({ [APPROVALS]: moved(`${other.apiBaseUrl}/x`) });
    expect(await read()).toBe('github_not_found');
    expect(other.seen).toEqual([]);
    await other.close();
  });

  it('is not followed in circles', async () => {
    vendor = await startVendor({
      [APPROVALS]: moved(`/api/v3${APPROVALS.slice(4)}`),
    });
    expect(await read()).toBe('github_not_found');
    expect(vendor.seen).toHaveLength(4);
  });

  it.each(['', 'http://', 'ftp://127.0.0.1/x'])(
    'is not followed to "%s"',
    async location => {
      vendor = await startVendor({ [APPROVALS]: moved(location) });
      expect(await read()).toBe('github_not_found');
      expect(vendor.seen).toHaveLength(1);
    },
  );
});

it('gives up a read with the reason of whoever gave up', async () => {
  vendor = await startVendor();
  const gone = AbortSignal.abort(new Error('enough'));
  await expect(
    vendor.acts.readDecisions(vendor.gate, token, gone),
  ).rejects.toThrow('enough');
  expect(vendor.seen).toEqual([]);
});

it('leaves the owner and the name of a repository at their place', async () => {
  vendor = await startVendor();
  const gate = { ...vendor.gate, slug: '../..' };
  await expect(vendor.acts.readDecisions(gate, token, signal)).rejects.toThrow(
    'address',
  );
  expect(vendor.seen).toEqual([]);
});
