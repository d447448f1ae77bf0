/** Input buffers (SPEC.md, "Input"): what fits, what the hub holds back, what is lost. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createCuts, shareOf } from "../../host/emulate/chunks.js";
import { kindIds, kindOf } from "../../host/network/kinds.js";
import { loadNetwork } from "../../host/network/network.js";
import type { Network } from "../../host/network/network.js";
import { filledBy, roomOf } from "../../host/plan/input.js";
import { fitOf, planOf } from "../../host/plan/plan.js";
import { createInputs } from "../../host/topology/inputs.js";
import { AT_BOARD, TAKE, createQueue } from "../../host/topology/queue.js";
import { HUB, TRANSPORTS, drive, networkOf, onLines, run } from "./drive.js";

/** Ten boards as slow as they come: a frame of the last round is longer than their buffers. */
const ten = (change: object = {}): Network => networkOf(10, 3, {
  value: "u16", decision: "median",
  boards: Array.from({ length: 10 }, (_, at) => ({ name: `b${at}`, kind: "ESPRUINOWIFI" })),
  ...change,
});
const file = (name: string): Network => loadNetwork(`boards/networks/${name}.json`);
const none = (network: Network) => network.boards.map(() => 0);

test("INPUT.1: as many bytes as are counted on fit while a board computes", () => {
  // Espruino's way: a byte goes into the last event while that is short, but never into the first.
  for (const most of [32, 63, 64]) {
    const { bytes: size, spare, event_cost: cost } = kindOf("PICO_R1_3").input;
    for (let count = 1; count < size; count++) {
      let [used, last] = [0, most];
      for (let at = 0; at < count; at++) {
        if (at === 1 || last >= most) {
          used += cost;
          last = 0;
        }
        used++;
        last++;
      }
      assert.ok(used <= filledBy(kindOf("PICO_R1_3"), count), `${count} bytes by ${most}`);
      if (count + spare + 64 >= size) continue;
      assert.ok(filledBy(kindOf("PICO_R1_3"), count) < 1.2 * used + 8);
    }
  }
});

test("each kind says how large its input buffer is, and where that is from", () => {
  const sizes = Object.fromEntries(kindIds().map((id) => [id, kindOf(id).input.bytes]));
  assert.deepEqual(sizes, {
    BANGLEJS2: 2048, EMULATED: 1024, ESP32: 4096, ESP8266_BOARD: 512, ESPRUINOWIFI: 1024,
    JOLTJS: 2048, LINUX: 1024, MDBT42Q: 1024, MICROBIT1: 256, MICROBIT2: 1024, PICO_R1_3: 1024,
    PIXLJS: 1024, PUCKJS: 1024, RP2040_PICO: 4096,
  });
});

test("INPUT.2: a buffer holds all that fits, loses the rest, and what is left is in order", () => {
  const network = networkOf(4, 1);
  const room = roomOf(network.boards[0]!.kind);
  const data = 15 * 64 + (room - 15 * 66 - 2);
  for (const over of [0, 1]) {
    const queue = createQueue(4096);
    const inputs = createInputs(network, planOf(network), queue);
    const come = (time: number, sender: number, bytes: readonly number[], computes = 0) => {
      const happening = queue.take(time, AT_BOARD, 0, sender, 1, 0);
      happening.bytes.set(bytes);
      happening.length = bytes.length;
      return { happening, now: inputs.arrive(happening, computes, 0, true) };
    };
    assert.ok(come(100, HUB, Array.from({ length: 10 }, () => 1), 1e6).now);
    assert.equal(inputs.answers[0], 1_000_100);
    // All of it comes while the board computes.
    const all = Array.from({ length: data + over }, (_, at) => at % 251);
    const { happening, now } = come(50_000, 1, all);
    assert.equal(now, false);
    assert.equal(inputs.overrun[0], over && data + 1 - 15 * 64);
    assert.equal(happening.fate, over ? "garbled" : "heard");
    const kept = over ? all.slice(0, 15 * 64) : all;
    assert.deepEqual([...happening.bytes.subarray(0, happening.length)], kept);
    // It waits until the board has computed and takes its last event; what comes then, with it.
    // Bytes beyond a frame's take no time.
    const { frame, hearing } = planOf(network).rounds[0]!;
    const byte = (hearing[0]!.byte * frame) / all.length;
    const last = Math.ceil(1_000_100 + byte * (over ? 14 : 15) * 64);
    assert.deepEqual([queue.peek()?.kind, queue.peek()?.time], [TAKE, last]);
    assert.equal(come(60_000, 2, [1, 2]).now, false);
    assert.deepEqual(inputs.take(0).map(({ sender }) => sender), over ? [1, 2] : [1]);
  }
});

test("chunks of 1 to 64 bytes, cut anywhere, are the seed's and no transport's", () => {
  const network = networkOf(4, 1);
  const cut = (seed: number) => {
    const sizes: number[] = [];
    let joined: number[] = [];
    const receive = createCuts(network, seed, (_board, chunk) => {
      sizes.push(chunk.length);
      joined.push(...chunk);
    });
    const bytes = Uint8Array.from({ length: 300 }, (_, at) => at);
    for (let time = 0; time < 200; time++) {
      joined = [];
      receive(time % 4, bytes);
      assert.deepEqual(joined, [...bytes]);
    }
    return sizes;
  };
  const sizes = cut(5);
  assert.deepEqual(cut(5), sizes);
  assert.notDeepEqual(cut(6), sizes);
  assert.deepEqual([Math.min(...sizes), Math.max(...sizes)], [1, 64]);
});

