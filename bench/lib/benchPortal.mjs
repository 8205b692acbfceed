import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { ROOT } from '../../scripts/lib/paths.mjs';
import { freePort, startPostgres } from '../../scripts/lib/postgres.mjs';
import { startProcess, waitFor } from '../../scripts/lib/processes.mjs';

export const WEBHOOK_SECRET = 'bench-webhook-key';

function config({ port, services, host, mode, database }) {
  return {
    app: { baseUrl: `http://127.0.0.1:${port}` },
    backend: {
      baseUrl: `http://127.0.0.1:${port}`,
      listen: { host: '127.0.0.1', port },
      database,
      // The benchmark's own clients sit on one address.
      rateLimit: false,
    },
    events: { useEventBus: 'always' },
    permission: { enabled: true },
    auth: { environment: 'production', providers: { bench: {} } },
    integrations: {
      github: [
        {
          host,
          apiBaseUrl: `http://${host}/api/v3`,
          apps: [
            {
              appId: 4242,
              clientId: 'Iv1.bench',
              clientSecret: 'bench',
              webhookSecret: WEBHOOK_SECRET,
              privateKey: { $file: 'app.pem' },
            },
          ],
        },
      ],
    },
    delivery: { providers: { github: {} }, ingestion: { mode } },
    bench: { services, host },
  };
}

/**
 * A backend on its own database, for measuring.
 *
 * @param {{database: 'sqlite'|'postgres', services: number, host?: string}} options
 */
export async function createBenchPortal({
  database,
  services,
  host = '127.0.0.1:9',
}) {
  const folder = mkdtempSync(join(tmpdir(), 'delivery-bench-'));
  const postgres = database === 'postgres' ? await startPostgres() : undefined;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  mkdirSync(join(folder, 'db'));
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  writeFileSync(join(folder, 'app.pem'), privateKey);
  const configFile = join(folder, 'app-config.yaml');
  writeFileSync(
    configFile,
    // JSON is YAML.
    JSON.stringify(
      config({
        port,
        services,
        host,
        mode: 'webhook',
        database: postgres
          ? {
              client: 'pg',
              connection: {
                host: '127.0.0.1',
                port: postgres.port,
                user: postgres.user,
                password: postgres.password,
              },
            }
          : {
              client: 'better-sqlite3',
              connection: { directory: join(folder, 'db') },
            },
      }),
      null,
      2,
    ),
  );
  let process_;
  return {
    url,
    folder,
    postgres,
    sqliteFile: join(folder, 'db', 'delivery.sqlite'),
    get pid() {
      return process_.child.pid;
    },
    async start() {
      process_ = startProcess(
        'The bench portal',
        process.env.DELIVERY_NODE ?? process.execPath,
        [
          '--enable-source-maps',
          '--require',
          '@backstage/cli-node/config/nodeTransform.cjs',
          join(ROOT, 'bench/portal/index.ts'),
          '--config',
          configFile,
        ],
        {
          cwd: ROOT,
          env: { ...process.env, NODE_ENV: 'production', LOG_LEVEL: 'warn' },
          logFile: join(folder, 'portal.log'),
        },
      );
      await waitFor(`${url}/.backstage/health/v1/readiness`, process_);
    },
    stop: () => process_.stop(),
    /** Signs a person in and gives the token. */
    async token(user) {
      const response = await fetch(`${url}/api/auth/bench/refresh`, {
        headers: { 'x-bench-user': user, 'x-requested-with': 'XMLHttpRequest' },
      });
      if (!response.ok)
        throw new Error(
          `Sign-in of ${user}: ${response.status} ${await response.text()}`,
        );
      return (await response.json()).backstageIdentity.token;
    },
    /** Waits until the catalog serves this many components. */
    async catalogReady(token) {
      const deadline = Date.now() + 300_000;
      for (;;) {
        const response = await fetch(
          `${url}/api/catalog/entities/by-query?filter=kind=component&limit=0`,
          { headers: { authorization: `Bearer ${token}` } },
        );
        const body = await response.json();
        if (body.totalItems >= services) return;
        if (Date.now() > deadline)
          throw new Error(
            `The catalog has ${body.totalItems} of ${services} services.`,
          );
        await new Promise(resolve => setTimeout(resolve, 500));
      }
    },
    async dispose() {
      await process_?.stop();
      await postgres?.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
