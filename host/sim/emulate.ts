import { HUB } from "../../firmware/index.js";
import { bytesOf } from "../bus/queue.js";
import { createBus } from "../bus/bus.js";
import { createWireBus } from "../bus/wire.js";
import type { Bus, Delivery } from "../bus/bus.js";
import type { Answer, Link } from "../bus/link.js";
import { memoryLink } from "../bus/memory.js";
import { mockLink } from "../bus/mock.js";
import type { Network } from "../network.js";
import { microsecondsOf, planOf } from "../plan.js";
import type { CycleEvent, Tracer } from "../trace/events.js";
import { silenceUs } from "../silence.js";
import { show } from "../values.js";
import type { Value } from "../values.js";
import type { BALLOT_PROPERTIES } from "./ballot-oracle.js";
import { createBallotCounts, createBallotWatch, judgedBoth, shownDecisions } from "./ballots.js";
import type { BallotWatch, Closed } from "./ballots.js";
import type { BoardState, Engine, SimBoard } from "./board.js";
import { checkEmulation, checkShown } from "./check.js";
import type { LINKS } from "./check.js";
import { createBoards, settle } from "./engines.js";
import { createTrouble } from "./faults.js";
import { createCopies } from "./copies.js";
import type { Copies } from "./copies.js";
import { PROPERTIES, judge, lawOf, promisedIn } from "./oracle.js";
import type { Judgement, Outcome } from "./oracle.js";
import type { Readings } from "./readings.js";
import { createRounds } from "./rounds.js";
import type { Rounds } from "./rounds.js";
import { createSilenceJudge } from "./silence.js";
import type { SilenceJudge } from "./silence.js";
import { faultyIn, restartsAt } from "./troubles.js";
import type { Troubles } from "./troubles.js";
import { refuseVacuous } from "./vacuous.js";
import { createWireTrouble } from "./wire-faults.js";
import { asynchronousIn, numberOf } from "./windows.js";
import { wiredBytes } from "./wired.js";

/** A network on emulated boards and wires, cycle after cycle, judged. */

export { LINKS } from "./check.js";

export interface Emulation {
  readonly network: Network;
  readonly cycles: number;
  readonly seed: number;
  readonly readings: Readings;
  readonly troubles: Troubles;
  readonly engine: Engine;
  readonly link: (typeof LINKS)[number];
  /** The path of Espruino's Linux build, which is the engine `espruino`. */
  readonly interpreter?: string;
  readonly tracer?: Tracer;
  /** Called after each cycle; may wait, for a person to see it in real time. */
  readonly onCycle?: (cycle: CycleRecord) => Promise<void> | void;
}

/** A line of `--json`. */
export type CycleRecord = Omit<CycleEvent, "e" | "t">;

/** What a judge of all cycles says of them. */
export interface Verdict {
  readonly summary: true;
  readonly cycles: number;
  readonly seed: number;
  /** In how many cycles each of them held. */
  readonly agreement: number;
  readonly validity: number;
  readonly truth: number;
  readonly termination: number;
  readonly order: number;
  /** In how many of them nothing but truth was promised; only where windows were asked for. */
  readonly asynchronous?: number;
  /**
   * Of ballots: in how many of them each of CS1 to CL2 held, and how many were synchronous with
   * enough boards, so that CL1 and CL2 asked for something. Agreement is CS2, validity CS1 and CS3.
   */
  readonly ballots?: Readonly<Record<(typeof BALLOT_PROPERTIES)[number] | "asked", number>>;
  readonly verdict: "held" | "broken";
  /** The first cycle in which something broke, or null. */
  readonly broken_cycle: number | null;
}

