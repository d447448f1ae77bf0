import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { describe, it } from "node:test";
import type { TestContext } from "node:test";
import { parseTraitors } from "../../host/faults/troubles.js";
import type { LiveRecord, LiveSummary } from "../../host/live/live.js";
import { parseNetwork } from "../../host/network/network.js";
import { microsecondsOf, planOf } from "../../host/plan/plan.js";
import { contentOf, folder, jsonOf } from "../cli/harness.js";
import { startOnTerminal } from "../flash/interpreter.js";
import { emulatedOf, noCables, plugCable } from "./ptys.js";
import { readingsFor } from "./world.js";

/**
 * Espruino itself, four times, where ESPRUINO names its Linux build: flashed through its consoles,
 * joined by `tagma bus` over cables, with one that lies. Each board keeps what it decided, and is
 * asked for it in the end.
 */
const named = process.env["ESPRUINO"];
const path = named === "" ? undefined : named;
const skip = path === undefined ? "ESPRUINO names no interpreter" : noCables;
if (skip) process.stderr.write(`NOT RUN: four times Espruino on the bus: ${skip}\n`);

const MAIN = new URL("../../dist/host/cli/main.js", import.meta.url).pathname;
const NAMES = ["a", "b", "c", "d"];
const CYCLES = 200;
/** After so many, what is made once has been made. */
const SETTLED = 20;
const LIAR = 2;
/**
 * Four interpreters, the bus and the cables wait for a few cores: on two that others need as well,
 * answers came 50 to 160 ms after their beacon, 45 of them computed.
 */
const GUARD_US = Number(process.env["TAGMA_GUARD_US"] ?? 300_000);
/** With nothing else to do, every frame is in time. */
const IDLE = process.env["TAGMA_IDLE"] !== undefined;
const SILENCE_MS = 4000;
const DEFAULT = 99;

/** Keeps vector and order of each cycle, 255 for ⊥, in memory that is taken once. */
const KEEP = `if(tagma.cycle!==global.was){
  global.was=tagma.cycle;
  if(!global.kept)global.kept=new Uint8Array(${5 * CYCLES});
  for(var i=0,at=was%${CYCLES}*5;i<4;i++)kept[at+i]=tagma.vector[i]===undefined?255:tagma.vector[i];
  kept[at+4]=order
}`;

const networkAt = (at: string) => {
  const { boards: _boards, ...rest } = contentOf("desk");
  return {
    ...rest, $schema: undefined, guard_us: GUARD_US, silence_ms: SILENCE_MS, default: DEFAULT,
    boards: NAMES.map((name) => ({
      name, kind: "LINUX", path: join(at, `board-${name}`), compute_us: 40_000, reading: "wire",
      order: { script: KEEP },
    })),
  };
};

const run = async (words: readonly string[], input = "") => {
  const child = spawn(process.execPath, [MAIN, ...words], { stdio: ["pipe", "pipe", "pipe"] });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    err += chunk.toString();
  });
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve) => {
    child.on("close", resolve);
  });
  return { code, out, err };
};

interface Told {
  readonly usage: number;
  readonly cycle: number;
  readonly order: number;
  readonly silences: number;
  readonly kept: readonly number[];
}

const ask = async (at: string, name: string): Promise<Told> => {
  const { code, out, err } = await run(["console", "--port", join(at, `console-${name}`)],
    "({usage:process.memory().usage,cycle:tagma.cycle,order:tagma.order,silences:tagma.silences," +
    "kept:[].slice.call(kept)})\n");
  assert.equal(code, 0, err);
  return JSON.parse(out) as Told;
};

