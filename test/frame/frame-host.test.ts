import assert from "node:assert/strict";
import { test } from "node:test";
import { createWire, isMade } from "../../firmware/frame/frame-host.js";
import { START } from "../../firmware/index.js";
import type { Shape } from "../../firmware/index.js";
import { SEED, createRandom, replay, runs } from "../core/random.js";
import { SHAPES, nameOf } from "../node/hal.js";
import { naiveCrc } from "./naive-codec.js";
import { damagedOf, startsAsHeaders, hearAlike, pairOf } from "./pair.js";
import type { Pair } from "./pair.js";
import { randomCuts, randomFrame, randomPayload, randomPiece } from "./random.js";
import type { Random } from "./random.js";

/** What a computer makes of a line's bytes is what boards make of them, chunk by chunk. */

/** The mask that stands for nothing; of two bytes the second. */
const M = START + 1;

const twice = (shape: Shape): Pair => pairOf(shape, createWire);

/** Most pieces whole, as they come in an emulation, and some cut, or several at once. */
const chunksOf = (random: Random, pieces: readonly (readonly number[])[]): number[][] => {
  const chunks: number[][] = [];
  for (const piece of pieces) {
    if (random() % 3) chunks.push([...piece]);
    else if (chunks.length && random() % 2) chunks.at(-1)!.push(...piece);
    else {
      let from = 0;
      for (const length of [...randomCuts(random, piece.length), piece.length]) {
        chunks.push(piece.slice(from, from + length));
        from += length;
      }
    }
  }
  return chunks;
};

for (const shape of SHAPES) {
  test(`FRAME.13 to FRAME.18: what comes is the same to a computer, ${nameOf(shape)}`, (t) => {
    const random = createRandom(SEED);
    const count = runs(t, 400, 60);
    for (let run = 0; run < count; run++) {
      const both = twice(shape);
      const pieces = Array.from({ length: 1 + random() % 12 }, () =>
        (random() % 3 ? randomFrame(random, shape, 0).bytes : randomPiece(random, shape)));
      for (const chunk of chunksOf(random, pieces)) hearAlike(both, chunk);
    }
  });
}

const FOUR: Shape = { boards: 4, traitors: 1, width: 1, commander: -1 };

test("FRAME.13: each byte of a frame may be any other, or missing, and a good one follows", () => {
  const random = createRandom(SEED);
  for (let frames = 0; frames < 3; frames++) {
    const { bytes } = randomFrame(random, FOUR, 0);
    for (const chunks of damagedOf(bytes, randomFrame(random, FOUR, 0).bytes)) {
      const both = twice(FOUR);
      for (const chunk of chunks) hearAlike(both, chunk);
    }
  }
});

test("FRAME.15: a start that nobody has masked, in a frame of which the checksum is right", () => {
  const random = createRandom(SEED);
  let starts = 0;
  for (let run = 0; run < 4000; run++) {
    const { header, cycle, payload } = randomFrame(random, FOUR, 0);
    const body = [header, cycle, ...payload];
    const sum = naiveCrc(body);
    const frame = [START, M, ...body, sum & 255, (sum >> 8) & 255, (sum >> 16) & 255];
    if (!frame.includes(START, 1)) continue;
    starts++;
    hearAlike(twice(FOUR), frame);
  }
  assert.ok(starts > 100);
});

test("FRAME.18: a frame in two chunks, cut anywhere, with or without more behind it", () => {
  const random = createRandom(SEED);
  const { bytes } = randomFrame(random, FOUR, 0);
  const good = randomFrame(random, FOUR, 0).bytes;
  for (let at = 1; at < bytes.length; at++) {
    for (const more of [[], [START], good.slice(0, 4), good]) {
      const both = twice(FOUR);
      for (const chunk of [bytes.slice(0, at), [...bytes.slice(at), ...more], good, good]) {
        hearAlike(both, chunk);
      }
    }
  }
});

test("FRAME.13: a start in place of a header is none, whatever stands for it", () => {
  for (const frame of startsAsHeaders(FOUR)) hearAlike(twice(FOUR), frame);
});

test("FRAME.18: a frame in three chunks, whole, damaged, cut short, or with more behind it", () => {
  const random = createRandom(SEED);
  for (let frames = 0; frames < 20; frames++) {
    const { bytes } = randomFrame(random, FOUR, 0);
    const good = randomFrame(random, FOUR, 0).bytes;
    const end = bytes.length;
    for (let one = 1; one < end; one++) {
      for (let two = one; two < end; two++) {
        const damaged = bytes.with(random() % end, random() & 255);
        for (const whole of [bytes, damaged, [...bytes.slice(0, two), ...good]]) {
          const both = twice(FOUR);
          const parts = [whole.slice(0, one), whole.slice(one, two), whole.slice(two)];
          for (const chunk of [...parts, good]) hearAlike(both, chunk);
        }
      }
    }
  }
});

for (const shape of SHAPES) {
  test(`FRAME.1 to FRAME.6: a computer makes the same frames, ${nameOf(shape)}`, (t) => {
    const random = createRandom(SEED);
    const [board, computer] = twice(shape);
    for (let run = 0; run < runs(t, 2000, 400); run++) {
      const { header, cycle, payload } = randomFrame(random, shape, 0);
      const bytes = Math.min(payload.length, board.layout.block);
      const other = randomPayload(random, bytes);
      assert.deepEqual(
        computer.encode(header, cycle, other), board.encode(header, cycle, other), replay);
    }
  });
}

