import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import type {
  AuditContent,
  AuditEntry,
  AuditFilter,
  AuditStore,
} from '../../../database/AuditStore';
import type { AuditSigner } from '../seal';

/** Helpers for tests of the audit: a store in memory, keys, and the program that verifies. */
export const NOON = Date.UTC(2026, 10, 20, 12);
const PROGRAM = resolvePackagePath(
  'backstage-plugin-delivery-backend',
  'bin/verify-audit.mjs',
);

export function newKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return String(privateKey.export({ format: 'pem', type: 'pkcs8' }));
}

export function auditContent(
  n: number,
  more: Partial<AuditContent> = {},
): AuditContent {
  return {
    at: NOON + n,
    actor: 'user:default/mei',
    action: 'approve',
    phase: 'recorded',
    entityRef: 'component:default/api',
    comment: `Looks "good",\r\n=1+${n}; né`,
    ...more,
  };
}

export function chainOf(
  contents: AuditContent[],
  signer: Pick<AuditSigner, 'seal'>,
): AuditEntry[] {
  let previousHash = '0'.repeat(64);
  return contents.map((content, index) => {
    const seq = index + 1;
    const sealed = signer.seal(content, seq, previousHash);
    const entry = { seq, content, previousHash, ...sealed };
    previousHash = entry.hash;
    return entry;
  });
}

/** {@link AuditStore} in memory; remembers which pages were read. */
export class MemoryAuditStore implements AuditStore {
  readonly pages: { from: number; limit: number }[] = [];

  constructor(readonly entries: AuditEntry[] = []) {}

  async append(content: AuditContent, seal: AuditSigner['seal']) {
    const last = this.entries[this.entries.length - 1];
    const seq = this.entries.length + 1;
    const previousHash = last?.hash ?? '0'.repeat(64);
    const kept: AuditContent = JSON.parse(JSON.stringify(content));
    const sealed = seal(kept, seq, previousHash);
    const entry = { seq, content: kept, previousHash, ...sealed };
    this.entries.push(entry);
    return entry;
  }

  async head() {
    const last = this.entries[this.entries.length - 1];
    return last && { seq: last.seq, hash: last.hash };
  }

  async list(filter: AuditFilter, before = Infinity, limit: number) {
    const { entityRefs, since = -Infinity, until = Infinity } = filter;
    const keys = ['entityRef', 'action', 'phase', 'environment', 'actor'];
    return [...this.entries]
      .reverse()
      .filter(({ seq, content }) => {
        const values = content as unknown as Record<string, unknown>;
        const wanted = filter as Record<string, unknown>;
        return (
          keys.every(key => (wanted[key] ?? values[key]) === values[key]) &&
          (!entityRefs || entityRefs.includes(String(content.entityRef))) &&
          content.at >= since &&
          content.at <= until &&
          seq < before
        );
      })
      .slice(0, limit);
  }

  async read(from: number, limit: number) {
    this.pages.push({ from, limit });
    return this.entries.slice(from - 1, from - 1 + limit);
  }

  async newest(action: string) {
    return (await this.list({ action }, undefined, 1))[0];
  }

  async entityRefs() {
    const refs = this.entries.flatMap(({ content }) => content.entityRef ?? []);
    return [...new Set(refs)].sort();
  }
}

/** One file to verify. */
export interface VerifyCase {
  format: 'csv' | 'jsonl';
  file: string | Buffer;
  anchors?: { seq?: number; hash: string }[];
  /** Public ones as PEM. */
  keys?: string[];
}

/** What the program finds. */
export interface Verdict {
  problems: { seq: number; message: string }[];
  warnings: string[];
  entries: number;
  stubs: number;
}

const DRIVER = `
  import { readFileSync, writeFileSync } from 'node:fs';
  import { pathToFileURL } from 'node:url';
  const [list, out, program] = process.argv.slice(1);
  const { verifyExport } = await import(pathToFileURL(program));
  const verdicts = [];
  for (const { path, ...options } of JSON.parse(readFileSync(list, 'utf8'))) {
    const { problems, warnings, entries, stubs } = await verifyExport(path, options);
    verdicts.push({ problems, warnings, entries, stubs });
  }
  writeFileSync(out, JSON.stringify(verdicts));
`;
const run = promisify(execFile);

/** Runs the program as it is shipped, in a process of its own; all cases in one, because starting it takes longest. */
export async function verifyAll(cases: VerifyCase[]): Promise<Verdict[]> {
  return inDirectory(async directory => {
    const list = await Promise.all(
      cases.map(async ({ format, file, ...options }, index) => {
        const path = join(directory, `${index}.${format}`);
        await writeFile(path, file);
        return { path, ...options };
      }),
    );
    const [input, output] = ['in.json', 'out.json'].map(name =>
      join(directory, name),
    );
    await writeFile(input, JSON.stringify(list));
    const args = ['--input-type=module', '-e', DRIVER];
    await run(process.execPath, [...args, input, output, PROGRAM], {
      maxBuffer: 1 << 24,
    });
    return readFile(output, 'utf8');
  }).then(text => JSON.parse(text));
}

/** Runs the command itself; gives its exit code and what it prints. */
export async function verifyCommand(
  files: Record<string, string>,
  args: string[],
): Promise<{ code: number; text: string }> {
  return inDirectory(async directory => {
    for (const [name, content] of Object.entries(files)) {
      await writeFile(join(directory, name), content);
    }
    try {
      const options = { cwd: directory };
      const { stdout } = await run(
        process.execPath,
        [PROGRAM, ...args],
        options,
      );
      return { code: 0, text: stdout };
    } catch (error) {
      const { code, stdout, stderr } = error as {
        code: number;
        stdout: string;
        stderr: string;
      };
      return { code, text: stdout + stderr };
    }
  });
}

async function inDirectory<TResult>(
  work: (directory: string) => Promise<TResult>,
): Promise<TResult> {
  const directory = await mkdtemp(join(tmpdir(), 'delivery-audit-'));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}
