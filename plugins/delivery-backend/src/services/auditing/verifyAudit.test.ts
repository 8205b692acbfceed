import { createPublicKey } from 'node:crypto';
import fc from 'fast-check';
import { JSON_LINES, type ExportFooter } from './exportFormats';
import {
  auditContent,
  chainOf,
  verifyAll,
  verifyCommand,
  type Verdict,
} from './__testUtils__/testAudit';
import {
  anew,
  byte,
  chain,
  content,
  contents,
  drop,
  duplicate,
  field,
  foreign,
  last,
  partsOf,
  reorder,
  ROWS,
  signer,
  tail,
} from './__testUtils__/testEdits';

jest.setTimeout(120_000);

const firstOf = (verdict: Verdict) => verdict.problems[0]?.seq;

describe('verify-audit', () => {
  const formats = ['jsonl', 'csv'] as const;

  it('finds nothing wrong with an export, whatever rows the reader may not see', async () => {
    const options = {
      keys: [signer.publicKey],
      anchors: [
        { seq: 4, hash: chain[3].hash },
        { hash: chain[5].hash.slice(0, 16) },
      ],
    };
    const verdicts = await verifyAll(
      formats.map(format => ({
        ...{ format, file: partsOf(format, chain).join(''), ...options },
      })),
    );
    const whole = { problems: [], warnings: [], entries: 7, stubs: 2 };
    expect(verdicts).toEqual([whole, whole]);
  });

  it('names the row of any tampering, and both formats agree', async () => {
    const edits = fc.sample(
      fc.oneof(drop, duplicate, reorder, field, content, tail, anew),
      { numRuns: 250, seed: 4 },
    );
    const verdicts = await verifyAll(
      edits.flatMap(({ apply, options }) =>
        formats.map(format => ({
          ...{ format, file: apply(partsOf(format, chain), format) },
          ...options,
        })),
      ),
    );
    for (const [n, { name, row }] of edits.entries()) {
      const [json, csv] = verdicts.slice(2 * n, 2 * n + 2);
      const first = firstOf(json);
      // Where another key signed everything the first row is wrong already.
      const expected = name.includes('key known') ? 1 : row;
      expect({ name, first }).toEqual({ name, first: expected });
      expect({ name, first: firstOf(csv) }).toEqual({ name, first });
    }
  });

  it('notices one changed byte anywhere', async () => {
    const edits = fc.sample(byte, { numRuns: 600, seed: 4 });
    const cases = edits.flatMap(edit =>
      formats.map(format => ({ ...edit, format })),
    );
    const verdicts = await verifyAll(
      cases.map(({ apply, format }) => ({
        ...{ format, file: apply(partsOf(format, chain), format) },
      })),
    );
    for (const [n, { name, format, row }] of cases.entries()) {
      const first = firstOf(verdicts[n]);
      expect({ name, format, first }).toEqual({
        ...{ name, format, first: expect.any(Number) },
      });
      // The headings of a CSV file belong to no row.
      expect(Number(first)).toBeLessThanOrEqual(Math.max(row, 1));
    }
  });

  it('cannot see without an anchor or a key that everything was written anew, and says what it rests on', async () => {
    const file = partsOf('jsonl', chainOf(contents, foreign), foreign).join('');
    const [verdict] = await verifyAll([{ format: 'jsonl', file }]);
    expect(verdict.problems).toEqual([]);
    expect(verdict.warnings).toEqual([
      expect.stringMatching('the keys are those that the export names itself'),
    ]);
  });

  it('accepts a change of keys when both are known, and names the first row of one that is not', async () => {
    const before = chainOf(contents.slice(0, 4), signer);
    const turned = chainOf(contents, {
      seal: (told, seq, previous) =>
        (seq <= 4 ? signer : foreign).seal(told, seq, previous),
    });
    expect(turned.slice(0, 4)).toEqual(before);
    const header = JSON.parse(partsOf('jsonl', turned, foreign)[0]);
    header.publicKeys[signer.keyId] = signer.publicKey;
    const footer: ExportFooter = { head: undefined, entries: 9, stubs: 0 };
    const { seq, hash } = turned[ROWS - 1];
    const parts = {
      ...footer,
      head: { seq, hash },
    };
    const signed = foreign.signExport({ header, footer: parts });
    const file = [
      JSON_LINES.begin(header),
      ...turned.map(JSON_LINES.row),
      JSON_LINES.end(header, parts, {
        ...{ keyId: foreign.keyId, signature: signed },
      }),
    ].join('');
    const both = [signer.publicKey, foreign.publicKey];
    const verdicts = await verifyAll(
      [both, both.slice(0, 1)].map(keys => ({
        ...{ format: 'jsonl' as const, file, keys },
      })),
    );
    expect(verdicts[0].problems).toEqual([]);
    expect(verdicts[1].problems).toEqual([
      { seq: 5, message: expect.stringMatching('not with the key expected') },
    ]);
  });

  it('warns of what was attempted and has no outcome', async () => {
    const told = [
      auditContent(1, { phase: 'attempted', operationId: 'a' }),
      auditContent(2, { phase: 'attempted', operationId: 'b' }),
      auditContent(4, { phase: 'attempted', action: 'cancel', runId: 'r' }),
      auditContent(5, { phase: 'succeeded', operationId: 'b' }),
      auditContent(6, { phase: 'refused', action: 'cancel', runId: 'r' }),
    ];
    const file = partsOf('csv', chainOf(told, signer)).join('');
    const keys = [signer.publicKey];
    // Row 3 is one without content: its end is not to be found either.
    const [verdict] = await verifyAll([{ format: 'csv', file, keys }]);
    expect(verdict.problems).toEqual([]);
    expect(verdict.warnings).toEqual([
      'entry 1, approve of component:default/api: attempted, and no outcome (it may be among the rows without content)',
    ]);
  });

  it('prints what it found and ends with a code that scripts understand', async () => {
    const file = partsOf('jsonl', chain);
    const files = {
      'whole.jsonl': file.join(''),
      'cut.jsonl': file.slice(0, 6).join(''),
      'key.pem': signer.publicKey,
      'anchors.txt': `# from the log\n${ROWS}:${last.hash}\n`,
    };
    const key = ['--key', 'key.pem'];
    const anchors = [
      '--anchors',
      'anchors.txt',
      '--anchor',
      `2:${chain[1].hash}`,
    ];
    const good = await verifyCommand(files, [
      'whole.jsonl',
      ...key,
      ...anchors,
    ]);
    expect(good).toEqual({ code: 0, text: expect.stringMatching(/^WHOLE/m) });
    expect(good.text).not.toMatch('warning');
    expect(good.text).toMatch(
      `7 entries and 2 rows without content, up to ${ROWS}:${last.hash}`,
    );
    const bad = await verifyCommand(files, ['cut.jsonl', ...key, ...anchors]);
    expect(bad.code).toBe(1);
    expect(bad.text).toMatch('NOT WHOLE: the first problem is at row 6.');
    for (const args of [
      [],
      ['none.jsonl'],
      ['whole.jsonl', '--anchor', 'x'],
      ['whole.jsonl', '--wrong', 'x'],
      ['whole.jsonl', '--key'],
    ]) {
      expect(await verifyCommand(files, args)).toMatchObject({ code: 2 });
    }
  });

  it('takes the id of a key from the key', () => {
    expect(createPublicKey(signer.publicKey).asymmetricKeyType).toBe('ed25519');
    expect(signer.keyId).toMatch(/^[0-9a-f]{16}$/);
    expect(signer.keyId).not.toBe(foreign.keyId);
  });
});
