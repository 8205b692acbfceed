import { createPublicKey } from 'node:crypto';
import fc from 'fast-check';
import type { AuditEntry } from '../../database/AuditStore';
import {
  CSV,
  JSON_LINES,
  type ExportFooter,
  type ExportHeader,
  type ExportRow,
} from './exportFormats';
import { createAuditSigner } from './seal';
import {
  auditContent,
  chainOf,
  newKey,
  NOON,
  verifyAll,
  verifyCommand,
  type Verdict,
  type VerifyCase,
} from './testAudit';

jest.setTimeout(120_000);

const ROWS = 9;
const signer = createAuditSigner(newKey());
const foreign = createAuditSigner(newKey());
const contents = Array.from({ length: ROWS }, (_, n) =>
  auditContent(n, n % 3 === 2 ? { detail: { teams: ['a', 'é'], n } } : {}),
);
const chain = chainOf(contents, signer);
const last = chain[ROWS - 1];
const stubs = new Set([3, 6]);

/** The parts of an export in one format, as the portal writes it; `rows` can be any. */
function partsOf(
  format: 'csv' | 'jsonl',
  entries: AuditEntry[],
  by = signer,
): string[] {
  const header: ExportHeader = {
    ...{ format: 'delivery-audit', version: 1, algorithm: 'ed25519-sha256' },
    publicKeys: { [by.keyId]: by.publicKey },
    ...{ exportedAt: NOON, exportedBy: 'user:default/lena' },
  };
  const rows: ExportRow[] = entries.map(entry =>
    stubs.has(entry.seq) ? { ...entry, content: undefined } : entry,
  );
  const head = entries[entries.length - 1];
  const footer: ExportFooter = {
    head: head && { seq: head.seq, hash: head.hash },
    entries: rows.filter(row => row.content).length,
    stubs: rows.filter(row => !row.content).length,
  };
  const { begin, row, end } = format === 'csv' ? CSV : JSON_LINES;
  const signature = by.signExport({ header, footer });
  return [
    begin(header),
    ...rows.map(row),
    end(header, footer, { keyId: by.keyId, signature }),
  ];
}

/** One way to tamper; `row` is the first one that is not as it was. */
interface Edit {
  name: string;
  row: number;
  apply(parts: string[], format: 'csv' | 'jsonl'): string | Buffer;
  options?: Pick<VerifyCase, 'anchors' | 'keys'>;
}

const place = fc.integer({ min: 1, max: ROWS });
const without = (parts: string[], from: number, count: number) =>
  parts.filter((_, n) => n < from || n >= from + count);

function rewritten(
  change: (entry: AuditEntry) => Partial<AuditEntry>,
  row: number,
): Edit['apply'] {
  return (parts, format) => {
    const { row: render } = format === 'csv' ? CSV : JSON_LINES;
    const entry = chain[row - 1];
    const { content, ...rest } = { ...entry, ...change(entry) };
    const text = render(stubs.has(row) ? rest : { ...rest, content });
    return parts.map((part, n) => (n === row ? text : part)).join('');
  };
}
const other = (text: string) =>
  (text.startsWith('0') ? '1' : '0') + text.slice(1);

const drop = place.map(
  (row): Edit => ({
    ...{ name: `drop ${row}`, row },
    apply: parts => without(parts, row, 1).join(''),
  }),
);
const duplicate = fc.tuple(place, place).map(([row, at]): Edit => {
  const to = Math.max(row, at);
  return {
    ...{ name: `repeat ${row} after ${to}`, row },
    apply: parts =>
      [...parts.slice(0, to + 1), parts[row], ...parts.slice(to + 1)].join(''),
  };
});
const reorder = fc
  .tuple(place, place)
  .filter(([a, b]) => a < b)
  .map(
    ([a, b]): Edit => ({
      ...{ name: `swap ${a} and ${b}`, row: a },
      apply: parts =>
        parts
          .map(
            (part, n) => (n === a && parts[b]) || (n === b && parts[a]) || part,
          )
          .join(''),
    }),
  );
const field = fc
  .tuple(
    place,
    fc.constantFrom(
      ...(['hash', 'previousHash', 'signature', 'keyId', 'seq'] as const),
    ),
  )
  .map(
    ([row, name]): Edit => ({
      ...{ name: `${name} of ${row}`, row },
      apply: rewritten(
        entry => ({
          [name]: name === 'seq' ? entry.seq + 20 : other(entry[name]),
        }),
        row,
      ),
    }),
  );
const content = fc
  .tuple(
    place.filter(row => !stubs.has(row)),
    fc.constantFrom('recomputed', 'kept'),
  )
  .map(
    ([row, hash]): Edit => ({
      ...{ name: `content of ${row}, hash ${hash}`, row },
      apply: rewritten(entry => {
        const forged = { ...entry.content, comment: 'I never said that' };
        const sealed = foreign.seal(forged, entry.seq, entry.previousHash);
        return {
          content: forged,
          ...(hash === 'recomputed' && { hash: sealed.hash }),
        };
      }, row),
    }),
  );
const tail = place.chain(row =>
  fc.constantFrom<Edit>(
    {
      ...{ name: `cut at ${row}`, row },
      apply: parts => parts.slice(0, row).join(''),
    },
    {
      ...{ name: `cut at ${row}, end kept`, row },
      apply: parts => without(parts, row, ROWS + 1 - row).join(''),
    },
    {
      ...{ name: `cut at ${row} in the database`, row },
      apply: (_, format) => partsOf(format, chain.slice(0, row - 1)).join(''),
      options: { anchors: [{ seq: ROWS, hash: last.hash }] },
    },
    {
      ...{ name: `cut at ${row} in the database, short anchor`, row },
      apply: (_, format) => partsOf(format, chain.slice(0, row - 1)).join(''),
      options: { anchors: [{ hash: last.hash.slice(0, 16) }] },
    },
  ),
);
/** Somebody with the database, but without the key, writes everything anew from a row on. */
const anew = place.chain(row => {
  const apply: Edit['apply'] = (_, format) => {
    const forged = contents.map((told, n) =>
      n + 1 === row ? { ...told, actor: 'user:default/nobody' } : told,
    );
    return partsOf(format, chainOf(forged, foreign), foreign).join('');
  };
  return fc.constantFrom<Edit>(
    {
      ...{ name: `rewritten at ${row}, key known`, row, apply },
      options: { keys: [signer.publicKey] },
    },
    {
      ...{ name: `rewritten at ${row}, anchor of it known`, row, apply },
      options: {
        anchors: [{ seq: row, hash: chain[row - 1].hash }],
      },
    },
  );
});
const byte = fc
  .tuple(
    fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    fc.integer({ min: 1, max: 255 }),
  )
  .map(
    ([at, bits]): Edit => ({
      ...{ name: `byte at ${at} ^ ${bits}`, row: Math.floor(at * (ROWS + 2)) },
      apply: parts => {
        const scaled = at * parts.length;
        const part = Math.floor(scaled);
        const before = Buffer.byteLength(parts.slice(0, part).join(''));
        const length = Buffer.byteLength(parts[part]);
        const bytes = Buffer.from(parts.join(''));
        // eslint-disable-next-line no-bitwise
        bytes[before + Math.floor((scaled - part) * length)] ^= bits;
        return bytes;
      },
    }),
  );

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
