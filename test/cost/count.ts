import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pinsIn } from "../../host/boards/dialect-setup.js";
import { bundle } from "../../host/bundle/bundle.js";
import { madeUpProvision } from "../../host/keys/provision.js";
import type { Network, Optimize } from "../../host/network/network.js";
import type { Readings } from "../../host/network/readings.js";
import { madeFor } from "../examples.js";
import { NO_PINS, quoted, readingsOf, record } from "../espruino/drive.js";
import type { Recording } from "../espruino/drive.js";
import { hashless } from "./hashless.js";

/**
 * What a cycle costs on a board: the instructions that Espruino's Linux build executes, as valgrind
 * counts them. The clock of a shared computer says nothing; this count is the same each time.
 */

interface Said {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script under callgrind. @throws Error where it does not end well, or in time */
const callgrind = async (espruino: string, folder: string): Promise<Said> =>
  new Promise((resolve, reject) => {
    execFile(
      "valgrind", ["--tool=callgrind", "--callgrind-out-file=/dev/null", espruino, "run.js"],
      { cwd: folder, encoding: "latin1", timeout: 1_800_000 },
      (error, stdout, stderr) => {
        if (error) reject(new Error(`callgrind: ${error.message}`));
        else resolve({ stdout, stderr });
      }).stdin?.end();
  });

/** Cycles: the second number minus the first is counted, so that nothing of the start is. */
const CYCLES = [2, 12] as const;
/**
 * A script that runs a bundle with what was recorded, for so many cycles.
 *
 * @param mark a statement before each chunk, and after the last
 */
export const scriptOf = (
  network: Network, board: number, text: string, recording: Recording, count: number,
  mark = "",
): string => `${madeUpProvision(network, network.boards[board]!)}
var listener, USB = { setConsole: function () {} }, Bluetooth = USB;
${NO_PINS}${pinsIn(text)}
var uart = { setup: function () {}, on: function (e, f) { listener = f; },
  setConsole: USB.setConsole, write: function () {} };
var readings = ${JSON.stringify(readingsOf(recording, board))};
var chunks = [${recording.chunks.map((list) => `[${list.map(quoted).join(",")}]`).join(",")}];
var now = 0;
(function(${network.boards[board]!.port}){${text}
})(uart);
tagma.read = function () { return readings[now]; };
function go(count) {
  var at, list;
  for (now = 0; now < count; now++) {
    list = chunks[now];
    for (at = 0; at < list.length; at++) ${
      mark ? `{${mark};listener(list[at])}` : "listener(list[at]);"}
  }
}
go(${count});
${mark};
print("@@" + tagma.cycle + "@@");
clearInterval();
quit();
`;

/**
 * @param script prints `@@` and the last cycle, and `@@`
 * @throws Error where the run was not counted, or did not close its cycles
 */
export const countedRun = async (
  espruino: string, script: string, last = 0,
): Promise<number> => {
  const folder = mkdtempSync(join(tmpdir(), "tagma-cost-"));
  try {
    writeFileSync(join(folder, "run.js"), script, "latin1");
    const { stdout, stderr } = await callgrind(espruino, folder);
    const [, counted] = /Collected : (\d+)/.exec(stderr) ?? [];
    const [, closed] = /@@(\d+)@@/.exec(stdout) ?? [];
    if (counted === undefined || Number(closed) !== last) {
      throw new Error(`not counted, the last cycle is ${closed}: ${stderr.slice(-500)}`);
    }
    return Number(counted);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

export interface Cost {
  readonly bytes: number;
  /** Instructions a cycle; of a network that signs, all but those of hashing. */
  readonly cycle: number;
}

/** @returns what a cycle costs the first board of a network, without faults */
export const costOf = async (
  espruino: string, network: Network, optimize: Optimize, readings?: Readings,
): Promise<Cost> => {
  const [few, many] = CYCLES;
  const recording = await record(network, 0, many, undefined, readings);
  const text = await bundle(madeFor(optimize, network), network.boards[0]!);
  const first = recording.cycles[0]!.cycle;
  const counted = network.signing ? hashless(text).text : text;
  const count = async (cycles: number) => countedRun(
    espruino, scriptOf(network, 0, counted, recording, cycles), first + cycles - 1);
  const cycle = Math.round((await count(many) - await count(few)) / (many - few));
  return { bytes: Buffer.byteLength(text), cycle };
};
