import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { describe, it } from "node:test";
import type { TestContext } from "node:test";
import { createParts, framed } from "../../host/boards/espruino/parts.js";
import { startInterpreter } from "../../host/boards/espruino/process.js";
import { emulate } from "../../host/emulate/emulate.js";
import { loadNetwork } from "../../host/network/network.js";
import { madeUp } from "../../host/network/readings.js";
import { cli, folder } from "../cli/harness.js";

/** The process around Espruino; in place of it, programs that do what Espruino should not. */

const PUMP = "boards/networks/pump.json";
const MAIN = new URL("../../host/cli/main.ts", import.meta.url).pathname;

/** @returns the path of a program that is this shell script */
const program = (context: TestContext, script: string): string => {
  const path = join(folder(context), "program");
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
};

const emulated = async (path: string) =>
  cli(["emulate", PUMP, "--engine", "espruino", "--cycles", "2"], { env: { ESPRUINO: path } });

describe("parts of an answer", () => {
  it("are the same however they are cut", () => {
    const whole = Buffer.concat([
      framed("w", Uint8Array.of(0, 255, 10)), framed("q", "why"), framed("h", "{}"),
      framed("m", "7"), framed("h", ""), framed("m", "8"),
    ]);
    assert.equal(whole.toString("latin1", 0, 10), "w000003\0\xff\n");
    for (let size = 1; size <= whole.length; size++) {
      const asked: string[] = [];
      const parts = createParts((question) => {
        asked.push(question.toString());
      });
      const answers: string[] = [];
      for (let at = 0; at < whole.length; at += size) {
        for (const answer of parts.take(whole.subarray(at, at + size))) {
          answers.push(answer.map(({ kind, bytes }) => kind + bytes.toString("hex")).join(" "));
        }
      }
      assert.deepEqual(answers, ["w00ff0a h7b7d m37", "h m38"]);
      assert.deepEqual(asked, ["why"]);
    }
  });
});

describe("what is no interpreter", () => {
  it("is refused on one line that says what would be right", async (context) => {
    const file = join(folder(context), "plain");
    writeFileSync(file, "");
    for (const [path, said] of [
      ["", /--engine: espruino wants the environment variable ESPRUINO .*; it is not set\n$/],
      [join(file, "no"), /ESPRUINO to name a program, .*; ".*\/plain\/no" is none\n$/],
      [file, /; ".*\/plain" is none\n$/],
      ["/", /; "\/" is none\n$/],
    ] as const) {
      const { code, out, err } = await emulated(path);
      assert.match(err, said);
      assert.match(err, /^tagma: [^\n]+\n$/);
      assert.deepEqual([code, out], [2, ""]);
    }
    const network = loadNetwork(PUMP);
    await assert.rejects(emulate({
      network, cycles: 1, seed: 1, readings: madeUp(network, 1), engine: "espruino",
      transport: "memory", troubles: { lines: [], traitors: [] },
    }), /^UsageError: interpreter: "" must be the path/);
  });

  it("that ends is told of, with its last exception and nothing more of what it printed", async (
    context,
  ) => {
    const path = program(context, [
      "echo secret", "echo 'Uncaught ReferenceError: \"q\" is not defined'",
      "echo ' at q(secret'", "exit 3",
    ].join("\n"));
    const { code, err } = await emulated(path);
    assert.equal(err, "tagma: engine: board a: Espruino has ended by itself, with 3: " +
      'Uncaught ReferenceError: "q" is not defined\n');
    assert.equal(code, 2);
  });
});

/** @returns the folders of boards in a folder for temporary files */
const leftIn = (at: string): string[] =>
  readdirSync(at).filter((name) => name.startsWith("tagma-board"));

const lives = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    // It may have ended, and nobody has asked how.
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
};

describe("an interpreter that never answers", () => {
  it("is ended after a while, and its board is named", async (context) => {
    const path = program(context, "exec sleep 600");
    const one = startInterpreter(path, "north", {}, () => "", 200);
    one.ask("s");
    await assert.rejects(one.answer(),
      /^UsageError: engine: board north: Espruino has not answered for 0\.2 s$/);
    await assert.rejects(one.answer(), /north/);
    one.close();
  });

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    it(`keeps nobody from stopping by ${signal}, and nothing is left`, async (context) => {
      const at = folder(context);
      const [temporary, pids] = [join(at, "tmp"), join(at, "pids")];
      mkdirSync(temporary);
      const path = program(context, `echo $$ >> ${pids}\nexec sleep 600`);
      const child = spawn(process.execPath, [
        "--import", "tsx", MAIN, "emulate", PUMP, "--engine", "espruino",
      ], { env: { ...process.env, ESPRUINO: path, TMPDIR: temporary }, stdio: "pipe" });
      let err = "";
      child.stderr.on("data", (chunk: Buffer) => {
        err += chunk.toString();
      });
      const ended = once(child, "close");
      const begun = () => (existsSync(pids) ? readFileSync(pids, "utf8").split("\n").length : 0);
      while (begun() < 5 && child.exitCode === null) await wait(20);
      const processes = readFileSync(pids, "utf8").split("\n").filter(Boolean).map(Number);
      assert.equal(processes.length, 4, err);
      assert.equal(leftIn(temporary).length, 4);
      child.kill(signal);
      const [code] = await ended as [number | null];
      const number = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 }[signal];
      assert.deepEqual([code, err, leftIn(temporary)], [128 + number, "", []]);
      for (let left = 100; left > 0 && processes.some(lives); left--) await wait(20);
      assert.deepEqual(processes.filter(lives), []);
    });
  }
});
