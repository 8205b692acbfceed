#!/usr/bin/env node
/**
 * Checks an export of the audit of Delivery for Backstage: needs nothing but Node and the file, and shares no code with what wrote it.
 *
 *   node verify-audit.mjs export.jsonl [--anchor <seq>:<hash>]… [--anchors file] [--key public.pem]…
 *
 * Exit code 0: whole; 1: not whole; 2: it could not be checked. docs/audit.md says what that proves.
 */
import { createHash, createPublicKey, verify } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ZERO = '0'.repeat(64);
const OUTCOMES = ['succeeded', 'refused', 'failed', 'unknown'];
const sha256 = data => createHash('sha256').update(data).digest('hex');

/** JSON with sorted keys: what is hashed. */
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const keys = Object.keys(value).sort((a, b) => (a < b ? -1 : 1));
  const parts = keys.map(k => `${JSON.stringify(k)}:${canonical(value[k])}`);
  return `{${parts.join(',')}}`;
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Texts between separators; what follows the last one comes with `open`, because a whole file ends with a separator. */
async function* pieces(path, separator, isWhole = () => true) {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let rest = '';
  let kept = [];
  const split = function* (text) {
    const parts = (rest + text).split(separator);
    rest = parts.pop();
    for (const part of parts) {
      kept.push(part);
      if (!isWhole(part, kept.length === 1)) continue;
      yield { text: kept.join(separator), open: false };
      kept = [];
    }
  };
  for await (const chunk of createReadStream(path)) {
    yield* split(decoder.decode(chunk, { stream: true }));
  }
  yield* split(decoder.decode());
  if (rest !== '') kept.push(rest);
  if (kept.length > 0) yield { text: kept.join(separator), open: true };
}

// -- JSON Lines -----------------------------------------------------------------------------------------------------------

const ROW_KEYS = 'hash,keyId,previousHash,seq,signature';

async function* jsonRows(path) {
  let first = true;
  for await (const { text, open } of pieces(path, '\n')) {
    const value = parse(text);
    const isObject =
      typeof value === 'object' && value !== null && !Array.isArray(value);
    const exact = !open && isObject && canonical(value) === text;
    const { content, ...row } = Object(value);
    if (first) yield { kind: 'header', header: row, exact };
    else if (!isObject) yield { kind: 'broken' };
    else if ('entries' in row) {
      const { keyId, signature, ...footer } = row;
      yield { kind: 'footer', footer, keyId, signature, exact };
    } else {
      const known = Object.keys(row).sort().join() === ROW_KEYS;
      yield { kind: 'row', row, content, exact: exact && known };
    }
    first = false;
  }
}

// -- CSV ------------------------------------------------------------------------------------------------------------------

const timeOf = at => {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
};
const COLUMNS = {
  time: c => timeOf(c.at),
  ...Object.fromEntries(
    [
      ...['actor', 'identity.host', 'identity.id', 'identity.login'],
      ...['action', 'phase', 'entityRef', 'environment', 'runId', 'attempt'],
      ...['sha', 'digest', 'decision', 'comment', 'operationId', 'requestId'],
      ...['outcome.code', 'outcome.message'],
    ].map(name => {
      const [of, part] = name.split('.');
      return [name, c => (part ? c[of]?.[part] : c[of])];
    }),
  ),
};
const HEADINGS =
  'kind,seq,time,actor,host,accountId,login,action,phase,entityRef,environment,runId,attempt,sha,digest,decision,comment,operationId,requestId,outcome,message,previousHash,hash,signature,keyId,content';
const WIDTH = HEADINGS.split(',').length;
const FLAT = Object.keys(COLUMNS).length;

