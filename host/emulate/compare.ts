import type { AlgorithmKind, Balloting } from "../algorithms/algorithm.js";
import { ALGORITHMS } from "../algorithms/registry.js";
import { UsageError } from "../base/error.js";
import { parseTraitors } from "../faults/troubles.js";
import type { Troubles } from "../faults/asked.js";
import { numberOf, parseWindows } from "../faults/windows.js";
import { ballotFields } from "../network/ballots.js";
import { parseNetwork } from "../network/network.js";
import type { Network } from "../network/network.js";
import { madeUp } from "../network/readings.js";
import type { Readings } from "../network/readings.js";
import { cycleIn, memoryOf, planOf } from "../plan/plan.js";
import { emulate } from "./emulate.js";
import type { CycleRecord } from "./emulate.js";

/**
 * One network under each algorithm that its boards can run, with the same readings and the same
 * faults: what a decision costs, and what becomes of decisions.
 */

/** What goes wrong, by board numbers. */
export interface Trial {
  readonly name: string;
  readonly help: string;
  readonly troubles: (network: Network) => Troubles;
  /** Whether it takes a window, which is emulated on a star only. */
  readonly window?: true;
}

/** How an algorithm came through a trial. */
export interface Outcome {
  readonly trial: string;
  /** Cycles in which something new was decided by all correct boards alike, or slots. */
  readonly decided: number;
  /** Cycles in which two correct boards held, or decided, different things. */
  readonly split: number;
  /** Cycles after which a board waited for an outcome, of a commit; null: of another algorithm. */
  readonly blocked: number | null;
  /** Transactions that a correct board committed; null: of another algorithm. */
  readonly committed: number | null;
  /** Whether anything of it is promised: not where a board lies and none may. */
  readonly promised: boolean;
  /** Until all correct boards had decided first: cycles, and microseconds; null: they never had. */
  readonly first_cycles: number | null;
  readonly first_us: number | null;
}

export interface Compared {
  readonly algorithm: string;
  /** With what leader, where that is to choose. */
  readonly leader: string | null;
  /** "none": boards propose against each other (DUEL.1). */
  readonly leases: "none" | null;
  /** Why these boards cannot run it; null: they can. */
  readonly unfit: string | null;
  /** What it rests on. */
  readonly assumes: string;
  /** Outside of that, what comes of it. */
  readonly breaks: string;
  /** Of the run without faults, for each decision: bytes on the busiest link, and microseconds. */
  readonly bytes_a_decision: number | null;
  readonly us_a_decision: number | null;
  /** Bytes of the largest board's arena and routes. */
  readonly memory_bytes: number | null;
  readonly outcomes: readonly Outcome[];
}

const NOTHING: Troubles = { lines: [], traitors: [] };

const withTraitor = (board: number, how: string) => (network: Network): Troubles =>
  ({ ...NOTHING, traitors: parseTraitors(network, [`${network.boards[board]!.name}=${how}`]) });

const withWindow = (word: (names: readonly string[]) => string) => (network: Network): Troubles =>
  ({ ...NOTHING, windows: parseWindows(network, [word(network.boards.map(({ name }) => name))]) });

const half = (names: readonly string[]) => names.length >> 1;

/** Board 0 is the first that leads where one leads, and a board as any other elsewhere. */
export const TRIALS: readonly Trial[] = [
  { name: "none", help: "nothing goes wrong", troubles: () => NOTHING },
  { name: "silent", help: "the first board says nothing", troubles: withTraitor(0, "silent") },
  // On a shared wire all hear the same.
  { name: "lies", help: "the first board tells each other board something else",
    troubles: (network) => withTraitor(0, network.wiring ? "random" : "equivocate")(network) },
  { name: "restart", help: "the second board begins anew in cycle 3",
    troubles: withTraitor(1, "restart:3.1") },
  { name: "parted", window: true, help: "two halves do not hear each other in cycles 3 to 6",
    troubles: withWindow((names) =>
      `partition=${names.slice(0, half(names)).join()}/${names.slice(half(names)).join()}@3-6`) },
  { name: "late", window: true, help: "messages are late by a chance of 0.2 in cycles 3 to 6",
    troubles: withWindow(() => "late=0.2@3-6") },
];

/** What of an algorithm is to choose. */
interface Choice {
  readonly leader?: "virtual" | "rotating";
  readonly leases?: "none";
}

/** What is asked of a commit, whatever the network decides otherwise. */
const COMMITTED = { value: "bool", decision: "unanimous", default: false };

