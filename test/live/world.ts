import { nativeBoard } from "../../host/boards/board.js";
import type { BoardState, SimBoard } from "../../host/boards/board.js";
import type { TraceEvent } from "../../host/events/events.js";
import { parseTraitors } from "../../host/faults/troubles.js";
import type { LineEvents } from "../../host/live/line.js";
import { live } from "../../host/live/live.js";
import type { Clock, Live, LiveRecord, LiveSummary } from "../../host/live/live.js";
import { parseNetwork } from "../../host/network/network.js";
import type { Board, Network } from "../../host/network/network.js";
import { parseReadings } from "../../host/network/readings.js";
import type { Readings } from "../../host/network/readings.js";
import type { Answer } from "../../host/topology/transport.js";
import { contentOf } from "../cli/harness.js";
import { createMadeUpTime } from "./made-up-time.js";

/** Boards at ports of made-up time: nothing here waits, and every microsecond is told. */

export const desk = (changes: object = {}): Network =>
  parseNetwork({ ...contentOf("desk"), period_ms: 20, ...changes }, "desk");

/** Readings in which neighbours differ, and cycles too. */
export const readingsFor = (network: Network, rows = 5): Readings => {
  const row = (cycle: number) => network.members.map((_, board) => (cycle >> (board & 1)) & 7);
  const text = Array.from({ length: rows }, (_, cycle) => row(cycle).join(",")).join("\n");
  return parseReadings(network, text, "made up").readings;
};

/** One board at its port, and what may be done to them. */
export interface Place {
  /** Whether something can be opened there. */
  plugged: boolean;
  /** Whether the board behind it runs. */
  runs: boolean;
  /** Microseconds from a chunk at the board to its answer at the hub. */
  delay: number;
  /** Whether writes are never done. */
  stuck: boolean;
  /** The cable is pulled. */
  pull(): void;
  /** The port brings this, at once; whether it was taken. */
  bring(chunk: Uint8Array): boolean;
  restart(): void;
  /** What becomes of a frame that the board says. */
  says: (frame: Uint8Array) => Uint8Array;
  readonly opens: number;
  readonly paused: boolean;
  /** Bytes that were written and are not done. */
  readonly pending: number;
  readonly sent: readonly Uint8Array[];
}

export interface World {
  readonly places: readonly Place[];
  readonly clock: Clock;
  readonly events: TraceEvent[];
  readonly records: LiveRecord[];
  /** What each board itself held after each cycle. */
  readonly held: Pick<BoardState, "cycle" | "vector" | "order" | "decisions">[][];
  /** Does something at a time. */
  at(time: number, act: () => void): void;
  run(options?: Partial<Live>): Promise<LiveSummary>;
}

const createPlace = (
  board: SimBoard, answers: () => Uint8Array[], at: World["at"], clock: Clock,
) => {
  let events: LineEvents | undefined;
  let opens = 0;
  let paused = false;
  let pending = 0;
  const sent: Uint8Array[] = [];
  const place: Place = {
    plugged: true, runs: true, delay: 200, stuck: false,
    pull() {
      place.plugged = false;
      const told = events;
      events = undefined;
      told?.gone("it is unplugged");
    },
    bring(chunk) {
      if (!events || paused) return false;
      events.data(chunk);
      return true;
    },
    restart() {
      void board.restart();
    },
    says: (frame) => frame,
    get opens() {
      return opens;
    },
    get paused() {
      return paused;
    },
    get pending() {
      return pending;
    },
    sent,
  };
  const open: Live["open"] = async (_number, told) => {
    await Promise.resolve();
    if (!place.plugged) throw new Error("there is no such port");
    opens++;
    paused = false;
    pending = 0;
    events = told;
    return {
      write(bytes, done) {
        pending += bytes.length;
        if (place.stuck) return;
        pending -= bytes.length;
        sent.push(bytes);
        if (place.runs) board.receive(bytes);
        for (const answer of answers()) {
          at(clock.now() + place.delay, () => {
            place.bring(place.says(answer));
          });
        }
        // As of a port, never at once.
        queueMicrotask(() => {
          done("");
        });
      },
      pause() {
        paused = true;
      },
      resume() {
        paused = false;
      },
      async close() {
        if (events === told) events = undefined;
        return Promise.resolve();
      },
    };
  };
  return { place, open };
};

/** What a board says becomes this on its way to the hub; undefined: nothing. */
export type Tongue = (board: number, frame: Uint8Array) => Uint8Array | undefined;

export const createWorld = (
  network: Network, readings = readingsFor(network), tongue: Tongue = (_board, frame) => frame,
  make: (network: Network, board: Board, send: Answer) => SimBoard = nativeBoard,
): World => {
  const { at, clock } = createMadeUpTime();
  const answers = network.boards.map((): Uint8Array[] => []);
  const boards = network.boards.map((board) =>
    make(network, board, (number, bytes, from, end) => {
      const said = tongue(number, bytes.slice(from, end));
      if (said) answers[number]!.push(said);
    }));
  const made = boards.map((board, number) =>
    createPlace(board, () => answers[number]!.splice(0), at, clock));
  const events: TraceEvent[] = [];
  const records: LiveRecord[] = [];
  const held: World["held"] = [];
  const show = (cycle: number) => {
    boards.forEach((board, number) => {
      board.reading = readings(cycle)[number];
    });
  };
  show(0);
  return {
    places: made.map(({ place }) => place), clock, events, records, held, at,
    run: async (options = {}) => live({
      network, cycles: 10, seed: 1, readings, known: "all", clock,
      troubles: { lines: [], traitors: [] },
      open: async (board, told) => made[board]!.open(board, told),
      stopped: () => false,
      tracer(event) {
        events.push(event);
      },
      ...options,
      onCycle(record, status) {
        records.push(record);
        held.push(boards.map((board) => {
          const { cycle, vector, order, decisions } = board.state();
          return { cycle, vector: [...vector], order, decisions };
        }));
        show(record.cycle + 1);
        options.onCycle?.(record, status);
      },
    }),
  };
};

export const lying = (network: Network, ...words: string[]): Live["troubles"] =>
  ({ lines: [], traitors: parseTraitors(network, words) });
