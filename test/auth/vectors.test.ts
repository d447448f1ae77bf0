import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import type { TreeSet } from "../../firmware/auth/lms/sets.js";
import { growTree } from "../../host/keys/tree.js";
import { LONG, createBoard, hex, shapeOf, unhex } from "./board.js";
import {
  LMOTS, LMS, naivePublic, naiveSign, naiveTree, naiveVerify, strTou32, u32str,
} from "./naive-lms.js";

interface Published {
  readonly source: string;
  readonly trees: readonly TreeSet[];
  readonly signers: readonly { leaf: number; name: string; seed: string }[];
  readonly publicKey: string;
  readonly message: readonly string[];
  readonly signature: readonly string[];
}

interface PublishedKey extends TreeSet {
  readonly source: string;
  readonly name: string;
  readonly seed: string;
  readonly root: string;
}

const file = new URL("../vectors/signatures.json", import.meta.url);
const { signatures, keys } = JSON.parse(readFileSync(file, "utf8")) as {
  signatures: readonly Published[]; keys: readonly PublishedKey[];
};

const boardOf = ({ trees, publicKey, message }: Published) => createBoard(
  shapeOf(trees, unhex(message).length),
  { keys: [unhex(publicKey).slice(12)], seed: new Uint8Array(0) },
);

describe("AUTH.1: published signatures", () => {
  for (const published of signatures) {
    const message = unhex(published.message);
    const signature = unhex(published.signature);

    test(`${published.source}: checks`, () => {
      const board = boardOf(published);
      assert.equal(signature.length, board.layout.signatureBytes);
      assert.equal(board.verify(0, message, signature), true);
    });

    test(`${published.source}: does not check with any byte changed`, () => {
      const board = boardOf(published);
      // Every byte outside of the long rows of hashes, and of those some.
      for (let at = 0; at < signature.length; at += at % 600 < 20 ? 1 : 61) {
        const wrong = signature.slice();
        wrong[at]! ^= 1 << at % 8;
        assert.equal(board.verify(0, message, wrong), false, `byte ${at}`);
      }
      for (let at = 0; at < message.length; at++) {
        const wrong = message.slice();
        wrong[at]! ^= 1 << at % 8;
        assert.equal(board.verify(0, wrong, signature), false, `byte ${at} of the message`);
      }
      assert.equal(board.verify(0, message, signature), true);
    });

    test(`${published.source}: is what the naive one makes of its keys`, () => {
      const { trees, signers, publicKey } = published;
      // The randomisers are no function of the keys: they are taken from the signature.
      let from = 4;
      signers.forEach(({ leaf, name, seed }, level) => {
        const { lms, ots } = trees[level]!;
        const n = LMS[lms]!.m;
        const length = 12 + n * (1 + LMOTS[ots]!.p + LMS[lms]!.h);
        const part = signature.slice(from, from + length);
        const below = signature.slice(from + length, from + length + 24 + n);
        from += length + 24 + n;
        if (LMS[lms]!.h > 5 && !LONG) return;
        const tree = naiveTree(lms, ots, unhex(name), unhex(seed));
        const key = level ? signature.slice(from - 2 * (24 + n) - length, from - 24 - n - length)
          : unhex(publicKey).slice(4);
        assert.equal(hex(naivePublic(tree)), hex(key));
        const text = level < trees.length - 1 ? below : message;
        assert.equal(hex(naiveSign(tree, leaf, text, part.slice(8, 8 + n))), hex(part));
      });
    });
  }

  test("check naively too, part by part", () => {
    for (const { trees, publicKey, message, signature } of signatures) {
      let key = unhex(publicKey).slice(4);
      let rest = unhex(signature).slice(4);
      assert.equal(strTou32(unhex(signature)), trees.length - 1);
      trees.forEach(({ lms, ots }, tree) => {
        const n = LMS[lms]!.m;
        const length = 12 + n * (1 + LMOTS[ots]!.p + LMS[lms]!.h);
        const below = rest.slice(length, length + 24 + n);
        const text = tree < trees.length - 1 ? below : unhex(message);
        const part = rest.slice(0, length);
        assert.equal(naiveVerify(LMS[lms]!, LMOTS[ots]!, key, text, part), true);
        const wrong = part.slice();
        wrong[100]! ^= 1;
        assert.equal(naiveVerify(LMS[lms]!, LMOTS[ots]!, key, text, wrong), false);
        key = below;
        rest = rest.slice(length + 24 + n);
      });
    }
  });
});

describe("published keys", () => {
  test("are those that the naive one makes", () => {
    for (const { lms, ots, name, seed, root } of keys) {
      if (LMS[lms]!.h > 5 && !LONG) continue;
      const tree = naiveTree(lms, ots, unhex(name), unhex(seed));
      const types = hex(u32str(LMS[lms]!.type)) + hex(u32str(LMOTS[ots]!.type));
      assert.equal(hex(naivePublic(tree)), types + name + root);
    }
  });

  test("are those that the host grows, where the seed is as long as a hash", () => {
    let grown = 0;
    for (const { trees, signers, publicKey } of signatures) {
      const [first] = signers;
      if (!first) continue;
      const tree = growTree(trees[0]!, unhex(first.name), unhex(first.seed));
      assert.equal(hex(tree.key), publicKey.slice(24));
      grown++;
    }
    assert.equal(grown, 2);
  });
});
