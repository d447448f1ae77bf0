/**
 * Trees of height 15, and of height 15 over 5: their first signature and their last. Their keys
 * take minutes to make; here only those tiles are made that sign. TAGMA_LONG=1 makes whole trees
 * too, in lms.test.ts.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { EXHAUSTED, READY } from "../../firmware/auth/lms/store.js";
import { contextBoard } from "../../host/boards/context.js";
import { nativesWith } from "../../host/boards/natives.js";
import { bundle } from "../../host/bundle/bundle.js";
import { FILES, freshStore, ownKeys } from "../../host/keys/keys.js";
import type { BoardKeys } from "../../host/keys/keys.js";
import { SEED, createRandom, replay } from "../core/random.js";
import { createWorld, desk, readingsFor } from "../live/world.js";
import { createBoard, freshSlots, randomBytes, shapeOf, treeSet } from "./board.js";
import { LMOTS, LMS, naiveVerify } from "./naive-lms.js";
import { sparseKeys } from "./sparse.js";

const HIGH = treeSet(24, 15, 4);
const LOW = treeSet(24, 5, 4);
const LAST_TILE = 2 ** 10 - 1;

const namedKey = ({ lms, ots }: typeof HIGH, key: Uint8Array): Uint8Array =>
  Uint8Array.from([0, 0, 0, LMS[lms]!.type, 0, 0, 0, LMOTS[ots]!.type, ...key]);

describe(`a signer with a tree of height 15; ${replay}`, () => {
  const random = createRandom(SEED ^ 0x15);
  const own = sparseKeys(HIGH, random, [0, LAST_TILE]);

  test("signs with its first leaf and its last, and then never again", () => {
    const { signer, sign, verify } = createBoard(shapeOf([HIGH]),
      { keys: [own.key], seed: own.seed, crown: own.crown, slots: freshSlots(own.key) });
    const last = 2 ** 15 - 1;
    for (const leaf of [0, last]) {
      signer.prepare(leaf - 1);
      const message = randomBytes(random, 10);
      const signature = sign(leaf, message);
      assert.ok(signature, `leaf ${leaf}`);
      assert.equal(verify(0, message, signature), true);
      assert.equal(naiveVerify(LMS[HIGH.lms]!, LMOTS[HIGH.ots]!, namedKey(HIGH, own.key), message,
        signature.slice(4)), true);
      signature[signature.length - 1]! ^= 1;
      assert.equal(verify(0, message, signature), false);
    }
    signer.prepare(last);
    assert.equal(signer.ledger.status, EXHAUSTED);
    assert.equal(sign(last + 1, randomBytes(random, 10)), undefined);
  });

  test("does not get by where a node of its crown is another", () => {
    const crown = own.crown.map((byte, at) => (at === 2 * 24 ? byte ^ 1 : byte));
    const { signer, sign, verify } = createBoard(shapeOf([HIGH]),
      { keys: [own.key], seed: own.seed, crown, slots: freshSlots(own.key) });
    const verdicts = [0, 2 ** 15 - 1].map((leaf) => {
      signer.prepare(leaf - 1);
      const message = randomBytes(random, 10);
      return verify(0, message, sign(leaf, message)!);
    });
    // Node 2 is on the way to the last leaf, as the neighbour of node 3; not on that to the first.
    assert.deepEqual(verdicts, [true, false]);
  });
});

/** Three boards' bundles with these keys, in made-up time, from a cycle on. */
const runFrom = async (trees: readonly (typeof HIGH)[], all: readonly BoardKeys[]) => {
  const network = desk({
    algorithm: "sm", period_ms: undefined, signatures: { trees, reserve: 16 },
    boards: ["a", "b", "c"].map((name) => ({ name, kind: "EMULATED" })),
  });
  const texts = await Promise.all(network.boards.map(async (board) =>
    bundle(network, board, ownKeys(all, board.number))));
  const signers: (() => unknown)[] = [];
  return async (first: number, cycles: number) => {
    const world = createWorld(network, readingsFor(network), undefined, (_network, board, send) => {
      const { key, crown } = all[board.number]!;
      const files = new Map([...freshStore(key), crown].map((bytes, at) => [FILES[at]!, bytes]));
      const sim = contextBoard(network, board, texts[board.number]!, send, nativesWith({
        read: (file) => files.get(file as (typeof FILES)[number]) ?? new Uint8Array(),
        write(file, bytes) {
          files.set(file as (typeof FILES)[number], Uint8Array.from(bytes));
        },
      }));
      signers[board.number] = () => sim.state().signer;
      return sim;
    });
    await world.run({ first, cycles, keys: { keys: all.map(({ key }) => key) } });
    const faulty = world.records.map((record) => record.faulty.length);
    const vectors = world.records.map((record) => record.vectors[0]);
    return { faulty, vectors, signer: signers[0]!() };
  };
};

describe(`boards with high trees, their bundles at the hub; ${replay}`, () => {
  for (const [name, trees] of [["15", [HIGH]], ["15 over 5", [HIGH, LOW]]] as const) {
    test(`height ${name}: in the first cycles, in the last, and in none after it`, async () => {
      const random = createRandom(SEED ^ 0x1505);
      const all = [0, 1, 2].map(() => sparseKeys(HIGH, random, [0, LAST_TILE]));
      const run = await runFrom(trees, all);
      const cycles = 2 ** (trees.length > 1 ? 20 : 15);
      const early = await run(0, 2);
      assert.deepEqual(early.faulty, [0, 0]);
      assert.ok(early.vectors.every((vector) => vector?.every((entry) => entry !== null)));
      assert.deepEqual(early.signer, { state: READY, left: cycles - 2 });
      // Who comes from afar has no tile for the first cycle.
      const late = await run(cycles - 3, 3);
      assert.deepEqual(late.faulty, [3, 0, 0]);
      assert.ok(late.vectors[2]?.every((entry) => entry !== null));
      assert.deepEqual(late.signer, { state: EXHAUSTED, left: 0 });
      // The bus ends there.
      assert.deepEqual((await run(cycles - 1, 2)).faulty, [3]);
    });
  }
});
