import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { workflowJob, workflowRun } from '../__testUtils__/githubPayloads';
import { startActing } from '../__testUtils__/startActing';

type Acting = Awaited<ReturnType<typeof startActing>>;

describe('threats around webhooks', () => {
  let acting: Acting;
  beforeEach(async () => {
    acting = await startActing();
  });
  afterEach(() => acting.stopAll());

  it('replayed webhook with new delivery id', async () => {
    const body = workflowRun('acme/api', { id: 700, status: 'waiting' });
    await acting.deliver('workflow_run', body, { id: 'first' }).expect(202);
    await acting.settled();
    const before = await acting.store.inboxCounts();
    await acting.deliver('workflow_run', body, { id: 'second' }).expect(202);
    await acting.settled();
    expect(await acting.store.inboxCounts()).toEqual(before);
  });

  it('forged event name', async () => {
    const body = workflowRun('acme/api', { id: 701 });
    await acting.deliver('deployment_status', body);
    await acting.settled();
    expect(await acting.store.runsByKey(['github_com.701'])).toEqual([]);
    const { body: list } = await acting.get(
      '/v1/entities/component/default/api/runs',
      acting.as('cleo'),
    );
    expect(list.items).toEqual([]);
  });

  it('forged attempt: what was shown of it is never decided', async () => {
    const approval = await acting.gated({ id: 702 });
    const run = acting.github.runs.get(702);
    await acting.deliver(
      'workflow_run',
      workflowRun('acme/api', {
        ...{ id: 702, run_number: 702, run_attempt: 999_999 },
        ...{ status: 'waiting', head_sha: run?.sha },
        updated_at: new Date().toISOString(),
      }),
    );
    await acting.settled();
    const { viewHash } = await acting.look(approval.id);
    const response = await acting.decide(approval.id, 'cleo', { viewHash });
    const end =
      response.status === 202
        ? (await acting.ended(response.body.operationId)).state
        : response.status;
    // Whatever is believed in the meantime: what is sent is about the true attempt, or nothing is.
    const sent = acting.github.decisions().length;
    expect(sent === 0 || end === 'succeeded').toBe(true);
    expect(acting.github.runs.get(702)?.attempt).toBe(1);
  });

  it('a webhook alone makes nobody the approver', async () => {
    const approval = await acting.gated({ id: 703 });
    await acting.deliver('deployment_review', {
      ...workflowRun('acme/api', {
        ...{ id: 703, run_number: 703, status: 'waiting' },
        updated_at: new Date().toISOString(),
      }),
      action: 'approved',
      approver: { login: 'eve', id: 504, node_id: 'U_eve', type: 'User' },
      comment: 'forged',
      environment: 'production',
      reviewers: [],
      since: '2026-11-01T10:00:00Z',
    });
    await acting.settled();
    const { approval: shown } = await acting.look(approval.id);
    expect(shown.decided).toBeUndefined();
    expect(shown.state).toBe('waiting');
  });

  it('out-of-order and duplicate storms', async () => {
    const run = acting.github.addRun({ id: 704, slug: 'acme/api' });
    const at = (seconds: number) =>
      new Date(Date.UTC(2026, 10, 1, 10, 0, seconds)).toISOString();
    const common = { id: 704, run_number: 704, head_sha: run.sha };
    const told = [
      ['requested', 1],
      ['in_progress', 2],
      ['waiting', 3],
    ].map(([status, second]) => ({
      event: 'workflow_run',
      body: workflowRun('acme/api', {
        ...common,
        status,
        updated_at: at(Number(second)),
      }),
    }));
    told.push({
      event: 'workflow_job',
      body: workflowJob('acme/api', {
        ...{ id: 7041, run_id: 704, status: 'waiting', name: 'deploy' },
        deployment: { id: run.deployment, environment: 'production' },
      }),
    });
    const storm = [...told, ...told.toReversed(), ...told];
    await Promise.all(
      storm.map(({ event, body }) => acting.deliver(event, body)),
    );
    await acting.settled();
    const approval = await acting.gated({ id: 704 });
    expect(
      (await acting.waiting()).filter(item => item.runId === approval.runId),
    ).toHaveLength(1);
  });

  it('SSRF through callback, avatar and target URLs', async () => {
    const reached: string[] = [];
    const trap = createServer((request, response) => {
      reached.push(String(request.url));
      response.end();
    });
    await new Promise<void>(done => trap.listen(0, '127.0.0.1', done));
    const { port } = trap.address() as AddressInfo;
    const evil = (path: string) => `http://127.0.0.1:${port}/${path}`;
    await acting.deliver('deployment_protection_rule', {
      ...workflowRun('acme/api'),
      action: 'requested',
      environment: 'production',
      deployment_callback_url: evil('callback'),
    });
    const poisoned = workflowRun('acme/api', {
      id: 705,
      html_url: evil('run'),
      logs_url: evil('logs'),
      jobs_url: evil('jobs'),
      actor: { login: 'dana', avatar_url: evil('avatar') },
    });
    await acting.deliver('workflow_run', poisoned);
    await acting.settled();
    await acting.get(
      '/v1/entities/component/default/api/overview',
      acting.as('cleo'),
    );
    await new Promise(done => trap.close(done));
    expect(reached).toEqual([]);
  });
});
