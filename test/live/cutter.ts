import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { createRandom } from "../core/random.js";

/**
 * A cable that cuts and joins. What one end sends arrives whole and in order, but in pieces of a
 * length that the seed gives; a piece waits for its bytes for a moment, so that the end of one
 * frame comes with the beginning of the next.
 */

/** Bytes of a piece, at most: as many as Espruino's `data` event brings; every other is short. */
const LONGEST = 64;
const SHORT = 8;
/**
 * Milliseconds that a piece is waited for, and between two pieces. Espruino's Linux build looks for
 * input every 50 ms only when it is idle: after one in four of the first pieces it has time to.
 * What is long would take too long by that, and is cut where the interpreter's reads end anyway.
 */
const JOIN_MS = 3;
const [PAUSE_MS, LONG_PAUSE_MS, LONG_ONE_IN] = [1, 60, 4];
const FIRST = 4;

/** Bytes on their way to one end. */
const createPipe = (seed: number) => {
  const random = createRandom(seed);
  let rest = Buffer.alloc(0) as Buffer;
  let end: Socket | undefined;
  let busy = false;
  let pieces = 0;
  const run = async () => {
    busy = true;
    for (let turn = 0; rest.length && end; turn++) {
      const length = 1 + (random() % (random() & 1 ? LONGEST : SHORT));
      if (turn < FIRST && rest.length < length) await wait(JOIN_MS);
      end.write(rest.subarray(0, length));
      rest = rest.subarray(length);
      pieces++;
      if (turn < FIRST) await wait(random() % LONG_ONE_IN ? PAUSE_MS : LONG_PAUSE_MS);
    }
    busy = false;
  };
  return {
    attach(socket: Socket) {
      end = socket;
    },
    take(chunk: Buffer) {
      rest = Buffer.concat([rest, chunk]);
      if (!busy) void run();
    },
    pieces: () => pieces,
  };
};

/** @returns the TCP ports of the two ends, and how many pieces have gone over it */
export const createCutter = async (seed: number) => {
  const pipes = [createPipe(2 * seed), createPipe(2 * seed + 1)] as const;
  const servers = pipes.map((pipe, side) => {
    const other = pipes[1 - side]!;
    return createServer((socket) => {
      socket.setNoDelay(true);
      socket.on("error", () => undefined);
      socket.on("data", (chunk) => {
        other.take(chunk);
      });
      pipe.attach(socket);
    }).listen(0, "127.0.0.1");
  });
  await Promise.all(servers.map(async (server) => once(server, "listening")));
  return {
    ports: servers.map((server) => (server.address() as AddressInfo).port),
    pieces: () => pipes[0].pieces() + pipes[1].pieces(),
    close() {
      for (const server of servers) server.close();
    },
  };
};
