import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import type { MacParts } from "../../firmware/auth/mac/mac.js";
import { MAC_KEY_BYTES, TAGGED_BYTES } from "../../firmware/index.js";
import type { Network } from "../network/network.js";

/** The keys of link authentication: each two boards share one. */

/** By number, the keys that one board shares with each; with itself, all zeros. */
export type MacKeys = readonly Uint8Array[];

/**
 * @param random as many bytes as asked for, which nobody can guess
 * @returns by number, what each board is given: all that is secret to it
 */
export const createMacKeys = (
  boards: number, random: (bytes: number) => Uint8Array,
): readonly MacKeys[] => {
  const keys: Uint8Array[][] = Array.from({ length: boards }, () =>
    Array.from({ length: boards }, () => new Uint8Array(MAC_KEY_BYTES)));
  for (let one = 0; one < boards; one++) {
    for (let other = 0; other < one; other++) {
      keys[one]![other] = keys[other]![one] = random(MAC_KEY_BYTES);
    }
  }
  return keys;
};

/** As many keys, all zeros: for telling sizes. */
export const blankMacKeys = (boards: number): MacKeys =>
  createMacKeys(boards, (bytes) => new Uint8Array(bytes))[0]!;

const made = new Map<number, readonly MacKeys[]>();

/** Keys for emulations: made up, the same for as many boards, and no secret at all. */
export const madeUpMacKeys = (boards: number): readonly MacKeys[] => {
  let keys = made.get(boards);
  if (!keys) {
    let drawn = 0;
    keys = createMacKeys(boards, (bytes) =>
      sha256(new TextEncoder().encode(`made up link ${drawn++}`)).slice(0, bytes));
    made.set(boards, keys);
  }
  return keys;
};

/** What the firmware is given of them. */
export const macPartsOf = ({ name }: Network, keys: MacKeys): MacParts =>
  ({ network: name, keys: keys.flatMap((key) => [...key]) });

/** Tags what `sender` says, whose keys these are, in place: `payload` ends with the tags. */
export const tagAnew = (
  { name, boards }: Network, keys: MacKeys, sender: number, round: number, cycle: number,
  payload: Uint8Array,
): void => {
  const { tag, tags } = boards[sender]!.layout;
  const values = payload.subarray(0, payload.length - tags);
  const text = new Uint8Array(TAGGED_BYTES + values.length);
  text.set(name);
  new DataView(text.buffer).setUint32(name.length, cycle);
  text[name.length + 4] = (round << 5) | sender;
  text.set(values, TAGGED_BYTES);
  let at = values.length;
  for (const { number } of boards) {
    if (number === sender) continue;
    text[name.length + 5] = number;
    payload.set(hmac(sha256, keys[number]!, text).subarray(0, tag), at);
    at += tag;
  }
};