export interface Summary extends Verdict {
  /** No board's memory has grown since the tenth cycle, but for a few blocks on Espruino. */
  readonly bounded: boolean;
  /** Each board that heard no beacon for as long as the network file says put out the default. */
  readonly safe: boolean;
  readonly frames: number;
  readonly bytes: number;
  /** Emulated time, all cycles together. */
  readonly time_us: number;
  /** Bytes that each board uses, as its engine tells; of Espruino blocks, with the driver's. */
  readonly memory: readonly number[];
  /** What each board counted, by name. */
  readonly counts: readonly Readonly<Record<string, number>>[];
}

/** Cycles after which memory is measured the first time. */
const SETTLED = 10;
/**
 * What each engine may take after that. On Espruino, a place takes a block when a value is kept in
 * it for the first time, and some are rarely used. A board that takes one a cycle is found out.
 */
const LATER = { native: 0, bundle: 0, quickjs: 0, espruino: 16 };

interface Running {
  readonly options: Emulation;
  readonly boards: readonly SimBoard[];
  readonly copies: Copies;
  readonly bus: Bus;
  readonly link: Link;
  readonly rounds: Rounds;
  /** How many orders each board had carried out before this cycle. */
  readonly acted: number[];
  /** Boards that lose their power now. */
  readonly resets: number[];
  readonly ballots: BallotWatch | undefined;
  readonly silence: SilenceJudge;
  /** Boards whose output was not safe in a silence; of who lies or fails that is not promised. */
  readonly unsafe: Set<number>;
}

/** Boards that run elsewhere have taken in and answered what they were given. */
const settleAll = async ({ boards, copies, link }: Running): Promise<void> => {
  await copies.settled();
  await settle(boards);
  await link.settled();
};

/** Time has gone on at the boards. */
const tick = async (running: Running): Promise<number> => {
  const { options, boards, bus, silence, unsafe } = running;
  const { network, troubles } = options;
  // Nothing else that a board does has to do with time.
  if (network.file.silence_ms === undefined) return 0;
  const now = (bus.time * 1e6) / network.file.baud;
  for (const board of boards) board.tick(now);
  await settleAll(running);
  for (const board of silence.unsafe(now, (one) => boards[one]!.state().output)) {
    const fails = troubles.traitors.some((one) => one.board === board && one.name !== "unplug");
    if (!fails) unsafe.add(board);
  }
  return now;
};

/** They begin anew, with what they have stored. */
const restartAll = async ({ boards, acted, resets, ballots }: Running): Promise<void> => {
  for (const at of resets.splice(0)) {
    const board = boards[at]!;
    const { reading } = board;
    acted[at] = 0;
    ballots?.restarted(at);
    await board.restart();
    board.reading = reading;
  }
};

const runCycle = async (running: Running, cycle: number) => {
  const { options, boards, copies, bus, link, rounds, resets, ballots, silence } = running;
  const { network, readings, troubles, engine } = options;
  const elsewhere = engine === "espruino";
  const shown = [...readings(cycle)];
  for (const { board, name } of troubles.traitors) {
    if (name === "stuck") shown[board] = readings(0)[board];
  }
  resets.push(...restartsAt(network, troubles, cycle, -1));
  ballots?.open(cycle);
  await restartAll(running);
  checkShown(network, cycle, shown);
  boards.forEach((board, at) => {
    board.reading = shown[at];
  });
  copies.show(shown);
  ballots?.shown(shown);
  rounds.open(cycle);
  bus.open(cycle, network.boards.map((board) =>
    (board.limits.wired ? wiredBytes(network, shown[board.number]) : undefined)),
  numberOf(network, troubles.windows ?? [], cycle));
  const batch: Delivery[] = [];
  for (let next = bus.step(); next; next = bus.step()) {
    batch.length = 0;
    const now = await tick(running);
    for (let also: Delivery | undefined = next; also; also = bus.stepNow()) {
      rounds.take(also.sender, also.board, also.cycle, also.round, also.fate);
      silence.take(also, now);
      ballots?.heard({ ...also, bytes: bytesOf(also) });
      if (copies.take(also)) batch.push(also);
    }
    if (resets.length) await restartAll(running);
    const done = link.deliver(batch);
    if (done) await done;
    if (elsewhere) await settleAll(running);
    for (const { sender, round, board } of ballots ? batch : []) {
      if (sender === HUB && !round) ballots?.closed(board, boards[board]!.state());
    }
  }
  if (resets.length) await restartAll(running);
  await tick(running);
  return shown;
};

