import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { describe, it } from "node:test";
import { HUB } from "../../firmware/index.js";
import { OWN_ENGINES, nativeBoard } from "../../host/boards/board.js";
import type { Engine, SimBoard } from "../../host/boards/board.js";
import { contextBoard } from "../../host/boards/context.js";
import { countedAct } from "../../host/boards/dialect-setup.js";
import { createQuickJs } from "../../host/boards/quickjs.js";
import { actOf } from "../../host/bundle/acts.js";
import { bundle } from "../../host/bundle/bundle.js";
import { lacksIn } from "../../host/bundle/lacks.js";
import { emulate } from "../../host/emulate/emulate.js";
import { createSilenceJudge } from "../../host/emulate/silence.js";
import type { FrameEvent, TraceEvent } from "../../host/events/events.js";
import { parseNetwork } from "../../host/network/network.js";
import type { Network } from "../../host/network/network.js";
import { madeUp } from "../../host/network/readings.js";
import { planOf } from "../../host/plan/plan.js";
import { safeAfterUs } from "../../host/plan/silence.js";
import { cli, contentOf, exampleOf, folder } from "../cli/harness.js";
import { record } from "../espruino/drive.js";

/** What boards put out when beacons stop: SILENCE.1, SILENCE.2, SILENCE.3. */

const SILENCE_MS = 50;
const SILENCE_US = SILENCE_MS * 1000;
const AWAY = { board: 3, name: "unplug", parameter: [2, 6] };

/** The pump on boards that compute at once, with a default order that no vector gives. */
const pump = (changes: object = {}): Network => {
  const { boards, ...rest } = contentOf("pump");
  return parseNetwork({
    ...rest, silence_ms: SILENCE_MS, period_ms: 20, default: 255, ...changes,
    boards: boards.map(({ name }) => ({ name, kind: "EMULATED", compute_us: 0 })),
  }, "pump");
};

const runOf = async (network: Network, engine: Engine, cycles = 12) => {
  const events: TraceEvent[] = [];
  const summary = await emulate({
    network, cycles, seed: 1, readings: madeUp(network, 1), engine, transport: "memory",
    troubles: { lines: [], traitors: cycles > AWAY.parameter[0]! ? [AWAY] : [] },
    tracer(event) {
      events.push(event);
    },
  });
  return { summary, frames: events.filter((event) => event.e === "frame") };
};

/** How many silences fit between the closing beacons that a board heard, and after the last. */
const expected = (
  network: Network, frames: readonly FrameEvent[], board: number, until: number,
): number => {
  const micro = (bits: number) => (bits * 1e6) / network.file.baud;
  const closings = frames.filter(({ from, to, round, fate }) =>
    from === HUB && to === board && round === 0 && fate === "heard").map(({ t }) => micro(t));
  let silences = 0;
  for (const [at, time] of [0, ...closings].entries()) {
    for (let due = time + SILENCE_US; due <= (closings[at] ?? until); due += SILENCE_US) silences++;
  }
  return silences;
};

const boardOf = async (network: Network, engine: Engine): Promise<SimBoard> => {
  const board = network.boards[0]!;
  const mute = () => undefined;
  if (engine === "native") return nativeBoard(network, board, mute);
  const act = countedAct(actOf(network, board, true));
  const text = await bundle(network, board, undefined, undefined, act, true);
  return engine === "bundle" ? contextBoard(network, board, text, mute)
    : (await createQuickJs())(network, board, text, mute);
};

