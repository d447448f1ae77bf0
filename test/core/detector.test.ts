/** FD.1 and BULLY.1, by hand and by definition. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createDetector, layoutOf } from "../../firmware/index.js";
import { createRandom, replay, runs, SEED } from "./random.js";
import { leaderOf, suspectsOf } from "./naive-detector.js";

const detectorOf = (boards: number, self: number, suspect: number) => createDetector({
  ...layoutOf({ boards, traitors: 0, width: 1, commander: -1 }, self, false), suspect,
});

/** @returns after each cycle, who is suspected, and who leads */
const told = (self: number, suspect: number, cycles: readonly (readonly number[])[]) => {
  const detector = detectorOf(4, self, suspect);
  return cycles.map((heard) => {
    for (const board of heard) detector.hear(board);
    const leader = detector.close();
    return `${[...detector.suspects].join("")} ${leader}`;
  });
};

test("FD.1: so many cycles without a frame, and not one less", () => {
  assert.deepEqual(told(0, 3, [[1, 2, 3], [1, 2], [1, 2], [1, 2], [1, 2], [1, 2, 3]]),
    ["0000 3", "0000 3", "0000 3", "0001 2", "0001 2", "0000 3"]);
});

test("FD.1: one frame of many is enough, and begins the count anew", () => {
  assert.deepEqual(told(1, 2, [[0, 2], [0, 2, 3, 3], [0, 2], [0, 2]]),
    ["0000 3", "0000 3", "0000 3", "0001 2"]);
});

test("BULLY.1: nobody suspects itself: who hears nobody leads", () => {
  assert.deepEqual(told(1, 1, [[], [2], [3]]), ["1011 1", "1001 2", "1010 3"]);
});

test(`by definition, of random histories of up to 31 boards, seed ${SEED}`, (t) => {
  const count = runs(t, 20_000, 500);
  for (let run = 0; run < count; run++) {
    const random = createRandom(SEED + run);
    const boards = 2 + random() % 30;
    const self = random() % boards;
    // As many as a byte counts.
    const suspect = run % 10 ? 1 + random() % 5 : 255;
    const detector = detectorOf(boards, self, suspect);
    const history: Set<number>[] = [];
    const share = 2 + random() % 6;
    for (let cycle = 0; cycle < (suspect > 5 ? 300 : 30); cycle++) {
      const heard = new Set(Array.from({ length: boards }, (_, board) => board)
        .filter((board) => board !== self && (suspect > 5 ? board % 2 : random() % share === 0)));
      for (const board of heard) detector.hear(board);
      history.push(heard);
      const leader = detector.close();
      const suspects = suspectsOf(boards, self, suspect, history);
      const held = [...detector.suspects].flatMap((one, board) => (one ? [board] : []));
      assert.deepEqual(held, suspects, replay);
      assert.equal(leader, leaderOf(boards, suspects), replay);
    }
  }
});
