import * as fc from 'fast-check';
import { TIERS } from '../../contract';
import { needsDecision } from './needsDecision';
import { gate } from './testUtils/approvalFacts';

type Target = Parameters<typeof needsDecision>[0][number];
const to = (part: Partial<Target>): Target => ({
  ...{ environment: 'production', tier: 'production', gate: gate() },
  ...part,
});

describe('needsDecision', () => {
  it.each<[string, Target[], boolean]>([
    ['nothing', [], false],
    ['production that a gate holds', [to({})], false],
    ['production without a gate', [to({ gate: undefined })], true],
    ['no reviewers', [to({ gate: gate({ reviewers: [] }) })], true],
    [
      'a gate that the starter opens',
      [to({ gate: gate({ preventSelfReview: false }) })],
      true,
    ],
    [
      'a gate of which that is not told',
      [to({ gate: gate({ preventSelfReview: undefined }) })],
      true,
    ],
    ['staging', [to({ tier: 'staging', gate: undefined })], false],
    [
      'a held production and one that is not',
      [to({}), to({ environment: 'prod-eu', gate: undefined })],
      true,
    ],
  ])('%s: %#', (_, targets, needs) => {
    expect(needsDecision(targets)).toBe(needs);
  });

  it('is needed as soon as one of the targets needs it', () => {
    const target = fc.record({
      environment: fc.constant('x'),
      tier: fc.constantFrom(...TIERS),
      gate: fc.constantFrom(gate(), gate({ reviewers: [] }), undefined),
    });
    fc.assert(
      fc.property(fc.array(target), targets => {
        expect(needsDecision(targets)).toBe(
          targets.some(item => needsDecision([item])),
        );
      }),
    );
  });
});
