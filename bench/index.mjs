/**
 * `yarn bench [B1 B3 …] [--quick]`: measures, prints one table, writes bench/results/latest.json. Ratios are of one run; see docs/benchmarks.md.
 */
import { mkdirSync, readFileSync, existsSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../scripts/lib/paths.mjs';
import { stopAll } from '../scripts/lib/processes.mjs';

const BENCHMARKS = [
  'B1',
  'B2',
  'B3',
  'B4',
  'B5',
  'B6',
  'B7',
  'B8',
  'B9',
  'B10',
];
const RESULTS = join(ROOT, 'bench/results/latest.json');
const DOCS = join(ROOT, 'docs/benchmarks.md');

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
  console.log(`\n${table(rows)}`);
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
  const all = [...before.filter(row => !measured.has(row.id)), ...rows].sort(
    (a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }),
  );
  const machine = {
    node: process.version,
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
  };
  writeFileSync(
    RESULTS,
    `${JSON.stringify({ ...machine, rows: all }, null, 2)}\n`,
  );
  writeDocs(all, machine);
}

function table(rows) {
  const lines = rows.map(({ id, figure, seen, target, ok }) => {
    const verdict = ok === undefined ? '' : ok ? 'reached' : 'NOT reached';
    return `| ${id} | ${figure} | ${seen} | ${target ?? '–'} | ${verdict} |`;
  });
  return [
    '| id | figure | seen | to reach | |',
    '|---|---|---|---|---|',
    ...lines,
  ].join('\n');
}

/** The documentation shows what was measured, never what was hoped for. */
function writeDocs(rows, { node, cores, memoryGiB }) {
  const marks = [
    '<!-- figures: written by `npm run bench` -->',
    '<!-- end of figures -->',
  ];
  const text = readFileSync(DOCS, 'utf8');
  const [start, end] = marks.map(mark => text.indexOf(mark));
  const figures = `\n\nNode ${node}, ${cores} cores, ${memoryGiB} GiB.\n\n${table(
    rows,
  )}\n\n`;
  writeFileSync(
    DOCS,
    text.slice(0, start + marks[0].length) + figures + text.slice(end),
  );
}

main()
  .catch(error => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(stopAll);
