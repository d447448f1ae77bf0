/** Tags: against another HMAC, bit by bit, and what a node makes of a wrong one. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { createMac } from "../../firmware/auth/mac/mac.js";
import type { Mac } from "../../firmware/auth/mac/mac.js";
import {
  COUNTERS, createNode, oral, integer, layoutOf, majority,
} from "../../firmware/index.js";
import type { Layout, Node, Shape } from "../../firmware/index.js";
import { keysIn } from "../../host/keys/keyfile.js";
import { createMacKeys, madeUpMacKeys } from "../../host/keys/mac.js";
import type { MacKeys } from "../../host/keys/mac.js";
import { SEED, createRandom, replay } from "../core/random.js";
import { naiveDecode, naiveEncode, naivePack } from "../frame/naive-codec.js";
import { createHal } from "../node/hal.js";
import type { TestHal } from "../node/hal.js";
import { bytesOf } from "../node/script.js";
import { networkOf } from "../topology/drive.js";
import { randomBytes } from "./board.js";

/** What is tagged, and all that it is tagged for. */
interface Tagged {
  readonly network: Uint8Array;
  readonly key: Uint8Array;
  readonly cycle: number;
  readonly header: number;
  readonly receiver: number;
  readonly values: Uint8Array;
}

/** MAC.2, in another's words. */
const naiveTag = ({ network, key, cycle, header, receiver, values }: Tagged, tag: number) =>
  [...hmac(sha256, key, Uint8Array.from([
    ...network, ...[24, 16, 8, 0].map((by) => (cycle >>> by) & 255), header, receiver, ...values,
  ])).subarray(0, tag)];

interface Side {
  readonly all: Layout;
  readonly arena: Uint8Array;
  readonly mac: Mac;
}

const sideOf = (shape: Shape, self: number, network: Uint8Array, keys: MacKeys): Side => {
  const all = layoutOf(shape, self, false);
  const arena = new Uint8Array(all.end);
  const parts = { network, keys: keys.flatMap((key) => [...key]) };
  return { all, arena, mac: createMac(
    all, arena, new DataView(arena.buffer), new Uint32Array(COUNTERS.length), parts) };
};

/** @returns the payload of these values and their tags */
const sealed = ({ all, arena, mac }: Side, header: number, cycle: number, values: Uint8Array) => {
  arena.set(values, all.heard);
  const bytes = values.length + all.tags;
  const from = mac.seal(header, cycle, all.heard, bytes);
  return arena.slice(from, from + bytes);
};

const checks = (side: Side, header: number, cycle: number, payload: Uint8Array): boolean => {
  side.arena.set(payload, side.all.receive);
  return side.mac.check(header, cycle, side.all.receive, side.all.receive + payload.length);
};

test(`FRAME.23, FRAME.24, MAC.1, MAC.2: the tags are HMAC-SHA-256, cut; ${replay}`, () => {
  const random = createRandom(SEED);
  for (let run = 0; run < 150; run++) {
    const boards = 2 + random() % (run % 10 ? 6 : 30);
    const shape: Shape = {
      boards, traitors: boards < 4 ? 0 : 1, width: 1 + random() % 64,
      commander: random() % 2 ? -1 : random() % boards, tag: 4 + random() % 13,
    };
    const sender = random() % boards;
    const network = randomBytes(random, 8);
    const keys = createMacKeys(boards, (bytes) => randomBytes(random, bytes));
    const side = sideOf(shape, sender, network, keys[sender]!);
    const header = (1 + random() % 7) * 32 + sender;
    const cycle = random() >>> 0;
    const values = randomBytes(random, 1 + random() % side.all.block);
    const expected = [...values];
    for (let receiver = 0; receiver < boards; receiver++) {
      if (receiver === sender) continue;
      const key = keys[receiver]![sender]!;
      expected.push(...naiveTag({ network, key, cycle, header, receiver, values }, shape.tag!));
    }
    const payload = sealed(side, header, cycle, values);
    assert.deepEqual([...payload], expected);
    const receiver = (sender + 1 + random() % (boards - 1)) % boards;
    assert.ok(checks(
      sideOf(shape, receiver, network, keys[receiver]!), header, cycle, payload,
    ));
  }
});

const FOUR: Shape = { boards: 4, traitors: 1, width: 1, commander: -1, tag: 8 };
const KEYS = madeUpMacKeys(4);
const NETWORK = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]);
const HEADER = 2 * 32 + 1;
const CYCLE = 0x01020307;

const flipped = (bytes: Uint8Array, bit: number): Uint8Array => {
  const changed = bytes.slice();
  changed[bit >> 3]! ^= 1 << (bit & 7);
  return changed;
};

