import {
  classifyRefusedDecision,
  type RecordedDecision,
  type RefusedDecision,
} from './classifyRefusal';
import { bot, dana, gate, ravi, run } from './testUtils/approvalFacts';

const MINUTE = 60_000;

function decided(
  state: string,
  part: Partial<RecordedDecision> = {},
): RecordedDecision {
  return { user: ravi, state, comment: '', environmentIds: ['9'], ...part };
}

function classify(part: Partial<RefusedDecision>) {
  return classifyRefusedDecision({
    ...{ gateRun: run(), gate: gate(), decisions: [] },
    ...{ environmentId: '9', attemptSeen: 1 },
    ...part,
  });
}

const over = (conclusion?: string) =>
  run({
    ...{ waiting: false, conclusion },
    status: conclusion ? 'completed' : 'in_progress',
  });
const timer = { waitTimerMinutes: 30, waitTimerStartedAt: 0 };
const barred = { currentUserCanApprove: false };

describe('classifyRefusedDecision', () => {
  it.each<[string, Partial<RefusedDecision>]>([
    ['new_attempt', { gateRun: run({ attempt: 2 }) }],
    [
      'new_attempt',
      {
        ...{ gateRun: run({ attempt: 2 }), decisions: [decided('approved')] },
      },
    ],
    ['cancelled', { gateRun: over('cancelled') }],
    [
      'cancelled',
      { gateRun: over('cancelled'), decisions: [decided('approved')] },
    ],
    ['already_approved', { gateRun: over(), decisions: [decided('approved')] }],
    [
      'already_approved',
      { gateRun: over('success'), decisions: [decided('approved')] },
    ],
    [
      'already_approved',
      { gateRun: over('failure'), decisions: [decided('approved')] },
    ],
    [
      'already_rejected',
      { gateRun: over('failure'), decisions: [decided('rejected')] },
    ],
    [
      'already_rejected',
      {
        gateRun: over('failure'),
        decisions: [decided('approved'), decided('rejected')],
      },
    ],
    [
      'already_approved',
      {
        gateRun: over(),
        decisions: [decided('rejected'), decided('approved')],
      },
    ],
    [
      'not_waiting',
      {
        gateRun: over(),
        decisions: [decided('approved', { environmentIds: ['8'] })],
      },
    ],
    [
      'not_waiting',
      { gateRun: over(), decisions: [decided('approved', { user: bot })] },
    ],
    ['not_waiting', { gateRun: over(), decisions: [decided('unknown')] }],
    ['not_waiting', { gateRun: over('failure') }],
    ['not_waiting', { gate: undefined }],
    ['wait_timer', { gate: gate(timer), now: 10 * MINUTE }],
    ['wait_timer', { gate: gate({ ...timer, ...barred }), now: 10 * MINUTE }],
    ['wait_timer', { gate: gate(timer) }],
    ['wait_timer', { gate: gate({ waitTimerMinutes: 30 }), now: 0 }],
    ['not_eligible', { gate: gate({ ...timer, ...barred }), now: 31 * MINUTE }],
    ['not_eligible', { gate: gate({ ...timer, ...barred }) }],
    ['not_eligible', { gate: gate(timer), now: 30 * MINUTE }],
    ['not_eligible', { gate: gate(barred) }],
    ['not_eligible', { gate: gate({ currentUserCanApprove: undefined }) }],
    ['not_eligible', {}],
    // Decisions of an earlier attempt say nothing while the run waits again.
    [
      'not_eligible',
      {
        gateRun: run({ attempt: 2 }),
        ...{ attemptSeen: 2, gate: gate(barred) },
        decisions: [decided('approved')],
      },
    ],
  ])('%s for %j', (code, part) => {
    const refusal = classify(part);
    expect(refusal.code).toBe(code);
    expect(refusal.status).toBe(code === 'not_eligible' ? 403 : 409);
    expect(refusal.message).toMatch(/^\S.*\.$/);
  });

  it('names who decided', () => {
    expect(
      classify({
        gateRun: over(),
        decisions: [decided('approved', { user: dana })],
      }),
    ).toEqual({
      ...{ code: 'already_approved', status: 409 },
      message: 'dana has approved it already.',
      params: { login: 'dana' },
    });
    expect(
      classify({
        gateRun: over(),
        decisions: [decided('rejected', { user: { id: '44' } })],
      }).message,
    ).toBe('account 44 has rejected it already.');
  });

  it('names who may', () => {
    expect(classify({ gate: gate(barred) }).params).toEqual({
      reviewers: 'payments, cleo',
    });
  });

  it('says how long the timer runs', () => {
    expect(classify({ gate: gate(timer), now: 10 * MINUTE })).toMatchObject({
      message:
        'GitHub took no decision: the wait timer of 30 minutes still runs for 20 minutes.',
      params: { leftMs: `${20 * MINUTE}` },
    });
  });
});
