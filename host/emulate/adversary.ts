import { firstRound, lastRound } from "../../firmware/index.js";
import { UsageError } from "../base/error.js";
import { faultyIn } from "../faults/troubles.js";
import { numberOf, parseWindows } from "../faults/windows.js";
import { emulate } from "./emulate.js";
import type { CycleRecord, Emulation } from "./emulate.js";

/**
 * The adversary of Fischer, Lynch and Paterson (1985): a scheduler that knows everything and delays
 * one message at a time, so that nobody ever decides (docs/leaders.md).
 *
 * What it knows it gets by trying: a run depends on its seed alone, so it delays one message, looks
 * whether anybody decides, and if so takes the delay back and tries another. What comes of it are
 * windows like any others, so that the same run comes out again without it.
 */

/** A message that comes too late, by board numbers. */
interface Delay {
  readonly cycle: number;
  readonly round: number;
  readonly from: number;
  readonly to: number;
}

export interface Schedule {
  /** As `--async` takes them. */
  readonly words: readonly string[];
  /** How often a run was tried. */
  readonly tried: number;
}

/** The first and the last cycle in which it may delay something. */
export interface Allowed {
  readonly from: number;
  readonly to: number;
}

const wordOf = ({ network: { boards } }: Emulation, { cycle, round, from, to }: Delay): string =>
  `oneway=${boards[from]!.name}:${boards[to]!.name}@${cycle}.${round}`;

/** Every message between correct boards of a cycle, those of the later rounds first. */
const messagesIn = (emulation: Emulation, cycle: number): Delay[] => {
  const { network, troubles } = emulation;
  const { layout } = network.boards[0]!;
  const faulty = faultyIn(network, troubles, cycle);
  const correct = network.boards.map(({ number }) => number).filter((one) => !faulty.has(one));
  const number = numberOf(network, troubles.windows ?? [], cycle);
  const delays: Delay[] = [];
  for (let round = lastRound(layout, number); round >= firstRound(layout, number); round--) {
    for (const from of correct) {
      for (const to of correct) if (from !== to) delays.push({ cycle, round, from, to });
    }
  }
  return delays;
};

/** What was enough in the cycle before may be so again. */
const likelyFirst = (messages: readonly Delay[], before: Delay | undefined): Delay[] => {
  const like = ({ round, from, to }: Delay) =>
    Number(round === before?.round && from === before.from && to === before.to);
  return messages.toSorted((one, other) => like(other) - like(one));
};

/** Whether no correct board decides anything in the last cycle of a run until then. */
const isUndecided = async (emulation: Emulation, words: readonly string[], cycle: number) => {
  const { network, troubles } = emulation;
  let last: CycleRecord | undefined;
  await emulate({
    network, seed: emulation.seed, readings: emulation.readings, engine: "native",
    transport: "memory", cycles: cycle + 1,
    troubles: {
      ...troubles, windows: [...troubles.windows ?? [], ...parseWindows(network, words)],
    },
    onCycle(record) {
      last = record;
    },
  });
  const faulty = new Set(last!.faulty);
  return last!.decisions!.every((list, board) => faulty.has(board) || !list.length);
};

/**
 * @param emulation what it is to keep undecided; windows of its own stay
 * @throws UsageError where each cycle decides, or where no one message is enough
 */
export const flpSchedule = async (
  emulation: Emulation, { from, to }: Allowed,
): Promise<Schedule> => {
  const { network } = emulation;
  if (!network.ballots) {
    throw new UsageError(`--adversary: "algorithm": "${network.file.algorithm}" gives an order ` +
      "in each cycle, whatever is late: there is no decision to keep from it");
  }
  const words: string[] = [];
  let tried = 0;
  let before: Delay | undefined;
  for (let cycle = from; cycle <= to; cycle++) {
    tried++;
    // In a review, or where too few are there, nobody decides as it is.
    if (await isUndecided(emulation, words, cycle)) continue;
    const messages = likelyFirst(messagesIn(emulation, cycle), before);
    let found: Delay | undefined;
    for (const message of messages) {
      tried++;
      if (await isUndecided(emulation, [...words, wordOf(emulation, message)], cycle)) {
        found = message;
        break;
      }
    }
    if (!found) {
      const advice =
        `. Let a board fail too, as in --traitor ${network.boards.at(-1)!.name}=silent`;
      const failing = faultyIn(network, emulation.troubles, cycle).size;
      throw new UsageError(`--adversary: in cycle ${cycle} no one message keeps all undecided: ` +
        `there are enough votes without it${failing ? "" : advice}`);
    }
    words.push(wordOf(emulation, found));
    before = found;
  }
  return { words, tried };
};

/** @throws UsageError where that is no adversary, or never begins */
export const parseAdversary = (word: string, cycles: number): Allowed => {
  const match = /^flp(?:@(\d+)(?:-(\d+))?)?$/.exec(word);
  if (!match) {
    throw new UsageError(`--adversary: ${JSON.stringify(word)} must be flp, flp@CYCLE or ` +
      "flp@FIRST-LAST");
  }
  const from = Number(match[1] ?? 0);
  const to = Number(match[2] ?? match[1] ?? cycles - 1);
  if (from > to || to >= cycles) {
    throw new UsageError(`--adversary: ${word}: cycles are 0 to ${cycles - 1}, the first before ` +
      "the last");
  }
  return { from, to };
};
