import { TestDatabases } from '@backstage/backend-test-utils';
import { type FakeGate, RUNNING } from '../../__testUtils__/approvals/FakeGate';
import {
  API,
  type Approvals,
  makeApprovals,
  prepare,
  told,
} from '../../__testUtils__/approvals/makeApprovals';
import { ID, views } from '../../__testUtils__/approvals/views';
import { EvidenceReader } from './EvidenceReader';

jest.setTimeout(120_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3'],
  disableDocker: true,
});

describe('Facts for a decision', () => {
  let world: Approvals;
  beforeEach(async () => {
    world = await makeApprovals(await databases.init('SQLITE_3'));
    await prepare(world);
    await told(world, 'waiting');
    await world.tell();
  });

  const signal = AbortSignal.timeout(60_000);
  const token = { reveal: () => 'secret' } as never;
  const row = async () => {
    const found = await world.approvals.approval(ID);
    if (!found) throw new Error('There is none');
    return found;
  };

  it('are the same view for the portal and for a person, in whatever order the vendor lists', async () => {
    const { facts } = views(world);
    const view = await facts.read(await row(), API, undefined, signal);
    world.gate.reading = world.gate.reading && {
      ...world.gate.reading,
      reviewers: [...world.gate.reading.reviewers].reverse(),
      currentUserCanApprove: true,
    };
    const decision = await facts.read(await row(), API, token, signal);
    expect(decision.viewHash).toBe(view.viewHash);
    expect(view).toMatchObject({
      ...{ environment: 'production', runningSha: RUNNING },
      policy: { requiredChecks: ['unit'] },
    });
    expect(facts.seenView(view.viewHash)).toEqual(view.view);
    expect(facts.seenView('other')).toBeUndefined();
  });

  it.each([
    [
      'a new attempt',
      (gate: FakeGate) => {
        gate.run = { ...gate.run, attempt: 2 };
      },
    ],
    [
      'other reviewers',
      (gate: FakeGate) => {
        gate.reading?.reviewers.pop();
      },
    ],
    [
      'an environment that is gone',
      (gate: FakeGate) => {
        gate.reading = undefined;
      },
    ],
    [
      'another deployment',
      (gate: FakeGate) => {
        gate.run = { ...gate.run, pendingDeployments: ['502'] };
      },
    ],
  ])('are another view with %s', async (_, change) => {
    const { facts } = views(world);
    const before = await facts.read(await row(), API, token, signal);
    change(world.gate);
    const after = await facts.read(await row(), API, token, signal);
    expect(after.viewHash).not.toBe(before.viewHash);
  });

  it('are remembered for a moment for views, never for a decision', async () => {
    const { facts } = views(world);
    world.gate.asked.splice(0);
    await facts.read(await row(), API, undefined, signal);
    await facts.read(await row(), API, undefined, signal);
    expect(world.gate.count('run')).toBe(1);
    await facts.read(await row(), API, token, signal);
    await facts.read(await row(), API, token, signal);
    expect(world.gate.count('run')).toBe(3);
    world.clock.now += 6_000;
    await facts.read(await row(), API, undefined, signal);
    expect(world.gate.count('run')).toBe(4);
  });

  it('have no gate when the run does not wait any more', async () => {
    world.gate.run = { ...world.gate.run, waiting: false };
    const { facts } = views(world);
    const read_ = await facts.read(await row(), API, token, signal);
    expect(read_.gate).toBeUndefined();
  });

  it('come with who pushed the commits', async () => {
    const { facts } = views(world);
    const evidence = new EvidenceReader(world);
    const found = await evidence.of(
      await facts.read(await row(), API, token, signal),
    );
    expect(found).toMatchObject({
      ...{ pushers: ['dana'], checks: [{ name: 'unit' }] },
      soak: { environment: 'staging', state: 'same' },
    });
  });
});
