import * as fc from 'fast-check';
import { checkPolicy, type KnownCheck, type SoakFacts } from './checkPolicy';
import { DEFAULT_POLICY, type GatePolicy } from './facts';
import { firstRefusal } from './rules';
import { refusals, short } from './testUtils/approvalFacts';

const MINUTE = 60_000;
const NOW = 1_000 * MINUTE;

function check(
  policy: Partial<GatePolicy>,
  part: { soak?: SoakFacts; checks?: KnownCheck[] } = {},
) {
  return checkPolicy({
    ...{ policy: { ...DEFAULT_POLICY, ...policy }, now: NOW, checks: [] },
    ...part,
  });
}

describe('checkPolicy', () => {
  it('asks for nothing by default but tells that nothing is frozen', () => {
    expect(short(check({}))).toEqual(['pass freeze']);
  });

  it('refuses while a freeze lasts, by name', () => {
    const window = { name: 'Year end', from: 0, until: NOW + 1 };
    expect(firstRefusal(check({ freezes: [window] }))).toEqual({
      ...{ code: 'freeze', status: 409, params: { freeze: 'Year end' } },
      message:
        'Nothing is let in now: "Year end" lasts until 1970-01-01 16:40 UTC.',
    });
    expect(short(check({ freezes: [{ ...window, until: NOW }] }))).toEqual([
      'pass freeze',
    ]);
  });

  describe('soak', () => {
    const soak = { environment: 'staging', ms: 10 * MINUTE };
    const good: SoakFacts = {
      ...{ environment: 'staging', state: 'same', health: 'healthy' },
      since: NOW - 14 * MINUTE,
    };

    it('passes what ran healthy for long enough', () => {
      expect(check({ soak }, { soak: good })[1]).toEqual({
        ...{ kind: 'pass', code: 'soak' },
        message:
          'Healthy in staging for 14 minutes; the policy asks for 10 minutes.',
      });
      const just = { ...good, since: NOW - soak.ms };
      expect(refusals(check({ soak }, { soak: just }))).toEqual([]);
    });

    it.each<[string, SoakFacts | undefined]>([
      ['what runs there is not known', undefined],
      ['what runs there is not known', { ...good, environment: 'qa' }],
      ['what runs there is not known', { ...good, state: 'unknown' }],
      ['another commit runs there', { ...good, state: 'other' }],
      ['it is degraded there', { ...good, health: 'degraded' }],
      ['it is unhealthy there', { ...good, health: 'unhealthy' }],
      ['its health there is not known', { ...good, health: 'unknown' }],
      ['its health there is not known', { ...good, health: 'none' }],
      ['its health there is not known', { ...good, health: undefined }],
      ['since when it runs is not known', { ...good, since: undefined }],
      ['it needs 1 second more', { ...good, since: NOW - soak.ms + 1 }],
      [
        'it is told to run there from a time in the future on',
        { ...good, since: NOW + 1 },
      ],
    ])('refuses: %s', (why, facts) => {
      const refusal = firstRefusal(check({ soak }, { soak: facts }));
      expect(refusal?.code).toBe('soak');
      expect(refusal?.message).toBe(
        `The policy asks for 10 minutes healthy in staging; ${why}.`,
      );
    });
  });

  describe('required checks', () => {
    const done = (name: string, conclusion?: string): KnownCheck => ({
      ...{ name, status: 'completed', conclusion },
    });
    it.each<[string, KnownCheck[], string]>([
      ['succeeded', [done('scan', 'success')], 'pass check'],
      ['missing', [done('Scan', 'success')], 'refuse check_missing'],
      ['failed', [done('scan', 'failure')], 'refuse check_failed'],
      ['skipped', [done('scan', 'skipped')], 'refuse check_failed'],
      ['neutral', [done('scan', 'neutral')], 'refuse check_failed'],
      ['an unknown word', [done('scan', 'splendid')], 'refuse check_failed'],
      ['no conclusion', [done('scan')], 'refuse check_failed'],
      ['queued', [{ name: 'scan', status: 'queued' }], 'refuse check_pending'],
      ['odd', [{ name: 'scan', status: 'odd' }], 'refuse check_pending'],
      [
        'twice, one of them failed',
        [done('scan', 'success'), done('scan', 'failure')],
        'refuse check_failed',
      ],
      [
        'twice, one of them runs',
        [done('scan', 'success'), { name: 'scan', status: 'in_progress' }],
        'refuse check_pending',
      ],
    ])('%s', (_, checks, expected) => {
      expect(short(check({ requiredChecks: ['scan'] }, { checks }))).toEqual([
        'pass freeze',
        expected,
      ]);
    });

    it('names each', () => {
      const results = check(
        { requiredChecks: ['scan', 'unit'] },
        { checks: [done('scan', 'timed_out')] },
      );
      expect(results.slice(1)).toMatchObject([
        {
          refusal: {
            message: 'The required check "scan" did not succeed (timed out).',
            params: { check: 'scan' },
          },
        },
        { refusal: { code: 'check_missing', params: { check: 'unit' } } },
      ]);
    });

    it('passes only when every one of them succeeded', () => {
      const name = fc.constantFrom('a', 'b', 'c', 'd');
      const known = fc.record({
        name,
        status: fc.constantFrom('completed', 'in_progress', 'queued'),
        conclusion: fc.constantFrom('success', 'failure', undefined),
      });
      fc.assert(
        fc.property(
          fc.uniqueArray(name),
          fc.array(known, { maxLength: 6 }),
          (requiredChecks, checks) => {
            const passes = requiredChecks.every(required => {
              const same = checks.filter(item => item.name === required);
              return (
                same.length > 0 &&
                same.every(
                  ({ status, conclusion }) =>
                    status === 'completed' && conclusion === 'success',
                )
              );
            });
            expect(
              refusals(check({ requiredChecks }, { checks })).length === 0,
            ).toBe(passes);
          },
        ),
      );
    });
  });
});
