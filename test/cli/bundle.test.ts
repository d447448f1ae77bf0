import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { cli, exampleOf, folder } from "./harness.js";

describe("tagma bundle", () => {
  it("writes the file whole, or prints it, and tells its bytes and SHA-256", async (context) => {
    const path = folder(context);
    const argv = ["bundle", exampleOf("pump"), "--board", "a"];
    const printed = await cli(argv);
    const written = await cli([...argv, "--out", join(path, "a.js")]);
    assert.equal(printed.code, 0);
    assert.equal(written.code, 0);
    assert.equal(written.out, "");
    assert.deepEqual(readdirSync(path), ["a.js"]);
    const file = readFileSync(join(path, "a.js"));
    assert.equal(file.toString(), printed.out);
    const digest = createHash("sha256").update(file).digest("hex");
    for (const { err } of [printed, written]) {
      assert.equal(err, `a: ${file.length} bytes for PICO_R1_3, SHA-256 ${digest}\n`);
    }
  });

  it("is another for another board", async () => {
    const [a, b] = await Promise.all(
      ["a", "b"].map(async (name) => cli(["bundle", exampleOf("pump"), "--board", name])),
    );
    assert.notEqual(a!.out, b!.out);
  });
});
