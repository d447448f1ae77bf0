import { UsageError } from "../base/error.js";

/**
 * Everything that can be made to go wrong, in one menu. Help, documents and checks read it here.
 */
export interface Fault {
  readonly name: string;
  /** `line` and `hub`: by `--faults`, with a probability. `board` and `liar`: by `--traitor`. */
  readonly on: "line" | "hub" | "board" | "liar";
  readonly help: string;
  /** What its parameter means, and what it is unless told; absent: it takes none. */
  readonly parameter?: { readonly means: string; readonly fallback: readonly number[] };
}

const AT = { means: "CYCLE.ROUND", fallback: [2, 2] };

export const MENU: readonly Fault[] = [
  { name: "drop", on: "line", help: "a frame is lost on a link" },
  { name: "delay", on: "line", help: "a frame comes up to a round late on a link" },
  { name: "duplicate", on: "line", help: "a frame comes twice" },
  { name: "reorder", on: "line", help: "a frame comes after one that follows at once" },
  { name: "truncate", on: "line", help: "the end of a frame is missing" },
  { name: "flip", on: "line", help: "one bit of a frame is wrong" },
  { name: "noise", on: "line", help: "up to 16 random bytes come before a frame" },
  { name: "alter", on: "hub", help: "the hub changes a value in a frame that it passes on" },
  { name: "swap", on: "hub", help: "the hub passes on what another board said" },
  { name: "replay", on: "hub", help: "the hub passes on what the board said before" },
  { name: "invent", on: "hub", help: "the hub passes on what nobody said" },
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
  {
    name: "copies", on: "liar",
    help: "two boards under its name, each honest to the half of the boards that it hears",
  },
];

/** What means nothing where all hear the same bits at the same time. */
const STAR_ONLY: Readonly<Record<string, string>> = {
  delay: "it has no links on which one could be late",
  duplicate: "it has no links that could bring a frame twice",
  reorder: "it has no links on which one could overtake another",
  edge: "all hear a frame at the same time",
  alter: "nobody passes anything on",
  swap: "nobody passes anything on",
  replay: "nobody passes anything on",
  invent: "nobody passes anything on",
  equivocate: "all hear the same; marginal has some not hear it",
  collude: "all hear the same; marginal has some not hear it",
  split: "all hear the same; marginal has some not hear it",
};

const WIRE_ONLY: readonly Fault[] = [
  { name: "marginal", on: "board", help: "every other receiver finds its frames garbled" },
  { name: "jam", on: "board", help: "sends garbage while others speak" },
  { name: "forge", on: "board", help: "speaks in others' names in its slot, polled or not" },
  { name: "usurp", on: "board", help: "sends beacons in its slot, which close and open rounds" },
];

/** The same for a wire that all share: what means something there. */
export const WIRE_MENU: readonly Fault[] = [
  ...MENU.filter(({ name }) => !(name in STAR_ONLY)).map((trick) =>
    (trick.name === "late" ? { ...trick, help: "its frames end this long after its slot" }
      : trick.name === "random" ? { ...trick, help: "tells all something random, or nothing" }
      : trick.name === "babble" ? { ...trick, help: "jams, forges and usurps as it comes" }
      : trick)),
  ...WIRE_ONLY,
];

/** What breaks synchrony, while a window is open: by `--async`. */
export interface SynchronyFault {
  readonly name: string;
  /** What stands between = and @. */
  readonly takes: "CHANCE" | "BOARD:BOARD" | "BOARDS/BOARDS" | "BOARD:ROUNDS" | "BOARD" | "ROUNDS" |
    "CYCLES";
  readonly help: string;
  /** It happens at one time, and has no end. */
  readonly moment?: true;
  /** Every message is in time even so, and everything is promised as ever. */
  readonly harmless?: true;
}

export const ASYNCHRONY: readonly SynchronyFault[] = [
  { name: "loss", takes: "CHANCE", help: "any message is lost with this chance" },
  { name: "late", takes: "CHANCE", help: "any message is up to a cycle late with this chance" },
  {
    name: "oneway", takes: "BOARD:BOARD",
    help: "nothing reaches the second from the first; hub may be an end",
  },
  {
    name: "partition", takes: "BOARDS/BOARDS",
    help: "groups of boards do not hear each other",
  },
  {
    name: "ahead", takes: "BOARD:ROUNDS",
    help: "from the second round on, it hears beacons so many rounds early",
  },
  { name: "behind", takes: "BOARD:ROUNDS", help: "it hears everything so many rounds late" },
  { name: "echo", takes: "ROUNDS", help: "every message comes again so many rounds later" },
  {
    name: "reset", takes: "BOARD", moment: true, harmless: true,
    help: "it loses power for a moment, and is faulty in that cycle",
  },
  {
    name: "stall", takes: "ROUNDS", harmless: true,
    help: "the hub begins each round so many rounds late",
  },
  {
    name: "jump", takes: "CYCLES", moment: true, harmless: true,
    help: "the hub's numbers of cycles go up by so many",
  },
];

export const synchronyFaultNamed = (name: string): SynchronyFault => {
  const found = ASYNCHRONY.find((breach) => breach.name === name);
  if (found) return found;
  const names = ASYNCHRONY.map((breach) => breach.name).join(", ");
  throw new UsageError(`${JSON.stringify(name)} is unknown, there are: ${names}`);
};

/** @param wired whether it is for a wire that all share */
export const faultNamed = (name: string, on: readonly Fault["on"][], wired = false): Fault => {
  const able = (wired ? WIRE_MENU : MENU).filter((trick) => on.includes(trick.on));
  const found = able.find((trick) => trick.name === name);
  if (wired && !found && name in STAR_ONLY) {
    throw new UsageError(`${name} means nothing on a shared wire: ${STAR_ONLY[name]!}`);
  }
  if (!found) {
    const names = able.map((trick) => trick.name).join(", ");
    throw new UsageError(`${JSON.stringify(name)} is unknown, there are: ${names}`);
  }
  return found;
};
