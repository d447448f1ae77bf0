import { HUB } from "../../firmware/index.js";
import { encodeItem } from "../base/cbor.js";
import { UsageError } from "../base/error.js";
import { show } from "../base/values.js";
import type { Shown, Value } from "../base/values.js";
import { emulate } from "../emulate/emulate.js";
import type { Emulation, Summary } from "../emulate/emulate.js";
import { createRounds } from "../emulate/rounds.js";
import type { Rounds } from "../emulate/rounds.js";
import type { CycleEvent, Header, TraceEvent } from "../events/events.js";
import { faultyIn, parseFaults, parseTraitors } from "../faults/troubles.js";
import type { Troubles } from "../faults/asked.js";
import { refuseVacuous } from "../faults/vacuous.js";
import { asynchronousIn, numberOf, parseWindows } from "../faults/windows.js";
import { shownDecisions } from "../judge/ballots.js";
import { judgeCycle, recordOf } from "../judge/cycle.js";
import { createHealthJudge } from "../judge/health.js";
import type { HealthJudge } from "../judge/health.js";
import type { JudgedCycle } from "../judge/cycle.js";
import { lawOf } from "../judge/oracle.js";
import type { Outcome } from "../judge/oracle.js";
import type { JudgeKeys } from "../keys/keyfile.js";
import { createObserver } from "../live/observe.js";
import type { Network } from "../network/network.js";
import { roundsIn } from "../network/turns.js";
import type { Trace } from "../trace/file.js";
import { retraceBallots } from "./ballots.js";
import type { RetracedBallots } from "./ballots.js";

/** What a trace proves: it is judged again from its own events, and run again from its seed. */

/** A cycle as its own events have it, whatever its stored verdict. */
export interface Rejudged extends JudgedCycle {
  /** As it was stored. */
  readonly stored: CycleEvent;
  /** Of real lines, of how many boards a frame was accepted; and who speaks at whose port. */
  readonly heard?: number;
  readonly speakers?: readonly (number | undefined)[];
  /** Of ballots on real lines, what was decided by what was heard. */
  readonly decisions?: CycleEvent["decisions"] | undefined;
  /** Where what was stored and what its events show differ, one line each. */
  readonly differences: readonly string[];
}

export const troublesOf = (
  network: Network, { faults, traitors, windows = [] }: Header,
): Troubles => ({
  lines: parseFaults(network, faults), traitors: parseTraitors(network, traitors),
  windows: parseWindows(network, windows),
});

/** Of bytes, hexadecimal digits are as good to compare. */
const valueOf = (shown: Shown): Value | undefined => (shown === null ? undefined : shown as Value);

const shownText = (shown: unknown): string => JSON.stringify(shown);

const rejudgeCycle = (
  network: Network, troubles: Troubles, stored: CycleEvent, rounds: Rounds,
  ballots: RetracedBallots | undefined, health: HealthJudge | undefined,
): Rejudged => {
  const { cycle, inputs, vectors, orders } = stored;
  const { windows = [] } = troubles;
  const closed = ballots?.close(stored);
  const faulty = faultyIn(network, troubles, cycle);
  const outcomes = vectors.map((vector, board): Outcome => ({
    cycle: vector ? cycle : -1, rounds: rounds.of(board), acts: undefined,
    vector: (vector ?? []).map(valueOf), order: valueOf(orders[board]!) as Value,
  }));
  const law = {
    ...lawOf(network, roundsIn(network, numberOf(network, windows, cycle))),
    fallback: valueOf(show(network.fallback)) as Value, settled: ballots?.settled ?? [],
  };
  const asynchronous = asynchronousIn(network, windows, cycle);
  const healthy = health?.take({
    cycle: numberOf(network, windows, cycle), inputs: inputs.map(valueOf),
    vectors: network.members.map(({ number }) => vectors[number]?.map(valueOf)), faulty,
    asynchronous,
    watched: vectors.map((_, board) => stored.health?.[board] ?? undefined),
  }) ?? true;
  // What was put out in a silence, and how often an order was, no event tells: that is believed.
  const judged = judgeCycle({
    law, cycle, inputs: inputs.map(valueOf), outcomes, faulty, ballot: closed, asynchronous,
    outside: false,
    also: [
      ...(stored.broken ?? []).filter((name) => name === "silence" || name === "order"),
      ...(healthy ? [] : ["health" as const]),
    ],
  });
  const differences: string[] = [];
  const compare = (name: string, here: unknown, there: unknown) => {
    const [was, is] = [shownText(here), shownText(there)];
    if (was !== is) differences.push(`cycle ${cycle}: ${name}: stored ${was}, judged again ${is}`);
  };
  compare("faulty", stored.faulty, [...faulty].toSorted((one, other) => one - other));
  compare("asynchronous", stored.asynchronous ?? false, asynchronous);
  compare("agreement", stored.agreement, judged.judged.agreement);
  compare("validity", stored.validity, judged.judged.validity);
  // Else these say no more.
  if (!differences.length && stored.verdict) {
    compare("verdict", stored.verdict, judged.verdict);
    compare("broken", stored.broken ?? [], judged.broken);
  }
  return { stored, ...judged, differences };
};

/** Whether a network's own script decides. */
export const isScripted = ({ file }: Network): boolean => typeof file.decision === "object";

/**
 * As `tagma bus` judged it: what was sent is heard by stand-ins again, and they hold the same.
 *
 * @param runs whether a decision's script may be run; else orders are those that are stored
 */
