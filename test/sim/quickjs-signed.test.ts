/** A network that signs and tags, in the interpreter with little memory. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { networkOf, run } from "../bus/drive.js";

test("a network that signs and tags runs in QuickJS", async () => {
  const network = networkOf(3, 1, {
    algorithm: "sm", auth: "mac",
    signatures: { trees: [{ lms: "LMS_SHA256_M24_H5", ots: "LMOTS_SHA256_N24_W2" }] },
  });
  const { summary } = await run({ network, cycles: 2, engine: "quickjs" });
  assert.equal(summary.verdict, "held");
  assert.ok(summary.memory.every((bytes) => bytes > 0 && bytes < 400_000), summary.memory.join());
});
