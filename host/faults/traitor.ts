import { createPrng } from "../base/random.js";
import type { Prng } from "../base/random.js";
import type { Network } from "../network/network.js";
import type { Part } from "../network/record.js";
import { MENU } from "./menu.js";
import { createForger, placeOf } from "./signed.js";
import type { Forger, LieIn, Said } from "./signed.js";
import type { Traitor } from "./troubles.js";

/**
 * Boards that lie. A liar is no board of its own: it is what its frames become on their way to each
 * receiver. It speaks last, when it has heard what every correct board says in this round, and
 * liars share what they know, their keys for signing as well.
 */
export interface Liars {
  /** Changes in place what is said. @returns whether the sender says anything. */
  tell(said: Said, spoken: readonly (Uint8Array | undefined)[]): boolean;
  readonly lieIn: LieIn;
}

/** One value of a payload, as a liar sees it. */
interface Entry {
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
interface Parts {
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

const partsOf = ({ record }: Network): Parts => {
  if (!record.length) return PLAIN;
  const where = (...kinds: readonly Part["is"][]) =>
    kinds.flatMap((kind) => record.filter(({ is }) => is === kind).map(({ at }) => at));
  return {
    values: where("value", "kept"), present: where("presence"), ballots: where("ballot"),
    earlier: where("earlier"), slots: where("slot"), claims: where("claims"),
  };
};

/** @param record where the parts of what the exchanges carry lie */
const entriesOf = (network: Network, record: Parts, said: Said, sign?: Sign): Entry[] => {
  const { bitmaps, payloads, items, tags, valueWidth, exchanges } = network.boards[0]!.limits;
  const { sender, round, cycle, payload } = said;
  const view = new DataView(payload.buffer, payload.byteOffset);
  const parts = round <= exchanges ? record : PLAIN;
  const signed = round <= exchanges ? sign : undefined;
  const count = (payloads[round]! - tags - bitmaps[round]!) / items[round]!;
  return Array.from({ length: count }, (_, index) => {
    const place = () => placeOf(network, sender, round, index, payload);
    const { from, of, first } = place();
    const bit = 1 << (index & 7);
    const at = (part: number) => payload.subarray(from + part, from + part + valueWidth);
    const value = () => at(parts.values[0]!);
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

const randomly = (prng: Prng, entry: Entry) => {
  const die = prng.below(4);
  if (die === 0) entry.silence();
  else if (die === 1) entry.deny();
  else if (die === 2) entry.shuffle(prng);
};

/**
 * What parts the boards the most: half of the receivers are told what most correct boards say in
 * this round, the other half what fewest say, and if they all say the same, the contrary.
 */
const split = (
  network: Network, record: Parts, said: Said, entries: readonly Entry[], half: number,
  spoken: readonly (Uint8Array | undefined)[],
) => {
  const votes = new Map<string, { value: Uint8Array; count: number }>();
  for (const [sender, payload] of spoken.entries()) {
    if (!payload) continue;
    for (const entry of entriesOf(network, record, { ...said, sender, payload })) {
      if (!entry.present()) continue;
      const value = entry.value();
      const key = value.join();
      const known = votes.get(key);
      if (known) known.count++;
      else votes.set(key, { value, count: 1 });
    }
  }
  const ranked = [...votes.values()].toSorted((one, other) => other.count - one.count);
  const most = ranked[0]?.value;
  const least = ranked.length > 1 ? ranked[ranked.length - 1]!.value : undefined;
  for (const entry of entries) {
    const told = half ? least : most;
    if (told) entry.say(told);
    else if (half) entry.deny();
  }
};

/** @returns in which half of those who are told something in a round, traitors apart, one is */
export const createHalves = ({ boards, shape }: Network, traitors: readonly Traitor[]) => {
  const told = boards.map(({ number }) => number)
    .filter((board) => !traitors.some((traitor) => traitor.board === board));
  return (receiver: number, round: number): number =>
    told.filter((board) => board < receiver && (round < 2 || board !== shape.commander)).length & 1;
};

/**
 * Those who collude sign two orders each. All are told the first; the second, with the signatures
 * of all of them, is shown to one board only, in the round that has as many signers.
 */
const createCollusion = ({ boards, shape, rounds }: Network, traitors: readonly Traitor[]) => {
  const colluding = new Set(
    traitors.filter(({ name }) => name === "collude").map(({ board }) => board),
  );
  const last = Math.min(colluding.size, rounds);
  const victim = boards.find(({ number }) =>
    number !== shape.commander && !traitors.some(({ board }) => board === number))?.number;
  return (
    { round, receiver }: Said, entries: readonly Entry[], [one, other]: readonly Uint8Array[],
  ) => {
    const shown = round === last && receiver === victim;
    for (const entry of entries) {
      if (!colluding.has(entry.of)) continue;
      if (shown && entry.first) entry.say(other!);
      else if (round < 2) entry.say(one!);
    }
  };
};

/** @param keyless whether they cannot sign, and so forge all that they change */
export const createLiars = (
  network: Network, traitors: readonly Traitor[], seed: number, keyless = false,
): Liars => {
  const names = new Map(traitors.map((traitor) => [traitor.board, traitor.name]));
  const lies = new Set(MENU.filter(({ on }) => on === "liar").map(({ name }) => name));
  const liars = new Set(traitors.filter(({ name }) => lies.has(name)).map(({ board }) => board));
  const prng = createPrng(seed);
  const { width } = network.shape;
  const record = partsOf(network);
  const halfOf = createHalves(network, traitors);
  const forger = network.signing && createForger(network, keyless ? new Set() : liars);
  const collude = createCollusion(network, traitors);
  // The two false values that the colluding back, one for each half of the receivers.
  const backed = [0, 1].map((half) => new Uint8Array(width).fill(half));
  return {
    lieIn: forger?.lieIn ?? (() => true),
    tell(said, spoken) {
      const { sender, receiver, round } = said;
      const name = names.get(sender);
      const entries = entriesOf(network, record, said, forger?.sign);
      const half = halfOf(receiver, round);
      if (name === "equivocate" && half) for (const entry of entries) entry.deny();
      if (name === "relay" && round > 1) for (const entry of entries) entry.deny();
      if (name === "withhold" && round > 1) for (const entry of entries) entry.silence();
      if (name === "collude" && forger) collude(said, entries, backed);
      else if (name === "collude") for (const entry of entries) entry.say(backed[half]!);
      if (name === "split") split(network, record, said, entries, half, spoken);
      if (name !== "random") return true;
      for (const entry of entries) randomly(prng, entry);
      return !prng.chance(1 / 16);
    },
  };
};
