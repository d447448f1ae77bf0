/** Ctrl-C ends every command that may take long: soon, in order, and with nothing half written. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { SEED, createRandom, replay } from "../core/random.js";
import { contentOf, exampleOf, folder } from "./harness.js";

/** What loads TypeScript would still be at that when the signal comes. */
const MAIN = new URL("../../dist/host/cli/main.js", import.meta.url).pathname;
const PUMP = exampleOf("pump");
/** Milliseconds until it is asked to stop, at most; and in which it has to have ended. */
const MOMENT = 1500;
const PATIENCE = 10_000;

/** @returns the address of a line at whose end nobody says anything */
const silentLine = async (context: TestContext): Promise<string> => {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    context.after(() => socket.destroy());
  }).listen(0, "127.0.0.1");
  context.after(() => server.close());
  await once(server, "listening");
  return `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const interrupted = async (context: TestContext, argv: readonly string[], at: string) => {
  const child = spawn(process.execPath, [MAIN, ...argv], { cwd: at, stdio: "pipe" });
  context.after(() => child.kill("SIGKILL"));
  const ended = once(child, "exit");
  let err = "";
  child.stdout.resume();
  child.stderr.on("data", (chunk: Buffer) => {
    err += chunk.toString();
  });
  const random = createRandom(SEED ^ argv.join().length);
  await sleep(300 + (random() % MOMENT));
  assert.equal(child.exitCode, null, `it has ended by itself: ${err}`);
  child.kill("SIGINT");
  const late = setTimeout(() => {
    child.kill("SIGKILL");
  }, PATIENCE);
  const [code, signal] = await ended as [number | null, string | null];
  clearTimeout(late);
  assert.notEqual(signal, "SIGKILL", `it did not end: ${replay}`);
  assert.ok(signal === "SIGINT" || [0, 1, 2, 130].includes(code!), `${code} ${signal}: ${err}`);
  assert.doesNotMatch(err, /^ {4}at /m, replay);
  return readdirSync(at, { recursive: true }).map(String);
};

describe("Ctrl-C", () => {
  const files = (context: TestContext): string => {
    const at = folder(context);
    const trees = [{ lms: "LMS_SHA256_M24_H15", ots: "LMOTS_SHA256_N24_W8" }];
    writeFileSync(join(at, "n.json"), JSON.stringify({
      ...contentOf("three"), signatures: { trees }, boards: ["a", "b", "c"].map((name) =>
        ({ name, kind: "LINUX", path: "/dev/null", reading: "wire" })),
    }));
    return at;
  };
  const CASES: Record<string, (...lines: readonly string[]) => readonly string[]> = {
    "emulate": () => ["emulate", PUMP, "--cycles", "100000000", "--trace", "t", "--svg", "s.svg"],
    "emulate, from standard input": () => ["emulate", PUMP, "--readings", "-"],
    "keys": () => ["keys", "n.json", "--out", "keys"],
    "bus": (...lines) => ["bus", PUMP, "--trace", "t", ...["a", "b", "c", "d"].flatMap((name, at) =>
      ["--port", `${name}=${lines[at]}`])],
    "board": (line) => ["board", PUMP, "--board", "a", "--port", line],
    "console": (line) => ["console", "--port", line],
    "flash": (line) => ["flash", PUMP, "--board", "a", "--port", line],
    "ports": (line) => ["ports", "--port", line, "--wait", "60"],
  };
  for (const [name, words] of Object.entries(CASES)) {
    it(`ends ${name}`, async (context) => {
      const at = files(context);
      const lines = await Promise.all([0, 1, 2, 3].map(async () => silentLine(context)));
      const left = await interrupted(context, words(...lines), at);
      const whole = left.filter((file) => !/^(?:n\.json|t|s\.svg)$/.test(file));
      assert.deepEqual(whole, [], "it left something half written");
    });
  }
});
