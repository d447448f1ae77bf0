/** The first two slots of a log, with restarts, repeats and stores that fail. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { exploreLog, logRules } from "./explore-log.js";
import type { LogRules } from "./log-views.js";

/** TAGMA_LONG=1: minutes. */
const LONG = process.env["TAGMA_LONG"] === "1";
const LIMIT = 3_000_000;

interface Case {
  readonly name: string;
  readonly rules: LogRules;
  /** The slot in which all are at first. */
  readonly from: number;
  readonly ballots: number;
  readonly troubles: number;
}

const of = (
  fast: boolean, stored: boolean, keep: number, ballots: number, troubles: number, from = 0,
  early = false,
): Case => ({
  name: `${fast ? "LFaB" : "LBP"}${early ? " that decides early" : ""}, ` +
    `promises ${stored ? "stored" : "forgotten"}, K = ${keep}, from slot ${from}, ` +
    `${ballots} ballots, ${troubles} troubles`,
  rules: logRules(fast, stored, keep, early), from, ballots, troubles,
});

const CASES: readonly Case[] = LONG
  ? [
    of(false, false, 2, 3, 1), of(false, false, 1, 3, 1), of(false, true, 2, 3, 0),
    of(false, true, 2, 2, 2), of(false, false, 2, 2, 2, 1), of(false, true, 2, 2, 1, 1),
    of(true, false, 2, 3, 0), of(true, true, 2, 2, 1),
    of(false, false, 2, 3, 1, 0, true), of(false, true, 2, 2, 2, 0, true),
  ]
  : [
    of(false, false, 2, 2, 2), of(false, true, 2, 2, 1), of(false, false, 2, 2, 1, 1),
    of(true, false, 2, 2, 0), of(false, false, 2, 2, 2, 0, true), of(false, true, 2, 2, 1, 0, true),
  ];

describe("LOG.1 to LOG.6: two slots, every state that can be reached", () => {
  for (const { name, rules, from, ballots, troubles } of CASES) {
    test(`${name}: nothing is decided twice`, (t) => {
      const found = exploreLog(rules, { ballots, troubles, limit: LIMIT, patient: true }, from);
      assert.equal(found.disagreed, 0);
      assert.equal(found.states.length, ballots + 1);
      t.diagnostic(`states by ballots: ${found.states.join(", ")}; ${found.visited} with those ` +
        "between; 0 disagree");
    });
  }

  const forgets = of(false, false, 2, 2, 1);
  const stores = of(false, true, 2, 2, 1);
  const soon = of(false, false, 2, 2, 1, 0, true);
  const WITHOUT: [string, Case, Partial<LogRules>][] = [
    ["EARLY.2: LBP.2 alone", soon, { keeps: false }],
    ["EARLY.1, BALLOT.3: 2av of another slot count", soon, { named: false }],
    ["LOG.3, BALLOT.3: votes and records of another slot count", forgets, { named: false }],
    ["LOG.2: a claim of F boards is enough", forgets, { adopts: 1 }],
    ["LOG.5: who forgot is new", forgets, { silent: false }],
    ["LOG.6: what is not kept counts", stores, { kept: false }],
    ...(LONG ? [
      ["LOG.5: who forgot speaks from x on", of(false, false, 2, 3, 1, 1), { beyond: 0 }],
      ["LOG.6: said, then kept", stores, { first: false }],
    ] as [string, Case, Partial<LogRules>][] : []),
  ];
  for (const [name, { rules, from, ballots, troubles }, change] of WITHOUT) {
    test(`${name}: two values are decided`, (t) => {
      const bounds = { ballots, troubles, limit: LIMIT, patient: false };
      const found = exploreLog({ ...rules, ...change }, bounds, from);
      assert.ok(found.disagreed > 0);
      t.diagnostic(`in ballot ${found.states.length}, after ${found.visited} states`);
    });
  }
});
