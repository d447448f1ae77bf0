import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { sha256 } from "@noble/hashes/sha2.js";
import * as computer from "../../firmware/platform/hash-host.js";
import * as board from "../../firmware/platform/hash.js";
import { SEED, createRandom, replay } from "../core/random.js";
import { hex, randomBytes } from "./board.js";

for (const [whose, { hash, iterate }] of Object.entries({ computer, board })) {
  const hashed = (message: Uint8Array): string => {
    const bytes = new Uint8Array(message.length + 32);
    bytes.set(message);
    hash(bytes, 0, message.length, message.length);
    return hex(bytes.subarray(message.length));
  };

  describe(`SHA-256 of a ${whose}`, () => {
    test("is that of NIST's examples", () => {
      const ascii = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));
      const long = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
      for (const [message, digest] of [
        ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
        ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
        [long, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"],
        ["a".repeat(1e6), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"],
      ] as const) {
        assert.equal(hashed(ascii(message)), digest, message.slice(0, 60));
      }
    });

    test(`is that of another implementation, at every length to 300 (${replay})`, () => {
      const random = createRandom(SEED);
      for (let length = 0; length <= 300; length++) {
        const message = randomBytes(random, length);
        assert.equal(hashed(message), hex(sha256(message)), `${length} bytes, ${replay}`);
      }
    });

    test("is of a part of the bytes, and may stand in its place", () => {
      const random = createRandom(SEED);
      for (let turn = 0; turn < 300; turn++) {
        const before = randomBytes(random, 200);
        const from = random() % 100;
        const end = from + (random() % 100);
        const at = random() % 168;
        const after = before.slice();
        after.set(sha256(before.subarray(from, end)), at);
        hash(before, from, end, at);
        assert.equal(hex(before), hex(after), `turn ${turn}, ${replay}`);
      }
    });

    test("in a chain is of what the step before left", () => {
      const random = createRandom(SEED);
      for (const n of [24, 32]) {
        const bytes = randomBytes(random, 70);
        let naive = bytes.slice(5, 5 + 23 + n);
        for (let step = 3; step < 9; step++) {
          naive[22] = step;
          const value = sha256(naive).subarray(0, n);
          naive = Uint8Array.from([...naive.subarray(0, 23), ...value]);
        }
        iterate(bytes, 5, 5 + 23 + n, 3, 9);
        assert.equal(hex(bytes.subarray(5, 5 + 23 + n)), hex(naive));
        const same = bytes.slice();
        iterate(bytes, 5, 5 + 23 + n, 9, 9);
        assert.equal(hex(bytes), hex(same));
      }
    });
  });
}

test(`chains leave the same bytes on a computer and on a board (${replay})`, () => {
  const random = createRandom(SEED + 1);
  for (let turn = 0; turn < 300; turn++) {
    const one = randomBytes(random, 90);
    const other = one.slice();
    const n = random() % 2 ? 24 : 32;
    const at = random() % 10;
    const from = random() % 256;
    const to = Math.min(256, from + (random() % 17));
    board.iterate(one, at, at + 23 + n, from, to);
    computer.iterate(other, at, at + 23 + n, from, to);
    assert.equal(hex(other), hex(one), `turn ${turn}, ${replay}`);
  }
});
