/** Stores of boards, in which a write may fail, be cut off, or land without being seen. */
import type { BallotShape } from "../../firmware/ballots/layout.js";
import type { Places } from "../../firmware/ballots/promises.js";
import { naiveFirst } from "../node/ballot-star.js";

/** Thrown where the power goes in the middle of a write. */
export const CUT = new Error("the power is cut");

/**
 * What becomes of a write. `refused`: nothing is written. `torn`: a part is. `deaf`: all is, and
 * reading it back fails once. `cut`: a part or all is, and then the power goes.
 */
export type Fate = "done" | "refused" | "torn" | "deaf" | "cut";

export interface Store {
  readonly places: Places;
  /** As who puts the program on the board leaves it. */
  renew(): void;
  /** All is lost. */
  clear(): void;
  /** How many writes did not end well. */
  failed: number;
}

/**
 * @param fate what becomes of the next write
 * @param part how much of a write lands that is torn or cut: a number from 0 to the one given; and
 *   what then lies behind it, 0 to 2: what lay there before, erased flash, or nothing
 */
export const createStore = (
  shape: BallotShape, fate: () => Fate, part: (most: number) => number,
): Store => {
  const first = Uint8Array.from(naiveFirst(shape));
  const files = new Map<number, Uint8Array>();
  // The place whose next reading fails.
  let deaf = -1;

  const partOf = (old: Uint8Array | undefined, fresh: Uint8Array): Uint8Array => {
    const bytes = part(fresh.length);
    const kind = part(2);
    if (kind > 1) return fresh.slice(0, bytes);
    const rest = new Uint8Array(fresh.length).fill(255);
    if (!kind && old) rest.set(old.subarray(0, rest.length));
    rest.set(fresh.subarray(0, bytes));
    return rest;
  };

  const store: Store = {
    failed: 0,
    places: {
      read(place) {
        if (place !== deaf) return files.get(place);
        deaf = -1;
        return undefined;
      },
      write(place, bytes) {
        const what = fate();
        if (what !== "done") store.failed++;
        if (what === "refused") return;
        const whole = what === "done" || what === "deaf";
        files.set(place, whole ? bytes.slice() : partOf(files.get(place), bytes));
        if (what === "deaf") deaf = place;
        if (what === "cut") throw CUT;
      },
    },
    renew() {
      store.clear();
      files.set(3, first);
    },
    clear() {
      files.clear();
      deaf = -1;
    },
  };
  store.renew();
  return store;
};
