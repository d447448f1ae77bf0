import assert from "node:assert/strict";
import { test } from "node:test";
import { layoutOf } from "../../firmware/base/layout.js";
import type { Shape } from "../../firmware/base/layout.js";
import { createOm } from "../../firmware/core/om.js";
import { findRoutes } from "../../firmware/core/paths.js";
import { unguarded } from "./brute.js";
import {
  DISAGREE, INVALID, NOTHING, NO_FRAME, UNTRUE, createChoices, createNetwork, honest, judge,
} from "./network.js";
import type { Choice, Network } from "./network.js";

/** For mutants, of which there are many. */
const MUTANT = process.env["TAGMA_QUICK"] === "1";

const shapeOf = (boards: number, traitors: number, commander = -1): Shape => ({
  boards, traitors, width: 1, commander,
});

/**
 * Everything that `traitor` can say and its receiver does not ignore: all choices it has with m =
 * 1.
 */
const choicesOf = ({ boards, commander }: Shape, traitor: number): Choice[] => {
  const choices: Choice[] = [];
  const others = [...Array(boards).keys()].filter((board) => board !== traitor);
  const commands = commander < 0 ? others : others.filter((board) => board === commander);
  for (const receiver of others) {
    if (commander < 0 || traitor === commander) {
      choices.push({ round: 1, sender: traitor, receiver, slot: 0 });
    }
    // Nobody listens to what is said about itself as a commander.
    commands.forEach((of, slot) => {
      if (of !== receiver) choices.push({ round: 2, sender: traitor, receiver, slot });
    });
  }
  return choices;
};

/**
 * Counts `digits` up as a number, lowest digit first; false when it has come round to the first.
 */
const advance = (digits: Int8Array, symbols: readonly number[]): boolean => {
  for (let index = 0; index < digits.length; index++) {
    const place = symbols.indexOf(digits[index]!) + 1;
    digits[index] = symbols[place % symbols.length]!;
    if (place < symbols.length) return true;
  }
  return false;
};

interface Tally {
  runs: number;
  disagreed: number;
  invalid: number;
  untrue: number;
  /** Runs in which the orders were wrong too, when the default order 0 had replaced ⊥. */
  ordered: number;
}

/** The same with ⊥ replaced by the default order, in a single commander's network. */
const wrongOrder = (network: Network, inputs: Int8Array, traitor: number): boolean => {
  const { boards, commander } = network.shape;
  const orders: number[] = [];
  for (let board = 0; board < boards; board++) {
    if (board !== traitor) orders.push(Math.max(network.entryByte(board, commander), 0));
  }
  if (commander !== traitor) orders.push(Math.max(inputs[commander]!, 0));
  return orders.some((order) => order !== orders[0]);
};

/**
 * Every behaviour of `traitor` in `symbols`, for every combination of correct inputs in `given`.
 */
const enumerate = (
  network: Network, traitor: number, symbols: readonly number[], given: readonly number[],
): Tally => {
  const { boards, commander } = network.shape;
  const { chosen, channel } = createChoices(network, choicesOf(network.shape, traitor));
  const tally: Tally = { runs: 0, disagreed: 0, invalid: 0, untrue: 0, ordered: 0 };
  const correct = [...Array(boards).keys()].filter((board) => board !== traitor);
  const commands = commander < 0 ? correct : correct.filter((board) => board === commander);
  const inputs = new Int8Array(boards).fill(NOTHING);
  const inputsChosen = new Int8Array(commands.length).fill(given[0]!);
  // What nobody should listen to is nonsense, never ⊥.
  network.arenas[traitor]!.fill(0xff);
  do {
    commands.forEach((board, index) => {
      inputs[board] = inputsChosen[index]!;
      network.giveByte(board, inputsChosen[index]!);
    });
    chosen.fill(symbols[0]!);
    do {
      network.run(channel, ~(1 << traitor));
      const wrong = judge(network, inputs, 1 << traitor);
      tally.runs++;
      if (wrong & DISAGREE) tally.disagreed++;
      if (wrong & INVALID) tally.invalid++;
      if (wrong & UNTRUE) tally.untrue++;
      if (commander >= 0 && wrongOrder(network, inputs, traitor)) tally.ordered++;
    } while (advance(chosen, symbols));
  } while (advance(inputsChosen, given));
  return tally;
};

