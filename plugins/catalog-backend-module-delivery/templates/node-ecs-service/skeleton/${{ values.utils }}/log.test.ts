import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createLog } from "./index.ts";

describe("log", () => {
  it("writes one line of JSON for each event", () => {
    const lines: string[] = [];
    const log = createLog((line) => lines.push(line));

    log.info("listening", { port: 8080 });
    log.error("no answer", new Error("connection refused\nat home"));
    log.error("no answer", "timeout", { try: 2 });

    assert.equal(lines.length, 3);
    const [first, second, third] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.equal(first?.message, "listening");
    assert.equal(first.port, 8080);
    assert.ok(!lines[1]?.includes("\n"));
    assert.match(String(second?.error), /connection refused/);
    assert.equal(third?.error, "timeout");
    assert.equal(third.try, 2);
  });

  it("does not let a field stand for the level or the message", () => {
    const lines: string[] = [];
    createLog((line) => lines.push(line)).info("said", { level: "fatal", message: "forged" });

    assert.match(lines[0] ?? "", /"level":"info","message":"said"/);
  });
});
