import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { describe, it } from "node:test";
import type { TestContext } from "node:test";
import { UsageError } from "../../host/base/error.js";
import { bundle } from "../../host/bundle/bundle.js";
import { programBytes } from "../../host/flash/boot.js";
import { flash, look } from "../../host/flash/flash.js";
import type { Order } from "../../host/flash/flash.js";
import { Gone, hold } from "../../host/flash/talk.js";
import type { Port } from "../../host/flash/talk.js";
import { crcOf, bytesOf } from "../../host/flash/text.js";
import { openPort } from "../../host/live/port.js";
import { parseNetwork } from "../../host/network/network.js";
import { contentOf, folder } from "../cli/harness.js";
import { orderOf } from "./check.js";
import { counting, cutAfter, startEspruino, startOnTerminal } from "./interpreter.js";

/** The uploader with Espruino itself, where ESPRUINO names its Linux build. */
const named = process.env["ESPRUINO"];
const path = named === "" ? undefined : named;
const skip = path === undefined ? "ESPRUINO names no interpreter" : false;
if (skip) process.stderr.write(`NOT RUN: flashing Espruino itself: ${skip}\n`);

/** How often a transfer is cut, at places spread over all of it. */
const CUTS = Number(process.env["TAGMA_CUTS_REAL"] ?? 2);

const around = { now: () => performance.now() };
const put = async (port: Port, order: Order) => hold(flash(order), port, around);
const ask = async (port: Port) => hold(look(12_000), port, around);

const linux = (text: string, more: Partial<Order> = {}): Order =>
  orderOf(text, { kind: "LINUX", ...more });

/** A program of so many bytes that says who it is. */
const program = (id: string, bytes: number): string =>
  `tagma={id:"${id}"};//${"x".repeat(bytes - 19 - id.length)}`;

/** The bundle of a network's board, on Linux. */
const realBundle = async (): Promise<string> => {
  const { boards, ...rest } = contentOf("pump");
  const network = parseNetwork({
    ...rest,
    boards: boards.map(({ name }) => ({
      name, kind: "LINUX", path: "/dev/null", reading: { script: "7" },
    })),
  }, "pump");
  return programBytes(await bundle(network, network.boards[0]!)).text;
};

const board = (context: TestContext, where = folder(context)) => {
  const interpreter = startEspruino(path!, where);
  context.after(async () => interpreter.kill());
  return { ...interpreter, where };
};

