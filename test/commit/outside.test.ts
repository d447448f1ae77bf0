/**
 * Just outside of what each commit promises, one law after the other: what breaks it there, and
 * that it holds where the trouble is the least bit smaller (docs/commit.md, 20.8).
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FAULTS, WIRE_FAULTS } from "../../host/faults/registry.js";
import { NAMES, READY, networkOf, run } from "./drive.js";
import { createOutside } from "./outside.js";
import type { Heard } from "./outside.js";

const [A, B, C] = [0, 1, 2];

describe("AC1 breaks", () => {
  it("in 3pc by a partition; the others hold, and wait", async () => {
    const windows = ["partition=a,b/c@3.2-3.3"];
    const { records, summary } = await run(networkOf("3pc"), 6, [], windows);
    assert.deepEqual(records[3]!.decisions!.map((list) => list[0]!.value), [true, true, false]);
    assert.deepEqual([records[3]!.verdict, records[3]!.agreement], ["not promised", false]);
    assert.deepEqual([summary.commits!.ac1, summary.verdict], [5, "held"]);
    for (const algorithm of ["2pc", "paxos-commit"]) {
      const other = await run(networkOf(algorithm), 8, [], ["partition=a,b/c@3.2-3.2"]);
      assert.deepEqual([other.summary.verdict, other.summary.commits!.ac1], ["held", 8]);
      assert.ok(other.summary.commits!.blocked > 0);
    }
  });

  it("in 3pc by two crashes, of which one is of who alone was told; not by one", () => {
    // The coordinator tells b alone and is gone, and so does b, which c alone hears.
    const heard: Heard = (cycle, round, from, to) =>
      cycle > 0 || round < 2 || (from === A ? to === B : from !== B || to === C);
    const two = createOutside("3pc", 4);
    two.run(heard, { [A]: 3, [B]: 4 });
    assert.deepEqual(two.outcomes(0), ["", "", "c", "a"]);
    const one = createOutside("3pc", 4);
    one.run((cycle, round, from, to) => from === B || heard(cycle, round, from, to), { [A]: 3 });
    assert.deepEqual(one.outcomes(0), ["", "c", "c", "c"]);
  });

  it("in 2pc, and AC4, where the coordinator's flash goes back; not where it keeps", () => {
    for (const [goes, outcomes] of [
      [true, ["ca", "a", "a"]], [false, ["c", "c", "c"]],
    ] as const) {
      const world = createOutside("2pc", 3);
      const back = world.copyFlash(A);
      world.run((_, round) => round === 1);
      assert.deepEqual([world.outcomes(0), world.blocked()], [["c", "", ""], [B, C]]);
      if (goes) back();
      world.restart(A);
      // A vote is lost: who knew nothing of the outcome would decide another.
      world.run((_, round, from) => round > 1 || from !== C);
      assert.deepEqual(world.outcomes(0), outcomes);
    }
  });

  it("in paxos-commit where one board's flash goes back; not where it keeps", () => {
    for (const [goes, outcomes] of [
      [true, ["c", "a", "a"]], [false, ["c", "c", "c"]],
    ] as const) {
      const world = createOutside("paxos-commit", 3, true);
      const back = world.copyFlash(B);
      // Board a knows that a and b accepted, c hears nothing of it, and then a is gone.
      world.run((_, round, from, to) => (round === 1 ? to !== C : from === B && to === A));
      assert.deepEqual(world.outcomes(0), ["c", "", ""]);
      if (goes) back();
      world.restart(B);
      for (let left = 4; left--; ) world.run((_, __, from, to) => from !== A && to !== A);
      assert.deepEqual(world.outcomes(0), outcomes);
    }
  });
});

describe("AC2 breaks", () => {
  it("by a liar, in each", async () => {
    for (const algorithm of NAMES) {
      const broke = { ac1: new Set<string>(), ac2: new Set<string>() };
      for (const { name } of FAULTS.filter(({ on }) => on === "liar")) {
        for (const board of ["a", "c"]) {
          for (const votes of [READY, () => [true, false, true]]) {
            const { summary } = await run(
              networkOf(algorithm), 16, [`${board}=${name}`], [], "native", votes);
            assert.equal(summary.verdict, "not judged");
            for (const law of ["ac1", "ac2"] as const) {
              if (summary.commits![law] < 16) broke[law].add(name);
            }
          }
        }
      }
      // And AC1, which none but 3PC gives up otherwise.
      assert.ok(broke.ac1.size > 0 && broke.ac2.size > 0, algorithm);
    }
  });

  it("by what a liar says to all alike, on a shared wire", async () => {
    for (const algorithm of NAMES) {
      let broke = 0;
      for (const { name } of WIRE_FAULTS.filter(({ on }) => on === "liar")) {
        for (const board of ["a", "c"]) {
          const { summary } = await run(
            networkOf(algorithm, { wiring: "wire" }), 16, [`${board}=${name}`]);
          assert.equal(summary.verdict, "not judged");
          broke += Number(summary.commits!.ac2 < 16);
        }
      }
      assert.ok(broke > 0, algorithm);
    }
  });

  it("in 3pc where a board that is not ready is told that all are", async () => {
    const { outcomes } = await run(
      networkOf("3pc"), 8, ["a=collude"], [], "native", () => [true, false, true]);
    assert.ok(outcomes.some(([, b, c]) => b === "c" || c === "c"));
  });
});

describe("AC3 is not asked, and not kept", () => {
  const lost = (from: number, to: readonly number[]): Heard => (cycle, round, sender, receiver) =>
    cycle > 0 || round > 1 || sender !== from || !to.includes(receiver);

  it("in 2pc and 3pc where one frame is lost, a vote on its way to the coordinator", () => {
    for (const algorithm of ["2pc", "3pc"] as const) {
      const world = createOutside(algorithm, 3);
      world.run(lost(C, [A]));
      world.run();
      assert.deepEqual([world.outcomes(0), world.outcomes(1)],
        [["a", "a", "a"], ["c", "c", "c"]], algorithm);
      const other = createOutside(algorithm, 3);
      other.run(lost(C, [B]));
      assert.deepEqual(other.outcomes(0), ["c", "c", "c"], algorithm);
    }
  });

  it("in paxos-commit where more than half do not hear a vote, and its board is gone", () => {
    for (const one of [[A], [B]]) {
      const world = createOutside("paxos-commit", 3);
      world.run(lost(C, one));
      assert.deepEqual(world.outcomes(0), ["c", "c", "c"]);
    }
    // As long as that board is there a later leader finds that it was ready.
    const late = createOutside("paxos-commit", 3);
    late.run(lost(C, [A, B]));
    assert.deepEqual([late.outcomes(0), late.blocked()], [["", "", ""], [A, B, C]]);
    late.run();
    assert.deepEqual(late.outcomes(0), ["c", "c", "c"]);
    const gone = createOutside("paxos-commit", 3);
    gone.run((_, __, from) => from !== C);
    gone.run((_, __, from) => from !== C);
    assert.deepEqual(gone.outcomes(0), ["a", "a", "a"]);
  });
});

describe("AC4 breaks", () => {
  it("in 3pc, which forgets, where a board that was parted is restarted", async () => {
    // It aborts alone, forgets that, hears the outcome of the others, and not the next one.
    const { outcomes, records, summary } = await run(networkOf("3pc"), 8, [],
      ["partition=a,b/c@3.2-3.3", "reset=c@4", "partition=a,b/c@4.2-4.3"]);
    assert.deepEqual([outcomes[3], outcomes[4]![C]], [["c", "c", "a"], "c"]);
    assert.deepEqual(records[4]!.decisions![C], [{ slot: 3, value: true }]);
    assert.equal(summary.commits!.ac4, 7);
    // Nothing of that is promised (20.8).
    assert.deepEqual([summary.verdict, summary.broke], ["held", {}]);
  });

  it("in 3pc not where that board had heard the outcome before", async () => {
    const { summary, outcomes } = await run(networkOf("3pc"), 8, [],
      ["reset=c@4", "partition=a,b/c@4.2-4.3"]);
    assert.deepEqual([outcomes[3], summary.commits!.ac4], [["c", "c", "c"], 8]);
  });

  it("in paxos-commit where the flash of more than half goes back; not where it keeps", () => {
    for (const [goes, outcomes] of [
      [true, ["ca", "a", "a"]], [false, ["c", "c", "c"]],
    ] as const) {
      const world = createOutside("paxos-commit", 3, true);
      const back = [A, B].map((board) => world.copyFlash(board));
      world.run((_, round, from, to) => (round === 1 ? to !== C : from === B && to === A));
      assert.deepEqual(world.outcomes(0), ["c", "", ""]);
      if (goes) for (const restore of back) restore();
      for (const board of [A, B]) world.restart(board);
      for (let left = 4; left--; ) world.run((_, __, from, to) => from !== A && to !== A);
      world.run();
      assert.deepEqual(world.outcomes(0), outcomes);
    }
  });

  it("in paxos-commit not where all forget what it does not store", () => {
    const world = createOutside("paxos-commit", 3, false);
    world.run((_, round, from, to) => (round === 1 ? to !== C : from === B && to === A));
    for (const board of [A, B, C]) world.restart(board);
    for (let left = 60; left--; ) world.run();
    assert.deepEqual(world.outcomes(0), ["c", "", ""]);
  });
});

describe("AC5 breaks", () => {
  it("in 2pc where the coordinator is down: all others wait, until it is back", async () => {
    const gone = await run(networkOf("2pc"), 9, ["a=crash:3.2"]);
    assert.deepEqual(gone.outcomes.slice(3), Array.from({ length: 6 }, () => ["", "", ""]));
    assert.ok(gone.records.slice(3).every(({ blocked }) => blocked!.join() === "1,2"));
    assert.deepEqual([gone.summary.verdict, gone.summary.commits!.blocked], ["held", 6]);
    const back = await run(networkOf("2pc"), 9, ["a=unplug:3.3"]);
    assert.deepEqual(back.outcomes[6], ["c", "c", "c"]);
    for (const algorithm of ["3pc", "paxos-commit"]) {
      const { summary, outcomes } = await run(networkOf(algorithm), 12, ["a=crash:3.2"]);
      assert.equal(summary.verdict, "held", algorithm);
      assert.ok(outcomes.slice(8).some(([, b]) => b), algorithm);
    }
  });

  it("in 3pc where a board votes, misses the rest, and is parted from all", async () => {
    const parted = ["oneway=hub:c@3.2-4.1", "partition=a,b/c@4-9"];
    const { records, summary } = await run(networkOf("3pc"), 12, [], parted);
    assert.ok(records.slice(4, 10).every(({ blocked }) => blocked!.join() === String(C)));
    assert.deepEqual([summary.commits!.blocked, summary.verdict], [6, "held"]);
    // It hears one other that knows, and waits no more.
    const { summary: met } = await run(networkOf("3pc"), 12, [], [parted[0]!]);
    assert.equal(met.commits!.blocked, 0);
  });

  it("in paxos-commit with half of the boards down; not with fewer", async () => {
    for (const [names, blocked] of [["a b c d", 6], ["a b c d e", 3]] as const) {
      const all = names.split(" ").map(() => true);
      const { summary, outcomes } = await run(networkOf("paxos-commit", {}, names), 8,
        ["c=crash:2.1", "d=crash:2.1"], [], "native", () => all);
      assert.deepEqual([summary.verdict, summary.commits!.blocked], ["held", blocked], names);
      assert.equal(outcomes.slice(2).some(([a]) => a), blocked < 6, names);
    }
  });
});
