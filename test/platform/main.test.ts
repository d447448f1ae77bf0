import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { HUB, START, oral } from "../../firmware/index.js";
import { start } from "../../firmware/main.js";
import type { Watching } from "../../firmware/main.js";
import type { Parts } from "../../firmware/node/node.js";
import type { Uart } from "../../firmware/platform/espruino.js";
import type { Value } from "../../host/base/values.js";
import { chooseOf } from "../../host/boards/board.js";
import { parseNetwork } from "../../host/network/network.js";
import type { Network } from "../../host/network/network.js";
import { createHub } from "../../host/topology/star/hub.js";
import { createMaster } from "../../host/topology/wire/master.js";
import { contentOf } from "../cli/harness.js";

/** What a board's entry does with Espruino's globals, of which each call is written down. */

const DEFAULT = 77;
const SILENCE = 50;
const TIMER = 5;
const PINS = { tx: "A0", rx: "A1" };

const networkOf = (changes: object = {}): Network =>
  parseNetwork({ ...contentOf("desk"), default: DEFAULT, ...changes }, "desk");

interface Bench {
  readonly calls: readonly string[];
  readonly node: Watching<Value>;
  /** The UART brings bytes, as it does: in a string. */
  hear(bytes: Uint8Array): void;
  /** As long as `silence` has gone by. */
  fire(): void;
  /** What happened since this was asked last. */
  told(): string[];
}

const begin = (context: TestContext, network: Network, silence: number): Bench => {
  const calls: string[] = [];
  const around = globalThis as unknown as Record<string, unknown>;
  const globals: Record<string, unknown> = {
    E: { toUint8Array: (chunk: string) => Uint8Array.from(chunk, (one) => one.charCodeAt(0)) },
    setInterval(act: () => void, milliseconds: number) {
      fire = act;
      calls.push(`every ${milliseconds}`);
      return TIMER;
    },
    changeInterval(timer: number, milliseconds: number) {
      calls.push(`timer ${timer} anew, ${milliseconds}`);
    },
    tagma: undefined,
  };
  const were = Object.keys(globals).map((name) => [name, around[name]] as const);
  context.after(() => {
    Object.assign(around, Object.fromEntries(were));
  });
  Object.assign(around, globals);
  let fire: () => void = () => assert.fail("there is no timer");
  let listen: ((chunk: string) => void) | undefined;
  const uart: Uart = {
    setup(baud: number, options: object) {
      assert.equal(listen, undefined, "nothing is heard before the setup");
      calls.push(`setup ${baud} ${JSON.stringify(options)}`);
    },
    on(event: string, act: (chunk: string) => void) {
      assert.equal(event, "data");
      listen = act;
    },
    write(bytes: Uint8Array) {
      calls.push(`writes ${bytes.length}, ${bytes[0]} to ${bytes.at(-1)}`);
    },
  };
  const { layout } = network.boards[0]!;
  const parts: Parts<Value> = {
    agree: oral(layout), fallback: DEFAULT, choose: chooseOf(network),
    type: network.type.create(network.boards.length + 1),
    ...(network.ballots && { protocol: network.ballots.create }),
    places: { read: () => undefined, write: () => undefined },
    enable(bytes) {
      calls.push(`enables ${bytes}`);
    },
  };
  start({ ...layout, silence }, parts, uart, network.file.baud, PINS, () => 5, (order) => {
    calls.push(`acts ${String(order)}`);
  });
  return {
    calls, node: around["tagma"] as Watching<Value>,
    hear(bytes) {
      listen!(String.fromCharCode(...bytes));
    },
    fire: () => {
      fire();
    },
    told: () => calls.splice(0),
  };
};

