import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { sha256 } from "@noble/hashes/sha2.js";
import type { TreeSet } from "../../firmware/auth/lms/sets.js";
import { LONG, hex, treeSet } from "./board.js";
import { hashOnEspruino, signOnEspruino } from "./espruino.js";

const named = process.env["ESPRUINO"];
const path = named === "" ? undefined : named;

describe("on Espruino", { skip: path === undefined && "ESPRUINO names no interpreter" }, () => {
  const runs: [string, TreeSet[], number][] = [
    ["N24 W4 H5", [treeSet(24, 5, 4)], 0],
    ["N24 W4 over N24 W4", [treeSet(24, 5, 4), treeSet(24, 5, 4)], 20],
  ];
  if (LONG) {
    runs.push(
      ["N24 W1 H5", [treeSet(24, 5, 1)], 0],
      ["N24 W2 H5", [treeSet(24, 5, 2)], 0], ["N24 W8 H5", [treeSet(24, 5, 8)], 0],
      ["N32 W4 H5", [treeSet(32, 5, 4)], 0], ["N32 W8 H5", [treeSet(32, 5, 8)], 0],
    );
  }
  for (const [name, trees, first] of runs) {
    test(`${name}: signs as here, and takes no more memory with time`, async (t) => {
      const cycles = 20;
      const measured = await signOnEspruino(path!, trees, first, cycles);
      assert.equal(measured.made.length, 2);
      assert.deepEqual(measured.made, measured.expected);
      assert.deepEqual([measured.good, measured.bad], [cycles, 0]);
      assert.ok(measured.growth <= 0, `${measured.growth} blocks more`);
      t.diagnostic(JSON.stringify({ ...measured, made: undefined, expected: undefined }));
    });
  }

  test("hashes as here, where it has no SHA-256", async (t) => {
    const lengths = [0, 47, 55, 56, 64, 200];
    const { digests, microseconds } = await hashOnEspruino(path!, lengths);
    assert.deepEqual(digests, lengths.map((length) =>
      hex(sha256(Uint8Array.from({ length }, (_, at) => at)))));
    t.diagnostic(`${microseconds} us for 47 bytes`);
  });
});
