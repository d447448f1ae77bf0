import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { TestContext } from "node:test";
import type { BallotLayout } from "../../firmware/ballots/layout.js";
import { HUB } from "../../firmware/index.js";
import { show } from "../../host/base/values.js";
import { nativeBoard } from "../../host/boards/board.js";
import { emulate } from "../../host/emulate/emulate.js";
import type { CycleRecord, Summary } from "../../host/emulate/emulate.js";
import type { TraceEvent } from "../../host/events/events.js";
import { PLAYED_FAULTS } from "../../host/faults/registry.js";
import { parseNetwork } from "../../host/network/network.js";
import type { Network } from "../../host/network/network.js";
import { microsecondsOf, planOf } from "../../host/plan/plan.js";
import { rejudge } from "../../host/replay/replay.js";
import { headerOf } from "../../host/trace/check.js";
import { createTraceWriter, openTrace } from "../../host/trace/file.js";
import { cli, contentOf, folder } from "../cli/harness.js";
import { createForge } from "./forge.js";
import { createWireWorld } from "./wire-world.js";
import { createWorld, lying, readingsFor } from "./world.js";
import type { World } from "./world.js";

/** Networks of ballots on real lines, in made-up time, judged by the laws of ballots. */

const networkOf = (changes: object = {}, names = "a b c d"): Network => parseNetwork({
  ...contentOf("desk"), algorithm: "lbp", ...changes,
  boards: names.split(" ").map((name) => ({ name, kind: "EMULATED" })),
}, "ballots");

const LOG = networkOf({ keep: 3, reserve: 2 });
const NETWORKS: Readonly<Record<string, Network>> = {
  "a log": LOG,
  "once": networkOf({ mode: "once", meanwhile: "safe" }),
  "boards that lead in turn": networkOf({ leader: "rotating" }),
  "stored promises": networkOf({ promises: "stored" }),
  "decisions a round earlier": networkOf({ early: true, keep: 2 }),
  "a round less": networkOf({ algorithm: "lfab" }, "a b c d e f"),
};
const BEGAN = 1_100_000;
const cycleAt = (network: Network, cycle: number) =>
  BEGAN + cycle * microsecondsOf(network, planOf(network).period);

const emulated = async (network: Network, cycles: number, traitors: string[]) => {
  const records: CycleRecord[] = [];
  const summary: Summary = await emulate({
    network, cycles, seed: 1, readings: readingsFor(network), engine: "native", transport: "memory",
    troubles: lying(network, ...traitors),
    onCycle: (record) => {
      records.push(record);
    },
  });
  return { records, summary };
};

/** What the boards themselves decided is what is told of them, unless they are faulty. */
const asHeld = ({ held, records }: World, from = 0, unknown = -1) => {
  for (const [at, { cycle, decisions, faulty }] of records.entries()) {
    for (const [board, told] of cycle < from ? [] : decisions!.entries()) {
      if (faulty.includes(board) || board === unknown) continue;
      const own = held[at]![board]!;
      assert.equal(own.cycle, cycle);
      assert.deepEqual(told, own.decisions.map(({ slot, value }) => ({ slot, value: show(value) })),
        `cycle ${cycle}, board ${board}`);
    }
  }
};

const all = (cycles: number, asked = cycles) =>
  ({ cs1: cycles, cs2: cycles, cs3: cycles, cl1: cycles, cl2: cycles, asked });

const writeTrace = (
  context: TestContext, network: Network, cycles: number, events: readonly TraceEvent[],
  first = 0,
) => {
  const path = join(folder(context), "live.trace");
  const writer = createTraceWriter(path, headerOf(network, {
    seed: 1, cycles, faults: [], traitors: [], real: true, first,
  }));
  for (const event of events) writer.write(event);
  writer.finish();
  return path;
};

const differencesIn = (path: string) =>
  [...rejudge(openTrace(path))].flatMap(({ differences }) => differences);

