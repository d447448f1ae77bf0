import { firstRound, lastRound } from "../../firmware/index.js";
import { UsageError } from "../base/error.js";
import { boardNamed } from "../network/network.js";
import type { Network } from "../network/network.js";
import type { LineFault, Traitor, Troubles } from "./asked.js";
import type { TraitorKind } from "./fault.js";
import { wholeAfter } from "./power.js";
import { FAULTS, WIRE_FAULTS, lineKind, synchronyFaultNamed, traitorKind } from "./registry.js";
import { checkWindows, numberOf } from "./windows.js";

/** What a person asked to go wrong, read from the command line's words. */

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
      name: named("--faults", () => lineKind(network, name).name),
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

/** @returns what is wrong with a fault's parameter, or "" */
const wrongIn = (
  network: Network, { name, parameter }: TraitorKind, numbers: readonly number[],
): string => {
  if (!parameter) return "";
  const [first = 0, second = 0] = numbers;
  return numbers.length !== parameter.fallback.length || !numbers.every(Number.isInteger) ||
    second < 0 ? `${name} takes ${parameter.means}` : parameter.wrong(network, first);
};

const parameterOf = (
  network: Network, word: string, kind: TraitorKind, given: string | undefined,
): readonly number[] => {
  if (!kind.parameter) return [];
  if (given === undefined) return kind.parameter.fallback;
  const numbers = given.split(".").map((part) => (part ? Number(part) : Number.NaN));
  const wrong = wrongIn(network, kind, numbers) ||
    kind.parameter.wrongSecond(network, numbers[1] ?? 0);
  if (wrong) throw new UsageError(`--traitor: ${word}: ${wrong}`);
  return numbers;
};

/** LEARN.1: a learner says nothing. @throws UsageError where it is to say something wrong */
const refuseLearner = (network: Network, { board, name }: Traitor): void => {
  const { isDown } = traitorKind(network, name);
  const { name: whose, layout } = network.boards[board]!;
  if (isDown || !layout.learner) return;
  const able = (network.wiring ? WIRE_FAULTS : FAULTS)
    .filter((kind) => "isDown" in kind && kind.isDown).map((kind) => kind.name);
  throw new UsageError(`${whose}=${name}: ${whose} is a learner, which says nothing and so tells ` +
    `no lie, there are: ${able.join(", ")}`);
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
    const kind = named("--traitor", () => traitorKind(network, name));
    if (parameter !== undefined && !kind.parameter) {
      throw new UsageError(`--traitor: ${word}: ${name} takes no parameter`);
    }
    const traitor = {
      board: named("--traitor", () => boardNamed(network, board).number), name,
      parameter: parameterOf(network, word, kind, parameter),
    };
    named("--traitor", () => {
      refuseLearner(network, traitor);
    });
    return traitor;
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
      lineKind(network, name);
      numbered(network, board, -1);
      if (!isChance(probability)) {
        throw new UsageError(`probability ${probability} must be from 0 to 1`);
      }
    });
  });
  traitors.forEach(({ name, board, parameter }, at) => {
    named(`troubles.traitors[${at}]`, () => {
      const kind = traitorKind(network, name);
      const wrong = wrongIn(network, kind, parameter);
      if (wrong) throw new UsageError(wrong);
      numbered(network, board, 0);
      refuseLearner(network, { name, board, parameter });
    });
  });
  refuseTwice(network, "troubles.traitors", traitors);
};

const NO_ONE: ReadonlySet<number> = new Set();

/**
 * @returns which boards count as faulty in a cycle: those that lie, those that fail, from when they
 *   fail until they are whole again, and those whose own lines are bad
 */
export const faultyIn = (
  network: Network, { lines, traitors, windows = [] }: Troubles, cycle: number,
): ReadonlySet<number> => {
  if (!lines.length && !traitors.length && !windows.length) return NO_ONE;
  const faulty = new Set<number>();
  for (const { board } of lines) if (board >= 0) faulty.add(board);
  for (const { board, name, parameter } of traitors) {
    const { isFaulty } = traitorKind(network, name);
    if (isFaulty?.(parameter, cycle, network) ?? true) faulty.add(board);
  }
  for (const { name, from: [since], groups } of windows) {
    if (synchronyFaultNamed(name).resets && cycle >= since && cycle <= wholeAfter(since, network)) {
      faulty.add(groups[0]![0]!);
    }
  }
  return faulty;
};

const NOBODY: readonly number[] = [];

/**
 * @param round that the hub opens, 0 where it closes the cycle; -1: the cycle has not begun
 * @returns the boards whose power comes back then
 */
export const restartsAt = (
  network: Network, { traitors, windows = [] }: Troubles, cycle: number, round: number,
): readonly number[] => {
  if (round < 0) {
    if (!traitors.length) return NOBODY;
    return traitors.filter(({ name, parameter }) =>
      traitorKind(network, name).restarts?.(parameter, cycle)).map(({ board }) => board);
  }
  const { layout } = network.boards[0]!;
  const number = numberOf(network, windows, cycle);
  const [first, last] = [firstRound(layout, number), lastRound(layout, number)];
  // A round that this cycle does not have is taken for its next beacon.
  const stepFor = (at: number) => (at > last ? 0 : Math.max(at, first));
  return windows.flatMap(({ name, from: [during, at], groups }) =>
    (synchronyFaultNamed(name).resets && during === cycle && stepFor(at) === round
      ? groups[0]! : []));
};
