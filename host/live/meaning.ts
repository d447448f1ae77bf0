import type { BallotLayout } from "../../firmware/ballots/layout.js";
import type { Network } from "../network/network.js";
import { NUMBER_BYTES, claimedIn } from "../network/record.js";
import { duels, placesIn } from "../network/turns.js";

/**
 * What a payload means: bytes that say nothing may be anything (SPEC.md, FRAME.7, BALLOT.1), and so
 * they are compared as 0. Signed records stay as they are, for that is what was signed.
 */

/** Of a record, in place, what its own numbers and presence bytes say nothing of becomes 0. */
const mean = (network: Network, record: Uint8Array): void => {
  const layout = network.boards[0]!.layout as BallotLayout;
  const claimed = new Set(claimedIn(layout, record).map(({ at }) => at));
  let said = true;
  for (const { is, at, bytes } of network.record) {
    const part = record.subarray(at, at + bytes);
    if (is === "value" ? !said : is === "kept" && !claimed.has(at)) part.fill(0);
    said = part.some((byte) => byte !== 0);
  }
};

/** The same of what is said in a fast cycle (VIEW.5). */
const meanInView = (network: Network, round: number, payload: Uint8Array): void => {
  const { valueWidth, exchanges, keep } = network.boards[0]!.layout;
  const claims = round === exchanges + 1 && keep > 0;
  const state = 1 + valueWidth + NUMBER_BYTES;
  if (claims && !(payload[0]! & 2)) payload.fill(0);
  if (claims && payload[state]! < 2) payload.fill(0, state + 1);
  if (!(payload[0]! & 1)) payload.fill(0, claims ? 1 : 0, 1 + valueWidth);
};

/** @returns a copy of a record, without what it says nothing of */
export const meantRecord = (network: Network, record: Uint8Array): Uint8Array => {
  const copy = record.slice();
  mean(network, copy);
  return copy;
};

/** @returns a copy of a payload without tags, without what it says nothing of */
export const meantPayload = (
  network: Network, round: number, content: Uint8Array,
): Uint8Array => {
  const { layout } = network.boards[0]!;
  const { bitmaps, items, exchanges, review, valueWidth } = layout;
  const { ballots, signing } = network;
  const copy = content.slice();
  if (review && round > exchanges) {
    meanInView(network, round, copy);
    return copy;
  }
  if (duels(layout) && round > exchanges) {
    if (!(copy[0]! & 1)) copy.fill(0, 1, 1 + valueWidth);
    return copy;
  }
  const [first, size] = [bitmaps[round]!, items[round]!];
  const count = placesIn(layout, round, content.length);
  copy.fill(0, 0, first);
  for (let index = 0; index < count; index++) {
    const item = copy.subarray(first + index * size, first + (index + 1) * size);
    const bit = content[index >> 3]! & (1 << (index & 7));
    copy[index >> 3]! |= bit;
    if (!bit) item.fill(0);
    else if (ballots && size && !signing && round <= exchanges) mean(network, item);
  }
  return copy;
};
