import { UserToken } from 'backstage-plugin-delivery-node';
import {
  basics,
  environment,
  pending,
  REPO,
  reviewers,
  RUN,
} from './__testUtils__/gateBodies';
import {
  errorOf,
  NOW,
  signal,
  startVendor,
  TOKEN,
  type Answers,
  type Vendor,
} from './__testUtils__/startVendor';

const token = new UserToken(TOKEN);

let vendor: Vendor;
afterEach(async () => vendor?.close());

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

  it('has no timer that began when GitHub tells of none', async () => {
    const bare = pending('production', {
      ...{ wait_timer: 0, wait_timer_started_at: undefined },
    });
    await start({
      [`GET ${RUN}/pending_deployments`]: { body: [bare] },
      [`GET ${REPO}/environments/production`]: { status: 404 },
    });
    const gate = await readGate();
    expect(gate).toMatchObject({ waitTimerMinutes: 0 });
    expect(gate).not.toHaveProperty('waitTimerStartedAt');
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
