/** VIEW.6: the vector that a board shows, and when it shows none. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseNetwork } from "../../host/network/network.js";
import { shapeOf } from "../ballots/ballots.js";
import { contentOf } from "../cli/harness.js";
import { createBallotStar } from "../node/ballot-star.js";
import { run } from "./drive.js";

const ALWAYS = { cut: Infinity, torn: () => [], away: 0 };
const HUB = 31;
const OPENING = 3;

/** Six boards that read 1 to 6, of which the first leads, and views of a review and two cycles. */
const starOf = (keep: number) =>
  createBallotStar(shapeOf("led fab", 6, 1, keep, false, 3), (board) => board + 1, ALWAYS);

describe("VIEW.6: the vector", () => {
  for (const [name, keep] of [["a log", 2], ["once", 0]] as const) {
    it(`is that of a review until a fast cycle opens, for all boards alike: ${name}`, () => {
      const star = starOf(keep);
      const shown: string[] = [];
      star.between = (cycle, round) => {
        const all = star.nodes.map(({ vector }) =>
          [...vector].map((value) => value ?? ".").join(""));
        const told = `cycle ${cycle}, round ${round}: ${all.join()}`;
        assert.ok(all.every((one) => one === all[0]), told);
        shown.push(all[0]!);
      };
      for (const cycle of [0, 1, 2]) star.run(cycle, () => false);
      const none = "......";
      assert.deepEqual(shown, ["", "", "", "123456", none, none, none, none, none]);
    });
  }

  it("is none where a fast cycle opens anew, late, that the leader had not heard open", () => {
    const star = starOf(2);
    star.run(0, () => false);
    for (const cycle of [1, 2]) {
      star.run(cycle, (round, sender, to) => round === OPENING && sender === HUB && to === 0);
    }
    const before = star.said[0]!.length;
    star.repeat(0, 1, false);
    // It proposes its reading to nobody, and the last cycle that it closed is another.
    assert.equal(star.said[0]!.length, before + 1);
    assert.equal(star.nodes[0]!.cycle, 2);
    assert.deepEqual([...star.nodes[0]!.vector], Array(6).fill(undefined));
  });
});

describe("VIEW.6: what the judge calls truth", () => {
  for (const [name, learners, reading, seed, windows] of [
    ["with learners", ["y", "z"], undefined, 163, ["late=0.2@2-6", "loss=0.3@3-9"]],
    ["with readings by wire", [], "wire", 7, ["late=0.5@2-16", "loss=0.3@2-16"]],
  ] as const) {
    it(`holds where an opening comes after its cycle's end: ${name}`, async () => {
      const network = parseNetwork({
        ...contentOf("desk"), algorithm: "fab", boards: [
          ...["a", "b", "c", "d", "e", "f"].map((board) => ({
            name: board, kind: "EMULATED", ...(reading && { reading }),
          })),
          ...learners.map((board) => ({ name: board, kind: "EMULATED", learner: true })),
        ],
      }, "late");
      const { summary } = await run(network, 20, [], windows, { seed });
      assert.equal(summary.verdict, "held");
    });
  }
});