/** The beacons of a cycle of board 0's link, the closing one last. */
const beaconsOf = (network: Network, cycle: number): Uint8Array[] => {
  const beacons: Uint8Array[] = [];
  const hub = createHub(network, {
    send(board, sender, bytes, from, end) {
      if (board === 0 && sender === HUB) beacons.push(bytes.slice(from, end));
    },
    now: () => 0, wait: () => undefined,
  }, undefined);
  for (let round = 1; round <= network.rounds; round++) hub.open(cycle, round, []);
  hub.open(cycle, 0, []);
  return beacons;
};

/** Those that say something: a call with figures of a frame is of no interest here. */
const quiet = (calls: readonly string[]) => calls.filter((call) => !call.startsWith("writes"));

test("a board sets its UART up, listens, and answers what it hears", (context) => {
  const network = networkOf();
  const { layout } = network.boards[0]!;
  const bench = begin(context, network, 0);
  assert.deepEqual(bench.told(), [`setup 115200 ${JSON.stringify(PINS)}`]);
  assert.equal("silences" in bench.node, false);
  const [one, two, closing] = beaconsOf(network, 3);
  bench.hear(one!);
  const [first, ...more] = bench.told();
  // A frame, from its start word to its checksum.
  const [, length, from] = /^writes (\d+), (\d+) to \d+$/.exec(first!)!;
  assert.deepEqual([Number(from), more], [START, []]);
  assert.equal(Number(length), layout.overhead + layout.payloads[1]!);
  bench.hear(two!);
  assert.equal(bench.told().length, 1);
  // With silence 0 nothing is timed.
  bench.hear(closing!);
  assert.deepEqual(bench.told(), ["acts 5"]);
  assert.equal(bench.node.cycle, 3);
  assert.throws(() => {
    bench.fire();
  });
});

test("SILENCE.1: an order is withdrawn, again and again, until a cycle is closed", (context) => {
  const network = networkOf();
  const bench = begin(context, network, SILENCE);
  assert.deepEqual(bench.told(),
    [`every ${SILENCE}`, `setup 115200 ${JSON.stringify(PINS)}`]);
  assert.equal(bench.node.silences, 0);
  bench.fire();
  bench.fire();
  assert.deepEqual(bench.told(), [`acts ${DEFAULT}`, `acts ${DEFAULT}`]);
  assert.deepEqual([bench.node.silences, bench.node.order], [2, DEFAULT]);
  for (const cycle of [0, 1, 2]) {
    const [one, two, closing] = beaconsOf(network, cycle);
    // Only a cycle that is closed begins the time anew, and that once.
    bench.hear(one!);
    bench.hear(two!);
    assert.deepEqual(quiet(bench.told()), [], `cycle ${cycle}`);
    bench.hear(closing!);
    assert.deepEqual(bench.told(), ["acts 5", `timer ${TIMER} anew, ${SILENCE}`]);
    bench.hear(closing!);
    assert.deepEqual(bench.told(), []);
    assert.equal(bench.node.order, 5);
  }
  bench.fire();
  assert.deepEqual(bench.told(), [`acts ${DEFAULT}`]);
  assert.deepEqual([bench.node.silences, bench.node.order], [3, DEFAULT]);
});

test("SILENCE.1: by ballots, what was decided is kept while it is not carried out", (context) => {
  const network = networkOf({ algorithm: "lbp" });
  const bench = begin(context, network, SILENCE);
  const before = bench.node.order = 33;
  bench.told();
  bench.fire();
  assert.deepEqual(bench.told(), [`acts ${DEFAULT}`]);
  assert.equal(bench.node.order, before);
});

test("WIRE.9: on a shared wire the driver is let through before a board writes", (context) => {
  const network = networkOf({ wiring: "wire" });
  const bench = begin(context, network, 0);
  bench.told();
  const master = createMaster(network);
  bench.hear(master.beacon(0, 1, 2).slice());
  assert.deepEqual(bench.told(), [], "another is polled");
  bench.hear(master.beacon(0, 1, 0).slice());
  const [enabled, written, ...more] = bench.told();
  const [, length] = /^writes (\d+),/.exec(written!)!;
  assert.deepEqual([enabled, more], [`enables ${length}`, []]);
});
