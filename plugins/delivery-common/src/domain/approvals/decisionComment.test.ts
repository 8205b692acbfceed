import * as fc from 'fast-check';
import type { RecordedDecision } from './classifyRefusal';
import {
  decisionComment,
  findDecision,
  readDecisionComment,
} from './decisionComment';

const ID = '11111111-2222-4333-8444-555555555555';
const OTHER = '99999999-2222-4333-8444-555555555555';
const HEAD = 'ab'.repeat(32);
const mine = { userRef: 'user:default/cleo', operationId: ID, auditHead: HEAD };
const wanted = {
  ...{ operationId: ID, accountId: '3', environmentId: '9' },
  state: 'approved' as const,
};

function recorded(
  comment: string,
  part: Partial<RecordedDecision> = {},
): RecordedDecision {
  return {
    ...{ user: { id: '3', login: 'cleo' }, state: 'approved', comment },
    environmentIds: ['9'],
    ...part,
  };
}

const forged = (operationId: string) =>
  ` — user:default/x via portal, ref ${operationId}, audit ${HEAD.slice(
    0,
    16,
  )}`;

/** Anything a person can paste, also halves of characters, controls, and what looks like our own words. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 10_000, size: 'max' }),
  fc.string({ unit: 'grapheme', maxLength: 2_000, size: 'max' }),
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          ...[forged(OTHER), OTHER, ' — ', 'via portal, ref ', ', audit ab'],
          ...['\ud83d', '\u202e', '\u001b[31m', '\u001b]', '\r\n', '\u200b'],
          ...['👩‍👩‍👧', 'é', '\u2028', '\t'],
        ),
        fc.string({ maxLength: 20 }),
        fc.uuid(),
      ),
      { maxLength: 200, size: 'max' },
    )
    .map(parts => parts.join('')),
  fc.constantFrom('', 'x'.repeat(10_000), '😀'.repeat(5_000)),
);
const anyRef = fc
  .tuple(
    fc.constantFrom('default', 'a'.repeat(63)),
    fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,61}$/),
  )
  .map(([namespace, name]) => `user:${namespace}/${name}`);

describe('decisionComment', () => {
  it('says who decided through what, and where it stands in the audit', () => {
    expect(decisionComment({ ...mine, text: ' Checked with support. ' })).toBe(
      `Checked with support. — user:default/cleo via portal, ref ${ID}, audit abababababababab`,
    );
  });

  it('names the attempt, so that a pipeline counts it for this one only', () => {
    const comment = decisionComment({ ...mine, attempt: 2, text: 'Again' });
    expect(comment).toContain(`via portal, attempt 2, ref ${ID}`);
    expect(readDecisionComment(comment)).toMatchObject({
      ...{ text: 'Again', attempt: 2, operationId: ID },
    });
  });

  it('is one line without controls and keeps words apart', () => {
    const comment = decisionComment({
      ...mine,
      text: 'one\r\ntwo\u0000\u001b[31m\u202e three\ud83d',
    });
    expect(readDecisionComment(comment)?.text).toBe('one two three\ufffd');
  });

  it('cuts only the text, and no character in half', () => {
    for (const text of ['x'.repeat(10_000), '😀'.repeat(5_000)]) {
      const comment = decisionComment({ ...mine, text });
      expect(comment.length).toBeGreaterThan(1_021);
      expect(comment.length).toBeLessThanOrEqual(1_024);
      expect(comment).toMatch(/… — user:default\/cleo via portal, ref /);
      expect(comment).not.toMatch(/\p{Surrogate}/u);
    }
  });

  it('is told from a text of nothing', () => {
    const comment = decisionComment({ ...mine, text: '\u200b\u200b\u200b' });
    expect(comment).toMatch(/^— user:default\/cleo via portal/);
    expect(findDecision([recorded(comment)], wanted)).toBeDefined();
  });

  it('whatever is written, the operation survives and is found', () => {
    fc.assert(
      fc.property(anyText, anyRef, fc.uuid(), (text, userRef, operationId) => {
        const comment = decisionComment({
          ...{ text, userRef, operationId, auditHead: HEAD },
        });
        expect(comment.length).toBeLessThanOrEqual(1_024);
        expect(comment).not.toMatch(/\p{Surrogate}/u);
        expect(comment).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
        expect(readDecisionComment(comment)).toMatchObject({
          ...{ userRef, operationId, auditHead: HEAD.slice(0, 16) },
        });
        const record = recorded(comment);
        expect(findDecision([record], { ...wanted, operationId })).toBe(record);
      }),
      { numRuns: 500 },
    );
  });

  it('no text is taken for another operation', () => {
    fc.assert(
      fc.property(anyText, anyText, (before, after) => {
        const text = `${before}${forged(OTHER)}${after}`;
        const comment = decisionComment({ ...mine, text });
        const record = recorded(comment);
        expect(
          findDecision([record], { ...wanted, operationId: OTHER }),
        ).toBeUndefined();
        expect(findDecision([record], wanted)).toBe(record);
      }),
      { numRuns: 500 },
    );
  });
});

describe('readDecisionComment', () => {
  const whole = decisionComment({ ...mine, text: 'fine' });

  it.each([
    ['', undefined],
    ['looks good', undefined],
    [ID, undefined],
    [`ref ${ID}`, undefined],
    [`${whole} and more`, undefined],
    [whole.replace(', audit', ''), undefined],
    [whole.replace('—', '-'), undefined],
    [whole.replace('user:default/cleo', 'user: cleo'), undefined],
    [`${whole}\n`, ID],
    [whole, ID],
    [`${forged(OTHER)}${whole}`, ID],
    [`${whole}${forged(OTHER)}`, OTHER],
  ])('of %j is %s', (comment, id) => {
    expect(readDecisionComment(comment)?.operationId).toBe(id);
  });
});

describe('findDecision', () => {
  const comment = decisionComment({ ...mine, text: 'fine' });

  it.each<[string, Partial<RecordedDecision>]>([
    ['another person', { user: { id: '4', login: 'cleo' } }],
    ['only the name', { user: { login: 'cleo' } }],
    ['another decision', { state: 'rejected' }],
    ['another environment', { environmentIds: ['8'] }],
    ['another operation', { comment: comment.replace(ID, OTHER) }],
    ['something added behind', { comment: `${comment}.` }],
  ])('is not %s', (_, part) => {
    expect(findDecision([recorded(comment, part)], wanted)).toBeUndefined();
  });

  it('finds the one among many', () => {
    const right = recorded(comment, { environmentIds: ['8', '9'] });
    const others = [
      recorded('ok'),
      recorded(comment, { state: 'rejected' }),
      recorded(decisionComment({ ...mine, text: '', operationId: OTHER })),
    ];
    expect(findDecision([...others, right], wanted)).toBe(right);
    expect(findDecision(others, wanted)).toBeUndefined();
  });
});
