import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { TestContext } from "node:test";
import type { Live } from "../../host/live/live.js";
import { parseNetwork } from "../../host/network.js";
import type { Network } from "../../host/network.js";
import { headerOf } from "../../host/trace/check.js";
import type { TraceEvent } from "../../host/trace/events.js";
import { createTraceWriter, openTrace } from "../../host/trace/file.js";
import { rejudge } from "../../host/trace/replay.js";
import { cli, contentOf, folder } from "../cli/harness.js";
import { createWireWorld } from "./wire-world.js";
import { createWorld } from "./world.js";

/** The very first ballot of a network, which the bus waits with, HUB.2: in made-up time. */

const networkOf = (changes: object = {}, names = "a b c d"): Network => parseNetwork({
  ...contentOf("desk"), algorithm: "lbp", ...changes,
  boards: names.split(" ").map((name) => ({ name, kind: "EMULATED" })),
}, "birth");

const LOG = networkOf({ keep: 3 });
const NETWORKS: Readonly<Record<string, Network>> = {
  "a log": LOG,
  "whose first number is another": networkOf({ first_cycle: 500 }),
  "once": networkOf({ mode: "once" }),
  "boards that lead in turn": networkOf({ leader: "rotating" }),
  "stored promises": networkOf({ promises: "stored" }),
  "a round less": networkOf({ algorithm: "lfab" }, "a b c d e f"),
};
const firstOf = ({ file }: Network) => file.first_cycle ?? 0;

/** What the bus tells of the wait. */
const createEars = () => {
  const told: string[] = [];
  const wait: NonNullable<Live["wait"]> = (missing, goes) => {
    told.push(`${goes ? "goes without" : "waits for"} ${missing.join(" ")}`);
  };
  return { told, wait };
};

const differencesIn = async (
  context: TestContext, network: Network, cycles: number, events: readonly TraceEvent[],
) => {
  const path = join(folder(context), "birth.trace");
  const writer = createTraceWriter(path, headerOf(network, {
    seed: 1, cycles, faults: [], traitors: [], real: true, first: firstOf(network),
  }));
  for (const event of events) writer.write(event);
  writer.finish();
  // The first cycle can be drawn, whatever was opened in it.
  const words = ["--cycle", String(firstOf(network)), "--svg", `${path}.svg`];
  const { code, err } = await cli(["replay", path, ...words]);
  assert.equal(code, 0, err);
  return [...rejudge(openTrace(path))].flatMap(({ differences }) => differences);
};

const framesIn = (events: readonly TraceEvent[]) =>
  events.filter(({ e }) => e === "frame").length;

