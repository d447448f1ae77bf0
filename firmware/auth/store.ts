import { checksum, move } from "../native.js";
import type { SignatureLimits } from "./sets.js";

/**
 * Two places that outlast a loss of power. Neither function throws; a write may fail, or be cut off
 * at any byte.
 */
export interface Slots {
  /** @returns what is in place 0 or 1, or undefined where there is nothing */
  read(slot: number): ArrayLike<number> | undefined;
  write(slot: number, bytes: Uint8Array): void;
}

export interface Store {
  /** Leaves from here on were never reserved, as far as is known at start; -1: nothing is known. */
  readonly fresh: number;
  /** Leaves before this one, and not before `fresh`, are reserved for this run. */
  bound: number;
  /** Reserves leaves up to `bound`, without it; where it cannot, `Store.bound` is what it was. */
  reserve(bound: number): void;
}

/** A record: the bound, and a checksum over I and the bound. */
const RECORD_BYTES = 8;

/**
 * AUTH.5: what is reserved is written to both places, one after the other, and read back, before a
 * leaf of it is used. So after a cut at any moment at least one place is whole, and the higher
 * bound covers whatever was used.
 */
export const createStore = (limits: SignatureLimits, arena: Uint8Array, slots: Slots): Store => {
  const { keys, self, keyBytes, record } = limits;
  const view = new DataView(arena.buffer);
  const fields = record + 16;
  const end = fields + RECORD_BYTES;
  const bytes = arena.subarray(fields, end);
  const named = keys + self * keyBytes + 8;
  move(arena, record, named, named + 16);

  // The bound in a place, or -1.
  const read = (slot: number) => {
    const found = slots.read(slot);
    if (!found || found.length !== RECORD_BYTES) return -1;
    arena.set(found, fields);
    return (checksum(arena, record, end - 4) ^ view.getUint32(end - 4)) ? -1 : view.getUint32(fields);
  };

  const one = read(0);
  const other = read(1);
  const store: Store = {
    fresh: one > other ? one : other,
    bound: -1,
    reserve(bound) {
      for (let slot = 0; slot < 2; slot++) {
        view.setUint32(fields, bound);
        view.setUint32(end - 4, checksum(arena, record, end - 4));
        slots.write(slot, bytes);
        if (read(slot) !== bound) return;
      }
      store.bound = bound;
    },
  };
  return store;
};
