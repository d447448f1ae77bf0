/** Signed messages on the command line. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { cli, folder, jsonOf, linesOf, refused } from "./harness.js";

/** Three boards of which one may lie, as a file. */
const writeThree = (t: TestContext, change: Record<string, unknown> = {}): string => {
  const path = join(folder(t), "three.json");
  writeFileSync(path, JSON.stringify({
    name: "three", algorithm: "sm", traitors: 1, value: "u8", decision: "majority", default: 0,
    baud: 115200,
    signatures: { trees: [{ lms: "LMS_SHA256_M24_H5", ots: "LMOTS_SHA256_N24_W2" }] },
    boards: ["a", "b", "c"].map((name) => ({ name, kind: "EMULATED" })), ...change,
  }));
  return path;
};

test("names the algorithm by its rounds, and survives a liar with three boards", async (t) => {
  const path = writeThree(t);
  const { code, out, err } = await cli(
    ["emulate", path, "--cycles", "2", "--transport", "memory", "--traitor", "b=equivocate"],
  );
  assert.equal(err, "");
  assert.equal(code, 0);
  assert.match(out, /^three: 3 boards, at most 1 faulty, SM\(2\), u8 by majority/);
});

test("refuses more cycles than the keys last for, and says what would last", async (t) => {
  const path = writeThree(t);
  const head = /^tagma: \S+three\.json: signatures: the keys last for 32 cycles, and 33 are to be /;
  await refused(["emulate", path, "--cycles", "33"], head);
  await refused(["emulate", path, "--cycles", "33"], /LMS_SHA256_M24_H10 would last for 1024\n$/);
  await refused(["emulate", path, "--cycles", "40000"],
    /run; LMS_SHA256_M24_H15 over LMS_SHA256_M24_H5 would last for 1048576\n$/);
  await refused(["emulate", path, "--cycles", "4000000"], /4000000 are to be run\n$/);
  const readings = join(folder(t), "readings.csv");
  writeFileSync(readings, "1,2,3\n".repeat(33));
  await refused(["emulate", path, "--readings", readings], head);
});

test("shows how far the made-up keys of high trees are, and can be stopped then", async (t) => {
  const path = writeThree(t, {
    signatures: { trees: [{ lms: "LMS_SHA256_M24_H15", ots: "LMOTS_SHA256_N24_W4" }] },
    boards: ["a", "b", "c"].map((name) => ({ name, kind: "ESP32" })),
  });
  // The whole would take a minute and more.
  let looks = 0;
  const { code, out, progress } = await cli(["emulate", path, "--cycles", "1"],
    { columns: 100, interruptedWhen: () => looks++ > 100 });
  assert.equal(code, 130);
  assert.equal(out, "");
  assert.ok(progress.length > 50 && progress.at(-1) === -1, "the bar is there, and taken away");
  assert.ok(progress.at(-2)! > progress[0]!);
});

test("plans that a board has no flash for the upper nodes of a tree", async (t) => {
  const path = writeThree(t, {
    signatures: { trees: [{ lms: "LMS_SHA256_M24_H15", ots: "LMOTS_SHA256_N24_W4" }] },
    boards: ["a", "b", "c"].map((name) => ({ name, kind: "PICO_R1_3" })),
  });
  const { out } = await cli(["plan", path]);
  assert.match(out, /DOES NOT FIT: a: the bundle has \d+ bytes and the tree's upper nodes 49152,/);
});

test("runs no more cycles than there are keys for, unless told to", async (t) => {
  const path = writeThree(t, {
    traitors: 2, commander: "a",
    signatures: { trees: [{ lms: "LMS_SHA256_M24_H5", ots: "LMOTS_SHA256_N24_W8" }] },
    boards: ["a", "b", "c", "d"].map((name) => ({ name, kind: "LINUX" })),
  });
  const { code, out } = await cli(["emulate", path, "--transport", "memory", "--json"]);
  assert.equal(code, 0);
  // Of 32 leaves a cycle has 4, and the summary is a line too.
  assert.equal(jsonOf(out).length, 9);
});

test("a trace tells lies apart, in words and in the picture", async (t) => {
  const at = folder(t);
  const [trace, svg] = [join(at, "three.trace"), join(at, "three.svg")];
  const emulated = await cli([
    "emulate", writeThree(t), "--cycles", "1", "--transport", "memory", "--trace", trace,
    "--traitor", "b=equivocate", "--svg", svg,
  ]);
  assert.equal(emulated.code, 0);
  const { code, out } = await cli(["replay", trace, "--cycle", "0"]);
  assert.equal(code, 0);
  const lies = linesOf(out).filter((line) => /round \d of b\s+to [ac]/.test(line));
  assert.match(lies.join("\n"), new RegExp([
    "of b +to a +heard +\\w+… \\(\\d{4}\\)",
    "of b +to c +heard, a double order +\\w+… \\(\\d{4}\\)",
    "of b +to a +heard +\\w+… \\(\\d{4}\\)",
    "of b +to c +heard, a forged signature +\\w+… \\(\\d{4}\\)",
  ].join("\n.*")));
  // A beacon is shown whole, and of what is long, as much as fits on a line.
  assert.match(out, /^ *\d+ {2}beacon +to a +heard +[\da-f]{14,}$/m);
  assert.equal(linesOf(out).every((line) => line.length <= 110), true);
  const picture = readFileSync(svg, "utf8");
  for (const look of ["double", "forged", "withheld"]) {
    const arrows = picture.split("\n").filter((line) => line.includes(`class="frame ${look}"`));
    assert.equal(arrows.length, look === "withheld" ? 0 : 1, look);
    const what = look === "forged" ? "signature" : "order";
    assert.match(picture, new RegExp(`>a ${look} ${what}<`));
  }
  assert.match(picture, /frame of b to c says \d+; heard, a double order, [\d.]+ ms</);
  assert.doesNotMatch(picture, /lie to this receiver/);
});
