/** One frame: what the encoder makes of it and the decoder finds in it, against the naive codec. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { checksum, layoutOf, refusal } from "../../firmware/index.js";
import type { Shape } from "../../firmware/index.js";
import { SEED, createRandom, replay, runs } from "../core/random.js";
import { SHAPES, createReceiver, feed, nameOf } from "../node/hal.js";
import {
  NAIVE_START, naiveCount, naiveCrc, naiveEncode, naiveExpected, naiveHeader, naiveMask, naivePairs,
  naivePaths, naivePayloadBytes, naiveWord,
} from "./naive-codec.js";
import { randomFrame, randomPayload } from "./random.js";

/** Where a start word stands in `frame` but at its start: there is none (FRAME.6). */
const inner = (word: number, frame: readonly number[]): number => {
  for (let at = 1; at + word <= frame.length; at++) {
    if (frame.slice(at, at + word).every((byte) => byte === NAIVE_START)) return at;
  }
  return -1;
};

const ascii = (text: string): number[] => [...Buffer.from(text, "ascii")];

test("FRAME.4: the firmware's CRC and the naive one give the published check values", () => {
  const published: [string, number][] = [
    ["", 0], ["a", 0xe8b7be43], ["123456789", 0xcbf43926],
    ["The quick brown fox jumps over the lazy dog", 0x414fa339],
  ];
  for (const [text, crc] of published) {
    const bytes = ascii(text);
    assert.equal(naiveCrc(bytes), crc);
    assert.equal(checksum(Uint8Array.from([9, ...bytes, 9]), 1, 1 + bytes.length) >>> 0, crc);
  }
});

test("FRAME.2, FRAME.7, FRAME.8, FRAME.9: words, payloads and overhead of every network", () => {
  let networks = 0;
  let refused = 0;
  for (let boards = 2; boards <= 31; boards++) {
    for (let traitors = 0; 3 * traitors + 1 <= boards && traitors <= 6; traitors++) {
      for (let width = 1; width <= 64; width++) {
        for (const commander of [-1, boards - 1]) {
          const shape: Shape = { boards, traitors, width, commander };
          networks++;
          // FRAME.5: more content might leave no mask.
          if (naivePayloadBytes(shape, traitors + 1) + 4 > 64_770) {
            assert.match(refusal(shape), /must be at most 64766/, nameOf(shape));
            refused++;
            continue;
          }
          const all = layoutOf(shape, 0, true);
          assert.equal(all.word, naiveWord(shape), nameOf(shape));
          assert.equal(all.overhead, all.word === 1 ? 7 : 8);
          assert.equal(all.payloads[0], 4 + width);
          for (let round = 1; round <= traitors + 1; round++) {
            assert.equal(all.payloads[round], naivePayloadBytes(shape, round), nameOf(shape));
          }
        }
      }
    }
  }
  // For m = 0 to 6: n from 2, 4, 7 ... 19 to 31.
  assert.equal(networks, (30 + 28 + 25 + 22 + 19 + 16 + 13) * 64 * 2);
  assert.ok(refused > 0 && refused < networks / 2, `${refused} refused`);
});

test("FRAME.8, FRAME.9: as many values as there are paths", () => {
  for (const shape of SHAPES.filter(({ boards }) => boards <= 10)) {
    for (let round = 2; round <= shape.traitors + 1; round++) {
      const sender = shape.commander === 0 ? 1 : 0;
      const { length } = naivePaths(shape, sender, round);
      assert.equal(length, naiveCount(shape, round), nameOf(shape));
    }
  }
});

for (const shape of SHAPES) {
  test(`FRAME.1 to FRAME.6: encoder and decoder are the naive codec's, ${nameOf(shape)}`, (t) => {
    const random = createRandom(SEED);
    const word = naiveWord(shape);
    const expected = naiveExpected(shape, 0, false);
    const receiver = createReceiver(shape, expected);
    const count = runs(t, shape.boards > 10 ? 40 : 400, 40);
    for (let run = 0; run < count; run++) {
      const { header, cycle, payload, bytes } = randomFrame(random, shape, 0);
      // The encoder has no room for beacons, which boards do not send.
      if ((header & 31) < 31) {
        assert.deepEqual(receiver.encode(header, cycle, payload), bytes, replay);
      }
      assert.equal(bytes.length - payload.length, 6 + word, replay);
      assert.ok(bytes.length - payload.length <= 8);
      assert.equal(inner(word, bytes), -1, replay);
      receiver.heard.length = 0;
      feed(receiver.wire, Uint8Array.from(bytes));
      assert.deepEqual(receiver.heard, [[header, cycle, ...payload]], replay);
    }
    assert.deepEqual([...receiver.counts], [0, 0, 0]);
  });
}

/** Encodes, compares, decodes, and gives the frame. */
const through = (
  receiver: ReturnType<typeof createReceiver>, header: number, cycle: number, payload: number[],
): number[] => {
  const { word } = receiver.layout;
  const frame = receiver.encode(header, cycle, payload);
  assert.deepEqual(frame, naiveEncode(word === 1 ? 1 : 2, header, cycle, payload));
  assert.equal(inner(word, frame), -1);
  receiver.heard.length = 0;
  feed(receiver.wire, Uint8Array.from(frame));
  assert.deepEqual(receiver.heard, [[header, cycle, ...payload]]);
  return frame;
};

