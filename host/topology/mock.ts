import { createRequire } from "node:module";
import type { Answer, Transport, Receive } from "./transport.js";

/** As much of a serial port stream, and of a mock port, as is used here. */
interface Stream {
  readonly port?: MockPort;
  open(done: (error: Error | null) => void): void;
  close(done: (error: Error | null) => void): void;
  write(bytes: Buffer): boolean;
  on(event: "data", listener: (chunk: Buffer) => void): void;
}
interface MockPort {
  write: (bytes: Buffer) => Promise<void>;
  emitData(bytes: Buffer): void;
}
interface Packages {
  readonly SerialPortStream: new (options: object) => Stream;
  readonly MockBinding: { createPort(path: string, options: object): void };
}

// Both packages must come from the same module system, or their registries of ports differ.
const require = createRequire(import.meta.url);
const { SerialPortStream } = require("@serialport/stream") as Packages;
const { MockBinding } = require("@serialport/binding-mock") as Packages;

const LARGEST_READ = 65536;

const openPort = async (path: string, baudRate: number): Promise<Stream> => {
  MockBinding.createPort(path, { maxReadSize: LARGEST_READ });
  const stream = new SerialPortStream({ binding: MockBinding, path, baudRate, autoOpen: false });
  await new Promise<void>((resolve, reject) => {
    stream.open((error) => {
      if (error) reject(error);
      else resolve();
    });
  });
  return stream;
};

/** What one end writes, the other reads. */
const wire = (from: Stream, to: Stream): void => {
  from.port!.write = (bytes) => {
    to.port!.emitData(Buffer.from(bytes));
    return Promise.resolve();
  };
};

/** One cable: a stream at the hub, a stream at the board, and what is still under way on it. */
interface Cable {
  readonly hub: Stream;
  readonly board: Stream;
  /** Bytes that the board has yet to read, and that the hub has yet to read. */
  down: number;
  up: number;
  /** What the board has read of what is on its way to it. */
  readonly taken: Buffer[];
  /** Lengths of the board's writes that have not arrived whole. */
  readonly writes: number[];
  arrived: Buffer;
  readonly done: { readonly resolve: () => void; readonly reject: (thrown: Error) => void }[];
}

let networks = 0;

/**
 * Real serial port streams over mock ports: each board's bytes pass through the same code as on a
 * real line. They arrive when the bus says so, and not sooner or later.
 */
export const mockTransport = async (
  boards: number, baudRate: number, receive: Receive, answer: Answer,
): Promise<{ transport: Transport; send: Answer }> => {
  const network = networks++;
  const cables: Cable[] = [];
  for (let board = 0; board < boards; board++) {
    const path = `/dev/tagma-${network}-${board}`;
    const hub = await openPort(`${path}-hub`, baudRate);
    const end = await openPort(path, baudRate);
    wire(hub, end);
    wire(end, hub);
    const cable: Cable = {
      hub, board: end, down: 0, taken: [], up: 0, writes: [], arrived: Buffer.alloc(0), done: [],
    };
    const settle = () => {
      if (cable.down > 0 || cable.up > 0) return;
      for (const { resolve } of cable.done.splice(0)) resolve();
    };
    end.on("data", (chunk: Buffer) => {
      cable.down -= chunk.length;
      // How a stream cuts bytes is not for the emulation to depend on.
      cable.taken.push(chunk);
      if (cable.down > 0) return;
      const taken = cable.taken.splice(0);
      try {
        receive(board, taken.length > 1 ? Buffer.concat(taken) : taken[0]!);
      } catch (thrown) {
        // Whoever delivers is told: a stream would end the process.
        for (const { reject } of cable.done.splice(0)) reject(thrown as Error);
      }
      settle();
    });
    hub.on("data", (chunk: Buffer) => {
      cable.up -= chunk.length;
      cable.arrived = cable.arrived.length ? Buffer.concat([cable.arrived, chunk]) : chunk;
      while (cable.writes.length && cable.arrived.length >= cable.writes[0]!) {
        const length = cable.writes.shift()!;
        answer(board, cable.arrived, 0, length);
        cable.arrived = cable.arrived.subarray(length);
      }
      settle();
    });
    cables.push(cable);
  }
  return {
    send(board, bytes, from, end) {
      const cable = cables[board]!;
      cable.up += end - from;
      cable.writes.push(end - from);
      cable.board.write(Buffer.from(bytes.subarray(from, end)));
    },
    transport: {
      async deliver(deliveries) {
        await Promise.all(deliveries.map(({ board, bytes, length }) =>
          new Promise<void>((resolve, reject) => {
            const cable = cables[board]!;
            if (!length) {
              resolve();
              return;
            }
            cable.done.push({ resolve, reject });
            cable.down += length;
            cable.hub.write(Buffer.from(bytes.subarray(0, length)));
          })));
      },
      async settled() {
        await Promise.all(cables.filter(({ down, up }) => down + up > 0).map((cable) =>
          new Promise<void>((resolve, reject) => {
            cable.done.push({ resolve, reject });
          })));
      },
      async close() {
        for (const { hub, board } of cables) {
          for (const stream of [hub, board]) {
            await new Promise<void>((resolve) => {
              stream.close(() => {
                resolve();
              });
            });
          }
        }
      },
    },
  };
};
