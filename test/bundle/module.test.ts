import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createContext, runInContext } from "node:vm";
import * as firmware from "../../firmware/index.js";
import { lacksIn } from "../../host/bundle/lacks.js";
import { MODULE_EXPORTS, espruinoModule } from "../../host/bundle/module.js";
import { folder } from "../cli/harness.js";
import { moduleRun } from "./module-run.js";

/** As Espruino loads it: a function with `exports`, among Espruino's globals. */
const load = (text: string) => {
  const lines: string[] = [];
  const context = createContext({
    print: (line: string) => lines.push(line),
    E: {
      CRC32: (bytes: Uint8Array) => firmware.checksum(bytes, 0, bytes.length) >>> 0,
      toString: (bytes: Uint8Array) => String.fromCharCode(...bytes),
    },
  });
  runInContext(`var module = {}; (function (exports) {${text}})(module);
    function require() { return module; }`, context);
  return { context, lines };
};

describe("the module for Espruino's own tools", () => {
  it("has what `tagma/firmware` has of oral messages, and is small", async () => {
    const text = await espruinoModule();
    const names = runInContext("Object.keys(module)", load(text).context) as string[];
    assert.deepEqual([...names], MODULE_EXPORTS);
    assert.deepEqual(MODULE_EXPORTS.filter((name) => !(name in firmware)), []);
    assert.deepEqual(lacksIn(text), []);
    assert.ok(text.length < 11_800, `${text.length} bytes`);
    // The tools put it into a function on a line of its own, and look for more modules in it.
    assert.doesNotMatch(text, /\brequire\b|\/\//);
  });

  it("makes the frames and orders that a board of the same network makes", async (context) => {
    const { script, lines } = await moduleRun(folder(context));
    const loaded = load(await espruinoModule());
    runInContext(script, loaded.context);
    assert.ok(lines.length >= 18);
    assert.deepEqual(loaded.lines, lines);
  });
});
