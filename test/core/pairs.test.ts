/**
 * OM(2) with n = 7, one commander (board 0) and values 0 and 1: everything that matters to a
 * receiver.
 *
 * What all liars together can say has some 2^40 forms. But agreement is a property of two boards,
 * and the decision of a board depends only on what reaches it. So it is enough to enumerate, for
 * two correct boards p and q, what *they* can come to see. A liar's word reaches them directly in
 * round 3; in rounds 1 and 2 also through the correct boards, which repeat it.
 *
 * Commander and lieutenant t faulty; correct are p, q and three others, five in all. The choices
 * are
 *
 * -  5, round 1: what the commander tells each of the five (what it tells t is t's to lie about),
 * -  5, round 2: what t tells each of the five about the commander,
 * -  8, round 3: what t tells p about what the four others heard from the commander, and q alike.
 *
 * These 18 are all that p and q see of the traitors. 2^18 runs for (t, p, q) cover each binary
 * behaviour.
 *
 * Lieutenants s and t faulty, the commander correct; correct lieutenants are p, q and two others,
 * four.
 *
 * -  8, round 2: what s and t tell each of the four about the commander,
 * - 16, round 3: what s and t each tell p, and q, about each of the four other lieutenants.
 *
 * Here validity implies agreement, and it is a property of one board. What p sees is 8 + 8
 * choices: 2^16 runs for each order and each receiver cover each binary behaviour, and so the 2^24
 * that a pair can see. Beside that, a pair is enumerated as such where s and t say the same about
 * each correct lieutenant, which is the strongest that they can do there: 8, 6 about the correct
 * (three each for p and q), 4 about each other.
 *
 * Covered: binary values, these roles, the boards that the tests name. Not enumerated, but drawn
 * at random in random.test.ts: ⊥ as a third choice, all command, other placements.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createChoices, createNetwork } from "./network.js";
import type { Choice } from "./network.js";
import { QUICK } from "./random.js";

const LIEUTENANTS = [1, 2, 3, 4, 5, 6];
const shape = { boards: 7, traitors: 2, width: 1, commander: 0 };

/** Number `slot` of the frame of round 3: the lieutenants but the sender, ascending. */
const slotOf = (sender: number, about: number) =>
  LIEUTENANTS.filter((board) => board !== sender).indexOf(about);

const inRoundTwo = (sender: number, receivers: number[]): Choice[] =>
  receivers.map((receiver) => ({ round: 2, sender, receiver, slot: 0 }));

const inRoundThree = (sender: number, receiver: number, about: number[]): Choice[] =>
  about
    .filter((board) => board !== sender && board !== receiver)
    .map((board) => ({ round: 3, sender, receiver, slot: slotOf(sender, board) }));

const bitsOf = (boards: number[]) => boards.reduce((set, board) => set | (1 << board), 0);

const COMMANDER_AND: [number, number, number][] = [
  [6, 1, 2], [1, 2, 6], [2, 4, 5], [3, 1, 6], [4, 3, 5], [5, 1, 4],
];

const seen: number[][] = [];

for (const [t, p, q] of QUICK ? COMMANDER_AND.slice(0, 1) : COMMANDER_AND) {
  test(`OM.2..OM.4, n=7, m=2: commander and ${t} faulty, ${p} and ${q} agree`, (context) => {
    const network = createNetwork(shape);
    const correct = LIEUTENANTS.filter((board) => board !== t);
    const choices = [
      ...correct.map((receiver) => ({ round: 1, sender: 0, receiver, slot: 0 })),
      ...inRoundTwo(t, correct),
      ...inRoundThree(t, p, correct),
      ...inRoundThree(t, q, correct),
    ];
    assert.equal(choices.length, 18);
    network.arenas[0]!.fill(0xff);
    network.arenas[t]!.fill(0xff);
    const { chosen, channel } = createChoices(network, choices);
    const outcomes = [0, 0, 0];
    for (let number = 0; number < 1 << 18; number++) {
      for (let bit = 0; bit < 18; bit++) chosen[bit] = (number >> bit) & 1;
      network.run(channel, bitsOf(correct), bitsOf([p, q]));
      const order = network.entryByte(p, 0);
      if (order !== network.entryByte(q, 0)) assert.fail(`choices ${number.toString(2)}`);
      outcomes[order + 1]!++;
    }
    context.diagnostic(`2^18 runs, 0 broken; agreed on nothing, 0, 1: ${outcomes.join(", ")}`);
    // Liars can reach any outcome, 0 as often as 1, and no board is special.
    assert.ok(outcomes[0]! > 0 && outcomes[1]! > 0);
    assert.equal(outcomes[1], outcomes[2]);
    seen.push(outcomes);
    assert.deepEqual(outcomes, seen[0]);
  });
}

