import { randomUUID } from 'node:crypto';
import { deploymentStatus } from '../__testUtils__/githubPayloads';
import { startActing } from '../__testUtils__/startActing';
import { until } from '../__testUtils__/startDelivery';

type Acting = Awaited<ReturnType<typeof startActing>>;

const NEWER = 'b'.repeat(40);

describe('threats around one decision', () => {
  let acting: Acting;
  let runs = 100;

  beforeEach(async () => {
    acting = await startActing();
    runs += 1;
  });
  afterEach(() => acting.stopAll());

  /** Decides after looking; gives the operation's end, or the HTTP error. */
  async function decide(
    id: string,
    login: string,
    options: { viewHash?: string; userToken?: string; decision?: string } = {},
  ) {
    const viewHash = options.viewHash ?? (await acting.look(id)).viewHash;
    const { decision = 'approve' } = options;
    const response = await acting.decide(
      ...([id, login, { viewHash, decision }, options.userToken] as const),
    );
    if (response.status !== 202) {
      return { status: response.status, code: response.body.error.code };
    }
    const { state, outcome } = await acting.ended(response.body.operationId);
    return { status: 202, state, code: outcome?.code };
  }

  it('lets the right person approve, once, in their own name', async () => {
    const approval = await acting.gated({ id: runs });
    expect(await decide(approval.id, 'cleo')).toMatchObject({
      state: 'succeeded',
      code: 'approved',
    });
    const [sent, ...more] = acting.github.decisions();
    expect(more).toEqual([]);
    expect(sent.token).toBe('ghu_cleo');
    expect(acting.github.runs.get(runs)?.approvals).toMatchObject([
      { login: 'cleo', state: 'approved' },
    ]);
  });

  it('two approvers in the same millisecond', async () => {
    const approval = await acting.gated({ id: runs });
    const { viewHash } = await acting.look(approval.id);
    const ends = await Promise.all(
      ['cleo', 'ravi'].map(login => decide(approval.id, login, { viewHash })),
    );
    expect(acting.github.decisions()).toHaveLength(1);
    expect(ends.filter(end => end.state === 'succeeded')).toHaveLength(1);
    expect(['act_in_progress', 'already_decided', 'not_waiting']).toContain(
      ends.find(end => end.state !== 'succeeded')?.code,
    );
  });

  it('a double click is one decision', async () => {
    const approval = await acting.gated({ id: runs });
    const { viewHash } = await acting.look(approval.id);
    const idempotencyKey = randomUUID();
    const answers = await Promise.all(
      [1, 2].map(() =>
        acting.decide(approval.id, 'cleo', { viewHash, idempotencyKey }),
      ),
    );
    expect(answers.map(answer => answer.status)).toEqual([202, 202]);
    const [first, second] = answers.map(answer => answer.body.operationId);
    expect(second).toBe(first);
    await acting.ended(first);
    expect(acting.github.decisions()).toHaveLength(1);
  });

  it('run cancelled between view and POST', async () => {
    const approval = await acting.gated({ id: runs });
    const { viewHash } = await acting.look(approval.id);
    Object.assign(acting.github.runs.get(runs) ?? {}, {
      status: 'completed',
      conclusion: 'cancelled',
    });
    const end = await decide(approval.id, 'cleo', { viewHash });
    expect(end.state).toBe('refused');
    expect(acting.github.decisions()).toEqual([]);
  });

  it('run cancelled between read and POST', async () => {
    const approval = await acting.gated({ id: runs });
    const { viewHash } = await acting.look(approval.id);
    acting.github.before = ({ method, path }) => {
      if (method === 'POST' && path.endsWith('/pending_deployments')) {
        Object.assign(acting.github.runs.get(runs) ?? {}, {
          status: 'completed',
          conclusion: 'cancelled',
        });
      }
    };
    const end = await decide(approval.id, 'cleo', { viewHash });
    expect(['refused', 'failed']).toContain(end.state);
    expect(end.code).toBe('cancelled');
    expect(acting.github.runs.get(runs)?.approvals).toEqual([]);
  });

  it('run re-run between view and POST', async () => {
    const approval = await acting.gated({ id: runs });
    const { viewHash } = await acting.look(approval.id);
    const run = acting.github.runs.get(runs);
    run?.triggering.push('dana');
    Object.assign(run ?? {}, { attempt: 2 });
    const end = await decide(approval.id, 'cleo', { viewHash });
    expect(end).toMatchObject({ state: 'refused', code: 'new_attempt' });
    expect(acting.github.decisions()).toEqual([]);
  });

  it('environment changed between view and POST', async () => {
    const approval = await acting.gated({ id: runs });
    const { viewHash } = await acting.look(approval.id);
    acting.github.reviewers = ['cleo', 'ravi', 'eve'];
    const end = await decide(approval.id, 'cleo', { viewHash });
    expect(end).toMatchObject({ state: 'refused', code: 'stale_view' });
    expect(acting.github.decisions()).toEqual([]);
  });

  it('older run approved after a newer one is live', async () => {
    const approval = await acting.gated({ id: runs });
    const status = {
      ...{ id: 77, environment: 'production', state: 'success' },
      ...{ sha: NEWER, runId: runs },
    };
    await acting.deliver(
      'deployment_status',
      deploymentStatus('acme/api', status),
    );
    await acting.settled();
    await until(async () => {
      const rows = await acting.store.environments.environments(
        'component:default/api',
      );
      return rows.some(row => row.environment.commit?.sha === NEWER);
    }, 'what runs in production');
    acting.github.range = { status: 'behind', commits: [] };
    expect(await decide(approval.id, 'cleo')).toMatchObject({
      state: 'refused',
      code: 'would_downgrade',
    });
    expect(acting.github.decisions()).toEqual([]);
  });

  it.each([
    ['the actor', { actor: 'cleo' }],
    [
      'who started another attempt',
      { triggering: ['cleo', 'dana'], attempt: 2 },
    ],
  ])('self-review: %s cannot approve', async (_, run) => {
    const approval = await acting.gated({ id: runs, ...run });
    expect(await decide(approval.id, 'cleo')).toMatchObject({
      state: 'refused',
      code: 'self_review',
    });
    expect(acting.github.decisions()).toEqual([]);
  });

  it('somebody whom GitHub does not list cannot approve', async () => {
    const approval = await acting.gated({ id: runs });
    expect(await decide(approval.id, 'eve')).toMatchObject({
      state: 'refused',
      code: 'not_eligible',
    });
    expect(acting.github.decisions()).toEqual([]);
  });

  it('an environment that lost its reviewers is not approved here', async () => {
    const approval = await acting.gated({ id: runs });
    acting.github.preventSelfReview = false;
    const end = await decide(approval.id, 'cleo');
    expect(end.state).toBe('refused');
    expect(acting.github.decisions()).toEqual([]);
  });

  it('a rejection needs the same person and is recorded as theirs', async () => {
    const approval = await acting.gated({ id: runs });
    expect(
      await decide(approval.id, 'cleo', { decision: 'reject' }),
    ).toMatchObject({ state: 'succeeded', code: 'rejected' });
    expect(acting.github.runs.get(runs)).toMatchObject({
      conclusion: 'failure',
      approvals: [{ login: 'cleo', state: 'rejected' }],
    });
  });
});
