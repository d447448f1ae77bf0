import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { signatureLayout, signatureRefusal, treeNumbers } from "../../firmware/auth/lms/sets.js";
import { growTree } from "../../host/keys/tree.js";
import { SEED, createRandom, replay } from "../core/random.js";
import {
  HASHES, HEIGHTS, LONG, WIDTHS, createBoard, freshSlots, hex, randomBytes, shapeOf, treeSet,
} from "./board.js";
import {
  LMOTS, LMS, naiveChild, naiveHss, naivePublic, naiveRoot, naiveSign, naiveTree, naiveVerify,
  u32str,
} from "./naive-lms.js";

describe("AUTH.1: parameter sets", () => {
  test("have the numbers and type codes of the tables", () => {
    for (const [lms, { type, m, h }] of Object.entries(LMS)) {
      for (const [ots, { type: otsType, n, w, p, ls }] of Object.entries(LMOTS)) {
        assert.deepEqual(treeNumbers({ lms, ots }), n === m ? {
          hashBytes: n, height: h, digitBits: w, chains: p, sumShift: ls, lmsType: type, otsType,
        } : undefined, `${lms} ${ots}`);
      }
    }
  });

  test("that there are not are refused, by name", () => {
    const good = treeSet(24, 5, 4);
    const refused = (lms: string, ots: string) => signatureRefusal(shapeOf([{ lms, ots }]));
    assert.equal(refused(good.lms, good.ots), "");
    for (const [lms, ots] of [
      ["LMS_SHA256_M24_H20", good.ots], ["LMS_SHAKE_M24_H5", good.ots], ["", good.ots],
      [good.lms, "LMOTS_SHA256_N24_W3"], [good.lms, "LMOTS_SHA256_N32_W4"], [good.ots, good.lms],
    ] as const) {
      assert.match(refused(lms, ots), /^no such parameter sets: /);
    }
  });

  test("and shapes are refused where they do not go together", () => {
    const [five, ten] = [treeSet(24, 5, 4), treeSet(24, 10, 4)];
    assert.equal(signatureRefusal(shapeOf([ten, five])), "");
    assert.equal(signatureRefusal(shapeOf([ten, treeSet(24, 5, 8)])), "");
    for (const [shape, says] of [
      [shapeOf([]), /^trees: 0/], [shapeOf([five, five, five]), /^trees: 3/],
      [shapeOf([five, ten]), /^the lower tree has height 10/],
      [shapeOf([five, treeSet(32, 5, 4)]), /two lengths/],
      [shapeOf([five], 0), /^message: 0/], [shapeOf([five], 65536), /^message: 65536/],
      [shapeOf([five], 1.5), /^message: 1.5/],
      [shapeOf([five], 10, { boards: 0 }), /^boards: 0/],
      [shapeOf([five], 10, { boards: 32 }), /^boards: 32/],
      [shapeOf([five], 10, { firstCycle: -1 }), /^first cycle: -1/],
      [shapeOf([five], 10, { reserve: 0 }), /^reserve: 0/],
      [shapeOf([five], 10, { reserve: 12 }), /^reserve: 12/],
      [shapeOf([five], 10, { reserve: 64 }), /^reserve: 64/],
    ] as const) {
      assert.match(signatureRefusal(shape), says);
      assert.throws(() => signatureLayout(shape, 0, 0), RangeError);
    }
  });
});

