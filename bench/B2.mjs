import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../scripts/lib/paths.mjs';

const TARGET = 2400;
const RUNS_A_DAY = 20;

/** Runs the simulation in a process of its own and gives the last line of its output. */
function simulate(repositories, hours, log) {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.env.DELIVERY_NODE ?? process.execPath,
      [
        '--require',
        '@backstage/cli-node/config/nodeTransform.cjs',
        join(ROOT, 'bench/steadyState/index.ts'),
        String(repositories),
        String(hours),
      ],
      { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const end = () => child.kill('SIGKILL');
    process.on('exit', end);
    let out = '';
    let words = '';
    child.stdout.on('data', chunk => (out += chunk));
    child.stderr.on('data', chunk => {
      words += chunk;
      for (const line of String(chunk).split('\n')) {
        if (/^(first read|hour)/.test(line)) log(line);
      }
    });
    child.on('exit', code => {
      process.off('exit', end);
      if (code === 0) resolve(JSON.parse(out.trim().split('\n').at(-1)));
      else reject(new Error(`The simulation ended with ${code}: ${words}`));
    });
  });
}

/** Calls of GitHub's API in hours of which nothing is special, counted by the sandbox; and for pages that are looked at. */
export default async function measure({ quick, log }) {
  const repositories = quick ? 200 : 2000;
  const hours = quick ? 1 : 3;
  const result = await simulate(repositories, hours, log);
  for (const { route, perHour } of result.routes) {
    log(`${Math.round(perHour)}/h ${route}`);
  }
  const { totals, runs, deliveries, perHour, views, backfill } = result;
  const target = (TARGET * repositories) / 2000;
  return [
    {
      figure: `GitHub calls per hour in steady state, ${repositories} services × ${RUNS_A_DAY} runs a day, mean of ${hours} simulated hour(s) (${runs} runs of 3 jobs, 10 % of them through a protected environment, ${deliveries} deliveries)`,
      seen: `${Math.round(perHour)} (${totals.join(', ')})`,
      target: `≤ ${target}`,
      ok: perHour <= target,
    },
    {
      figure: `GitHub calls of ${views.services} services and their newest completed run, looked at again after all caches in memory are over`,
      seen: String(views.warm),
      target: '0',
      ok: views.warm === 0,
    },
    {
      figure: `GitHub calls of the same views the first time (artifacts, jobs of runs from before the portal), and of the first read of ${repositories} repositories`,
      seen: `${views.first}, ${backfill}`,
    },
  ];
}