/** A cycle's number on the wire is that of the run, but for jumps. */
const cycleOf = (
  { network, troubles }: Emulation, cycle: number, { cycle: decided }: BoardState,
): number => (decided === numberOf(network, troubles.windows ?? [], cycle) ? cycle : -1);

/** All commanders' values are what was put in; with one commander the others put nothing in. */
const judgeCycle = (
  { options, rounds, acted }: Running, cycle: number,
  shown: readonly (Value | undefined)[], states: readonly BoardState[],
  faulty: ReadonlySet<number>, settled: readonly Value[],
): Judgement => {
  const outcomes: Outcome[] = states.map((state, board) => ({
    cycle: cycleOf(options, cycle, state), rounds: rounds.of(board),
    acts: state.acts - acted[board]!, vector: state.vector, order: state.order,
  }));
  return judge({ ...lawOf(options.network), settled }, cycle, shown, outcomes, faulty);
};

const record = (
  running: Running, cycle: number, shown: readonly (Value | undefined)[],
  states: readonly BoardState[], faulty: ReadonlySet<number>, judged: Judgement,
  ballot: Closed | undefined,
): CycleRecord => {
  const { bus, options } = running;
  const correct = (board: number) =>
    !faulty.has(board) && cycleOf(options, cycle, states[board]!) === cycle;
  const { troubles: { windows = [] } } = options;
  return {
    cycle, inputs: shown.map(show),
    vectors: states.map(({ vector }, board) => (correct(board) ? vector.map(show) : null)),
    orders: states.map(({ order }, board) => (correct(board) ? show(order) : null)),
    faulty: [...faulty].toSorted((one, other) => one - other),
    ...(asynchronousIn(options.network, windows, cycle) ? { asynchronous: true } : {}),
    ...(ballot ? { decisions: ballot.decisions.map(shownDecisions) } : {}),
    agreement: judged.agreement, validity: judged.validity,
    frames: bus.tally.frames, bytes: bus.tally.bytes,
    time_us: microsecondsOf(options.network, bus.time - bus.began),
  };
};

const connect = async (options: Emulation): Promise<Running> => {
  const { network, engine, link: name, seed, troubles, tracer, interpreter } = options;
  const plan = planOf(network);
  const trouble = network.wiring ? undefined : createTrouble(network, plan, troubles, seed);
  const resets: number[] = [];
  const watch: Tracer = (event) => {
    tracer?.(event);
    if (event.e !== "beacon") return;
    resets.push(...restartsAt(network, troubles, event.cycle, event.round));
  };
  const ballots = createBallotWatch(network, troubles);
  const watched = troubles.windows?.length ? watch : tracer;
  const bus = network.wiring
    ? createWireBus(network, plan, createWireTrouble(network, troubles, seed), watched)
    : createBus(network, plan, trouble, watched);
  let boards: SimBoard[] = [];
  const receive = (board: number, chunk: Uint8Array) => {
    boards[board]!.receive(chunk);
  };
  const answer: Answer = ballots
    ? (board, bytes, from, end) => {
      ballots.sent(board, bytes.subarray(from, end));
      bus.answer(board, bytes, from, end);
    }
    : bus.answer;
  let send = answer;
  let link = memoryLink(receive);
  if (name === "mock") {
    ({ link, send } = await mockLink(
      network.boards.length, network.file.baud, receive, answer,
    ));
  }
  boards = await createBoards(network, engine, send, network.boards, interpreter);
  return {
    options, boards, bus, link, rounds: createRounds(network.boards.length),
    copies: await createCopies(network, engine, troubles.traitors, (...said) => {
      trouble?.hear(...said);
    }, interpreter),
    acted: network.boards.map(() => 0), resets, ballots, unsafe: new Set(),
    silence: createSilenceJudge(network.boards.length, silenceUs(network), network.fallback),
  };
};

