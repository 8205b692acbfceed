import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readSettings } from "./settings.ts";

describe("settings", () => {
  it("needs nothing to start", () => {
    assert.deepEqual(readSettings({}), {
      port: 8080,
      databaseUrl: undefined,
      apiKey: undefined,
      metadataUrl: undefined,
    });
  });

  it("takes what ECS gives", () => {
    const settings = readSettings({
      PORT: "9000",
      DATABASE_URL: "postgresql://db/items",
      API_KEY: "k",
      ECS_CONTAINER_METADATA_URI_V4: "http://169.254.170.2/v4/1",
    });
    assert.equal(settings.port, 9000);
    assert.equal(settings.databaseUrl, "postgresql://db/items");
    assert.equal(settings.apiKey, "k");
    assert.equal(settings.metadataUrl, "http://169.254.170.2/v4/1");
  });
});
