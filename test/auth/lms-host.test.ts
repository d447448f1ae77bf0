import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createLms, keptNow } from "../../firmware/auth/lms/lms-host.js";
import { createLms as createBoardLms } from "../../firmware/auth/lms/lms.js";
import { signatureLayout } from "../../firmware/auth/lms/sets.js";
import type { TreeSet } from "../../firmware/auth/lms/sets.js";
import { SEED, createRandom, replay } from "../core/random.js";
import { HASHES, LONG, WIDTHS, hex, randomBytes, shapeOf, treeSet } from "./board.js";

/**
 * What a computer keeps of leaves and signatures changes nothing: each leaf, signature and verdict
 * is what boards have, which keep nothing.
 */

const TEXT_BYTES = 10;

/** A key pair in an arena of its own, with one way to make and check its signatures. */
const createSide = (set: TreeSet, create: typeof createLms, name: Uint8Array, seed: Uint8Array) => {
  const layout = signatureLayout(shapeOf([set], TEXT_BYTES, { boards: 2 }), 0, 7);
  const text = layout.signatureEnd;
  const at = text + TEXT_BYTES;
  const arena = new Uint8Array(at + layout.signatureBytes);
  const lms = create(layout, arena, new DataView(arena.buffer));
  const n = layout.hashBytes;
  arena.set(name, layout.keys);
  arena.set(seed, layout.seeds);
  const path = at + 8 + n * (1 + layout.chains[0]!) + 4;
  return {
    layout, arena, lms, path,
    leaf(number: number) {
      lms.use(layout.keys, number, 0);
      lms.leaf(at);
      return hex(arena.subarray(at, at + n));
    },
    /** @returns the signature but for its path, which may be anything */
    sign(number: number, message: Uint8Array) {
      lms.use(layout.keys, number, 0);
      arena.set(message, text);
      assert.equal(lms.sign(text, at), path);
      return arena.slice(at, path);
    },
    check(root: Uint8Array, message: Uint8Array, signature: Uint8Array) {
      arena.set(root, layout.keys + 16);
      arena.set(message, text);
      arena.set(signature, at);
      return lms.check(layout.keys, text, at, 0);
    },
    /** The root to which a signature leads. */
    rootOf(message: Uint8Array, signature: Uint8Array) {
      this.check(new Uint8Array(n), message, signature);
      return arena.slice(layout.step + 23, layout.step + 23 + n);
    },
  };
};

const pairOf = (set: TreeSet, name: Uint8Array, seed: Uint8Array) => ({
  computer: createSide(set, createLms, name, seed),
  board: createSide(set, createBoardLms, name, seed),
});

const SETS = HASHES.flatMap((n) =>
  WIDTHS.filter((w) => w < 8 || LONG).map((w) => treeSet(n, w === 2 ? 10 : 5, w)));

describe("AUTH.1: signatures on a computer", () => {
  for (const set of SETS) {
    test(`${set.lms} ${set.ots}: are right and wrong as to a board, any byte changed (${replay})`,
      () => {
        const random = createRandom(SEED);
        const n = set.lms.includes("M24") ? 24 : 32;
        const { computer, board } =
          pairOf(set, randomBytes(random, 16), randomBytes(random, n));
        const { heights } = board.layout;
        const leaf = random() % 32;
        const message = randomBytes(random, TEXT_BYTES);
        const alike = (what: string, ...given: Parameters<typeof board.check>) => {
          const right = board.check(...given);
          assert.equal(computer.check(...given), right, `${what}, ${replay}`);
          // What is kept of it says the same again.
          assert.equal(computer.check(...given), right, `${what}, again, ${replay}`);
          return right;
        };
        for (const known of [false, true]) {
          if (known) assert.equal(computer.leaf(leaf), board.leaf(leaf));
          const made = board.sign(leaf, message);
          assert.equal(hex(computer.sign(leaf, message)), hex(made));
          const signature = Uint8Array.from([...made, ...randomBytes(random, n * heights[0]!)]);
          const root = board.rootOf(message, signature);
          assert.ok(alike("right", root, message, signature));
          // Of long ones some, unless there is time.
          const step = known && (LONG || made.length < 1300) ? 1 : 37;
          for (let at = 0; at < signature.length; at += step) {
            const changed = signature.with(at, signature[at]! ^ (1 << random() % 8));
            assert.equal(alike(`byte ${at}`, root, message, changed), false);
          }
          for (let at = 0; at < TEXT_BYTES; at++) {
            alike(`text ${at}`, root, message.with(at, message[at]! ^ 1), signature);
          }
          for (let at = 0; at < n; at++) {
            alike(`root ${at}`, root.with(at, root[at]! ^ 1), message, signature);
          }
          for (let at = 0; at < 16; at++) {
            for (const side of [computer, board]) side.arena[side.layout.keys + at]! ^= 1;
            alike(`name ${at}`, root, message, signature);
            for (const side of [computer, board]) side.arena[side.layout.keys + at]! ^= 1;
          }
          assert.ok(alike("still right", root, message, signature));
        }
      });
  }

  test(`with one leaf, of two texts, are two, and the path of one is none of another (${replay})`,
    () => {
      const random = createRandom(SEED + 1);
      const set = treeSet(24, 5, 4);
      const { computer, board } = pairOf(set, randomBytes(random, 16), randomBytes(random, 24));
      const paths = [randomBytes(random, 120), randomBytes(random, 120)];
      const messages = [randomBytes(random, TEXT_BYTES), randomBytes(random, TEXT_BYTES)];
      computer.leaf(3);
      const made = messages.map((message) => computer.sign(3, message));
      const [root, other] = paths.map((path) =>
        board.rootOf(messages[0]!, Uint8Array.from([...made[0]!, ...path])));
      assert.notEqual(hex(root!), hex(other!));
      for (let turn = 0; turn < 64; turn++) {
        const key = turn & 1 ? root! : other!;
        const signature = Uint8Array.from([...made[(turn >> 1) & 1]!, ...paths[(turn >> 2) & 1]!]);
        const message = messages[(turn >> 3) & 1]!;
        assert.equal(computer.check(key, message, signature), board.check(key, message, signature),
          `turn ${turn}`);
      }
    });
});

