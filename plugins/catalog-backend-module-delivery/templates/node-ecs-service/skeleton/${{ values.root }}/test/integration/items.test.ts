import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createLog } from "#utils";
import { Pool } from "pg";
import { PostgresItems } from "../../src/postgresItems.ts";
import { withApp } from "../withApp.ts";

const url = process.env.DATABASE_URL;
if (url === undefined && process.env.CI !== undefined) {
  throw new Error("CI has to give these tests a Postgres by DATABASE_URL.");
}
const skip =
  url === undefined && "no DATABASE_URL: start a Postgres, run `npm run migrate`, and come again";

describe("items in Postgres", { skip }, () => {
  const pool = new Pool({ connectionString: url });
  const items = new PostgresItems(pool);

  before(() => pool.query("truncate items"));
  after(() => pool.end());

  it("keeps what was added, newest first", async () => {
    const first = await items.add("Ink");
    const second = await items.add("Paper'; drop table items; --");

    assert.deepEqual(await items.find(first.id), first);
    assert.deepEqual(await items.newest(1), [second]);
    assert.equal(await items.find(crypto.randomUUID()), undefined);
  });

  it("does not take what the schema refuses", async () => {
    await assert.rejects(items.add(""), /check constraint/);
  });

  it("serves them", () =>
    withApp({ items, apiKey: "key", revision: "abc", log: createLog() }, async (call) => {
      const headers = { "x-api-key": "key" };
      const added = await call("/items", { method: "POST", headers, json: { name: "Stamp" } });
      assert.equal(added.status, 201);
      const found = await call(`/items/${String(added.body.id)}`, { headers });
      assert.deepEqual(found.body, added.body);
      assert.equal((await call("/health")).body.database, "ok");
    }));
});
