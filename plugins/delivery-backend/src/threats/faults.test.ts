import { startActing } from '../__testUtils__/startActing';
import { until } from '../__testUtils__/startDelivery';

type Acting = Awaited<ReturnType<typeof startActing>>;

/** Looking for a decision among the vendor's records takes a few tries, some seconds apart. */
jest.setTimeout(60_000);

describe('threats around what breaks', () => {
  let acting: Acting;
  beforeEach(async () => {
    acting = await startActing();
  });
  afterEach(() => acting.stopAll());

  async function approve(id: string, login = 'cleo') {
    const { viewHash } = await acting.look(id);
    const { body } = await acting.decide(id, login, { viewHash }).expect(202);
    return acting.ended(body.operationId);
  }

  const phases = async () =>
    (await acting.store.audit.read(1, 1_000)).map(({ content }) => [
      content.action,
      content.phase,
    ]);

  it('GitHub answers 502 after doing it: found by its own id, sent once', async () => {
    const approval = await acting.gated({ id: 500 });
    acting.github.after = ({ method, path }) =>
      method === 'POST' && path.endsWith('/pending_deployments')
        ? 502
        : undefined;
    const { state, outcome } = await approve(approval.id);
    expect({ state, code: outcome?.code }).toEqual({
      state: 'succeeded',
      code: 'approved',
    });
    expect(acting.github.decisions()).toHaveLength(1);
    expect(await phases()).toEqual(
      expect.arrayContaining([
        ['approve', 'attempted'],
        ['approve', 'succeeded'],
      ]),
    );
  });

  it('GitHub answers 502 without doing it: unknown, never sent again', async () => {
    const approval = await acting.gated({ id: 501 });
    acting.github.before = ({ method, path }) =>
      method === 'POST' && path.endsWith('/pending_deployments')
        ? 502
        : undefined;
    const { state } = await approve(approval.id);
    expect(state).toBe('unknown');
    expect(acting.github.decisions()).toHaveLength(1);
    expect(await phases()).toContainEqual(['approve', 'unknown']);
    const { viewHash } = await acting.look(approval.id);
    const again = await acting.decide(approval.id, 'ravi', { viewHash });
    expect(again.status).toBe(409);
    expect(acting.github.decisions()).toHaveLength(1);
  });

  it('rate limit exhausted', async () => {
    const approval = await acting.gated({ id: 502 });
    const { viewHash } = await acting.look(approval.id);
    acting.github.before = ({ token }) =>
      token === 'ghu_cleo' ? 429 : undefined;
    const { body } = await acting
      .decide(approval.id, 'cleo', { viewHash })
      .expect(202);
    const { state } = await acting.ended(body.operationId);
    expect(state).toBe('failed');
    expect(acting.github.decisions()).toEqual([]);
  });

  it('GitHub down for an hour: nothing is decided, and it can be afterwards', async () => {
    const approval = await acting.gated({ id: 503 });
    const { viewHash } = await acting.look(approval.id);
    acting.github.before = () => 503;
    const { body } = await acting
      .decide(approval.id, 'cleo', { viewHash })
      .expect(202);
    expect((await acting.ended(body.operationId)).state).toBe('failed');
    expect(acting.github.decisions()).toEqual([]);
    acting.github.before = () => undefined;
    expect((await approve(approval.id)).state).toBe('succeeded');
  });

  it('database read-only: refused before any vendor call, the core auditor is told', async () => {
    const approval = await acting.gated({ id: 504 });
    const { viewHash } = await acting.look(approval.id);
    await acting.knex.raw('PRAGMA query_only = 1');
    const asked = acting.github.asked.length;
    acting.auditor.createEvent.mockClear();
    const response = await acting.decide(approval.id, 'cleo', { viewHash });
    expect(response.status).toBe(503);
    expect(response.body.error.code).toBe('audit_not_writable');
    expect(
      acting.github.asked
        .slice(asked)
        .filter(item => item.token === 'ghu_cleo'),
    ).toEqual([]);
    expect(acting.github.decisions()).toEqual([]);
    expect(acting.auditor.createEvent).toHaveBeenCalled();
    await acting.knex.raw('PRAGMA query_only = 0');
  });

  it('approved elsewhere in the meantime is said so, with the name', async () => {
    const approval = await acting.gated({ id: 505 });
    acting.github.before = ({ method, path }) => {
      const run = acting.github.runs.get(505);
      if (method === 'POST' && path.endsWith('/pending_deployments') && run) {
        run.approvals.push({ login: 'ravi', state: 'approved', comment: 'ok' });
        run.status = 'in_progress';
      }
    };
    const { state, outcome } = await approve(approval.id);
    expect(state).not.toBe('succeeded');
    expect(outcome).toMatchObject({ code: 'already_approved' });
    expect(outcome?.message).toContain('ravi');
  });

  it('what waits is closed when it was decided', async () => {
    const approval = await acting.gated({ id: 506 });
    expect((await approve(approval.id)).state).toBe('succeeded');
    await until(
      async () =>
        !(await acting.waiting()).some(({ id }) => id === approval.id),
      'an empty inbox',
    );
  });
});