const TWO_LIEUTENANTS: [number, number][] = [[5, 6], [1, 2], [2, 5]];

for (const [s, t] of QUICK ? TWO_LIEUTENANTS.slice(0, 1) : TWO_LIEUTENANTS) {
  test(`OM.2..OM.4, n=7, m=2: lieutenants ${s} and ${t} faulty, the others obey`, (context) => {
    const network = createNetwork(shape);
    const correct = LIEUTENANTS.filter((board) => board !== s && board !== t);
    network.arenas[s]!.fill(0xff);
    network.arenas[t]!.fill(0xff);
    let runs = 0;
    for (const p of correct) {
      const choices = [
        ...inRoundTwo(s, correct), ...inRoundTwo(t, correct),
        ...inRoundThree(s, p, LIEUTENANTS), ...inRoundThree(t, p, LIEUTENANTS),
      ];
      assert.equal(choices.length, 16);
      const { chosen, channel } = createChoices(network, choices);
      for (let number = 0; number < 1 << 17; number++) {
        const order = number & 1;
        network.giveByte(0, order);
        for (let bit = 0; bit < 16; bit++) chosen[bit] = (number >> (bit + 1)) & 1;
        network.run(channel, bitsOf([0, ...correct]), bitsOf([p]));
        if (network.entryByte(p, 0) !== order) assert.fail(`${p}: choices ${number.toString(2)}`);
        runs++;
      }
    }
    context.diagnostic(`${runs} runs (4 receivers, 2 orders, 2^16), 0 broken`);
  });
}

test("OM.2..OM.4, n=7, m=2: lieutenants 3 and 6 faulty, 1 and 5 obey, as a pair", (context) => {
  const [s, t, p, q] = [3, 6, 1, 5];
  const network = createNetwork(shape);
  const correct = [1, 2, 4, 5];
  const tied = (sender: number) => [
    ...inRoundThree(sender, p, correct), ...inRoundThree(sender, q, correct),
  ];
  const choices = [
    ...inRoundTwo(s, correct), ...inRoundTwo(t, correct),
    ...inRoundThree(s, p, [t]), ...inRoundThree(s, q, [t]),
    ...inRoundThree(t, p, [s]), ...inRoundThree(t, q, [s]),
    ...tied(s), ...tied(t),
  ];
  assert.equal(choices.length, 18 + 6);
  network.arenas[s]!.fill(0xff);
  network.arenas[t]!.fill(0xff);
  const { chosen, channel } = createChoices(network, choices);
  for (let number = 0; number < 1 << (QUICK ? 15 : 19); number++) {
    const order = number & 1;
    network.giveByte(0, order);
    for (let bit = 0; bit < 18; bit++) chosen[bit] = (number >> (bit + 1)) & 1;
    for (let bit = 0; bit < 6; bit++) chosen[18 + bit] = chosen[12 + bit]!;
    network.run(channel, bitsOf([0, ...correct]), bitsOf([p, q]));
    const wrong = network.entryByte(p, 0) !== order || network.entryByte(q, 0) !== order;
    if (wrong) assert.fail(`choices ${number.toString(2)}`);
  }
  context.diagnostic(
    QUICK ? "2^15 runs; 2^19 with TAGMA_SOAK=1" : "2 orders, 2^18 runs each, 0 broken");
});