describe("HUB.2: a network's very first ballot", () => {
  for (const [name, network] of Object.entries(NETWORKS)) {
    it(`waits for boards that come later, one after the other: ${name}`, async (context) => {
      const world = createWorld(network);
      const { told, wait } = createEars();
      for (const [board, at] of [[1, 3_000_000], [2, 4_000_000]] as const) {
        world.places[board]!.runs = false;
        world.at(at, () => {
          world.places[board]!.runs = true;
        });
      }
      const summary = await world.run({ cycles: 9, first: firstOf(network), wait });
      assert.deepEqual(told, ["waits for 1 2", "waits for 2", "goes without "]);
      assert.deepEqual([summary.cycles, summary.verdict, summary.outside], [9, "held", 0]);
      assert.deepEqual(summary.boards.map(({ odd, lost }) => odd + lost),
        network.boards.map(() => 0));
      assert.equal(summary.frames, framesIn(world.events));
      // What the boards themselves decide, from the second ballot on at the latest.
      const decided = (cycle: number) =>
        world.held[cycle]!.map(({ decisions }) => decisions.length);
      if (network.file.mode === "once") {
        for (const { number } of network.boards) {
          assert.ok(world.held.some((boards) => boards[number]!.decisions.length));
        }
      } else {
        for (let cycle = 2; cycle < 9; cycle++) {
          assert.deepEqual(decided(cycle), network.boards.map(() => 1), `cycle ${cycle}`);
        }
        assert.ok(world.records.at(-1)!.decisions!.every((list) => list.length === 1));
      }
      assert.deepEqual(await differencesIn(context, network, 9, world.events), []);
    });
  }

  it("is given up where somebody stops it, and is the next run's again", async () => {
    const world = createWorld(LOG);
    world.places[1]!.runs = world.places[2]!.runs = false;
    const reserved: number[] = [];
    const reserve: Live["reserve"] = (cycle) => {
      reserved.push(cycle);
      return undefined;
    };
    for (const time of [1_500_000, 5_000_000]) {
      let stopped = false;
      world.at(time, () => {
        stopped = true;
      });
      const { told, wait } = createEars();
      const summary = await world.run({ cycles: 10, stopped: () => stopped, wait, reserve });
      assert.equal(summary.cycles, 0);
      // The first of them had heard it in the run before, and says so only when it is shaken.
      const later = ["waits for 0 1 2 3", "waits for 1 2"];
      assert.deepEqual(told, time < 2e6 ? ["waits for 1 2"] : later);
    }
    assert.deepEqual([reserved, world.records, world.events], [[], [], []]);
    world.places[1]!.runs = world.places[2]!.runs = true;
    const summary = await world.run({ cycles: 10, reserve });
    assert.deepEqual([summary.cycles, summary.verdict], [10, "held"]);
    assert.deepEqual(reserved, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    assert.ok(world.held.slice(2).every((boards) =>
      boards.every(({ decisions }) => decisions.length === 1)));
  });

  it("would else decide nothing, for ever", async () => {
    const world = createWorld(LOG);
    world.places[1]!.runs = world.places[2]!.runs = false;
    const { held, places } = world;
    let stopped = false;
    world.at(2_000_000, () => {
      stopped = true;
    });
    await world.run({ stopped: () => stopped });
    places[1]!.runs = places[2]!.runs = true;
    await world.run({ cycles: 40, first: 1 });
    assert.ok(held.every((boards) => boards.every(({ decisions }) => !decisions.length)));
  });

  it("does not wait long for one that may fail, who takes part once there", async (context) => {
    const world = createWorld(LOG);
    const { told, wait } = createEars();
    world.places[2]!.runs = false;
    const summary = await world.run({
      cycles: 30,
      wait(missing, goes) {
        wait(missing, goes);
        world.at(world.clock.now() + 300_000, () => {
          world.places[2]!.runs ||= goes;
        });
      },
    });
    assert.deepEqual(told, ["waits for 2", "goes without 2"]);
    assert.equal(summary.verdict, "held");
    // Nobody new was heard: it is as if there had been one try.
    assert.ok(world.records.every(({ decisions }) => decisions![0]!.length === 1));
    assert.equal(world.events.filter(({ e, cycle }) => e === "beacon" && !cycle).length,
      LOG.rounds + 1);
    assert.equal(world.held.at(-1)![2]!.decisions.length, 1);
    assert.deepEqual(await differencesIn(context, LOG, 30, world.events), []);
  });

  it("hears boards whose first answers came too late", async () => {
    const world = createWorld(LOG);
    const { told, wait } = createEars();
    for (const place of world.places) place.delay = 90_000;
    world.at(1_500_000, () => {
      for (const place of world.places) place.delay = 200;
    });
    const summary = await world.run({ cycles: 10, wait });
    assert.deepEqual(told, ["waits for 0 1 2 3", "goes without "]);
    assert.equal(summary.verdict, "held");
    assert.deepEqual(world.held.at(-1)!.map(({ decisions }) => decisions.length), [1, 1, 1, 1]);
  });

  for (const [algorithm, names] of [["lbp", "a b c d"], ["lfab", "a b c d e f"]] as const) {
    it(`waits on a wire that all share as well: ${algorithm}`, async (context) => {
      const network = networkOf({ wiring: "wire", algorithm }, names);
      const world = createWireWorld(network);
      const { told, wait } = createEars();
      world.runs[1] = world.runs[2] = false;
      // One has heard all, but nobody hears it.
      world.says[3] = () => undefined;
      for (const [board, at] of [[1, 2_500_000], [2, 3_500_000]] as const) {
        world.at(at, () => {
          world.runs[board] = true;
          world.says[3] = (bytes) => bytes;
        });
      }
      const summary = await world.run({ cycles: 9, wait });
      assert.equal(told[0], "waits for 1 2 3");
      assert.equal(told.at(-1), "goes without ");
      assert.deepEqual([summary.cycles, summary.verdict, summary.outside], [9, "held", 0]);
      assert.deepEqual(summary.boards.map(({ odd }) => odd), network.boards.map(() => 0));
      assert.equal(summary.frames, world.records.reduce((sum, { frames }) => sum + frames, 0));
      assert.ok(world.decided.slice(2).every((boards) => boards.every((count) => count === 1)));
      assert.ok(world.records.at(-1)!.decisions!.every((list) => list.length === 1));
      assert.deepEqual(await differencesIn(context, network, 9, world.events), []);
    });
  }
});
