import type { Prng } from "../base/random.js";
import type { Network } from "../network/network.js";
import { NUMBER_BYTES } from "../network/record.js";
import type { Part } from "../network/record.js";
import { placesIn } from "../network/turns.js";
import { placeOf } from "./signed.js";
import type { Forger, Said } from "./signed.js";

/** The values in a frame, as a liar sees and changes them. */

/** One value of a payload. */
export interface Entry {
  present(): boolean;
  /** Makes it ⊥. */
  silence(): void;
  /** Makes it this value, by its bytes; what liars can sign is truly signed. */
  say(value: Uint8Array): void;
  /** Makes it the contrary: present, with one bit changed; ⊥ becomes a value. */
  deny(): void;
  /** Makes everything in it random: of a record, numbers of ballots that there may have been. */
  shuffle(prng: Prng): void;
  /** Its bytes, of a record those of what it proposes; only to be looked at. */
  value(): Uint8Array;
  /** Of signed messages: whose order it is, and whether it is the first place for that. */
  readonly of: number;
  readonly first: boolean;
}

/** What else is to be done, given a place as it was, when its value has been changed. */
type Sign = Forger["sign"];

/** Where in a value of a frame its parts lie: of records there are several. */
export interface Parts {
  /** The values of the network's type, the proposal first. */
  readonly values: readonly number[];
  /** Bytes that say that there is a value. */
  readonly present: readonly number[];
  /** Numbers of ballots, of those before in which something else was said, and of slots. */
  readonly ballots: readonly number[];
  readonly earlier: readonly number[];
  readonly slots: readonly number[];
  /** What says how many decisions are claimed. */
  readonly claims: readonly number[];
}

const PLAIN: Parts = {
  values: [0], present: [], ballots: [], earlier: [], slots: [], claims: [],
};

/** PAX.1: what only says that its board is there. */
const THERE: Parts = { ...PLAIN, values: [] };

export const partsOf = ({ record }: Network): Parts => {
  if (!record.length) return PLAIN;
  const where = (...kinds: readonly Part["is"][]) =>
    kinds.flatMap((kind) => record.filter(({ is }) => is === kind).map(({ at }) => at));
  return {
    values: where("value", "kept"), present: where("presence"), ballots: where("ballot"),
    earlier: where("earlier"), slots: where("slot", "lead"),
    claims: where("claims", "complains", "named", "whose"),
  };
};

/** VIEW.5: what is said first in a fast cycle is a proposal, a slot and the last decision. */
const claimParts = ({ boards }: Network): Parts => {
  const { keep, valueWidth } = boards[0]!.layout;
  if (!keep) return PLAIN;
  const state = valueWidth + NUMBER_BYTES;
  return { ...PLAIN, values: [0, state + 1], slots: [valueWidth], claims: [state] };
};

/** PC.2: a frame that carries votes ends before what its board accepted. */
const within = (parts: Parts, length: number): Parts => {
  const inside = (of: readonly number[]) => of.filter((at) => at < length);
  return {
    values: inside(parts.values), present: parts.present, ballots: inside(parts.ballots),
    earlier: inside(parts.earlier), slots: inside(parts.slots), claims: inside(parts.claims),
  };
};

/** @param record where the parts of what the exchanges carry lie */
export const entriesOf = (network: Network, record: Parts, said: Said, sign?: Sign): Entry[] => {
  const { layout } = network.boards[0]!;
  const { payloads, items, tags, valueWidth, exchanges, review } = layout;
  const { sender, round, cycle, payload } = said;
  const view = new DataView(payload.buffer, payload.byteOffset);
  const claims = review > 0 && round === exchanges + 1;
  const carried = record.present.length && items[round]! < layout.width
    ? within(record, items[round]!) : record;
  const parts = !items[round] ? THERE
    : round <= exchanges ? carried : claims ? claimParts(network) : PLAIN;
  const signed = round <= exchanges ? sign : undefined;
  const count = placesIn(layout, round, payloads[round]! - tags);
  return Array.from({ length: count }, (_, index) => {
    const place = () => placeOf(network, sender, round, index, payload);
    const { from, of, first } = place();
    const bit = 1 << (index & 7);
    const at = (part: number) => payload.subarray(from + part, from + part + valueWidth);
    const value = () => (parts.values.length ? at(parts.values[0]!) : new Uint8Array(0));
    const put = (bytes: Uint8Array) => {
      payload[index >> 3] = payload[index >> 3]! | bit;
      for (const part of parts.present) payload[from + part] = 1;
      for (const part of parts.values) at(part).set(bytes);
    };
    const say = (bytes: Uint8Array) => {
      const was = place();
      const same = Buffer.compare(bytes, value()) === 0;
      if (was.present && same && !parts.present.length) return;
      put(bytes);
      // It has voted for that in the ballot before, and in none for anything else.
      for (const part of parts.ballots) view.setUint32(from + part, cycle, true);
      for (const part of parts.earlier) view.setUint32(from + part, 0, true);
      signed?.(said, was);
    };
    return {
      of, first, value, say,
      present: () => place().present,
      silence() {
        payload[index >> 3] = payload[index >> 3]! & ~bit;
      },
      deny() {
        say(value().map((byte, low) => (low ? byte : byte ^ 1)));
      },
      shuffle(prng) {
        const was = place();
        put(Uint8Array.from(value(), () => prng.below(256)));
        for (const part of [...parts.ballots, ...parts.earlier, ...parts.slots]) {
          view.setUint32(from + part, prng.below(cycle + 3), true);
        }
        for (const part of parts.claims) payload[from + part] = prng.below(256);
        signed?.(said, was);
      },
    };
  });
};