describe("a board that hears no beacon", () => {
  for (const engine of OWN_ENGINES) {
    it(`puts out the default order in time and not before, and counts it: ${engine}`, async () => {
      const network = pump();
      const { chunks, cycles } = await record(network, 0, 2);
      const board = await boardOf(network, engine);
      const hear = (cycle: number) => {
        board.reading = cycles[cycle]!.inputs[0] as number;
        for (const chunk of chunks[cycle]!) board.receive(chunk);
      };
      assert.equal(board.tick(SILENCE_US - 1), SILENCE_US);
      assert.equal(board.state().output, undefined);
      // From when power came on, too.
      board.tick(SILENCE_US);
      assert.equal(board.state().output, 255);
      board.tick(SILENCE_US + 1000);
      hear(0);
      const [order] = cycles[0]!.orders;
      assert.notEqual(order, 255);
      const due = 2 * SILENCE_US + 1000;
      assert.equal(board.tick(due - 1), due);
      assert.deepEqual([board.state().output, board.state().order], [order, order]);
      assert.equal(board.state().silences, 1);
      board.tick(due);
      assert.deepEqual([board.state().output, board.state().order], [255, 255]);
      board.tick(due + 2 * SILENCE_US + 5);
      assert.equal(board.state().silences, 4);
      hear(1);
      const { output, silences, acts, cycle } = board.state();
      assert.deepEqual([output, silences, acts, cycle], [cycles[1]!.orders[0], 4, 2, 1]);
      // What opens no cycle's end does not keep an order alive: the hub must close cycles.
      const [opening] = chunks[0]!;
      board.tick(due + 3 * SILENCE_US);
      board.receive(opening!);
      assert.equal(board.tick(due + 3 * SILENCE_US + 5) - due, 3 * SILENCE_US + 5 + SILENCE_US);
      assert.equal(board.state().output, 255);
      await board.restart();
      assert.equal(board.state().silences, 0);
      assert.equal(board.tick(due + 4 * SILENCE_US + 4), due + 4 * SILENCE_US + 5);
      board.close();
    });

    it(`is judged in an emulation, and says nothing else than before: ${engine}`, async () => {
      const network = pump();
      const { summary, frames } = await runOf(network, engine);
      assert.equal(summary.verdict, "held");
      assert.equal(summary.safe, true);
      const silences = expected(network, frames, 3, summary.time_us);
      assert.equal(silences, 2);
      assert.deepEqual(summary.counts.map((counts) => counts["silences"]), [0, 0, 0, silences]);
      const without = await runOf(pump({ silence_ms: undefined }), "native");
      assert.deepEqual(without.frames, frames);
      assert.equal("silences" in without.summary.counts[3]!, false);
    });
  }

  it("goes on with what was decided, by ballots, once cycles are closed again", async () => {
    const { boards, ...rest } = contentOf("rail");
    const network = parseNetwork({
      ...rest, silence_ms: 5000, value: "u8", decision: "median", default: 255,
      boards: boards.map(({ name }) => ({ name, kind: "EMULATED" })),
    }, "rail");
    const { chunks, cycles } = await record(network, 0, 2);
    for (const engine of ["native", "bundle"] as const) {
      const board = await boardOf(network, engine);
      const hear = (cycle: number) => {
        board.reading = cycles[cycle]!.inputs[0] as number;
        for (const chunk of chunks[cycle]!) board.receive(chunk);
      };
      hear(0);
      const { order, decisions } = board.state();
      assert.ok(decisions.length > 0 && order !== network.fallback, engine);
      board.tick(5_000_000);
      assert.deepEqual([board.state().output, board.state().order], [network.fallback, order]);
      hear(1);
      assert.deepEqual([board.state().output, board.state().order], [order, order]);
      board.close();
    }
  });

  it("has a bundle without a timer where that is not asked, else one for Espruino", async () => {
    const text = async (network: Network) => bundle(network, network.boards[0]!);
    const without = await text(pump({ silence_ms: undefined }));
    assert.doesNotMatch(without, /Interval|silence/);
    const watched = await text(pump());
    assert.match(watched, /setInterval\(/);
    assert.deepEqual(lacksIn(watched), []);
    assert.ok(watched.length - without.length < 160, `${watched.length - without.length} bytes`);
  });

  it("takes no pause between cycles for a silence, if it is longer than the period", async () => {
    for (const changes of [{ period_ms: 49.9 }, { period_ms: 20 }]) {
      const { summary } = await runOf(pump(changes), "native", 2);
      assert.deepEqual(summary.counts.map(({ silences }) => silences), [0, 0, 0, 0]);
    }
    await assert.rejects(runOf(pump({ period_ms: 50 }), "native"),
      /silence_ms: 50 is no longer than a period, must be at least 51$/);
    // What would come of it: each cycle's order would be withdrawn as the next one is due.
    const network = pump({ period_ms: 50 });
    const period = (planOf(network).period * 1e6) / network.file.baud;
    const board = await boardOf(network, "bundle");
    const { chunks } = await record(pump(), 0, 3);
    chunks.forEach((list, cycle) => {
      board.tick(cycle * period);
      for (const chunk of list) board.receive(chunk);
    });
    assert.equal(board.state().silences, 2);
  });

  it("needs what it computes at one go besides, at most", () => {
    const { rounds, decide } = planOf(pump());
    assert.deepEqual([...decide, ...rounds.flatMap(({ compute }) => compute)], Array(12).fill(0));
    assert.equal(safeAfterUs(pump()), SILENCE_US);
    const slow = parseNetwork({ ...contentOf("pump"), silence_ms: 5000 }, "pump");
    const longest = Math.max(...planOf(slow).decide,
      ...planOf(slow).rounds.flatMap(({ compute }) => compute));
    assert.equal(safeAfterUs(slow), 5e6 + Math.round((longest * 1e6) / 115_200));
    assert.equal(safeAfterUs(pump({ silence_ms: undefined })), 0);
  });
});

describe("the judge of silences", () => {
  const beacon = { board: 1, sender: HUB, fate: "heard" } as const;

  it("finds a board that goes on with its order, and one that is too late", () => {
    const judge = createSilenceJudge(2, 100, 0);
    judge.take({ ...beacon, board: 0 }, 10);
    judge.take(beacon, 50);
    assert.deepEqual(judge.unsafe(109, () => 7), []);
    assert.deepEqual(judge.unsafe(110, () => 7), [0]);
    assert.deepEqual(judge.unsafe(150, () => 7), [0, 1]);
    assert.deepEqual(judge.unsafe(150, (board) => board && 7), [1]);
    assert.deepEqual(judge.unsafe(1000, () => 0), []);
    // Only whole beacons count, and of the hub.
    judge.take({ ...beacon, fate: "lost" }, 160);
    judge.take({ ...beacon, sender: 0 }, 160);
    assert.deepEqual(judge.unsafe(160, () => undefined), [0, 1]);
    assert.deepEqual(createSilenceJudge(2, 0, 0).unsafe(1e9, () => 7), []);
  });

  it("finds boards on which no timer runs", async () => {
    const network = pump({ silence_ms: undefined });
    const board = await boardOf(network, "bundle");
    const { chunks } = await record(network, 0, 1);
    for (const chunk of chunks[0]!) board.receive(chunk);
    board.tick(1e9);
    const judge = createSilenceJudge(1, SILENCE_US, 255);
    judge.take({ ...beacon, board: 0 }, 0);
    assert.deepEqual(judge.unsafe(1e9, () => board.state().output), [0]);
  });
});

describe("the command line", () => {
  it("tells of silences, and refuses a time that is no longer than a period", async (context) => {
    const file = `${folder(context)}/pump.json`;
    const write = (silence: number) => {
      writeFileSync(file, JSON.stringify({
        ...contentOf("desk"), $schema: undefined, period_ms: 20, silence_ms: silence,
      }));
    };
    write(50);
    const told = await cli(["emulate", file, "--traitor", "d=unplug:2.6", "--cycles", "12"]);
    assert.equal(told.code, 0);
    assert.match(told.out, /the default order was put out 2 times, in silences/);
    write(20);
    const { code, err } = await cli(["emulate", file]);
    assert.equal(code, 2);
    assert.match(err, /silence_ms: 20 is no longer than a period, must be at least 21/);
    const wrong = await cli(["emulate", exampleOf("desk"), "--traitor", "d=unplug:2.0"]);
    assert.match(wrong.err, /CYCLES 0 must be at least 1/);
  });
});
