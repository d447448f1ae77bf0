import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { checksum } from "../../firmware/platform/host.js";
import { BOOT, bootCode, programBytes } from "../../host/flash/boot.js";
import { parseNetwork } from "../../host/network/network.js";
import type { LiveRecord } from "../../host/live/live.js";
import { SEED } from "../core/random.js";
import { folder, jsonOf } from "../cli/harness.js";
import { startOnTerminal } from "../flash/interpreter.js";
import { createCutter } from "./cutter.js";
import { readingsFor } from "./world.js";

/** Espruino itself on the bus: processes that are killed and started, and cables that cut bytes. */

const MAIN = new URL("../../dist/host/cli/main.js", import.meta.url).pathname;
const GUARD_US = Number(process.env["TAGMA_GUARD_US"] ?? 300_000);

const ROWS = 16;

/**
 * On a busy computer the Linux build ends by an assertion of its own, now and then, when much comes
 * in on its console (`len <= 64` in jsdevices.c): what is flashed is then flashed again.
 */
const TRIES = 4;

/** A network that is tried: what its file says, and microseconds from a beacon to an answer. */
export interface Case {
  readonly content: Record<string, unknown>;
  readonly names: readonly string[];
  readonly computeUs: number;
}

/**
 * Each board writes down what it carries out, in a file beside its flash, which outlives it: of
 * ballots slot and order, else cycle, order and vector.
 */
const wordsOf = ({ content }: Case): string => (content["mode"] === "log" ? "[slot,order]"
  : "[tagma.cycle,order,[].slice.call(tagma.vector)]");

const networkAt = (at: string, one: Case) => ({
  ...one.content, $schema: undefined, guard_us: GUARD_US, boards: one.names.map((name) => ({
    name, kind: "LINUX", path: join(at, `board-${name}`), compute_us: one.computeUs,
    reading: "wire",
    order: { script: `require("fs").appendFileSync("acts",JSON.stringify(${wordsOf(one)})+"\\n")` },
  })),
});

