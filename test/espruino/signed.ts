import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checksum } from "../../firmware/platform/host.js";
import { pinsIn } from "../../host/boards/dialect-setup.js";
import { bundle } from "../../host/bundle/bundle.js";
import type { Troubles } from "../../host/faults/asked.js";
import { madeUpProvision } from "../../host/keys/provision.js";
import type { Network } from "../../host/network/network.js";
import { record } from "./drive.js";

/**
 * Runs a bundle that signs on Espruino itself. No cycle can be run twice, so what is heard is read
 * from a file a cycle, as much at a time as a UART would bring; of what must be said there is a
 * checksum.
 */

/** Bytes of a chunk. */
const CHUNK = 64;
/** Milliseconds that a run may take, and a cycle of it: with others at work, ten times as long. */
const [PATIENCE_MS, CYCLE_MS] = [300_000, 10_000];

export interface MeasuredSigned {
  /** Blocks in use besides the driver's: after 10 cycles, and at the end. */
  readonly early: number;
  readonly late: number;
  /** How many blocks there are. */
  readonly total: number;
  /** Milliseconds: to start, which makes a tile; then of each beacon of a cycle, the mean. */
  readonly startMs: number;
  readonly beaconMs: readonly number[];
  /** Answers that were not as recorded. */
  readonly wrong: number;
  readonly state: number;
  readonly left: number;
  readonly failed: number;
  readonly vector: unknown;
}

const driver = (header: number, beacons: number, cycles: number) => `
var fs = require("fs"), lengths;
var listener, wrong = 0, sums, file, part = "", reading = 1, i = 0, n = 0, rest = 0, said = 0;
var beacon = 0, isBeacon = 1, t = 1.5, d = 1.5, EARLY = 0, LATE = 0, DRIVER = 0, START = 1.5;
var SPARE, spent = new Float64Array(${beacons});
var uart = { setup: function () {}, on: function (e, f) { listener = f; },
  write: function (b) { if (E.CRC32(b) !== sums[said]) wrong++; said++; } };
function clear() { part = ""; sums = undefined; lengths = undefined;
  file = undefined; beacon = 0; i = 0; said = 0; }
function cycle() {
  clear();
  part = JSON.parse(fs.readFileSync("expected" + n)); reading = part.reading; sums = part.sums;
  lengths = part.lengths;
  file = E.openFile("heard" + n, "r");
  for (i = 0; i < lengths.length; i++) {
    for (rest = lengths[i]; rest; rest -= part.length) {
      part = file.read(rest < ${CHUNK} ? rest : ${CHUNK});
      if (rest === lengths[i]) isBeacon = (part.charCodeAt(${header}) & 31) == 31;
      t = getTime(); listener(part); d = (getTime() - t) * 1e3;
      if (isBeacon) spent[beacon] += d;
    }
    if (isBeacon) beacon++;
  }
  file.close();
  if (said !== sums.length) wrong++;
  clear();
}
function run() {
  for (n = 0; n < ${cycles}; n++) {
    cycle();
    if (n == 9) EARLY = process.memory().usage;
  }
  LATE = process.memory().usage;
}
DRIVER = process.memory().usage;
START = getTime();
`;

const after = (cycles: number, spare: number | undefined) => `
START = (getTime() - START) * 1e3;
tagma.read = function () { return reading === null ? undefined : reading; };
${spare === undefined ? "" : `
SPARE = [];
while (process.memory().free > ${spare} + 40) SPARE.push(new Uint8Array(27));
DRIVER += E.getSizeOf(SPARE);`}
run();
print("@@" + JSON.stringify({ early: EARLY - DRIVER, late: LATE - DRIVER, startMs: START,
  total: process.memory().total,
  beaconMs: [].slice.call(spent).map(function (x) { return x / ${cycles}; }), wrong: wrong,
  state: tagma.signer.state(), left: tagma.signer.left(), failed: tagma.counts[11],
  vector: tagma.vector }) + "@@");
`;

/**
 * Runs the first `cycles` cycles of a new key.
 *
 * @param spare how many blocks are free while it runs; what else there is, is taken before
 */
export const signOnBoard = async (
  path: string, network: Network, board: number, cycles: number, spare?: number,
  troubles?: Troubles,
): Promise<MeasuredSigned & { readonly expected: unknown }> => {
  const folder = mkdtempSync(join(tmpdir(), "tagma-signed-"));
  try {
    const { chunks, answers, cycles: told } = await record(
      network, board, cycles, troubles);
    chunks.forEach((list, cycle) => {
      writeFileSync(join(folder, `heard${cycle}`), Buffer.concat(list));
      writeFileSync(join(folder, `expected${cycle}`), JSON.stringify({
        reading: told[cycle]!.inputs[board] ?? null,
        lengths: list.map(({ length }) => length),
        sums: answers[cycle]!.map((bytes) => checksum(bytes, 0, bytes.length) >>> 0),
      }));
    });
    const one = network.boards[board]!;
    const text = await bundle(network, one);
    const { word } = one.layout;
    const script = madeUpProvision(network, one) + pinsIn(text) +
      driver(2 * word, network.rounds + 1, cycles) +
      `(function(${one.port}){${text}\n})(uart);${after(cycles, spare)}`;
    writeFileSync(join(folder, "run.js"), script);
    const { stdout } = spawnSync(path, ["run.js"], {
      cwd: folder, input: "", encoding: "latin1", timeout: PATIENCE_MS + CYCLE_MS * cycles,
    });
    const match = /@@(.*)@@/s.exec(stdout);
    if (!match) throw new Error(`Espruino said: ${stdout.slice(-2000)}`);
    return {
      ...JSON.parse(match[1]!) as MeasuredSigned, expected: told.at(-1)!.vectors[board],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
