#!/usr/bin/env node
/**
 * Checks an export of the audit of Delivery for Backstage: needs nothing but Node and the file, and shares no code with what wrote it.
 *
 *   node verify-audit.mjs export.jsonl [--anchor <seq>:<hash>]… [--anchors file] [--key public.pem]…
 *
 * Exit code 0: whole; 1: not whole; 2: it could not be checked. docs/audit.md says what that proves.
 */
import { readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Chain } from './verifyAudit/Chain.mjs';
import { readRows } from './verifyAudit/readRows.mjs';

/**
 * Checks one file.
 *
 * @param {string} path
 * @param {{ anchors?: { seq?: number, hash: string }[], keys?: string[] }} options - keys as PEM
 */
export async function verifyExport(path, options = {}) {
  const chain = new Chain(options);
  for await (const item of readRows(path)) chain.take(item);
  chain.end();
  return chain;
}

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
