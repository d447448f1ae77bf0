import assert from "node:assert/strict";
import { test } from "node:test";
import * as bytes from "../../firmware/frame/bytes.js";
import { layoutOf } from "../../firmware/index.js";
import { checksum } from "../../firmware/platform/host.js";
import { SEED, createRandom, replay, runs } from "../core/random.js";

/** Frames are searched in strings as they are in an arena: `text.ts` against `bytes.ts`. */

const layout = layoutOf({ boards: 4, traitors: 1, width: 2, commander: -1 }, 0, false);

const codes = (text: string) => Uint8Array.from(text, (one) => one.charCodeAt(0));
const textOf = (list: Uint8Array) => String.fromCharCode(...list);

// What a bundle has in their place: its numbers, and Espruino.
Object.assign(globalThis, {
  layout,
  E: {
    CRC32: (text: string) => checksum(codes(text), 0, text.length),
    toUint8Array: codes,
    toString: textOf,
  },
});
const texts = await import("../../firmware/frame/text.js");

/** What `bytes.ts` and `text.ts` say and hold, operation by operation, over one stream. */
const both = () => {
  const [one, other] = [new Uint8Array(layout.end), new Uint8Array(layout.end)];
  return { one, other, plain: bytes.createInput(layout, one), text: texts.createInput(other) };
};

test(`what comes is held, found, and dropped alike; ${replay}`, (t) => {
  const random = createRandom(SEED);
  for (let run = 0; run < runs(t, 20_000, 1000); run++) {
    const { one, other, plain, text } = both();
    for (let turn = 0; turn < 6; turn++) {
      const chunk = Uint8Array.from({ length: random() % 40 }, () => random() % 6);
      const left = plain.add(chunk);
      const rest = text.add(textOf(chunk));
      assert.equal(rest ?? "", textOf(left ?? new Uint8Array()));
      assert.equal(text.fill, plain.fill);
      const { receive } = layout;
      assert.deepEqual(other.slice(receive, text.fill), one.slice(receive, plain.fill));
      const from = receive + random() % (plain.fill - receive + 1);
      const [at, there] = [plain.find(from), text.find(from)];
      assert.equal(there < receive ? -1 : there, at);
      const size = plain.fill - receive;
      if (size > 3 && one[receive + 1]) {
        const end = receive + 2 + random() % (size - 1);
        const sum = plain.unmask(receive + 1, receive + 2, end);
        assert.equal(text.unmask(receive + 1, receive + 2, end) | 0, sum | 0);
        assert.deepEqual(other.slice(receive, end), one.slice(receive, end));
        plain.drop(end);
        text.drop(end);
      } else {
        plain.drop(from);
        text.drop(from);
      }
      assert.equal(text.text.length, plain.fill - receive);
    }
  }
});

test(`the same word stands for zeros; ${replay}`, (t) => {
  const random = createRandom(SEED);
  for (let run = 0; run < runs(t, 20_000, 2000); run++) {
    const range = 1 + random() % 256;
    const one = Uint8Array.from({ length: layout.end }, () => random() % range);
    const other = one.slice();
    const end = 9 + random() % (layout.end - 8);
    assert.equal(texts.cover(other, 8, end), bytes.cover(layout, one, 8, end));
    assert.deepEqual(other, one);
  }
});

test("FRAME.4: the checksum of a content and of its own checksum is known, whatever it is", () => {
  const random = createRandom(SEED);
  for (let run = 0; run < 2000; run++) {
    const content = Uint8Array.from({ length: random() % 40 }, () => random() % 256);
    const sum = checksum(content, 0, content.length);
    const whole = Uint8Array.of(...content, sum, sum >> 8, sum >> 16);
    const last = whole.length - 1;
    assert.equal(checksum(whole, 0, whole.length) >>> 8, 0xff41d9);
    assert.equal(checksum(whole, 0, last) >>> 16, 0x41d9);
    // With any bit of it changed it is another.
    const at = random() % whole.length;
    whole[at]! ^= 1 << random() % 8;
    assert.notEqual(checksum(whole, 0, whole.length) >>> 8, 0xff41d9);
  }
});