function csvCell(value) {
  const text = value === undefined ? '' : String(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",;\r\n]/.test(safe) ? `"${safe.split('"').join('""')}"` : safe;
}

function cellsOf(text) {
  const cells = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/gy;
  for (;;) {
    const match = pattern.exec(text);
    if (!match) return undefined;
    cells.push(match[1]?.split('""').join('"') ?? match[2]);
    if (match[3] === '') break;
  }
  return pattern.lastIndex === text.length && cells.length === WIDTH
    ? cells
    : undefined;
}

async function* csvRecords(path) {
  let quotes = 0;
  const isWhole = (part, first) => {
    quotes = (first ? 0 : quotes) + part.split('"').length - 1;
    return quotes % 2 === 0;
  };
  for await (const { text, open } of pieces(path, '\r\n', isWhole)) {
    yield { text, cells: open ? undefined : cellsOf(text) };
  }
}

/** Keys stand at the end of a CSV file, and are needed from its beginning on: it is read twice. */
async function csvHeader(path) {
  let header;
  const keys = {};
  for await (const { cells } of csvRecords(path)) {
    const about = cells && parse(cells[WIDTH - 1]);
    if (cells?.[0] === 'head') header = about?.header;
    if (cells?.[0] === 'key') keys[cells[WIDTH - 2]] = about?.publicKey;
  }
  const exact = canonical(Object(header).publicKeys ?? {}) === canonical(keys);
  return { kind: 'header', header, exact: !header || exact };
}

async function* csvRows(path) {
  yield await csvHeader(path);
  let first = true;
  for await (const { text, cells } of csvRecords(path)) {
    if (first) {
      if (text !== HEADINGS) yield { kind: 'broken' };
      first = false;
      continue;
    }
    const [kind, number] = cells ?? [];
    const [previousHash, hash, stated, keyId, json] = cells?.slice(-5) ?? [];
    const signature = stated?.replace(/^'(?=[=+\-@])/, '');
    const content = json ? parse(json) : undefined;
    const exactly = (flat, ...more) =>
      [kind, number, ...flat, ...more].map(csvCell).join(',') === text;
    const none = Array(FLAT).fill('');
    const end = content && canonical(content);
    if (kind === 'entry' || kind === 'stub') {
      const flat = content ? Object.values(COLUMNS).map(f => f(content)) : none;
      const seq = /^[1-9]\d*$/.test(number) ? Number(number) : number;
      const exact =
        (kind === 'entry') === Boolean(content) &&
        exactly(flat, previousHash, hash, signature, keyId, end);
      const row = { seq, previousHash, hash, signature, keyId };
      yield { kind: 'row', row, content, exact };
    } else if (kind === 'key' && content) {
      const exact = exactly(none, '', '', '', keyId, end);
      if (!exact || number !== '') yield { kind: 'broken' };
    } else if (kind === 'head' && content) {
      const { footer } = content;
      const exact =
        exactly(none, '', hash, signature, keyId, end) &&
        hash === (footer?.head?.hash ?? '');
      const signed = signature ? { signature, keyId } : {};
      yield { kind: 'footer', footer, ...signed, exact };
    } else {
      yield { kind: 'broken' };
    }
  }
}

// -- Checks ---------------------------------------------------------------------------------------------------------------

function readKey(pem) {
  const key = createPublicKey(pem);
  const der = key.export({ format: 'der', type: 'spki' });
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('not Ed25519');
  return { id: sha256(der).slice(0, 16), key };
}

function isSigned(hash, signature, key) {
  if (typeof signature !== 'string') return false;
  const bytes = Buffer.from(signature, 'base64');
  return (
    bytes.toString('base64') === signature &&
    verify(null, Buffer.from(hash, 'hex'), key, bytes)
  );
}

/** Goes along the chain and remembers what is wrong with it. */
class Chain {
  problems = [];
  warnings = [];
  entries = 0;
  stubs = 0;
  last = { seq: 0, hash: ZERO };
  header;
  footer;
  usedKeys = new Map();
  #keys = new Map();
  #expected;
  #anchors;
  #attempts = new Map();

  constructor({ anchors = [], keys = [] }) {
    this.#anchors = anchors.map(anchor => ({ ...anchor, seen: false }));
    const expected = keys.map(readKey);
    expected.forEach(({ id, key }) => this.#keys.set(id, key));
    this.#expected = expected.length > 0 && new Set(this.#keys.keys());
  }

  #wrong(seq, message) {
    this.problems.push({ seq, message });
  }

  take(item) {
    const next = this.last.seq + 1;
    if (this.footer)
      this.#wrong(next, 'something follows the end of the export');
    else if (item.kind === 'header') this.#takeHeader(item);
    else if (item.kind === 'row') this.#takeRow(item);
    else if (item.kind === 'footer') this.#takeFooter(item);
    else this.#wrong(next, 'the row that should stand here cannot be read');
  }

  #takeHeader({ header, exact }) {
    this.header = header;
    // A CSV file that was cut has none; that its end is missing is said at its end.
    if (!header) return;
    if (!exact || header.format !== 'delivery-audit' || header.version !== 1) {
      this.#wrong(
        0,
        'what the export says of itself was changed, or this is none',
      );
    }
    for (const [id, pem] of Object.entries(Object(header.publicKeys))) {
      try {
        const read = readKey(pem);
        if (read.id !== id) throw new Error('another key');
        this.#keys.set(id, read.key);
      } catch {
        this.#wrong(0, `the public key ${id} is not the one of that id`);
      }
    }
  }

  #takeRow({ row, content, exact }) {
    const { seq, previousHash, hash } = row;
    const next = this.last.seq + 1;
    if (!Number.isSafeInteger(seq) || seq < 1) {
      this.#wrong(next, 'the row that should stand here has no valid number');
      return;
    }
    const wrong = message => this.#wrong(seq, message);
    if (!exact) wrong('is not written as the portal writes it: it was edited');
    if (seq < next) {
      wrong(`comes after entry ${this.last.seq}: repeated, or out of order`);
    } else if (seq > next) {
      const gap = seq === next + 1 ? `${next} is` : `${next} to ${seq - 1} are`;
      this.#wrong(next, `${gap} missing: after ${next - 1} comes ${seq}`);
    } else if (previousHash !== this.last.hash) {
      wrong('does not follow from the entry before it');
    }
    if (content !== undefined) {
      const text = `${previousHash}\n${seq}\n${canonical(content)}`;
      if (sha256(text) !== hash) wrong('its content does not have its hash');
      this.#takeContent(seq, Object(content));
      this.entries += 1;
    } else {
      this.stubs += 1;
    }
    this.#checkSignature(seq, row);
    this.#checkAnchors(seq, String(hash));
    if (seq >= next) this.last = { seq, hash };
  }

  #checkSignature(seq, { hash, signature, keyId }) {
    const key = this.#keys.get(keyId);
    if (!this.usedKeys.has(keyId)) {
      this.usedKeys.set(keyId, seq);
      if (!key && this.header) {
        this.#wrong(seq, `is signed with a key that nobody names: ${keyId}`);
      } else if (this.#expected && !this.#expected.has(keyId)) {
        this.#wrong(seq, `is signed with ${keyId}, not with the key expected`);
      }
    }
    if (key && !isSigned(hash, signature, key)) {
      this.#wrong(seq, 'its signature is not one of that key over its hash');
    }
  }

  #checkAnchors(seq, hash) {
    for (const anchor of this.#anchors) {
      const same = hash.startsWith(anchor.hash);
      if (anchor.seq === seq && !same) {
        this.#wrong(seq, `has another hash than the anchor ${anchor.hash}`);
      }
      if (anchor.seq === seq || (anchor.seq === undefined && same)) {
        anchor.seen = true;
      }
    }
  }

  #takeContent(seq, content) {
    const { operationId, action, entityRef, phase } = content;
    const { environment, runId, attempt, actor } = content;
    const of = operationId
      ? [operationId]
      : [action, entityRef, environment, runId, attempt, actor];
    const name = JSON.stringify(of);
    if (phase === 'attempted')
      this.#attempts.set(name, { seq, action, entityRef });
    else if (OUTCOMES.includes(phase)) this.#attempts.delete(name);
  }

  #takeFooter({ footer, keyId, signature, exact }) {
    this.footer = footer ?? {};
    const next = this.last.seq + 1;
    const head = this.footer.head ?? { seq: 0, hash: ZERO };
    if (head.seq > this.last.seq) {
      this.#wrong(next, `the end is missing: the last entry is ${head.seq}`);
    } else if (head.seq !== this.last.seq || head.hash !== this.last.hash) {
      this.#wrong(
        head.seq,
        'the export names this entry as its last, with another hash or place',
      );
    }
    if (
      this.footer.entries !== this.entries ||
      this.footer.stubs !== this.stubs
    ) {
      this.#wrong(next, 'the export says that it holds another number of rows');
    }
    if (!exact) this.#wrong(next, 'the end of the export was edited');
    const key = this.#keys.get(keyId);
    const about = canonical({ header: this.header, footer: this.footer });
    if (signature === undefined) {
      this.warnings.push(
        'the export itself is not signed; compare its end with an anchor',
      );
    } else if (
      !key ||
      !isSigned(sha256(`delivery-audit export\n${about}`), signature, key)
    ) {
      this.#wrong(
        0,
        'what the export says of itself does not have its signature',
      );
    }
  }

  end() {
    const next = this.last.seq + 1;
    if (!this.footer) {
      this.#wrong(
        next,
        'the file ends here, without the end of an export: it was cut',
      );
    }
    for (const { seq, hash, seen } of this.#anchors) {
      if (seen) continue;
      const name = seq === undefined ? hash : `${seq}:${hash}`;
      this.#wrong(
        Math.min(next, seq ?? next),
        `no entry is that of the anchor ${name}: the end was cut, or the log was written anew`,
      );
    }
    for (const { seq, action, entityRef } of this.#attempts.values()) {
      const hidden =
        this.stubs > 0 ? ' (it may be among the rows without content)' : '';
      this.warnings.push(
        `entry ${seq}, ${action} of ${
          entityRef ?? 'no service'
        }: attempted, and no outcome${hidden}`,
      );
    }
    if (!this.#expected && this.usedKeys.size > 0) {
      this.warnings.push(
        'the keys are those that the export names itself; give the public key you know with --key',
      );
    }
    this.problems.sort((a, b) => a.seq - b.seq);
  }
}

