import { UsageError } from "../base/error.js";
import { boardNamed } from "../network/network.js";
import type { Network } from "../network/network.js";
import { planOf } from "../plan/plan.js";
import { CYCLES_MAX } from "./limits.js";
import { faultNamed } from "./menu.js";
import type { Fault } from "./menu.js";
import { checkWindows } from "./windows.js";
import type { Window } from "./windows.js";

/** What a person asked to go wrong, read from the command line's words. */

/** A line fault: `drop=0.01`, or `drop@c=0.01` for the lines of one board. */
export interface LineFault {
  readonly name: string;
  readonly probability: number;
  /** The board whose lines have it, which then counts as faulty; -1: all lines. */
  readonly board: number;
}

/** A board that fails or lies: `c=equivocate`, `c=late:0`, `c=crash:3.2`. */
export interface Traitor {
  readonly board: number;
  readonly name: string;
  readonly parameter: readonly number[];
}

export interface Troubles {
  readonly lines: readonly LineFault[];
  readonly traitors: readonly Traitor[];
  /** When the network is not synchronous; none unless told. */
  readonly windows?: readonly Window[];
}

const isChance = (probability: number): boolean => probability >= 0 && probability <= 1;

/** @throws UsageError naming the word, and what would be right */
export const parseFaults = (network: Network, words: readonly string[]): LineFault[] =>
  words.flatMap((word) => word.split(",")).map((word) => {
    const match = /^(\w+)(?:@([\w-]+))?=([\d.eE-]+)$/.exec(word);
    if (!match) {
      throw new UsageError(
        `--faults: ${JSON.stringify(word)} must be NAME=PROBABILITY or NAME@BOARD=PROBABILITY`,
      );
    }
    const [, name = "", board, chance] = match;
    const probability = Number(chance);
    if (!isChance(probability)) {
      throw new UsageError(
        `--faults: ${word}: ${chance} is no probability, it must be from 0 to 1`,
      );
    }
    return {
      name: named("--faults", () => faultNamed(name, ["line", "hub"], !!network.wiring).name),
      probability,
      board: board === undefined ? -1 : named("--faults", () => boardNamed(network, board).number),
    };
  });

const named = <Found>(option: string, find: () => Found): Found => {
  try {
    return find();
  } catch (thrown) {
    throw new UsageError(`${option}: ${(thrown as Error).message}`);
  }
};

/**
 * A frame that is later than a cycle is long would be one of many that wait, more each cycle. One
 * before the deadline, and a stop in round 0, the closing one, are for programs to ask.
 *
 * @returns what is wrong with a trick's parameter, or ""
 */
const wrongIn = (network: Network, { name, parameter }: Fault, numbers: readonly number[]) => {
  if (!parameter) return "";
  const [first = 0, round = 0] = numbers;
  if (numbers.length !== parameter.fallback.length || !numbers.every(Number.isInteger) ||
      round < 0) {
    return `${name} takes ${parameter.means}`;
  }
  const [means] = parameter.means.split(".");
  const late = name === "late";
  const most = late ? planOf(network).period : CYCLES_MAX;
  const least = late ? -most : 0;
  if (first < least) return `${means} ${first} must be at least ${least}`;
  return first > most
    ? `${means} ${first} must be at most ${most}${late ? ", a cycle's period" : ""}` : "";
};

const parameterOf = (
  network: Network, word: string, trick: Fault, given: string | undefined,
): readonly number[] => {
  if (!trick.parameter) return [];
  if (given === undefined) return trick.parameter.fallback;
  const numbers = given.split(".").map((part) => (part ? Number(part) : Number.NaN));
  const wrong = wrongIn(network, trick, numbers);
  if (wrong) throw new UsageError(`--traitor: ${word}: ${wrong}`);
  const [, second = 1] = numbers;
  if (trick.parameter.means === "CYCLE.CYCLES") {
    if (second >= 1) return numbers;
    throw new UsageError(`--traitor: ${word}: CYCLES ${second} must be at least 1`);
  }
  const round = second;
  if (round < 1 || round > network.rounds) {
    throw new UsageError(`--traitor: ${word}: round ${round} must be 1 to ${network.rounds}`);
  }
  return numbers;
};

const refuseTwice = (network: Network, where: string, traitors: readonly Traitor[]): void => {
  const firstOf = (board: number) => traitors.findIndex((one) => one.board === board);
  const twice = traitors.find(({ board }, at) => firstOf(board) < at);
  if (twice) {
    throw new UsageError(`${where}: board ${network.boards[twice.board]!.name} is given twice`);
  }
};

