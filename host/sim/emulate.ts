import { createBus } from "../bus/bus.js";
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
import type { BoardState, Engine, SimBoard } from "./board.js";
import { checkEmulation, checkShown } from "./check.js";
import type { LINKS } from "./check.js";
import { createBoards } from "./engines.js";
import { createTrouble } from "./faults.js";
import { PROPERTIES, judge, lawOf } from "./oracle.js";
import type { Judgement, Outcome } from "./oracle.js";
import type { Readings } from "./readings.js";
import { createRounds } from "./rounds.js";
import type { Rounds } from "./rounds.js";
import { createSilenceJudge } from "./silence.js";
import type { SilenceJudge } from "./silence.js";
import { faultyIn } from "./troubles.js";
import type { Troubles } from "./troubles.js";
import { refuseVacuous } from "./vacuous.js";
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
  readonly verdict: "held" | "broken";
  /** The first cycle in which something broke, or null. */
  readonly broken_cycle: number | null;
}

export interface Summary extends Verdict {
  /** No board's memory has grown since the tenth cycle. */
  readonly bounded: boolean;
  /** Each board that heard no beacon for as long as the network file says put out the default. */
  readonly safe: boolean;
  readonly frames: number;
  readonly bytes: number;
  /** Emulated time, all cycles together. */
  readonly time_us: number;
  /** Bytes that each board uses, as its engine tells. */
  readonly memory: readonly number[];
  /** What each board counted, by name. */
  readonly counts: readonly Readonly<Record<string, number>>[];
}

/** Cycles after which memory is measured the first time. */
const SETTLED = 10;

interface Running {
  readonly options: Emulation;
  readonly boards: readonly SimBoard[];
  readonly bus: Bus;
  readonly link: Link;
  readonly rounds: Rounds;
  /** How many orders each board had carried out before this cycle. */
  readonly acted: number[];
  readonly silence: SilenceJudge;
  /** Boards whose output was not safe in a silence; of who lies or fails that is not promised. */
  readonly unsafe: Set<number>;
}

/** Time has gone on at the boards. */
const tick = ({ options, boards, bus, silence, unsafe }: Running): number => {
  const { network, troubles } = options;
  const now = (bus.time * 1e6) / network.file.baud;
  for (const board of boards) board.tick(now);
  for (const board of silence.unsafe(now, (one) => boards[one]!.state().output)) {
    const fails = troubles.traitors.some((one) => one.board === board && one.name !== "unplug");
    if (!fails) unsafe.add(board);
  }
  return now;
};

const runCycle = async (running: Running, cycle: number) => {
  const { options, boards, bus, link, rounds, acted, silence } = running;
  const { network, readings, troubles } = options;
  const shown = [...readings(cycle)];
  for (const { board, name } of troubles.traitors) {
    if (name === "stuck") shown[board] = readings(0)[board];
    if (name === "restart" && troubles.traitors.some((one) => one.board === board &&
        one.parameter[0] === cycle - 1)) {
      boards[board]!.restart();
      acted[board] = 0;
    }
  }
  checkShown(network, cycle, shown);
  boards.forEach((board, at) => {
    board.reading = shown[at];
  });
  rounds.open(cycle);
  bus.open(cycle, network.boards.map((board) =>
    (board.limits.wired ? wiredBytes(network, shown[board.number]) : undefined)));
  const batch: Delivery[] = [];
  for (let next = bus.step(); next; next = bus.step()) {
    batch.length = 0;
    const now = tick(running);
    for (let also: Delivery | undefined = next; also; also = bus.stepNow()) {
      rounds.take(also.sender, also.board, also.cycle, also.round, also.fate);
      silence.take(also, now);
      batch.push(also);
    }
    const done = link.deliver(batch);
    if (done) await done;
  }
  tick(running);
  return shown;
};

/** All commanders' values are what was put in; with one commander the others put nothing in. */
const judgeCycle = (
  { options: { network }, rounds, acted }: Running, cycle: number,
  shown: readonly (Value | undefined)[], states: readonly BoardState[],
  faulty: ReadonlySet<number>,
): Judgement => {
  const outcomes: Outcome[] = states.map((state, board) => ({
    cycle: state.cycle, rounds: rounds.of(board), acts: state.acts - acted[board]!,
    vector: state.vector, order: state.order,
  }));
  return judge(lawOf(network), cycle, shown, outcomes, faulty);
};

