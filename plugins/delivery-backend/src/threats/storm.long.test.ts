import { randomUUID } from 'node:crypto';
import { startActing } from '../__testUtils__/startActing';

describe('a storm of decisions', () => {
  it('1,000 decision attempts at once on 50 approvals: 50 decided once, 950 refused', async () => {
    const acting = await startActing();
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
      login: ['cleo', 'ravi'][Math.floor(index / 50) % 2],
    }));
    const ends = await Promise.all(
      attempts.map(async ({ id, viewHash, login }) => {
        const response = await acting.decide(id, login, {
          viewHash,
          idempotencyKey: randomUUID(),
        });
        if (response.status !== 202) return response.body.error.code;
        const { state, outcome } = await acting.ended(
          response.body.operationId,
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
