import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PLAIN } from "../../firmware/index.js";
import { emulate } from "../../host/emulate/emulate.js";
import type { CycleEvent, FrameEvent, TraceEvent } from "../../host/events/events.js";
import type { Board, Network } from "../../host/network/network.js";
import type { Readings } from "../../host/network/readings.js";
import { madeUp } from "../../host/network/readings.js";
import { parseTraitors } from "../../host/faults/troubles.js";
import { scriptOf } from "./count.js";

/**
 * What single beacons and frames make a board execute. A mark stands before each: callgrind writes
 * down what was executed since the mark before.
 */

/** Nothing else calls it, and on Linux it does nothing. */
const MARK = "E.getTemperature()";
const MARKED = "jshReadTemperature";
const HUB = 31;

/** One thing that a board was handed, what it is, and what it cost. */
export interface Counted {
  readonly kind: "beacon" | "poll" | "frame" | "piece";
  readonly cycle: number;
  /** That it opens; of a frame, in which it is. One more than the last: it closes the cycle. */
  readonly round: number;
  readonly closes: boolean;
  readonly bytes: number;
  /** Tries for the mask of its answer; 0: there is none. */
  readonly tries: number;
  /** Instructions, and calls of the native SHA-256. */
  readonly cost: number;
  readonly hashes: number;
}

type Heard = Omit<Counted, "cost" | "hashes">;

export interface Scenario {
  readonly cycles: number;
  readonly seed: number;
  /** BOARD=FAULT, as on the command line. */
  readonly traitors: readonly string[];
  readonly readings?: Readings;
  /** Each frame of a board comes in two pieces. */
  readonly cut?: boolean;
}

/** How many words were tried until one was found that stands for starts in a frame; 0: none. */
const triesIn = (bytes: Uint8Array, word: number): number =>
  (word > 1 ? (((bytes[2]! | (bytes[3]! << 8)) - PLAIN * 256) & 65535)
    : (bytes[1]! - PLAIN) & 255);

/** What a board hears in an emulation, in order, and what its plan says of each. */
const heardIn = (network: Network, board: Board, frames: readonly FrameEvent[]): Heard[] => {
  const { word } = board.layout;
  let open = 0;
  return frames.filter((frame) => frame.to === board.number && frame.fate !== "lost")
    .map((frame): Heard => {
      const { bytes, cycle } = frame;
      if (frame.from !== HUB) {
        return { kind: "frame", cycle, round: frame.round, closes: false, bytes: bytes.length,
          tries: 0 };
      }
      const spoken = frame.round;
      const again = spoken > 0 && spoken === open;
      const answer = frames.find((one) => one.from === board.number && one.to === HUB &&
        one.cycle === cycle && one.round === spoken && !one.lie);
      if (again) {
        return { kind: "poll", cycle, round: spoken, closes: false, bytes: bytes.length, tries: 0 };
      }
      const closes = spoken === 0 && open < network.rounds;
      const round = spoken || open + 1;
      open = spoken;
      const tries = answer ? triesIn(answer.bytes, word) : 0;
      return { kind: "beacon", cycle, round, closes, bytes: bytes.length, tries };
    });
};

interface Dump {
  readonly cost: number;
  readonly hashes: number;
}

const HASH = "gen_jswrap_crypto_SHA256";

const dumpIn = (text: string): Dump => {
  const [, cost] = /^summary: (\d+)/m.exec(text)!;
  const [, id] = new RegExp(`fn=\\((\\d+)\\) ${HASH}$`, "m").exec(text) ?? [];
  const calls = id === undefined ? []
    : [...text.matchAll(new RegExp(`^cfn=\\(${id}\\).*\\ncalls=(\\d+)`, "gm"))];
  return { cost: Number(cost), hashes: calls.reduce((sum, call) => sum + Number(call[1]), 0) };
};

/** Runs a script under callgrind. @returns what was executed between marks. */
const dumpsOf = async (espruino: string, script: string): Promise<Dump[]> => {
  const folder = mkdtempSync(join(tmpdir(), "tagma-events-"));
  try {
    writeFileSync(join(folder, "run.js"), script, "latin1");
    const child = spawn("valgrind", [
      "--tool=callgrind", "--callgrind-out-file=cg", `--dump-before=${MARKED}`, espruino, "run.js",
    ], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => { said += String(chunk); });
    child.stderr.resume();
    const [code] = await once(child, "exit") as [number];
    if (code !== 0 || !said.includes("@@")) throw new Error(`Espruino said: ${said.slice(-500)}`);
    return readdirSync(folder).filter((name) => name.startsWith("cg."))
      .toSorted((one, other) => Number(one.slice(3)) - Number(other.slice(3)))
      .map((name) => dumpIn(readFileSync(join(folder, name), "latin1")));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** @returns what each beacon and frame of a run made one board execute */
export const countedIn = async (
  espruino: string, network: Network, board: Board, text: string, scenario: Scenario,
): Promise<Counted[]> => {
  const frames: FrameEvent[] = [];
  const cycles: CycleEvent[] = [];
  const { cycles: count, seed, traitors, readings = madeUp(network, seed) } = scenario;
  await emulate({
    network, cycles: count, seed, readings, engine: "native", transport: "memory",
    troubles: { lines: [], traitors: parseTraitors(network, traitors) },
    tracer: (event: TraceEvent) => {
      if (event.e === "frame") frames.push(event);
      if (event.e === "cycle") cycles.push(event);
    },
  });
  const { cut } = scenario;
  const heard = heardIn(network, board, frames).flatMap((one): Heard[] => {
    const bytes = one.bytes >> 1;
    return cut && one.kind === "frame" ? [{ ...one, kind: "piece", bytes }, one] : [one];
  });
  const chunks = frames.filter((one) => one.to === board.number && one.fate !== "lost");
  const lists = Array.from({ length: count }, (_, cycle) =>
    chunks.filter((one) => one.cycle === cycle).flatMap(({ bytes, from }) => {
      const half = bytes.length >> 1;
      return cut && from !== HUB ? [bytes.subarray(0, half), bytes.subarray(half)] : [bytes];
    }));
  const script = scriptOf(
    network, board.number, text, { chunks: lists, answers: [], cycles }, count, MARK);
  const [, ...costs] = await dumpsOf(espruino, script);
  if (costs.length !== heard.length) {
    throw new Error(`${costs.length} were counted of ${heard.length}`);
  }
  return heard.map((one, at) => ({ ...one, ...costs[at]! }));
};
