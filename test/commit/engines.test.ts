/** Commits in phases on every engine and wire, with what may go wrong, and what breaks each law. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { OWN_ENGINES } from "../../host/boards/board.js";
import type { Engine } from "../../host/boards/board.js";
import { emulate } from "../../host/emulate/emulate.js";
import type { CycleRecord } from "../../host/emulate/emulate.js";
import type { TraceEvent } from "../../host/events/events.js";
import { FAULTS, WIRE_FAULTS } from "../../host/faults/registry.js";
import { parseTraitors } from "../../host/faults/troubles.js";
import { parseWindows } from "../../host/faults/windows.js";
import { parseNetwork } from "../../host/network/network.js";
import type { Network } from "../../host/network/network.js";
import { createWorld } from "../live/world.js";
import { interpreter, judgedAgain } from "../views/drive.js";

if (!interpreter) process.stderr.write("NOT RUN: commits on Espruino: ESPRUINO is not set\n");

const NAMES = ["2pc", "3pc", "paxos-commit"];

const networkOf = (algorithm: string, changes: object = {}, names = "a b c"): Network =>
  parseNetwork({
    name: "valves", algorithm, traitors: 1, value: "bool", decision: "unanimous", default: false,
    baud: 115200, ...(algorithm === "paxos-commit" ? {} : { commander: "a" }), ...changes,
    boards: names.split(" ").map((name) => ({ name, kind: "EMULATED" })),
  }, algorithm);

const READY = () => [true, true, true];

const run = async (
  network: Network, cycles: number, traitors: readonly string[] = [],
  windows: readonly string[] = [], engine: Engine = "native",
  readings: (cycle: number) => (boolean | undefined)[] = READY,
) => {
  const events: TraceEvent[] = [];
  const records: CycleRecord[] = [];
  const summary = await emulate({
    network, cycles, seed: 1, readings, engine, transport: "memory", interpreter,
    troubles: {
      lines: [], traitors: parseTraitors(network, traitors),
      windows: parseWindows(network, windows),
    },
    tracer(event) {
      events.push(event);
    },
    onCycle(record) {
      records.push(record);
    },
  });
  const outcomes = records.map(({ decisions }) =>
    decisions!.map((list) => list.map(({ value }) => (value === true ? "c" : "a")).join("")));
  return { summary, records, outcomes, events };
};

const WIRED = { wiring: "wire" };

// BALLOT.12: frames of all engines are the same.
describe("COMMIT.1 to COMMIT.5, PC.1 to PC.5 in the emulator", () => {
  for (const algorithm of NAMES) {
    for (const [name, changes] of Object.entries({
      "a star": {}, "a shared wire": WIRED, "tags": { auth: "mac" },
      "a wire with a guardian": { ...WIRED, guardian: true, keep: 2 },
    })) {
      it(`commits where all are ready, on engines alike: ${algorithm}, ${name}`, async (t) => {
        const network = networkOf(algorithm, changes);
        const votes = (cycle: number) => [true, cycle !== 2, cycle === 4 ? undefined : true];
        const { summary, outcomes, events } = await run(network, 7, [], [], "native", votes);
        assert.equal(summary.verdict, "held");
        // Who reads nothing says no vote: of Paxos Commit the next cycle settles that.
        const open = algorithm === "paxos-commit";
        const expected = [
          "c", "c", "a", "c", open ? "" : "a", open ? "a" : "c", "c",
        ].map((word) => [word, word, word]);
        assert.deepEqual(outcomes, expected);
        assert.equal(summary.commits!.blocked, open ? 1 : 0);
        const all = interpreter && name === "a star" ? [...OWN_ENGINES, "espruino"] : OWN_ENGINES;
        for (const engine of all) {
          const other = await run(network, 7, [], [], engine as Engine, votes);
          assert.deepEqual(other.events, events, engine);
        }
        judgedAgain(t, network, 7, events);
      });
    }
  }
});

describe("AC1 to AC5", () => {
  for (const algorithm of NAMES) {
    for (const [where, changes, kinds] of [
      ["a star", {}, FAULTS], ["a wire with a guardian", { ...WIRED, guardian: true }, WIRE_FAULTS],
    ] as const) {
      it(`hold with every fault of a board: ${algorithm}, ${where}`, async () => {
        for (const { name } of kinds.filter(({ on }) => on === "board")) {
          for (const board of ["a", "c"]) {
            const { summary } = await run(networkOf(algorithm, changes), 14, [`${board}=${name}`]);
            assert.ok(summary.verdict !== "broken",
              `${board}=${name}: ${JSON.stringify(summary.broke)}`);
          }
        }
      });
    }

    it(`hold with windows of every kind: ${algorithm}`, async () => {
      for (const windows of [
        ["loss=0.3@2-9"], ["late=0.5@3-7"], ["oneway=a:b@1-6"], ["oneway=hub:a@1-6"],
        ["partition=a/b,c@2-9"], ["ahead=b:1@1-8"], ["behind=c:1@1-8"], ["echo=3@1-8"],
        ["reset=b@5", "reset=c@9", "reset=a@13.2"], ["stall=2@3-5"], ["jump=2@3", "jump=5@6"],
      ]) {
        const { summary } = await run(networkOf(algorithm), 24, [], windows);
        assert.deepEqual(summary.broke, {}, windows.join());
      }
    });
  }

  it("AC5 of 2PC: a coordinator that crashes blocks all others, until it is back", async () => {
    const gone = await run(networkOf("2pc"), 9, ["a=crash:3.2"]);
    assert.deepEqual(gone.outcomes.slice(3), Array.from({ length: 6 }, () => ["", "", ""]));
    assert.ok(gone.records.slice(3).every(({ blocked }) => blocked!.join() === "1,2"));
    assert.deepEqual([gone.summary.verdict, gone.summary.commits!.blocked], ["held", 6]);
    const back = await run(networkOf("2pc"), 9, ["a=unplug:3.3"]);
    assert.deepEqual(back.outcomes[6], ["c", "c", "c"].map((word, at) => (at ? word : word)));
    for (const algorithm of ["3pc", "paxos-commit"]) {
      const { summary, outcomes } = await run(networkOf(algorithm), 12, ["a=crash:3.2"]);
      assert.equal(summary.verdict, "held", algorithm);
      assert.ok(outcomes.slice(8).some(([, b]) => b), algorithm);
    }
  });

  it("AC1 of 3PC: a partition splits it, which is not promised away; the others hold", async () => {
    const windows = ["partition=a,b/c@3.2-3.3"];
    const { records, summary } = await run(networkOf("3pc"), 6, [], windows);
    assert.deepEqual(records[3]!.decisions!.map((list) => list[0]!.value), [true, true, false]);
    assert.deepEqual([records[3]!.verdict, records[3]!.agreement], ["not promised", false]);
    assert.equal(summary.commits!.ac1, 5);
    for (const algorithm of ["2pc", "paxos-commit"]) {
      const other = await run(networkOf(algorithm), 8, [], ["partition=a,b/c@3.2-3.2"]);
      assert.deepEqual([other.summary.verdict, other.summary.commits!.ac1], ["held", 8]);
    }
  });

  it("a lie is outside, and splits or commits wrongly", async () => {
    const broke = new Set<string>();
    for (const algorithm of NAMES) {
      for (const { name } of FAULTS.filter(({ on }) => on === "liar")) {
        for (const board of ["a", "c"]) {
          for (const votes of [READY, () => [true, false, true]]) {
            const { summary } = await run(
              networkOf(algorithm), 16, [`${board}=${name}`], [], "native", votes);
            assert.equal(summary.verdict, "not judged");
            const { ac1, ac2 } = summary.commits!;
            if (ac1 < 16) broke.add(`${algorithm} AC1`);
            if (ac2 < 16) broke.add(`${algorithm} AC2`);
          }
        }
      }
    }
    for (const algorithm of NAMES) {
      assert.ok(broke.has(`${algorithm} AC1`) || broke.has(`${algorithm} AC2`),
        `${algorithm}: ${[...broke].join()}`);
    }
  });
});

describe("a commit on real lines", () => {
  for (const algorithm of NAMES) {
    it(`is judged as it was emulated, and again: ${algorithm}`, async (t) => {
      const network = networkOf(algorithm);
      const world = createWorld(network, READY);
      const summary = await world.run({ cycles: 9, known: "all" });
      assert.deepEqual([summary.verdict, summary.outside], ["held", 0]);
      assert.deepEqual(summary.boards.map(({ odd }) => odd), [0, 0, 0]);
      judgedAgain(t, network, 9, world.events, true);
    });
  }
});

describe("refused is", () => {
  for (const [algorithm, changes, wrong] of [
    ["2pc", { value: "u8", default: 0 }, /"unanimous" needs bool/],
    ["2pc", { decision: "majority" }, /"2pc" commits where all are ready: "unanimous"/],
    ["2pc", { commander: undefined }, /commander: is missing, "algorithm": "2pc" has a board/],
    ["2pc", { promises: "volatile" }, /promises: .* keep an outcome before it says it: "stored"/],
    ["3pc", { promises: "stored" }, /promises: .* does not go on where it was: "volatile"/],
    ["3pc", { traitors: 2 }, /traitors: 2/],
    ["3pc", { mode: "once" }, /mode: "once", transactions of "algorithm": "3pc" are a log/],
    ["2pc", { meanwhile: "safe" }, /meanwhile: "safe", .* holds what it put out last/],
    ["2pc", { leader: "rotating" }, /leader: "rotating", .* has none to choose/],
    ["2pc", { review: 4 }, /review: 4, "algorithm": "2pc" has no views/],
    ["paxos-commit", { commander: "a" }, /commander: "a", .* has no coordinator: leave it out/],
    ["paxos-commit", { traitors: 2 }, /boards: 3 cannot do without 2 of them that accept votes/],
    ["paxos-commit", { health: {} }, /health: .* agrees on no vector/],
  ] as const) {
    it(`${algorithm}: ${JSON.stringify(changes)}`, () => {
      assert.throws(() => networkOf(algorithm, changes), wrong);
    });
  }
});