for (const transport of TRANSPORTS) {
  test(`INPUT.4: over ${transport}, nothing is lost at any time up to the planned`, async () => {
    const networks = transport === "mock" ? [file("oven")]
      : [ten(), file("oven"), file("three"), ten({ commander: "b3" })];
    for (const network of networks) {
      const cycles = network.signing ? 1 : 2;
      for (const [seed, part] of [[1, [1, 1]], [2, [0, 1]], [3, [0, 1]], [4, [0, 0]]] as const) {
        const compute = shareOf(network, seed, part);
        if (network.signing && seed > 2) continue;
        const { summary } = await run({ network, transport, seed, compute, cycles });
        assert.deepEqual(summary.overrun, none(network), `${network.file.name}, seed ${seed}`);
        assert.equal(summary.verdict, "held", `${network.file.name}, seed ${seed}`);
        assert.equal(summary.termination, cycles);
      }
    }
  });
}

test("INPUT.4: the same with liars at the worst moment, who say it all in the end", async () => {
  const traitors = ["equivocate", "edge", "late"].map((name, at) =>
    ({ board: 2 + 3 * at, name, parameter: name === "late" ? [0] : [] }));
  for (const seed of [1, 2]) {
    const network = ten();
    const compute = shareOf(network, seed, [0, 1]);
    const { summary } = await run({ network, seed, compute, cycles: 2, traitors });
    assert.deepEqual(summary.overrun, none(network));
    assert.equal(summary.verdict, "held");
  }
});

test("a board that takes longer than planned loses bytes: counted, and judged", async () => {
  const network = ten();
  const compute = (board: number) => (board > 6 ? 3 : 0.5);
  const { summary, cycles } = await run({ network, compute, cycles: 2 });
  assert.equal(summary.verdict, "broken");
  const lost = summary.overrun.reduce((sum, bytes) => sum + bytes, 0);
  assert.ok(lost > 0);
  const byCycle = cycles.flatMap(({ overrun = [] }) => overrun);
  assert.equal(byCycle.reduce((sum, bytes) => sum + bytes, 0), lost);
});

test("without what the hub waits for, boards as fast as planned lose bytes", async () => {
  const network = ten();
  const planned = planOf(network);
  const hasty = { ...planned, paced: planned.paced.map(() => false) };
  const trouble = onLines(() => true);
  const lossOf = async (plan: typeof planned) => {
    const { overrun, driven } = await drive(network, "memory", 1, trouble, plan);
    return {
      lost: overrun.reduce((sum, bytes) => sum + bytes, 0),
      cut: driven[0]!.frames.filter(({ fate }) => fate === "garbled" || fate === "lost").length,
    };
  };
  assert.deepEqual(await lossOf(planned), { lost: 0, cut: 0 });
  const { lost, cut } = await lossOf(hasty);
  assert.ok(lost > 1000 && cut > 9, `${lost} bytes, ${cut} frames`);
});

test("INPUT.3: a network whose boards hold a round's frames waits for nothing", () => {
  for (const name of ["pump", "press", "valve", "rail", "tank"]) {
    const plan = planOf(file(name));
    assert.equal(plan.spacing, 0, name);
    assert.deepEqual(plan.paced, file(name).boards.map(() => false), name);
  }
});

test("INPUT.6: where buffers are small, slots are longer, or the network is refused", async () => {
  const wire = (boards: number): Network => networkOf(boards, 1, {
    wiring: "wire", value: { bytes: 64 }, default: "00".repeat(64),
    boards: Array.from({ length: boards }, (_, at) => ({ name: `b${at}`, kind: "PICO_R1_3" })),
  });
  const small = wire(7);
  assert.ok(!planOf(small).paced.includes(true));
  assert.equal(planOf(small).spacing, 0);
  const longer = wire(9);
  assert.equal(fitOf(longer, longer.boards[0]!, 0).reason, "");
  assert.ok(planOf(longer).spacing > 0);
  for (const network of [small, longer]) {
    const compute = shareOf(network, 1, [0, 1]);
    const { summary } = await run({ network, compute, cycles: 2 });
    assert.deepEqual(summary.overrun, none(network));
    assert.equal(summary.verdict, "held");
  }
  const large = wire(16);
  assert.equal(fitOf(large, large.boards[0]!, 0).reason,
    "a frame of 970 bytes and beacons of 13 take 1068 bytes of an input buffer, and PICO_R1_3 " +
    "has 1020: a star would do");
});

test("on a shared wire a babbling board makes no other lose bytes", async () => {
  for (const network of [file("kiln"), networkOf(4, 1, {
    wiring: "wire", guardian: true, value: { bytes: 40 }, default: "00".repeat(40),
    boards: ["a", "b", "c", "d"].map((name) => ({ name, kind: "PICO_R1_3", enable: "B1" })),
  })]) {
    for (const seed of [1, 2]) {
      const traitors = [{ board: 2, name: "babble", parameter: [] }];
      const compute = shareOf(network, seed, [0, 1]);
      const { summary } = await run({ network, seed, compute, cycles: 4, traitors });
      assert.deepEqual(summary.overrun, none(network));
      assert.equal(summary.verdict, "held");
    }
  }
});
