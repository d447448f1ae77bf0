/** The core against the naive OM(m) under the same liars and losses, entry by entry. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Shape } from "../../firmware/base/layout.js";
import { listHeld } from "./brute.js";
import { naiveVectors } from "./naive.js";
import type { Say } from "./naive.js";
import { createNetwork } from "./network.js";
import type { Channel, Network } from "./network.js";
import { QUICK, SEED, createRandom, pick, replay, runs } from "./random.js";

/** The same number for the same question, whoever asks it and when. */
const hash = (seed: number, text: string): number => {
  let state = seed ^ 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  }
  return createRandom(state)();
};

/** Four values of `width` bytes, as hexadecimal digits, two of which differ in a single bit. */
const alphabetOf = (random: () => number, width: number): string[] => {
  const values = [0, 1, 2].map(() => Uint8Array.from({ length: width }, random));
  const close = values[0]!.slice();
  close[random() % width]! ^= 1 << random() % 8;
  return [...values, close].map((value) => Buffer.from(value).toString("hex"));
};

interface Plot {
  readonly inputs: (string | undefined)[];
  readonly faulty: number;
  readonly say: Say<string>;
}

/** Inputs, liars and losses, of more kinds than any one bound allows. */
const plotOf = (random: () => number, shape: Shape): Plot => {
  const alphabet = alphabetOf(random, shape.width);
  const draw = (number: number) => (number % 8 ? alphabet[number % 4] : undefined);
  const inputs = Array.from({ length: shape.boards }, () => draw(random() >>> 4));
  const faulty = pick(random, shape.boards, random() % (shape.traitors + 2));
  const seed = random();
  // Of 16: how many entries a liar alters, and how many frames of anybody are lost.
  const lies = 1 + (random() % 16);
  const lost = random() % 3 ? 0 : 1 + (random() % 6);
  const say: Say<string> = (path, receiver, held) => {
    const boards = path.split(">");
    const sender = Number(boards.at(-1));
    if (hash(seed, `lost ${boards.length} ${sender} ${receiver}`) % 16 < lost) return undefined;
    const number = hash(seed, `lie ${path} ${receiver}`);
    return (faulty >> sender) & 1 && number % 16 < lies ? draw(number >>> 4) : held;
  };
  return { inputs, faulty, say };
};

/**
 * `say`, asked about each entry of each payload in turn. A frame without an entry is not
 * delivered.
 */
const channelOf = (shape: Shape, { bitmaps }: Network, say: Say<string>): Channel => {
  const { width } = shape;
  const lists = Array.from({ length: shape.traitors + 1 }, (_, length) =>
    Array.from({ length: shape.boards }, (__, sender) =>
      listHeld(shape, sender, length).map((path) => [...path, sender].join(">")),
    ),
  );
  return (round, sender, receiver, arena, at) => {
    const bytes = Buffer.from(arena.buffer, arena.byteOffset, arena.byteLength);
    let some = false;
    lists[round - 1]![sender]!.forEach((path, slot) => {
      const bit = 1 << (slot & 7);
      const place = at + bitmaps[round]! + slot * width;
      const present = bytes[at + (slot >> 3)]! & bit;
      const held = present ? bytes.toString("hex", place, place + width) : undefined;
      const said = say(path, receiver, held);
      some ||= said !== undefined;
      bytes[at + (slot >> 3)]! |= bit;
      if (said === undefined) bytes[at + (slot >> 3)]! ^= bit;
      else bytes.write(said, place, "hex");
    });
    return some;
  };
};

/** @returns how many entries were compared, and how many of them were ⊥ */
const compare = (random: () => number, shape: Shape, network: Network): [number, number] => {
  const { boards, traitors, commander } = shape;
  const { inputs, faulty, say } = plotOf(random, shape);
  inputs.forEach((value, board) => {
    network.give(board, value === undefined ? undefined : Buffer.from(value, "hex"));
  });
  network.run(channelOf(shape, network, say));
  const expected = naiveVectors(boards, traitors, commander, inputs, say);
  let nothing = 0;
  for (let board = 0; board < boards; board++) {
    const vector = Array.from({ length: boards }, (_, of) => network.entry(board, of));
    // A liar's own vector is nobody's business, but it must be the same too: it lies in speaking
    // only.
    const label = () => `${JSON.stringify(shape)} board ${board} faulty ${faulty}; ${replay}`;
    if (vector.some((entry, of) => entry !== expected[board]![of])) {
      assert.deepEqual(vector, expected[board], label());
    }
    nothing += vector.filter((entry) => entry === undefined).length;
  }
  return [boards * boards, nothing];
};

const SIZES: [number, number, number][] = [
  [4, 1, 300], [5, 1, 200], [7, 2, 100], [8, 2, 60], [10, 3, 6],
];

for (const [boards, traitors, full] of SIZES) {
  test(`OM.1..OM.5, n=${boards}, m=${traitors}: as the naive OM(m), entry by entry`, (t) => {
    const random = createRandom(SEED + boards);
    const times = runs(t, full, Math.ceil(full / 20));
    let networks = 0;
    let compared = 0;
    let nothing = 0;
    for (const width of QUICK ? [1, 2, 4, 9] : [1, 2, 4, 9, 64]) {
      for (const commander of [-1, 0, boards >> 1, boards - 1]) {
        const shape = { boards, traitors, width, commander };
        const network = createNetwork(shape);
        for (let run = 0; run < times; run++) {
          const [entries, absent] = compare(random, shape, network);
          compared += commander < 0 ? entries : boards;
          nothing += commander < 0 ? absent : absent - entries + boards;
          networks++;
        }
      }
    }
    // Both must occur, or nothing has been compared.
    assert.ok(nothing > compared / 100 && nothing < (compared * 99) / 100);
    t.diagnostic(`${networks} runs, ${compared} entries equal, ${nothing} of them ⊥; ${replay}`);
  });
}

test("OM.4: the naive OM(m) is the definition, on an example that was worked out by hand", () => {
  const byHand = (input: string, say: Say<string>) =>
    naiveVectors(4, 1, 0, [input], say).map((vector) => vector[0]);
  // n=4, m=1, commander 0 tells 1 and 2 "a", and 3 "b"; nobody else lies.
  const split: Say<string> = (path, receiver, held) => {
    if (path === "0") return receiver < 3 ? "a" : "b";
    return held;
  };
  assert.deepEqual(byHand("a", split), ["a", "a", "a", "a"]);
  // Told "a", "b" and nothing, each lieutenant has three votes, and no value has two.
  const scatter: Say<string> = (path, receiver, held) =>
    path === "0" ? ["", "a", "b", undefined][receiver] : held;
  assert.deepEqual(byHand("c", scatter), ["c", undefined, undefined, undefined]);
  // Two of three votes; the ⊥ of lieutenant 3 stays in the count, and does not carry the day.
  const two: Say<string> = (path, receiver, held) =>
    path === "0" && receiver === 3 ? undefined : held;
  assert.deepEqual(byHand("a", two), ["a", "a", "a", "a"]);
  // One "a" among two ⊥ is no majority of three.
  const one: Say<string> = (path, receiver, held) =>
    path === "0" && receiver !== 1 ? undefined : held;
  assert.deepEqual(byHand("a", one), ["a", undefined, undefined, undefined]);
});
