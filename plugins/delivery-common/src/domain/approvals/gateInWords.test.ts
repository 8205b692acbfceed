import { gateInWords } from './gateInWords';
import { gate } from './testUtils/approvalFacts';

const all = (words: ReturnType<typeof gateInWords>) =>
  [...words.enforces, ...words.doesNotPrevent].join('\n');

describe('gateInWords', () => {
  it('says what a good gate enforces and what it does not prevent', () => {
    expect(gateInWords(gate({ waitTimerMinutes: 30 }))).toEqual({
      title: 'GitHub required reviewers',
      enforces: [
        'One of payments, cleo must approve at GitHub before production is deployed to.',
        'Whoever started the run cannot approve it.',
        'GitHub takes no decision before 30 minutes have passed.',
      ],
      doesNotPrevent: [
        'One approval at GitHub’s own page finishes it; the portal cannot ask for a second one.',
        expect.stringMatching(/^Authors of the commits are checked only here/),
      ],
    });
  });

  it.each([
    [true, /^Administrators of the repository can go past it\.$/m],
    [undefined, /does not say whether administrators/],
  ])('bypass %s is told', (canAdminsBypass, words) => {
    expect(
      gateInWords(gate({ canAdminsBypass })).doesNotPrevent.join('\n'),
    ).toMatch(words);
    expect(all(gateInWords(gate()))).not.toMatch(/dministrators/);
  });

  it.each([
    [false, /whoever started the run can approve it\.$/m],
    [undefined, /does not say whether whoever started the run/],
  ])('self-review prevented: %s', (preventSelfReview, words) => {
    const { enforces, doesNotPrevent } = gateInWords(
      gate({ preventSelfReview }),
    );
    expect(enforces.join('\n')).not.toMatch(/started the run/);
    expect(doesNotPrevent.join('\n')).toMatch(words);
  });

  it('claims nothing for a gate without reviewers', () => {
    const words = gateInWords(gate({ reviewers: [] }));
    expect(all(words)).not.toMatch(/must approve|One approval/);
    expect(words.doesNotPrevent[0]).toMatch(/no required reviewers/);
  });

  it('claims nothing for a gate nobody could read', () => {
    const words = gateInWords(undefined);
    expect(words.enforces).toEqual([]);
    expect(words.doesNotPrevent).toHaveLength(1);
  });
});
