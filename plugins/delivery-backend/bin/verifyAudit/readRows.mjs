import { createReadStream } from 'node:fs';
import { canonical } from './canonical.mjs';

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
  function* split(text) {
    const parts = (rest + text).split(separator);
    rest = parts.pop();
    for (const part of parts) {
      kept.push(part);
      if (!isWhole(part, kept.length === 1)) continue;
      yield { text: kept.join(separator), open: false };
      kept = [];
    }
  }
  for await (const chunk of createReadStream(path)) {
    yield* split(decoder.decode(chunk, { stream: true }));
  }
  yield* split(decoder.decode());
  if (rest !== '') kept.push(rest);
  if (kept.length > 0) yield { text: kept.join(separator), open: true };
}

const ROW_KEYS = 'hash,keyId,previousHash,seq,signature';

async function* jsonRows(path) {
  let first = true;
  for await (const { text, open } of pieces(path, '\n')) {
    const value = parse(text);
    const isObject =
      typeof value === 'object' && value !== null && !Array.isArray(value);
    const exact = !open && isObject && canonical(value) === text;
    const { content, ...row } = Object(value);
    if (first) yield { kind: 'header', header: Object(value), exact };
    else if (!isObject) yield { kind: 'broken' };
    else if ('entries' in row) {
      const { keyId, signature, ...footer } = value;
      yield { kind: 'footer', footer, keyId, signature, exact };
    } else {
      const known = Object.keys(row).sort().join() === ROW_KEYS;
      yield { kind: 'row', row, content, exact: exact && known };
    }
    first = false;
  }
}

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

/** Undefined: it is no record. */
function cellsOf(text) {
  const cells = [];
  for (let at = 0; at <= text.length; at += 1) {
    let end = at;
    if (text[at] === '"') {
      do end = text.indexOf('"', end + 1) + 1;
      while (end > 0 && text[end] === '"');
      if (end === 0) return undefined;
      cells.push(
        text
          .slice(at + 1, end - 1)
          .split('""')
          .join('"'),
      );
    } else {
      end = text.indexOf(',', at);
      if (end < 0) end = text.length;
      cells.push(text.slice(at, end));
    }
    if (end < text.length && text[end] !== ',') return undefined;
    at = end;
  }
  return cells.length === WIDTH ? cells : undefined;
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
        number === '' &&
        exactly(none, '', hash, signature, keyId, end) &&
        hash === (footer?.head?.hash ?? '');
      const signed = signature ? { signature, keyId } : {};
      yield { kind: 'footer', footer, ...signed, exact };
    } else {
      yield { kind: 'broken' };
    }
  }
}

/** Rows of an export one by one: `header`, `row`, `footer`, or `broken`. `exact`: written just as the portal writes it. */
export function readRows(path) {
  return /\.csv$/i.test(path) ? csvRows(path) : jsonRows(path);
}
