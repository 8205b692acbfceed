import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readRevision } from "./revision.ts";

const URL = "http://169.254.170.2/v4/1";
const answer = (body: unknown) => () => Promise.resolve(Response.json(body));

describe("revision", () => {
  it("is the label of the container", async () => {
    const sha = "a".repeat(40);
    const labels = { Labels: { "org.opencontainers.image.revision": sha } };
    assert.equal(await readRevision(URL, answer(labels)), sha);
  });

  it("is unknown without a label, without an answer and outside ECS", async () => {
    assert.equal(await readRevision(URL, answer({ Labels: {} })), "unknown");
    assert.equal(await readRevision(URL, answer("nonsense")), "unknown");
    assert.equal(await readRevision(URL, () => Promise.reject(new Error("down"))), "unknown");
    assert.equal(await readRevision(undefined), "unknown");
  });
});