describe("ballots on real lines", () => {
  for (const [name, network] of Object.entries(NETWORKS)) {
    it(`decide what the emulator decides, and are judged as there: ${name}`, async () => {
      const world = createWorld(network);
      const summary = await world.run({ cycles: 8 });
      const there = await emulated(network, 8, []);
      const decided = (records: readonly CycleRecord[]) =>
        records.map(({ decisions, orders, faulty }) => ({ decisions, orders, faulty }));
      assert.deepEqual(decided(world.records), decided(there.records));
      assert.deepEqual(summary.ballots, there.summary.ballots);
      assert.deepEqual(summary.ballots, all(8));
      assert.deepEqual([summary.verdict, summary.outside], ["held", 0]);
      asHeld(world);
    });
  }

  it("hold with every lie that the bus tells in a board's name", async () => {
    for (const { name } of PLAYED_FAULTS) {
      for (const network of [LOG, NETWORKS["a round less"]!]) {
        const world = createWorld(network);
        const summary = await world.run({
          cycles: 12, troubles: lying(network, `c=${name}`),
        });
        assert.deepEqual([summary.verdict, summary.outside], ["held", 0], name);
        assert.deepEqual(summary.ballots, all(12), name);
        assert.ok(world.records.every(({ decisions }) => decisions![0]!.length), name);
      }
    }
  });
});

describe("a board of ballots", () => {
  it("may be plugged in long after the bus began: new boards decide as soon as there are enough",
    async () => {
      for (const network of [LOG, NETWORKS["once"]!, NETWORKS["stored promises"]!]) {
        const world = createWorld(network);
        for (const [board, cycle] of [[0, 3], [1, 5], [2, 7], [3, 11]] as const) {
          world.places[board]!.plugged = false;
          world.at(cycleAt(network, cycle) - 50, () => {
            world.places[board]!.plugged = true;
          });
        }
        const summary = await world.run({ cycles: 24 });
        assert.deepEqual([summary.verdict, summary.outside], ["held", 0]);
        assert.deepEqual(summary.boards.map(({ odd }) => odd), [0, 0, 0, 0]);
        const decided = world.records.map(({ decisions }) => decisions!.flat().length);
        assert.ok(decided.slice(0, 7).every((count) => !count), String(decided));
        assert.ok(decided.slice(7, 20).some((count) => count >= 3), String(decided));
        asHeld(world);
      }
    });

  it("that nobody has told that it is new says nothing that binds it, and is away", async () => {
    const nothing = { places: { read: () => undefined, write: () => undefined } };
    const world = createWorld(LOG, undefined, undefined, (of, board, send) =>
      (board.number === 1 ? nativeBoard(of, board, send, nothing) : nativeBoard(of, board, send)));
    const summary = await world.run({ cycles: 12 });
    assert.deepEqual([summary.verdict, summary.outside], ["held", 0]);
    assert.deepEqual(summary.boards.map(({ odd }) => odd), [0, 0, 0, 0]);
    assert.ok(world.records.every(({ decisions }) => decisions![0]!.length === 1));
    // Of one of which nothing is known, what is told is not asked for.
    asHeld(world, 0, 1);
  });

  it("that lies is odd, as long as it does, and its lies decide nothing", async () => {
    // In which rounds it says something else: its record; what it relays; its 2av; its 2b.
    for (const rounds of [[1], [2], [3], [4], [1, 2, 3, 4]]) {
      const world = createWorld(LOG);
      world.places[2]!.says = createForge(LOG, ({ round, payload, values }) => {
        if (rounds.includes(round)) payload[values + (round === 1 ? 1 : 0)]! ^= 4;
      });
      const summary = await world.run({ cycles: 10 });
      assert.deepEqual([summary.verdict, summary.outside], ["held", 0], String(rounds));
      assert.deepEqual(summary.boards.map(({ odd }) => odd), [0, 0, 10, 0], String(rounds));
      assert.deepEqual(summary.ballots, all(10), String(rounds));
      asHeld(world);
    }
  });

  it("that was reset is not odd, has forgotten, and takes part again", async (context) => {
    for (const network of [LOG, NETWORKS["stored promises"]!]) {
      const world = createWorld(network);
      world.at(cycleAt(network, 5) - 50, () => {
        world.places[1]!.restart();
      });
      const summary = await world.run({ cycles: 25 });
      assert.deepEqual([summary.verdict, summary.outside], ["held", 0]);
      assert.deepEqual(summary.ballots!.cs2, 25);
      const away = world.records.filter(({ faulty }) => faulty.includes(1)).length;
      assert.ok(away <= 4, `${away} cycles`);
      assert.equal(summary.boards[1]!.odd, 0);
      asHeld(world, 12);
      assert.ok(world.records.at(-1)!.decisions!.every((list) => list.length === 1));
      assert.deepEqual(differencesIn(writeTrace(context, network, 25, world.events)), []);
    }
  });

  it("may be away, and more than are outvoted: nothing is decided then, or broken", async () => {
    const world = createWorld(LOG);
    for (const board of [1, 2]) {
      world.at(cycleAt(LOG, 4), () => {
        world.places[board]!.pull();
      });
      world.at(cycleAt(LOG, 9), () => {
        world.places[board]!.plugged = true;
      });
    }
    const summary = await world.run({ cycles: 40 });
    assert.deepEqual([summary.verdict, summary.outside], ["held", 0]);
    const decided = world.records.map(({ decisions }) => decisions!.flat().length);
    assert.deepEqual(decided.slice(0, 4), [4, 4, 4, 4]);
    assert.deepEqual(decided.slice(5, 9), [0, 0, 0, 0]);
    assert.equal(decided.at(-1), 4);
    const { asked, cl1, cl2 } = summary.ballots!;
    assert.ok(asked < 36 && asked > 8, String(asked));
    assert.deepEqual([cl1, cl2], [40, 40]);
    asHeld(world);
  });
});