const add = (tallies: readonly Tally[]): Tally => {
  const sum = (name: keyof Tally) => tallies.reduce((total, tally) => total + tally[name], 0);
  return {
    runs: sum("runs"), disagreed: sum("disagreed"), invalid: sum("invalid"), untrue: sum("untrue"),
    ordered: sum("ordered"),
  };
};

const everyTraitor = (
  shape: Shape, sizes: typeof layoutOf, symbols: readonly number[], given: readonly number[],
): Tally => {
  const network = createNetwork(shape, sizes);
  const traitors = [...Array(shape.boards).keys()];
  return add(traitors.map((traitor) => enumerate(network, traitor, symbols, given)));
};

const perfect = (runs: number): Tally => ({
  runs, disagreed: 0, invalid: 0, untrue: 0, ordered: 0,
});

test("OM.1..OM.5, n=4, m=1, one commander: every behaviour of every traitor", (t) => {
  for (let commander = 0; commander < 4; commander++) {
    for (const nothing of [NOTHING, NO_FRAME]) {
      // 3^3 of the commander; of each of 3 lieutenants 3^2, for each of 2 orders.
      const tally = everyTraitor(shapeOf(4, 1, commander), layoutOf, [0, 1, nothing], [0, 1]);
      assert.deepEqual(tally, perfect(27 + 3 * 9 * 2));
    }
    const silent = everyTraitor(shapeOf(4, 1, commander), layoutOf, [0, 1, NOTHING], [NOTHING]);
    assert.deepEqual(silent, perfect(27 + 3 * 9));
  }
  t.diagnostic("n=4, m=1: 81 behaviours for each commander and each kind of silence, 0 broken");
});

test("OM.1..OM.5, n=4, m=1, all command: every behaviour of every traitor, all inputs", (t) => {
  // A traitor speaks 3 times in round 1, and in round 2 to 3 receivers about the 2 others: 3^9.
  const given = MUTANT ? [1] : [0, 1, NOTHING];
  if (MUTANT) t.diagnostic("TAGMA_QUICK: only the inputs 1,1,1");
  const tally = everyTraitor(shapeOf(4, 1), layoutOf, [0, 1, NOTHING], given);
  assert.deepEqual(tally, perfect(4 * 3 ** 9 * given.length ** 3));
  t.diagnostic(
    `n=4, m=1, IC: 4 traitors, 3^9 behaviours, ${given.length}^3 inputs: ${tally.runs} runs, ` +
      "0 broken",
  );
});

test("n=3, m=1: outside the bound some behaviours break agreement, one commander", (t) => {
  for (let commander = 0; commander < 3; commander++) {
    const tally = everyTraitor(shapeOf(3, 1, commander), unguarded, [0, 1, NOTHING], [0, 1]);
    // Two votes decide, so that both must agree: a lieutenant that does not repeat the order makes
    // the other hold ⊥, with 2 of 3 symbols, for 2 lieutenants and 2 orders. Where the order was
    // 0, the default order 0 hides that.
    assert.deepEqual(tally, { runs: 21, disagreed: 8, invalid: 8, untrue: 0, ordered: 4 });
  }
  t.diagnostic("n=3, m=1: of 21 behaviours 8 break the vectors, 4 the orders, with default 0");
});

test("n=3, m=1: outside the bound some behaviours break agreement, all command", (t) => {
  const tally = everyTraitor(shapeOf(3, 1), unguarded, [0, 1, NOTHING], [0, 1]);
  assert.equal(tally.runs, 3 * 3 ** 4 * 2 ** 2);
  // One of the two relays is no repetition in all but 1 of 9 cases.
  assert.equal(tally.disagreed, (tally.runs * 8) / 9);
  assert.equal(tally.invalid, (tally.runs * 8) / 9);
  assert.equal(tally.untrue, 0);
  t.diagnostic(`n=3, m=1, IC: ${tally.disagreed} of ${tally.runs} runs break both`);
});

const TERMINATING: [number, number][] = [[2, 0], [5, 0], [4, 1], [6, 1], [7, 2], [10, 3]];

