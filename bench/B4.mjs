import { createHmac, randomUUID } from 'node:crypto';
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
import { percentile } from './lib/load.mjs';
import { watchPage } from './lib/watchPage.mjs';

const PREFIX = 'Measured change ';
const PIPELINE = '.github/workflows/api-pipeline.yml';
const SECRET = process.env.SANDBOX_WEBHOOK_SECRET ?? 'sandbox-webhook-secret';
/** Further apart than signals and reads are held back, and never in step with them. */
const PAUSE_MS = { least: 1000, more: 900 };
const PATIENCE_MS = 15_000;

/** Deliveries of new runs of vaultex-api, made of what the sandbox's API says of an old one. */
async function newRuns(sandboxUrl) {
  const api = async path => {
    const response = await fetch(`${sandboxUrl}/api/v3${path}`, {
      headers: { authorization: 'Bearer ghp_sandbox_dana' },
    });
    if (!response.ok) throw new Error(`${path}: HTTP ${response.status}`);
    return response.json();
  };
  const repository = await api('/repos/vaultex/vaultex');
  const { workflow_runs: runs } = await api(
    '/repos/vaultex/vaultex/actions/runs?per_page=100',
  );
  const run = runs.find(({ path }) => path === PIPELINE);
  const workflow = await api(
    `/repos/vaultex/vaultex/actions/workflows/${run.workflow_id}`,
  );
  return index => {
    const now = new Date().toISOString();
    const id = 900_000_000 + index;
    return JSON.stringify({
      action: 'requested',
      workflow_run: {
        ...run,
        id,
        display_title: `${PREFIX}${index}`,
        run_number: 100_000 + index,
        html_url: run.html_url.replace(/\d+$/, String(id)),
        status: 'queued',
        conclusion: null,
        run_attempt: 1,
        previous_attempt_url: null,
        created_at: now,
        run_started_at: now,
        updated_at: now,
      },
      workflow,
      repository,
      sender: run.actor,
    });
  };
}

async function deliver(portalUrl, body) {
  const sentAt = Date.now();
  const response = await fetch(`${portalUrl}/api/delivery/webhooks/github`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'workflow_run',
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': `sha256=${createHmac('sha256', SECRET)
        .update(body)
        .digest('hex')}`,
    },
    body,
  });
  if (response.status !== 202) {
    throw new Error(
      `The delivery was answered ${response.status}: ${await response.text()}`,
    );
  }
  return sentAt;
}

async function measurePage({ portalUrl, sandboxUrl, count, log }) {
  const page = await watchPage({
    portalUrl,
    component: 'vaultex-api',
    prefix: PREFIX,
  });
  try {
    const body = await newRuns(sandboxUrl);
    let index = 1;
    const seen = async ms => {
      const sentAt = await deliver(portalUrl, body(index));
      const at = await page.seenAt(`${PREFIX}${index}`, ms);
      index += 1;
      return at === undefined ? undefined : at - sentAt;
    };
    // The page's socket is up when the first news comes by itself.
    for (let tries = 0; (await seen(3_000)) === undefined; tries += 1) {
      if (tries > 20) throw new Error('No live update reached the page.');
    }
    const times = [];
    while (times.length < count) {
      const pause = PAUSE_MS.least + Math.random() * PAUSE_MS.more;
      await new Promise(resolve => setTimeout(resolve, pause));
      const ms = await seen(PATIENCE_MS);
      if (ms === undefined) {
        throw new Error(`A run was not visible within ${PATIENCE_MS} ms.`);
      }
      times.push(ms);
    }
    log(
      `${times.join(' ')}: fastest ${Math.min(...times)} ms, slowest ${Math.max(
        ...times,
      )} ms of ${count}`,
    );
    return times;
  } finally {
    await page.close();
  }
}

/** From the moment a delivery is sent until its run is visible in an open page. */
export default async function measure({ quick, log }) {
  const count = quick ? 10 : 60;
  const node = process.env.DELIVERY_NODE ?? process.execPath;
  const dataDir = mkdtempSync(join(tmpdir(), 'delivery-b4-'));
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
    const times = await measurePage({
      portalUrl: backend.url,
      sandboxUrl: sandbox.url,
      ...{ count, log },
    });
    const p95 = percentile(times, 0.95);
    return [
      {
        figure: `webhook sent → run visible in the open page, ${count} runs one at a time: p50 / p95 / slowest`,
        seen: `${percentile(times, 0.5)} / ${p95} / ${Math.max(...times)} ms`,
        target: 'p95 ≤ 1,000 ms',
        ok: p95 <= 1000,
      },
    ];
  } finally {
    await backend.stop();
    await sandbox.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
