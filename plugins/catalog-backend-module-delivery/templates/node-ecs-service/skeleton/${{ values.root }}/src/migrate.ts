import { fileURLToPath } from "node:url";
import { createLog } from "#utils";
import { runner } from "node-pg-migrate";
import { readSettings } from "./settings.ts";

const log = createLog();
const { databaseUrl } = readSettings(process.env);

if (databaseUrl === undefined) {
  log.info("no DATABASE_URL, so there is nothing to migrate");
} else {
  // Holds an advisory lock: of two that start at once, the second fails and changes nothing.
  const done = await runner({
    databaseUrl,
    dir: fileURLToPath(new URL("../migrations", import.meta.url)),
    direction: "up",
    migrationsTable: "pgmigrations",
    log: (line) => log.info(line.trim()),
  });
  log.info("migrated", { count: done.length });
}
