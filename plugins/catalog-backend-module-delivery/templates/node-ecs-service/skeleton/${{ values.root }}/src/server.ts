import { createServer } from "node:http";
import { createLog } from "#utils";
import { Pool } from "pg";
import { createApp } from "./app.ts";
import { PostgresItems } from "./postgresItems.ts";
import { readRevision } from "./revision.ts";
import { readSettings } from "./settings.ts";

const log = createLog();
const { port, databaseUrl, apiKey, metadataUrl } = readSettings(process.env);
const revision = await readRevision(metadataUrl);
const pool =
  databaseUrl === undefined
    ? undefined
    : new Pool({
        connectionString: databaseUrl,
        connectionTimeoutMillis: 5_000,
        query_timeout: 10_000,
      });
// A connection that breaks while nobody uses it is the pool's to replace, not a reason to stop.
pool?.on("error", (error) => log.error("lost a connection to the database", error));

const items = pool && new PostgresItems(pool);
const server = createServer(createApp({ items, apiKey, revision, log }));
// Longer than the load balancer keeps a connection, so that it never sends into one that is just being closed.
server.keepAliveTimeout = 65_000;
server.listen(port, () => log.info("listening", { port, revision }));

// ECS sends SIGTERM and waits (stopTimeout, 30 s) before it kills.
process.once("SIGTERM", () => {
  log.info("stopping");
  server.close(() => {
    void pool?.end();
  });
  server.closeIdleConnections();
});