describe("flashing Espruino itself", { skip, timeout: 600_000 }, () => {
  it("by packets: a bundle, which runs, and runs again after a restart", async (context) => {
    const first = board(context);
    assert.equal((await ask(first.port)).state, "empty");
    const text = await realBundle();
    const began = performance.now();
    const done = await put(first.port, linux(text));
    context.diagnostic(`${text.length} bytes in ${((performance.now() - began) / 1000).toFixed(1)
    } s, Espruino ${done.version}`);
    assert.deepEqual([done.by, done.sent, done.now, done.kind], ["packets", 1, "runs", "LINUX"]);
    const survey = await ask(first.port);
    assert.deepEqual([survey.state, survey.runs, survey.remains], ["whole", true, false]);
    assert.equal(survey.program!.crc, crcOf(bytesOf(text)));
    await first.kill();
    const second = board(context, first.where);
    const again = await ask(second.port);
    assert.deepEqual([again.state, again.runs], ["whole", true]);
    const unchanged = await put(second.port, linux(text));
    assert.deepEqual([unchanged.by, unchanged.now], ["nothing", "runs"]);
  });

  it("by lines: every byte there is", async (context) => {
    const { port } = board(context);
    // Espruino ends its source at a 0.
    const all = Array.from({ length: 255 }, (_, code) => String.fromCharCode(code + 1)).join("");
    const text = `tagma={id:"all"};/*${all.replace("*", "")}*/`;
    const done = await put(port, linux(text));
    assert.deepEqual([done.by, done.sent, done.now], ["lines", 1, "runs"]);
    assert.equal((await ask(port)).program!.crc, crcOf(bytesOf(text)));
  });

  it("refuses a wrong board, and what boots there already", async (context) => {
    const { port } = board(context);
    await assert.rejects(put(port, linux("1", { kind: "PUCKJS" })), (thrown) =>
      thrown instanceof UsageError && thrown.message.startsWith("the board there is LINUX"));
    await port.write(bytesOf('\u0010require("Storage").write(".bootcde","print(1)")\n'));
    assert.equal((await ask(port)).state, "foreign");
    await assert.rejects(put(port, linux("1")), UsageError);
    const done = await put(port, linux(program("own", 100), { replace: true }));
    assert.equal(done.now, "runs");
  });

  it("stops what runs, and obeys nothing where the program takes the console", async (context) => {
    const first = board(context);
    await first.port.write(bytesOf("\u0010while(1);\n"));
    const obeyed = join(first.where, "obeyed");
    const says = `\u0010require("fs").writeFileSync("obeyed","1");require("Storage").eraseAll()\n`;
    // On Linux the console is standard input, which stands for the UART that the bus is on.
    const away = `LoopbackA.setConsole(true);${program("own", 60)}`;
    assert.equal((await put(first.port, linux(away, { takes: true }))).now, "started");
    await first.kill();
    const second = board(context, first.where);
    // From the first moment on, and for longer than anybody would wait for a prompt.
    for (let turn = 0; turn < 25; turn++) {
      await second.port.write(bytesOf(says));
      await wait(200);
    }
    assert.ok(!existsSync(obeyed), "what came over the line was evaluated");
    await second.kill();
    // A console that is not moved away obeys.
    const other = board(context);
    await other.port.write(bytesOf(says));
    const until = performance.now() + 60_000;
    const there = join(other.where, "obeyed");
    while (performance.now() < until && !existsSync(there)) await wait(100);
    assert.ok(existsSync(there));
  });

  it("cut and switched off: it boots what it did before, or the new", async (context) => {
    const [old, young] = [program("old", 700), program("new", 1500)];
    const first = board(context);
    const counted = counting(first.port);
    await put(counted.port, linux(old));
    const before = counted.sent;
    await put(counted.port, linux(young));
    const total = counted.sent - before;
    await first.kill();
    for (let cut = 0; cut < CUTS; cut++) {
      const after = Math.floor((total * (cut + 1)) / (CUTS + 1));
      const where = folder(context);
      const victim = startEspruino(path!, where);
      await put(victim.port, linux(old));
      await assert.rejects(put(cutAfter(victim.port, after), linux(young)), Gone);
      await victim.kill();
      const again = startEspruino(path!, where);
      const { state, program: there, runs } = await ask(again.port);
      assert.deepEqual([state, runs], ["whole", true], `cut after ${after}`);
      assert.ok([old, young].some((text) => crcOf(bytesOf(text)) === there!.crc));
      await put(again.port, linux(young));
      assert.equal((await ask(again.port)).program!.crc, crcOf(bytesOf(young)));
      await again.kill();
    }
  });
});

const missing = skip || (spawnSync("socat", ["-V"]).error !== undefined && "socat is not there");
if (missing && !skip) process.stderr.write(`NOT RUN: flashing over a terminal: ${missing}\n`);

describe("flashing over a pseudo-terminal", { skip: missing, timeout: 300_000 }, () => {
  it("goes through the driver of serial ports", async (context) => {
    const where = folder(context);
    const link = join(where, "board");
    const stop = await startOnTerminal(path!, where, link);
    context.after(stop);
    const port = await openPort(link, 115_200);
    context.after(async () => port.close());
    const done = await put(port, linux(program("own", 1500)));
    assert.deepEqual([done.by, done.sent, done.now], ["packets", 1, "runs"]);
    await stop();
    // Nobody is there any more: the driver says so, or nothing comes.
    await assert.rejects(ask(port), /closed|EIO|no answer|takes no more|[Bb]ad file/);
  });
});