describe("a board that goes on with what it had stored", () => {
  const stored = NETWORKS["stored promises"]!;
  const { ring, body, slot } = stored.boards[0]!.layout as BallotLayout;
  const { keep } = stored.boards[0]!.layout;
  /** When all is said in a cycle, and nothing of it is decided or carried out. */
  const lateIn = (cycle: number) =>
    cycleAt(stored, cycle) + 0.9 * microsecondsOf(stored, planOf(stored).period);
  /** Its records are forged in some ballots. */
  const forging = (at: number, when: (cycle: number) => boolean) => {
    const world = createWorld(stored);
    let ballot = 0;
    world.places[1]!.says = createForge(stored, ({ round, payload, values }) => {
      if (round === 1 && when(ballot++)) payload[values + at]! ^= 1;
    });
    return world;
  };

  it("is odd as often as it was not as it says, and all others are judged", async (context) => {
    for (const at of [ring, slot]) {
      const world = forging(at, (cycle) => cycle % 2 === 1);
      const summary = await world.run({ cycles: 16 });
      assert.deepEqual([summary.verdict, summary.outside], ["held", 0]);
      assert.deepEqual(summary.boards.map(({ odd }) => odd), [0, 8, 0, 0]);
      assert.deepEqual(summary.ballots, all(16));
      asHeld(world);
      assert.deepEqual(differencesIn(writeTrace(context, stored, 16, world.events)), []);
    }
  });

  it("is odd, if it was reset and says what it never stored", async () => {
    for (const [at, odd] of [[ring, 1], [body, 1], [slot, 1], [0, 0]] as const) {
      const world = forging(at || ring, (cycle) => !!at && cycle === 6);
      world.at(lateIn(5), () => {
        world.places[1]!.restart();
      });
      const summary = await world.run({ cycles: 16 });
      assert.deepEqual([summary.verdict, summary.outside], ["held", 0]);
      assert.equal(summary.boards[1]!.odd, odd, String(at));
    }
  });

  it("is odd, if it was away so lately that it would always be", async () => {
    for (const [next, odd] of [[8, 1], [5 + keep + 4, 0]] as const) {
      const world = createWorld(stored);
      for (const cycle of [5, next]) {
        world.at(lateIn(cycle), () => {
          world.places[1]!.restart();
        });
      }
      const summary = await world.run({ cycles: 5 + keep + 8 });
      assert.deepEqual([summary.verdict, summary.outside], ["held", 0]);
      assert.equal(summary.boards[1]!.odd, odd, String(next));
    }
  });

  it("is no reason to believe a third", async (context) => {
    const world = createWorld(stored);
    world.at(lateIn(5), () => {
      world.places[1]!.restart();
    });
    await world.run({ cycles: 9 });
    assert.ok(world.records[6]!.faulty.includes(1));
    const forge = createForge(stored, ({ payload, values }) => {
      payload[values]! ^= 64;
    });
    const last = (event: TraceEvent) => event.e === "frame" && event.to === 0 &&
      event.from !== HUB && event.round === stored.rounds && event.cycle === 6;
    const events = world.events.map((event): TraceEvent =>
      (event.e === "frame" && last(event) ? { ...event, bytes: forge(event.bytes) } : event));
    const judged = [...rejudge(openTrace(writeTrace(context, stored, 9, events)))];
    assert.deepEqual(judged.map(({ ballot }) => ballot!.cs3),
      [true, true, true, true, true, true, false, true, true]);
    assert.equal(judged[6]!.ballot!.cs2, false);
  });
});

