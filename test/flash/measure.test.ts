import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { measure, speedOf } from "../../host/flash/speed.js";
import { kindOf } from "../../host/network/kinds.js";
import { WORKLOAD_COST } from "../../host/plan/prices.js";
import type { Ports } from "../../host/live/port.js";
import type { Port } from "../../host/flash/talk.js";
import { cli, folder, jsonOf } from "../cli/harness.js";
import { createBoard } from "./fake.js";
import type { Settings } from "./fake.js";
import { startEspruino, startOnTerminal } from "./interpreter.js";
import { talkTo } from "./line.js";

const named = process.env["ESPRUINO"];
const path = named === "" ? undefined : named;
const skip = path === undefined ? "ESPRUINO names no interpreter" : false;
if (skip) process.stderr.write(`NOT RUN: measuring Espruino itself: ${skip}\n`);

const speedAt = (settings: Settings): number => {
  const { result } = talkTo(createBoard(settings), measure(5000));
  return speedOf(result, WORKLOAD_COST);
};

/** A port whose board is made up. */
const portsTo = (settings: Settings): Ports => {
  const board = createBoard(settings);
  const port: Port = {
    async write(bytes) {
      await Promise.resolve();
      for (const byte of bytes) board.take(byte, 0.1);
    },
    async read(milliseconds) {
      await Promise.resolve();
      const until = board.time + Math.max(1, milliseconds);
      let said = board.said();
      while (!said.length && board.time < until) {
        board.pass(until);
        said = board.said();
      }
      return said;
    },
    close: async () => Promise.resolve(),
  };
  return {
    open: async () => Promise.resolve(port), line: async () => Promise.reject(new Error("no")),
    list: async () => Promise.resolve([]),
  };
};

describe("how fast a board is", () => {
  it("is what its own clock says of a loop, rounded down", () => {
    // A pass has one checksum, and all of its time: 2 ms.
    const exact = WORKLOAD_COST / 2000;
    const speed = speedAt({ work: 2 });
    assert.ok(speed <= exact && speed > 0.9 * exact, `${speed} of ${exact}`);
    assert.ok(speedAt({ work: 4 }) < speed);
  });

  it("is the slowest run's", () => {
    const measured = { version: "2v29", kind: "PICO_R1_3", passes: 1000, runs: [500, 1000, 400] };
    assert.equal(speedOf(measured, 123_456), 120);
    assert.equal(speedOf({ ...measured, runs: [500, 400] }, 123_456), 240);
  });

  it("needs a clock that goes on", () => {
    assert.throws(() => talkTo(createBoard({ work: 0 }), measure(5000)), /clock stands still/);
  });

  it("tagma measure says it beside the kind's, and what to put into the network file", async () => {
    const told = await cli(["measure", "/dev/x"], { ports: portsTo({ work: 50 }) });
    assert.equal(told.code, 0, told.err);
    const speed = Number(/"speed": ([\d.]+)\n$/.exec(told.out)![1]);
    assert.ok(speed <= WORKLOAD_COST / 50_000);
    const { speed: other } = kindOf("PICO_R1_3");
    assert.match(told.out.replaceAll(/\s+/g, " "), new RegExp(
      `PICO_R1_3, Espruino 2v29, has a speed of ${speed}: .*figure is ${other}, .*slower`));
    const json = await cli(["measure", "/dev/x", "--json"], { ports: portsTo({ work: 2 }) });
    const [one] = jsonOf(json.out) as [Record<string, unknown>];
    const { kind, kind_speed: kinds, version } = one;
    assert.deepEqual([kind, kinds, version], ["PICO_R1_3", other, "2v29"]);
    assert.equal((one["runs_ms"] as number[]).length, 3);
  });

  it("says what is wrong in one line", async () => {
    const none = await cli(["measure", "/dev/none"]);
    assert.deepEqual([none.code, none.err],
      [2, "tagma: --port: /dev/none: cannot be opened: no such port\n"]);
    const strange = await cli(["measure", "/dev/x"], { ports: portsTo({ work: 2, kind: "OWN" }) });
    assert.match(strange.out.replaceAll(/\s+/g, " "), /OWN is no kind of board that is known here/);
  });
});

describe("how fast Espruino itself is", { skip, timeout: 120_000 }, () => {
  it("on its standard input, and over a pty", async (context) => {
    const where = folder(context);
    const direct = startEspruino(path!, where);
    context.after(async () => direct.kill());
    const link = `${where}/port`;
    const end = await startOnTerminal(path!, where, link);
    context.after(end);
    const { hold } = await import("../../host/flash/talk.js");
    const { openPort } = await import("../../host/live/port.js");
    const around = { now: () => performance.now() };
    const port = await openPort(link, 115_200);
    try {
      for (const one of [direct.port, port]) {
        const measured = await hold(measure(12_000), one, around);
        assert.equal(measured.kind, "LINUX");
        const speed = speedOf(measured, WORKLOAD_COST);
        context.diagnostic(`${speed}: ${measured.runs.map((ms) => ms.toFixed(0)).join(", ")} ms`);
        assert.ok(speed > 1, "no computer is as slow");
      }
    } finally {
      await port.close();
    }
  });
});
