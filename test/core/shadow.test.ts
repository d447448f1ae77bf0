/** The product against the model that reads as the design does, on the same random schedules. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createBallots, shapeOf } from "../ballots/ballots.js";
import { createSchedule } from "../ballots/schedules.js";
import { SEED, createRandom, replay, runs } from "./random.js";
import { createShadow } from "./shadow.js";

const SHAPES: [string, Parameters<typeof shapeOf>, number, number, boolean?][] = [
  ["LBP, n=4, m=1, once", ["paxos", 4, 1], 150, 60],
  ["LBP, n=5, m=1, once", ["paxos", 5, 1], 30, 15],
  ["LBP, n=7, m=2, once", ["paxos", 7, 2], 10, 5],
  ["LBP, n=4, m=1, a log of 2", ["paxos", 4, 1, 2], 200, 100],
  ["LBP, n=4, m=1, a log of 3", ["paxos", 4, 1, 3], 60, 30],
  ["LBP, n=4, m=1, a board leads", ["paxos", 4, 1, 0, true], 60, 30],
  ["LBP, n=4, m=1, a log, a board leads", ["paxos", 4, 1, 2, true], 40, 20],
  ["LBP that decides early, n=4, m=1, once", ["paxos", 4, 1], 100, 50, true],
  ["LBP that decides early, n=4, m=1, a log of 2", ["paxos", 4, 1, 2], 150, 80, true],
  ["LBP that decides early, n=7, m=2, a log of 2", ["paxos", 7, 2, 2], 10, 5, true],
  ["LBP that decides early, n=4, m=1, log, a board leads", ["paxos", 4, 1, 2, true], 40, 20, true],
  ["LFaB, n=6, m=1, once", ["fab", 6, 1], 50, 25],
  ["LFaB, n=6, m=1, a log of 3", ["fab", 6, 1, 3], 50, 25],
  ["LFaB, n=6, m=1, a board leads", ["fab", 6, 1, 0, true], 15, 8],
  ["LFaB, n=11, m=2, once", ["fab", 11, 2], 2, 1],
];

for (const [name, shape, full, few, early = false] of SHAPES) {
  test(`LBP.1..LBP.5, LFAB.1..LFAB.3, VL.1..VL.4, LOG.1..LOG.5, EARLY.1, EARLY.2: ${name}`, (t) => {
    const random = createRandom(SEED);
    let compared = 0;
    for (let run = 0; run < runs(t, full, few); run++) {
      const ballots = createBallots({ ...shapeOf(...shape), early });
      const { boards, traitors } = ballots.shape;
      const shadow = createShadow(ballots);
      const schedule = createSchedule(ballots, random);
      schedule.begin(random() % (traitors + 1));
      let ballot = 0;
      for (let left = 12; left--; ballot += 1 + (random() % 8 ? 0 : random() % 5)) {
        schedule.next(ballot, random() % 3 === 0);
        const deaf = random() % 6 ? 0 : 1 << (random() % boards);
        // Now and then a number that has been, which binds nobody again.
        const number = random() % 16 ? ballot : Math.max(0, ballot - 1);
        ballots.run(number, schedule.proposals, schedule.channel, deaf);
        shadow.compare();
        if (!(random() % 12)) {
          const board = random() % boards;
          ballots.restart(board);
          shadow.restart(board);
        }
      }
      compared += shadow.compared;
    }
    assert.ok(compared > 0);
    t.diagnostic(`${compared} boards' ballots compared; ${replay}`);
  });
}
