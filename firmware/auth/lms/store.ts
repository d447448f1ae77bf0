import { checksum, move } from "../../platform/host.js";
import type { SignatureLayout } from "./sets.js";

/**
 * Two places that outlast a loss of power. Neither function throws; a write may fail, or be cut off
 * at any byte.
 */
export interface Slots {
  /** @returns what is in place 0 or 1, or undefined where there is nothing */
  readonly read: (slot: number) => ArrayLike<number> | undefined;
  readonly write: (slot: number, bytes: Uint8Array) => void;
}

/** All is well; */
export const READY = 0;
/** nothing that was stored is whole, or it is of another key: the board never signs; */
export const LOST = 1;
/** the store does not keep what is written: the board does not sign until it does; */
export const UNKEPT = 2;
/** leaves of coming cycles may have been used: the board does not sign until they are over; */
export const USED = 3;
/** no leaf is left: the board never signs again. */
export const EXHAUSTED = 4;

/** Which leaves may sign: each at most once, whatever happens to the power. */
export interface LeafLedger {
  /** READY, LOST, UNKEPT, USED or EXHAUSTED, as of the last `pass()`. */
  status: number;
  /** How many leaves are left. */
  rest: number;
  /** No leaf before this one may sign: it may have; -1: nothing is known. */
  lowest: number;
  /** @returns whether leaf `leaf` may sign now, and then never again */
  readonly take: (leaf: number) => boolean;
  /**
   * Gives up the leaves before `next`, and reserves the first of the others.
   *
   * @returns whether there may be one to be used
   */
  readonly pass: (next: number) => boolean;
}

/** A record: a bound, and a checksum over I and the bound. */
const RECORD_BYTES = 8;

/**
 * The leaves before a bound are reserved: it is written to both places, one after the other, and
 * read back, before the first of them is used. So after a cut at any moment one place is whole, and
 * the higher bound covers whatever was used. After a start, none that was reserved before is used.
 *
 * @param view the bytes of `arena`
 */
export const createLeafLedger = (
  layout: SignatureLayout, arena: Uint8Array, view: DataView, slots: Slots,
): LeafLedger => {
  const { keys, self, keyBytes, record, leaves } = layout;
  const fields = record + 16;
  const end = fields + RECORD_BYTES;
  const bytes = arena.subarray(fields, end);
  const name = keys + self * keyBytes;
  move(arena, record, name, name + 16);

  const sum = () => checksum(arena, record, end - 4);

  // The bound in a place, or -1.
  const read = (slot: number) => {
    const found = slots.read(slot);
    if (!found || found.length !== RECORD_BYTES) return -1;
    arena.set(found, fields);
    return (sum() ^ view.getUint32(end - 4)) ? -1 : view.getUint32(fields);
  };

  const one = read(0);
  const other = read(1);
  // Leaves from the lowest to here are reserved for this run.
  let bound = -1;
  // Of two places the one that is worse is written first, lest two cuts damage both.
  const worse = one > other ? 1 : 0;
  const reserve = (to: number) => {
    for (let turn = 0; turn < 2; turn++) {
      const slot = turn ^ worse;
      view.setUint32(fields, to);
      view.setUint32(end - 4, sum());
      slots.write(slot, bytes);
      if (read(slot) !== to) return;
    }
    bound = to;
  };

  const ledger: LeafLedger = {
    status: LOST,
    rest: 0,
    lowest: one > other ? one : other,
    take(leaf) {
      const free = leaf >= ledger.lowest && leaf < bound;
      if (free) ledger.lowest = leaf + 1;
      return free;
    },
    pass(next) {
      if (ledger.lowest < 0) return false;
      if (next > ledger.lowest) ledger.lowest = next;
      const { lowest } = ledger;
      ledger.rest = lowest < leaves ? leaves - lowest : 0;
      ledger.status = EXHAUSTED;
      if (ledger.rest) {
        if (lowest >= bound) reserve((lowest | (layout.reserve - 1)) + 1);
        ledger.status = lowest >= bound ? UNKEPT : next < lowest ? USED : READY;
      }
      return ledger.rest > 0;
    },
  };
  return ledger;
};
