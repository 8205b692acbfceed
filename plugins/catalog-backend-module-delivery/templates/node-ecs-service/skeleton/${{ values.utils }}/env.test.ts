import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readPort, readText } from "./index.ts";

describe("variables", () => {
  it("counts an empty one as absent", () => {
    assert.equal(readText({ KEY: "" }, "KEY"), undefined);
    assert.equal(readText({ KEY: "a" }, "KEY"), "a");
    assert.equal(readPort({ PORT: "" }, "PORT", 8080), 8080);
  });

  for (const text of ["eighty", "-1", "70000", "8080x"]) {
    it(`refuses the port ${text}`, () => {
      assert.throws(() => readPort({ PORT: text }, "PORT", 8080), /PORT must be a port/);
    });
  }

  it("takes the highest port", () => {
    assert.equal(readPort({ PORT: "65535" }, "PORT", 8080), 65_535);
  });
});
