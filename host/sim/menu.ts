import { UsageError } from "../error.js";

/**
 * Everything that can be made to go wrong, in one menu. Help, documents and checks read it here.
 */
export interface Trick {
  readonly name: string;
  /** `line`: by `--faults`, with a probability. `board` and `liar`: by `--traitor`. */
  readonly on: "line" | "board" | "liar";
  readonly help: string;
  /** What its parameter means, and what it is unless told; absent: it takes none. */
  readonly parameter?: { readonly means: string; readonly fallback: readonly number[] };
}

const AT = { means: "CYCLE.ROUND", fallback: [2, 2] };

export const MENU: readonly Trick[] = [
  { name: "drop", on: "line", help: "a frame is lost on a link" },
  { name: "delay", on: "line", help: "a frame comes up to a round late on a link" },
  { name: "duplicate", on: "line", help: "a frame comes twice" },
  { name: "reorder", on: "line", help: "a frame comes after one that follows at once" },
  { name: "truncate", on: "line", help: "the end of a frame is missing" },
  { name: "flip", on: "line", help: "one bit of a frame is wrong" },
  { name: "noise", on: "line", help: "up to 16 random bytes come before a frame" },
  { name: "silent", on: "board", help: "says nothing at all" },
  { name: "crash", on: "board", help: "stops for good", parameter: AT },
  { name: "restart", on: "board", help: "stops, and begins anew a cycle later", parameter: AT },
  {
    name: "unplug", on: "board", help: "its line is dead from a cycle on, for so many",
    parameter: { means: "CYCLE.CYCLES", fallback: [2, 3] },
  },
  { name: "stuck", on: "board", help: "its sensor shows the same value for ever" },
  {
    name: "late", on: "board", help: "its frames end this long after the deadline",
    parameter: { means: "BITS", fallback: [1] },
  },
  { name: "edge", on: "board", help: "every other receiver hears it after the next beacon only" },
  { name: "stale", on: "board", help: "sends the frames of the cycle before again" },
  { name: "babble", on: "board", help: "sends garbage, or frames that claim to be others'" },
  { name: "equivocate", on: "liar", help: "tells every other receiver the contrary" },
  { name: "relay", on: "liar", help: "tells its own value truly and lies about the others'" },
  { name: "withhold", on: "liar", help: "says what it has to say, and relays nothing" },
  { name: "random", on: "liar", help: "tells each receiver something random, or nothing" },
  { name: "collude", on: "liar", help: "with its like, backs one false value here, another there" },
  { name: "split", on: "liar", help: "knows every vote, and says what parts the boards the most" },
];

export const trickNamed = (name: string, on: readonly Trick["on"][]): Trick => {
  const able = MENU.filter((trick) => on.includes(trick.on));
  const found = able.find((trick) => trick.name === name);
  if (!found) {
    const names = able.map((trick) => trick.name).join(", ");
    throw new UsageError(`${JSON.stringify(name)} is unknown, there are: ${names}`);
  }
  return found;
};
