import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { SEED, replay, runs } from "../core/random.js";
import { mutantOf } from "./mutants.js";
import { runMutants, wrongIn } from "./pool.js";

const MAIN = new URL("../../host/cli/main.ts", import.meta.url).pathname;

describe("input that is nearly right", () => {
  test("ends every command in order", async (t) => {
    const count = runs(t, 60, 20);
    t.diagnostic(`${count} mutants, ${replay}`);
    const complaints = await runMutants(SEED, 0, count, 1);
    assert.deepEqual(complaints.map(({ mutant, what }) =>
      `${mutant.kind} ${mutant.number}: ${what}: ${replay}`), []);
  });

  test("ends the program itself in order", (t) => {
    const folder = mkdtempSync(join(tmpdir(), "tagma-"));
    t.after(() => {
      rmSync(folder, { recursive: true });
    });
    for (const number of [0, 1, 2, 3]) {
      const mutant = mutantOf(SEED, number);
      for (const [name, content] of Object.entries(mutant.files)) {
        writeFileSync(join(folder, name), Buffer.from(content, "hex"));
      }
      const { status, stdout, stderr } = spawnSync(
        process.execPath, ["--import", import.meta.resolve("tsx"), MAIN, ...mutant.argv],
        { cwd: folder, encoding: "utf8", input: mutant.input ?? "", timeout: 120_000 });
      const ran = { code: status ?? -1, out: stdout, err: stderr, left: [] };
      assert.equal(wrongIn(mutant, ran), "", `${number}: ${replay}`);
    }
  });
});

describe("the judge of such input", () => {
  const mutant = { number: 0, kind: "", argv: ["plan", "n.json"], files: { "n.json": "" } };
  const sound = { code: 2, out: "", err: "tagma: no\n", left: ["n.json"] };

  test("lets pass what is in order", () => {
    assert.equal(wrongIn(mutant, sound), "");
    assert.equal(wrongIn(mutant, { ...sound, code: 0, err: "" }), "");
  });

  test("sees what is not", () => {
    for (const change of [
      { code: 70 }, { code: 1, err: "x\n    at f (a.js:1:2)\n" }, { err: "" },
      { err: "tagma: \u001b[2J\n" }, { out: "\u202e" }, { err: `tagma: ${"x".repeat(5000)}\n` },
      { left: ["n.json", ".tagma-0123456789abcdef.part"] }, { left: ["n.json", "out.js"] },
    ]) assert.notEqual(wrongIn(mutant, { ...sound, ...change }), "", JSON.stringify(change));
  });
});
