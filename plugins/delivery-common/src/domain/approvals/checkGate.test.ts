import * as fc from 'fast-check';
import { checkGate } from './checkGate';
import { DEFAULT_POLICY, type GateReading, type GateRun } from './facts';
import { asChecks, firstRefusal } from './rules';
import { gate, refusals, run, short } from './testUtils/approvalFacts';

const STRICT = { ...DEFAULT_POLICY, adminBypass: 'deny' as const };
const MINUTE = 60_000;

describe('checkGate', () => {
  it('passes a gate that holds and protects', () => {
    expect(short(checkGate(gate(), run(), STRICT, 0))).toEqual([
      'pass waiting',
      'pass reviewers',
      'pass prevents_self_review',
      'pass admin_bypass',
      'pass eligible',
    ]);
  });

  it.each<[string, GateReading | undefined, GateRun]>([
    ['no such gate', undefined, run()],
    ['nothing waits', gate(), run({ waiting: false })],
  ])('says nothing more when %s', (_, reading, of) => {
    const results = checkGate(reading, of, DEFAULT_POLICY, 0);
    expect(short(results)).toEqual(['refuse not_waiting']);
    expect(firstRefusal(results)?.status).toBe(409);
  });

  it('tells what became of the run', () => {
    const over = run({
      ...{ waiting: false, status: 'completed', conclusion: 'timed_out' },
    });
    expect(firstRefusal(checkGate(gate(), over, DEFAULT_POLICY))?.message).toBe(
      'The run does not wait at production any more (timed out).',
    );
  });

  it.each<[string, Partial<GateReading>, string[], string[]]>([
    ['no reviewers', { reviewers: [] }, ['no_reviewers'], ['no_reviewers']],
    [
      'self-review let through',
      { preventSelfReview: false },
      ['self_review_not_prevented'],
      ['self_review_not_prevented'],
    ],
    [
      'self-review not told',
      { preventSelfReview: undefined },
      ['self_review_not_prevented'],
      ['self_review_not_prevented'],
    ],
    ['bypass', { canAdminsBypass: true }, [], ['admin_bypass']],
    ['bypass not told', { canAdminsBypass: undefined }, [], ['admin_bypass']],
    [
      'not among those who may',
      { currentUserCanApprove: false },
      ['not_eligible'],
      ['not_eligible'],
    ],
    ['not asked', { currentUserCanApprove: undefined }, [], []],
  ])('%s', (_, part, byDefault, strict) => {
    expect(refusals(checkGate(gate(part), run(), DEFAULT_POLICY, 0))).toEqual(
      byDefault,
    );
    expect(refusals(checkGate(gate(part), run(), STRICT, 0))).toEqual(strict);
  });

  it('names who may instead', () => {
    const results = checkGate(
      gate({ currentUserCanApprove: false }),
      run(),
      DEFAULT_POLICY,
    );
    expect(firstRefusal(results)).toEqual({
      ...{ code: 'not_eligible', status: 403 },
      message:
        'GitHub does not let you decide about production. Those who may: payments, cleo.',
      params: { reviewers: 'payments, cleo' },
    });
  });

  it.each<[string, Partial<GateReading>, number | undefined, string[]]>([
    ['none', { waitTimerMinutes: 0 }, 0, []],
    [
      'running',
      { waitTimerMinutes: 30, waitTimerStartedAt: 0 },
      10 * MINUTE,
      ['refuse wait_timer'],
    ],
    [
      'just over',
      { waitTimerMinutes: 30, waitTimerStartedAt: 0 },
      30 * MINUTE,
      ['pass wait_timer'],
    ],
    [
      'begun at a time nobody told',
      { waitTimerMinutes: 30 },
      0,
      ['warn wait_timer'],
    ],
    [
      'without a clock',
      { waitTimerMinutes: 30, waitTimerStartedAt: 0 },
      undefined,
      ['warn wait_timer'],
    ],
  ])('wait timer: %s', (_, part, now, expected) => {
    const results = checkGate(gate(part), run(), DEFAULT_POLICY, now);
    expect(short(results).filter(code => /wait_timer/.test(code))).toEqual(
      expected,
    );
  });

  it('says how long the wait timer still runs', () => {
    const waiting = gate({ waitTimerMinutes: 30, waitTimerStartedAt: 0 });
    expect(
      firstRefusal(checkGate(waiting, run(), DEFAULT_POLICY, 10 * MINUTE)),
    ).toEqual({
      ...{ code: 'wait_timer', status: 409 },
      message:
        'The wait timer of production still runs: GitHub takes a decision in 20 minutes.',
      params: { leftMs: `${20 * MINUTE}` },
    });
  });

  it('lets nothing through that it was not told of', () => {
    const maybe = fc.constantFrom(true, false, undefined);
    fc.assert(
      fc.property(
        fc.record({
          preventSelfReview: maybe,
          canAdminsBypass: maybe,
          currentUserCanApprove: maybe,
          waitTimerMinutes: fc.nat(100),
          waitTimerStartedAt: fc.option(fc.nat(100 * MINUTE), {
            nil: undefined,
          }),
        }),
        fc.boolean(),
        fc.boolean(),
        fc.nat(200 * MINUTE),
        (part, waiting, hasReviewers, now) => {
          const reading = gate({
            ...part,
            ...(hasReviewers ? {} : { reviewers: [] }),
          });
          const refused = refusals(
            checkGate(reading, run({ waiting }), STRICT, now),
          );
          const timerEnds =
            (part.waitTimerStartedAt ?? -Infinity) +
            part.waitTimerMinutes * MINUTE;
          expect(refused.length === 0).toBe(
            waiting &&
              hasReviewers &&
              part.preventSelfReview === true &&
              part.canAdminsBypass === false &&
              part.currentUserCanApprove !== false &&
              timerEnds <= (part.waitTimerMinutes === 0 ? Infinity : now),
          );
        },
      ),
    );
  });

  it('puts hostile names on one line', () => {
    const named = gate({ environmentName: `prod\u202e\n${'x'.repeat(500)}` });
    for (const { message } of asChecks(
      checkGate(named, run({ waiting: false }), DEFAULT_POLICY),
    )) {
      expect(message).not.toMatch(/[\n\u202e]/);
      expect(message.length).toBeLessThan(300);
    }
  });
});

describe('asChecks', () => {
  it('keeps the order and says what was not asked', () => {
    const results = checkGate(
      gate({
        ...{ currentUserCanApprove: undefined, canAdminsBypass: true },
        reviewers: [],
      }),
      run(),
      DEFAULT_POLICY,
    );
    expect(asChecks(results).map(({ code, state }) => [code, state])).toEqual([
      ['waiting', 'pass'],
      ['no_reviewers', 'fail'],
      ['prevents_self_review', 'pass'],
      ['admin_bypass', 'warn'],
      ['eligible', 'unknown'],
    ]);
    expect(firstRefusal(results)?.code).toBe('no_reviewers');
  });

  it('finds no refusal among passes', () => {
    expect(firstRefusal([{ kind: 'pass', code: 'a', message: 'b' }])).toBe(
      undefined,
    );
  });
});