describe("a bus that begins when its boards have long begun", () => {
  for (const [name, network] of Object.entries(NETWORKS)) {
    it(`is not at odds with them: ${name}`, async (context) => {
      const world = createWorld(network);
      await world.run({ cycles: 6 });
      world.records.length = world.held.length = world.events.length = 0;
      const summary = await world.run({ cycles: 20, first: 6 });
      assert.deepEqual([summary.verdict, summary.outside], ["held", 0]);
      assert.deepEqual(summary.boards.map(({ odd }) => odd), network.boards.map(() => 0));
      assert.equal(summary.ballots!.cs2, 20);
      assert.ok(world.records.every(({ faulty }) => !faulty.length));
      asHeld(world, 6 + (network.boards[0]!.layout.keep || 1) + 1);
      assert.deepEqual(differencesIn(writeTrace(context, network, 20, world.events, 6)), []);
    });
  }

  it("holds it against a board if it proposes what it did not put in, or is at odds", async () => {
    const stored = NETWORKS["stored promises"]!;
    const { ring } = stored.boards[0]!.layout as BallotLayout;
    for (const [network, from, byte, least, most] of [
      [LOG, 6, 1, 24, 24], [stored, 0, 1, 24, 24],
      [LOG, 6, ring, 12, 20], [stored, 0, ring, 23, 23],
    ] as const) {
      const world = createWorld(network);
      if (from) await world.run({ cycles: from });
      world.places[3]!.says = createForge(network, ({ round, payload, values }) => {
        if (round === 1) payload[values + byte]! ^= 4;
      });
      const summary = await world.run({ cycles: 24, first: from });
      assert.equal(summary.verdict, "held");
      const { odd } = summary.boards[3]!;
      assert.ok(odd >= least && odd <= most, String(odd));
    }
  });
});

it("ballots on a wire that all share are judged as well, with one that lies", async () => {
  const network = networkOf({ wiring: "wire", first_cycle: 500, keep: 2 });
  const world = createWireWorld(network);
  world.says[2] = createForge(network, ({ round, payload, values }) => {
    if (round === 4) payload[values]! ^= 4;
  });
  const summary = await world.run({ cycles: 8, first: 500 });
  assert.deepEqual([summary.verdict, summary.outside], ["held", 0]);
  assert.deepEqual(summary.ballots, all(8));
  assert.deepEqual(summary.boards.map(({ odd }) => odd), [0, 0, 8, 0]);
  assert.ok(world.records.every(({ decisions }) => decisions![0]!.length === 1));
});

describe("two decisions of one slot, forged into a trace", () => {
  const forged = async (context: TestContext) => {
    const world = createWorld(LOG);
    await world.run({ cycles: 4 });
    // In cycle 2 everybody's last word to board 0 names another value.
    const forge = createForge(LOG, ({ payload, values }) => {
      payload[values]! ^= 64;
    });
    const events = world.events.map((event): TraceEvent =>
      (event.e === "frame" && event.to === 0 && event.from !== HUB && event.round === LOG.rounds &&
        event.cycle === 2 ? { ...event, bytes: forge(event.bytes) } : event));
    return { honest: writeTrace(context, LOG, 4, world.events), path:
      writeTrace(context, LOG, 4, events) };
  };

  it("are found, whatever the trace says of itself", async (context) => {
    const { path, honest } = await forged(context);
    assert.deepEqual(differencesIn(honest), []);
    const judged = [...rejudge(openTrace(path))];
    assert.deepEqual(judged.map(({ ballot }) => ballot!.cs2), [true, true, false, true]);
    assert.deepEqual(judged.map(({ ballot }) => ballot!.cs3), [true, true, false, true]);
    assert.equal(judged[2]!.judged.agreement, false);
    assert.match(judged[2]!.differences.join("\n"), /agreement: stored true, judged again false/);
  });

  it("are told to a person, as what they are", async (context) => {
    const { path, honest } = await forged(context);
    const good = await cli(["replay", honest]);
    assert.equal(good.code, 0);
    assert.match(good.out, /slot 2: .* \(all\)/);
    assert.match(good.out, /in 4 ballots no slot was decided in two ways/);
    const { code, out } = await cli(["replay", path]);
    assert.equal(code, 1);
    assert.match(out, /BROKEN first in cycle 2: .*two values for one slot \(CS2\) in 1 ballot/);
    assert.match(out, /what was not chosen was decided \(CS3\) in 1 ballot/);
    const lines = (await cli(["replay", path, "--json"])).out.trim().split("\n");
    const { ballots } = JSON.parse(lines.at(-1)!) as { ballots: object };
    assert.deepEqual(ballots, { cs1: 3, cs2: 3, cs3: 3, cl1: 4, cl2: 4, asked: 4 });
  });
});
