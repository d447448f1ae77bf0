import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { exampleOf, folder, linesOf } from "./harness.js";

const DESK = exampleOf("desk");
const BROKEN = ["--traitor", "a=split", "--traitor", "c=split"];
const FAST = ["--transport", "memory"];

describe("tagma as a process", () => {
  const main = new URL("../../host/cli/main.ts", import.meta.url).pathname;
  const words = ["--import", "tsx", main];
  const shell = (text: string) =>
    spawnSync("bash", ["-c", `tagma() { "$NODE" --import tsx "$MAIN" "$@"; }\n${text}`], {
      encoding: "utf8",
      env: { ...process.env, NODE: process.execPath, MAIN: main, DESK },
    });

  it("ends quietly with whoever reads it", () => {
    const { stdout, stderr } = shell(
      'tagma emulate "$DESK" --json --cycles 1000000 --transport memory | head -2\n' +
        'echo "${PIPESTATUS[0]}"',
    );
    const lines = linesOf(stdout);
    assert.deepEqual([lines.length, lines[2]], [3, "141"]);
    assert.equal(stderr, "");
  });

  it("reads standard input, and ends with the verdict", () => {
    const held = shell('echo 1,1,1,1 | tagma emulate "$DESK" --readings - --json');
    assert.equal(held.status, 0);
    assert.equal(linesOf(held.stdout).length, 2);
    assert.equal(shell(`tagma emulate "$DESK" ${BROKEN.join(" ")}`).status, 1);
  });

  it("says on one line that a full disk is full", () => {
    const { status, stderr } = shell('tagma emulate "$DESK" --json > /dev/full');
    assert.equal(status, 2);
    assert.match(stderr, /^tagma: the output cannot be written: [^\n]*\n$/);
  });

  for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const) {
    it(`leaves nothing behind where ${signal} ends it`, async (context) => {
      const path = folder(context);
      const child = spawn(
        process.execPath,
        [...words, "emulate", DESK, "--cycles", "100000000", "--trace", join(path, "t"), ...FAST],
        { stdio: "ignore" },
      );
      const ended = once(child, "exit");
      // The file is there while it is being written.
      while (!readdirSync(path).length && child.exitCode === null) await sleep(50);
      assert.equal(child.exitCode, null);
      child.kill(signal);
      assert.deepEqual(await ended, [code, null]);
      assert.deepEqual(readdirSync(path), []);
    });
  }

  it("does not wait for an input that never ends, once it is asked to stop", async () => {
    const child = spawn(process.execPath, [...words, "emulate", DESK, "--readings", "-"],
      { stdio: ["pipe", "ignore", "ignore"] });
    const ended = once(child, "exit");
    // More than a pipe holds: all of it has gone once it reads.
    child.stdin.write(Buffer.alloc(2 ** 20, "1,2,3,4\n"));
    await once(child.stdin, "drain");
    child.kill("SIGTERM");
    assert.deepEqual(await ended, [143, null]);
  });
});