for (const [boards, traitors] of TERMINATING) {
  test(`OM.5, n=${boards}, m=${traitors}: decided after exactly m+1 rounds`, () => {
    const network = createNetwork(shapeOf(boards, traitors));
    const inputs = Int8Array.from({ length: boards }, (_, board) => (board % 3) - 1);
    inputs.forEach((value, board) => {
      network.giveByte(board, value);
    });
    network.run(honest);
    assert.equal(judge(network, inputs, 0), 0);
    // There is no frame of a later round; with m = 0, level 1 alone needs the size of a second.
    assert.equal(network.layout[0]!.payloads.length, Math.max(traitors, 1) + 2);
  });
}

for (const [boards, traitors] of TERMINATING.filter(([, m]) => m > 0)) {
  test(`OM.4, n=${boards}, m=${traitors}: m rounds are too few`, () => {
    // Board 0 tells the others 0 and 1 in turn; the rest is honest.
    const network = createNetwork(shapeOf(boards, traitors, 0));
    const inputs = new Int8Array(boards).fill(NOTHING);
    network.giveByte(0, 1);
    const choices = [...Array(boards - 1).keys()].map((index) => ({
      round: 1, sender: 0, receiver: index + 1, slot: 0,
    }));
    const { chosen, channel } = createChoices(network, choices);
    chosen.forEach((_, index) => {
      chosen[index] = index % 2;
    });
    network.run(channel, -1, -1, traitors);
    assert.equal(judge(network, inputs, 1), DISAGREE);
    network.run(channel);
    assert.equal(judge(network, inputs, 1), 0);
  });
}

test("OM.3: a frame of the cycle before is not heard again", () => {
  const network = createNetwork(shapeOf(7, 2));
  const inputs = new Int8Array(7).fill(1);
  inputs.forEach((value, board) => {
    network.giveByte(board, value);
  });
  network.run(honest);
  network.run(() => false);
  for (let board = 0; board < 7; board++) {
    for (let of = 0; of < 7; of++) {
      assert.equal(network.entryByte(board, of), board === of ? 1 : NOTHING);
    }
  }
});

test("OM.5: with one commander, there is no entry of any other", () => {
  const network = createNetwork(shapeOf(7, 2, 3));
  network.giveByte(3, 9);
  network.run(honest);
  for (let board = 0; board < 7; board++) {
    for (let of = 0; of < 7; of++) {
      assert.equal(network.entryByte(board, of), of === 3 ? 9 : NOTHING);
    }
  }
});

test("OM.1..OM.5, n=13, m=4: four split liars, one run", (t) => {
  const network = createNetwork(shapeOf(13, 4));
  const faulty = 0b1_0001_0000_0101;
  const inputs = Int8Array.from({ length: 13 }, (_, board) => board & 1);
  inputs.forEach((value, board) => {
    network.giveByte(board, value);
  });
  network.run((round, sender, receiver, arena, at) => {
    if (!((faulty >> sender) & 1)) return true;
    // All present, and all 0 for the lower half, all 1 for the upper.
    const values = at + network.bitmaps[round]!;
    arena.fill(0xff, at, values);
    arena.fill(receiver < 7 ? 0 : 1, values, values + network.slots[round]!);
    return true;
  });
  assert.equal(judge(network, inputs, faulty), 0);
  t.diagnostic(`n=13, m=4: arenas of ${network.layout[0]!.end} bytes`);
});

test("OM.3: of who was not heard nothing counts, whatever was said in a round before", () => {
  const layout = layoutOf(shapeOf(7, 2), 0, false);
  const at = layout.heard + 3 * layout.block;
  const results = [0, 0xff].map((stale) => {
    const arena = new Uint8Array(layout.end).map((_, index) => index % 7 & 1);
    const agreement = createOm(layout, findRoutes(layout), arena);
    for (let round = 1; round <= layout.rounds; round++) {
      arena.fill(0xff, layout.heard, layout.end);
      arena.fill(stale, at, at + layout.block);
      agreement.close(round, 0x7e & ~(1 << 3));
    }
    arena.fill(0, layout.heard);
    return [...arena];
  });
  assert.deepEqual(results[1], results[0]);
});