/**
 * Checks one file.
 *
 * @param {string} path
 * @param {{ anchors?: { seq?: number, hash: string }[], keys?: string[] }} options - keys as PEM
 */
export async function verifyExport(path, options = {}) {
  const chain = new Chain(options);
  const isCsv = /\.csv$/i.test(path);
  for await (const item of isCsv ? csvRows(path) : jsonRows(path)) {
    chain.take(item);
  }
  chain.end();
  return chain;
}

// -- Command --------------------------------------------------------------------------------------------------------------

const USAGE =
  'Usage: verify-audit <export.jsonl|export.csv> [--anchor <seq>:<hash>]… [--anchors <file>] [--key <public.pem>]…';

function readAnchor(text) {
  const match = /^(?:(\d+):)?([0-9a-f]{16,64})$/.exec(text.trim());
  if (!match)
    throw new Error(
      `"${text}" is not an anchor: <seq>:<hash>, or 16 and more digits of a hash.`,
    );
  return { seq: match[1] && Number(match[1]), hash: match[2] };
}

function readArguments(args) {
  const options = { anchors: [], keys: [] };
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at];
    if (!word.startsWith('--') && !options.path) {
      options.path = word;
      continue;
    }
    at += 1;
    const value = args[at];
    if (value === undefined) throw new Error(USAGE);
    if (word === '--anchor') options.anchors.push(readAnchor(value));
    else if (word === '--key') options.keys.push(readFileSync(value, 'utf8'));
    else if (word === '--anchors') {
      const lines = readFileSync(value, 'utf8').split('\n');
      const told = lines.filter(line => line.trim() && !line.startsWith('#'));
      options.anchors.push(...told.map(readAnchor));
    } else throw new Error(USAGE);
  }
  if (!options.path) throw new Error(USAGE);
  return options;
}

async function main() {
  const { path, ...options } = readArguments(process.argv.slice(2));
  const chain = await verifyExport(path, options);
  const { problems, warnings, entries, stubs, last, usedKeys } = chain;
  const say = text => process.stdout.write(`${text}\n`);
  say(
    `${entries} entries and ${stubs} rows without content, up to ${last.seq}:${last.hash}`,
  );
  for (const [id, seq] of usedKeys) say(`key ${id} from entry ${seq} on`);
  warnings.forEach(warning => say(`warning: ${warning}`));
  if (problems.length === 0) {
    say('WHOLE: no entry was changed, left out, added or moved.');
    return;
  }
  say(`NOT WHOLE: the first problem is at row ${problems[0].seq}.`);
  problems.forEach(({ seq, message }) => say(`row ${seq}: ${message}`));
  process.exitCode = 1;
}

if (
  process.argv[1] &&
  realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)
) {
  main().catch(error => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  });
}
