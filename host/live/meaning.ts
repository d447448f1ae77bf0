import type { BallotLayout } from "../../firmware/ballots/layout.js";
import type { Network } from "../network/network.js";
import { claimedIn } from "../network/record.js";

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
  const { bitmaps, items, exchanges } = network.boards[0]!.layout;
  const { ballots, signing } = network;
  const copy = content.slice();
  const [first, size] = [bitmaps[round]!, items[round]!];
  const count = (content.length - first) / size;
  copy.fill(0, 0, first);
  for (let index = 0; index < count; index++) {
    const item = copy.subarray(first + index * size, first + (index + 1) * size);
    const bit = content[index >> 3]! & (1 << (index & 7));
    copy[index >> 3]! |= bit;
    if (!bit) item.fill(0);
    else if (ballots && !signing && round <= exchanges) mean(network, item);
  }
  return copy;
};