const record = (
  running: Running, cycle: number, shown: readonly (Value | undefined)[],
  states: readonly BoardState[], faulty: ReadonlySet<number>, judged: Judgement, bits: number,
): CycleRecord => {
  const { bus, options } = running;
  const correct = (board: number) => !faulty.has(board) && states[board]!.cycle === cycle;
  return {
    cycle, inputs: shown.map(show),
    vectors: states.map(({ vector }, board) => (correct(board) ? vector.map(show) : null)),
    orders: states.map(({ order }, board) => (correct(board) ? show(order) : null)),
    faulty: [...faulty].toSorted((one, other) => one - other),
    agreement: judged.agreement, validity: judged.validity,
    frames: bus.tally.frames, bytes: bus.tally.bytes,
    time_us: microsecondsOf(options.network, bits),
  };
};

const connect = async (options: Emulation): Promise<Running> => {
  const { network, engine, link: name, seed, troubles, tracer } = options;
  const plan = planOf(network);
  const bus = createBus(network, plan, createTrouble(network, plan, troubles, seed), tracer);
  let boards: SimBoard[] = [];
  const receive = (board: number, chunk: Uint8Array) => {
    boards[board]!.receive(chunk);
  };
  let send: Answer = bus.answer;
  let link = memoryLink(receive);
  if (name === "mock") {
    ({ link, send } = await mockLink(
      network.boards.length, network.file.baud, receive, bus.answer,
    ));
  }
  boards = await createBoards(network, engine, send);
  return {
    options, boards, bus, link, rounds: createRounds(network.boards.length),
    acted: network.boards.map(() => 0), unsafe: new Set(),
    silence: createSilenceJudge(network.boards.length, silenceUs(network), network.fallback),
  };
};

/**
 * @throws UsageError naming the field of `options` that is wrong, and what would be right; or where
 *   every board is faulty in some cycle
 */
export const emulate = async (options: Emulation): Promise<Summary> => {
  const { network, cycles, seed, troubles, tracer, onCycle } = options;
  checkEmulation(options);
  refuseVacuous(network, troubles, cycles);
  const running = await connect(options);
  const { boards, bus, link } = running;
  const held = { agreement: 0, validity: 0, truth: 0, termination: 0, order: 0 };
  const sent = { frames: 0, bytes: 0 };
  let broken: number | null = null;
  let settled: number[] = [];
  try {
    for (let cycle = 0; cycle < cycles; cycle++) {
      const shown = await runCycle(running, cycle);
      const states = boards.map((board) => board.state());
      const faulty = faultyIn(network, troubles, cycle);
      const judged = judgeCycle(running, cycle, shown, states, faulty);
      for (const name of PROPERTIES) {
        if (judged[name]) held[name]++;
        else broken ??= cycle;
      }
      if (running.unsafe.size) broken ??= cycle;
      states.forEach(({ acts }, board) => {
        running.acted[board] = acts;
      });
      sent.frames += bus.tally.frames;
      sent.bytes += bus.tally.bytes;
      if (cycle === SETTLED - 1) settled = boards.map((board) => board.memory());
      if (tracer || onCycle) {
        const line = record(running, cycle, shown, states, faulty, judged, bus.time - bus.began);
        tracer?.({ e: "cycle", t: bus.time, ...line });
        await onCycle?.(line);
      }
    }
    const memory = boards.map((board) => board.memory());
    const bounded = settled.every((before, board) => memory[board]! <= before);
    if (!bounded) broken ??= cycles - 1;
    return {
      summary: true, cycles, seed, ...held, bounded, safe: !running.unsafe.size,
      verdict: broken === null ? "held" : "broken",
      broken_cycle: broken, ...sent, time_us: microsecondsOf(network, bus.time), memory,
      counts: boards.map((board) => board.state()).map(({ counts, silences }) =>
        (network.file.silence_ms === undefined ? counts : { ...counts, silences })),
    };
  } finally {
    for (const board of boards) board.close();
    await link.close();
  }
};
