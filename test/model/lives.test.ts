/** Restarts, repeats and stores that fail, in every order: what each rule is there against. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { NEW, exploreLives, lifeRules } from "./explore-lives.js";
import type { LifeRules, OneSlot } from "./explore-lives.js";
import { EMPTY } from "./moves.js";

/** TAGMA_LONG=1: one trouble more in each, and one rule more that is taken out. */
const LONG = process.env["TAGMA_LONG"] === "1";
const LIMIT = 3_000_000;

/** How many ballots, and how many restarts and failing writes at most. */
const CASES: [string, LifeRules, number, number][] = [
  ["LBP, promises forgotten", lifeRules(false, false), 2, 3],
  ["LBP, promises stored", lifeRules(false, true), 2, 3],
  ["LBP that decides early, promises forgotten", lifeRules(false, false, true), 3, 1],
  ["LBP that decides early, promises stored", lifeRules(false, true, true), 2, 3],
  ["LFaB, promises forgotten", lifeRules(true, false), 3, 2],
  ["LFaB, promises stored", lifeRules(true, true), 3, 1],
];

describe("LOG.5, LOG.6, BALLOT.6: one slot, every state that can be reached", () => {
  for (const [name, rules, ballots, most] of CASES) {
    const troubles = most + (LONG ? 1 : 0);
    const title = `${name}, ${ballots} ballots, ${troubles} troubles: nothing is decided twice`;
    test(title, (t) => {
      const { states, visited, disagreed } = exploreLives(
        rules, { ballots, troubles, limit: LIMIT, patient: true });
      assert.equal(disagreed, 0);
      assert.equal(states.length, ballots + 1);
      t.diagnostic(`states by ballots: ${states.join(", ")}; ${visited} with those between; ` +
        "0 disagree");
    });
  }

  const [forgets, stores, soonForgets, soonStores, fastForgets, fastStores] =
    CASES.map(([, rules]) => rules) as [
      LifeRules, LifeRules, LifeRules, LifeRules, LifeRules, LifeRules];
  const WITHOUT: [string, LifeRules, Partial<LifeRules>][] = [
    ["LOG.5: who forgot is new (LBP)", forgets, { silent: false }],
    ["LOG.5: who forgot is new (LFaB)", fastForgets, { silent: false }],
    ["LOG.6: what is not kept counts (LBP)", stores, { kept: false }],
    ["EARLY.2: LBP.2 alone, promises forgotten", soonForgets, { keeps: false }],
    ["EARLY.2: LBP.2 alone, promises stored", soonStores, { keeps: false }],
    ["LOG.5: who forgot is new (LBP that decides early)", soonForgets, { silent: false }],
    ["LOG.6: what is not kept counts (LFaB)", fastStores, { kept: false }],
    ["LOG.6: said, then kept (LBP)", stores, { first: false }],
    ["LOG.6: said, then kept (LFaB)", fastStores, { first: false }],
    // Two minutes; all fates of writes are tried in test/node/kept.test.ts besides.
    ...(LONG ? [["BALLOT.6: the newest is written over (LFaB)", fastStores, { spared: false }] as [
      string, LifeRules, Partial<LifeRules>]] : []),
  ];
  for (const [name, rules, change] of WITHOUT) {
    test(`${name}: two values are decided`, (t) => {
      const found = exploreLives(
        { ...rules, ...change }, { ballots: 3, troubles: 2, limit: LIMIT, patient: false });
      assert.ok(found.disagreed > 0);
      t.diagnostic(`in ballot ${found.states.length}, after ${found.visited} states`);
    });
  }

  // From the start on this takes 3.5 million states.
  test("BALLOT.6: the newest is written over (LBP), after a decision: two are decided", (t) => {
    const relay = { ...EMPTY, avBal: 0, avVal: "0" };
    const vote = { ...relay, mbal: 0, mval: "0" };
    const voter: OneSlot = { ...NEW, live: vote, newest: vote };
    const bounds = { first: 1, ballots: 2, troubles: 2, limit: LIMIT };
    const turns = { ...voter, other: relay };
    const found = exploreLives({ ...stores, spared: false }, { ...bounds, patient: false },
      [NEW, turns, turns], "0");
    assert.ok(found.disagreed > 0);
    t.diagnostic(`in ballot ${found.states.length + 1}, after ${found.visited} states`);
    const sound = exploreLives(
      stores, { ...bounds, patient: true }, [NEW, voter, voter], "0");
    assert.equal(sound.disagreed, 0);
    assert.equal(sound.states.length, 3);
    t.diagnostic(`0 disagree of ${sound.visited} where it is spared`);
  });
});
