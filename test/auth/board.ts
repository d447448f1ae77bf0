import { signatureLayout, treeNumbers } from "../../firmware/auth/lms/sets.js";
import type { SignatureLayout, SignatureShape, TreeSet } from "../../firmware/auth/lms/sets.js";
import { createSigner } from "../../firmware/auth/lms/signer.js";
import type { Signer } from "../../firmware/auth/lms/signer.js";
import type { Slots } from "../../firmware/auth/lms/store.js";
import { checksum } from "../../firmware/index.js";

/** What the tests of signatures have in common: sets, keys, stores, and a board of its own. */

/** `TAGMA_LONG=1` takes minutes: large trees too, and more of what is random. */
export const LONG = process.env["TAGMA_LONG"] === "1";

export const HASHES = [24, 32];
export const HEIGHTS = [5, 10, 15];
export const WIDTHS = [1, 2, 4, 8];

export const treeSet = (hashBytes: number, height: number, width: number): TreeSet => ({
  lms: `LMS_SHA256_M${hashBytes}_H${height}`, ots: `LMOTS_SHA256_N${hashBytes}_W${width}`,
});

export const randomBytes = (random: () => number, length: number): Uint8Array =>
  Uint8Array.from({ length }, () => random() & 255);

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
export const unhex = (text: string | readonly string[]): Uint8Array =>
  new Uint8Array(Buffer.from(typeof text === "string" ? text : text.join(""), "hex"));

/** What a store holds that reserves the leaves before `bound` of the key named `name` (I). */
export const recordOf = (name: Uint8Array, bound: number): Uint8Array => {
  const bytes = new Uint8Array(24);
  const view = new DataView(bytes.buffer);
  bytes.set(name.subarray(0, 16));
  view.setUint32(16, bound);
  view.setUint32(20, checksum(bytes, 0, 20));
  return bytes.slice(16);
};

/** A store that keeps what is written, and never fails. */
export const memorySlots = (places: (Uint8Array | undefined)[]): Slots => ({
  read: (slot) => places[slot],
  write(slot, bytes) {
    places[slot] = bytes.slice();
  },
});

export const freshSlots = (key: Uint8Array, bound = 0): Slots =>
  memorySlots([recordOf(key, bound), recordOf(key, bound)]);

export interface Board {
  readonly layout: SignatureLayout;
  readonly arena: Uint8Array;
  readonly signer: Signer;
  /** Where the message and the signature lie. */
  readonly text: number;
  readonly at: number;
  /** @returns a copy of the signature, or undefined where the board is silent */
  readonly sign: (cycle: number, message: Uint8Array) => Uint8Array | undefined;
  readonly verify: (board: number, message: Uint8Array, signature: Uint8Array) => boolean;
}

export interface Own {
  readonly keys: readonly Uint8Array[];
  readonly seed: Uint8Array;
  readonly slots?: Slots;
  readonly crown?: Uint8Array;
  readonly self?: number;
}

/** A board whose arena begins with what is not the signatures'. */
export const createBoard = (shape: SignatureShape, own: Own): Board => {
  const before = 40;
  const self = own.self ?? 0;
  const layout = signatureLayout(shape, self, before);
  const text = layout.signatureEnd;
  const at = text + shape.messageBytes;
  const arena = new Uint8Array(at + layout.signatureBytes + 100);
  const n = layout.hashBytes;
  const signer = createSigner(layout, arena, new DataView(arena.buffer), {
    keys: own.keys.flatMap((key) => [...key]),
    seed: own.seed,
    slots: own.slots ?? freshSlots(own.keys[self]!),
    crown: (node) => own.crown!.subarray(node * n, (node + 1) * n),
  });
  return {
    layout, arena, signer, text, at,
    sign(cycle, message) {
      arena.set(message, text);
      const length = signer.sign(cycle, text, at);
      return length ? arena.slice(at, at + length) : undefined;
    },
    verify(board, message, signature) {
      arena.set(message, text);
      arena.set(signature, at);
      return signer.verify(board, text, at, at + signature.length);
    },
  };
};

/** A key of all zeros, for boards that only verify, or never get so far. */
export const noKey = (set: TreeSet): Uint8Array =>
  new Uint8Array(16 + treeNumbers(set)!.hashBytes);

export const shapeOf = (
  trees: readonly TreeSet[], messageBytes = 10, more: Partial<SignatureShape> = {},
): SignatureShape => ({ boards: 1, trees, messageBytes, firstCycle: 0, reserve: 8, ...more });
