/** The master on one real port, in made-up time: it polls, listens, and judges what it hears. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { planOf } from "../../host/plan/plan.js";
import { HUB } from "../topology/drive.js";
import { createWireWorld } from "./wire-world.js";
import { desk } from "./world.js";

const wired = (changes: object = {}) => desk({ wiring: "wire", period_ms: 60, ...changes });

describe("WIRE.7: the bus as the master of a shared wire", () => {
  for (const guardian of [false, true]) {
    for (const echo of [false, true]) {
      test(`four boards agree; guardian ${guardian}, the bus hears itself: ${echo}`, async () => {
        const network = wired({ guardian });
        const world = createWireWorld(network);
        world.echo = echo;
        const summary = await world.run();
        assert.equal(summary.verdict, "held");
        assert.equal(summary.agreement, 10);
        assert.equal(summary.outside, 0);
        assert.deepEqual(world.opens, [HUB], "one port");
        for (const [cycle, { vectors, faulty }] of world.records.entries()) {
          assert.deepEqual(faulty, []);
          // What the stand-ins hold is what the boards hold.
          assert.deepEqual(vectors, world.held[cycle]);
        }
        // Slots, as planned: two rounds of four, and the closing beacon.
        const polls = world.events.filter((one) => one.e === "frame" && one.from === HUB);
        assert.equal(polls.length, 10 * 9 * 4);
        const plan = planOf(network);
        const frames = plan.rounds.reduce((sum, { frame }) => sum + 4 * frame, 0);
        const beacons = plan.rounds.reduce((sum, { beacon }) => sum + 4 * beacon, plan.closing);
        assert.equal(summary.bytes, 10 * (frames + beacons));
        assert.equal(summary.bytes, 10 * plan.busiest);
      });
    }
  }

  test("a silent board is ⊥, a lying one is odd, and the others agree", async () => {
    const world = createWireWorld(wired());
    world.says[2] = () => undefined;
    const silent = await world.run();
    assert.equal(silent.verdict, "held");
    for (const [cycle, { faulty, vectors }] of world.records.entries()) {
      assert.deepEqual(faulty, [2]);
      for (const board of [0, 1, 3]) {
        assert.deepEqual(vectors[board]!.map((entry) => entry ?? undefined),
          world.held[cycle]![board]);
        assert.equal(vectors[board]![2], null);
      }
    }
    assert.equal(silent.boards[2]!.lost, 20);
    // The same frame for ever is right once, in the round and cycle that it was made for.
    const other = createWireWorld(wired());
    let first: Uint8Array | undefined;
    other.says[2] = (bytes) => (first ??= bytes);
    const stale = await other.run();
    assert.equal(stale.verdict, "held");
    assert.ok(other.records.slice(1).every(({ faulty }) => faulty.includes(2)));
  });

  test("what comes behind a slot's end is nobody's, and is told as late", async () => {
    const network = wired();
    const world = createWireWorld(network);
    // The longest slot is shorter than this.
    const slots = planOf(network).rounds.flatMap((round) => round.slots);
    const longest = Math.max(...slots.map(({ length }) => length));
    world.delay = Math.ceil((longest * 1e6) / 115_200) + 10;
    const summary = await world.run();
    assert.equal(summary.outside, 10, "all are faulty then");
    assert.ok(summary.boards.every(({ lost }) => lost === 20));
  });

  test("a port that is away and comes back: the boards take part again", async () => {
    const world = createWireWorld(wired());
    world.at(1_350_000, () => {
      world.pull();
    });
    world.at(1_550_000, () => {
      world.plugged = true;
    });
    const summary = await world.run({ cycles: 30 });
    assert.equal(summary.verdict, "held");
    assert.ok(summary.outside > 0 && summary.outside < 15, String(summary.outside));
    assert.deepEqual(world.records.at(-1)!.faulty, []);
    assert.equal(summary.boards[0]!.opened, 2);
  });
});
