import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { BREAKS, STATES, VERDICTS } from "../events/names.js";
import type { BoardFacts, CycleFacts, LineFacts, NetworkFacts } from "./facts.js";

/** A run in figures, in the text format of Prometheus. */

export interface Metrics {
  take(facts: CycleFacts): void;
  /** Counts what was not told: cycles that came too fast, messages that found no broker. */
  dropped(to: "thread" | "broker", count: number): void;
  connected(whether: boolean): void;
  /** Text and its type; made at most once a cycle, however often it is asked for. */
  text(): Promise<string>;
  readonly type: string;
}

/** Cycles that the share of good ones is of. */
const WINDOW = 100;
const SECONDS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5,
];

const seconds = (us: number): number => us / 1e6;

/** The share of good ones among the last, without keeping more than a bit of each. */
const createShare = () => {
  const good = new Uint8Array(WINDOW);
  let [at, count, sum] = [0, 0, 0];
  return (is: boolean): number => {
    sum += Number(is) - good[at]!;
    good[at] = Number(is);
    at = (at + 1) % WINDOW;
    count = Math.min(count + 1, WINDOW);
    return sum / count;
  };
};

const ofBoards = (registers: Registry[]) => {
  const labelNames = ["board"] as const;
  const counter = (name: string, help: string) =>
    new Counter({ name, help, labelNames, registers });
  const gauge = (name: string, help: string) => new Gauge({ name, help, labelNames, registers });
  return {
    faulty: counter("tagma_board_faulty_cycles_total",
      "Cycles in which the board was silent, late, reset or lied."),
    decisions: counter("tagma_board_decisions_total",
      "Vectors that the board holds, or slots that it decided."),
    overrun: counter("tagma_board_overrun_bytes_total",
      "Bytes that the board's input buffer had no room for."),
    good: gauge("tagma_board_good_ratio",
      `Share of the last ${WINDOW} cycles in which the board was correct and lost nothing, ` +
      "as this computer saw it."),
    value: gauge("tagma_board_value",
      "What the board put in, where that is a number; else NaN."),
  };
};

/** What boards agree on, so that it is the same at each. */
const ofHealth = (registers: Registry[]) => new Gauge({
  name: "tagma_board_health", labelNames: ["board", "state"] as const, registers,
  help: "1 for the state that the correct boards agree that the board is in, else 0.",
});

const ofLines = (registers: Registry[]) => {
  const labelNames = ["board"] as const;
  const counter = (name: string, help: string) =>
    new Counter({ name, help, labelNames, registers });
  const spread = (name: string, help: string) =>
    new Histogram({ name, help, labelNames, registers, buckets: SECONDS });
  return {
    up: new Gauge({
      name: "tagma_board_up", help: "1 where the board's port is open.", labelNames, registers,
    }),
    odd: counter("tagma_board_odd_cycles_total",
      "Cycles in which the board said what no correct board would have said."),
    lost: counter("tagma_board_lost_frames_total",
      "Frames of the board that were due and did not come in time."),
    late: spread("tagma_board_late_seconds",
      "Of a cycle's frames that came too late, by how much the latest."),
    answer: spread("tagma_board_answer_seconds", "From a beacon to the board's frame."),
    beacon: new Histogram({
      name: "tagma_beacon_late_seconds", registers, buckets: SECONDS,
      help: "By how much the latest of a cycle's beacons came later than it was due.",
    }),
  };
};