const begin = async (context: TestContext) => {
  const at = folder(context);
  for (const name of NAMES) {
    const cable = await plugCable(join(at, `hub-${name}`), join(at, `board-${name}`));
    context.after(() => cable.kill("SIGKILL"));
    mkdirSync(join(at, name));
    const stop = await startOnTerminal(path!, join(at, name), join(at, `console-${name}`));
    context.after(stop);
  }
  const file = join(at, "four.json");
  writeFileSync(file, JSON.stringify(networkAt(at)));
  const network = parseNetwork(networkAt(at), file);
  const readings = readingsFor(network, 16);
  const table = join(at, "readings.csv");
  writeFileSync(table, Array.from({ length: 16 }, (_, cycle) =>
    `${readings(cycle).join(",")}\n`).join(""));
  const flashed = await run(["flash", file, "--all",
    ...NAMES.flatMap((name) => ["--port", `${name}=${join(at, `console-${name}`)}`])]);
  assert.equal(flashed.code, 0, flashed.err + flashed.out);
  const bus = async (cycles: number) => {
    const { code, out, err } = await run([
      "bus", file, "--cycles", String(cycles), "--json", "--traitor", "c=equivocate",
      "--readings", table,
      ...NAMES.flatMap((name) => ["--port", `${name}=${join(at, `hub-${name}`)}`]),
    ]);
    assert.equal(code, 0, err);
    const lines = jsonOf(out);
    return {
      records: lines.filter(({ summary }) => !summary) as unknown as LiveRecord[],
      summary: lines.at(-1) as unknown as LiveSummary,
    };
  };
  return { at, network, readings, bus };
};

describe("four times Espruino on the bus", { skip }, () => {
  it("decide what is emulated, in constant memory, and are safe when it is over", async (t) => {
    const { at, network, readings, bus } = await begin(t);
    t.diagnostic(`a cycle every ${microsecondsOf(network, planOf(network).period)} us`);
    const askAll = async () => Promise.all(NAMES.map(async (name) => ask(at, name)));
    const records = (await bus(SETTLED)).records.slice();
    const early = await askAll();
    const { records: later, summary } = await bus(CYCLES - SETTLED);
    const late = await askAll();
    records.push(...later);
    for (const { name, answer, lost } of summary.boards) {
      const { mean, min, max } = answer;
      t.diagnostic(`${name} answers ${mean} us (${min} to ${max}), ${lost} lost`);
    }
    assert.equal(summary.verdict, "held");
    const numbers = Array.from({ length: CYCLES }, (_, cycle) => cycle);
    assert.deepEqual(records.map(({ cycle }) => cycle), numbers);
    // The same on memory and in simulated time.
    const traitors = parseTraitors(network, ["c=equivocate"]);
    const emulated = await emulatedOf(network, readings, traitors, CYCLES);
    let [held, judged] = [0, 0];
    for (const { cycle, faulty, vectors, orders, live } of records) {
      // When others need the computer a board may be late; then it is one too many.
      if (faulty.join() !== String(LIAR)) continue;
      held++;
      const allSpoke = live.boards.every(({ lost }) => !lost);
      if (allSpoke) judged++;
      const is = allSpoke ? emulated[cycle]! : { vectors, orders };
      for (const [board, { kept }] of late.entries()) {
        if (board === LIAR) continue;
        assert.deepEqual(kept.slice(5 * cycle, 5 * cycle + 5),
          [...is.vectors[board]!.map((value) => value ?? 255), is.orders[board]],
          `cycle ${cycle}, board ${board}`);
      }
    }
    t.diagnostic(`agreement in ${held} of ${CYCLES} cycles, as emulated in ${judged}; blocks ${
      late.map(({ usage }) => usage).join()}`);
    assert.ok(judged >= (IDLE ? CYCLES : CYCLES / 2), `${judged} cycles were as emulated`);
    late.forEach(({ usage, cycle }, board) => {
      assert.equal(cycle, CYCLES - 1);
      assert.equal(usage, early[board]!.usage, "memory has grown");
    });
    // The bus has gone: within the time that is promised the default order stands.
    await wait(SILENCE_MS + 1000);
    for (const { order, silences } of await askAll()) {
      assert.equal(order, DEFAULT);
      assert.ok(silences >= 1);
    }
  });
});
