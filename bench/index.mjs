/**
 * `yarn bench [B1 B3 …] [--quick]`: measures, prints one table, writes bench/results/latest.json. Ratios are of one run; see docs/benchmarks.md.
 */
import { mkdirSync, readFileSync, existsSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../scripts/lib/paths.mjs';
import { stopAll } from '../scripts/lib/processes.mjs';

const BENCHMARKS = ['B1', 'B2', 'B3', 'B4', 'B10'];
const RESULTS = join(ROOT, 'bench/results/latest.json');

async function main() {
  const args = process.argv.slice(2);
  const quick = args.includes('--quick');
  const names = args.filter(arg => !arg.startsWith('--'));
  const unknown = names.filter(name => !BENCHMARKS.includes(name));
  if (unknown.length > 0) {
    throw new Error(
      `No benchmark ${unknown.join(', ')}. There are ${BENCHMARKS.join(', ')}.`,
    );
  }
  const rows = [];
  for (const name of names.length > 0 ? names : BENCHMARKS) {
    console.log(`${name} …`);
    const { default: measure } = await import(`./${name}.mjs`);
    const began = Date.now();
    for (const row of await measure({
      quick,
      log: text => console.log(`  ${text}`),
    })) {
      rows.push({ id: name, ...row });
    }
    console.log(`  ${Math.round((Date.now() - began) / 1000)} s`);
  }
  console.log(`\n| id | figure | seen | to reach | |\n|---|---|---|---|---|`);
  for (const { id, figure, seen, target, ok } of rows) {
    const verdict = ok === undefined ? '' : ok ? 'reached' : 'NOT reached';
    console.log(
      `| ${id} | ${figure} | ${seen} | ${target ?? '–'} | ${verdict} |`,
    );
  }
  if (quick) {
    console.log(
      '\nQuick figures are smaller than the real ones and are not kept.',
    );
    return;
  }
  mkdirSync(join(ROOT, 'bench/results'), { recursive: true });
  const before = existsSync(RESULTS)
    ? JSON.parse(readFileSync(RESULTS, 'utf8')).rows
    : [];
  const measured = new Set(rows.map(row => row.id));
  writeFileSync(
    RESULTS,
    `${JSON.stringify(
      {
        node: process.version,
        cores: cpus().length,
        memoryGiB: Math.round(totalmem() / 2 ** 30),
        rows: [...before.filter(row => !measured.has(row.id)), ...rows].sort(
          (a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }),
        ),
      },
      null,
      2,
    )}\n`,
  );
}

main()
  .catch(error => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(stopAll);
