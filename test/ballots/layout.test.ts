/** Sizes of ballots, derived by hand; and the bounds outside of which there are none. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ballotLayout, ballotRefusal } from "../../firmware/ballots/layout.js";
import type { BallotShape } from "../../firmware/ballots/layout.js";
import { FAB } from "../../firmware/core/fab.js";
import { shapeOf } from "./ballots.js";

test("LBP.1, LFAB.1: a record, its parts and the payloads", () => {
  // n = 4, m = 1, w = 2: presence and proposal 3, mbal 4, mval 2, avBal 4, avVal 2, avPrev 4.
  const once = ballotLayout({ ...shapeOf("paxos", 4, 1), width: 2 }, 2, false);
  assert.equal(once.width, 3 + 4 + 2 + 4 + 2 + 4);
  assert.equal(once.body, 3);
  assert.deepEqual(once.payloads.slice(1), [1 + 19, 1 + 3 * 19, 1 + 2, 1 + 2]);
  assert.equal(once.levels[2], once.heard + 2 * once.block);
  assert.deepEqual([once.rounds, once.quorum, once.valueWidth], [4, 3, 2]);

  // A log of 3: slot 4, kept 1, three values.
  const log = ballotLayout({ ...shapeOf("paxos", 4, 1, 3), width: 2 }, 0, true);
  assert.deepEqual([log.slot, log.ring, log.body], [3, 8, 14]);
  assert.equal(log.width, 19 + 5 + 6);
  assert.deepEqual(log.payloads, [3 + 1 + 2, 1 + 30, 1 + 90, 1 + 6, 1 + 6]);

  const fab = ballotLayout({ ...shapeOf("fab", 6, 1), width: 4 }, 5, false);
  assert.equal(fab.width, 5 + 5);
  assert.deepEqual([fab.rounds, fab.quorum], [3, 5]);
  assert.deepEqual(fab.payloads.slice(1), [1 + 10, 1 + 50, 1 + 4]);

  const led = ballotLayout(shapeOf("paxos", 7, 2, 0, true), 0, false);
  assert.deepEqual([led.rounds, led.quorum, led.payloads.length], [6, 5, 7]);
  assert.equal(ballotLayout(shapeOf("paxos", 5, 1), 0, false).quorum, 4);
  assert.equal(ballotLayout(shapeOf("fab", 7, 1), 0, false).quorum, 6);
});

test("LBP.2: two quorums have a correct board in common, and the correct boards are one", () => {
  for (let traitors = 1; traitors <= 3; traitors++) {
    for (let boards = 3 * traitors + 1; boards <= 10; boards++) {
      const { quorum } = ballotLayout(shapeOf("paxos", boards, traitors), 0, false);
      assert.ok(2 * quorum - boards > traitors);
      assert.ok(quorum <= boards - traitors);
    }
  }
});

test("bounds that are violated are named", () => {
  const sound = shapeOf("paxos", 4, 1, 2);
  const refused: [Partial<BallotShape>, RegExp][] = [
    [{ protocol: FAB, boards: 5 }, /^boards: 5 .*at least 6 can$/],
    [{ traitors: 0 }, /^traitors: 0, must be at least 1$/],
    [{ commander: 0 }, /^commander: 0, must be -1: all$/],
    [{ keep: 1 }, /^keep: 1, must be 2 to 64, or 0: no log$/],
    [{ keep: 65 }, /^keep: 65/], [{ keep: 2.5 }, /^keep: 2.5/],
    [{ reserve: 0 }, /^reserve: 0, must be 1 to 65536 ballots$/],
    [{ reserve: 65537 }, /^reserve: 65537/], [{ reserve: 1.5 }, /^reserve: 1.5/],
    [{ boards: 3 }, /^boards: 3 cannot outvote 1 traitors in ballots, at least 4 can$/],
    [{ boards: 16, traitors: 5 }, /^traitors: 5 take 8 rounds, there are 7: at most 4$/],
    [{ boards: 13, traitors: 4, rotating: true }, /^traitors: 4 take 8 rounds.*: at most 3$/],
    [{ width: 65 }, /^width: 65 bytes, must be 1 to 64$/],
    [{ boards: 13, traitors: 4 },
      /^width: 1, keep: 2 make a record of 23 bytes; of that, width: 23 bytes make a payload/],
  ];
  assert.equal(ballotRefusal(sound), "");
  for (const [change, message] of refused) {
    const error = (() => {
      try {
        ballotLayout({ ...sound, ...change }, 0, false);
      } catch (thrown) {
        return thrown;
      }
      return undefined;
    })();
    assert.ok(error instanceof RangeError);
    assert.match(error.message, message);
  }
  assert.equal(ballotRefusal({ ...sound, reserve: 0, stored: true }), "");
  // A record may be longer than any value.
  assert.equal(ballotLayout({ ...sound, width: 64, keep: 64 }, 0, false).width, 4306);
  for (const [algorithm, boards] of [["paxos", 4], ["fab", 6]] as const) {
    ballotLayout(shapeOf(algorithm, boards, 1, 0), 0, false);
  }
});