/** What the file says that means something to this algorithm, and no more. */
const contentFor = (
  { file }: Network, algorithm: AlgorithmKind, { leader, leases }: Choice,
): object => {
  const { commander, signatures, ...bare } = file;
  const learns = algorithm.kind === "ballots" && algorithm.protocol.learners === true;
  const kept = Object.entries({
    // Where an algorithm has no learners, the other boards run it without them.
    ...bare, boards: file.boards.filter(({ learner }) => learns || !learner),
  }).filter(([name]) => !(name in ballotFields));
  const signs = algorithm.kind === "agreement" && algorithm.signs;
  const { keep, meanwhile, promises, reserve, review } = file;
  // A commit has a coordinator, the first board unless told, and remembers as it must.
  const ballots = algorithm.kind === "ballots" ? algorithm.protocol.phases
    ? { ...COMMITTED, keep, reserve: algorithm.remembers === "stored" ? undefined : reserve,
      promises: algorithm.remembers ?? promises,
      commander: algorithm.protocol.accepts ? undefined : commander ?? file.boards[0]!.name }
    : { keep, meanwhile, promises, reserve, leader, leases,
      review: algorithm.protocol.views && !leases ? review : undefined } : {};
  const told = Object.entries({
    ...ballots, algorithm: algorithm.name, signatures: signs ? signatures : undefined,
  })
    .filter(([, value]) => value !== undefined);
  return Object.fromEntries<unknown>([...kept, ...told]);
};

const assumed = (algorithm: AlgorithmKind, { leader, leases }: Choice): string => {
  if (algorithm.kind === "agreement") {
    return `every message in time${algorithm.signs ? "; signatures" : ""}`;
  }
  const { protocol } = algorithm;
  if (protocol.phases && algorithm.timely) {
    return "that nobody lies, messages in time, one crash at most";
  }
  if (protocol.phases) {
    return `that nobody lies, flash that keeps what was written; to decide: messages in time, ${
      protocol.accepts ? "more than half up" : "a coordinator that is up"}`;
  }
  if (leases) return "that nobody lies; to decide: luck";
  if (protocol.direct) {
    return "that nobody lies; to decide: messages in time, a leader that is up";
  }
  const led = protocol.views === true || leader === "rotating";
  return led ? "to decide: messages in time, a correct leader" : "to decide: messages in time";
};

/** The same of what is for boards that never lie. */
const breakingCrashes = (
  { protocol, timely }: Balloting, { leases }: Choice, { boards, shape }: Network,
): string => {
  const apart = "two boards act apart";
  if (timely) return `a lie, messages that are late or lost, or two crashes make ${apart}`;
  if (protocol.phases) {
    const spare = boards.length - protocol.quorum(boards.length, shape.traitors);
    const down = protocol.accepts ? `more than ${spare} down` : "no coordinator";
    return `a lie or flash that forgets makes ${apart}; ${down}: all wait, blocked`;
  }
  return `a lie makes ${apart}; ${leases
    ? "messages in time: proposers overtake each other for ever"
    : `more than ${shape.traitors} down: nothing is decided; nor while a leader is, until the ` +
      "review after the next"}`;
};

const breaking = (algorithm: AlgorithmKind, choice: Choice, network: Network): string => {
  const { traitors } = network.shape;
  const liars = `more than ${traitors} faulty board${traitors === 1 ? "" : "s"}`;
  if (algorithm.kind === "agreement") {
    return `late messages or ${liars} make two boards act apart${
      algorithm.signs ? ", and so does a stolen key" : ""}`;
  }
  if (algorithm.protocol.direct) return breakingCrashes(algorithm, choice, network);
  if (algorithm.protocol.views === true) {
    return `${liars}; a bad leader stops decisions until the review after the next`;
  }
  return choice.leader === "rotating" ? `${liars}; a bad leader costs its cycle` : liars;
};

