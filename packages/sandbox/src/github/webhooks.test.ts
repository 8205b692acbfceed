import examples from '@octokit/webhooks-examples';
import { createHmac } from 'crypto';
import { RepoRecord, WorkflowRecord } from '../state';
import { appJwt } from './__testUtils__/appJwt';
import { startSmallSandbox, until } from './__testUtils__/startSmallSandbox';
import { members, missing } from './__testUtils__/missing';
import { Received, startReceiver } from './__testUtils__/webhookReceiver';

const SECRET = 'a secret of this test';

describe('webhooks', () => {
  let sandbox: Awaited<ReturnType<typeof startSmallSandbox>>;
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  let repo: RepoRecord;
  let workflow: WorkflowRecord;

  beforeEach(async () => {
    receiver = await startReceiver();
    sandbox = await startSmallSandbox({
      webhookUrl: receiver.url,
      webhookSecret: SECRET,
    });
    repo = sandbox.state.repo('acme', 'app') as RepoRecord;
    workflow = [...sandbox.state.workflows.values()][0];
  });
  afterEach(async () => {
    await sandbox.stop();
    await receiver.close();
  });

  const dispatch = () =>
    sandbox.engine.dispatch(repo, workflow, {
      ref: 'main',
      inputs: {},
      actor: 'dana',
    });
  const named = (event: string, action?: string) =>
    receiver.received.filter(
      r =>
        r.headers['x-github-event'] === event &&
        (!action || r.body.action === action),
    );
  async function playedThrough(): Promise<void> {
    const run = await dispatch();
    await until(() => sandbox.engine.pending(run).length > 0);
    sandbox.engine.review(run, {
      environmentIds: [repo.environments[0].id],
      state: 'approved',
      comment: 'Go',
      actor: 'cleo',
    });
    await until(() => named('workflow_run', 'completed').length > 0);
    await sandbox.github.webhooks.idle();
  }
  const api = async (method: string, path: string) =>
    fetch(`${sandbox.url}/api/v3${path}`, {
      method,
      headers: { authorization: `Bearer ${await appJwt(sandbox.github.app)}` },
    });

  it('signs the bytes it sends', async () => {
    await dispatch();
    const [first] = await until(
      () => receiver.received.length > 0 && receiver.received,
    );
    const { headers, text } = first;
    expect(headers['x-hub-signature-256']).toBe(
      `sha256=${createHmac('sha256', SECRET).update(text).digest('hex')}`,
    );
    expect(headers['content-type']).toBe('application/json');
    expect(headers['x-github-delivery']).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers['x-github-hook-id']).toBe(String(sandbox.github.app.hookId));
  });

  it('tells the life of a run with a gate', async () => {
    await playedThrough();
    const told = new Set(
      receiver.received.map(
        r => `${r.headers['x-github-event']}.${r.body.action}`,
      ),
    );
    expect([...told]).toEqual(
      expect.arrayContaining([
        'workflow_run.requested',
        'workflow_run.in_progress',
        'workflow_run.completed',
        'workflow_job.queued',
        'workflow_job.waiting',
        'workflow_job.in_progress',
        'workflow_job.completed',
        'deployment.created',
        'deployment_status.created',
        'deployment_review.requested',
        'deployment_review.approved',
      ]),
    );
    const gated = named('workflow_job').find(
      r => members(r.body.workflow_job).name === 'deploy' && r.body.deployment,
    );
    expect(members(gated?.body.deployment).environment).toBe('production');
    const [approved] = named('deployment_review', 'approved');
    expect(approved.body).toMatchObject({
      comment: 'Go',
      environment: 'production',
      approver: { login: 'cleo' },
      workflow_run: { run_attempt: 1 },
    });
  });

  it('has every member that GitHub’s recorded bodies have', async () => {
    await playedThrough();
    const lacking: Record<string, string[]> = {};
    const compared = new Set<string>();
    for (const { name, examples: recorded } of examples) {
      for (const example of recorded) {
        const { action } = example as { action?: string };
        const ours: Received | undefined = named(name, action).pop();
        const pages = JSON.stringify(example).includes('dynamic/pages');
        const covered =
          [
            'workflow_run',
            'workflow_job',
            'deployment',
            'deployment_status',
            'deployment_review',
          ].includes(name) && !pages;
        if (!covered || !ours) continue;
        compared.add(`${name}.${action}`);
        const paths = missing(example, ours.body);
        if (paths.length > 0) lacking[`${name}.${action}`] = paths;
      }
    }
    expect([...compared].sort()).toEqual([
      'deployment.created',
      'deployment_review.requested',
      'deployment_status.created',
      'workflow_job.completed',
      'workflow_job.in_progress',
      'workflow_job.queued',
      'workflow_job.waiting',
      'workflow_run.completed',
      'workflow_run.requested',
    ]);
    expect(lacking).toEqual({});
  });

  it('keeps a log of deliveries and sends one again with the same guid', async () => {
    receiver.status.code = 500;
    await dispatch();
    await until(() => receiver.received.length > 2);
    await sandbox.github.webhooks.idle();
    const before = receiver.received.length;
    receiver.status.code = 202;
    const listed = await api(
      'GET',
      '/app/hook/deliveries?status=failure&per_page=2',
    );
    const page: { id: number; guid: string; status_code: number }[] =
      await listed.json();
    expect(page).toHaveLength(2);
    expect(page[0].status_code).toBe(500);
    const next = /<([^>]+)>; rel="next"/.exec(listed.headers.get('link') ?? '');
    const second = await api(
      'GET',
      (next?.[1] ?? '').replace(`${sandbox.url}/api/v3`, ''),
    );
    const older: { id: number }[] = await second.json();
    expect(older[0].id).toBeLessThan(page[1].id);

    const one = await (
      await api('GET', `/app/hook/deliveries/${page[0].id}`)
    ).json();
    expect(one.request.payload.action).toBeDefined();
    const again = await api(
      'POST',
      `/app/hook/deliveries/${page[0].id}/attempts`,
    );
    expect(again.status).toBe(202);
    const redelivered = await until(() => receiver.received[before]);
    expect(redelivered.headers['x-github-delivery']).toBe(page[0].guid);
    await sandbox.github.webhooks.idle();
    const [newest] = sandbox.github.webhooks.newestFirst();
    expect(newest).toMatchObject({ redelivery: true, status: 'OK' });
  });

  it('never sends again by itself', async () => {
    receiver.status.code = 500;
    await dispatch();
    await until(() => receiver.received.length > 2);
    await sandbox.github.webhooks.idle();
    const guids = receiver.received.map(r => r.headers['x-github-delivery']);
    expect(new Set(guids).size).toBe(guids.length);
  });

  const send = (name: string) =>
    sandbox.github.webhooks.send({
      event: name,
      action: null,
      installationId: null,
      repositoryId: null,
      payload: {},
    });
  const order = () => receiver.received.map(r => r.headers['x-github-event']);

  it('delivers late on request', async () => {
    sandbox.github.faults.set({ kind: 'webhooks-late', count: 1, ms: 100 });
    send('late');
    send('in time');
    await until(() => receiver.received.length === 2);
    expect(order()).toEqual(['in time', 'late']);
  });

  it('loses, doubles and reorders on request', async () => {
    const { faults, webhooks } = sandbox.github;
    faults.set({ kind: 'webhooks-drop', count: 1 });
    send('lost');
    send('a');
    faults.set({ kind: 'webhooks-duplicate', count: 1 });
    send('twice');
    faults.set({ kind: 'webhooks-reorder', count: 1 });
    send('later');
    send('sooner');
    await until(() => receiver.received.length === 5);
    await webhooks.idle();
    expect(order()).toEqual(['a', 'twice', 'twice', 'sooner', 'later']);
    expect(
      new Set(
        receiver.received.slice(1, 3).map(r => r.headers['x-github-delivery']),
      ).size,
    ).toBe(1);
    const lost = webhooks.newestFirst().find(d => d.event === 'lost');
    expect(lost?.statusCode).toBe(0);
    expect(faults.list()).toEqual([]);
  });
});
