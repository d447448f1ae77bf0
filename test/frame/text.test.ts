import assert from "node:assert/strict";
import { test } from "node:test";
import type { createWire as createBoardWire } from "../../firmware/frame/frame.js";
import type { Shape } from "../../firmware/index.js";
import { checksum } from "../../firmware/platform/host.js";
import { residuesOf } from "../../host/bundle/residues.js";
import { SEED, createRandom, replay, runs } from "../core/random.js";
import { SHAPES, createReceiver, nameOf } from "../node/hal.js";
import { NAIVE_START, naiveCrc, naiveMask } from "./naive-codec.js";
import { damagedOf, startsAsHeaders, hearAlike, pairOf } from "./pair.js";
import type { Pair } from "./pair.js";
import { randomCuts, randomFrame, randomPiece } from "./random.js";

/** Frames are searched in strings as they are in an arena: `text.ts` against `frame.ts`. */

const codes = (text: string) => Uint8Array.from(text, (one) => one.charCodeAt(0));
const textOf = (list: Uint8Array) => String.fromCharCode(...list);

// What a bundle has: Espruino, and its numbers, which are put there for each wire.
const numbers = { receive: 0, margin: 0, poll: 0, residues: {} };
const made = globalThis as unknown as { QUICK: boolean };
made.QUICK = true;
Object.assign(globalThis, {
  layout: numbers,
  E: {
    CRC32: (bytes: string | Uint8Array) =>
      (typeof bytes === "string" ? checksum(codes(bytes), 0, bytes.length)
        : checksum(bytes, 0, bytes.length)),
    toString: textOf,
  },
});
const texts = await import("../../firmware/frame/text.js");

/** An array of bytes that strings can be put into, as Espruino's can. */
const taking = (arena: Uint8Array): Uint8Array =>
  Object.assign(arena, {
    set(source: string | ArrayLike<number>, at: number) {
      Uint8Array.prototype.set.call(arena, typeof source === "string" ? codes(source) : source, at);
    },
  });

/** Those of which starts, masks and headers are made. */
const FEW = [NAIVE_START, NAIVE_START + 1, 33, 34, 63];

/** A wire of strings, of one that is asked by numbers. */
const createTextWire: typeof createBoardWire = (layout, arena, view, counts, payloadOf, hear) => {
  // On a star no frame comes that has a start in it; here they do.
  Object.assign(numbers, layout, { residues: residuesOf(layout), poll: 1 });
  const wire = texts.createWire(taking(arena) as never, view, counts, (sender, round, header) => {
    // Of a header that has not come yet an array of lengths has none (test/dialect/questions.ts).
    if (Number.isNaN(header)) return undefined as never;
    assert.ok(Number.isInteger(header));
    return payloadOf(sender, round, header);
  }, hear);
  return {
    ...wire,
    decode(chunk) {
      wire.decode(textOf(chunk));
    },
    encode(header, cycle, from, bytes) {
      const frame = wire.encode(header, cycle, from, bytes);
      arena.set(codes(frame), layout.transmit);
      return layout.transmit + frame.length;
    },
  };
};

const shapes = SHAPES.filter((shape) => createReceiver(shape, () => -1).layout.word === 1);

const both = (shape: Shape): Pair => pairOf(shape, createTextWire);

for (const [shape, quick] of shapes.flatMap((one) => [[one, true], [one, false]] as const)) {
  test(`FRAME.13 to FRAME.18: any bytes, cut anywhere, ${nameOf(shape)}, ${
    quick ? "quick" : "small"}; ${replay}`, (t) => {
    made.QUICK = quick;
    const random = createRandom(SEED);
    for (let run = 0; run < runs(t, 600, 150); run++) {
      const pair = both(shape);
      const few = random() % 2 > 0;
      const stream = Array.from({ length: 1 + random() % 9 }, () =>
        (random() % 3 ? randomFrame(random, shape, 0).bytes
          : few ? Array.from({ length: random() % 9 }, () => FEW[random() % FEW.length]!)
            : randomPiece(random, shape))).flat();
      let from = 0;
      for (const length of [...randomCuts(random, stream.length), stream.length]) {
        hearAlike(pair, stream.slice(from, from + length));
        from += length;
      }
    }
  });

  test(`FRAME.5, FRAME.6: frames are made alike, ${nameOf(shape)}; ${replay}`, (t) => {
    const random = createRandom(SEED);
    for (let run = 0; run < runs(t, 2000, 200); run++) {
      const [plain, text] = both(shape);
      const range = 1 + random() % 256;
      const payload = Array.from({ length: random() % (plain.layout.block + 1) }, () =>
        random() % range);
      const [header, cycle] = [random() % 256, random()];
      // What was there before is no part of it.
      for (const { arena } of [plain, text]) arena.fill(random());
      assert.deepEqual(text.encode(header, cycle, payload), plain.encode(header, cycle, payload));
    }
  });
}

const FOUR: Shape = { boards: 4, traitors: 1, width: 1, commander: -1 };

