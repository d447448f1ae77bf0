/**
 * SM.1 to SM.5 where all but two boards are traitors that share their keys: everything that makes a
 * difference, tried out.
 *
 * One commands; with all, the same happens n times beside each other. The orders are 0 and 1. A
 * gang is one: what some of its members may show in a round, another may too, for whoever wants to
 * be in the chain and is not the sender can sign. So a choice is, for each round and each of the
 * two correct boards, which of the orders are shown to it; in round 1 it is one at most. An order
 * that takes a correct board's signature which that has not made is shown even so, forged.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { broken, createNaiveSigned, createSigned, signaturesIn, signedShape } from "./signed.js";
import type { Item, Lie } from "./signed.js";
import { choices } from "./choices.js";

interface Told {
  /** By round, from 1, and receiver of the two: a bit for each order that is shown. */
  readonly shown: (round: number, receiver: number) => number;
}

/** Traitors 0..m-1, of which `commander` may be one; the correct ones are the last two. */
const createGang = (boards: number, traitors: number, commander: number, { shown }: Told) => {
  const shape = signedShape(boards, traitors, commander);
  const signed = new Set<string>();
  const kept = new Map<string, Item[]>();
  const all = Array.from({ length: boards }, (_, board) => board);
  const liars = all.slice(0, traitors);

  const items = (round: number, sender: number, receiver: number): Item[] => {
    // Round 1 is the commander's; later one member speaks for all, and another in round 2 as well,
    // where a frame has room for one order.
    const speakers = liars.filter((board) => board !== commander);
    const turn = round === 1 ? 0 : speakers.indexOf(sender);
    const bits = shown(round, receiver);
    return [0, 1].filter((value) => (bits >> value) & 1).flatMap((value, nth) => {
      if (turn !== (round === 2 ? nth : 0)) return [];
      const others = all.filter((board) =>
        ![commander, sender, receiver].includes(board))
        .toSorted((one, other) => Number(liars.includes(other)) - Number(liars.includes(one)));
      const ids = others.slice(0, Math.max(0, round - 2));
      const chain = round === 1 ? [commander] : [commander, ...ids, sender];
      const genuine = Array.from({ length: signaturesIn(shape, round) }, (_, place) =>
        liars.includes(chain[place]!) || signed.has(`${chain[place]} ${value}`));
      return [{ of: commander, value, ids, genuine }];
    });
  };
  const lie: Lie = (round, sender, receiver) => {
    const key = `${round} ${sender} ${receiver}`;
    if (!kept.has(key)) kept.set(key, items(round, sender, receiver));
    return kept.get(key);
  };
  const overhear = (round: number, sender: number, heard: readonly Item[]) => {
    for (const { value, ids } of heard) {
      const chain = round === 1 ? [commander] : [commander, ...ids, sender];
      for (const signer of chain.slice(0, signaturesIn(shape, round))) {
        signed.add(`${signer} ${value}`);
      }
    }
  };
  return { shape, liars: new Set(liars), lie, overhear };
};

describe("SM.2 to SM.5: all but two boards are traitors that share their keys", () => {
  for (const [boards, traitors] of [[4, 2], [5, 3]] as const) {
    test(`${boards} boards, a traitor commands: every choice`, (t) => {
      const inputs = Array.from({ length: boards }, () => -1);
      const run = createSigned(signedShape(boards, traitors, 0));
      let count = 0;
      const held = new Map<string, number>();
      const each = Array.from({ length: 2 * traitors }, () => 4);
      for (const chosen of choices([3, 3, ...each])) {
        const shown = (round: number, receiver: number) =>
          chosen[2 * (round - 1) + receiver - traitors]!;
        const { shape, liars, lie, overhear } = createGang(boards, traitors, 0, { shown });
        const expected = createNaiveSigned(shape, overhear)(inputs, liars, lie);
        const outcome = run(inputs, liars, lie);
        const wrong = broken(shape, inputs, outcome);
        if (wrong) assert.fail(`${chosen.join()}: ${wrong}`);
        assert.deepEqual(outcome, expected, chosen.join());
        const vector = String(outcome.vectors[traitors]![0]);
        held.set(vector, (held.get(vector) ?? 0) + 1);
        count++;
      }
      t.diagnostic(`${count} runs, 0 broken; held ${
        [...held].map(([value, times]) => `${value}: ${times}`).join(", ")}`);
      assert.equal(count, 9 * 4 ** (2 * traitors));
      assert.equal(held.size, 3);
    });

    test(`${boards} boards, a correct one commands: every choice`, () => {
      const commander = boards - 1;
      const run = createSigned(signedShape(boards, traitors, commander));
      for (const order of [-1, 0, 1]) {
        const inputs = Array.from({ length: boards }, () => order);
        for (const chosen of choices(Array.from({ length: traitors }, () => 4))) {
          const shown = (round: number) => chosen[round - 2]!;
          const gang = createGang(boards, traitors, commander, { shown });
          const expected = createNaiveSigned(gang.shape, gang.overhear)(
            inputs, gang.liars, gang.lie);
          const outcome = run(inputs, gang.liars, gang.lie);
          assert.equal(broken(gang.shape, inputs, outcome), "", chosen.join());
          assert.deepEqual(outcome, expected, chosen.join());
        }
      }
    });
  }

  test("just outside: one round less, and a gang parts the two", () => {
    // Three traitors of five, where two are foreseen: the last member signs for one receiver only.
    const shape = signedShape(5, 2, 0);
    const lie: Lie = (round, sender, receiver) => {
      if (round === 1) return [{ of: 0, value: 0, ids: [], genuine: [true] }];
      if (round < 3 || sender !== 2 || receiver !== 3) return undefined;
      return [{ of: 0, value: 1, ids: [1], genuine: [true, true] }];
    };
    const outcome = createSigned(shape)([0, 0, 0, 0, 0], new Set([0, 1, 2]), lie);
    assert.match(broken(shape, [0, 0, 0, 0, 0], outcome), /agreement/);
  });
});
