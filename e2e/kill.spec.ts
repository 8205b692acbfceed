import { createHmac, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { ROOT } from '../scripts/lib/paths.mjs';
import {
  portalEnvironment,
  startBackend,
  startSandbox,
} from '../scripts/lib/portal.mjs';
import { freePort } from '../scripts/lib/postgres.mjs';

const require = createRequire(join(ROOT, 'packages/backend/package.json'));
const SECRET = 'sandbox-webhook-secret';

interface Counts {
  open: number;
  done: number;
}

function counts(file: string): Counts {
  const Database = require('better-sqlite3');
  const db = new Database(file, { readonly: true });
  try {
    const rows = db
      .prepare(
        'select state, count(*) as n from inbox where delivery_id like ? group by state',
      )
      .all('kill-%') as { state: string; n: number }[];
    const of = (state: string) => rows.find(row => row.state === state)?.n ?? 0;
    return { open: of('open'), done: of('done') };
  } finally {
    db.close();
  }
}

function storedRuns(file: string, first: number, count: number): number {
  const Database = require('better-sqlite3');
  const db = new Database(file, { readonly: true });
  try {
    return (
      db
        .prepare(
          'select count(*) as n from run where run_number between ? and ?',
        )
        .get(first, first + count - 1) as { n: number }
    ).n;
  } finally {
    db.close();
  }
}

/** A delivery of one more run of a repository the portal knows. */
function delivery(
  sandboxUrl: string,
  repoId: number,
  runNumber: number,
): Buffer {
  const at = new Date().toISOString();
  const repository = {
    id: repoId,
    node_id: `R_${repoId}`,
    name: 'vaultex',
    full_name: 'vaultex/vaultex',
    html_url: `${sandboxUrl}/vaultex/vaultex`,
    default_branch: 'main',
    private: true,
    owner: { login: 'vaultex', id: 1, type: 'Organization' },
  };
  return Buffer.from(
    JSON.stringify({
      action: 'requested',
      repository,
      sender: { login: 'dana', id: 1, type: 'User' },
      workflow: {
        id: 77,
        name: 'Vaultex API pipeline',
        path: '.github/workflows/api-pipeline.yml',
      },
      workflow_run: {
        id: 9_000_000_000 + runNumber,
        name: 'Vaultex API pipeline',
        path: '.github/workflows/api-pipeline.yml',
        workflow_id: 77,
        run_number: runNumber,
        run_attempt: 1,
        event: 'push',
        status: 'queued',
        conclusion: null,
        head_branch: 'main',
        head_sha: 'a'.repeat(40),
        display_title: `Killed in the middle ${runNumber}`,
        html_url: `${sandboxUrl}/vaultex/vaultex/actions/runs/${
          9_000_000_000 + runNumber
        }`,
        created_at: at,
        updated_at: at,
        run_started_at: at,
        actor: { login: 'dana', id: 1, type: 'User' },
        triggering_actor: { login: 'dana', id: 1, type: 'User' },
        pull_requests: [],
        referenced_workflows: [],
        repository,
      },
    }),
  );
}

test('kill -9 between inbox and apply loses nothing and repeats nothing', async () => {
  test.setTimeout(180_000);
  const node = process.env.DELIVERY_NODE ?? process.execPath;
  const dataDir = mkdtempSync(join(tmpdir(), 'delivery-kill-'));
  const env = portalEnvironment(process.env, {
    dataDir,
    portalPort: await freePort(),
    sandboxPort: await freePort(),
    awsPort: await freePort(),
  });
  const file = join(dataDir, 'portal', 'delivery.sqlite');
  const sandbox = await startSandbox(node, env, dataDir);
  let backend = await startBackend(node, env, dataDir);
  try {
    // The service has to be known, else deliveries are parked.
    await expect
      .poll(
        () => {
          const Database = require('better-sqlite3');
          const db = new Database(file, { readonly: true });
          const row = db
            .prepare('select count(*) as n from run_service')
            .get() as { n: number };
          db.close();
          return row.n;
        },
        { timeout: 60_000 },
      )
      .toBeGreaterThan(0);
    const repo = await (
      await fetch(`${sandbox.url}/api/v3/repos/vaultex/vaultex`, {
        headers: { authorization: 'Bearer ghp_sandbox_dana' },
      })
    ).json();

    let sent = 0;
    let killedWith = 0;
    const first = 500_000;
    // Post until the process dies with work in its inbox; the worker is quick, so it can take more than one try.
    for (let round = 0; round < 5 && killedWith === 0; round += 1) {
      const batch = Array.from(
        { length: 400 },
        (_, index) => first + sent + index,
      );
      sent += batch.length;
      await Promise.all(
        batch.map(async number => {
          const body = delivery(sandbox.url, repo.id, number);
          const response = await fetch(env.SANDBOX_WEBHOOK_URL, {
            method: 'POST',
            headers: {
              'content-type': 'application/json',
              'x-github-event': 'workflow_run',
              'x-github-delivery': `kill-${randomUUID()}`,
              'x-hub-signature-256': `sha256=${createHmac('sha256', SECRET)
                .update(body)
                .digest('hex')}`,
            },
            body,
          });
          expect(response.status).toBe(202);
        }),
      );
      process.kill(backend.pid, 'SIGKILL');
      await backend.done;
      killedWith = counts(file).open;
      backend = await startBackend(node, env, dataDir);
    }
    expect(killedWith).toBeGreaterThan(0);
    await expect
      .poll(() => counts(file), { timeout: 60_000 })
      .toEqual({ open: 0, done: sent });
    expect(storedRuns(file, first, sent)).toBe(sent);
  } finally {
    await backend.stop();
    await sandbox.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
});
