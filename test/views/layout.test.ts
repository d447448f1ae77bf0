/** Sizes of views, derived by hand; and the bounds outside of which there are none. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ballotLayout, ballotRefusal } from "../../firmware/ballots/layout.js";
import { countedFrom, firstRound, lastRound } from "../../firmware/index.js";
import { recordParts } from "../../host/network/record.js";
import { PAXOS } from "../../host/algorithms/paxos.js";
import { PBFT } from "../../host/algorithms/pbft.js";
import { parseNetwork } from "../../host/network/network.js";
import { cycleIn, planOf } from "../../host/plan/plan.js";
import { contentOf } from "../cli/harness.js";
import { shapeOf } from "../ballots/ballots.js";

test("VIEW.3, VIEW.5, BALLOT.9: a record, its parts and the payloads", () => {
  // n = 4, m = 1, w = 2, K = 3: presence and proposal 3, slot 4, kept 1, values 6, lead 4,
  // complains 1, mbal 4, mval 2, avBal 4, avVal 2, avPrev 4.
  const log = ballotLayout({ ...shapeOf("pbft", 4, 1, 3, false, 8), width: 2 }, 2, true);
  assert.equal(log.width, 3 + 5 + 6 + 5 + 16);
  assert.deepEqual([log.slot, log.ring, log.lead, log.body], [3, 8, 14, 19]);
  // A claim: presence 1, a proposal 2, slot 4, kept 1, the last decision 2; then votes.
  assert.deepEqual(log.payloads, [3 + 1 + 2, 1 + 35, 1 + 3 * 35, 10, 3, 3]);
  assert.deepEqual([log.rounds, log.exchanges, log.quorum, log.lies], [5, 2, 3, 1]);
  assert.ok([2, 3, 4].every((level) => log.levels[level] === log.heard + 2 * log.block));

  const once = ballotLayout(shapeOf("pbft", 7, 2, 0, false, 2), 0, false);
  assert.equal(once.width, 2 + 5 + 14);
  assert.deepEqual(once.payloads.slice(4), [2, 2, 2]);
  // n = 6, m = 1, w = 1: presence and proposal 2, lead 4, complains 1, presence and value 2.
  const fab = ballotLayout(shapeOf("led fab", 6, 1, 0, false, 2), 0, false);
  assert.equal(fab.width, 2 + 5 + 2);
  assert.deepEqual([fab.rounds, fab.quorum, fab.payloads.slice(3)], [4, 5, [2, 2]]);
  assert.deepEqual(recordParts(PBFT, once).map(({ is }) => is).slice(2, 4), ["lead", "complains"]);
  assert.deepEqual(recordParts(PBFT, log).map(({ at, bytes }) => at + bytes).at(-1), log.width);
});

test("PAX.1, PAX.2, BALLOT.10: where nobody lies, nothing is relayed or kept of others", () => {
  // n = 5, m = 2, w = 2, K = 3: presence and proposal 3, slot 4, kept 1, values 6, named 1, view 4,
  // value 2.
  const log = ballotLayout({ ...shapeOf("multi-paxos", 5, 2, 3, false, 8), width: 2 }, 4, true);
  assert.equal(log.width, 3 + 5 + 6 + 1 + 6);
  assert.deepEqual([log.slot, log.ring, log.lead, log.body], [3, 8, 14, 15]);
  // A byte; the record; a claim; a vote.
  assert.deepEqual(log.payloads, [3 + 1 + 2, 1, 1 + 21, 10, 3]);
  assert.deepEqual([log.rounds, log.exchanges, log.quorum, log.direct], [4, 2, 3, true]);
  assert.equal(log.lies, 0);
  assert.deepEqual([log.block, log.heard, log.levels[0], log.levels[1]], [22, 22, 0, 0]);
  assert.ok([2, 3].every((level) => log.levels[level] === log.heard + 4 * log.block));
  assert.deepEqual(log.routeAt, [0, 0, 0, 0]);
  const once = ballotLayout(shapeOf("multi-paxos", 4, 1, 0, false, 2), 0, false);
  assert.deepEqual([once.width, once.quorum, once.payloads.slice(1)], [2 + 1 + 5, 3, [1, 9, 2, 2]]);
  assert.deepEqual(recordParts(PAXOS, log).map(({ at, bytes }) => at + bytes).at(-1), log.width);
  assert.equal(ballotRefusal(shapeOf("multi-paxos", 4, 2, 0, false, 2)),
    "boards: 4 cannot do without 2 of them in views, at least 5 can");
});

test("VIEW.1: which rounds a cycle has follows from its number", () => {
  const layout = ballotLayout(shapeOf("pbft", 4, 1, 2, false, 3), 0, false);
  const rounds = [0, 1, 2, 3, 4].map((cycle) =>
    [firstRound(layout, cycle), lastRound(layout, cycle)]);
  assert.deepEqual(rounds, [[1, 2], [3, 5], [3, 5], [1, 2], [3, 5]]);
  assert.deepEqual([0, 1, 2, 3, 4, 5].map((round) => countedFrom(layout, round)),
    [0, 1, 2, 1, 4, 5]);
  const ballots = ballotLayout(shapeOf("paxos", 4, 1, 2), 0, false);
  assert.deepEqual([firstRound(ballots, 1), lastRound(ballots, 3)], [1, 4]);
  assert.equal(countedFrom(ballots, 3), 3);
});

test("VIEW.1: bounds that are violated are named", () => {
  const sound = shapeOf("pbft", 4, 1, 2, false, 2);
  assert.equal(ballotRefusal(sound), "");
  assert.equal(ballotRefusal({ ...sound, review: 256 }), "");
  for (const review of [0, 1, 257, 2.5]) {
    assert.equal(ballotRefusal({ ...sound, review }), `review: ${review}, must be 2 to 256 cycles`);
  }
  assert.equal(ballotRefusal({ ...shapeOf("paxos", 4, 1, 2), review: 2 }),
    "review: 2, must be 0: there are no views");
  assert.match(ballotRefusal({ ...sound, boards: 3 }), /^boards: 3 cannot outvote 1 .* in views/);
  assert.match(ballotRefusal({ ...sound, boards: 13, traitors: 4 }),
    /^traitors: 4 take 8 rounds, there are 7: at most 3$/);
});

test("VIEW.1: a network file is refused for what it says of views, in words", () => {
  const refused = (changes: object) => {
    try {
      parseNetwork({ ...contentOf("desk"), ...changes }, "n.json");
    } catch (thrown) {
      return (thrown as Error).message;
    }
    return "";
  };
  assert.equal(refused({ algorithm: "pbft", review: 4 }), "");
  assert.equal(refused({ algorithm: "lbp", review: 4 }),
    'n.json: review: 4, "algorithm": "lbp" has no views, only "pbft", "fab" and "paxos" have');
  assert.equal(refused({ algorithm: "om", review: 4 }),
    'n.json: review: "algorithm": "om" has no ballots, ' +
      'only "lbp", "lfab", "pbft", "fab", "paxos", "2pc", "3pc" and "paxos-commit" have');
  assert.equal(refused({ algorithm: "pbft", leader: "rotating" }),
    'n.json: leader: "rotating", "algorithm": "pbft" has a leader of its own in each view: ' +
      "leave it out");
  assert.match(refused({ algorithm: "pbft", review: 1 }), /^n.json: review: /);
});

test("VIEW.1: a review and a fast cycle have times of their own; a fast one has 130 bytes", () => {
  const network = parseNetwork({ ...contentOf("desk"), algorithm: "pbft", review: 4 }, "n.json");
  const plan = planOf(network);
  const [review, fast] = [cycleIn(plan, network, 8), cycleIn(plan, network, 9)];
  // Beacons of 10 and 7 bytes, a closing one of 7; three frames, of 7 more than their payloads.
  assert.equal(review.busiest, 10 + 7 + 7 + 3 * (7 + 31 + 7 + 1 + 3 * 30));
  assert.equal(fast.busiest, 10 + 7 + 7 + 7 + 3 * (7 + 8 + 7 + 2 + 7 + 2));
  assert.equal(fast.busiest, 130);
  // A ballot of LBP, with the same log.
  const lbp = parseNetwork({ ...contentOf("desk"), algorithm: "lbp" }, "n.json");
  assert.equal(cycleIn(planOf(lbp), lbp, 1).busiest, 464);
  const boards = "a b c d e f".split(" ").map((name) => ({ name, kind: "EMULATED" }));
  const fab = parseNetwork({ ...contentOf("desk"), algorithm: "fab", boards }, "n.json");
  assert.equal(cycleIn(planOf(fab), fab, 1).busiest, 10 + 7 + 7 + 5 * (7 + 8 + 7 + 2));
  assert.deepEqual([review.first, review.last, fast.first, fast.last], [1, 2, 3, 5]);
  const length = (first: number, last: number) => plan.rounds.slice(first - 1, last)
    .reduce((sum, round) => sum + round.length, plan.closingLength);
  assert.deepEqual([review.period, fast.period], [length(1, 2), length(3, 5)]);
  assert.equal(plan.mean, (review.period + 3 * fast.period) / 4);
  assert.deepEqual([plan.period, plan.shortest],
    [Math.max(review.period, fast.period), Math.min(review.period, fast.period)]);
  const slow = planOf(parseNetwork(
    { ...contentOf("desk"), algorithm: "pbft", period_ms: 100 }, "n.json"));
  assert.deepEqual(slow.cycles.map(({ period }) => period), [11_520, 11_520]);
});
