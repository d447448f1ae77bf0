/** Networks that sign, in the interpreter with little memory. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { networkOf, run } from "../topology/drive.js";

const signatures = { trees: [{ lms: "LMS_SHA256_M24_H5", ots: "LMOTS_SHA256_N24_W2" }] };

test("a network that signs and tags runs in QuickJS", async () => {
  const network = networkOf(3, 1, {
    algorithm: "sm", auth: "mac", signatures,
  });
  const { summary } = await run({ network, cycles: 2, engine: "quickjs" });
  assert.equal(summary.verdict, "held");
  assert.ok(summary.memory.every((bytes) => bytes > 0 && bytes < 400_000), summary.memory.join());
});

test("ballots over signed messages run in QuickJS", async () => {
  const network = networkOf(4, 1, { algorithm: "lbp", mode: "once", signatures });
  const { summary, cycles } = await run({ network, cycles: 2, engine: "quickjs" });
  assert.equal(summary.verdict, "held");
  assert.deepEqual(cycles[0]!.decisions!.map((of) => of.length), [1, 1, 1, 1]);
  assert.ok(summary.memory.every((bytes) => bytes > 0 && bytes < 400_000), summary.memory.join());
});
