/** Whether two values are the same: each byte counts, and none beside them. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { same } from "../../firmware/base/same.js";

const WIDTHS = [1, 2, 3, 8];

it("values are the same where all bytes are, whatever lies around", () => {
  for (const width of WIDTHS) {
    const bytes = new Uint8Array(2 * width + 3).fill(5);
    [bytes[0], bytes[width + 1], bytes[2 * width + 2]] = [9, 8, 7];
    assert.equal(same(bytes, 1, width + 2, width), true, `${width} bytes`);
    assert.equal(same(bytes, 1, 1, width), true, `${width} bytes`);
  }
});

it("and differ where one byte does, the first, the last, or any", () => {
  for (const width of WIDTHS) {
    for (let at = 0; at < width; at++) {
      const bytes = new Uint8Array(2 * width).fill(5);
      bytes[width + at] = 6;
      assert.equal(same(bytes, 0, width, width), false, `byte ${at} of ${width}`);
    }
  }
});
