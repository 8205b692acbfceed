import { readFileSync } from 'node:fs';
import { type ChangeSet, reviewChangeSet } from './change-set.ts';

/**
 * `node tools/review-change-set.ts <describe-change-set.json>` prints the changes as Markdown; ends with 1 when one of
 * them loses data, each named on stderr.
 */
const read = (file: string | URL): unknown => JSON.parse(readFileSync(file, 'utf8'));
const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('Name the file that describe-change-set wrote.');
const allowed = read(new URL('../allowed-replacements.json', import.meta.url)) as string[];
const { markdown, refused } = reviewChangeSet(read(file) as ChangeSet, allowed);
process.stdout.write(`${markdown}\n`);
for (const sentence of refused) process.stderr.write(`::error::${sentence}\n`);
process.exitCode = refused.length > 0 ? 1 : 0;