describe("AUTH.1: leaves on a computer", () => {
  test(`are those of their name, seed and set, and of no other (${replay})`, () => {
    const random = createRandom(SEED + 2);
    const names = [randomBytes(random, 16), randomBytes(random, 16)];
    const seeds = [randomBytes(random, 32), randomBytes(random, 32)];
    const seen = new Set<string>();
    for (const set of SETS.filter(({ ots }) => !ots.endsWith("W8"))) {
      const n = set.lms.includes("M24") ? 24 : 32;
      for (const name of names) {
        for (const seed of seeds) {
          const { computer, board } = pairOf(set, name, seed.subarray(0, n));
          for (const leaf of [0, 1, 31, 1, 0]) {
            const made = computer.leaf(leaf);
            assert.equal(made, board.leaf(leaf));
            seen.add(made);
          }
        }
      }
    }
    assert.equal(seen.size, 3 * 4 * 6);
  });

  test("beyond the last are made and not kept", () => {
    const random = createRandom(SEED + 3);
    const set = treeSet(24, 5, 1);
    const { computer, board } = pairOf(set, randomBytes(random, 16), randomBytes(random, 24));
    for (const leaf of [32, 33, 32]) assert.equal(computer.leaf(leaf), board.leaf(leaf));
    const made = computer.sign(33, randomBytes(random, TEXT_BYTES));
    assert.equal(made.length, board.path - board.layout.signatureEnd - TEXT_BYTES);
  });

  test("and signatures are kept up to a bound, and what is gone is made again", () => {
    const random = createRandom(SEED + 4);
    const set = treeSet(24, 5, 1);
    const [name, message] = [randomBytes(random, 16), randomBytes(random, TEXT_BYTES)];
    const seedOf = (number: number) =>
      Uint8Array.from({ length: 24 }, (_, at) => (number >> (8 * at)) & 255);
    const first = pairOf(set, name, seedOf(0));
    const path = randomBytes(random, 120);
    first.computer.leaf(0);
    const signature = Uint8Array.from([...first.computer.sign(0, message), ...path]);
    const root = first.board.rootOf(message, signature);
    for (let number = 1; number < 600; number++) {
      const { computer } = pairOf(set, name, seedOf(number));
      computer.leaf(0);
      computer.sign(0, message);
    }
    const [pairs, bytes, signatures] = keptNow();
    assert.ok(pairs <= 256 && signatures <= 256, `${pairs} pairs, ${signatures} signatures`);
    assert.ok(signatures > 200);
    assert.equal(first.computer.leaf(0), first.board.leaf(0));
    assert.ok(first.computer.check(root, message, signature));
    // Of high trees there are fewer.
    const high = treeSet(32, 15, 1);
    for (let number = 0; number < 40; number++) {
      const { computer, board } = pairOf(high, name, Uint8Array.from([...seedOf(number), ...path]
        .slice(0, 32)));
      if (number % 20) computer.leaf(32767);
      else assert.equal(computer.leaf(32767), board.leaf(32767));
    }
    assert.ok(keptNow()[1] <= 34_000_000 && keptNow()[1] > bytes);
    assert.ok(keptNow()[0] < 40);
  });
});
