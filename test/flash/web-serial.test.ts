import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ReadableStream, WritableStream } from "node:stream/web";
import type { ReadableStreamDefaultController } from "node:stream/web";
import { Gone } from "../../host/flash/talk.js";
import { openWebPort } from "../../host/flash/web-serial.js";
import type { WebPort } from "../../host/flash/web-serial.js";

/** A browser's port, by the streams of the same standard that Node has. */
const createPort = () => {
  let controller: ReadableStreamDefaultController<Uint8Array>;
  const written: number[] = [];
  const speeds: number[] = [];
  let closes = 0;
  let stuck: Promise<void> | undefined;
  const stream = () => new ReadableStream<Uint8Array>({
    start(made) {
      controller = made;
    },
  });
  let readable: ReadableStream<Uint8Array> | null = stream();
  const writable = new WritableStream<Uint8Array>({
    async write(chunk) {
      await stuck;
      written.push(...chunk);
    },
  });
  const port: WebPort = {
    get readable() {
      return readable as WebPort["readable"];
    },
    writable,
    async open({ baudRate }) {
      await Promise.resolve();
      speeds.push(baudRate);
    },
    async close() {
      await Promise.resolve();
      if (readable?.locked) throw new Error("it is locked");
      closes++;
    },
  };
  return {
    port, written, speeds,
    closes: () => closes,
    bring(...bytes: number[]) {
      controller.enqueue(Uint8Array.from(bytes));
    },
    /** A byte is damaged: the stream ends, and there is another one. */
    damage() {
      const old = controller;
      readable = stream();
      old.error(new Error("a framing error"));
    },
    lose() {
      const old = controller;
      readable = null;
      old.error(new Error("The device has been lost."));
    },
    hold() {
      stuck = Promise.race([]);
    },
  };
};

describe("a port of Web Serial", () => {
  it("carries bytes both ways, each once, in order", async () => {
    const made = createPort();
    const port = await openWebPort(made.port, 9600);
    assert.deepEqual(made.speeds, [9600]);
    await port.write(Uint8Array.of(1, 2));
    await port.write(Uint8Array.of(3));
    assert.deepEqual(made.written, [1, 2, 3]);
    made.bring(5, 6);
    made.bring(7);
    assert.equal((await port.read(1000))[0], 5);
    made.bring(8);
    const rest: number[] = [];
    while (rest.length < 1 || rest.at(-1) !== 8) rest.push(...await port.read(1000));
    assert.equal(rest.at(-1), 8);
    assert.deepEqual([...await port.read(1)], []);
    await port.close();
    assert.equal(made.closes(), 1);
    await assert.rejects(port.read(1), Gone);
  });

  it("is not handed bytes that change once they are written", async () => {
    const made = createPort();
    const port = await openWebPort(made.port, 9600);
    const bytes = Uint8Array.of(1);
    const writing = port.write(bytes);
    bytes[0] = 9;
    await writing;
    assert.deepEqual(made.written, [1]);
    await port.close();
  });

  it("goes on after a byte that was damaged", async () => {
    const made = createPort();
    const port = await openWebPort(made.port, 9600);
    made.damage();
    assert.deepEqual([...await port.read(1)], []);
    made.bring(4);
    assert.deepEqual([...await port.read(1000)], [4]);
    await port.close();
    assert.equal(made.closes(), 1);
  });

  it("says that it is gone, once what came before was read", async () => {
    const made = createPort();
    const port = await openWebPort(made.port, 9600);
    made.bring(1);
    assert.deepEqual([...await port.read(1000)], [1]);
    made.lose();
    await assert.rejects(port.read(1000), /the port: The device has been lost/);
    await assert.rejects(port.write(Uint8Array.of(1)), Gone);
    await port.close();
  });

  it("takes no more bytes for ever", { timeout: 30_000 }, async (context) => {
    context.mock.timers.enable({ apis: ["setTimeout"] });
    const made = createPort();
    const port = await openWebPort(made.port, 9600);
    made.hold();
    const writing = port.write(Uint8Array.of(1));
    context.mock.timers.tick(10_000);
    await assert.rejects(writing, /takes no more bytes/);
    await port.close();
  });
});
