import fc from 'fast-check';
import type { AuditEntry } from '../../../database/AuditStore';
import {
  CSV,
  JSON_LINES,
  type ExportFooter,
  type ExportHeader,
  type ExportRow,
} from '../exportFormats';
import { createAuditSigner } from '../seal';
import {
  auditContent,
  chainOf,
  newKey,
  NOON,
  type VerifyCase,
} from './testAudit';

/** An export, and every way to tamper with it that the verifier has to notice. */
export const ROWS = 9;
export const signer = createAuditSigner(newKey());
export const foreign = createAuditSigner(newKey());
export const contents = Array.from({ length: ROWS }, (_, n) =>
  auditContent(n, n % 3 === 2 ? { detail: { teams: ['a', 'é'], n } } : {}),
);
export const chain = chainOf(contents, signer);
export const last = chain[ROWS - 1];
const stubs = new Set([3, 6]);

/** The parts of an export in one format, as the portal writes it; `rows` can be any. */
export function partsOf(
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

export const drop = place.map(
  (row): Edit => ({
    ...{ name: `drop ${row}`, row },
    apply: parts => without(parts, row, 1).join(''),
  }),
);
export const duplicate = fc.tuple(place, place).map(([row, at]): Edit => {
  const to = Math.max(row, at);
  return {
    ...{ name: `repeat ${row} after ${to}`, row },
    apply: parts =>
      [...parts.slice(0, to + 1), parts[row], ...parts.slice(to + 1)].join(''),
  };
});
export const reorder = fc
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
export const field = fc
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
export const content = fc
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
export const tail = place.chain(row =>
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
export const anew = place.chain(row => {
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
export const byte = fc
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
