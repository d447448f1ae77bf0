import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { cli } from "./harness.js";

describe("boards/network.schema.json", () => {
  // `node dist/host/cli/main.js schema > boards/network.schema.json` makes it anew.
  it("is what tagma schema prints", async () => {
    const { code, out } = await cli(["schema"]);
    assert.equal(code, 0);
    const file = readFileSync(new URL("../../boards/network.schema.json", import.meta.url), "utf8");
    assert.equal(file, out);
  });

  it("tells an editor what each field is for", async () => {
    const { out } = await cli(["schema"]);
    const { properties } = JSON.parse(out) as {
      properties: Record<string, { description?: string }>;
    };
    for (const [name, { description }] of Object.entries(properties)) {
      assert.ok(name === "$schema" || description, name);
    }
  });
});
