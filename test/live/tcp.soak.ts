import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { describe, it } from "node:test";
import type { TestContext } from "node:test";
import { nativeBoard } from "../../host/boards/board.js";
import { clockOf } from "../../host/cli/clock.js";
import type { Io } from "../../host/cli/io.js";
import { live } from "../../host/live/live.js";
import type { Live, LiveRecord } from "../../host/live/live.js";
import { openLine } from "../../host/live/port.js";
import { desk, readingsFor } from "./world.js";

/** The hub at serial servers, raw over TCP, in real time: `tcp://HOST:PORT`. */

/** Time for a process to be woken, on a computer with other things to do. */
const NETWORK = desk({ guard_us: 60_000, period_ms: 200 });
const readings = readingsFor(NETWORK);
const PATIENCE_MS = 60_000;

/** A serial server: whoever connects has the board's line, one at a time. */
interface Served {
  readonly path: string;
  readonly connected: number;
  /** Ends the connection, as a server does that is restarted; nobody can connect until `open`. */
  shut(): Promise<void>;
  open(): Promise<void>;
}

const serve = async (number: number, context: TestContext): Promise<Served> => {
  let socket: Socket | undefined;
  let connected = 0;
  let server: Server | undefined;
  let port = 0;
  const board = nativeBoard(NETWORK, NETWORK.boards[number]!, (_board, bytes, from, end) => {
    // In two parts, as a serial server cuts them.
    socket?.write(bytes.slice(from, from + 3));
    socket?.write(bytes.slice(from + 3, end));
  });
  const served: Served = {
    get path() {
      return `tcp://127.0.0.1:${port}`;
    },
    get connected() {
      return connected;
    },
    async shut() {
      socket?.destroy();
      const closing = server;
      server = undefined;
      if (closing) {
        closing.close();
        await once(closing, "close");
      }
    },
    async open() {
      server = createServer((made) => {
        socket?.destroy();
        socket = made;
        connected++;
        made.on("error", () => undefined);
        made.on("data", (chunk) => {
          board.reading = readings(board.state().cycle + 1)[number];
          board.receive(chunk);
        });
      });
      server.listen(port, "127.0.0.1");
      await once(server, "listening");
      ({ port } = server.address() as AddressInfo);
    },
  };
  await served.open();
  context.after(async () => served.shut());
  return served;
};

const clock = clockOf({
  now: () => performance.now(),
  sleep: async (milliseconds) => {
    await wait(milliseconds);
  },
} as Io);

const runUntil = async (
  paths: readonly string[], holds: (records: readonly LiveRecord[]) => boolean,
  more: Partial<Live> = {},
) => {
  const records: LiveRecord[] = [];
  const until = performance.now() + PATIENCE_MS;
  const summary = await live({
    network: NETWORK, cycles: 10_000, seed: 1, known: "wired", clock,
    troubles: { lines: [], traitors: [] },
    open: async (board, events) => openLine(paths[board]!, NETWORK.file.baud, events),
    stopped: () => holds(records) || performance.now() > until,
    onCycle(record) {
      records.push(record);
    },
    ...more,
  });
  assert.ok(holds(records), "it did not come to that in time");
  return { summary, records };
};

const all = (records: readonly LiveRecord[], cycles: number) =>
  records.filter(({ faulty }) => !faulty.length).length >= cycles;

describe("boards behind serial servers", () => {
  it("agree, and one whose server is restarted takes part again", async (context) => {
    const served = await Promise.all([0, 1, 2, 3].map(async (board) => serve(board, context)));
    const paths = served.map(({ path }) => path);
    let stage = 0;
    const { summary, records } = await runUntil(paths, (so) => {
      if (stage === 0 && all(so, 3)) {
        stage = 1;
        void served[3]!.shut();
      } else if (stage === 1 && so.at(-1)?.faulty.includes(3)) {
        stage = 2;
        void served[3]!.open();
      } else if (stage === 2 && so.at(-1)?.faulty.length === 0) stage = 3;
      return stage === 3;
    });
    assert.equal(summary.verdict, "held");
    assert.ok(summary.boards[3]!.opened >= 2 && served[3]!.connected >= 2);
    assert.equal(summary.boards[0]!.opened, 1);
    const away = records.filter(({ faulty }) => faulty.includes(3));
    assert.ok(away.length > 0);
    // In a later cycle that it has not heard from the start it is nothing to the others.
    for (const { vectors } of away.slice(1, -1)) assert.equal(vectors[0]?.[3] ?? null, null);
  });

  it("that take all and say nothing are tried anew, and others are not", async (context) => {
    const served = await Promise.all([0, 1, 2].map(async (board) => serve(board, context)));
    let connected = 0;
    // As one that has lost its power is to the kernel: nothing is refused, and nothing comes.
    const dumb = createServer((socket) => {
      connected++;
      socket.on("error", () => undefined);
      socket.resume();
    });
    dumb.listen(0, "127.0.0.1");
    await once(dumb, "listening");
    context.after(() => dumb.close());
    const { port } = dumb.address() as AddressInfo;
    const paths = [...served.map(({ path }) => path), `tcp://127.0.0.1:${port}`];
    const { summary } = await runUntil(paths, () => connected >= 3, {
      open: async (board, events) =>
        openLine(paths[board]!, NETWORK.file.baud, events, board === 3 ? 500 : PATIENCE_MS),
    });
    assert.ok(summary.boards[3]!.opened >= 2);
    assert.deepEqual(summary.boards.slice(0, 3).map(({ opened }) => opened), [1, 1, 1]);
  });

  it("whose answers take their time are not given up", async (context) => {
    const told: string[] = [];
    const echo = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.on("data", (chunk) => {
        setTimeout(() => {
          socket.write(chunk);
        }, 150);
      });
    });
    echo.listen(0, "127.0.0.1");
    await once(echo, "listening");
    context.after(() => echo.close());
    const { port } = echo.address() as AddressInfo;
    const line = await openLine(`tcp://127.0.0.1:${port}`, 9600, {
      data: () => undefined,
      gone(why) {
        told.push(why);
      },
    }, 400);
    // What was answered is no reason, nor is that nobody wrote.
    for (let turn = 0; turn < 4; turn++) {
      line.write(new Uint8Array(3), () => undefined);
      await wait(300);
    }
    await wait(600);
    assert.deepEqual(told, []);
    await line.close();
  });

  it("that nobody serves are away, and why is told", async () => {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, "close");
    const paths = [0, 1, 2].map(() => `tcp://127.0.0.1:${port}`);
    const { summary } = await runUntil([...paths, "tcp://nobody"], (so) => so.length > 1);
    assert.equal(summary.outside, summary.cycles);
    assert.match(summary.boards[0]!.why, /cannot be opened: .*ECONNREFUSED/);
    assert.match(summary.boards[3]!.why, /is no address, it must be tcp:\/\/HOST:PORT/);
  });
});
