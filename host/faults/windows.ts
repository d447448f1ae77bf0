import { HUB } from "../../firmware/index.js";
import { UsageError } from "../base/error.js";
import { boardNamed } from "../network/network.js";
import type { Network } from "../network/network.js";
import { planOf } from "../plan/plan.js";
import type { Moment, Window } from "./asked.js";
import type { SynchronyKind } from "./fault.js";
import { CYCLES_MAX, NUMBER_LAST } from "./limits.js";
import { synchronyFaultNamed } from "./registry.js";

/** Windows in which the network is not synchronous, read from the command line's words. */

/** Rounds by which a board may be ahead or behind, or anything may come again. */
const ROUNDS_MAX = 64;

const shown = (word: string): string => JSON.stringify(word);

const endNamed = (network: Network, name: string): number => {
  const isHub = name === "hub" && !network.boards.some((board) => board.name === name);
  return isHub ? HUB : boardNamed(network, name).number;
};

const wholeIn = (text: string, low: number, high: number, what: string): number => {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= low && value <= high) return value;
  throw new UsageError(`${shown(text)} must be a whole number of ${what}, ${low} to ${high}`);
};

const chanceIn = (text: string): number => {
  const value = Number(text);
  if (/^[\d.eE-]+$/.test(text) && value >= 0 && value <= 1) return value;
  throw new UsageError(`${shown(text)} is no probability, it must be from 0 to 1`);
};

const pairIn = (text: string, takes: string): readonly [string, string] => {
  const parts = text.split(":");
  if (parts.length === 2) return parts as [string, string];
  throw new UsageError(`${shown(text)} must be ${takes}`);
};

/** Groups by names; who is in none is with all others who are in none. */
const groupsIn = (network: Network, text: string): number[][] => {
  const groups = text.split("/").map((names) =>
    names.split(",").map((name) => boardNamed(network, name).number));
  const named = groups.flat();
  const twice = named.find((board, at) => named.indexOf(board) < at);
  if (twice !== undefined) {
    throw new UsageError(`board ${network.boards[twice]!.name} is in two groups`);
  }
  const others = network.boards.map(({ number }) => number)
    .filter((board) => !named.includes(board));
  const all = others.length ? [...groups, others] : groups;
  if (all.length < 2) throw new UsageError("one group of all boards parts nobody");
  return all;
};

type What = Pick<Window, "amount" | "groups">;

/** What stands between = and @, and back. */
interface Reader {
  readonly read: (network: Network, what: string, takes: string) => What;
  readonly write: (what: What, nameOf: (end: number) => string) => string;
}

const counted = (most: number, things: string): Reader => ({
  read: (_network, what) => ({ amount: wholeIn(what, 1, most, things), groups: [] }),
  write: ({ amount }) => String(amount),
});

const READERS: Readonly<Record<SynchronyKind["takes"], Reader>> = {
  "CHANCE": {
    read: (_network, what) => ({ amount: chanceIn(what), groups: [] }),
    write: ({ amount }) => String(amount),
  },
  "BOARD:BOARD": {
    read(network, what, takes) {
      const ends = pairIn(what, takes).map((name) => endNamed(network, name));
      if (ends[0] === ends[1]) throw new UsageError(`${shown(what)} must be two ends, not one`);
      return { amount: 0, groups: ends.map((end) => [end]) };
    },
    write: ({ groups }, nameOf) => groups.map((group) => group.map(nameOf).join(",")).join(":"),
  },
  "BOARDS/BOARDS": {
    read: (network, what) => ({ amount: 0, groups: groupsIn(network, what) }),
    write: ({ groups }, nameOf) => groups.map((group) => group.map(nameOf).join(",")).join("/"),
  },
  "BOARD:ROUNDS": {
    read(network, what, takes) {
      const [name, rounds] = pairIn(what, takes);
      return {
        amount: wholeIn(rounds, 1, ROUNDS_MAX, "rounds"),
        groups: [[boardNamed(network, name).number]],
      };
    },
    write: ({ amount, groups }, nameOf) => `${groups.flat().map(nameOf).join(",")}:${amount}`,
  },
  "BOARD": {
    read: (network, what) => ({ amount: 0, groups: [[boardNamed(network, what).number]] }),
    write: ({ groups }, nameOf) => groups.flat().map(nameOf).join(","),
  },
  "ROUNDS": counted(ROUNDS_MAX, "rounds"),
  "CYCLES": counted(CYCLES_MAX, "cycles"),
};

const whatOf = (network: Network, { takes }: SynchronyKind, what: string): What =>
  READERS[takes].read(network, what, takes);

const whatText = (network: Network, { takes }: SynchronyKind, what: What): string =>
  READERS[takes].write(what, (end) =>
    (end === HUB ? "hub" : network.boards[end]?.name ?? String(end)));

const WORD = /^(\w+)=([^@=]+)@(\d+)(?:\.(\d+))?(?:-(\d+)(?:\.(\d+))?)?$/;

const after = ([cycle, round]: Moment, [other, later]: Moment): boolean =>
  cycle > other || (cycle === other && round > later);

