import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { CLIENT } from '../__testUtils__/ActingGithub';
import { startActing } from '../__testUtils__/startActing';

const CANARY = 'ghu_canary4711canary4711';

describe('secrets canary', () => {
  it('is nowhere: database, logs, answers, audit', async () => {
    const acting = await startActing();
    acting.github.tokens.set(CANARY, { login: 'cleo', clientId: CLIENT.id });
    const answers: unknown[] = [];
    const run = async (id: number, disturb?: () => void) => {
      acting.github.before = () => undefined;
      acting.github.after = () => undefined;
      const approval = await acting.gated({ id });
      const { viewHash } = await acting.look(approval.id);
      disturb?.();
      const response = await acting.decide(
        approval.id,
        'cleo',
        { viewHash, idempotencyKey: randomUUID() },
        CANARY,
      );
      answers.push(response.body, response.headers);
      if (response.status === 202) {
        answers.push(await acting.ended(response.body.operationId));
      }
    };
    await run(600);
    await run(601, () => {
      acting.github.before = ({ path }) =>
        path.startsWith('/applications/') ? 500 : undefined;
    });
    await run(602, () => {
      acting.github.before = ({ token }) =>
        token === CANARY ? 403 : undefined;
    });
    await run(603, () => {
      acting.github.after = ({ method, path }) =>
        method === 'POST' && path.endsWith('/pending_deployments')
          ? 502
          : undefined;
    });
    const { text } = await acting
      .get('/v1/audit/export?format=jsonl', acting.as('cleo'))
      .expect(200);
    answers.push(text);

    const tables = await acting
      .knex('sqlite_master')
      .where({ type: 'table' })
      .pluck('name');
    const rows = await Promise.all(
      tables.map((name: string) => acting.knex(name)),
    );
    const logged = Object.values(acting.logger).flatMap(
      method => (method as jest.Mock).mock?.calls ?? [],
    );
    const audited = acting.auditor.createEvent.mock.calls;
    const everything = inspect(
      { answers, rows, logged, audited, ended: acting.auditEvent },
      { depth: null, maxArrayLength: null, maxStringLength: null },
    );
    // The search itself must be able to find something.
    expect(everything).toContain('cleo');
    expect(everything).not.toContain(CANARY);
    expect(everything).not.toContain(CLIENT.secret);
    await acting.stopAll();
  });
});
