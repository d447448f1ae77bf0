/** Learners on real lines, in made-up time: LEARN.1 to LEARN.5, by what their stand-ins hold. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { show } from "../../host/base/values.js";
import { PLAYED_FAULTS } from "../../host/faults/registry.js";
import { parseNetwork } from "../../host/network/network.js";
import type { Network } from "../../host/network/network.js";
import { contentOf } from "../cli/harness.js";
import { createWorld, lying } from "../live/world.js";
import type { World } from "../live/world.js";
import { REVIEW, judgedAgain } from "./drive.js";

const networkOf = (changes: object = {}): Network => parseNetwork({
  ...contentOf("desk"), algorithm: "fab", review: REVIEW, ...changes,
  boards: ["a", "b", "c", "d", "e", "f", "y", "z"].map((name) =>
    ({ name, kind: "EMULATED", ...(name > "x" && { learner: true }) })),
}, "learners");

/** What the boards themselves decided is what is told of them, learners included. */
const asHeld = ({ held, records }: World) => {
  for (const [at, { decisions, faulty }] of records.entries()) {
    for (const [board, told] of decisions!.entries()) {
      if (faulty.includes(board)) continue;
      const own = held[at]![board]!.decisions;
      assert.deepEqual(told, own.map(({ slot, value }) => ({ slot, value: show(value) })));
    }
  }
};

for (const [name, network] of Object.entries({
  "volatile promises": networkOf(), "stored promises": networkOf({ promises: "stored" }),
})) {
  it(`LEARN.3: learners decide as the boards do: ${name}`, async (context) => {
    const world = createWorld(network);
    const summary = await world.run({ cycles: 9 });
    assert.deepEqual([summary.verdict, summary.outside], ["held", 0]);
    assert.deepEqual(summary.boards.map(({ lost, odd, late_max_us: late }) => [lost, odd, late]),
      network.boards.map(() => [0, 0, 0]));
    assert.deepEqual(world.records.map(({ decisions }) => decisions!.flat().length),
      [0, 8, 8, 8, 0, 8, 8, 8, 0]);
    assert.ok(world.records.every(({ faulty }) => !faulty.length));
    asHeld(world);
    judgedAgain(context, network, 9, world.events, true);
  });

  it(`LEARN.5: and whatever a board says, or if the bus begins later: ${name}`, async () => {
    for (const { name: liar } of PLAYED_FAULTS) {
      const world = createWorld(network);
      const summary = await world.run({ cycles: 12, troubles: lying(network, `c=${liar}`) });
      assert.deepEqual([summary.verdict, summary.outside], ["held", 0], liar);
    }
    const world = createWorld(network);
    const summary = await world.run({ cycles: 24, first: 6 });
    assert.equal(summary.verdict, "held");
    assert.equal(world.records.at(-1)!.decisions![6]!.length, 1);
  });
}
