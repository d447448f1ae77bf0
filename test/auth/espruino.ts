import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TreeSet } from "../../firmware/auth/lms/sets.js";
import { growTree } from "../../host/keys/tree.js";
import { createRandom } from "../core/random.js";
import { createBoard, freshSlots, hex, randomBytes, recordOf, shapeOf, treeSet } from "./board.js";
import { smallBundle } from "./bundle.js";

/** Signs and checks on Espruino itself, its Linux build, with a store in its memory. */

const MESSAGE_BYTES = 10;

export interface Measured {
  /** The signatures, and those that the firmware makes here. */
  readonly made: readonly string[];
  readonly expected: readonly string[];
  /** How many checked, with the message and without; and how long they are. */
  readonly good: number;
  readonly bad: number;
  readonly bytes: number;
  readonly arena: number;
  /** Bytes of the bundle, and the blocks of memory that all of it takes. */
  readonly bundle: number;
  readonly blocks: number;
  /** Blocks of the arena alone. */
  readonly arenaBlocks: number;
  /** How many more blocks there are in use at the end than after the first cycle. */
  readonly growth: number;
  /** Milliseconds: to make a signature, to check one, a leaf of the next tile, the first tile. */
  readonly makeMs: number;
  readonly checkMs: number;
  readonly leafMs: number;
  readonly tileMs: number;
}

const entry = (bytes: (part: string) => string) => `
import { createSigner } from "./auth/lms/signer.js";
var arena = new Uint8Array(layout.signatureEnd + ${MESSAGE_BYTES} + layout.signatureBytes);
var places = [${bytes("record")}, ${bytes("record")}];
var signer = createSigner(layout, arena, new DataView(arena.buffer), {
  keys: ${bytes("key")},
  seed: ${bytes("seed")},
  slots: {
    read: function (slot) { return places[slot]; },
    write: function (slot, bytes) { places[slot] = new Uint8Array(bytes); },
  },
  crown: function (node) {
    return new Uint8Array(${bytes("crown")}.buffer, node * layout.hashBytes, layout.hashBytes);
  },
});
global.board = {
  arena: arena, text: layout.signatureEnd, bytes: layout.signatureBytes,
  go: [
    function (cycle, text, at) { return signer.sign(cycle, text, at); },
    function (board, text, at, end) { return signer.verify(board, text, at, end); },
    function (cycle) { signer.prepare(cycle); },
  ],
};`;

const driver = (first: number, cycles: number) => `
var a = board.arena, ARENA = E.getSizeOf(a), text = board.text, at = text + ${MESSAGE_BYTES};
var made = [], good = 0, bad = 0, t, times = new Float64Array(3), tile, early = 0, late = 0;
var r, h, i;
t = getTime(); board.go[2](${first - 1}); tile = getTime() - t;
late = 1e6; early = 1e6; t = getTime(); r = 1e6; h = ""; i = 1e6;
for (var c = ${first}; c < ${first + cycles}; c++) {
  for (i = 0; i < ${MESSAGE_BYTES}; i++) a[text + i] = c + i;
  t = getTime(); r = board.go[0](c, text, at); times[0] += getTime() - t;
  t = getTime(); good += board.go[1](0, text, at, at + r) ? 1 : 0; times[1] += getTime() - t;
  a[text]++; bad += board.go[1](0, text, at, at + r) ? 1 : 0;
  t = getTime(); board.go[2](c); times[2] += getTime() - t;
  if (c - ${first} < 2) {
    h = "";
    for (i = 0; i < r; i++) h += (a[at + i] + 256).toString(16).substr(1);
    print("@S" + h + "S@");
    h = "";
  }
  if (c === ${first}) early = process.memory().usage;
}
late = process.memory().usage;
print("@@" + JSON.stringify({ good: good, bad: bad, blocks: LOADED - EMPTY, arenaBlocks: ARENA,
  growth: late - early, tileMs: tile * 1000, makeMs: times[0] / ${cycles} * 1000,
  checkMs: times[1] / ${cycles} * 1000, leafMs: times[2] / ${cycles} * 1000 }) + "@@");
`;

/** @returns what the interpreter prints between two signs, running `script` */
const run = (path: string, script: string): { text: string; all: string } => {
  const folder = mkdtempSync(join(tmpdir(), "tagma-signatures-"));
  try {
    const file = join(folder, "run.js");
    writeFileSync(file, script);
    const { stdout } = spawnSync(path, [file], { input: "", encoding: "latin1", timeout: 120_000 });
    const match = /@@(.*)@@/s.exec(stdout);
    if (!match) throw new Error(`Espruino said: ${stdout.slice(-2000)}`);
    return { text: match[1]!, all: stdout };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Signs and checks in `cycles` cycles from `first` on, with the interpreter's own SHA-256. */
export const signOnEspruino = async (
  path: string, trees: readonly TreeSet[], first: number, cycles: number,
): Promise<Measured> => {
  const random = createRandom(1);
  const n = trees[0]!.lms.includes("M24") ? 24 : 32;
  const seed = randomBytes(random, n);
  const { key, crown } = growTree(trees[0]!, randomBytes(random, 16), seed);
  const shape = shapeOf(trees, MESSAGE_BYTES, { reserve: 32 });
  const parts: Record<string, Uint8Array> = { key, seed, crown, record: recordOf(key, first) };
  const bytes = (part: string) => `new Uint8Array([${[...parts[part]!].join(",")}])`;
  const bundle = await smallBundle(shape, entry(bytes), true);
  const { text, all } = run(
    path, `var EMPTY = process.memory().usage;\n${bundle}\nvar LOADED = process.memory().usage;` +
      driver(first, cycles),
  );
  const board = createBoard(shape, { keys: [key], seed, crown, slots: freshSlots(key, first) });
  board.signer.prepare(first - 1);
  const expected = [0, 1].map((turn) => {
    const message = Uint8Array.from({ length: MESSAGE_BYTES }, (_, at) => first + turn + at);
    const signature = board.sign(first + turn, message)!;
    board.signer.prepare(first + turn);
    return hex(signature);
  });
  return {
    ...JSON.parse(text) as Measured, expected,
    made: [...all.matchAll(/@S([0-9a-f]*)S@/g)].map(([, made]) => made!),
    bytes: board.layout.signatureBytes, arena: board.layout.signatureEnd, bundle: bundle.length,
  };
};

/** Hashes 0, 1, 2 .. of these lengths with the firmware's own SHA-256. */
export const hashOnEspruino = async (
  path: string, lengths: readonly number[],
): Promise<{ digests: string[]; microseconds: number }> => {
  const bundle = await smallBundle(shapeOf([treeSet(24, 5, 4)]), `
import { hash } from "./platform/hash-host.js";
global.hash = function (bytes, from, end, at) { hash(bytes, from, end, at); };`, false);
  const { text } = run(path, `${bundle}
var a = new Uint8Array(300), digests = [], h, t;
${JSON.stringify(lengths)}.forEach(function (length) {
  for (var i = 0; i < length; i++) a[i] = i;
  t = getTime(); hash(a, 0, length, length); if (length == 47) h = getTime() - t;
  var s = "";
  for (i = 0; i < 32; i++) s += (a[length + i] + 256).toString(16).substr(1);
  digests.push(s);
});
print("@@" + JSON.stringify({ digests: digests, microseconds: Math.round(h * 1e6) }) + "@@");
`);
  return JSON.parse(text) as { digests: string[]; microseconds: number };
};
