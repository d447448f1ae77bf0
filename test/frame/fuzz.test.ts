/** Ten million random bytes, a hundred thousand mutated frames: no throw, no growth. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { START, createNode, oral, integer, layoutOf, majority } from "../../firmware/index.js";
import type { Layout, Node, Shape } from "../../firmware/index.js";
import { GROWTH_MAX, growthOf } from "../core/growth.js";
import { SEED, createRandom, replay, runs } from "../core/random.js";
import { SHAPES, createReceiver, nameOf } from "../node/hal.js";
import { NAIVE_HUB, naiveEncode, naiveExpected, naiveHeader, naiveWord } from "./naive-codec.js";
import { randomFrame } from "./random.js";
import type { Random } from "./random.js";

/** Those of which starts, masks and headers are made. */
const FEW = [START, START, START, START + 1, START + 1, 0, 0x41, 0x42];

/** Bytes that are random, or only those that make up starts and masks, in one buffer used again. */
const noise = (random: Random, buffer: Uint8Array): Uint8Array => {
  const dense = random() & 1;
  for (let at = 0; at < buffer.length; at += 4) {
    let four = random();
    for (let index = at; index < at + 4; index++, four >>>= 8) {
      buffer[index] = dense ? FEW[four & 7]! : four;
    }
  }
  return buffer.subarray(0, 1 + random() % buffer.length);
};

/** Noise of `total` bytes; `check` is called about a hundred times in between. */
const flood = (
  random: Random, total: number, receive: (chunk: Uint8Array) => void, check: () => void,
): void => {
  const buffer = new Uint8Array(4096);
  let left = total;
  for (let mark = total; left > 0; ) {
    const chunk = noise(random, buffer);
    receive(chunk);
    left -= chunk.length;
    if (left < mark) {
      check();
      mark -= total / 100;
    }
  }
};

/** A node that keeps nothing of what it sends. */
const createFuzzed = (shape: Shape) => {
  const all: Layout = layoutOf(shape, 0, false);
  const seen = { sent: 0, acted: 0 };
  const node: Node<number> = createNode(
    all,
    { agree: oral(all), type: integer("Uint8"), choose: majority, fallback: 0 },
    {
      send: () => void seen.sent++,
      act: () => void seen.acted++,
      read: () => 7,
    },
  );
  return { node, seen };
};

const fuzzed = SHAPES.filter(({ width, boards, commander }) =>
  width === 1 && boards > 2 && boards < 13 && commander < 0);

for (const shape of fuzzed) {
  const word = naiveWord(shape);
  const opening = (cycle: number) =>
    Uint8Array.from(naiveEncode(word, naiveHeader(1, NAIVE_HUB), cycle & 255, [
      (cycle >> 8) & 255, (cycle >> 16) & 255, cycle >> 24,
    ]));

  test(`FRAME.18: ten million random bytes into the decoder, ${nameOf(shape)}`, (t) => {
    const random = createRandom(SEED);
    const receiver = createReceiver(shape, naiveExpected(shape, 0, false));
    const { arena, counts, heard, wire } = receiver;
    const { end } = receiver.layout;
    arena.fill(0xa5, end);
    const good = Uint8Array.from(randomFrame(random, shape, 0, 1, 1).bytes);
    const total = runs(t, 10_000_000, 200_000);
    const grown = growthOf(() => {
      flood(random, total / 2, (chunk) => {
        wire.decode(chunk);
      }, () => {
        heard.length = 0;
        wire.decode(good);
        assert.deepEqual(heard.length, 1, replay);
      });
    });
    t.diagnostic(`${grown} bytes more, counted ${counts.join()}`);
    assert.ok(grown < GROWTH_MAX, `${grown} bytes`);
    assert.ok(counts.every((count) => count > 0), counts.join());
    assert.ok(arena.subarray(end).every((byte) => byte === 0xa5), "nothing written behind it");
  });

  test(`NODE.7: ten million random bytes into the node, ${nameOf(shape)}`, (t) => {
    const random = createRandom(SEED);
    const { node, seen } = createFuzzed(shape);
    let cycle = 0;
    const total = runs(t, 10_000_000, 200_000);
    const grown = growthOf(() => {
      flood(random, total / 2, (chunk) => {
        node.receive(chunk);
      }, () => {
        const { sent } = seen;
        node.receive(opening(cycle++));
        assert.equal(seen.sent, sent + 1, replay);
      });
    });
    t.diagnostic(`${grown} bytes more, counted ${node.counts.join()}`);
    assert.ok(grown < GROWTH_MAX, `${grown} bytes`);
  });

  test(`NODE.7: a hundred thousand mutated frames into the node, ${nameOf(shape)}`, (t) => {
    const random = createRandom(SEED);
    const { node, seen } = createFuzzed(shape);
    const count = runs(t, 100_000, 5000);
    const frames = Array.from({ length: 500 }, () => randomFrame(random, shape, 0).bytes);
    const mutated = (cycle: number) => {
      const bytes = frames[random() % frames.length]!.slice();
      const at = random() % bytes.length;
      const kind = random() % 6;
      if (kind === 0) bytes[at]! ^= 1 << random() % 8;
      else if (kind === 1) bytes[at] = random() & 255;
      else if (kind === 2) bytes.splice(at, 1 + random() % 3);
      else if (kind === 3) bytes.splice(at, 0, random() & 255);
      else if (kind === 4) bytes.push(...bytes.slice(at));
      else bytes.splice(at, 2, 0, 0);
      node.receive(Uint8Array.from(bytes));
      // A mutant that is a good frame again may have moved the node to this very cycle.
      const next = ((cycle << 8) | random() & 255) >>> 0;
      const { sent } = seen;
      node.receive(opening(next));
      node.receive(opening(next + 1));
      assert.ok(seen.sent > sent, `cycle ${cycle}, behind ${bytes.join()}, ${replay}`);
    };
    let cycle = 0;
    const grown = growthOf(() => {
      for (let left = count / 2; left > 0; left--) mutated(cycle++);
    });
    t.diagnostic(`${grown} bytes more, counted ${node.counts.join()}`);
    assert.ok(grown < GROWTH_MAX, `${grown} bytes`);
  });
}
