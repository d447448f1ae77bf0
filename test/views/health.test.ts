/** HEALTH.9: what is known of boards' health where only reviews agree on a vector. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { networksOf, run } from "./drive.js";

const NETWORKS = {
  fab: networksOf("fab", "a b c d e f"), pbft: networksOf("pbft", "a b c d"),
  paxos: networksOf("paxos", "a b c"),
};
/** Readings that are made up are no farther apart than that. */
const ALIKE = { permanent: 3, tolerance: 255 };

describe("HEALTH.9: in fast cycles nobody is absent", () => {
  for (const [name, networkOf] of Object.entries(NETWORKS)) {
    for (const mode of ["log", "once"]) {
      it(`and who is silent is found in reviews: ${name}, ${mode}`, async () => {
        const network = networkOf({ health: ALIKE, mode, first_cycle: 5 });
        const { summary, records } = await run(network, 18, ["c=silent"]);
        assert.equal(summary.verdict, "held");
        // The reviews have the numbers 8, 12, 16 and 20.
        const states = records.map(({ health }) => health![0]!.states);
        assert.deepEqual(states.map((of) => of[2]), [
          ..."???".split("").map(() => "unknown"),
          ...Array<string>(8).fill("transient"), ...Array<string>(7).fill("permanent"),
        ]);
        for (const of of states.slice(3)) {
          assert.ok(of.every((state, board) => board === 2 || state === "trusted"), of.join());
        }
        const signs = records.map(({ health }) => health![0]!.signs[2]);
        assert.ok(signs.slice(3).every((sign) => sign === "absent"));
      });
    }

    it(`and who lost its power, or missed a review, knows less: ${name}`, async () => {
      const network = networkOf({ health: ALIKE });
      const { summary, records } = await run(network, 14, [], ["reset=b@5.1", "oneway=hub:a@8"]);
      assert.equal(summary.verdict, "held");
      // Neither spoke in the review 8: a had not heard it, and b had forgotten what it promised.
      const known = ["transient", "transient", ...network.boards.slice(2).map(() => "trusted")];
      const unknown = network.boards.map(() => "unknown");
      assert.deepEqual(records.at(-1)!.health!.map((held) => held!.states), [
        unknown.with(1, "transient"), unknown, ...network.boards.slice(2).map(() => known),
      ]);
    });
  }
});
