import { UserToken } from 'backstage-plugin-delivery-node';
import {
  account,
  errorOf,
  NOW,
  SHA,
  signal,
  startVendor,
  TOKEN,
  type Answers,
  type Vendor,
} from './__testUtils__/startVendor';

const REPO = '/repos/acme/vaultex';
const RUN = `${REPO}/actions/runs/5`;
const token = new UserToken(TOKEN);

let vendor: Vendor;
afterEach(async () => vendor?.close());

const at = (minutes: number) => new Date(NOW + minutes * 60_000).toISOString();
/** Shaped after GitHub's `workflow-run`. */
const run = (more: object = {}) => ({
  ...{ id: 5, name: 'Deploy', head_sha: SHA, run_number: 8, run_attempt: 1 },
  ...{ status: 'waiting', conclusion: null, workflow_id: 3, event: 'push' },
  ...{ created_at: at(-10), updated_at: at(-1), html_url: 'https://x.example' },
  actor: account(31, 'cleo'),
  triggering_actor: account(31, 'cleo'),
  repository: { id: 9, full_name: 'acme/vaultex' },
  ...more,
});
const reviewers = [
  { type: 'User', reviewer: account(32, 'mei') },
  {
    type: 'Team',
    reviewer: { id: 7, node_id: 'T_7', name: 'Ops', slug: 'ops' },
  },
  { type: 'Oracle', reviewer: { id: 8, node_id: 'O_8', slug: 'delphi' } },
  { type: 'User', reviewer: null },
];
/** Shaped after GitHub's `pending-deployment`. */
const pending = (name = 'production', more: object = {}) => ({
  environment: { id: 42, node_id: 'EN_42', name, url: 'x', html_url: 'x' },
  ...{ wait_timer: 30, wait_timer_started_at: at(-5) },
  ...{ current_user_can_approve: true, reviewers },
  ...more,
});
/** Shaped after GitHub's `environment`. */
const environment = (name = 'production', more: object = {}) => ({
  ...{ id: 42, node_id: 'EN_42', name, can_admins_bypass: false },
  protection_rules: [
    { id: 1, node_id: 'x', type: 'wait_timer', wait_timer: 30 },
    {
      ...{ id: 2, node_id: 'x', type: 'required_reviewers' },
      ...{ prevent_self_review: true, reviewers },
    },
    { id: 3, node_id: 'x', type: 'branch_policy' },
  ],
  ...more,
});
const deployment = (id: number, more: object = {}) => ({
  ...{ id, sha: SHA, ref: 'main', environment: 'production', task: 'deploy' },
  ...{ created_at: at(-9), creator: account(31, 'cleo') },
  ...more,
});
const status = (state: string, runId?: number, minutes = -8) => ({
  ...{ id: 1000 + minutes, state, created_at: at(minutes) },
  log_url:
    runId === undefined
      ? undefined
      : `http://${vendor.host}/acme/vaultex/actions/runs/${runId}/job/1`,
});
const basics: Answers = {
  [`GET ${RUN}`]: { body: run() },
  [`GET ${RUN}/pending_deployments`]: { body: [pending()] },
  [`GET ${REPO}/deployments`]: { body: [] },
  [`GET ${REPO}/environments/production`]: { body: environment() },
  [`GET ${REPO}/environments`]: { body: { environments: [] } },
};
async function start(answers: Answers = {}) {
  vendor = await startVendor({ ...basics, ...answers });
  return vendor;
}

describe('the gate', () => {
  const readGate = (name = 'production') =>
    vendor.acts.readGate({ ...vendor.gate, environment: name }, token, signal);
  const read = {
    ...{ environmentId: '42', environmentName: 'production' },
    ...{ preventSelfReview: true, canAdminsBypass: false },
    ...{ waitTimerMinutes: 30, waitTimerStartedAt: NOW - 5 * 60_000 },
    reviewers: [
      { kind: 'user', id: '32', name: 'mei', nodeId: 'U_32' },
      { kind: 'team', id: '7', name: 'acme/ops', nodeId: 'T_7' },
      { kind: 'unknown', id: '8', name: 'delphi', nodeId: 'O_8' },
    ],
    currentUserCanApprove: true,
  };

  it('is read from the run and from its environment, in person', async () => {
    await start();
    expect(await readGate()).toEqual(read);
    expect(vendor.seen.map(one => one.headers.authorization)).toEqual([
      `Bearer ${TOKEN}`,
      `Bearer ${TOKEN}`,
    ]);
  });

  it('does not say that nobody goes past it when GitHub does not', async () => {
    await start({
      [`GET ${REPO}/environments/production`]: {
        body: environment('production', {
          can_admins_bypass: undefined,
          protection_rules: [{ type: 'required_reviewers', reviewers }],
        }),
      },
    });
    const gate = await readGate();
    expect(gate).not.toHaveProperty('canAdminsBypass');
    expect(gate).not.toHaveProperty('preventSelfReview');
    expect(gate?.reviewers).toHaveLength(3);
  });

  it('is what waits when its environment is gone, and what protects when nothing waits', async () => {
    await start({ [`GET ${REPO}/environments/production`]: { status: 404 } });
    const gone = await readGate('PRODUCTION');
    expect(gone).toMatchObject({ environmentId: '42', waitTimerMinutes: 30 });
    expect(gone?.reviewers).toEqual(read.reviewers);
    await vendor.close();
    await start({ [`GET ${RUN}/pending_deployments`]: { body: [] } });
    const { waitTimerStartedAt, currentUserCanApprove, ...still } = read;
    expect(await readGate()).toEqual(still);
    await vendor.close();
    await start({
      [`GET ${REPO}/environments/production`]: { status: 404 },
      [`GET ${RUN}/pending_deployments`]: { body: [pending('other')] },
    });
    expect(await readGate()).toBeUndefined();
  });

  it.each([
    [{ body: { message: 'x' } }, 'github_unreadable'],
    [{ body: [{ environment: { id: 'x', name: 'y' } }] }, 'github_unreadable'],
    [{ status: 502 }, 'github_unavailable'],
    [{ hangUp: true }, 'github_unavailable'],
    [{ status: 403, body: {} }, 'github_refused'],
    [{ status: 404, body: {} }, 'github_not_found'],
    [{ status: 401, body: {} }, 'token_expired'],
    [
      { status: 403, headers: { 'x-github-sso': 'required; url=x' } },
      'sso_required',
    ],
  ])('is not taken for open with %j', async (reply, code) => {
    await start({ [`GET ${RUN}/pending_deployments`]: reply });
    expect(await errorOf(readGate())).toMatchObject({ code });
  });
});

