import { show } from "../base/values.js";
import type { Value } from "../base/values.js";
import type { BoardState } from "../boards/board.js";
import { watchedBy } from "../events/names.js";
import type { Break, Watched } from "../events/names.js";
import { faultyIn } from "../faults/troubles.js";
import { asynchronousIn, numberOf } from "../faults/windows.js";
import { shownDecisions } from "../judge/ballots.js";
import type { Closed } from "../judge/ballots.js";
import { judgeCycle, recordOf } from "../judge/cycle.js";
import type { JudgedCycle } from "../judge/cycle.js";
import { heldOf } from "../judge/held.js";
import { lawOf } from "../judge/oracle.js";
import { shownTried } from "../judge/tentative.js";
import { roundsIn } from "../network/turns.js";
import { microsecondsOf } from "../plan/plan.js";
import type { CycleRecord } from "./emulation.js";
import type { Running } from "./running.js";

/** What is said of a cycle that was emulated. */

/** A cycle that is over: what went in, what boards hold, and what is known of it. */
export interface Over {
  readonly cycle: number;
  readonly shown: readonly (Value | undefined)[];
  readonly states: readonly BoardState[];
  readonly faulty: ReadonlySet<number>;
  /** The cycle that each board decided last, as the run counts them; -1 for another. */
  readonly decided: readonly number[];
  readonly asynchronous: boolean;
  readonly ballot: Closed | undefined;
}

export const endOf = (
  { options: { network, troubles }, boards, ballots }: Running, cycle: number,
  shown: readonly (Value | undefined)[],
): Over => {
  const { windows = [] } = troubles;
  const states = boards.map((board) => board.state());
  // A cycle's number on the wire is that of the run, but for jumps.
  const number = numberOf(network, windows, cycle);
  return {
    cycle, shown, states, faulty: faultyIn(network, troubles, cycle),
    ballot: ballots?.close(states),
    decided: states.map((state) => (state.cycle === number ? cycle : -1)),
    asynchronous: asynchronousIn(network, windows, cycle),
  };
};

/** Whether a correct board has decided this cycle. */
const hasDecided = ({ decided, cycle, faulty }: Over, board: number): boolean =>
  decided[board] === cycle && !faulty.has(board);

/** How many boards that are not faulty are blocked. */
export const blockedIn = ({ options: { network } }: Running, { states, faulty }: Over): number =>
  (network.boards[0]!.layout.phases
    ? heldOf(network, states, () => false, faulty).blocked!.length : 0);

/** What a correct board that has decided holds of the health of all. */
export const healthIn = (over: Over): Watched | undefined =>
  over.states.flatMap((state, board) =>
    (hasDecided(over, board) ? watchedBy(state) ?? [] : []))[0];

const NOTHING: readonly Break[] = [];
const SILENCE: readonly Break[] = ["silence"];

/** What broke that no outcome shows. */
const brokenBeside = ({ options, health, unsafe }: Running, over: Over): readonly Break[] => {
  const { network, troubles: { windows = [] } } = options;
  const { cycle, shown, states, faulty, asynchronous } = over;
  if (!health) return unsafe.size ? SILENCE : NOTHING;
  const healthy = health.take({
    cycle: numberOf(network, windows, cycle), inputs: shown, faulty, asynchronous,
    // A learner has none (LEARN.1).
    vectors: network.members.map(({ number }) =>
      (hasDecided(over, number) ? states[number]!.vector : undefined)),
    watched: states.map(watchedBy),
  });
  return [...(unsafe.size ? SILENCE : NOTHING), ...(healthy ? [] : ["health" as const])];
};

/** @param settled what was decided before where that is all that is proposed later on */
export const judgeNow = (
  running: Running, over: Over, settled: readonly Value[],
): JudgedCycle => {
  const { options: { network, troubles }, rounds, acted } = running;
  const { cycle, shown, states, decided, faulty, ballot, asynchronous } = over;
  const law = lawOf(network, roundsIn(network, numberOf(network, troubles.windows ?? [], cycle)));
  return judgeCycle({
    law: settled.length ? { ...law, settled } : law, cycle, inputs: shown, faulty, ballot,
    asynchronous, outside: false, also: brokenBeside(running, over),
    outcomes: states.map(({ acts, vector, order }, board) => ({
      cycle: decided[board]!, rounds: rounds.of(board), vector, order,
      // Who was late may have closed the cycle before in this one too.
      acts: asynchronous ? Math.min(1, acts - acted[board]!) : acts - acted[board]!,
    })),
  });
};

/** @returns a line of `--json`; what boards lost is told once */
export const record = (running: Running, over: Over, judged: JudgedCycle): CycleRecord => {
  const { bus, options: { network }, lost } = running;
  const { cycle, shown, states, faulty, asynchronous, ballot } = over;
  const correct = (board: number) => hasDecided(over, board);
  const gone = bus.overrun.map((bytes, board) => bytes - lost[board]!);
  lost.splice(0, lost.length, ...bus.overrun);
  return {
    cycle, inputs: shown.map(show),
    vectors: states.map(({ vector }, board) => (correct(board) ? vector.map(show) : null)),
    orders: states.map(({ order }, board) => (correct(board) ? show(order) : null)),
    faulty: [...faulty].toSorted((one, other) => one - other),
    ...(asynchronous ? { asynchronous: true } : {}),
    ...(ballot ? { decisions: ballot.decisions.map(shownDecisions) } : {}),
    ...(ballot?.tried ? { tried: ballot.tried.map(shownTried) } : {}),
    ...heldOf(network, states, correct, faulty),
    ...recordOf(judged), frames: bus.tally.frames, bytes: bus.tally.bytes,
    time_us: microsecondsOf(network, bus.time - bus.began),
    ...(gone.some((bytes) => bytes) ? { overrun: gone } : {}),
  };
};
