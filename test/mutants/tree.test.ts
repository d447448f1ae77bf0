/** A mutant counts as killed only where a test failed, and of one test nothing else is run. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { MUTANTS } from "./all.js";
import { KILLERS, nameOf } from "./killers.js";
import { firstFailing, runTest } from "./tree.js";

test("what fails first is known by the names around it, once its line is whole", () => {
  const tap = [
    "TAP version 13", "# Subtest: good", "ok 1 - good", "# Subtest: many",
    "    # Subtest: one", "    ok 1 - one", String.raw`    # Subtest: 2 \# of \\ 3`,
    String.raw`    not ok 2 - 2 \# of \\ 3`, "not ok 2 - many", "",
  ];
  assert.equal(firstFailing(tap.slice(0, 7).join("\n")), undefined);
  assert.equal(firstFailing(tap.slice(0, 8).join("\n")), undefined);
  assert.deepEqual(firstFailing(tap.slice(0, 9).join("\n")), ["many", String.raw`2 # of \ 3`]);
  assert.deepEqual(firstFailing(tap.join("\n")), ["many", String.raw`2 # of \ 3`]);
  assert.deepEqual(firstFailing("# Subtest: a\nnot ok 1 - a\n"), ["a"]);
  assert.equal(firstFailing("# Subtest: a\nok 1 - is not ok 1 - b\n"), undefined);
});

const tree = mkdtempSync(join(tmpdir(), "tagma-tree-"));
after(() => {
  rmSync(tree, { recursive: true, force: true });
});
mkdirSync(join(tree, "test"));
writeFileSync(join(tree, "package.json"), '{ "type": "module" }');

const write = (name: string, text: string) => {
  writeFileSync(join(tree, "test", name.replace(/ts$/, "js")),
    `import { describe, test } from "node:test";\n` +
    `const fail = () => { throw new Error(); };\n${text}`);
  return name;
};

const SOME = write("some.test.ts", `
  test("good", () => {});
  test("parent", async (t) => { await t.test("a (child)?", () => {}); });
  describe("suite", () => { test("bad", fail); test("good", () => {}); });
  test("worse", fail);
`);

test("a run ends with what fails first", async () => {
  const { failed, how } = await runTest(tree, [SOME], 60_000);
  assert.deepEqual([failed, how], [[SOME, "suite", "bad"], "bad"]);
});

test("of one test nothing else is run, and where there is none nothing fails", async () => {
  const how = async (...names: string[]) => (await runTest(tree, [SOME, ...names], 60_000)).how;
  assert.equal(await how("suite", "bad"), "bad");
  assert.equal(await how("worse"), "worse");
  for (const names of [["good"], ["parent", "a (child)?"], ["wors"], ["worse."]]) {
    assert.equal(await how(...names), "");
  }
});

test("a file that cannot be loaded, and one that never ends, are told as such", async () => {
  const lost = write("lost.test.ts", 'import "./nothing.js";');
  assert.deepEqual(await runTest(tree, [lost], 60_000),
    { failed: [lost], how: `${lost}: exit code 1` });
  const endless = write("endless.test.ts", 'test("endless", () => { for (;;); });');
  assert.deepEqual(await runTest(tree, [endless, "endless"], 300),
    { failed: [endless, "endless"], how: `${endless}: no end within 300 ms` });
});

test("killers are known of mutants that there are, and of some there are", () => {
  const all = new Set(MUTANTS.map(nameOf));
  assert.equal(all.size, MUTANTS.length);
  assert.deepEqual([...KILLERS.keys()].filter((name) => !all.has(name)), []);
  assert.ok(KILLERS.size > 0);
});