describe('the protection of an environment', () => {
  const readEnvironment = (name: string) =>
    vendor.acts.readEnvironment(vendor.scope, name, token, signal);

  it('is read without a run', async () => {
    await start();
    const gate = await readEnvironment('production');
    expect(gate).toMatchObject({ environmentId: '42', canAdminsBypass: false });
    expect(gate).not.toHaveProperty('currentUserCanApprove');
    expect(vendor.calls()).toEqual([`GET ${REPO}/environments/production`]);
  });

  it.each([
    ['a/b c', 'a%2Fb%20c'],
    ['../../../../user', '..%2F..%2F..%2F..%2Fuser'],
    ['%2e%2e', '%252e%252e'],
    ['a?b#c', 'a%3Fb%23c'],
    ['{owner}', '%7Bowner%7D'],
  ])('of "%s" stays in its place', async (name, encoded) => {
    const address = `${REPO}/environments/${encoded}`;
    await start({ [`GET ${address}`]: { body: environment(name) } });
    expect(await readEnvironment(name)).toMatchObject({
      environmentName: name,
    });
    expect(vendor.calls()).toEqual([`GET ${address}`]);
  });

  it.each(['.', '..', ''])('of "%s" is looked up in the list', async name => {
    const environments = [environment(), environment(name, { id: 43 })];
    await start({ [`GET ${REPO}/environments`]: { body: { environments } } });
    expect(await readEnvironment(name)).toMatchObject({ environmentId: '43' });
    expect(vendor.calls()).toEqual([
      `GET ${REPO}/environments?per_page=100&page=1`,
    ]);
  });

  it('is not believed when it is of another one', async () => {
    const address = `${REPO}/environments/staging`;
    await start({ [`GET ${address}`]: { body: environment('other') } });
    expect(await readEnvironment('staging')).toBeUndefined();
    expect(vendor.calls()).toHaveLength(2);
  });

  it('is none only when the list says so as well', async () => {
    await start();
    expect(await readEnvironment('staging')).toBeUndefined();
    await vendor.close();
    await start({ [`GET ${REPO}/environments`]: { status: 404 } });
    expect(await errorOf(readEnvironment('staging'))).toMatchObject({
      code: 'github_not_found',
    });
  });

  it('is unknown, not none, when the list does not end', async () => {
    const environments = Array.from({ length: 100 }, () => environment('x'));
    await start({ [`GET ${REPO}/environments`]: { body: { environments } } });
    expect(await errorOf(readEnvironment('..'))).toMatchObject({
      code: 'github_unreadable',
    });
    expect(vendor.calls()).toHaveLength(10);
  });
});