describe("AUTH.1, AUTH.8: signatures of one tree", () => {
  for (const n of HASHES) {
    for (const w of WIDTHS) {
      const set = treeSet(n, 5, w);
      // Half a million hashes each for what the published signatures show, and the next test.
      if (w === 8 && !LONG) continue;
      test(`${set.lms} ${set.ots}: are those of the naive one (${replay})`, () => {
        const random = createRandom(SEED + n + w);
        const [name, seed] = [randomBytes(random, 16), randomBytes(random, n)];
        const tree = naiveTree(set.lms, set.ots, name, seed);
        const { key } = growTree(set, name, seed);
        assert.equal(hex(key), hex(naivePublic(tree).slice(8)));
        const board = createBoard(shapeOf([set]), { keys: [key], seed });
        board.signer.prepare(-1);
        for (let cycle = 0; cycle < 32; cycle++) {
          if (w < 4 || LONG || cycle % 5 === 0) {
            const message = randomBytes(random, 10);
            const signature = board.sign(cycle, message);
            assert.ok(signature, `cycle ${cycle}`);
            assert.equal(hex(signature), hex(naiveHss([], naiveSign(tree, cycle, message))));
            assert.equal(board.verify(0, message, signature), true);
          }
          board.signer.prepare(cycle);
        }
        assert.equal(board.sign(32, randomBytes(random, 10)), undefined);
      });
    }
  }

  // The tree need not exist for this: nodes above a tile may be anything, the root follows.
  for (const n of HASHES) {
    for (const h of HEIGHTS.slice(1)) {
      for (const w of WIDTHS) {
        const set = treeSet(n, h, w);
        test(`${set.lms} ${set.ots}: lead to one root (${replay})`, () => {
          const random = createRandom(SEED + n + w + h);
          const [lms, ots] = [LMS[set.lms]!, LMOTS[set.ots]!];
          const [name, seed] = [randomBytes(random, 16), randomBytes(random, n)];
          const key = Uint8Array.from([...name, ...new Uint8Array(n)]);
          const crown = randomBytes(random, n << (h - 4));
          const first = 32 * (random() % (1 << (h - 5)));
          const slots = freshSlots(key, first);
          const shape = shapeOf([set], 10, { reserve: 32 });
          const board = createBoard(shape, { keys: [key], seed, crown, slots });
          board.signer.prepare(first - 1);
          const message = randomBytes(random, 10);
          const full = Uint8Array.from([...u32str(lms.type), ...u32str(ots.type), ...key]);
          for (const leaf of [first, first + (random() % 30) + 1, first + 31]) {
            const signature = board.sign(leaf, message)!;
            const root = naiveRoot(lms, ots, full, message, signature.slice(4))!;
            assert.equal(board.verify(0, message, signature), leaf > first);
            if (leaf === first) full.set(root, 24);
            assert.equal(naiveVerify(lms, ots, full, message, signature.slice(4)), true);
            board.arena.set(root, board.layout.keys + 16);
            assert.equal(board.verify(0, message, signature), true);
          }
        });
      }
    }
  }

  for (const h of LONG ? [10, 15] : [10]) {
    test(`AUTH.7: go on from tile to tile, height ${h} (${replay})`, () => {
      const random = createRandom(SEED);
      const set = treeSet(24, h, 1);
      const [name, seed] = [randomBytes(random, 16), randomBytes(random, 24)];
      const tree = naiveTree(set.lms, set.ots, name, seed);
      const { key, crown } = growTree(set, name, seed);
      assert.equal(hex(key), hex(naivePublic(tree).slice(8)));
      for (let node = 1; node < 2 ** (h - 4); node++) {
        assert.equal(hex(crown.slice(24 * node, 24 * node + 24)), hex(tree.T[node]!));
      }
      for (const [first, last] of LONG ? [[0, 2 ** h]] : [[0, 70], [500, 580], [980, 1024]]) {
        const slots = freshSlots(key, first);
        const board = createBoard(shapeOf([set]), { keys: [key], seed, crown, slots });
        board.signer.prepare(first! - 1);
        for (let cycle = first!; cycle < last!; cycle++) {
          const message = randomBytes(random, 10);
          const signature = board.sign(cycle, message);
          assert.ok(signature, `cycle ${cycle}`);
          assert.equal(hex(signature), hex(naiveHss([], naiveSign(tree, cycle, message))));
          assert.equal(board.verify(0, message, signature), true);
          board.signer.prepare(cycle);
        }
        assert.equal(board.sign(2 ** h, new Uint8Array(10)), undefined);
      }
    });
  }
});

describe("AUTH.2, AUTH.8: signatures of two trees", () => {
  for (const [upper, lower] of [[1, 1], [2, 4], [4, 1]] as const) {
    for (const n of HASHES) {
      test(`W${upper} over W${lower}, n = ${n}: are those of the naive one (${replay})`, () => {
        const random = createRandom(SEED + n + upper + lower);
        const sets = [treeSet(n, 5, upper), treeSet(n, 5, lower)] as const;
        const [name, seed] = [randomBytes(random, 16), randomBytes(random, n)];
        const top = naiveTree(sets[0].lms, sets[0].ots, name, seed);
        const { key } = growTree(sets[0], name, seed);
        const last = LONG && upper === 1 ? 1024 : 72;
        // The last leaves of all, and the change from one tree to the next, are among these.
        const first = last === 1024 ? 0 : 1024 - last;
        const slots = freshSlots(key, first);
        const board = createBoard(shapeOf(sets), { keys: [key], seed, slots });
        board.signer.prepare(first - 1);
        for (let cycle = first; cycle < 1024; ) {
          const [childName, childSeed] = naiveChild(top, cycle >> 5);
          const child = naiveTree(sets[1].lms, sets[1].ots, childName, childSeed);
          const lowerKey = naivePublic(child);
          const certificate = naiveSign(top, cycle >> 5, lowerKey);
          do {
            const message = randomBytes(random, 10);
            const signature = board.sign(cycle, message);
            assert.ok(signature, `cycle ${cycle}`);
            const signed = naiveSign(child, cycle & 31, message);
            assert.equal(hex(signature), hex(naiveHss([[certificate, lowerKey]], signed)));
            assert.equal(board.verify(0, message, signature), true);
            board.signer.prepare(cycle++);
          } while (cycle & 31);
        }
        assert.equal(board.sign(1024, new Uint8Array(10)), undefined);
      });
    }
  }

  test(`go on under a tree of several tiles (${replay})`, () => {
    const random = createRandom(SEED);
    const sets = [treeSet(24, 10, 1), treeSet(24, 5, 1)] as const;
    const [name, seed] = [randomBytes(random, 16), randomBytes(random, 24)];
    const { key, crown } = growTree(sets[0], name, seed);
    for (const first of [0, 32 * 32 * 7 - 40, 32768 - 70]) {
      const slots = freshSlots(key, first);
      const board = createBoard(shapeOf(sets), { keys: [key], seed, crown, slots });
      board.signer.prepare(first - 1);
      const start = board.signer.ledger.rest;
      assert.equal(start, 32768 - first);
      for (let cycle = first; cycle < Math.min(first + 100, 32768); cycle++) {
        const message = randomBytes(random, 10);
        const signature = board.sign(cycle, message);
        assert.ok(signature, `cycle ${cycle}`);
        assert.equal(board.verify(0, message, signature), true);
        board.signer.prepare(cycle);
      }
    }
  });
});
