import type { Network } from "../network.js";
import { createPrng } from "./prng.js";
import type { Prng } from "./prng.js";
import type { Traitor } from "./troubles.js";

/**
 * Boards that lie. A liar is no board of its own: it is what its frames become on their way to each
 * receiver. It speaks last, when it has heard what every correct board says in this round, and
 * liars share what they know.
 */
export interface Liars {
  /** Changes in place what `sender` says to `receiver`. @returns whether it says anything. */
  tell(
    sender: number, receiver: number, round: number, payload: Uint8Array,
    spoken: readonly (Uint8Array | undefined)[],
  ): boolean;
}

/** One value of a payload, as a liar sees it. */
interface Entry {
  present(): boolean;
  /** Makes it ⊥. */
  silence(): void;
  /** Makes it this value, by its bytes. */
  say(value: Uint8Array): void;
  /** Makes it the contrary: present, with one bit changed; ⊥ becomes a value. */
  deny(): void;
  /** Its bytes; only to be looked at. */
  value(): Uint8Array;
}

const entriesOf = (network: Network, round: number, payload: Uint8Array): Entry[] => {
  const { bitmaps, payloads, tags, width } = network.boards[0]!.limits;
  const bitmap = bitmaps[round]!;
  const count = (payloads[round]! - tags - bitmap) / width;
  return Array.from({ length: count }, (_, index) => {
    const from = bitmap + index * width;
    const bit = 1 << (index & 7);
    const set = () => {
      payload[index >> 3] = payload[index >> 3]! | bit;
    };
    return {
      present: () => (payload[index >> 3]! & bit) !== 0,
      silence() {
        payload[index >> 3] = payload[index >> 3]! & ~bit;
      },
      say(value) {
        set();
        payload.set(value, from);
      },
      deny() {
        set();
        payload[from] = payload[from]! ^ 1;
      },
      value: () => payload.subarray(from, from + width),
    };
  });
};

const randomly = (prng: Prng, entry: Entry) => {
  const die = prng.below(4);
  if (die === 0) entry.silence();
  else if (die === 1) entry.deny();
  else if (die === 2) entry.say(Uint8Array.from(entry.value(), () => prng.below(256)));
};

/**
 * What parts the boards the most: half of the receivers are told what most correct boards say in
 * this round, the other half what fewest say, and if they all say the same, the contrary.
 */
const split = (
  network: Network, round: number, entries: readonly Entry[], half: number,
  spoken: readonly (Uint8Array | undefined)[],
) => {
  const votes = new Map<string, { value: Uint8Array; count: number }>();
  for (const payload of spoken) {
    if (!payload) continue;
    for (const entry of entriesOf(network, round, payload)) {
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

export const createLiars = (
  network: Network, traitors: readonly Traitor[], seed: number,
): Liars => {
  const names = new Map(traitors.map((traitor) => [traitor.board, traitor.name]));
  const prng = createPrng(seed);
  const { width } = network.shape;
  // The two false values that the colluding back, one for each half of the receivers.
  const backed = [0, 1].map((half) => new Uint8Array(width).fill(half));
  return {
    tell(sender, receiver, round, payload, spoken) {
      const name = names.get(sender);
      const entries = entriesOf(network, round, payload);
      const half = receiver & 1;
      if (name === "equivocate" && half) for (const entry of entries) entry.deny();
      if (name === "relay" && round > 1) for (const entry of entries) entry.deny();
      if (name === "collude") for (const entry of entries) entry.say(backed[half]!);
      if (name === "split") split(network, round, entries, half, spoken);
      if (name !== "random") return true;
      for (const entry of entries) randomly(prng, entry);
      return !prng.chance(1 / 16);
    },
  };
};