const rejudgeReal = function* (
  trace: Trace, keys: JudgeKeys | undefined, runs: boolean,
): Generator<Rejudged, void, undefined> {
  const { network, header } = trace;
  const stored = isScripted(network) && !runs;
  if (stored && network.boards[0]!.layout.ballots) {
    throw new UsageError("decision.script: what ballots propose cannot be judged without running " +
      "it, which --rerun does, in a sandbox");
  }
  let told: readonly (Shown | null)[] = [];
  const observer = createObserver(network, troublesOf(network, header), keys,
    stored ? (board) => network.type.parse(told[board]) ?? undefined : undefined);
  for (const event of trace.events()) {
    if (event.e !== "cycle") {
      observer.take(event);
      continue;
    }
    const { cycle, inputs } = event;
    told = event.orders;
    const known = inputs.map((shown) =>
      ({ known: true, value: network.type.parse(shown) ?? undefined }));
    const observed = observer.close(cycle, known);
    const { judged, heard, speakers, faulty, vectors, orders, decisions } = observed;
    const is: Record<string, unknown> = {
      faulty: [...faulty].toSorted((one, other) => one - other), vectors, orders,
      decisions: decisions?.map(shownDecisions), ...observed.held,
      agreement: judged.judged.agreement, validity: judged.judged.validity,
      ...(event.verdict ? { verdict: judged.verdict, broken: recordOf(judged).broken } : {}),
    };
    const differences = Object.keys(is).flatMap((name) => {
      const was = shownText(event[name as keyof CycleEvent]);
      const now = shownText(is[name]);
      return was === now ? []
        : [`cycle ${cycle}: ${name}: stored ${was}, judged again ${now}`];
    });
    yield {
      stored: event, ...judged, heard, speakers: [...speakers], differences,
      decisions: decisions?.map(shownDecisions),
    };
  }
};

/**
 * Judges each cycle by its inputs, vectors, orders and beacons; the header says who is faulty.
 *
 * @param keys of a real network that signs or tags, what it was judged by
 * @param runs whether the decision's script, if it is one, may be run, as what happened on real
 *   lines asks for; it is not unless told
 * @throws UsageError where every board is, in some cycle
 */
export const rejudge = function* (
  trace: Trace, keys?: JudgeKeys, runs = false,
): Generator<Rejudged, void, undefined> {
  const { network, header } = trace;
  if (header.real) {
    yield* rejudgeReal(trace, keys, runs);
    return;
  }
  const troubles = troublesOf(network, header);
  refuseVacuous(network, troubles, header.cycles);
  const rounds = createRounds(network.boards.length);
  const ballots = retraceBallots(trace, troubles);
  const health = createHealthJudge(network);
  for (const event of trace.events()) {
    ballots?.take(event);
    if (event.e === "frame") {
      if (event.from === HUB) rounds.take(event.to, event.cycle, event.round, event.fate);
    } else if (event.e === "cycle") {
      yield rejudgeCycle(network, troubles, event, rounds, ballots, health);
      rounds.open(event.cycle + 1);
    }
  }
};

/** @returns what happened while a cycle was open, and what came of it later. */
export const eventsOf = (
  events: Iterable<TraceEvent>, cycle: number, first = 0,
): TraceEvent[] => {
  const found: TraceEvent[] = [];
  let open = first;
  for (const event of events) {
    if (open === cycle || event.cycle === cycle) found.push(event);
    if (event.e === "cycle") open++;
  }
  return found;
};

/**
 * @returns what to emulate so that the same trace comes out again. A network's own script is run
 *   then, in a sandbox.
 */
export const rerun = (trace: Trace): Emulation => {
  const { network, header } = trace;
  const inputs: (Value | undefined)[][] = [];
  for (const event of trace.events()) {
    if (event.e === "cycle") {
      inputs.push(event.inputs.map((shown) => network.type.parse(shown) ?? undefined));
    }
  }
  return {
    network, cycles: header.cycles, seed: header.seed, readings: (cycle) => inputs[cycle]!,
    troubles: troublesOf(network, header), engine: "native", transport: "memory",
  };
};

/** What came of running a trace again. */
export interface Again {
  /** The number of the first event, from 0, that is another now, or -1. */
  readonly changed: number;
  /** In which cycle that is. */
  readonly cycle: number;
  readonly summary: Summary;
}

/** Runs a trace again, as `rerun` says, and compares every event. */
export const runAgain = async (
  trace: Trace, onCycle?: Emulation["onCycle"],
): Promise<Again> => {
  const stored = trace.events();
  let number = 0;
  let open = 0;
  let changed = -1;
  let cycle = -1;
  const compare = (one: TraceEvent | undefined, other: TraceEvent | undefined) => {
    const same = one && other && Buffer.compare(encodeItem(one), encodeItem(other)) === 0;
    if (changed < 0 && !same) [changed, cycle] = [number, open];
    number++;
  };
  const summary = await emulate({
    ...rerun(trace),
    tracer(event) {
      compare(stored.next().value ?? undefined, event);
      if (event.e === "cycle") open = Math.min(open + 1, trace.header.cycles - 1);
    },
    ...(onCycle ? { onCycle } : {}),
  });
  const more = stored.next();
  if (!more.done) compare(more.value, undefined);
  return { changed, cycle, summary };
};

/** @returns the number of the first event, from 0, that is another when it is run again, or -1. */
export const firstChange = async (trace: Trace): Promise<number> =>
  (await runAgain(trace)).changed;
