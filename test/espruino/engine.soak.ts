import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { loadNetwork, parseNetwork } from "../../host/network/network.js";
import type { Network } from "../../host/network/network.js";
import { cli, folder } from "../cli/harness.js";
import { networkOf } from "../topology/drive.js";
import { differenceOf, liarAndLosses, runOn } from "./alike.js";
import type { Wrong } from "./alike.js";

/**
 * Emulations on Espruino itself, where ESPRUINO names its Linux build: each frame, vector, order
 * and count is that of the firmware in this process. `make espruino` runs all examples.
 */
const named = process.env["ESPRUINO"];
const path = named === "" ? undefined : named;
const skip = path === undefined ? "ESPRUINO names no interpreter" : false;
if (skip) process.stderr.write(`NOT RUN: emulations on Espruino itself: ${skip}\n`);

const SEED = 3;
const [pump, press, three] = ["pump", "press", "three"]
  .map((name) => loadNetwork(`boards/networks/${name}.json`)) as [Network, Network, Network];

const alike = async (network: Network, wrong: Wrong, cycles: number) => {
  const native = await runOn(network, "native", wrong, cycles, SEED);
  const real = await runOn(network, "espruino", wrong, cycles, SEED, path);
  assert.equal(differenceOf(native, real), "");
  assert.ok(native.events.length > 10);
  assert.ok(real.summary.bounded);
  return native;
};

const changed = ({ file }: Network, changes: object) =>
  parseNetwork({ ...file, ...changes }, "changed");

describe("emulated on Espruino", { skip }, () => {
  it("pump and press are as in this process, with a liar and losses", async () => {
    for (const network of [pump, press]) await alike(network, liarAndLosses(network), 4);
  });

  it("so are boards that are restarted, and two under one name", async () => {
    await alike(pump, { traitors: ["b=restart:1.1"] }, 4);
    await alike(press, { windows: ["reset=a@1.2"], traitors: ["c=copies"] }, 4);
  });

  it("so are promises that are stored, over a board that loses its power", async () => {
    const stored = changed(press, { promises: "stored" });
    await alike(stored, { windows: ["reset=a@2.2"], traitors: ["c=split"] }, 5);
  });

  it("so are scripts, which run in the sandbox for these boards too", async () => {
    const [alarm, valve] = ["alarm", "valve"]
      .map((name) => loadNetwork(`boards/networks/${name}.json`)) as [Network, Network];
    for (const network of [alarm, valve]) await alike(network, liarAndLosses(network), 4);
  });

  it("so is what a silence brings about, in time that is made up", async () => {
    const safe = changed(pump, { silence_ms: 3000, default: 7 });
    const { summary } = await alike(safe, { windows: ["stall=10@1.1"] }, 3);
    assert.ok(summary.counts.every(({ silences }) => silences! > 0));
    assert.ok(summary.safe);
  });

  it("so are all types of value", async () => {
    const boards = pump.file.boards.slice(0, 2).map(({ name, kind }) => ({ name, kind }));
    for (const [value, fallback] of [
      ["bool", false], ["u16", 2], ["u32", 4294967295], ["i16", -4], ["i32", -2147483648],
      ["f32", 0.1], [{ bytes: 9 }, "000102030405060708"],
    ] as const) {
      const network = changed(pump, { traitors: 0, value, default: fallback, boards });
      await alike(network, { traitors: ["b=random"] }, 3);
    }
  });

  it("so are tags, and keys that a restarted board goes on with as its store says", async () => {
    await alike(networkOf(4, 1, { auth: "mac" }), { traitors: ["b=random"] }, 2);
    const boards = three.file.boards.map(({ name, kind }) => ({ name, kind }));
    const trees = [{ lms: "LMS_SHA256_M24_H5", ots: "LMOTS_SHA256_N24_W2" }];
    const signed = changed(three, { boards, signatures: { trees, reserve: 2 } });
    const wrong = { traitors: ["b=restart:1.2"] };
    const { events } = await alike(signed, wrong, 5);
    assert.notDeepEqual(events, (await runOn(signed, "native", {}, 5, SEED)).events);
  });

  it("runs from the command line, on either link, and leaves nothing", async (context) => {
    const at = join(folder(context), "tmp");
    mkdirSync(at);
    const before = process.env["TMPDIR"];
    process.env["TMPDIR"] = at;
    context.after(() => {
      if (before === undefined) delete process.env["TMPDIR"];
      else process.env["TMPDIR"] = before;
    });
    const words = ["emulate", "boards/networks/pump.json", "--cycles", "2", "--json"];
    const frames = ({ out }: { out: string }) => out.replace(/,"memory":\[[^\]]*\]/, "");
    const native = frames(await cli(words));
    for (const link of ["mock", "memory"]) {
      const run = await cli([...words, "--engine", "espruino", "--transport", link],
        { env: { ESPRUINO: path! } });
      assert.equal(run.err, "");
      assert.equal(frames(run), native);
    }
    assert.ok(existsSync(at));
    assert.deepEqual(readdirSync(at), []);
  });
});
