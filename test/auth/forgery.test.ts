import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { growTree } from "../../host/keys/tree.js";
import { SEED, createRandom, replay } from "../core/random.js";
import { LONG, createBoard, freshSlots, noKey, randomBytes, shapeOf, treeSet } from "./board.js";
import type { Board } from "./board.js";

const MESSAGE_BYTES = 10;

interface Case {
  readonly name: string;
  readonly board: Board;
  readonly cycle: number;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/** Board 1 of three, and a signature that it made in a cycle. */
const caseOf = (name: string, trees: Parameters<typeof shapeOf>[0], cycle: number): Case => {
  const random = createRandom(SEED + cycle);
  const n = noKey(trees[0]!).length - 16;
  const seed = randomBytes(random, n);
  const { key, crown } = growTree(trees[0]!, randomBytes(random, 16), seed);
  const other = growTree(trees[0]!, randomBytes(random, 16), randomBytes(random, n)).key;
  const board = createBoard(shapeOf(trees, MESSAGE_BYTES, { boards: 3 }), {
    keys: [other, key, noKey(trees[0]!)], seed, crown, self: 1, slots: freshSlots(key, cycle),
  });
  board.signer.prepare(cycle - 1);
  const message = randomBytes(random, MESSAGE_BYTES);
  return { name, board, cycle, message, signature: board.sign(cycle, message)! };
};

const CASES = [
  caseOf("one tree", [treeSet(24, 5, 4)], 19),
  caseOf("one tall tree", [treeSet(24, 10, 1)], 32 * 7 + 31),
  caseOf("two trees", [treeSet(24, 5, 4), treeSet(24, 5, 2)], 32 * 31 + 6),
];

const flipped = (bytes: Uint8Array, bit: number): Uint8Array => {
  const wrong = bytes.slice();
  wrong[bit >> 3]! ^= 1 << (bit & 7);
  return wrong;
};

/** Runs `body` with the key of board 1 changed, or anything else of the arena. */
const withArena = (board: Board, at: number, bytes: Uint8Array, body: () => void): void => {
  const kept = board.arena.slice(at, at + bytes.length);
  board.arena.set(bytes, at);
  body();
  board.arena.set(kept, at);
};

describe("AUTH.3: a signature", () => {
  for (const { name, board, cycle, message, signature } of CASES) {
    const check = (text: Uint8Array, bytes: Uint8Array, of = 1) => board.verify(of, text, bytes);
    const { layout } = board;

    test(`of ${name} checks, for its board and message only`, () => {
      assert.equal(check(message, signature), true);
      for (const of of [0, 2, 3, -1, 31, Number.NaN, Infinity]) {
        assert.equal(check(message, signature, of), false, `board ${of}`);
      }
      for (let bit = 0; bit < 8 * MESSAGE_BYTES; bit++) {
        assert.equal(check(flipped(message, bit), signature), false, `bit ${bit}`);
      }
      assert.equal(check(message, signature), true);
    });

    test(`of ${name} does not check with a bit changed (${replay})`, () => {
      const random = createRandom(SEED);
      const n = layout.hashBytes;
      // The rows of hashes are all alike: a bit of each; of what stands between them every bit.
      const hashes: [number, number][] = [];
      let at = 4;
      layout.heights.forEach((height, tree) => {
        const chains = layout.chains[tree]!;
        hashes.push([at + 8, 1 + chains], [at + 12 + n * (1 + chains), height]);
        at += 12 + n * (1 + chains + height);
        if (tree < layout.trees - 1) hashes.push([at + 8, 0]);
        at += tree < layout.trees - 1 ? 24 + n : 0;
      });
      assert.equal(at, signature.length);
      let bits = 0;
      for (let bit = 0; bit < 8 * signature.length; bit++) {
        const byte = bit >> 3;
        const row = hashes.find(([from, rows]) => byte >= from && byte < from + rows * n);
        const chosen = row && 8 * (byte - ((byte - row[0]) % n)) + (random() % (8 * n));
        if (row && !LONG) {
          assert.equal(check(message, flipped(signature, chosen!)), false, `bit ${chosen}`);
          bit += 8 * n - 1;
        } else assert.equal(check(message, flipped(signature, bit)), false, `bit ${bit}`);
        bits++;
      }
      assert.ok(bits > 100, `${bits} bits`);
      assert.equal(check(message, signature), true);
    });

    test(`of ${name} does not check with a bit of the key changed`, () => {
      const at = layout.keys + layout.keyBytes;
      const key = board.arena.slice(at, at + layout.keyBytes);
      for (let bit = 0; bit < 8 * key.length; bit++) {
        withArena(board, at, flipped(key, bit), () => {
          assert.equal(check(message, signature), false, `bit ${bit}`);
        });
      }
      assert.equal(check(message, signature), true);
    });

    test(`of ${name} does not check with another leaf's number`, () => {
      const leaf = new DataView(signature.buffer).getUint32(layout.lastAt);
      const others = [leaf - 1, leaf + 1, leaf ^ 16, leaf + 32, leaf + 1024, 2 ** 31 + leaf];
      for (const other of [0, ...others]) {
        const wrong = signature.slice();
        new DataView(wrong.buffer).setUint32(layout.lastAt, other);
        assert.equal(check(message, wrong), false, `leaf ${other}`);
      }
    });

    test(`of ${name} does not check if it is of another length or place`, () => {
      const { arena, signer, text, at } = board;
      const end = at + signature.length;
      arena.set(message, text);
      arena.set(signature, at);
      assert.equal(signer.verify(1, text, at, end), true);
      for (const [from, to] of [
        [at, end - 1], [at, end + 1], [at, at], [at, at - 1], [at + 1, end + 1], [at - 1, end - 1],
        [0, 0], [-1, signature.length - 1], [Number.NaN, Number.NaN],
        [0, Number.NaN], [-Infinity, Infinity],
        [arena.length - 1, arena.length - 1 + signature.length],
        [2 ** 31, 2 ** 31 + signature.length],
      ] as const) {
        assert.equal(signer.verify(1, text, from, to), false, `${from}..${to}`);
      }
    });

    test(`of ${name}: nothing at random checks, and nothing throws (${replay})`, () => {
      const random = createRandom(SEED);
      for (let turn = 0; turn < 300; turn++) {
        const wrong = turn % 3 ? signature.slice() : randomBytes(random, signature.length);
        if (turn % 3 === 1) wrong.set(randomBytes(random, 30), random() % (wrong.length - 30));
        const from = random() % wrong.length;
        if (turn % 3 === 2) wrong.copyWithin(0, from, 1 + (random() % wrong.length));
        if (Buffer.compare(wrong, signature) === 0) continue;
        assert.equal(check(message, wrong), false, `turn ${turn}`);
      }
    });

    test(`of ${name} is made once`, () => {
      for (const again of [cycle, cycle - 1, 0, -1, cycle + 2 ** 20, 2 ** 32, Number.NaN]) {
        assert.equal(board.sign(again, flipped(message, 0)), undefined, `cycle ${again}`);
      }
    });
  }
});
