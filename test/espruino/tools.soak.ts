import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { moduleRun } from "../bundle/module-run.js";
import { folder } from "../cli/harness.js";

/**
 * `require("tagma")` in Espruino's command line: the `espruino` package, fetched here into a folder
 * of its own, makes a program of it, and Espruino runs that.
 */

const ROOT = new URL("../../", import.meta.url).pathname;
const VERSION = "0.1.67";
const MINUTE = 60_000;
const interpreter = process.env["ESPRUINO"] ?? "";
const tell = (why: string) => {
  process.stderr.write(`NOT RUN: tagma in Espruino's command line: ${why}\n`);
};
if (!interpreter) tell("its programs are made, not run: the variable ESPRUINO names no program");

const call = (at: string, command: string, words: readonly string[], more: object = {}) =>
  spawnSync(command, words, {
    cwd: at, encoding: "utf8", timeout: 2 * MINUTE, env: { ...process.env, ...more },
  });

describe("Espruino's command line", { timeout: 5 * MINUTE }, () => {
  it("loads tagma by `main`, and by its folder, and Espruino runs it", async (context) => {
    const at = folder(context);
    writeFileSync(join(at, "package.json"), '{"private":true}');
    const got = call(at, "npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund",
      "--prefer-offline", "--loglevel=error", `espruino@${VERSION}`]);
    if (got.status !== 0) {
      tell(`the package espruino could not be fetched: ${got.stderr.trim()}`);
      context.skip("the package espruino could not be fetched");
      return;
    }
    // As `npm install tagma` leaves it, as far as it is looked at.
    const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
      main: string;
    };
    const module = join("node_modules/tagma", manifest.main);
    mkdirSync(join(at, module, ".."), { recursive: true });
    cpSync(join(ROOT, manifest.main), join(at, module));
    cpSync(join(ROOT, "package.json"), join(at, "node_modules/tagma/package.json"));
    const { script, lines } = await moduleRun(at);
    writeFileSync(join(at, "board.js"), script);
    writeFileSync(join(at, "kind.json"), '{"BOARD":"LINUX","info":{"builtin_modules":[]}}');
    // Its loader of local modules takes `fs` for a global (0.1.67), and finds nothing without.
    writeFileSync(join(at, "fs.cjs"), 'global.fs = require("fs");');

    const made = (words: readonly string[], more: object = {}) => {
      const out = `${words.length ? "folder" : "main"}.js`;
      const { status, stdout, stderr } = call(at, "node_modules/.bin/espruino",
        ["--no-ble", "-n", "--board", "./kind.json", ...words, "-o", out, "board.js"], more);
      assert.equal(status, 0, stdout + stderr);
      assert.doesNotMatch(stdout + stderr, /not found/);
      assert.match(readFileSync(join(at, out), "latin1"), /addCached\("tagma",/);
      if (!interpreter) return;
      const ran = call(at, interpreter, [out]);
      assert.deepEqual(ran.stdout.match(/^>?(?:[0-9a-f]+|order \d+)$/gm), lines, ran.stdout);
    };
    made(["--config", "MODULE_URL=node_modules/tagma/dist/espruino"]);
    made(["--config", "MODULES_DIR_NAME=node_modules"], { NODE_OPTIONS: "-r ./fs.cjs" });
  });
});
