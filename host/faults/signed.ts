import { createLms } from "../../firmware/auth/lms/lms-host.js";
import { TILE_LEAVES } from "../../firmware/auth/lms/sets.js";
import { createSigner } from "../../firmware/auth/lms/signer.js";
import { MESSAGE_BYTES } from "../../firmware/auth/lms/signing.js";
import type { Lie } from "../events/events.js";
import { freshStore, madeUpKeys } from "../keys/keys.js";
import type { Network } from "../network/network.js";

/**
 * What liars can do with signatures. Each knows the keys of all of them and signs any order of a
 * cycle as often as it likes; of correct boards, they have only what those have signed.
 */

/** A frame of a liar, on its way to one receiver. */
export interface Said {
  readonly sender: number;
  readonly receiver: number;
  readonly round: number;
  readonly cycle: number;
  readonly payload: Uint8Array;
}

/** Where a value stands that a frame carries. */
export interface Place {
  readonly present: boolean;
  /** Its first byte in the payload. */
  readonly from: number;
  /** Whose order it is, and whether it is the first place for that. */
  readonly of: number;
  readonly first: boolean;
}

/** @returns the place `index` of what `sender` says in a round */
export const placeOf = (
  { boards, shape }: Network, sender: number, round: number, index: number, payload: Uint8Array,
): Place => {
  const { bitmaps, items } = boards[0]!.layout;
  const each = round < 3 ? 1 : 2;
  const other = Math.floor(index / each);
  const commander = shape.commander < 0 ? other + Number(other >= sender) : shape.commander;
  return {
    present: ((payload[index >> 3]! >> (index & 7)) & 1) === 1,
    from: bitmaps[round]! + index * items[round]!,
    of: round < 2 ? sender : commander, first: index % each === 0,
  };
};

/** @returns a function that signs as one liar; what it gives is valid until the next call */
const createHand = (network: Network, liar: number) => {
  const { layout, signing } = network.boards[liar]!;
  const { trees, text, keys: at, keyBytes, lowerKey, lastAt, signatureBytes } = signing!;
  const arena = new Uint8Array(layout.memory);
  const view = new DataView(arena.buffer);
  const all = madeUpKeys(network.signing!);
  const { key, seed, crown } = all[liar]!;
  const bytes = signing!.hashBytes;
  const store = freshStore(key);
  const signer = createSigner(signing!, arena, view, {
    keys: all.flatMap((one) => [...one.key]), seed,
    crown: (node) => crown.subarray(node * bytes, (node + 1) * bytes),
    slots: {
      read: (slot) => store[slot],
      write(slot, record) {
        store[slot] = record.slice();
      },
    },
  });
  const lms = createLms(signing!, arena, view);
  let path = -1;
  arena.set(network.signing!.network, text);
  return (cycle: number, of: number, order: Uint8Array): Uint8Array => {
    const leaf = cycle * network.signing!.share;
    view.setUint32(text + MESSAGE_BYTES - 5, cycle);
    arena[text + MESSAGE_BYTES - 1] = of;
    arena.set(order, text + MESSAGE_BYTES);
    if (path !== leaf) {
      path = leaf;
      signer.prepare(leaf - 1);
      signer.sign(leaf, text, 0);
    } else {
      // A correct board never signs a second time with a leaf. The path to its root stays.
      const lower = trees > 1;
      lms.use(lower ? lowerKey + 8 : at + liar * keyBytes, lower ? leaf % TILE_LEAVES : leaf,
        trees - 1);
      lms.sign(text, lastAt);
    }
    return arena.subarray(0, signatureBytes);
  };
};

/** What it is that a liar has changed for a receiver: it would have said `was`. */
export type LieIn = (sender: number, round: number, was: Uint8Array, told: Uint8Array) => Lie;

export interface Forger {
  /**
   * The order of a place was changed: all its signatures that are liars' become true again.
   *
   * @param place as it was before
   */
  readonly sign: (said: Said, place: Place) => void;
  readonly lieIn: LieIn;
}

/** @param liars who share their keys */
export const createForger = (network: Network, liars: ReadonlySet<number>): Forger => {
  const { boards, shape } = network;
  const { traitors, signature = 0 } = shape;
  const { width, bitmaps, items, payloads, tags, exchanges } = boards[0]!.layout;
  const hands = new Map([...liars].map((liar) => [liar, createHand(network, liar)]));
  const made = new Map<string, Uint8Array>();
  let during = -1;

  const signatureOf = (liar: number, cycle: number, of: number, order: Uint8Array) => {
    if (cycle !== during) made.clear();
    during = cycle;
    const key = `${liar} ${of} ${order.join()}`;
    const known = made.get(key) ?? hands.get(liar)!(cycle, of, order).slice();
    made.set(key, known);
    return known;
  };

  /** The numbers between an order and its signatures. */
  const idsIn = (round: number, { from }: Place, payload: Uint8Array) =>
    payload.subarray(from + width, from + width + Math.max(0, round - 2));

  /** Those whose signatures stand behind an order. */
  const signersOf = (sender: number, round: number, place: Place, payload: Uint8Array) =>
    [place.of, ...idsIn(round, place, payload), ...(round > 1 ? [sender] : [])]
      .slice(0, Math.min(round, traitors));

  const sign = (said: Said, place: Place) => {
    const { sender, receiver, round, cycle, payload } = said;
    if (!place.present) {
      // Nobody has signed it in between: liars will, as far as there are enough of them.
      const able = boards.map(({ number }) => number)
        .filter((board) => board !== place.of && board !== sender && board !== receiver)
        .toSorted((one, other) => Number(liars.has(other)) - Number(liars.has(one)));
      const ids = idsIn(round, place, payload);
      ids.set(able.slice(0, ids.length));
    }
    const order = payload.subarray(place.from, place.from + width);
    const signers = signersOf(sender, round, place, payload);
    const first = place.from + items[round]! - signers.length * signature;
    signers.forEach((signer, at) => {
      if (!liars.has(signer)) return;
      payload.set(signatureOf(signer, cycle, place.of, order), first + at * signature);
    });
  };

  return {
    sign,
    lieIn(sender, round, was, told) {
      let found: Lie = false;
      // What follows the signed messages of a ballot is not signed.
      if (round > exchanges) return true;
      const count = (payloads[round]! - tags - bitmaps[round]!) / items[round]!;
      for (let index = 0; index < count; index++) {
        const before = placeOf(network, sender, round, index, was);
        const after = placeOf(network, sender, round, index, told);
        const { from } = after;
        const end = from + items[round]!;
        const same = Buffer.compare(was.subarray(from, end), told.subarray(from, end)) === 0;
        if (before.present && !after.present) found ||= "withheld";
        else if (after.present && !(before.present && same)) {
          const own = signersOf(sender, round, after, told).every((signer) => liars.has(signer));
          if (own) return "double";
          found = "forged";
        }
      }
      return found;
    },
  };
};