/** @returns what is wrong with when a window is open, or "" */
const wrongTime = (
  { rounds, wiring }: Network, kind: SynchronyKind, from: Moment, to: Moment,
): string => {
  if (wiring) return "windows are emulated on a star only, and this is a shared wire";
  for (const [cycle, round] of [from, to]) {
    const there = cycle >= 0 && cycle <= CYCLES_MAX && cycle % 1 === 0;
    if (!there) return `there is no cycle ${cycle}`;
    if (!(round >= 1 && round <= rounds + 1 && round % 1 === 0)) {
      return `round ${round} must be 1 to ${rounds}, or ${rounds + 1}: the closing beacon`;
    }
  }
  if (after(from, to)) return "it ends before it begins";
  return kind.moment && after(to, from)
    ? `${kind.name} is at one time, @CYCLE or @CYCLE.ROUND` : "";
};

const windowOf = (network: Network, word: string): Window => {
  const match = WORD.exec(word);
  if (!match) {
    throw new UsageError("must be NAME=WHAT@WHEN, WHEN as in 3, 3.2, 2-5 or 2.1-5.3");
  }
  const [, name = "", what = "", cycle = "", round, until = cycle, last] = match;
  const kind = synchronyFaultNamed(name);
  const from = [Number(cycle), Number(round ?? 1)] as const;
  // A cycle ends with its closing beacon, and one round is one round.
  const end = match[5] === undefined ? round : last;
  const to = [
    Number(until), kind.moment && match[5] === undefined ? from[1] : Number(end ??
      network.rounds + 1),
  ] as const;
  const wrong = wrongTime(network, kind, from, to);
  if (wrong) throw new UsageError(wrong);
  return { name, from, to, ...whatOf(network, kind, what) };
};

/** @throws UsageError naming the word, and what would be right */
export const parseWindows = (network: Network, words: readonly string[]): Window[] =>
  words.map((word) => {
    try {
      return windowOf(network, word);
    } catch (thrown) {
      throw new UsageError(`--async: ${shown(word)}: ${(thrown as Error).message}`);
    }
  });

/**
 * Holds windows that nobody parsed to what may be asked for.
 *
 * @throws UsageError naming the entry, and what would be right
 */
export const checkWindows = (network: Network, windows: readonly Window[]): void => {
  windows.forEach((window, at) => {
    try {
      const kind = synchronyFaultNamed(window.name);
      const wrong = wrongTime(network, kind, window.from, window.to);
      if (wrong) throw new UsageError(wrong);
      // What a word says of it must say the same of it again.
      whatOf(network, kind, whatText(network, kind, window));
    } catch (thrown) {
      throw new UsageError(`troubles.windows[${at}]: ${(thrown as Error).message}`);
    }
  });
};

/** @returns the window in words, for people */
export const windowText = (network: Network, window: Window): string => {
  const { name, from, to } = window;
  const kind = synchronyFaultNamed(name);
  const closing = network.rounds + 1;
  const start = from[1] > 1 ? from.join(".") : String(from[0]);
  const end = to[1] < closing ? to.join(".") : String(to[0]);
  const when = kind.moment || start === end ? `at ${start}` : `${start} to ${end}`;
  return `${kind.help} (${name}=${whatText(network, kind, window)}), ${when}`;
};

/** How many rounds there have been before, closing beacons counted; round 0 is the closing one. */
export const stepOf = ({ rounds }: Network, cycle: number, round: number): number =>
  cycle * (rounds + 1) + (round || rounds + 1);

/** Whether a cycle is not promised to be synchronous: a window reaches into it. */
export const asynchronousIn = (
  network: Network, windows: readonly Window[], cycle: number,
): boolean => windows.some((window) => {
  const { harmless, heldBack } = synchronyFaultNamed(window.name);
  if (harmless) return false;
  const plan = planOf(network);
  const last = window.to[0] + Math.ceil((heldBack?.(window, plan) ?? 0) / plan.shortest);
  return cycle >= window.from[0] && cycle <= last;
});

/** The number that the hub gives a cycle. */
export const numberOf = (
  { file }: Network, windows: readonly Window[], cycle: number,
): number => windows.reduce((sum, window) => {
  const { jumps } = synchronyFaultNamed(window.name);
  return jumps && window.from[0] <= cycle ? sum + jumps(window) : sum;
}, cycle + (file.first_cycle ?? 0));

/** The last number that a cycle of a network may have: where messages are signed, leaves end. */
export const lastNumberOf = ({ signing }: Network): number =>
  (signing ? signing.cycles - 1 : NUMBER_LAST);

/** @throws UsageError where so many cycles need a number that no hub may use */
export const refuseNumbers = (
  network: Network, windows: readonly Window[], cycles: number,
): void => {
  const [last, most] = [numberOf(network, windows, cycles - 1), lastNumberOf(network)];
  if (last <= most) return;
  throw new UsageError(`cycles: the last one has the number ${last}, it must be at most ${most}`);
};
