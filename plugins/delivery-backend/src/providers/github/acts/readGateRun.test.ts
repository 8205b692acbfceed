import { UserToken } from 'backstage-plugin-delivery-node';
import {
  at,
  basics,
  deployment,
  pending,
  REPO,
  run,
  RUN,
} from './__testUtils__/gateBodies';
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

const token = new UserToken(TOKEN);

let vendor: Vendor;
afterEach(async () => vendor?.close());

async function start(answers: Answers = {}) {
  vendor = await startVendor({ ...basics, ...answers });
  return vendor;
}

const status = (state: string, runId?: number, minutes = -8) => ({
  ...{ id: 1000 + minutes, state, created_at: at(minutes) },
  log_url:
    runId === undefined
      ? undefined
      : `http://${vendor.host}/acme/vaultex/actions/runs/${runId}/job/1`,
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
