import type { BallotLimits } from "../../firmware/ballots/layout.js";
import type { Limits } from "../../firmware/index.js";

/**
 * What a payload means: bytes that say nothing may be anything (SPEC.md, FRAME.7, BALLOT.1), and so
 * they are compared as 0. Signed records stay as they are, for that is what was signed.
 */

const NUMBER = 4;

/** Of a record, in place, what its own numbers and presence bytes say nothing of becomes 0. */
const mean = (limits: BallotLimits, record: Uint8Array): void => {
  const { keep, slot, ring, body, valueWidth, ballots, width } = limits;
  const view = new DataView(record.buffer, record.byteOffset);
  if (!record[0]) record.fill(0, 1, 1 + valueWidth);
  if (keep) {
    const state = record[slot + NUMBER]!;
    const top = view.getUint32(slot, true) + (state & 1);
    const count = Math.min(state >> 1, keep, top);
    const told = new Set(Array.from({ length: count }, (_, at) => (top - 1 - at) % keep));
    for (let place = 0; place < keep; place++) {
      const from = ring + place * valueWidth;
      if (!told.has(place)) record.fill(0, from, from + valueWidth);
    }
  }
  if (ballots === "fab") {
    if (!record[body]) record.fill(0, body, width);
    return;
  }
  const next = body + NUMBER + valueWidth;
  for (const at of [body, next]) {
    if (!view.getUint32(at, true)) record.fill(0, at + NUMBER, at + NUMBER + valueWidth);
  }
};

/** @returns a copy of a record, without what it says nothing of */
export const meantRecord = (limits: BallotLimits, record: Uint8Array): Uint8Array => {
  const copy = record.slice();
  mean(limits, copy);
  return copy;
};

/** @returns a copy of a payload without tags, without what it says nothing of */
export const meantPayload = (
  limits: Limits, round: number, content: Uint8Array,
): Uint8Array => {
  const { bitmaps, items, ballots, traitors, signature } = limits;
  const copy = content.slice();
  const [first, size] = [bitmaps[round]!, items[round]!];
  const count = (content.length - first) / size;
  copy.fill(0, 0, first);
  for (let index = 0; index < count; index++) {
    const item = copy.subarray(first + index * size, first + (index + 1) * size);
    const bit = content[index >> 3]! & (1 << (index & 7));
    copy[index >> 3]! |= bit;
    if (!bit) item.fill(0);
    else if (ballots && !signature && round <= traitors + 1) mean(limits as BallotLimits, item);
  }
  return copy;
};