describe('the run at the gate', () => {
  const readRun = (more: object = {}) =>
    vendor.acts.readGateRun({ ...vendor.gate, ...more }, token, signal);
  const STATUSES = (id: number) => `GET ${REPO}/deployments/${id}/statuses`;

  it('takes four calls and one for each deployment', async () => {
    await start({
      [`GET ${REPO}/deployments`]: { body: [deployment(70)] },
      [STATUSES(70)]: () => ({ body: [status('waiting', 5)] }),
    });
    expect(await readRun()).toEqual({
      ...{ waiting: true, status: 'waiting', headSha: SHA, attempt: 1 },
      actor: { id: '31', login: 'cleo' },
      triggeringActors: [{ id: '31', login: 'cleo' }],
      deploymentCreators: [{ id: '31', login: 'cleo' }],
      pendingDeployments: ['70'],
    });
    expect(vendor.calls().sort()).toEqual([
      `GET ${REPO}/actions/runs/5`,
      `GET ${REPO}/actions/runs/5/pending_deployments`,
      `GET ${REPO}/deployments/70/statuses?per_page=100`,
      `GET ${REPO}/deployments?environment=production&sha=${SHA}&per_page=100`,
    ]);
  });

  it('tells who triggered each attempt, and where nobody could tell', async () => {
    await start({
      [`GET ${RUN}`]: { body: run({ run_attempt: 5 }) },
      [`GET ${RUN}/attempts/1`]: {
        body: run({ triggering_actor: account(33, 'rolf') }),
      },
      [`GET ${RUN}/attempts/2`]: {
        body: run({ run_attempt: 2, triggering_actor: null }),
      },
      [`GET ${RUN}/attempts/3`]: { body: run({ run_attempt: 1 }) },
    });
    const { attempt, triggeringActors } = await readRun();
    expect(attempt).toBe(5);
    expect(triggeringActors).toEqual([
      { id: '33', login: 'rolf' },
      ...[undefined, undefined, undefined],
      { id: '31', login: 'cleo' },
    ]);
  });

  it('reads 50 earlier attempts of a run that claims more than there can be', async () => {
    await start({
      [`GET ${RUN}`]: { body: run({ run_attempt: 2_000_000_000 }) },
    });
    const { triggeringActors } = await readRun();
    expect(triggeringActors).toHaveLength(52);
    expect(triggeringActors[50]).toBeUndefined();
    expect(vendor.seen).toHaveLength(53);
  });

  it('knows the deployments of the run from those of others', async () => {
    const made = (id: number, login: string, more: object = {}) =>
      deployment(id, { creator: account(id, login), ...more });
    await start({
      [`GET ${REPO}/deployments`]: {
        body: [
          made(75, 'unsure'),
          made(74, 'mine'),
          made(73, 'mine-over'),
          made(72, 'others'),
          made(71, 'no-run-over'),
          made(70, 'too-old', { created_at: at(-60) }),
          made(69, 'other-commit', { sha: 'b'.repeat(40) }),
          made(68, 'other-environment', { environment: 'staging' }),
          made(67, 'deleted'),
        ],
      },
      [STATUSES(75)]: () => ({ body: [status('waiting')] }),
      [STATUSES(74)]: () => ({
        body: [status('waiting', 5, -2), status('queued', 5, -3)],
      }),
      [STATUSES(73)]: () => ({
        body: [status('waiting', 5, -3), status('failure', 5, -2)],
      }),
      [STATUSES(72)]: () => ({ body: [status('waiting', 6)] }),
      [STATUSES(71)]: () => ({ body: [status('success')] }),
    });
    const { deploymentCreators, pendingDeployments } = await readRun();
    expect(deploymentCreators.map(one => one?.login)).toEqual([
      ...['unsure', 'mine', 'mine-over'],
    ]);
    expect(pendingDeployments).toEqual(['74', '75']);
    expect(vendor.calls().join()).not.toMatch(/deployments\/(68|69|70)\//);
  });

  it('does not know all creators when there are too many deployments', async () => {
    const body = Array.from({ length: 60 }, (_, index) =>
      deployment(100 + index, { creator: null }),
    );
    await start({ [`GET ${REPO}/deployments`]: { body } });
    expect(await readRun()).toMatchObject({ deploymentCreators: [undefined] });
    expect(vendor.seen.filter(one => /statuses/.test(one.path))).toHaveLength(
      50,
    );
  });

  it('asks for deployments of ".." like for any other', async () => {
    await start({
      [`GET ${RUN}/pending_deployments`]: { body: [pending('..')] },
    });
    expect(await readRun({ environment: '..' })).toMatchObject({
      waiting: true,
    });
    expect(vendor.calls()).toContain(
      `GET ${REPO}/deployments?environment=..&sha=${SHA}&per_page=100`,
    );
  });

  it.each([
    ['completed', 'vaporised', { status: 'completed', conclusion: 'unknown' }],
    ['vaporised', null, { status: 'unknown' }],
    [
      'completed',
      'cancelled',
      { status: 'completed', conclusion: 'cancelled' },
    ],
  ])('says %s %s as it is', async (word, conclusion, expected) => {
    await start({
      [`GET ${RUN}`]: { body: run({ status: word, conclusion }) },
      [`GET ${RUN}/pending_deployments`]: { body: [] },
    });
    expect(await readRun()).toMatchObject({ ...expected, waiting: false });
  });

  it.each([
    ['another repository', { repository: { id: 10 } }],
    ['another run', { id: 6 }],
    ['no commit', { head_sha: '../../x' }],
  ])('is not believed when the answer is of %s', async (_, more) => {
    await start({ [`GET ${RUN}`]: { body: run(more) } });
    expect(await errorOf(readRun())).toMatchObject({
      code: 'github_unreadable',
    });
  });

  it('is read by the portal itself when nobody is there', async () => {
    await start();
    await expect(
      vendor.acts.readGateRun(vendor.gate, undefined, signal),
    ).rejects.toThrow('the portal was not to read');
    expect(vendor.seen).toEqual([]);
  });
});