/** What was decided in a run, from what its cycles are said to be. */
const outcomeOf = (trial: string, network: Network, records: readonly CycleRecord[]): Outcome => {
  const { ballots } = network;
  let [decided, split, waited, time, promised] = [0, 0, 0, 0, true];
  let first: readonly [number, number] | undefined;
  const knows = network.boards.map(() => -1);
  const committed = new Set<number>();
  for (const { cycle, agreement, blocked, faulty, decisions, verdict, time_us: us } of records) {
    time += us;
    const before = decided;
    decisions?.forEach((list, board) => {
      knows[board] = Math.max(knows[board]!, ...list.map(({ slot }) => slot));
      for (const { slot, value } of faulty.includes(board) ? [] : list) {
        if (value === true) committed.add(slot);
      }
    });
    if (ballots) {
      const correct = knows.filter((_, board) => !faulty.includes(board));
      decided = Math.max(decided, Math.min(...correct) + 1);
    } else if (agreement) decided++;
    if (!agreement) split++;
    if (blocked?.length) waited++;
    if (verdict === "outside") promised = false;
    if (decided > before) first ??= [cycle + 1, time];
  }
  return {
    trial, decided, split, promised,
    ...(ballots?.protocol.phases ? { blocked: waited, committed: committed.size }
      : { blocked: null, committed: null }),
    first_cycles: first?.[0] ?? null, first_us: first?.[1] ?? null,
  };
};

/** All are ready to commit, in each cycle: an abort is then what some trouble made. */
const readingsOf = (network: Network, seed: number): Readings =>
  (network.ballots?.protocol.phases ? () => network.boards.map(() => true)
    : madeUp(network, seed));

const runOne = async (
  network: Network, trial: Trial, cycles: number, seed: number,
): Promise<Outcome> => {
  const records: CycleRecord[] = [];
  await emulate({
    network, cycles, seed, readings: readingsOf(network, seed), troubles: trial.troubles(network),
    engine: "native", transport: "memory",
    onCycle(record) {
      records.push(record);
    },
  });
  return outcomeOf(trial.name, network, records);
};

/** What all cycles of a run carry and take, by their numbers. */
const costOf = (network: Network, cycles: number) => {
  const plan = planOf(network);
  const kinds = Array.from({ length: cycles }, (_, at) =>
    cycleIn(plan, network, numberOf(network, [], at)));
  const bits = kinds.reduce((sum, { period }) => sum + period, 0);
  return {
    bytes: kinds.reduce((sum, { busiest }) => sum + busiest, 0),
    us: (bits * 1e6) / network.file.baud,
  };
};

const choicesOf = (algorithm: AlgorithmKind): readonly Choice[] => {
  if (algorithm.kind === "agreement" || algorithm.protocol.phases) return [{}];
  if (!algorithm.protocol.views) return [{ leader: "virtual" }, { leader: "rotating" }];
  return algorithm.unleased ? [{}, { leases: "none" }] : [{}];
};

/** @returns the same network under each algorithm there is, in each way that is to choose */
export const variantsOf = (network: Network) => ALGORITHMS.flatMap((algorithm) =>
  choicesOf(algorithm).map((choice) => {
    const { leader = null, leases = null } = choice;
    const told = {
      algorithm: algorithm.name, leader, leases, assumes: assumed(algorithm, choice),
      breaks: breaking(algorithm, choice, network),
    };
    if (algorithm.kind === "agreement" && algorithm.signs && !network.signing) {
      const unfit = "signing takes long: only where the network file's own algorithm signs";
      return { ...told, network: undefined, unfit };
    }
    try {
      const content = contentFor(network, algorithm, choice);
      return { ...told, network: parseNetwork(content, "the network"), unfit: null };
    } catch (thrown) {
      if (!(thrown instanceof UsageError)) throw thrown;
      return { ...told, network: undefined, unfit: thrown.message.replace("the network: ", "") };
    }
  }));

/** The trials that this network can have: on a shared wire there are no windows. */
export const trialsOf = ({ wiring }: Network): readonly Trial[] =>
  TRIALS.filter(({ window }) => !wiring || !window);

/** @param each is told of a variant when it is done */
export const compare = async (
  network: Network, cycles: number, seed: number, each: (one: Compared) => Promise<void>,
): Promise<void> => {
  for (const { network: other, ...told } of variantsOf(network)) {
    if (!other) {
      await each({
        ...told, bytes_a_decision: null, us_a_decision: null, memory_bytes: null, outcomes: [],
      });
      continue;
    }
    const outcomes: Outcome[] = [];
    for (const trial of trialsOf(other)) outcomes.push(await runOne(other, trial, cycles, seed));
    const { bytes, us } = costOf(other, cycles);
    const { decided } = outcomes[0]!;
    const share = (all: number) => (decided ? Math.round(all / decided) : null);
    await each({
      ...told, bytes_a_decision: share(bytes), us_a_decision: share(us), outcomes,
      memory_bytes: Math.max(...other.boards.map((board) =>
        memoryOf(other, board).reduce((sum, term) => sum + term.bytes, 0))),
    });
  }
};
