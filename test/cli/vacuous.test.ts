/** What is true of nobody is worth nothing: somebody must be left to be judged. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cli, exampleOf } from "./harness.js";

const traitors = (...words: string[]): string[] => words.flatMap((one) => ["--traitor", one]);

const run = async (network: string, cycles: number, words: readonly string[]) =>
  cli([
    "emulate", exampleOf(network), "--cycles", String(cycles), "--transport", "memory", ...words,
  ]);

describe("tagma emulate refuses to run", () => {
  const three = traitors("a=silent", "b=silent", "c=crash:3.2");
  const refused: readonly (readonly [string, number, string, readonly string[]])[] = [
    ["desk", 0, "four that fail always", traitors("a=silent", "b=silent", "c=stuck", "d=edge")],
    ["desk", 3, "three, and bad lines of the fourth", [...three, "--faults", "drop@d=0"]],
    ["desk", 5, "four, of which one is back later", [...three, ...traitors("d=restart:5.1")]],
    ["three", 1, "three that sign", traitors("a=silent", "b=crash:1.1", "c=edge")],
  ];
  for (const [network, cycle, name, words] of refused) {
    it(`where no board of ${network} is correct: ${name}`, async () => {
      const { code, out, err } = await run(network, 8, words);
      assert.deepEqual([code, out], [2, ""]);
      assert.match(err, new RegExp(`^tagma: in cycle ${cycle} every board is faulty, [^\n]*\n$`));
    });
  }

  it("but not where one is left, or fails after the end", async () => {
    for (const words of [three, [...three, ...traitors("d=crash:8.1")]]) {
      const { code, out } = await run("desk", 8, words);
      assert.equal(code, 1);
      // While two are left of four, the two that fail are one too many; a last one is enough.
      assert.match(out, /BROKEN first in cycle 0: agreement in 3 of 8 cycles, validity in 3 of/);
    }
  });
});
