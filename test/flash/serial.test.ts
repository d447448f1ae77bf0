import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { describe, it } from "node:test";
import type { TestContext } from "node:test";
import { flash } from "../../host/flash/flash.js";
import { Gone, hold } from "../../host/flash/talk.js";
import { openSerial } from "../../host/live/port.js";
import { NEW, OLD, ask, boardWith, nameOf, orderOf, promise } from "./check.js";
import type { Board, Settings } from "./fake.js";

/** The uploader through the streams of serial ports, over a mock link to a made-up board. */

interface MockPort {
  write: (bytes: Buffer) => Promise<void>;
  emitData(bytes: Buffer): void;
  close(): Promise<void>;
  isOpen: boolean;
}
interface Mock {
  createPort(path: string, options: object): void;
  reset(): void;
  list(): Promise<unknown>;
  open(options: { path: string }): Promise<MockPort>;
}

const require = createRequire(import.meta.url);
const { MockBinding } = require("@serialport/binding-mock") as { MockBinding: Mock };

/** A board at a mock port: its time passes while somebody waits. */
const attach = (context: TestContext, board: Board, path: string, pulledAfter = Infinity) => {
  let port: MockPort | undefined;
  let sent = 0;
  const binding = {
    list: async () => MockBinding.list(),
    async open(options: { path: string }) {
      port = await MockBinding.open(options);
      port.write = async (bytes) => {
        for (const byte of bytes) {
          if (++sent <= pulledAfter) board.take(byte, 0.1);
        }
        if (sent > pulledAfter) throw new Error("Port is not open");
        return Promise.resolve();
      };
      return port;
    },
  };
  MockBinding.createPort(path, { maxReadSize: 65_536 });
  const ticking = setInterval(() => {
    board.pass(board.time + 5);
    const said = board.said();
    if (said.length && port?.isOpen) port.emitData(Buffer.from(said));
  }, 1);
  context.after(() => {
    clearInterval(ticking);
    MockBinding.reset();
  });
  return { binding };
};

/** Patience goes by the board's time, so that a computer with other things to do takes longer. */
const around = (board: Board) => ({ now: () => board.time });

describe("through a mock serial port", () => {
  for (const version of ["2v29", "2v04"]) {
    it(`a program arrives: Espruino ${version}`, async (context) => {
      const settings: Settings = { version };
      const board = boardWith(settings);
      const { binding } = attach(context, board, "/dev/mock");
      const port = await openSerial(binding, "/dev/mock", 115_200);
      const done = await hold(flash(orderOf(NEW)), port, around(board));
      assert.equal(done.now, "runs");
      assert.equal(board.runs, nameOf(NEW));
      await port.close();
      await assert.rejects(port.write(Uint8Array.of(1)), Gone);
      await assert.rejects(port.read(1), Gone);
    });
  }

  it("a cable that is pulled is told, and the board keeps what it had", async (context) => {
    const board = boardWith({});
    const { binding } = attach(context, board, "/dev/mock", 4200);
    const port = await openSerial(binding, "/dev/mock", 115_200);
    await assert.rejects(hold(flash(orderOf(NEW)), port, around(board)), Gone);
    await port.close();
    board.powerCycle();
    assert.equal(promise(board, [OLD, NEW], "pulled").state, "whole");
    assert.equal(board.runs, nameOf(OLD));
    assert.equal(ask(board).remains, true);
  });

  it("a port that is not there is named", async (context) => {
    const { binding } = attach(context, boardWith({}), "/dev/mock");
    await assert.rejects(openSerial(binding, "/dev/other", 115_200),
      /^UsageError: \/dev\/other: cannot be opened: /);
  });
});
