import { ed25519 } from "@noble/curves/ed25519.js";
import { measure } from "mitata";
import type { TreeSet } from "../../firmware/auth/lms/sets.js";
import { growTree } from "../../host/keys/tree.js";
import { createBoard, freshSlots, randomBytes, shapeOf, treeSet } from "../auth/board.js";
import { createRandom } from "../core/random.js";
import { createTimed } from "./quickjs.js";

/**
 * Signatures by parameter set: bytes, hashes to make and to check one, and how many a second this
 * machine makes and checks, in Node and in QuickJS, an interpreter. Beside them, in the same run,
 * Ed25519 of @noble/curves in Node. What a board does between cycles, the next leaf, is not in it.
 */

const MESSAGE_BYTES = 10;

const perSecond = async (run: () => void): Promise<number> => {
  const { avg } = await measure(run, { min_cpu_time: 3e8 });
  return 1e9 / avg;
};

const line = (...cells: (string | number)[]) => {
  const [name, ...others] = cells.map((cell) =>
    typeof cell === "number" ? Math.round(cell).toLocaleString("en") : cell);
  console.log(name!.padEnd(30), ...others.map((cell) => cell.padStart(9)));
};

/** What is signed here: it changes nothing but which digits there are. */
const message = Uint8Array.from({ length: MESSAGE_BYTES }, (_, at) => at);

const inQuickJs = await createTimed();

const row = async (name: string, trees: readonly TreeSet[]) => {
  const random = createRandom(1);
  const n = name.includes("N24") ? 24 : 32;
  const seed = randomBytes(random, n);
  const { key, crown } = growTree(trees[0]!, randomBytes(random, 16), seed);
  const create = () => {
    const board = createBoard(shapeOf(trees, MESSAGE_BYTES, { reserve: 32 }), {
      keys: [key], seed, crown, slots: freshSlots(key),
    });
    board.signer.prepare(-1);
    return board;
  };
  let board = create();
  const { layout } = board;
  board.arena.set(message, board.text);
  // The means over all digits. Two of the hashes of a chain's leaf are no step of a chain.
  const steps = layout.chains.reduce(
    (sum, chains, tree) => sum + (chains * ((1 << layout.digitBits[tree]!) - 1)) / 2, 0);
  const heights = layout.heights.reduce((sum, height) => sum + height, 0);
  const last = layout.trees - 1;
  const leaf = layout.chains[last]! * (1 << layout.digitBits[last]!) + 2;
  const own = layout.chains[last]! * (1 + ((1 << layout.digitBits[last]!) - 1) / 2) + 2;
  let cycle = 0;
  let [spent, signed] = [0, 0];
  // A short tree is soon used up; the time of a new board is not counted.
  for (const began = performance.now(); performance.now() - began < 700; cycle++) {
    if (cycle === layout.leaves) {
      board = create();
      board.arena.set(message, board.text);
      cycle = 0;
    }
    const start = performance.now();
    if (!board.signer.sign(cycle, board.text, board.at)) throw new Error("a silent board");
    spent += performance.now() - start;
    signed++;
    board.signer.prepare(cycle);
  }
  const end = board.at + layout.signatureBytes;
  const checked = await perSecond(() => {
    if (!board.signer.verify(0, board.text, board.at, end)) throw new Error("a bad signature");
  });
  const slow = await inQuickJs({ trees, key, seed, crown, messageBytes: MESSAGE_BYTES });
  line(
    name, layout.signatureBytes, layout.signatureEnd, own, leaf,
    steps + 3 * layout.trees + heights, (signed / spent) * 1e3, checked,
    slow.made.toFixed(1), slow.checked.toFixed(1),
  );
};

line("set", "bytes", "arena", "to make", "a leaf", "to check", "made/s", "checked/s", "quickjs",
  "quickjs");
for (const n of [24, 32]) {
  for (const w of [1, 2, 4, 8]) await row(`N${n} W${w} H5`, [treeSet(n, 5, w)]);
}
await row("N24 W4 H10", [treeSet(24, 10, 4)]);
await row("N24 W4 H10 over N24 W4 H5", [treeSet(24, 10, 4), treeSet(24, 5, 4)]);

/** What a computer would sign with, for comparison: no board has the arithmetic. */
const edwards = async () => {
  const { secretKey, publicKey } = ed25519.keygen(randomBytes(createRandom(1), 32));
  const signature = ed25519.sign(message, secretKey);
  const made = await perSecond(() => {
    ed25519.sign(message, secretKey);
  });
  const checked = await perSecond(() => {
    if (!ed25519.verify(signature, message, publicKey)) throw new Error("a bad signature");
  });
  line("Ed25519 (@noble/curves)", signature.length, "-", "-", "-", "-", made, checked, "-", "-");
};
await edwards();