/** What the run as a whole has shown so far. */
const createTally = ({ network, troubles, cycles, seed }: Emulation) => {
  const { windows = [] } = troubles;
  const { limits } = network.boards[0]!;
  const held = { agreement: 0, validity: 0, truth: 0, termination: 0, order: 0 };
  const kept = createBallotCounts();
  const told = { asynchronous: 0, broken: null as number | null };
  return {
    take(cycle: number, judged: Judgement, ballot: Closed | undefined, unsafe: boolean) {
      const loose = asynchronousIn(network, windows, cycle);
      if (loose) told.asynchronous++;
      for (const name of PROPERTIES) if (judged[name]) held[name]++;
      kept.take(ballot?.judged);
      const promised = promisedIn(loose, limits.ballots !== "");
      if (unsafe || !promised.every((name) => judged[name])) told.broken ??= cycle;
    },
    /** @param bounded whether memory is */
    verdict(bounded: boolean): Verdict {
      const broken = told.broken ?? (bounded ? null : cycles - 1);
      return {
        summary: true, cycles, seed, ...held,
        ...(windows.length ? { asynchronous: told.asynchronous } : {}),
        ...(limits.ballots ? { ballots: kept.counts } : {}),
        verdict: broken === null ? "held" : "broken", broken_cycle: broken,
      };
    },
  };
};

/**
 * @throws UsageError naming the field of `options` that is wrong, and what would be right; or where
 *   every board is faulty in some cycle
 */
export const emulate = async (options: Emulation): Promise<Summary> => {
  const { network, cycles, troubles, tracer, onCycle } = options;
  checkEmulation(options);
  refuseVacuous(network, troubles, cycles);
  const running = await connect(options);
  const { boards, bus, link, ballots } = running;
  const tally = createTally(options);
  const { keep } = network.boards[0]!.limits;
  const sent = { frames: 0, bytes: 0 };
  let settled: number[] = [];
  // Without a log, the decision is all that is proposed later on.
  const decided: Value[] = [];
  try {
    for (let cycle = 0; cycle < cycles; cycle++) {
      const shown = await runCycle(running, cycle);
      const states = boards.map((board) => board.state());
      const faulty = faultyIn(network, troubles, cycle);
      const ballot = ballots?.close();
      if (ballot && !keep) decided.push(...ballot.decisions.flat().map(({ value }) => value));
      const each = judgeCycle(running, cycle, shown, states, faulty, decided);
      const judged = ballot ? judgedBoth(each, ballot) : each;
      tally.take(cycle, judged, ballot, running.unsafe.size > 0);
      states.forEach(({ acts }, board) => {
        running.acted[board] = acts;
      });
      sent.frames += bus.tally.frames;
      sent.bytes += bus.tally.bytes;
      if (cycle === SETTLED - 1) settled = boards.map((board) => board.memory());
      if (tracer || onCycle) {
        const line = record(running, cycle, shown, states, faulty, judged, ballot);
        tracer?.({ e: "cycle", t: bus.time, ...line });
        await onCycle?.(line);
      }
    }
    const memory = boards.map((board) => board.memory());
    const later = LATER[options.engine];
    const bounded = settled.every((before, board) => memory[board]! <= before + later);
    return {
      ...tally.verdict(bounded), bounded, safe: !running.unsafe.size, ...sent,
      time_us: microsecondsOf(network, bus.time), memory,
      counts: boards.map((board) => board.state()).map(({ counts, silences }) =>
        (network.file.silence_ms === undefined ? counts : { ...counts, silences })),
    };
  } finally {
    for (const board of [...boards, running.copies]) board.close();
    await link.close();
  }
};