test("FRAME.5: contents of 254 bytes leave a mask, the last one too", () => {
  const shape: Shape = { boards: 9, traitors: 1, width: 31, commander: -1 };
  const expected = (header: number) => (header === naiveHeader(2, 1) ? 249 : -1);
  const receiver = createReceiver(shape, expected);
  assert.equal(receiver.layout.word, 1);
  const header = naiveHeader(2, 1);
  // Nearly all values that header and checksum leave over, a start too: a mask is hard to find.
  const masks = new Set<number>();
  const random = createRandom(SEED);
  for (let run = 0; run < 3000; run++) {
    const skip = run % 254 + 1;
    const values = Array.from({ length: 256 }, (_, at) => (NAIVE_START + at) & 255).filter(
      (value) => value !== skip && value !== header && value !== (run & 255),
    );
    const payload = values.slice(0, 249);
    while (payload.length < 249) payload.push(random() & 255);
    const frame = through(receiver, header, run & 255, payload);
    masks.add((frame[1]! - NAIVE_START) & 255);
  }
  assert.ok(masks.size > 200, `${masks.size} masks`);
  assert.ok(Math.max(...masks) > 250, "the last masks were never taken");
});

test("FRAME.5: every byte value in turn fills a frame", () => {
  for (const shape of SHAPES.filter(({ boards }) => boards < 13)) {
    const round = shape.traitors + 1;
    const sender = round === 1 || shape.commander !== 1 ? 1 : 2;
    const receiver = createReceiver(shape, naiveExpected(shape, 0, false));
    const bytes = naivePayloadBytes(shape, round);
    for (let value = 0; value < 256; value++) {
      const payload = Array.from({ length: bytes }, () => value);
      through(receiver, naiveHeader(round, sender), value, payload);
    }
  }
});

test("FRAME.5, FRAME.6: masks of two bytes are tried in order, and may lie at any offset", () => {
  const shape: Shape = { boards: 10, traitors: 3, width: 2, commander: -1 };
  const header = naiveHeader(4, 1);
  const receiver = createReceiver(shape, naiveExpected(shape, 0, false));
  const bytes = naivePayloadBytes(shape, 4);
  const [S, M] = [NAIVE_START, NAIVE_START + 1];
  const starts = (length: number) => Array.from({ length }, () => S);
  const fill = (head: number[]) => [...head, ...starts(bytes - head.length)];
  const pairs = naivePairs().filter(([, high]) => high === M);
  const tries: [number[], number[]][] = [
    [[], [1, M]],
    [[1, M], [2, M]],
    [[S, 1, M, 2, M], [3, M]],
    // 01 17 begins at an odd offset, 02 17 is not there.
    [[9, 1, M, 9], [2, M]],
    // All that end in 17, FF 17 excepted, and all.
    [pairs.slice(0, -1).flat(), [255, M]],
    [pairs.flat(), [0, M + 1]],
    // 00 18 also stands where 00 00 18 overlaps; 18 18 is no mask.
    [[...pairs.flat(), 0, 0, M + 1], [1, M + 1]],
  ];
  for (const [head, mask] of tries) {
    for (let shift = 0; shift < 3; shift++) {
      const payload = fill([...starts(shift), ...head]);
      assert.deepEqual(through(receiver, header, 77, payload).slice(2, 4), mask);
    }
  }
  // Without a start word there is nothing to mask, whatever else there is.
  for (const head of [[], [0, M], [S, 0, S], pairs.flat()]) {
    const payload = [...head, ...Array.from({ length: bytes - head.length }, () => 7)];
    assert.deepEqual(through(receiver, header, 77, payload).slice(2, 4), [0, M]);
  }
  // Runs of starts, even and odd, beside the mask's own bytes: nothing overlaps.
  for (let length = 1; length < 9; length++) {
    for (const before of [S, M, 0, 1]) {
      for (const after of [S, M, 0, 1]) {
        const run = starts(length);
        through(receiver, header, 0, fill([before, ...run, after, before, after, ...run]));
      }
    }
  }
});

test("FRAME.6: what lies behind a content is no part of a start word in it", () => {
  const shape: Shape = { boards: 10, traitors: 1, width: 30, commander: -1 };
  const receiver = createReceiver(shape, naiveExpected(shape, 0, false));
  assert.equal(receiver.layout.word, 2);
  const header = naiveHeader(1, 1);
  // All of a checksum is put down, and two bytes are sent: the second and the third are starts.
  const bytes = Uint8Array.from({ length: 33 }, (_, at) => (at ? 60 : header));
  let found = false;
  for (let one = 0; one < 1 << 22 && !found; one++) {
    bytes[30] = one & 255;
    bytes[31] = one >> 8;
    bytes[32] = one >> 16;
    found = ((checksum(bytes, 0, 33) >>> 8) & 65535) === NAIVE_START * 257;
  }
  assert.ok(found);
  const [, cycle, ...payload] = bytes;
  assert.equal(through(receiver, header, cycle!, payload).at(-1), NAIVE_START);
});

test("FRAME.5: a mask for contents made to use up the first masks", () => {
  const shape: Shape = { boards: 10, traitors: 3, width: 8, commander: -1 };
  const receiver = createReceiver(shape, naiveExpected(shape, 0, false));
  const bytes = naivePayloadBytes(shape, 4);
  const payload = [NAIVE_START, NAIVE_START, ...naivePairs().flat()].slice(0, bytes);
  const header = naiveHeader(4, 1);
  const frame = through(receiver, header, 5, payload);
  assert.deepEqual(frame.slice(2, 4), naiveMask(2, [header, 5, ...payload]));
});

test("FRAME.7: bytes of a payload are carried whatever they are", (t) => {
  const random = createRandom(SEED);
  for (const shape of SHAPES.slice(3, 6)) {
    const receiver = createReceiver(shape, naiveExpected(shape, 0, false));
    const bytes = naivePayloadBytes(shape, 2);
    const sender = shape.commander === 1 ? 2 : 1;
    const count = runs(t, 3000, 300);
    for (let run = 0; run < count; run++) {
      through(receiver, naiveHeader(2, sender), run & 255, randomPayload(random, bytes));
    }
  }
});
