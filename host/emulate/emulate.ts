import { HUB } from "../../firmware/index.js";
import { show } from "../base/values.js";
import type { Value } from "../base/values.js";
import type { BoardState, Engine, SimBoard } from "../boards/board.js";
import { createBoards, settle } from "../boards/engines.js";
import type { CycleEvent, Tracer } from "../events/events.js";
import { watchedBy } from "../events/names.js";
import type { Break, Watched } from "../events/names.js";
import { createCopies } from "../faults/copies.js";
import type { Copies } from "../faults/copies.js";
import { allTroubles, beginning, createFailing } from "../faults/phases.js";
import type { Failing, Phase } from "../faults/phases.js";
import { traitorKind } from "../faults/registry.js";
import { faultyIn, restartsAt } from "../faults/troubles.js";
import type { Troubles } from "../faults/asked.js";
import { refuseVacuous } from "../faults/vacuous.js";
import { asynchronousIn, numberOf } from "../faults/windows.js";
import { createBallotWatch, shownDecisions } from "../judge/ballots.js";
import type { BallotWatch, Closed } from "../judge/ballots.js";
import { judgeCycle, recordOf } from "../judge/cycle.js";
import type { JudgedCycle } from "../judge/cycle.js";
import { createHealthJudge } from "../judge/health.js";
import type { HealthJudge } from "../judge/health.js";
import { heldOf } from "../judge/held.js";
import { lawOf } from "../judge/oracle.js";
import type { Outcome } from "../judge/oracle.js";
import { createRunJudge } from "../judge/run.js";
import type { Verdict } from "../judge/run.js";
import type { Network } from "../network/network.js";
import type { Readings } from "../network/readings.js";
import { roundsIn } from "../network/turns.js";
import { microsecondsOf, planOf } from "../plan/plan.js";
import { silenceUs } from "../plan/silence.js";
import type { Share } from "../topology/inputs.js";
import type { Answer, Transport } from "../topology/transport.js";
import { memoryTransport } from "../topology/memory.js";
import { mockTransport } from "../topology/mock.js";
import { bytesOf } from "../topology/queue.js";
import { createBus } from "../topology/star/bus.js";
import type { Bus, Delivery } from "../topology/star/bus.js";
import { createWireBus } from "../topology/wire/wire.js";
import { checkEmulation, checkShown } from "./check.js";
import type { TRANSPORTS } from "./check.js";
import { createCuts, inARow } from "./chunks.js";
import { createRounds } from "./rounds.js";
import type { Rounds } from "./rounds.js";
import { createSilenceJudge } from "./silence.js";
import type { SilenceJudge } from "./silence.js";
import { wiredBytes } from "./wired.js";

/** A network on emulated boards and wires, cycle after cycle, judged. */

export { TRANSPORTS } from "./check.js";
export type { Verdict } from "../judge/run.js";

export interface Emulation {
  readonly network: Network;
  readonly cycles: number;
  readonly seed: number;
  readonly readings: Readings;
  readonly troubles: Troubles;
  readonly engine: Engine;
  readonly transport: (typeof TRANSPORTS)[number];
  /** The path of Espruino's Linux build, which is the engine `espruino`. */
  readonly interpreter?: string;
  /**
   * What goes wrong from later cycles on. More may be put in while it runs. Windows are those of
   * `troubles`; second copies of boards cannot come later.
   */
  readonly phases?: readonly Phase[];
  readonly tracer?: Tracer;
  /** What a board's next computation takes of the time that is planned for it; all unless told. */
  readonly compute?: Share;
  /** Called after each cycle; may wait, for a person to see it in real time. */
  readonly onCycle?: (cycle: CycleRecord) => Promise<void> | void;
}