/** @throws UsageError naming the word, and what would be right */
export const parseTraitors = (network: Network, words: readonly string[]): Traitor[] => {
  const traitors = words.map((word) => {
    const match = /^([\w-]+)=(\w+)(?::([\d.]+))?$/.exec(word);
    if (!match) {
      throw new UsageError(
        `--traitor: ${JSON.stringify(word)} must be BOARD=BEHAVIOUR or BOARD=BEHAVIOUR:PARAMETER`,
      );
    }
    const [, board = "", name = "", parameter] = match;
    const trick = named("--traitor", () => faultNamed(name, ["board", "liar"], !!network.wiring));
    if (parameter !== undefined && !trick.parameter) {
      throw new UsageError(`--traitor: ${word}: ${name} takes no parameter`);
    }
    return {
      board: named("--traitor", () => boardNamed(network, board).number), name,
      parameter: parameterOf(network, word, trick, parameter),
    };
  });
  refuseTwice(network, "--traitor", traitors);
  return traitors;
};

const numbered = ({ boards }: Network, board: number, low: number): void => {
  if (Number.isInteger(board) && board >= low && board < boards.length) return;
  throw new UsageError(`board ${board} must be a whole number from ${low} to ${boards.length - 1}`);
};

/**
 * Holds troubles that nobody parsed to what may be asked for.
 *
 * @throws UsageError naming the entry, and what would be right
 */
export const checkTroubles = (
  network: Network, { lines, traitors, windows = [] }: Troubles,
): void => {
  checkWindows(network, windows);
  lines.forEach(({ name, probability, board }, at) => {
    named(`troubles.lines[${at}]`, () => {
      faultNamed(name, ["line", "hub"], !!network.wiring);
      numbered(network, board, -1);
      if (!isChance(probability)) {
        throw new UsageError(`probability ${probability} must be from 0 to 1`);
      }
    });
  });
  traitors.forEach(({ name, board, parameter }, at) => {
    named(`troubles.traitors[${at}]`, () => {
      const trick = faultNamed(name, ["board", "liar"], !!network.wiring);
      const wrong = wrongIn(network, trick, parameter);
      if (wrong) throw new UsageError(wrong);
      numbered(network, board, 0);
    });
  });
  refuseTwice(network, "troubles.traitors", traitors);
};

/**
 * The last cycle in which a restarted board is not whole yet. One that signs skips the leaves that
 * were reserved, up to the end of their block, and commands nothing until then.
 */
const wholeAfter = (since: number, { signing, shape }: Network): number => {
  const reserve = signing && shape.traitors ? signing.reserve : 1;
  return (Math.floor(since / reserve) + 1) * reserve - 1;
};

/**
 * @returns which boards count as faulty in a cycle: those that lie, those that fail, from when they
 *   fail until they are whole again, and those whose own lines are bad
 */
export const faultyIn = (
  network: Network, { lines, traitors, windows = [] }: Troubles, cycle: number,
): Set<number> => {
  const faulty = new Set<number>();
  for (const { board } of lines) if (board >= 0) faulty.add(board);
  for (const { board, name, parameter } of traitors) {
    const [since = 0, cycles = 0] = parameter;
    if (name === "unplug") {
      if (cycle >= since && cycle < since + cycles) faulty.add(board);
      continue;
    }
    const until = name === "crash" ? Infinity : Math.max(since + 1, wholeAfter(since, network));
    if ((name !== "crash" && name !== "restart") || (cycle >= since && cycle <= until)) {
      faulty.add(board);
    }
  }
  for (const { name, from: [since], groups } of windows) {
    if (name === "reset" && cycle >= since && cycle <= wholeAfter(since, network)) {
      faulty.add(groups[0]![0]!);
    }
  }
  return faulty;
};

/**
 * @param round that the hub opens, 0 where it closes the cycle; -1: the cycle has not begun
 * @returns the boards whose power comes back then
 */
export const restartsAt = (
  { rounds }: Network, { traitors, windows = [] }: Troubles, cycle: number, round: number,
): number[] => {
  if (round < 0) {
    return traitors.filter(({ name, parameter: [stopped] }) =>
      name === "restart" && stopped === cycle - 1).map(({ board }) => board);
  }
  return windows.flatMap(({ name, from: [during, at], groups }) =>
    (name === "reset" && during === cycle && at === (round || rounds + 1) ? groups[0]! : []));
};
