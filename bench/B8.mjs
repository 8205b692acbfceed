import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ensureApp,
  portalEnvironment,
  startBackend,
  startSandbox,
} from '../scripts/lib/portal.mjs';
import { freePort } from '../scripts/lib/postgres.mjs';
import { createBenchPortal } from './lib/benchPortal.mjs';
import { load, percentile } from './lib/load.mjs';
import { openMatrix } from './lib/matrixPage.mjs';
import { ENVIRONMENTS, seedDeployments } from './lib/seedDeployments.mjs';

const HOST = '127.0.0.1:9';
const USERS = 10;
const TARGET_MS = 300;
/** Longer than an outcome of a permission or an answer is kept. */
const CACHE_MS = 11_000;
const pause = ms => new Promise(resolve => setTimeout(resolve, ms));

async function matrixOf(portal, token) {
  const response = await fetch(`${portal.url}/api/delivery/v1/matrix`, {
    headers: { authorization: `Bearer ${token}` },
  });
  if (!response.ok) throw new Error(`matrix: HTTP ${response.status}`);
  return response.text();
}

/** Waits until every service has all its environments derived. */
async function derived(portal, token, services) {
  const deadline = Date.now() + 300_000;
  for (;;) {
    const { services: rows } = JSON.parse(await matrixOf(portal, token));
    const whole = rows.filter(
      ({ cells }) => Object.keys(cells).length === ENVIRONMENTS.length,
    );
    if (whole.length === services) return;
    if (Date.now() > deadline) {
      throw new Error(`Only ${whole.length} of ${services} services are shown`);
    }
    await pause(500);
  }
}

async function measureServer({ services, quick, log }) {
  const portal = await createBenchPortal({
    database: 'sqlite',
    services,
    host: HOST,
  });
  try {
    await portal.fill();
    const rows = seedDeployments(portal, {
      services,
      host: HOST,
      now: Date.now(),
    });
    const began = Date.now();
    await portal.start();
    const tokens = await Promise.all(
      Array.from({ length: USERS }, (_, index) =>
        portal.token(`user:default/u${index}`),
      ),
    );
    await derived(portal, tokens[0], services);
    log(
      `${rows} deployments of ${services} services: derived ${Math.round(
        (Date.now() - began) / 1000,
      )} s after the start began`,
    );
    const matrix = index => ({
      url: `${portal.url}/api/delivery/v1/matrix`,
      headers: { authorization: `Bearer ${tokens[index % USERS]}` },
    });
    const cold = [];
    for (let round = 0; round < (quick ? 1 : 4); round += 1) {
      await pause(CACHE_MS);
      const { times, statuses } = await load({
        clients: 1,
        count: USERS,
        make: matrix,
      });
      if (Object.keys(statuses).join() !== '200')
        throw new Error(JSON.stringify(statuses));
      cold.push(...times);
    }
    const warm = await load({ clients: 1, count: 100, make: matrix });
    const answer = await matrixOf(portal, tokens[0]);
    return { cold, warm, answer };
  } finally {
    await portal.dispose();
  }
}

async function measurePage({ answer, answerMs }) {
  const node = process.env.DELIVERY_NODE ?? process.execPath;
  const dataDir = mkdtempSync(join(tmpdir(), 'delivery-b8-'));
  const env = portalEnvironment(process.env, {
    dataDir,
    portalPort: await freePort(),
    sandboxPort: await freePort(),
    awsPort: await freePort(),
  });
  ensureApp(process.env);
  const sandbox = await startSandbox(node, env, dataDir);
  const backend = await startBackend(node, env, dataDir);
  try {
    return await openMatrix({ portalUrl: backend.url, answer, answerMs });
  } finally {
    await backend.stop();
    await sandbox.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** The matrix of a large portal: the request, and the page with its answer. */
export default async function measure({ quick, log }) {
  const services = quick ? 200 : 2000;
  const { cold, warm, answer } = await measureServer({ services, quick, log });
  const p95 = percentile(cold, 0.95);
  const page = await measurePage({ answer, answerMs: Math.round(p95) });
  const slowest = Math.max(0, ...page.long);
  return [
    {
      figure: `matrix of ${services} services × ${
        ENVIRONMENTS.length
      } environments (${Math.round(
        answer.length / 1024,
      )} KiB), SQLite, ${USERS} people in turn, nothing kept for any of them: p50 / p95 of ${
        cold.length
      }`,
      seen: `${percentile(cold, 0.5).toFixed(0)} / ${p95.toFixed(0)} ms`,
      target: `p95 ≤ ${TARGET_MS} ms`,
      ok: p95 <= TARGET_MS,
    },
    {
      figure: 'the same within the ten seconds an outcome is kept: p50 / p95',
      seen: `${warm.p50.toFixed(0)} / ${warm.p95.toFixed(0)} ms`,
    },
    {
      figure: `the page with that answer, from a cold load of the portal until its first row is there; requests it made`,
      seen: `${Math.round(page.interactiveMs)} ms; ${page.requests}`,
    },
    {
      figure: `tasks above 50 ms while scrolling through all ${services} rows, 400 px a frame (${
        page.frames.length
      } frames, p95 ${percentile(page.frames, 0.95).toFixed(0)} ms, ${
        page.rows
      } rows in the page)`,
      seen:
        page.long.length === 0
          ? 'none'
          : `${page.long.length} of ${page.frames.length} frames, longest ${slowest} ms`,
      target: 'none',
      ok: page.long.length === 0,
    },
  ];
}