export const tagma = (words: readonly string[]) => {
  const child: ChildProcess =
    spawn(process.execPath, [MAIN, ...words], { stdio: ["ignore", "pipe", "pipe"] });
  let [out, err] = ["", ""];
  child.stdout!.on("data", (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr!.on("data", (chunk: Buffer) => {
    err += chunk.toString();
  });
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    child.on("close", (code) => {
      resolve({ code, out, err });
    });
  });
  return {
    ended,
    /** The cycles so far. */
    records: () => jsonOf(out.slice(0, out.lastIndexOf("\n") + 1))
      .filter(({ summary }) => !summary) as unknown as LiveRecord[],
    interrupt: () => child.kill("SIGINT"),
    running: () => child.exitCode === null,
  };
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

/** Boards that run, each of which can be killed, and started with what its flash holds. */
const boardsAt = (
  context: TestContext, path: string, at: string, names: readonly string[],
) => {
  const stops = new Map<string, () => Promise<void>>();
  context.after(async () => {
    for (const stop of stops.values()) await stop();
  });
  const start = async (name: string) => {
    stops.set(name, await startOnTerminal(path, join(at, name), join(at, `console-${name}`)));
  };
  for (const name of names) mkdirSync(join(at, name));
  return {
    async kill(which: readonly string[]) {
      await Promise.all(which.map(async (name) => stops.get(name)!()));
    },
    async start(which: readonly string[]) {
      await Promise.all(which.map(start));
    },
  };
};

/** Over its console, as a person does it. */
const flashAll = async (
  context: TestContext, at: string, file: string, one: Case,
  boards: ReturnType<typeof boardsAt>,
): Promise<void> => {
  // Boards of ballots have to know that they are new.
  const once = "keep" in one.content ? ["--once"] : [];
  for (let left = TRIES; ; left--) {
    const { code, out, err } = await tagma([
      "flash", file, "--all", ...portsAt(at, "console", one.names), ...once,
    ]).ended;
    if (code === 0) return;
    assert.ok(left > 1, err + out);
    context.diagnostic(`flashed again: ${err.trim()}`);
    await boards.kill(one.names);
    await boards.start(one.names);
  }
};

const run = (path: string, cwd: string, script: string): void => {
  writeFileSync(join(cwd, "script.js"), script);
  const { stdout, status } =
    spawnSync(path, ["script.js"], { cwd, input: "", encoding: "latin1", timeout: 600_000 });
  assert.equal(status, 0, stdout);
};

/**
 * Gives each board its keys and its program as files of its flash. What is flashed over a console
 * runs from flash; here the boot code copies the program to memory first, as hashes by the thousand
 * would take seconds else. The cables to the hub are what is looked at.
 */
const storeAll = async (
  path: string, at: string, file: string, { names }: Case,
): Promise<string> => {
  const keys = join(at, "keys");
  const made = await tagma(["keys", file, "--out", keys]).ended;
  assert.equal(made.code, 0, made.err);
  for (const name of names) {
    const put = await tagma([
      "bundle", file, "--board", name, "--keys", keys, "--out", join(at, name, "program.js"),
    ]).ended;
    assert.equal(put.code, 0, put.err);
    const { bytes } = programBytes(readFileSync(join(at, name, "program.js"), "utf8"));
    const boot = bootCode({
      slot: "tagma0", crc: checksum(bytes, 0, bytes.length) >>> 0, bytes: bytes.length,
      network: "", board: name, waits: false,
    }).replace("eval(", `eval(""+`);
    run(path, join(at, name), readFileSync(join(keys, `${name}.once.js`), "utf8"));
    run(path, join(at, name), `var s = require("Storage");
s.write("tagma0", require("fs").readFileSync("program.js"));
s.write(${JSON.stringify(BOOT)}, ${JSON.stringify(boot)});
`);
  }
  const open = join(at, "open");
  mkdirSync(open);
  copyFileSync(join(keys, "public.json"), join(open, "public.json"));
  return open;
};

const portsAt = (at: string, end: string, names: readonly string[]): string[] =>
  names.flatMap((name) => ["--port", `${name}=${join(at, `${end}-${name}`)}`]);

/** @param path of the interpreter */
export const begin = async (context: TestContext, path: string, one: Case) => {
  const { names } = one;
  const at = folder(context);
  const cutters: Awaited<ReturnType<typeof plug>>[] = [];
  for (const [board, name] of names.entries()) {
    cutters.push(await plug(context, at, name, SEED + board));
  }
  const file = join(at, "network.json");
  writeFileSync(file, JSON.stringify(networkAt(at, one)));
  const network = parseNetwork(networkAt(at, one), file);
  const readings = readingsFor(network, ROWS);
  const table = join(at, "readings.csv");
  writeFileSync(table, Array.from({ length: ROWS }, (_, cycle) =>
    `${readings(cycle).join(",")}\n`).join(""));
  const boards = boardsAt(context, path, at, names);
  const keys: string[] = [];
  if (network.signing) {
    // What the bus is given holds no secret.
    keys.push("--keys", await storeAll(path, at, file, one));
    await boards.start(names);
  } else {
    await boards.start(names);
    await flashAll(context, at, file, one, boards);
  }
  return {
    ...boards, network, readings,
    pieces: () => cutters.reduce((sum, { pieces }) => sum + pieces(), 0),
    bus: () => tagma([
      "bus", file, "--json", "--readings", table, ...portsAt(at, "hub", names), ...keys,
    ]),
    /** What each board has carried out, as it has written that down. */
    acts: (): unknown[][][] => names.map((name) => {
      const acts = join(at, name, "acts");
      return existsSync(acts) ? jsonOf(readFileSync(acts, "utf8")) as unknown as unknown[][] : [];
    }),
  };
};

export type Begun = Awaited<ReturnType<typeof begin>>;