test("MAC.2, MAC.3: every bit counts: of values, tag, header, cycle, network and key", () => {
  const values = Uint8Array.from([5, 10, 0, 30]);
  const payload = sealed(sideOf(FOUR, 1, NETWORK, KEYS[1]!), HEADER, CYCLE, values);
  const self = 2;
  const side = sideOf(FOUR, self, NETWORK, KEYS[self]!);
  assert.ok(checks(side, HEADER, CYCLE, payload));
  // Of four boards, this one has the second of sender 1's three tags. The others are not its own.
  const own = values.length + 8;
  for (let bit = 0; bit < 8 * payload.length; bit++) {
    const others = bit >= 8 * values.length && (bit < 8 * own || bit >= 8 * (own + 8));
    assert.equal(checks(side, HEADER, CYCLE, flipped(payload, bit)), others, `bit ${bit}`);
  }
  for (let bit = 0; bit < 32; bit++) {
    assert.ok(!checks(side, HEADER, CYCLE ^ (1 << bit), payload), `cycle, bit ${bit}`);
  }
  for (let header = 0; header < 256; header++) {
    // A sender that is no board has no key here, and no frame comes so far.
    if ((header & 31) >= 4) continue;
    assert.equal(checks(side, header, CYCLE, payload), header === HEADER, `header ${header}`);
  }
  for (let bit = 0; bit < 64; bit++) {
    const other = sideOf(FOUR, self, flipped(NETWORK, bit), KEYS[self]!);
    assert.ok(!checks(other, HEADER, CYCLE, payload), `network, bit ${bit}`);
  }
  for (let bit = 0; bit < 128; bit++) {
    const keys = KEYS[self]!.map((key, board) => (board === 1 ? flipped(key, bit) : key));
    assert.ok(!checks(sideOf(FOUR, self, NETWORK, keys), HEADER, CYCLE, payload), `key, ${bit}`);
  }
});

test("MAC.2: a tag is for one receiver, and for one direction, even under one key", () => {
  const one = Uint8Array.from({ length: 16 }, (_, at) => at);
  const same = [one, one, one, one];
  const values = Uint8Array.from([5, 10, 0, 30]);
  const payload = sealed(sideOf(FOUR, 1, NETWORK, same), HEADER, CYCLE, values);
  for (const [receiver, place] of [[0, 0], [2, 1], [3, 2]] as const) {
    const side = sideOf(FOUR, receiver, NETWORK, same);
    for (let from = 0; from < 3; from++) {
      const moved = payload.slice();
      moved.copyWithin(4 + 8 * place, 4 + 8 * from, 12 + 8 * from);
      moved.set(payload.subarray(4 + 8 * from, 12 + 8 * from), 4 + 8 * place);
      assert.equal(checks(side, HEADER, CYCLE, moved), from === place);
    }
  }
  // Sent back: the same key, and the tag that board 1 made for board 2 where 1 looks for its own.
  const back = payload.slice();
  back.set(payload.subarray(12, 20), 12);
  assert.ok(!checks(sideOf(FOUR, 1, NETWORK, same), 2 * 32 + 2, CYCLE, back));
});

test("MAC.4: keys are each pair's own, and drawn once", () => {
  let drawn = 0;
  const keys = createMacKeys(5, (bytes) => new Uint8Array(bytes).fill(++drawn));
  assert.equal(drawn, 10);
  const seen = new Set<number>();
  for (let one = 0; one < 5; one++) {
    assert.deepEqual([...keys[one]![one]!], Array.from({ length: 16 }, () => 0));
    for (let other = 0; other < one; other++) {
      assert.deepEqual(keys[one]![other], keys[other]![one]);
      assert.equal(keys[one]![other]!.length, 16);
      seen.add(keys[one]![other]![0]!);
    }
  }
  assert.equal(seen.size, 10);
});

interface Board {
  readonly node: Node<number>;
  readonly hal: TestHal<number>;
  /** What it counts, but for what is 0. */
  readonly counts: () => Record<string, number>;
}

const boardOf = (self: number, tag = 8, network = NETWORK): Board => {
  const { tag: _, ...plain } = FOUR;
  const all = layoutOf(tag ? { ...FOUR, tag } : plain, self, false);
  const hal = createHal<number>(() => 100 + self);
  const keys = KEYS[self]!.flatMap((key) => [...key]);
  const node = createNode<number>(all, {
    agree: oral(all), type: integer("Uint8"), choose: majority<number>, fallback: 0,
    mac: (arena, view, counts) => createMac(all, arena, view, counts, { network, keys }),
  }, hal);
  return {
    node, hal,
    counts: () => Object.fromEntries(
      COUNTERS.map((name, at) => [name, node.counts[at] ?? 0] as const).filter(([, x]) => x)),
  };
};

const beacon = (text: string) => Uint8Array.from(bytesOf(FOUR, text));

/** What board `self` says first in this cycle, as its frame's bytes and as its payload. */
const saidIn = (cycle: number, self: number, tag = 8, network = NETWORK) => {
  const { node, hal } = boardOf(self, tag, network);
  node.receive(beacon(`open ${cycle}`));
  const bytes = hal.sent[0]!;
  const heard = naiveDecode(1, () => 2 + 3 * tag, bytes).heard[0]!;
  return { bytes: Uint8Array.from(bytes), payload: heard.slice(2) };
};

