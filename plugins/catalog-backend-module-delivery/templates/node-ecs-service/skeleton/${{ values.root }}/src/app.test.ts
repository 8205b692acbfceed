import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createLog } from "#utils";
import { MemoryItems, withApp } from "../test/withApp.ts";

const KEY = { "x-api-key": "right" };
const quiet = createLog(() => {});
const base = { apiKey: "right", revision: "abc", log: quiet };

describe("health", () => {
  it("says what runs, and that there is no database", () =>
    withApp(base, async (call) => {
      const { status, body } = await call("/health");
      assert.equal(status, 200);
      assert.deepEqual(body, { status: "ok", database: "not configured", revision: "abc" });
    }));

  it("fails with the database, while the process is alive", () =>
    withApp({ ...base, items: new MemoryItems({ broken: true }) }, async (call) => {
      assert.equal((await call("/health")).status, 503);
      assert.equal((await call("/live")).status, 200);
    }));

  it("is well with the database", () =>
    withApp({ ...base, items: new MemoryItems() }, async (call) => {
      assert.deepEqual((await call("/health")).body, {
        status: "ok",
        database: "ok",
        revision: "abc",
      });
    }));
});

describe("items", () => {
  it("are added, found and listed", () =>
    withApp({ ...base, items: new MemoryItems() }, async (call) => {
      const added = await call("/items", { method: "POST", headers: KEY, json: { name: " Ink " } });
      assert.equal(added.status, 201);
      assert.equal(added.body.name, "Ink");
      const found = await call(`/items/${String(added.body.id)}?fresh=1`, { headers: KEY });
      assert.deepEqual(found, { status: 200, body: added.body });
      const list = await call("/items", { headers: KEY });
      assert.deepEqual(list.body, { items: [added.body] });
    }));

  it("are nobody's without the key", async () => {
    await withApp({ ...base, items: new MemoryItems() }, async (call) => {
      assert.equal((await call("/items")).status, 401);
      assert.equal((await call("/items", { headers: { "x-api-key": "wrong" } })).status, 401);
    });
    await withApp({ ...base, apiKey: undefined }, async (call) => {
      assert.equal((await call("/items", { headers: KEY })).status, 401);
    });
  });

  it("need the database", () =>
    withApp(base, async (call) => {
      const { status, body } = await call("/items", { headers: KEY });
      assert.equal(status, 503);
      assert.equal(body.error, "No database is configured.");
    }));

  it("refuse what they cannot take", () =>
    withApp({ ...base, items: new MemoryItems() }, async (call) => {
      const post = async (json: unknown) =>
        (await call("/items", { method: "POST", headers: KEY, json })).status;
      assert.equal(await post({ name: "" }), 400);
      assert.equal(await post({ name: 1 }), 400);
      assert.equal(await post({}), 400);
      assert.equal(await post(null), 400);
      assert.equal(await post({ name: "x".repeat(70_000) }), 413);
      const text = { ...KEY, "content-type": "text/plain" };
      assert.equal(
        (await call("/items", { method: "POST", headers: text, text: "x" })).status,
        415,
      );
      const json = { ...KEY, "content-type": "application/json" };
      assert.equal(
        (await call("/items", { method: "POST", headers: json, text: "{" })).status,
        400,
      );
      assert.equal((await call("/items", { method: "DELETE", headers: KEY })).status, 405);
    }));

  it("are not found under names that are none", () =>
    withApp({ ...base, items: new MemoryItems() }, async (call) => {
      for (const path of ["/", "/items/7", "/items/7/8", `/items/${crypto.randomUUID()}`]) {
        assert.equal((await call(path, { headers: KEY })).status, 404, path);
      }
    }));

  it("tell nothing of what went wrong inside", () =>
    withApp({ ...base, items: new MemoryItems({ broken: true }) }, async (call) => {
      const { status, body } = await call("/items", { headers: KEY });
      assert.equal(status, 500);
      assert.deepEqual(body, { error: "Something went wrong here." });
    }));
});
