import { nativeBoard } from "../../host/boards/board.js";
import type { TraceEvent } from "../../host/events/events.js";
import type { LineEvents } from "../../host/live/line.js";
import { live } from "../../host/live/live.js";
import type { Live, LiveRecord, LiveSummary } from "../../host/live/live.js";
import type { Network } from "../../host/network/network.js";
import { createMadeUpTime } from "./made-up-time.js";
import { readingsFor } from "./world.js";

/** Boards on one wire of made-up time, behind one port of the bus. */
export interface WireWorld {
  /** What each board's transmission becomes, by board; undefined: nothing. */
  readonly says: ((bytes: Uint8Array) => Uint8Array | undefined)[];
  /** Whether a board runs, by board. */
  readonly runs: boolean[];
  /** Whether the bus hears itself. */
  echo: boolean;
  /** Microseconds from a beacon to an answer. */
  delay: number;
  /** Whether the port can be opened. */
  plugged: boolean;
  readonly events: TraceEvent[];
  readonly records: LiveRecord[];
  /** The vector that each board itself held after each cycle. */
  readonly held: (readonly unknown[])[][];
  /** How many decisions each board itself carried out in each cycle. */
  readonly decided: number[][];
  readonly opens: number[];
  at(time: number, act: () => void): void;
  pull(): void;
  run(options?: Partial<Live>): Promise<LiveSummary>;
}

export const createWireWorld = (network: Network): WireWorld => {
  const readings = readingsFor(network);
  const { at, clock } = createMadeUpTime();
  let port: LineEvents | undefined;
  const boards = network.boards.map((board) =>
    nativeBoard(network, board, (number, bytes, from, end) => {
      const said = world.says[number]!(bytes.slice(from, end));
      if (!said) return;
      at(clock.now() + world.delay, () => {
        hear(said);
        port?.data(said);
      });
    }));
  const hear = (bytes: Uint8Array) => {
    boards.forEach((board, number) => {
      if (world.runs[number]) board.receive(bytes);
    });
  };
  const show = (cycle: number) => {
    boards.forEach((board, number) => {
      board.reading = readings(cycle)[number];
    });
  };
  show(0);
  const world: WireWorld = {
    says: network.boards.map(() => (bytes: Uint8Array) => bytes),
    runs: network.boards.map(() => true), echo: false, delay: 200, plugged: true,
    events: [], records: [], held: [], decided: [], opens: [], at,
    pull() {
      world.plugged = false;
      const told = port;
      port = undefined;
      told?.gone("it is unplugged");
    },
    run: async (options = {}) => live({
      network, cycles: 10, seed: 1, readings, known: "all", clock,
      troubles: { lines: [], traitors: [] },
      async open(board, told) {
        await Promise.resolve();
        if (!world.plugged) throw new Error("there is no such port");
        world.opens.push(board);
        port = told;
        return {
          write(bytes, done) {
            if (world.echo) told.data(bytes);
            hear(bytes);
            done("");
          },
          pause: () => undefined,
          resume: () => undefined,
          close: async () => Promise.resolve(),
        };
      },
      stopped: () => false,
      tracer(event) {
        world.events.push(event);
      },
      ...options,
      onCycle(record, status) {
        world.records.push(record);
        world.held.push(boards.map((board) => [...board.state().vector]));
        world.decided.push(boards.map((board) => board.state().decisions.length));
        show(record.cycle + 1);
        options.onCycle?.(record, status);
      },
    }),
  };
  return world;
};