/** Feeds board 0, opened in this cycle, with these chunks, and closes the cycle. */
const fedIn = (cycle: number, chunks: readonly Uint8Array[], tag = 8) => {
  const board = boardOf(0, tag);
  for (const one of [
    beacon(`open ${cycle}`), ...chunks, beacon(`round 2 of ${cycle % 256}`),
  ]) board.node.receive(one);
  const length = 1 + 3 + 3 * tag;
  const [, , bits, ...relayed] = naiveDecode(1, () => length, board.hal.sent[1]!).heard[0]!;
  const values = relayed.slice(0, 3).map((value, at) => ((bits! >> at) & 1 ? value : null));
  return { values, counts: board.counts() };
};

const HEARD = { values: [101, null, null], counts: {} };
const LOST = { values: [null, null, null], counts: { forged: 1 } };

test("NODE.10, MAC.3: a node hears what is tagged; a wrong tag makes it ⊥ and is counted", () => {
  const { bytes, payload } = saidIn(7, 1);
  assert.deepEqual(fedIn(7, [bytes]), HEARD);
  for (let bit = 0; bit < 8 * payload.length; bit++) {
    const changed = flipped(Uint8Array.from(payload), bit);
    const frame = Uint8Array.from(naiveEncode(1, 33, 7, [...changed]));
    const mine = bit < 8 * (2 + 8);
    // Padding bits of the presence byte are tagged like any other.
    assert.deepEqual(fedIn(7, [frame]), mine ? LOST : HEARD, `bit ${bit}`);
  }
});

test("MAC.3: one guess a round: behind a wrong tag the right one is a duplicate", () => {
  const { bytes, payload } = saidIn(7, 1);
  const wrong = Uint8Array.from(naiveEncode(1, 33, 7, payload.with(3, payload[3]! ^ 1)));
  assert.deepEqual(fedIn(7, [wrong, bytes]), { ...LOST, counts: { forged: 1, duplicate: 1 } });
  assert.deepEqual(fedIn(7, [bytes, wrong]), { ...HEARD, counts: { duplicate: 1 } });
});

const REPLAYS: readonly [string, number, number][] = [
  ["of the cycle before", 6, 7], ["of exactly 256 cycles before", 7, 263],
  ["of 65,536 cycles before", 7, 65543], ["of 2^24 cycles before", 7, 7 + 2 ** 24],
  ["of a cycle to come", 263, 7],
];
for (const [name, said, now] of REPLAYS) {
  test(`MAC.2, MAC.3: a frame ${name} is none of this cycle`, () => {
    for (const tag of [8, 0]) {
      const { payload } = saidIn(said, 1, tag);
      const frame = Uint8Array.from(naiveEncode(1, 33, now, payload));
      assert.deepEqual(fedIn(now, [frame], tag), tag ? LOST : HEARD);
    }
  });
}

test("MAC.2, MAC.3: a frame of another board, another network, or nobody", () => {
  for (const tag of [8, 0]) {
    const expected = tag ? LOST : { values: [102, null, null], counts: {} };
    const other = saidIn(7, 2, tag).payload;
    const swapped = Uint8Array.from(naiveEncode(1, 33, 7, other));
    assert.deepEqual(fedIn(7, [swapped], tag), expected);
    const elsewhere = saidIn(7, 1, tag, Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 9])).bytes;
    assert.deepEqual(fedIn(7, [elsewhere], tag), tag ? LOST : HEARD);
    const invented = naivePack(1, [[101]]).concat(Array.from({ length: 3 * tag }, () => 0));
    const frame = Uint8Array.from(naiveEncode(1, 33, 7, invented));
    assert.deepEqual(fedIn(7, [frame], tag), tag ? LOST : HEARD);
  }
});

test("MAC.7: known limit: where the hub opens a cycle again, that cycle's frames are good again",
  () => {
    const { bytes } = saidIn(7, 1);
    const board = boardOf(0);
    for (const text of ["open 7", "open 8", "open 7"]) board.node.receive(beacon(text));
    board.node.receive(bytes);
    assert.equal(board.counts()["forged"], undefined);
  });

test("MAC.4: no bundle for a real board holds made-up keys", () => {
  const tagged = networkOf(4, 1, { auth: "mac" });
  assert.throws(() => keysIn(tagged, tagged.boards[0]!, "x.json", undefined),
    /--keys: x\.json is tagged, and needs keys/);
  const plain = networkOf(4, 1);
  assert.deepEqual(keysIn(plain, plain.boards[0]!, "x.json", undefined), {});
});

test("MAC.1: tags have 4 to 16 bytes", () => {
  for (const tag of [1, 3, 17, 4.5, -8]) {
    assert.throws(() => layoutOf({ ...FOUR, tag }, 0, false), /tag: .* must be 4 to 16/);
  }
  for (const tag of [4, 16]) {
    const { tags, payloads, block } = layoutOf({ ...FOUR, tag }, 0, false);
    assert.deepEqual([tags, payloads, block], [3 * tag, [3, 2 + 3 * tag, 4 + 3 * tag], 4]);
  }
});