test("FRAME.5: a computer finds the mask wherever the first byte that is free is", () => {
  const shape: Shape = { boards: 4, traitors: 1, width: 64, commander: -1 };
  const [board, computer] = twice(shape);
  for (let first = 0; first < 64; first++) {
    for (let count = 0; count < 64; count++) {
      const payload = Array.from({ length: count }, (_, at) => first + at);
      assert.deepEqual(computer.encode(0, first, payload), board.encode(0, first, payload));
    }
  }
});

test("FRAME.5: a frame with another mask, or with more about it, is not as it is made", () => {
  const random = createRandom(SEED);
  let masks = 0;
  for (let run = 0; run < 200; run++) {
    const { bytes } = randomFrame(random, FOUR, 0);
    const is = (chunk: readonly number[]) => isMade(Uint8Array.from(chunk), bytes.length);
    const mask = bytes[1]!;
    assert.equal(is(bytes), mask >= M && mask < M + 32);
    for (const chunk of [
      [...bytes, 0], [...bytes, 7], [7, ...bytes], bytes.with(0, 7), bytes.slice(0, -1), [],
    ]) assert.equal(is(chunk), false);
    for (let other = 0; other < 256; other++) {
      if (other === START || other === M || bytes.indexOf(other, 1) > 0) continue;
      masks++;
      const stands = (at: number) => at === 1 || (at > 1 && mask !== M && bytes[at] === mask);
      assert.equal(is(bytes.map((byte, at) => (stands(at) ? other : byte))), false);
    }
  }
  assert.ok(masks > 1000);
});

/** Words of two bytes, and frames of some hundred. */
const WIDE: Shape = { boards: 6, traitors: 1, width: 64, commander: -1 };

// Some bytes of a wide frame: all about its beginning and end, and a few between.
const someOf = (random: Random, length: number): number[] =>
  Array.from({ length: Math.min(40, length) }, (_, at) => (length < 40 || at < 14 ? at
    : at < 28 ? length - 1 - (at - 14) : 14 + random() % (length - 28)));

/** A frame of many starts and few other bytes, so that words occur and pairs overlap. */
const sparse = (random: Random, receiver: Pair[0]): number[] => {
  const { header, cycle, payload } = randomFrame(random, WIDE, 0);
  const few = payload.map(() => [START, START, M, 0, 1, random() & 255][random() % 6]!);
  return receiver.encode(header, cycle, few.slice(0, receiver.layout.block));
};

test("FRAME.13, FRAME.18: a wide frame, cut anywhere, damaged, or with more behind it", (t) => {
  const random = createRandom(SEED);
  for (let frames = 0; frames < runs(t, 40, 8); frames++) {
    const [board] = twice(WIDE);
    const good = sparse(random, board);
    const bytes = sparse(random, board);
    for (const at of someOf(random, bytes.length)) {
      const value = [START, M, bytes[2]!, bytes[3]!, random() & 255][random() % 5]!;
      const cut = 1 + random() % (bytes.length - 1);
      const near = bytes.with(at, value).with(Math.max(0, at - 1), random() % 2 ? value : START);
      for (const whole of [
        bytes, bytes.with(at, value), near, bytes.toSpliced(at, 1), bytes.toSpliced(at, 0, value),
        bytes.slice(0, at), [...bytes, START], [...bytes, ...good],
      ]) {
        const both = twice(WIDE);
        for (const chunk of [whole.slice(0, at), whole.slice(at), good]) hearAlike(both, chunk);
        const cutTwice = twice(WIDE);
        const [one, two] = [Math.min(at, cut), Math.max(at, cut)];
        for (const chunk of [whole.slice(0, one), whole.slice(one, two), whole.slice(two), good]) {
          hearAlike(cutTwice, chunk);
        }
      }
    }
  }
});

test("FRAME.18: a wide frame byte by byte, after what was one and after what was none", () => {
  const random = createRandom(SEED);
  const S = START;
  for (const before of [[], [S], [S, S], [S, S, S], [7], [S, S, 5, 1, 9, 9]]) {
    const both = twice(WIDE);
    for (let frames = 0; frames < 3; frames++) {
      for (const byte of [...(frames ? [] : before), ...sparse(random, both[0])]) {
        hearAlike(both, [byte]);
      }
    }
    assert.ok(both[0].heard.length > 1);
  }
});

test("FRAME.5: a computer finds the mask of two bytes wherever the first that is free is", () => {
  const random = createRandom(SEED);
  const [board, computer] = twice(WIDE);
  for (let count = 0; count < 160; count++) {
    // So many masks occur, some of them twice, or one byte off.
    const payload = Array.from({ length: 2 * count }, (_, at) => (at & 1 ? M : at >> 1));
    const S = START;
    for (const more of [[], [S], [S, S, S], [M, M, S, S], [random() & 255, M]]) {
      const given = [...payload, ...more].slice(0, board.layout.block);
      for (const header of [0, 1, 33]) {
        const frame = board.encode(header, count & 255, given);
        assert.deepEqual(computer.encode(header, count & 255, given), frame);
        hearAlike(twice(WIDE), frame);
      }
    }
  }
});

test("FRAME.5: where all masks that end in 17 occur, a computer does what a board does", () => {
  const shape: Shape = { boards: 12, traitors: 1, width: 64, commander: -1 };
  const [board, computer] = twice(shape);
  const all = Array.from({ length: 512 }, (_, at) => (at & 1 ? M : at >> 1));
  const S = START;
  for (const given of [all, [S, S, ...all], [...all.slice(4), S, S], [S, S, ...all.with(100, 7)]]) {
    assert.deepEqual(computer.encode(1, 2, given), board.encode(1, 2, given));
  }
});
