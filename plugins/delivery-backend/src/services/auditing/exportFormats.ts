import { canonical } from 'backstage-plugin-delivery-common/domain';
import type { AuditContent, AuditEntry } from '../../database/AuditStore';
import { type Cell, csvLine as line } from '../csv';

/** An entry; without content for a reader who may not see it. It verifies all the same. */
export type ExportRow = Omit<AuditEntry, 'content'> & {
  content?: AuditContent;
};

/** What an export says of itself. */
export interface ExportHeader {
  format: 'delivery-audit';
  version: 1;
  algorithm: 'ed25519-sha256';
  /** PEM by key id. */
  publicKeys: Record<string, string>;
  exportedAt: number;
  exportedBy: string;
}

/** How an export ends: with the head of the chain, so that a file that was cut is seen to be. */
export interface ExportFooter {
  head?: { seq: number; hash: string };
  /** How many rows have their content, and how many not. */
  entries: number;
  stubs: number;
}

/** Signature over header and footer; absent when there is no key any more. */
export interface ExportSignature {
  keyId: string;
  signature: string;
}

/** Text of an export, part by part. */
export interface ExportFormat {
  begin(header: ExportHeader): string;
  row(row: ExportRow): string;
  end(
    header: ExportHeader,
    footer: ExportFooter,
    signature: ExportSignature | undefined,
  ): string;
}

/** One JSON object a line, keys in order: `docs/audit.md` describes it. */
export const JSON_LINES: ExportFormat = {
  begin: header => `${canonical(header)}\n`,
  row: ({ seq, previousHash, hash, signature, keyId, content }) =>
    `${canonical({ seq, previousHash, hash, signature, keyId, content })}\n`,
  end: (_, footer, signature) => `${canonical({ ...footer, ...signature })}\n`,
};

/** Parts of the content that have a column of their own, for people; what is signed stands in the last column. */
const COLUMNS: [string, (content: AuditContent) => Cell][] = [
  ['time', ({ at }) => timeOf(at)],
  ['actor', ({ actor }) => actor],
  ['host', ({ identity }) => identity?.host],
  ['accountId', ({ identity }) => identity?.id],
  ['login', ({ identity }) => identity?.login],
  ['action', ({ action }) => action],
  ['phase', ({ phase }) => phase],
  ['entityRef', ({ entityRef }) => entityRef],
  ['environment', ({ environment }) => environment],
  ['runId', ({ runId }) => runId],
  ['attempt', ({ attempt }) => attempt],
  ['sha', ({ sha }) => sha],
  ['digest', ({ digest }) => digest],
  ['decision', ({ decision }) => decision],
  ['comment', ({ comment }) => comment],
  ['operationId', ({ operationId }) => operationId],
  ['requestId', ({ requestId }) => requestId],
  ['outcome', ({ outcome }) => outcome?.code],
  ['message', ({ outcome }) => outcome?.message],
];
const NAMES = COLUMNS.map(([name]) => name);
const EMPTY: Cell[] = COLUMNS.map(() => undefined);

/** RFC 4180. The rows at the end, which hold keys and head, have a `kind` of their own and no number. */
export const CSV: ExportFormat = {
  begin: () =>
    line([
      ...['kind', 'seq', ...NAMES],
      ...['previousHash', 'hash', 'signature', 'keyId', 'content'],
    ]),
  row: ({ seq, previousHash, hash, signature, keyId, content }) =>
    line([
      ...[content ? 'entry' : 'stub', seq],
      ...(content ? COLUMNS.map(([, read]) => read(content)) : EMPTY),
      ...[previousHash, hash, signature, keyId],
      content && canonical(content),
    ]),
  end: (header, footer, signature) => {
    const keys = Object.entries(header.publicKeys).map(([keyId, publicKey]) =>
      line([
        ...['key', undefined, ...EMPTY, undefined, undefined, undefined],
        ...[keyId, canonical({ publicKey })],
      ]),
    );
    const head = line([
      ...['head', undefined, ...EMPTY, undefined, footer.head?.hash],
      ...[signature?.signature, signature?.keyId],
      canonical({ header, footer }),
    ]);
    return [...keys, head].join('');
  },
};

function timeOf(at: number): string | undefined {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
