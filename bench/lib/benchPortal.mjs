import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { ROOT } from '../../scripts/lib/paths.mjs';
import { freePort, startPostgres } from '../../scripts/lib/postgres.mjs';
import { startProcess, tail, waitFor } from '../../scripts/lib/processes.mjs';
import { boundServices } from './seed.mjs';

export const WEBHOOK_SECRET = 'bench-webhook-key';

function config({ port, services, host, catalogEvery, database, inboxBodies }) {
  return {
    app: { baseUrl: `http://127.0.0.1:${port}` },
    backend: {
      baseUrl: `http://127.0.0.1:${port}`,
      listen: { host: '127.0.0.1', port },
      database,
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
              // Not a common word: Backstage hides a secret everywhere it occurs in logs.
              clientSecret: 'client-key-4f1c',
              webhookSecret: WEBHOOK_SECRET,
              privateKey: { $file: 'app.pem' },
            },
          ],
        },
      ],
    },
    delivery: {
      providers: { github: {} },
      ingestion: { mode: 'webhook' },
      ...(catalogEvery && { schedule: { catalog: catalogEvery } }),
      ...(inboxBodies && { retention: { inboxBodies } }),
    },
    bench: { services, host },
  };
}

/**
 * A backend on its own database, for measuring.
 *
 * @param {{database: 'sqlite'|'postgres', services: number, host?: string, inboxBodies?: object}} options - `inboxBodies`: how long
 *   deliveries are kept; the plugin's default when absent
 */
export async function createBenchPortal({
  database,
  services,
  host = '127.0.0.1:9',
  inboxBodies,
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
  const writeConfig = catalogEvery =>
    writeFileSync(
      configFile,
      // JSON is YAML.
      JSON.stringify(
        config({
          port,
          services,
          host,
          catalogEvery,
          inboxBodies,
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
  const portal = {
    url,
    folder,
    postgres,
    sqliteFile: join(folder, 'db', 'delivery.sqlite'),
    get pid() {
      return process_.child.pid;
    },
    /**
     * @param catalogEvery - how often the plugin reads the whole catalog; its default when absent
     * @param nodeFlags - beside those of BENCH_NODE_FLAGS
     */
    async start({ catalogEvery, nodeFlags = [] } = {}) {
      writeConfig(catalogEvery);
      process_ = startProcess(
        'The bench portal',
        process.env.DELIVERY_NODE ?? process.execPath,
        [
          ...(process.env.BENCH_NODE_FLAGS?.split(' ') ?? []),
          ...nodeFlags,
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
    /** Starts with an empty database, waits until every service has its repository, and stops. */
    async fill() {
      await portal.start({ catalogEvery: { seconds: 5 } });
      const deadline = Date.now() + 300_000;
      while ((await boundServices(portal)) < services) {
        if (Date.now() > deadline) {
          throw new Error(
            `Only ${await boundServices(
              portal,
            )} of ${services} services have a repository. Its last words:\n${tail(
              join(folder, 'portal.log'),
            )}`,
          );
        }
        await new Promise(resolve => setTimeout(resolve, 500));
      }
      await portal.stop();
    },
    async dispose() {
      await process_?.stop();
      await postgres?.stop();
      if (process.env.BENCH_KEEP) console.log(`  kept: ${folder}`);
      else rmSync(folder, { recursive: true, force: true });
    },
  };
  return portal;
}
