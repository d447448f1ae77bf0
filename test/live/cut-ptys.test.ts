import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { TestContext } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import type { LiveRecord, LiveSummary } from "../../host/live/live.js";
import { SEED, replay } from "../core/random.js";
import { contentOf, folder, jsonOf } from "../cli/harness.js";
import { startOnTerminal } from "../flash/interpreter.js";
import { createCutter } from "./cutter.js";
import { noCables } from "./ptys.js";

/**
 * Espruino itself on the bus, where ESPRUINO names its Linux build, over cables that cut and join
 * what goes over them, with interpreters that are killed and started again. Real time: when others
 * need the computer an answer comes late, and its board counts as faulty. What is promised is
 * judged: agreement and truth wherever no more boards failed than are outvoted, and decisions
 * always. TAGMA_SEED makes other cuts, TAGMA_CYCLES a longer run.
 */
const named = process.env["ESPRUINO"];
const path = named === "" ? undefined : named;
const skip = path === undefined ? "ESPRUINO names no interpreter" : noCables;
if (skip) process.stderr.write(`NOT RUN: Espruino on the bus in pieces: ${skip}\n`);

const MAIN = new URL("../../dist/host/cli/main.js", import.meta.url).pathname;
const CYCLES = Number(process.env["TAGMA_CYCLES"] ?? 8);
const GUARD_US = Number(process.env["TAGMA_GUARD_US"] ?? 300_000);

/**
 * The program runs from flash, which is a file there that is opened for every few characters: seven
 * times as slow as from memory.
 */
const COMPUTING_US = 60_000;

/**
 * On a busy computer the Linux build ends by an assertion of its own, now and then, when much comes
 * in on its console (`len <= 64` in jsdevices.c): what is flashed is then flashed again.
 */
const TRIES = 4;

const networkAt = (at: string, content: Record<string, unknown>, names: readonly string[]) => ({
  ...content, $schema: undefined, guard_us: GUARD_US, boards: names.map((name) => ({
    name, kind: "LINUX", path: join(at, `board-${name}`),
    compute_us: COMPUTING_US,
  })),
});

const tagma = (words: readonly string[]) => {
  const child = spawn(process.execPath, [MAIN, ...words], { stdio: ["ignore", "pipe", "pipe"] });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    err += chunk.toString();
  });
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    child.on("close", (code) => {
      resolve({ code, out, err });
    });
  });
  return { ended, lines: () => out.split("\n").length - 1 };
};

/** A cable between a terminal for the hub and one for a board. */
const plug = async (context: TestContext, at: string, name: string, seed: number) => {
  const cutter = await createCutter(seed);
  for (const [side, end, options] of [[0, "hub", ""], [1, "board", ",ignoreeof"]] as const) {
    const link = join(at, `${end}-${name}`);
    const child = spawn("socat", [
      `pty,rawer,link=${link}${options}`, `tcp:127.0.0.1:${cutter.ports[side]!},nodelay`,
    ], { stdio: "ignore" });
    context.after(() => child.kill("SIGKILL"));
    while (child.exitCode === null && !existsSync(link)) await wait(20);
  }
  context.after(() => {
    cutter.close();
  });
  return cutter;
};

const begin = async (
  context: TestContext, content: Record<string, unknown>, names: readonly string[],
) => {
  const stops = new Map<string, () => Promise<void>>();
  context.after(async () => {
    for (const stop of stops.values()) await stop();
  });
  const at = folder(context);
  const start = async (name: string) => {
    stops.set(name, await startOnTerminal(path!, join(at, name), join(at, `console-${name}`)));
  };
  const cutters: Awaited<ReturnType<typeof plug>>[] = [];
  for (const [board, name] of names.entries()) {
    cutters.push(await plug(context, at, name, SEED + board));
    mkdirSync(join(at, name));
    await start(name);
  }
  const file = join(at, "network.json");
  writeFileSync(file, JSON.stringify(networkAt(at, content, names)));
  const ports = (end: string) =>
    names.flatMap((name) => ["--port", `${name}=${join(at, `${end}-${name}`)}`]);
  // Boards of ballots have to know that they are new.
  const once = "keep" in content ? ["--once"] : [];
  const kill = async (name: string) => {
    await stops.get(name)!();
    await wait(300);
    await start(name);
  };
  for (let left = TRIES; ; left--) {
    const { code, out, err } = await tagma([
      "flash", file, "--all", ...ports("console"), ...once,
    ]).ended;
    if (code === 0) break;
    assert.ok(left > 1, err + out);
    context.diagnostic(`flashed again: ${err.trim()}`);
    for (const name of names) await kill(name);
  }
  return {
    pieces: () => cutters.reduce((sum, { pieces }) => sum + pieces(), 0),
    kill,
    bus: (cycles: number) =>
      tagma(["bus", file, "--cycles", String(cycles), "--json", ...ports("hub")]),
  };
};

const CASES: readonly (readonly [string, Record<string, unknown>, readonly string[]])[] = [
  ["oral messages", contentOf("desk"), ["a", "b", "c", "d"]],
  ["ballots with stored promises",
    { ...contentOf("press"), promises: "stored" }, ["a", "b", "c", "d"]],
];

describe("Espruino on the bus, in pieces", { skip, timeout: 900_000 }, () => {
  for (const [what, content, names] of CASES) {
    it(`${what}: is as promised, over a board that is killed and comes back`, async (context) => {
      const network = await begin(context, content, names);
      const running = network.bus(CYCLES);
      while (running.lines() < 2) await wait(50);
      await network.kill("b");
      const { code, out, err } = await running.ended;
      const lines = jsonOf(out);
      const summary = lines.at(-1) as unknown as LiveSummary;
      const records = lines.slice(0, -1) as unknown as LiveRecord[];
      const inside = records.filter(({ faulty }) => faulty.length <= 1);
      const full = records.filter(({ faulty }) => !faulty.length);
      context.diagnostic(`${replay}: ${full.length} of ${records.length} cycles with all boards, ${
        inside.length} with one missing at most, ${network.pieces()} pieces${
        summary.ballots ? `, ballots ${JSON.stringify(summary.ballots)}` : ""}`);
      for (const { name, answer, lost, odd } of summary.boards) {
        context.diagnostic(`${name} answers ${answer.mean} us, ${lost} lost, ${odd} odd`);
        assert.equal(odd, 0, `${name} is not as its stand-in`);
      }
      assert.equal(summary.verdict, "held", err);
      assert.equal(code, 0, err);
      // Nothing is shown by a run in which nobody was heard.
      assert.ok(full.length > 0, err);
    });
  }
});