/** A line of `--json`. */
export type CycleRecord = Omit<CycleEvent, "e" | "t" | "verdict"> &
  Required<Pick<CycleEvent, "verdict">>;

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
  /** Bytes that each board lost, for its input buffer was full. */
  readonly overrun: readonly number[];
  /** What each board counted, by name. */
  readonly counts: readonly Readonly<Record<string, number>>[];
  /** Where it is watched: the health of all in the end, as a correct board holds it. */
  readonly health?: Watched | undefined;
}

/** Cycles after which memory is measured the first time. */
const SETTLED = 10;
/**
 * What each engine may take after that. On Espruino, a place takes a block when a value is kept in
 * it for the first time, and some are rarely used. A board that takes one a cycle is found out.
 */
const LATER = { native: 0, bundle: 0, quickjs: 0, espruino: 16 };
interface Running {
  /** Its troubles are those of the open cycle. */
  options: Emulation;
  readonly failing: Failing;
  readonly boards: readonly SimBoard[];
  readonly copies: Copies;
  readonly bus: Bus;
  readonly transport: Transport;
  readonly rounds: Rounds;
  /** How many orders each board had carried out before this cycle. */
  readonly acted: number[];
  /** How many bytes each board's input buffer had lost before this cycle. */
  readonly lost: number[];
  /** Boards that lose their power now. */
  readonly resets: number[];
  readonly ballots: BallotWatch | undefined;
  readonly health: HealthJudge | undefined;
  readonly silence: SilenceJudge;
  /** Boards whose output was not safe in a silence; of who lies or fails that is not promised. */
  readonly unsafe: Set<number>;
}

/** Boards that run elsewhere have taken in and answered what they were given. */
const settleAll = async ({ boards, copies, transport }: Running): Promise<void> => {
  await copies.settled();
  await settle(boards);
  await transport.settled();
};

/** Time has gone on at the boards. @returns microseconds; 0 where nobody asks */
const tick = (running: Running): number | Promise<number> =>
  // Nothing else that a board does has to do with time.
  (running.options.network.file.silence_ms === undefined ? 0 : tickAll(running));

const tickAll = async (running: Running): Promise<number> => {
  const { options, boards, bus, silence, unsafe } = running;
  const { network, troubles } = options;
  const now = (bus.time * 1e6) / network.file.baud;
  for (const board of boards) board.tick(now);
  await settleAll(running);
  for (const board of silence.unsafe(now, (one) => boards[one]!.state().output)) {
    const fails = troubles.traitors.some((one) =>
      one.board === board && !traitorKind(network, one.name).goesOn);
    if (!fails) unsafe.add(board);
  }
  return now;
};

/** They begin anew, with what they have stored. */
const restartAll = async ({ boards, acted, resets, ballots, bus }: Running): Promise<void> => {
  for (const at of resets.splice(0)) {
    const board = boards[at]!;
    const { reading } = board;
    acted[at] = 0;
    ballots?.restarted(at);
    bus.lose(at);
    await board.restart();
    board.reading = reading;
  }
};

