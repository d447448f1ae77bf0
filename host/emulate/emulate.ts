import type { Value } from "../base/values.js";
import type { SimBoard } from "../boards/board.js";
import { createBoards } from "../boards/engines.js";
import type { Tracer } from "../events/events.js";
import type { Watched } from "../events/names.js";
import { createCopies } from "../faults/copies.js";
import { allTroubles, beginning, createFailing } from "../faults/phases.js";
import { faultyIn, restartsAt } from "../faults/troubles.js";
import { refuseVacuous } from "../faults/vacuous.js";
import { createBallotWatch } from "../judge/ballots.js";
import { createHealthJudge } from "../judge/health.js";
import { createRunJudge } from "../judge/run.js";
import { microsecondsOf, planOf } from "../plan/plan.js";
import { silenceUs } from "../plan/silence.js";
import { memoryTransport } from "../topology/memory.js";
import { mockTransport } from "../topology/mock.js";
import { createBus } from "../topology/star/bus.js";
import type { Answer } from "../topology/transport.js";
import { createWireBus } from "../topology/wire/wire.js";
import { checkEmulation } from "./check.js";
import { createCuts, createViews } from "./chunks.js";
import type { Emulation, Summary } from "./emulation.js";
import { blockedIn, endOf, healthIn, judgeNow, record } from "./judged.js";
import { createRounds } from "./rounds.js";
import { SETTLED, runCycle } from "./running.js";
import type { Running } from "./running.js";
import { createSilenceJudge } from "./silence.js";

/** A network on emulated boards and wires, cycle after cycle, judged. */

export { TRANSPORTS } from "./check.js";
export type { CycleRecord, Emulation, Summary } from "./emulation.js";
export type { Verdict } from "../judge/run.js";

/**
 * What each engine may take after that. On Espruino, a place takes a block when a value is kept in
 * it for the first time, and some are rarely used. A board that takes one a cycle is found out.
 */
const LATER = { native: 0, bundle: 0, quickjs: 0, espruino: 16 };

/**
 * Another phase may begin. Where health is watched, a board that was faulty and is correct again
 * begins anew, as one that missed cycles: what it holds of them may never have been agreed on.
 *
 * @throws UsageError where it is none, as `emulate` does
 */
const enter = (running: Running, cycle: number): void => {
  const { options, failing: { change } } = running;
  const { network } = options;
  const troubles = beginning(network, options.troubles, options.phases ?? [], cycle);
  if (!change || !troubles) return;
  if (network.file.health) {
    const { lines, traitors } = options.troubles;
    const still = faultyIn(network, troubles, cycle);
    for (const board of faultyIn(network, { lines, traitors }, cycle - 1)) {
      if (!still.has(board)) running.resets.push(board);
    }
  }
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
  const viewOf = createViews();
  const answer: Answer = ballots
    ? (board, bytes, from, end) => {
      ballots.sent(board, viewOf(board, bytes, from, end));
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
    acted: network.boards.map(() => 0), lost: network.boards.map(() => 0), batch: [],
    settles: network.boards.map(() => SETTLED), resets, ballots,
    health: createHealthJudge(network), unsafe: new Set(),
    silence: network.file.silence_ms === undefined ? undefined
      : createSilenceJudge(network.boards.length, silenceUs(network), network.fallback),
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
  const { boards, bus, transport, acted } = running;
  const windows = (troubles.windows ?? []).length > 0;
  const run = createRunJudge(network, options.seed, { real: false, windows });
  const { keep } = network.boards[0]!.layout;
  const sent = { frames: 0, bytes: 0 };
  // The most that each has used until it settled: a transaction that is open takes less.
  const settled = boards.map(() => 0);
  // Without a log, the decision is all that is proposed later on.
  const decided: Value[] = [];
  const unsafe = new Set<number>();
  let health: Watched | undefined;
  try {
    for (let cycle = 0; cycle < cycles; cycle++) {
      enter(running, cycle);
      const shown = await runCycle(running, cycle);
      const over = endOf(running, cycle, shown);
      const { states, ballot, asynchronous } = over;
      if (ballot && !keep) decided.push(...ballot.decisions.flat().map(({ value }) => value));
      const judged = judgeNow(running, over, decided);
      if (running.health) health = healthIn(over);
      run.take(cycle, judged, { asynchronous, blocked: blockedIn(running, over) });
      for (const board of running.unsafe) unsafe.add(board);
      running.unsafe.clear();
      for (let board = 0; board < boards.length; board++) acted[board] = states[board]!.acts;
      sent.frames += bus.tally.frames;
      sent.bytes += bus.tally.bytes;
      boards.forEach((board, at) => {
        if (running.settles[at]!-- > 0) settled[at] = Math.max(settled[at]!, board.memory());
      });
      if (tracer || onCycle) {
        const line = record(running, over, judged);
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
    for (const board of boards) board.close();
    running.copies?.close();
    await transport.close();
  }
};
