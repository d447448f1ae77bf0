/** Commits in phases on every engine and wire, with what may go wrong within what is promised. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { OWN_ENGINES } from "../../host/boards/board.js";
import type { Engine } from "../../host/boards/board.js";
import { titleOf } from "../../host/cli/report.js";
import { FAULTS, WIRE_FAULTS } from "../../host/faults/registry.js";
import { diagram } from "../../host/picture/diagram.js";
import { headerOf } from "../../host/trace/check.js";
import { createWorld } from "../live/world.js";
import { interpreter, judgedAgain } from "../views/drive.js";
import { NAMES, READY, networkOf, run } from "./drive.js";

if (!interpreter) process.stderr.write("NOT RUN: commits on Espruino: ESPRUINO is not set\n");

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
});

it("memory has not grown where a board was restarted that is silent at first", async () => {
  // Nor where the others look so, as a transaction that is open takes less.
  const { summary } = await run(networkOf("paxos-commit", { reserve: 4 }), 40, [], ["reset=b@5"],
    "quickjs");
  assert.deepEqual([summary.bounded, summary.verdict], [true, "held"]);
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

describe("titles", () => {
  const SAID = { decision: { script: "vector[0]" } };

  for (const [what, network, said] of [
    ["the coordinator of 2pc", networkOf("2pc"), "a coordinates"],
    ["the coordinator of 3pc", networkOf("3pc", { commander: "b" }), "b coordinates"],
    ["the commander of oral messages", networkOf("om", SAID, "a b c d"), "a commands"],
    ["nobody, of Paxos Commit", networkOf("paxos-commit"), ""],
  ] as const) {
    it(`name ${what}`, async () => {
      const { events } = await run(network, 1, [], [], "native", () =>
        network.boards.map(() => true));
      const header = headerOf(network, { seed: 1, cycles: 1, faults: [], traitors: [] });
      const svg = diagram(header, events, { cycle: 0 });
      const has = (text: string) => /\w+ (coordinates|commands)/.exec(text)?.[0] ?? "";
      assert.deepEqual([has(titleOf(network)), has(svg)], [said, said]);
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
