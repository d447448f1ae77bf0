import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checksum } from "../../firmware/platform/host.js";
import { pinsIn } from "../../host/boards/dialect-setup.js";
import { madeUpProvision } from "../../host/keys/provision.js";
import type { Board, Network } from "../../host/network/network.js";
import { NO_PINS, readingsOf } from "./drive.js";
import type { Recording } from "./drive.js";

/**
 * Runs a bundle on Espruino itself with all that was recorded as one stream of bytes, cut as the
 * caller says. Of what must be said there is a checksum for each frame.
 */

export interface Heard {
  /** How many frames it sent, how many it had to send, and how many were others. */
  readonly said: number;
  readonly due: number;
  readonly wrong: number;
  /** The cycle that was closed last, and what was counted. */
  readonly cycle: number;
  readonly counts: readonly number[];
}

const driver = (recording: Recording, board: number, first: number, lengths: readonly number[]) => {
  const sums = recording.answers.flat().map((bytes) => checksum(bytes, 0, bytes.length) >>> 0);
  const readings = readingsOf(recording, board);
  return `
var USB = { setConsole: function () {} }, Bluetooth = USB;
var listener, said = 0, wrong = 0, at = 0;
var sums = ${JSON.stringify(sums)}, lengths = ${JSON.stringify(lengths)};
var readings = ${JSON.stringify(readings)};
${NO_PINS}var uart = { setup: function () {}, on: function (e, f) { listener = f; },
  setConsole: USB.setConsole,
  write: function (b) { if (E.CRC32(b) !== sums[said]) wrong++; said++; } };
function reading() {
  var x = readings[tagma.cycle < 0 ? 0 : tagma.cycle + 1 - ${first}];
  if (x === null) return undefined;
  return x && x.length ? new Uint8Array(x) : x;
}
`;
};

const AFTER = `
tagma.read = reading;
var file = E.openFile("heard", "r");
for (at = 0; at < lengths.length; at++) listener(file.read(lengths[at]));
print("@@" + JSON.stringify({ said: said, due: sums.length, wrong: wrong, cycle: tagma.cycle,
  counts: [].slice.call(tagma.counts) }) + "@@");
clearInterval();
quit();
`;

/**
 * @param path of the interpreter
 * @param text the board's bundle
 * @param cut how long the chunk is that begins in that cycle of the recording
 */
export const hearOnEspruino = (
  path: string, network: Network, board: Board, text: string, recording: Recording,
  cut: (cycle: number) => number,
): Heard => {
  const folder = mkdtempSync(join(tmpdir(), "tagma-stream-"));
  try {
    const all = Buffer.concat(recording.chunks.flat());
    const lengths: number[] = [];
    let [at, end] = [0, 0];
    recording.chunks.forEach((list, cycle) => {
      for (const { length } of list) end += length;
      for (let length; at < end; at += length) {
        length = Math.min(cut(cycle), all.length - at);
        lengths.push(length);
      }
    });
    writeFileSync(join(folder, "heard"), all);
    const first = network.file.first_cycle ?? 0;
    writeFileSync(join(folder, "run.js"), madeUpProvision(network, board) +
      pinsIn(text) + driver(recording, board.number, first, lengths) +
      `(function(${board.port}){${text}\n})(uart);${AFTER}`, "latin1");
    const { stdout } = spawnSync(
      path, ["run.js"], { cwd: folder, input: "", encoding: "latin1", timeout: 500_000 });
    const match = /@@(.*)@@/s.exec(stdout);
    if (!match) throw new Error(`Espruino said: ${stdout.slice(-2000)}`);
    return JSON.parse(match[1]!) as Heard;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