const runCycle = async (running: Running, cycle: number) => {
  const { options, boards, copies, bus, transport, rounds, resets, ballots, silence } = running;
  const { network, readings, troubles, engine } = options;
  const elsewhere = engine === "espruino";
  const shown = [...readings(cycle)];
  for (const { board, name } of troubles.traitors) {
    if (traitorKind(network, name).stuck) shown[board] = readings(0)[board];
  }
  resets.push(...restartsAt(network, troubles, cycle, -1));
  ballots?.open(cycle);
  if (resets.length) await restartAll(running);
  checkShown(network, cycle, shown);
  boards.forEach((board, at) => {
    board.reading = shown[at];
  });
  copies.show(shown);
  ballots?.shown(shown);
  rounds.open(cycle);
  bus.open(cycle, network.boards.map((board) =>
    (board.layout.wired ? wiredBytes(network, shown[board.number]) : undefined)),
  numberOf(network, troubles.windows ?? [], cycle));
  const batch: Delivery[] = [];
  for (let next = bus.step(); next; next = bus.step()) {
    batch.length = 0;
    const ticked = tick(running);
    const now = typeof ticked === "number" ? ticked : await ticked;
    for (let also: Delivery | undefined = next; also; also = bus.stepNow()) {
      rounds.take(also.sender, also.board, also.cycle, also.round, also.fate);
      silence.take(also, now);
      ballots?.heard(also.sender, bytesOf(also));
      if (copies.take(also)) batch.push(also);
    }
    if (resets.length) await restartAll(running);
    const done = transport.deliver(inARow(batch));
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

/** Whether a correct board has decided this cycle. */
const hasDecided = (
  options: Emulation, cycle: number, states: readonly BoardState[], faulty: ReadonlySet<number>,
) => (board: number) => !faulty.has(board) && cycleOf(options, cycle, states[board]!) === cycle;

/** What broke that no outcome shows. */
const brokenBeside = (
  { options, health, unsafe }: Running, cycle: number, inputs: readonly (Value | undefined)[],
  states: readonly BoardState[], faulty: ReadonlySet<number>,
): Break[] => {
  const { network, troubles: { windows = [] } } = options;
  const decided = hasDecided(options, cycle, states, faulty);
  const healthy = health?.take({
    cycle: numberOf(network, windows, cycle), inputs, faulty,
    vectors: states.map(({ vector }, board) => (decided(board) ? vector : undefined)),
    watched: states.map(watchedBy), asynchronous: asynchronousIn(network, windows, cycle),
  }) ?? true;
  return [...(unsafe.size ? ["silence" as const] : []), ...(healthy ? [] : ["health" as const])];
};

const judgeNow = (
  running: Running, cycle: number,
  shown: readonly (Value | undefined)[], states: readonly BoardState[],
  faulty: ReadonlySet<number>, settled: readonly Value[], ballot: Closed | undefined,
): JudgedCycle => {
  const { options, rounds: opened, acted } = running;
  const { network, troubles: { windows = [] } } = options;
  const outcomes: Outcome[] = states.map((state, board) => ({
    cycle: cycleOf(options, cycle, state), rounds: opened.of(board),
    acts: state.acts - acted[board]!, vector: state.vector, order: state.order,
  }));
  const law = lawOf(network, roundsIn(network, numberOf(network, windows, cycle)));
  return judgeCycle({
    law: settled.length ? { ...law, settled } : law, cycle, inputs: shown, outcomes, faulty, ballot,
    asynchronous: asynchronousIn(network, windows, cycle), outside: false,
    also: brokenBeside(running, cycle, shown, states, faulty),
  });
};

const record = (
  running: Running, cycle: number, shown: readonly (Value | undefined)[],
  states: readonly BoardState[], faulty: ReadonlySet<number>, judged: JudgedCycle,
  ballot: Closed | undefined,
): CycleRecord => {
  const { bus, options, options: { troubles: { windows = [] } } } = running;
  const correct = hasDecided(options, cycle, states, faulty);
  const lost = bus.overrun.map((bytes, board) => bytes - running.lost[board]!);
  running.lost.splice(0, running.lost.length, ...bus.overrun);
  return {
    cycle, inputs: shown.map(show),
    vectors: states.map(({ vector }, board) => (correct(board) ? vector.map(show) : null)),
    orders: states.map(({ order }, board) => (correct(board) ? show(order) : null)),
    faulty: [...faulty].toSorted((one, other) => one - other),
    ...(asynchronousIn(options.network, windows, cycle) ? { asynchronous: true } : {}),
    ...(ballot ? { decisions: ballot.decisions.map(shownDecisions) } : {}),
    ...heldOf(options.network, states, correct, faulty),
    ...recordOf(judged), frames: bus.tally.frames, bytes: bus.tally.bytes,
    time_us: microsecondsOf(options.network, bus.time - bus.began),
    ...(lost.some((bytes) => bytes) ? { overrun: lost } : {}),
  };
};

/** Another phase may begin. @throws UsageError where it is none, as `emulate` does */
const enter = (running: Running, cycle: number): void => {
  const { options, failing: { change } } = running;
  const troubles = beginning(options.network, options.troubles, options.phases ?? [], cycle);
  if (!change || !troubles) return;
  running.options = { ...options, troubles };
  change(troubles, cycle);
};

const connect = async (options: Emulation): Promise<Running> => {
  const { network, engine, seed, troubles, tracer, compute, interpreter } = options;
  const plan = planOf(network);
  const failing = createFailing(network, plan, troubles, seed, options.phases !== undefined);
  const resets: number[] = [];
  const watch: Tracer = (event) => {
    tracer?.(event);
    if (event.e !== "beacon") return;
    resets.push(...restartsAt(network, troubles, event.cycle, event.round));
  };
  const ballots = createBallotWatch(network, allTroubles(troubles, options.phases ?? []));
  const watched = troubles.windows?.length ? watch : tracer;
  const bus = failing.wire ? createWireBus(network, plan, failing.wire, watched, compute)
    : createBus(network, plan, failing.star, watched, compute);
  let boards: SimBoard[] = [];
  const receive = createCuts(network, seed, (board, chunk) => {
    boards[board]!.receive(chunk);
  });
  const answer: Answer = ballots
    ? (board, bytes, from, end) => {
      ballots.sent(board, bytes.subarray(from, end));
      bus.answer(board, bytes, from, end);
    }
    : bus.answer;
  let send = answer;
  let transport = memoryTransport(receive);
  if (options.transport === "mock") {
    ({ transport, send } = await mockTransport(
      network.boards.length, network.file.baud, receive, answer,
    ));
  }
  boards = await createBoards(network, engine, send, network.boards, interpreter);
  return {
    options, failing, boards, bus, transport, rounds: createRounds(network.boards.length),
    copies: await createCopies(network, engine, troubles.traitors, (...said) => {
      failing.star?.hear(...said);
    }, interpreter),
    acted: network.boards.map(() => 0), lost: network.boards.map(() => 0), resets, ballots,
    health: createHealthJudge(network), unsafe: new Set(),
    silence: createSilenceJudge(network.boards.length, silenceUs(network), network.fallback),
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
  const { boards, bus, transport, ballots } = running;
  const { windows = [] } = troubles;
  const run = createRunJudge(network, options.seed, { real: false, windows: windows.length > 0 });
  const { keep } = network.boards[0]!.layout;
  const sent = { frames: 0, bytes: 0 };
  let settled: number[] = [];
  // Without a log, the decision is all that is proposed later on.
  const decided: Value[] = [];
  const unsafe = new Set<number>();
  let health: Watched | undefined;
  try {
    for (let cycle = 0; cycle < cycles; cycle++) {
      enter(running, cycle);
      const shown = await runCycle(running, cycle);
      const states = boards.map((board) => board.state());
      const faulty = faultyIn(network, running.options.troubles, cycle);
      const ballot = ballots?.close(states);
      if (ballot && !keep) decided.push(...ballot.decisions.flat().map(({ value }) => value));
      const judged = judgeNow(running, cycle, shown, states, faulty, decided, ballot);
      const holds = hasDecided(running.options, cycle, states, faulty);
      health = states.flatMap((state, board) => (holds(board) ? watchedBy(state) ?? [] : []))[0];
      run.take(cycle, judged, { asynchronous: asynchronousIn(network, windows, cycle) });
      for (const board of running.unsafe) unsafe.add(board);
      running.unsafe.clear();
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
      ...run.verdict(bounded ? null : cycles - 1), bounded, safe: !unsafe.size, ...sent,
      time_us: microsecondsOf(network, bus.time), memory, overrun: bus.overrun,
      ...(network.file.health ? { health } : {}),
      counts: boards.map((board) => board.state()).map(({ counts, silences }) =>
        (network.file.silence_ms === undefined ? counts : { ...counts, silences })),
    };
  } finally {
    for (const board of [...boards, running.copies]) board.close();
    await transport.close();
  }
};
