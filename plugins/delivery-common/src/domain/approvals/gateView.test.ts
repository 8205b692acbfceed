import * as fc from 'fast-check';
import { canonical } from '../canonical';
import { DEFAULT_POLICY, type GateView } from './facts';
import { gateViewOf, viewDifferences } from './gateView';
import { gate, run, sha } from './testUtils/approvalFacts';

const input = {
  ...{ runKey: 'gh.1', run: run(), gate: gate(), policy: DEFAULT_POLICY },
  ...{ runningSha: sha('a'), digest: 'sha256:1c9a' },
};
const view = gateViewOf(input);

const optional = <T>(value: fc.Arbitrary<T>) =>
  fc.option(value, { nil: undefined });
const word = fc.constantFrom('a', 'b', 'c');
const words = fc.array(word, { maxLength: 3 });
const anyView: fc.Arbitrary<GateView> = fc.record({
  ...{ headSha: word, digest: optional(word), runKey: word },
  attempt: fc.integer({ min: 1, max: 3 }),
  environmentId: word,
  ...{ pendingDeployments: words, reviewers: words },
  preventSelfReview: optional(fc.boolean()),
  canAdminsBypass: optional(fc.boolean()),
  policy: fc.record({
    adminBypass: fc.constantFrom('warn', 'deny'),
    authors: fc.constantFrom('range', 'off'),
    unknownAuthors: fc.constantFrom('warn', 'refuse'),
    ...{ requiredChecks: words, freezes: fc.constant([]) },
    rollbackWorkflow: word,
  }),
  runningSha: optional(word),
});

describe('gateViewOf', () => {
  it('holds what has to be the same', () => {
    expect(view).toEqual({
      ...{ headSha: sha('b'), digest: 'sha256:1c9a', runKey: 'gh.1' },
      ...{ attempt: 1, environmentId: '9', pendingDeployments: ['70'] },
      reviewers: ['team:50:acme/payments', 'user:3:cleo'],
      ...{ preventSelfReview: true, canAdminsBypass: false },
      ...{ policy: DEFAULT_POLICY, runningSha: sha('a') },
    });
  });

  it('does not depend on the order or repetition of what the vendor lists', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(gate().reviewers, { minLength: 2 }),
        fc.shuffledSubarray(['7', '10', '9'], { minLength: 3 }),
        (reviewers, ids) => {
          const other = gateViewOf({
            ...input,
            gate: gate({ reviewers: [...reviewers, reviewers[0]] }),
            run: run({ pendingDeployments: [...ids, ids[0]] }),
          });
          expect(JSON.stringify(other)).toBe(
            JSON.stringify(
              gateViewOf({
                ...input,
                run: run({ pendingDeployments: ['9', '7', '10'] }),
              }),
            ),
          );
        },
      ),
    );
  });

  it('leaves what it was given as it was', () => {
    const ids = ['9', '10'];
    gateViewOf({ ...input, run: run({ pendingDeployments: ids }) });
    expect(ids).toEqual(['9', '10']);
  });
});

describe('viewDifferences', () => {
  it.each<[Partial<GateView>, string]>([
    [{ attempt: 2 }, 'The run was started again (attempt 2).'],
    [{ runKey: 'gh.2' }, 'It is another run.'],
    [{ headSha: sha('c') }, 'The commit is ccccccc now, not bbbbbbb.'],
    [
      { digest: 'sha256:e07b' },
      'The image is sha256:e07b now, not sha256:1c9a.',
    ],
    [
      { digest: undefined },
      'The image is not known any more; it was sha256:1c9a.',
    ],
    [{ environmentId: '8' }, 'The environment at the vendor is another one.'],
    [{ pendingDeployments: [] }, 'No deployment waits any more.'],
    [{ pendingDeployments: ['71'] }, 'Other deployments wait than before.'],
    [
      { reviewers: ['user:2:ravi', 'team:5:'] },
      'Other people may decide now: ravi, 5.',
    ],
    [{ reviewers: [] }, 'The environment has no reviewers any more.'],
    [
      { preventSelfReview: false },
      'The environment does not keep whoever started the run from approving it any more.',
    ],
    [{ canAdminsBypass: true }, 'Administrators may go past the gate now.'],
    [
      { canAdminsBypass: undefined },
      'Administrators may go past the gate now.',
    ],
    [
      { policy: { ...DEFAULT_POLICY, adminBypass: 'deny' } },
      'The policy of the environment was changed.',
    ],
    [{ runningSha: sha('d') }, 'What runs there is ddddddd now, not aaaaaaa.'],
    [
      { runningSha: undefined },
      'What runs there is not known any more; it was aaaaaaa.',
    ],
  ])('of %j is one sentence', (part, sentence) => {
    expect(viewDifferences(view, { ...view, ...part })).toEqual([sentence]);
  });

  it('from less to more', () => {
    const before: GateView = {
      ...view,
      ...{ runningSha: undefined, preventSelfReview: undefined },
      ...{ canAdminsBypass: undefined, digest: undefined },
    };
    expect(viewDifferences(before, view)).toEqual([
      'The image is known now: sha256:1c9a.',
      'Whoever starts the run cannot approve it any more.',
      'Administrators cannot go past the gate any more.',
      'What runs there is known now: aaaaaaa.',
    ]);
  });

  it('of nothing that was seen is to look again', () => {
    expect(viewDifferences(undefined, view)).toHaveLength(1);
  });

  it('there is none exactly when the views are equal, and one for each field that is not', () => {
    fc.assert(
      fc.property(anyView, anyView, (seen, now) => {
        const changed = (Object.keys(seen) as (keyof GateView)[]).filter(
          key => canonical(seen[key]) !== canonical(now[key]),
        );
        const sentences = viewDifferences(seen, now);
        expect(sentences).toHaveLength(changed.length);
        expect(new Set(sentences).size).toBe(sentences.length);
        expect(sentences.every(text => /^\S.*\.$/.test(text))).toBe(true);
        expect(sentences.length === 0).toBe(canonical(seen) === canonical(now));
      }),
      { numRuns: 1_000 },
    );
  });

  it('is none for what comes back from JSON with its keys in another order', () => {
    fc.assert(
      fc.property(anyView, given => {
        const entries = Object.entries(
          JSON.parse(JSON.stringify(given)) as GateView,
        );
        const back = Object.fromEntries(entries.reverse());
        expect(viewDifferences(back as unknown as GateView, given)).toEqual([]);
      }),
    );
  });
});
