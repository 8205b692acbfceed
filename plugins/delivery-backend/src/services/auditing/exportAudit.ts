import type { AuditEntry, AuditStore } from '../../database/AuditStore';
import {
  CSV,
  JSON_LINES,
  type ExportFooter,
  type ExportHeader,
} from './exportFormats';
import { CONFIGURATION } from './recordConfiguration';
import { keyIdOf, type AuditSigner } from './seal';

/** One export. */
export interface AuditExport {
  store: Pick<AuditStore, 'list' | 'read'>;
  /** Undefined: there is no key any more, the export says nothing signed of itself. */
  signer: AuditSigner | undefined;
  /** Last entry of the export; undefined: there is none. */
  head: { seq: number; hash: string } | undefined;
  format: 'csv' | 'jsonl';
  exportedAt: number;
  exportedBy: string;
  /** Whether the reader sees the content of an entry. */
  shows(entry: AuditEntry): boolean;
  signal: AbortSignal;
}

const PAGE = 500;

/** Text of the chain from its beginning to the head; never holds more than a page. */
export async function* exportAudit(
  options: AuditExport,
): AsyncGenerator<string> {
  const { store, signer, head, signal, shows } = options;
  const format = options.format === 'csv' ? CSV : JSON_LINES;
  const header: ExportHeader = {
    ...{ format: 'delivery-audit', version: 1, algorithm: 'ed25519-sha256' },
    publicKeys: await publicKeys(store, signer),
    exportedAt: options.exportedAt,
    exportedBy: options.exportedBy,
  };
  const footer: ExportFooter = { head, entries: 0, stubs: 0 };
  yield format.begin(header);
  for (let next = 1; head && next <= head.seq; ) {
    signal.throwIfAborted();
    const page = await store.read(next, PAGE);
    if (page.length === 0) break;
    next = page[page.length - 1].seq + 1;
    yield page
      .filter(entry => entry.seq <= head.seq)
      .map(entry => {
        const shown = shows(entry);
        footer[shown ? 'entries' : 'stubs'] += 1;
        return format.row(shown ? entry : { ...entry, content: undefined });
      })
      .join('');
  }
  const signature = signer && {
    keyId: signer.keyId,
    signature: signer.signExport({ header, footer }),
  };
  yield format.end(header, footer, signature);
}

/** Of the key in use, and of those that the configuration named before. */
async function publicKeys(
  store: Pick<AuditStore, 'list'>,
  signer: AuditSigner | undefined,
): Promise<Record<string, string>> {
  const keys = new Map<string, string>();
  for (let before: number | undefined; ; ) {
    const page = await store.list({ action: CONFIGURATION }, before, PAGE);
    for (const { seq, content } of page) {
      before = seq;
      const { publicKey } = content.detail ?? {};
      const id = typeof publicKey === 'string' ? keyIdOf(publicKey) : undefined;
      if (id) keys.set(id, String(publicKey));
    }
    if (page.length < PAGE) break;
  }
  if (signer) keys.set(signer.keyId, signer.publicKey);
  return Object.fromEntries(keys);
}