test("FRAME.13: each byte of a frame may be any other, or missing, and a good one follows", () => {
  const random = createRandom(SEED);
  const { bytes } = randomFrame(random, FOUR, 0);
  for (const chunks of damagedOf(bytes, randomFrame(random, FOUR, 0).bytes)) {
    for (const quick of [true, false]) {
      made.QUICK = quick;
      const pair = both(FOUR);
      for (const chunk of chunks) hearAlike(pair, chunk);
    }
  }
});

test("FRAME.13: a start in place of a header is none, whatever stands for it", () => {
  for (const frame of startsAsHeaders(FOUR)) {
    for (const quick of [true, false]) {
      made.QUICK = quick;
      hearAlike(both(FOUR), frame);
    }
  }
});

/** A whole frame of such a content, in which nothing is masked whatever it has. */
const unmasked = (content: readonly number[], mask = NAIVE_START + 1) => {
  const sum = naiveCrc(content);
  return [NAIVE_START, mask, ...content, sum & 255, (sum >> 8) & 255, (sum >> 16) & 255];
};

test("FRAME.13: one chunk with a start inside, another length, another mask is heard alike", () => {
  const random = createRandom(SEED);
  for (let run = 0; run < 4000; run++) {
    const [, , header = 0, cycle = 0] = randomFrame(random, FOUR, 0).bytes;
    const payload = Array.from({ length: random() % 9 }, () => FEW[random() % FEW.length]!);
    const frame = unmasked([header, cycle, ...payload], random() % 4 ? undefined : random() % 256);
    for (const quick of [true, false]) {
      made.QUICK = quick;
      const pair = both(FOUR);
      hearAlike(pair, frame);
      hearAlike(pair, randomFrame(random, FOUR, 0).bytes);
    }
  }
});

test("FRAME.4: what start and mask make of a checksum depends on the length alone", () => {
  const random = createRandom(SEED);
  const { layout } = createReceiver(FOUR, () => -1);
  const residues = residuesOf(layout);
  assert.deepEqual(Object.keys(residues).map(Number), [7, 9, 11, 12]);
  for (const [length, residue] of Object.entries(residues)) {
    for (let run = 0; run < 200; run++) {
      const content = Array.from({ length: Number(length) - 5 }, () => random() % 256);
      const frame = unmasked(content);
      assert.equal(naiveCrc(frame) >>> 8, residue);
      // With any bit of it changed it is another, the mask's too.
      const at = random() % frame.length;
      assert.notEqual(naiveCrc(frame.with(at, frame[at]! ^ (1 << random() % 8))) >>> 8, residue);
    }
  }
});

/** By a byte, what eight steps of a checksum make of it. */
const TABLE = Array.from({ length: 256 }, (_, byte) => (naiveCrc([byte]) ^ naiveCrc([0])) >>> 0);

/** @returns some bytes and three more, whose checksum is `residue` but for its lowest byte */
const madeFor = (bytes: readonly number[], residue: number): number[] => {
  const begun = ~naiveCrc(bytes) >>> 0;
  for (let sum = 0; sum < 1 << 24; sum++) {
    let register = begun;
    for (let shift = 0; shift < 24; shift += 8) {
      register = TABLE[(register ^ (sum >> shift)) & 255]! ^ (register >>> 8);
    }
    if (~register >>> 8 === residue) {
      return [...bytes, sum & 255, (sum >> 8) & 255, (sum >> 16) & 255];
    }
  }
  throw new Error("three bytes can make it anything");
};

test("FRAME.13: a frame of another length than its header tells is none, whatever its sum", () => {
  made.QUICK = true;
  // Board 1 in round 1, and its payload of two bytes.
  const body = [NAIVE_START, NAIVE_START + 1, 33, 5];
  const residue = residuesOf(both(FOUR)[0].layout)[9]!;
  for (const more of [-2, -1, 1, 9]) {
    const frame = madeFor([...body, ...Array<number>(2 + more).fill(1)], residue);
    assert.equal(naiveCrc(frame) >>> 8, residue);
    hearAlike(both(FOUR), frame);
  }
});

test("FRAME.5: masks that are hard to find are found alike, the last ones too", () => {
  const shape: Shape = { boards: 9, traitors: 1, width: 31, commander: -1 };
  const [plain, text] = both(shape);
  const all = Array.from({ length: 249 }, (_, at) => (NAIVE_START + (at && at + 1)) & 255);
  for (let count = 1; count <= all.length; count++) {
    const payload = all.slice(0, count);
    assert.deepEqual(text.encode(34, 200, payload), plain.encode(34, 200, payload));
  }
});

test("FRAME.16: a checksum of which 16 bits are right is wrong", () => {
  const random = createRandom(SEED);
  const [, , ...content] = randomFrame(random, FOUR, 0).bytes;
  made.QUICK = true;
  let found = 0;
  for (let sum = 0; found < 3 && sum < 1 << 20; sum++) {
    const body = [...content.slice(0, -3), sum & 255, (sum >> 8) & 255, (sum >> 16) & 255];
    const upper = naiveCrc(body) >>> 16;
    if (upper !== 0xff41 || naiveCrc(body) >>> 8 === 0xff41d9) continue;
    found++;
    const [mask] = naiveMask(1, body);
    hearAlike(both(FOUR), [
      NAIVE_START, mask!, ...body.map((byte) => (byte === NAIVE_START ? mask! : byte)),
    ]);
  }
  assert.equal(found, 3);
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
