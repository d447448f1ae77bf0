import type { BallotLayout } from "../../firmware/index.js";
import type { Balloting, Field } from "../algorithms/algorithm.js";

/** Where the parts of a record lie (SPEC.md, BALLOT.1), for all who look into one. */

/** Bytes of a number of a ballot or of a slot. */
export const NUMBER_BYTES = 4;

/** One part of a record. */
export interface Part {
  readonly is: Field | "slot" | "claims" | "kept" | "lead" | "complains";
  readonly at: number;
  readonly bytes: number;
}

/** @returns the parts of a record, from its beginning; the proposal is the first value */
export const recordParts = (
  { fields }: Balloting, { boards, keep, review, direct, valueWidth }: BallotLayout,
): readonly Part[] => {
  const parts: Part[] = [];
  let at = 0;
  const add = (is: Part["is"], bytes: number) => {
    parts.push({ is, at, bytes });
    at += bytes;
  };
  add("presence", 1);
  add("value", valueWidth);
  if (keep) {
    add("slot", NUMBER_BYTES);
    add("claims", 1);
    for (let place = 0; place < keep; place++) add("kept", valueWidth);
  }
  if (direct && review) add("named", 1);
  else if (review) {
    add("lead", NUMBER_BYTES);
    add("complains", 1);
  }
  for (const is of fields) {
    add(is, is === "value" ? valueWidth : is === "ballot" || is === "earlier" ? NUMBER_BYTES
      : is === "ready" ? Math.ceil(boards / 8) : 1);
  }
  return parts;
};

/** A decision that a record claims: of which slot, and where in the record its value lies. */
export interface Claimed {
  readonly slot: number;
  readonly at: number;
}

const NONE: readonly Claimed[] = [];

/** LOG.1: which slot a record is of; 0 without a log. */
export const slotIn = ({ keep, slot }: BallotLayout, record: Uint8Array): number =>
  (keep ? new DataView(record.buffer, record.byteOffset).getUint32(slot, true) : 0);

/** @returns what a record claims to be decided, slot after slot (LOG.1) */
export const claimedIn = (layout: BallotLayout, record: Uint8Array): readonly Claimed[] => {
  const { keep, slot, ring, valueWidth } = layout;
  if (!keep) return record[0]! > 1 ? [{ slot: 0, at: 1 }] : NONE;
  const state = record[slot + NUMBER_BYTES]!;
  const top = slotIn(layout, record) + (state & 1);
  const count = Math.min(state >> 1, keep, top);
  return Array.from({ length: count }, (_, index) => {
    const of = top - count + index;
    return { slot: of, at: ring + (of % keep) * valueWidth };
  });
};
