/** Views on real lines, in made-up time, judged as in the emulator; and judged again. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { show } from "../../host/base/values.js";
import { PLAYED_FAULTS } from "../../host/faults/registry.js";
import { parseNetwork } from "../../host/network/network.js";
import type { Network } from "../../host/network/network.js";
import { cycleIn, microsecondsOf, planOf } from "../../host/plan/plan.js";
import { contentOf } from "../cli/harness.js";
import { createForge } from "../live/forge.js";
import { createWorld, lying } from "../live/world.js";
import type { World } from "../live/world.js";
import { REVIEW, judgedAgain } from "./drive.js";

const networkOf = (changes: object = {}): Network => parseNetwork({
  ...contentOf("desk"), algorithm: "pbft", review: REVIEW, ...changes,
}, "views");

const SCRIPT = "vector[0] === undefined ? fallback : (vector[0] + 3) & 255";
const NETWORKS: Readonly<Record<string, Network>> = {
  "a log": networkOf({ reserve: 2, keep: 3 }),
  "once": networkOf({ mode: "once" }),
  "stored promises": networkOf({ promises: "stored" }),
  "a script": networkOf({ decision: { script: SCRIPT }, reserve: 2 }),
};

/** When a cycle opens, in microseconds. */
const openingOf = (network: Network, cycle: number): number => {
  const plan = planOf(network);
  let time = 1_100_000;
  for (let before = 0; before < cycle; before++) {
    time += microsecondsOf(network, cycleIn(plan, network, before).period);
  }
  return time;
};

const decidedIn = ({ records }: World) =>
  records.map(({ decisions }) => decisions!.filter((list) => list.length > 0).length);

/** What the boards themselves decided is what is told of them. */
const asHeld = ({ held, records }: World) => {
  for (const [at, { decisions, faulty }] of records.entries()) {
    for (const [board, told] of decisions!.entries()) {
      const own = held[at]![board]!.decisions;
      if (faulty.includes(board)) continue;
      assert.deepEqual(told, own.map(({ slot, value }) => ({ slot, value: show(value) })));
    }
  }
};

describe("views on real lines", () => {
  for (const [name, network] of Object.entries(NETWORKS)) {
    const fast = (cycle: number) => cycle % REVIEW > 0;
    const once = network.boards[0]!.layout.keep === 0;

    it(`decide in each fast cycle, whatever is known of readings: ${name}`, async (context) => {
      for (const known of ["all", "wired"] as const) {
        const world = createWorld(network);
        const summary = await world.run({ cycles: 9, known });
        assert.deepEqual([summary.verdict, summary.outside], ["held", 0]);
        assert.deepEqual(summary.boards.map(({ odd }) => odd), [0, 0, 0, 0]);
        assert.deepEqual(decidedIn(world), [0, 1, 2, 3, 4, 5, 6, 7, 8].map((cycle) =>
          fast(cycle) && (!once || cycle === 1) ? 4 : 0));
        // Without a log nobody is asked for more in the second view.
        assert.equal(summary.ballots!.asked, once ? 2 : 4);
        asHeld(world);
        if (typeof network.file.decision === "object") continue;
        judgedAgain(context, network, 9, world.events, true);
      }
    });

    it(`hold with lies, and with a board that is reset in a review or after it: ${name}`,
      async () => {
        for (const { name: liar } of PLAYED_FAULTS) {
          const world = createWorld(network);
          const summary = await world.run({ cycles: 12, troubles: lying(network, `c=${liar}`) });
          assert.deepEqual([summary.verdict, summary.outside], ["held", 0], liar);
        }
        for (const cycle of [4, 5, 6]) {
          const world = createWorld(network);
          world.at(openingOf(network, cycle) - 50, () => {
            world.places[1]!.restart();
          });
          const summary = await world.run({ cycles: 24 });
          assert.deepEqual([summary.verdict, summary.outside], ["held", 0]);
          assert.equal(summary.boards[1]!.odd, 0, `reset before cycle ${cycle}`);
          if (!once) assert.equal(decidedIn(world).at(-1), 4);
        }
      });
  }

  it("a board is odd that claims, proposes or votes for what it does not hold", async () => {
    const network = NETWORKS["a log"]!;
    const { valueWidth } = network.boards[0]!.layout;
    // In which round, and which byte: its slot, what it has decided, its 2av, its 2b's slot.
    for (const [round, at, bit] of [
      [3, 1 + valueWidth, 1], [3, 6 + valueWidth, 4], [4, 1, 4], [5, 0, 2]] as const) {
      const world = createWorld(network);
      world.places[2]!.says = createForge(network, (said) => {
        if (said.round === round) said.payload[at]! ^= bit;
      });
      const summary = await world.run({ cycles: 8 });
      assert.deepEqual([summary.verdict, summary.outside], ["held", 0]);
      const { odd } = summary.boards[2]!;
      // In the first fast cycle it has decided nothing yet.
      assert.ok(odd === 6 || (at === 6 + valueWidth && odd === 5), `${round}, ${at}: ${odd}`);
      assert.equal(decidedIn(world).at(-1)! >= 3, true);
    }
  });
});