const ofRun = (registers: Registry[]) => ({
  info: new Gauge({
    name: "tagma_info", help: "1, with what does not change.", registers,
    labelNames: ["network", "algorithm", "boards", "traitors"],
  }),
  cycles: new Counter({
    name: "tagma_cycles_total", help: "Cycles by verdict.", labelNames: ["verdict"], registers,
  }),
  broken: new Counter({
    name: "tagma_broken_total", help: "Cycles in which a promise broke.", labelNames: ["promise"],
    registers,
  }),
  cycle: new Gauge({ name: "tagma_cycle", help: "The number of the last cycle.", registers }),
  frames: new Counter({ name: "tagma_frames_total", help: "Frames on all links.", registers }),
  bytes: new Counter({ name: "tagma_wire_bytes_total", help: "Bytes on all links.", registers }),
  time: new Histogram({
    name: "tagma_cycle_seconds", help: "How long a cycle took.", registers, buckets: SECONDS,
  }),
  dropped: new Counter({
    name: "tagma_telemetry_dropped_total", labelNames: ["to"], registers,
    help: "Cycles not told to the thread, and events not told to the broker.",
  }),
  broker: new Gauge({
    name: "tagma_mqtt_connected", help: "1 where the broker is there; NaN: none was asked for.",
    registers,
  }),
});

/** All that is ever told has a line from the first scrape on, or rates would begin with a hole. */
const begin = (
  { run, board }: { run: ReturnType<typeof ofRun>; board: ReturnType<typeof ofBoards> },
  { name: network, algorithm, boards, traitors }: NetworkFacts,
): void => {
  run.info.set({ network, algorithm, boards: boards.length, traitors }, 1);
  for (const verdict of VERDICTS) run.cycles.inc({ verdict }, 0);
  for (const promise of BREAKS) run.broken.inc({ promise }, 0);
  for (const to of ["thread", "broker"]) run.dropped.inc({ to }, 0);
  run.broker.set(Number.NaN);
  for (const name of boards) {
    for (const counter of [board.faulty, board.decisions, board.overrun]) {
      counter.inc({ board: name }, 0);
    }
  }
};

export const createMetrics = (network: NetworkFacts): Metrics => {
  const register = new Registry();
  const run = ofRun([register]);
  const board = ofBoards([register]);
  const line = network.real ? ofLines([register]) : undefined;
  const health = network.health ? ofHealth([register]) : undefined;
  const shares = network.boards.map(createShare);
  let text: Promise<string> | undefined;
  begin({ run, board }, network);
  for (const name of network.boards) {
    for (const counter of line ? [line.odd, line.lost] : []) counter.inc({ board: name }, 0);
  }

  const takeLine = (name: string, { here, odd, lost, late_us, answers_us }: LineFacts) => {
    const of = { board: name };
    line!.up.set(of, Number(here));
    line!.odd.inc(of, Number(odd));
    line!.lost.inc(of, lost);
    if (late_us > 0) line!.late.observe(of, seconds(late_us));
    for (const answer of answers_us) line!.answer.observe(of, seconds(answer));
  };

  const takeBoard = (at: number, facts: BoardFacts) => {
    const name = network.boards[at]!;
    const of = { board: name };
    const { put, faulty, decisions, overrun, line: own } = facts;
    board.faulty.inc(of, Number(faulty));
    board.decisions.inc(of, decisions);
    board.overrun.inc(of, overrun);
    for (const state of facts.health ? STATES : []) {
      health?.set({ board: name, state }, Number(state === facts.health!.state));
    }
    board.good.set(of, shares[at]!(!faulty && !own?.lost && !overrun));
    board.value.set(of, typeof put === "string" || put === null ? Number.NaN : Number(put));
    if (own && line) takeLine(name, own);
  };

  return {
    type: register.contentType,
    take(facts) {
      const { cycle, verdict, broken, frames, bytes, time_us, beacon_late_us: late } = facts;
      run.cycles.inc({ verdict });
      for (const promise of broken) run.broken.inc({ promise });
      run.cycle.set(cycle);
      run.frames.inc(frames);
      run.bytes.inc(bytes);
      run.time.observe(seconds(time_us));
      if (late !== undefined) line?.beacon.observe(seconds(Math.max(0, late)));
      facts.boards.forEach((one, at) => {
        takeBoard(at, one);
      });
      text = undefined;
    },
    dropped(to, count) {
      run.dropped.inc({ to }, count);
      text = undefined;
    },
    connected(whether) {
      run.broker.set(Number(whether));
      text = undefined;
    },
    text: async () => (text ??= register.metrics()),
  };
};
