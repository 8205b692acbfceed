import { TestDatabases } from '@backstage/backend-test-utils';
import fc from 'fast-check';
import type { Knex } from 'knex';
import {
  type Approvals,
  makeApprovals,
  MINUTE,
  prepare,
  RUN,
  told,
} from '../../__testUtils__/approvals/makeApprovals';
import { approvalIdOf } from './approvalIdOf';

jest.setTimeout(240_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3'],
  disableDocker: true,
});

/** What happens at the vendor, in its order; each step is told to us whenever it likes. */
interface Step {
  attempt: number;
  status: 'waiting' | 'in_progress' | 'completed';
  conclusion?: string;
  decided?: [string, 'approved' | 'rejected'];
}
const ONE: Step[] = [
  { attempt: 1, status: 'waiting' },
  { attempt: 1, status: 'in_progress', decided: ['cleo', 'approved'] },
  { attempt: 1, status: 'completed', conclusion: 'failure' },
];
const TWO: Step[] = [
  ...ONE,
  { attempt: 2, status: 'waiting' },
  {
    ...{ attempt: 2, status: 'completed', conclusion: 'failure' },
    decided: ['ravi', 'rejected'],
  },
];

const action = fc.oneof(
  fc.constant({ kind: 'advance' } as const),
  fc.record({ kind: fc.constant('deliver' as const), which: fc.nat(9) }),
  fc.record({
    kind: fc.constantFrom('tell', 'sweep', 'refresh'),
    replica: fc.nat(1),
  }),
);
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;
/** Usually somebody looks while it waits. */
const actions = fc
  .record({
    rest: fc.array(action, { maxLength: 20 }),
    unseen: fc.nat(4),
  })
  .map(({ rest, unseen }): Action[] =>
    unseen === 0
      ? rest
      : [
          { kind: 'advance' },
          { kind: 'deliver', which: 0 },
          { kind: 'tell', replica: 0 },
          ...rest,
        ],
  );

/** Two replicas, one vendor; in the end everything was told and looked at. */
async function play(db: Knex, steps: Step[], list: Action[]) {
  const first = await makeApprovals(db);
  const replicas = [first, await makeApprovals(db, first)];
  await prepare(first);
  const { gate, clock } = first;
  const undelivered: Step[] = [];
  let at = -1;
  const advance = () => {
    const step = steps[at + 1];
    if (!step) return false;
    at += 1;
    gate.run = {
      ...gate.run,
      ...{ attempt: step.attempt, waiting: step.status === 'waiting' },
    };
    if (step.decided) gate.decide(...step.decided);
    undelivered.push(step);
    return true;
  };
  const deliver = async (which: number) => {
    const [step] = undelivered.splice(which % undelivered.length, 1);
    await told(first, step.status, step);
  };
  const look = (kind: string, replica: Approvals) => {
    if (kind === 'tell') return replica.tell();
    return kind === 'sweep'
      ? replica.keeper.sweep(replica.signal)
      : replica.keeper.refresh([RUN]);
  };
  for (const item of list) {
    clock.now += MINUTE;
    if (item.kind === 'advance') advance();
    else if (item.kind === 'deliver') {
      if (undelivered.length > 0) await deliver(item.which);
    } else if ('replica' in item) {
      await look(item.kind, replicas[item.replica]);
    }
  }
  while (advance());
  while (undelivered.length > 0) await deliver(0);
  for (const replica of replicas) {
    clock.now += 60 * MINUTE;
    await replica.tell();
    await replica.keeper.sweep(replica.signal);
  }
  const rows = await Promise.all(
    [1, 2].map(attempt =>
      first.approvals.approval(approvalIdOf(RUN, attempt, 'production')),
    ),
  );
  return { rows, entries: replicas.flatMap(({ entries }) => entries) };
}

describe('Approvals, whatever the order in which runs are told', () => {
  it('end as the vendor has it: one attempt', async () => {
    await fc.assert(
      fc.asyncProperty(actions, async list => {
        const { rows, entries } = await play(
          await databases.init('SQLITE_3'),
          ...([ONE, list] as const),
        );
        const [row] = rows;
        // One that was over before anybody looked was never an approval here.
        if (!row) return;
        expect(row).toMatchObject({
          state: 'approved',
          decided: { login: 'cleo', via: 'vendor' },
        });
        expect(entries).toHaveLength(1);
      }),
      { numRuns: 25 },
    );
  });

  it('never tell of anybody that they decided what they did not: two attempts', async () => {
    await fc.assert(
      fc.asyncProperty(actions, async list => {
        const { rows, entries } = await play(
          await databases.init('SQLITE_3'),
          ...([TWO, list] as const),
        );
        const [first, second] = rows;
        expect(first?.state).not.toBe('waiting');
        expect(second?.state).not.toBe('waiting');
        expect([undefined, 'cleo']).toContain(first?.decided?.login);
        expect([undefined, 'ravi']).toContain(second?.decided?.login);
        const attempts = entries.map(({ attempt }) => attempt);
        expect(new Set(attempts).size).toBe(attempts.length);
      }),
      { numRuns: 25 },
    );
  });
});
