import { sha256 } from "@noble/hashes/sha2.js";
import { IDENTIFIER_BYTES, TILE_HEIGHT, treeNumbers } from "../../firmware/auth/lms/sets.js";
import { checksum } from "../../firmware/index.js";
import type { Signing } from "../network/signatures.js";
import { plantTree } from "./tree.js";
import type { Growing } from "./tree.js";

/** The keys of a network's boards. */
export interface BoardKeys {
  /** I and the root: anybody may know it. */
  readonly key: Uint8Array;
  /** What is above the tiles of its upper tree: anybody may know it. */
  readonly crown: Uint8Array;
  /** The only secret. */
  readonly seed: Uint8Array;
}

/**
 * @param random as many bytes as asked for
 * @returns what becomes one board's keys, and gives them once it is whole
 */
export const plantKeys = (
  { shape }: Signing, random: (bytes: number) => Uint8Array,
): Pick<Growing, "grow" | "share"> & { readonly keys: () => BoardKeys } => {
  const [upper] = shape.trees;
  const seed = random(treeNumbers(upper!)!.hashBytes);
  const { grow, share, tree } = plantTree(upper!, random(IDENTIFIER_BYTES), seed);
  return { grow, share, keys: () => ({ ...tree(), seed }) };
};

/** One board's keys at once. */
export const createKeys = (
  signing: Signing, random: (bytes: number) => Uint8Array,
): BoardKeys => {
  const planted = plantKeys(signing, random);
  planted.grow(Infinity);
  return planted.keys();
};

/** What one board is given: all boards' keys, and of the rest its own. */
export interface OwnKeys {
  /** I and the root of each board. */
  readonly keys: readonly Uint8Array[];
  readonly crown: Uint8Array;
  /** The only secret. */
  readonly seed: Uint8Array;
}

export const ownKeys = (all: readonly BoardKeys[], board: number): OwnKeys => {
  const { crown, seed } = all[board]!;
  return { keys: all.map(({ key }) => key), crown, seed };
};

/** As long as a board's keys, and all zeros: for telling sizes without growing a tree. */
export const blankKeys = ({ shape }: Signing): OwnKeys => {
  const { hashBytes, height } = treeNumbers(shape.trees[0]!)!;
  const key = new Uint8Array(IDENTIFIER_BYTES + hashBytes);
  return {
    keys: Array.from({ length: shape.boards }, () => key), seed: new Uint8Array(hashBytes),
    crown: new Uint8Array(hashBytes << (height + 1 - TILE_HEIGHT)),
  };
};

const made = new Map<string, readonly BoardKeys[]>();

const labelOf = ({ shape: { boards, trees } }: Signing): string =>
  JSON.stringify([boards, trees[0]]);

/**
 * Keys for emulations, part by part, for trees that take minutes: once they are whole,
 * `madeUpKeys` has them.
 *
 * @returns how much of them there is, 0 to 1, after so many nodes more
 */
export const plantMadeUpKeys = (signing: Signing): ((nodes: number) => number) => {
  if (made.has(labelOf(signing))) return () => 1;
  const { boards } = signing.shape;
  const planted = Array.from({ length: boards }, (_, board) => {
    let drawn = 0;
    return plantKeys(signing, (bytes) =>
      sha256(new TextEncoder().encode(`made up ${board} ${drawn++}`)).slice(0, bytes));
  });
  return (nodes) => {
    const next = planted.find(({ share }) => share() < 1);
    next?.grow(nodes);
    const share = planted.reduce((sum, one) => sum + one.share(), 0) / boards;
    if (share < 1) return share;
    for (const { grow } of planted) grow(Infinity);
    made.set(labelOf(signing), planted.map(({ keys }) => keys()));
    return 1;
  };
};

/**
 * Keys for emulations: made up, the same for the same parameter sets and number of boards, and no
 * secret at all.
 */
export const madeUpKeys = (signing: Signing): readonly BoardKeys[] => {
  const label = labelOf(signing);
  if (!made.has(label)) {
    const grow = plantMadeUpKeys(signing);
    for (let share = 0; share < 1; share = grow(Infinity));
  }
  return made.get(label)!;
};

/** The files of `firmware/auth/lms/storage.ts`: two places, and the crown. */
export const FILES = ["tagma.0", "tagma.1", "tagma.2"] as const;

/** What a board's store holds before it has ever signed: twice, that no leaf is reserved. */
export const freshStore = (key: Uint8Array): Uint8Array[] => {
  const record = new Uint8Array(IDENTIFIER_BYTES + 8);
  const view = new DataView(record.buffer);
  record.set(key.subarray(0, IDENTIFIER_BYTES));
  view.setUint32(IDENTIFIER_BYTES + 4, checksum(record, 0, IDENTIFIER_BYTES + 4));
  return [0, 1].map(() => record.slice(IDENTIFIER_BYTES));
};
