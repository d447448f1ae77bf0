import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pinsIn } from "../../host/boards/dialect-setup.js";
import { bundle } from "../../host/bundle/bundle.js";
import { emulate } from "../../host/emulate/emulate.js";
import type { CycleEvent, TraceEvent } from "../../host/events/events.js";
import type { Troubles } from "../../host/faults/asked.js";
import { madeUpProvision } from "../../host/keys/provision.js";
import type { Network } from "../../host/network/network.js";
import { madeUp } from "../../host/network/readings.js";
import type { Readings } from "../../host/network/readings.js";

/** Runs a bundle on Espruino itself: the interpreter's Linux build, with a recording for a UART. */

export interface Recording {
  /** By cycle: what arrives at the board, chunk by chunk, and what it must answer. */
  readonly chunks: readonly (readonly Uint8Array[])[];
  readonly answers: readonly (readonly Uint8Array[])[];
  readonly cycles: readonly CycleEvent[];
}

const NO_TROUBLES: Troubles = { lines: [], traitors: [] };

/** @returns what board `board` hears and says in an emulation of `cycles` cycles. */
export const record = async (
  network: Network, board: number, cycles: number,
  troubles: Troubles = NO_TROUBLES, readings: Readings = madeUp(network, 1),
): Promise<Recording> => {
  const events: TraceEvent[] = [];
  await emulate({
    network, cycles, seed: 1, readings, troubles,
    engine: "native", transport: "memory",
    tracer: (event) => {
      events.push(event);
    },
  });
  const frames = events.filter((event) => event.e === "frame");
  const of = (cycle: number, end: "to" | "from") => frames
    .filter((frame) => frame.cycle === cycle && frame[end] === board &&
      (end === "to" ? frame.fate !== "lost" : frame.to === 31))
    .map((frame) => frame.bytes);
  const numbers = Array.from({ length: cycles }, (_, cycle) => cycle);
  return {
    chunks: numbers.map((cycle) => of(cycle, "to")),
    answers: numbers.map((cycle) => of(cycle, "from")),
    cycles: events.filter((event) => event.e === "cycle"),
  };
};

export interface Measured {
  readonly version: string;
  /**
   * Blocks in use: by the driver alone, with the bundle loaded, after 10 cycles, and at the end.
   */
  readonly empty: number;
  readonly driver: number;
  readonly loaded: number;
  readonly early: number;
  readonly late: number;
  /** Microseconds of computing a cycle. */
  readonly cycleUs: number;
  /** Microseconds from each beacon to its answer, in the order of a cycle; the last: to decide. */
  readonly beaconUs: readonly number[];
  /** Microseconds for one frame heard. */
  readonly frameUs: number;
  /** Answers that were not as recorded. */
  readonly wrong: number;
  readonly order: unknown;
  readonly vector: unknown;
}

/** The Linux build has no pins, and what is said of one throws there. */
export const NO_PINS = `
var digitalPulse = function () {}, digitalWrite = digitalPulse, analogWrite = digitalPulse;
`;

export const quoted = (bytes: Uint8Array): string =>
  `"${[...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("")}"`;

/**
 * What a board's program reads, by cycle: a row of bytes, which is shown as hexadecimal digits, as
 * its numbers; null: nothing.
 */
export const readingsOf = ({ cycles }: Recording, board: number): unknown[] =>
  cycles.map(({ inputs }) => {
    const value = inputs[board] ?? null;
    return typeof value === "string" ? [...Buffer.from(value, "hex")] : value;
  });

const driver = (
  recording: Recording, readings: readonly unknown[], beacons: number, pins: string,
) => `
var EMPTY = process.memory().usage;
var listener, wrong = 0, answer = "", at = 0, turn = 0, spent = 0;
var beacons = new Float64Array(${beacons + 2}), frames = 0, frameTime = 0;
var uart = { setup: function () {}, on: function (e, f) { listener = f; },
  write: function (b) { answer += E.toString(b); } };
var readings = ${JSON.stringify(readings)};
var chunks = [${recording.chunks.map((list) => `[${list.map(quoted).join(",")}]`).join(",")}];
var answers = [${recording.answers.map((list) => `[${list.map(quoted).join(",")}]`).join(",")}];
function cycle(n) {
  var list = chunks[n], t, d, beacon = 0, said = 0;
  for (var i = 0; i < list.length; i++) {
    answer = "";
    t = getTime(); listener(list[i]); d = (getTime() - t) * 1e6;
    spent += d;
    if ((list[i].charCodeAt(2) & 31) == 31) {
      beacons[beacon++] += d;
      if (answer !== "") { if (answer !== answers[n][said]) wrong++; said++; }
    } else { frameTime += d; frames++; }
  }
  if (said !== answers[n].length) wrong++;
}
function run(count) {
  for (var k = 0; k < count; k++) { at = turn % chunks.length; turn++; cycle(at); }
}
var USB = { setConsole: function () {} }, Bluetooth = USB;
${NO_PINS}${pins}
function reading() { return readings[at]; }
var LOADED = 0, EARLY = 0, LATE = 0, DRIVER = 0;
turn = 1e6; spent = 1.5; frameTime = 1.5; frames = 1e6; answer = "0123456789";
DRIVER = process.memory().usage;
turn = 0; spent = 0; frames = 0; frameTime = 0;
`;

const after = (turns: number) => `
LOADED = process.memory().usage;
tagma.read = reading;
run(10);
answer = "0123456789";
EARLY = process.memory().usage;
run(${turns - 10});
answer = "0123456789";
LATE = process.memory().usage;
print("@@" + JSON.stringify({ version: process.env.VERSION,
  empty: EMPTY, driver: DRIVER, loaded: LOADED, early: EARLY, late: LATE,
  cycleUs: spent / ${turns}, frameUs: frameTime / frames, wrong: wrong,
  beaconUs: [].slice.call(beacons).map(function (x) { return x / ${turns}; }),
  order: tagma.order, vector: tagma.vector }) + "@@");
`;

/**
 * @param path of the interpreter
 * @param turns how many cycles are run; the recorded ones again and again
 */
export const runOnEspruino = async (
  path: string, network: Network, board: number, recording: Recording, turns: number,
): Promise<Measured> => {
  const folder = mkdtempSync(join(tmpdir(), "tagma-espruino-"));
  try {
    const readings = readingsOf(recording, board);
    // Serial1 is built in; the bundle is handed another UART under that name.
    const text = await bundle(network, network.boards[board]!);
    const wrapped = `(function(${network.boards[board]!.port}){${text}\n})(uart);`;
    // On a shared wire there is a beacon for each board that speaks.
    const beacons = network.rounds * (network.wiring ? network.boards.length : 1);
    const before = madeUpProvision(network, network.boards[board]!) +
      driver(recording, readings, beacons, pinsIn(text));
    const script = before + wrapped + after(turns);
    // What it stores lies where it runs.
    writeFileSync(join(folder, "run.js"), script);
    const { stdout } = spawnSync(
      path, ["run.js"], { cwd: folder, input: "", encoding: "latin1", timeout: 300_000 });
    const match = /@@(.*)@@/s.exec(stdout);
    if (!match) throw new Error(`Espruino said: ${stdout.slice(-2000)}`);
    return JSON.parse(match[1]!) as Measured;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
