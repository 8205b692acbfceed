import { randomUUID } from 'node:crypto';
import { CLIENT } from '../__testUtils__/ActingGithub';
import { person, startActing } from '../__testUtils__/startActing';
import { service } from '../__testUtils__/startDelivery';

/** GitHub takes one write a second of each person, so that one alone could not decide so much. */
const PEOPLE = Array.from({ length: 20 }, (_, index) => `approver-${index}`);

/** The system keeps a few hundred connections waiting and resets the others: asking again is safe, the key of the click is the same. */
async function persistently<TAnswer>(
  ask: () => PromiseLike<TAnswer>,
): Promise<TAnswer> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if ((error as { code?: string }).code !== 'ECONNRESET') throw error;
    }
  }
}

describe('a storm of decisions', () => {
  it('1,000 decision attempts at once on 50 approvals: 50 decided once, 950 refused', async () => {
    const acting = await startActing({
      entities: [
        service('api', 'acme/api'),
        service('web', 'acme/web'),
        ...['dana', 'cleo', ...PEOPLE].map(login => person(login)),
      ],
    });
    PEOPLE.forEach((login, index) => {
      acting.github.accounts.set(login, { id: 900 + index, login });
      acting.github.tokens.set(`ghu_${login}`, { login, clientId: CLIENT.id });
    });
    acting.github.reviewers = PEOPLE;
    const approvals = [];
    for (let id = 1_000; id < 1_050; id += 1) {
      approvals.push(await acting.gated({ id }));
    }
    const looked = await Promise.all(
      approvals.map(async ({ id }) => ({
        id,
        viewHash: (await acting.look(id)).viewHash,
      })),
    );
    const attempts = Array.from({ length: 1_000 }, (_, index) => ({
      ...looked[index % 50],
      login: PEOPLE[(index + Math.floor(index / 50)) % PEOPLE.length],
    }));
    const ends = await Promise.all(
      attempts.map(async ({ id, viewHash, login }) => {
        const click = { viewHash, idempotencyKey: randomUUID() };
        const response = await persistently(() =>
          acting.decide(id, login, click),
        );
        if (response.status !== 202) return response.body.error.code;
        const { state, outcome } = await persistently(() =>
          acting.ended(response.body.operationId),
        );
        return state === 'succeeded' ? 'succeeded' : outcome?.code;
      }),
    );
    expect(acting.github.decisions()).toHaveLength(50);
    expect(ends.filter(end => end === 'succeeded')).toHaveLength(50);
    const others = ends.filter(end => end !== 'succeeded');
    expect(others).toHaveLength(950);
    expect(
      others.filter(
        code => !['act_in_progress', 'already_decided'].includes(code),
      ),
    ).toEqual([]);
    const entries = await acting.store.audit.read(1, 10_000);
    expect(entries.map(({ seq }) => seq)).toEqual(
      entries.map((_, index) => index + 1),
    );
    entries.slice(1).forEach((entry, index) => {
      expect(entry.previousHash).toBe(entries[index].hash);
    });
    await acting.stopAll();
  }, 180_000);
});
