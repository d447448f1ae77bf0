import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { smallBundle } from "./bundle.js";
import { shapeOf } from "./board.js";
import { ENTRY, SHAPES, sizeOf } from "./sizes.js";

/** At most this many bytes; with SHA-256 of its own, 800 more. */
const MOST: Readonly<Record<keyof typeof SHAPES, number>> = {
  "N24 W4 H5": 2900, "N24 W4 H10": 2960, "N32 W8 H15": 2970, "N24 W4 H10 over H5": 3500,
};

describe("a bundle", () => {
  for (const name of Object.keys(SHAPES) as (keyof typeof SHAPES)[]) {
    test(`${name}: signs and checks in ${MOST[name]} bytes`, async (t) => {
      const [native, own] = [await sizeOf(name, true), await sizeOf(name, false)];
      t.diagnostic(`${native} bytes, ${own} with SHA-256 of its own`);
      assert.ok(native <= MOST[name], `${native} bytes`);
      assert.ok(own <= MOST[name] + 800, `${own} bytes`);
    });
  }

  test("of one tree has nothing of a second", async () => {
    const text = await smallBundle(shapeOf(SHAPES["N24 W4 H5"]), ENTRY, true);
    // What a lower key is derived with, and the layers above a tile.
    assert.doesNotMatch(text, /65534|0xfffe|crown/);
    const two = await smallBundle(shapeOf(SHAPES["N24 W4 H10 over H5"]), ENTRY, true);
    assert.match(two, /65534/);
  });
});
