import { HUB } from "../../firmware/index.js";
import { createBus } from "../bus/bus.js";
import type { Bus, Delivery } from "../bus/bus.js";
import type { Answer, Link } from "../bus/link.js";
import { memoryLink } from "../bus/memory.js";
import { mockLink } from "../bus/mock.js";
import type { Network } from "../network.js";
import { microsecondsOf, planOf } from "../plan.js";
import type { CycleEvent, Tracer } from "../trace/events.js";
import { show } from "../values.js";
import type { Value } from "../values.js";
import type { BoardState, Engine, SimBoard } from "./board.js";
import { checkEmulation, checkShown } from "./check.js";
import type { LINKS } from "./check.js";
import { createBoards } from "./engines.js";
import { createTrouble } from "./faults.js";
import { judge } from "./oracle.js";
import type { Judgement, Outcome } from "./oracle.js";
import type { Readings } from "./readings.js";
import { faultyIn } from "./troubles.js";
import type { Troubles } from "./troubles.js";

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
  readonly verdict: "held" | "broken";
  /** The first cycle in which something broke, or null. */
  readonly broken_cycle: number | null;
}

export interface Summary extends Verdict {
  /** No board's memory has grown since the tenth cycle. */
  readonly bounded: boolean;
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
  /** Which rounds were opened for each board in this cycle, a bit each. */
  readonly opened: number[];
}

/** What goes by wire: a presence byte and the value. */
const wiredBytes = (network: Network, value: Value | undefined): Uint8Array => {
  const { width, boards } = network.shape;
  const bytes = new Uint8Array(1 + width);
  const type = network.type.create(boards);
  if (type.store(new DataView(bytes.buffer), 1, value)) bytes[0] = 1;
  else bytes.fill(0);
  return bytes;
};

const runCycle = async ({ options, boards, bus, link, opened }: Running, cycle: number) => {
  const { network, readings, troubles } = options;
  const shown = [...readings(cycle)];
  for (const { board, name } of troubles.traitors) {
    if (name === "stuck") shown[board] = readings(0)[board];
    if (name === "restart" && troubles.traitors.some((one) => one.board === board &&
        one.parameter[0] === cycle - 1)) {
      boards[board]!.restart();
    }
  }
  checkShown(network, cycle, shown);
  boards.forEach((board, at) => {
    board.reading = shown[at];
  });
  opened.fill(0);
  bus.open(cycle, network.boards.map((board) =>
    (board.limits.wired ? wiredBytes(network, shown[board.number]) : undefined)));
  const batch: Delivery[] = [];
  for (let next = bus.step(); next; next = bus.step()) {
    batch.length = 0;
    for (let also: Delivery | undefined = next; also; also = bus.stepNow()) {
      if (also.sender === HUB && also.round) opened[also.board]! |= 1 << also.round;
      batch.push(also);
    }
    const done = link.deliver(batch);
    if (done) await done;
  }
  return shown;
};

const countBits = (bits: number): number => {
  let count = 0;
  for (let rest = bits; rest; rest &= rest - 1) count++;
  return count;
};

/** All commanders' values are what was put in; with one commander the others put nothing in. */
const judgeCycle = (
  network: Network, cycle: number, shown: readonly (Value | undefined)[],
  states: readonly BoardState[], opened: readonly number[], faulty: ReadonlySet<number>,
): Judgement => {
  const outcomes: Outcome[] = states.map((state, board) => ({
    cycle: state.cycle, rounds: countBits(opened[board]!), vector: state.vector, order: state.order,
  }));
  const law = { rounds: network.rounds, commander: network.shape.commander };
  return judge(law, cycle, shown, outcomes, faulty);
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
  return { options, boards, bus, link, opened: network.boards.map(() => 0) };
};

/** @throws UsageError naming the field of `options` that is wrong, and what would be right */
export const emulate = async (options: Emulation): Promise<Summary> => {
  const { network, cycles, seed, troubles, tracer, onCycle } = options;
  checkEmulation(options);
  const running = await connect(options);
  const { boards, bus, link } = running;
  const held = { agreement: 0, validity: 0, truth: 0, termination: 0 };
  const sent = { frames: 0, bytes: 0 };
  let broken: number | null = null;
  let settled: number[] = [];
  try {
    for (let cycle = 0; cycle < cycles; cycle++) {
      const shown = await runCycle(running, cycle);
      const states = boards.map((board) => board.state());
      const faulty = faultyIn(network, troubles, cycle);
      const judged = judgeCycle(network, cycle, shown, states, running.opened, faulty);
      for (const name of ["agreement", "validity", "truth", "termination"] as const) {
        if (judged[name]) held[name]++;
        else broken ??= cycle;
      }
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
      summary: true, cycles, seed, ...held, bounded, verdict: broken === null ? "held" : "broken",
      broken_cycle: broken, ...sent, time_us: microsecondsOf(network, bus.time), memory,
      counts: boards.map((board) => board.state().counts),
    };
  } finally {
    for (const board of boards) board.close();
    await link.close();
  }
};
