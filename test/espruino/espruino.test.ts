import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { loadNetwork, parseNetwork } from "../../host/network.js";
import { record, runOnEspruino } from "./drive.js";
import { signOnBoard } from "./signed.js";

/** The bundle on Espruino itself, where ESPRUINO names its Linux build. */
const path = process.env["ESPRUINO"];
const skip = path === undefined ? "ESPRUINO names no interpreter" : false;
if (skip) process.stderr.write(`NOT RUN: the bundle on Espruino itself: ${skip}\n`);

const BLOCKS_MAX = 500;
/** Blocks that the interpreter uses with nothing loaded. */
const BLOCKS_ALONE = 35;
const TURNS = 1000;

describe("on Espruino", { skip }, () => {
  for (const name of ["pump", "oven"]) {
    const network = loadNetwork(`boards/networks/${name}.json`);
    it(`${name}: says and decides what the emulator does, in constant memory`, async (t) => {
      for (const board of name === "pump" ? [0, 1, 2, 3] : [0]) {
        const recording = await record(network, board, 10);
        const turns = name === "pump" && board === 0 ? TURNS : 30;
        const measured = await runOnEspruino(path!, network, board, recording, turns);
        const { version, driver, early, late, wrong, vector } = measured;
        const blocks = late - driver + BLOCKS_ALONE;
        const beacons = measured.beaconUs.map((us) => us.toFixed(0)).join(" ");
        t.diagnostic(
          `Espruino ${version}, board ${board}: ${blocks} blocks in all, ` +
          `${measured.cycleUs.toFixed(0)} us a cycle, by beacon ${beacons}, ` +
          `a frame ${measured.frameUs.toFixed(0)}`,
        );
        assert.equal(wrong, 0);
        // Espruino prints twelve digits; single precision has fewer.
        const rounded = (vector as unknown[]).map((value) =>
          (typeof value === "number" ? Math.fround(value) : value));
        assert.deepEqual(rounded, recording.cycles.at(-1)!.vectors[board]);
        assert.equal(late, early, "memory has grown");
        if (name === "pump") assert.ok(blocks <= BLOCKS_MAX, `${blocks} blocks`);
      }
    });
  }

  it("WIRE.5: speaks when it is polled, in constant memory", async (t) => {
    const content = JSON.parse(readFileSync("boards/networks/desk.json", "utf8")) as object;
    const network = parseNetwork({ ...content, wiring: "wire", guardian: true }, "desk");
    for (const board of [0, 2]) {
      const recording = await record(network, board, 10);
      const { late, early, wrong, vector, beaconUs, driver } =
        await runOnEspruino(path!, network, board, recording, board ? 30 : 200);
      t.diagnostic(`board ${board}: ${late - driver + BLOCKS_ALONE} blocks in all, by beacon ${
        beaconUs.map((us) => us.toFixed(0)).join(" ")}`);
      assert.equal(recording.answers[0]!.length, 2);
      assert.equal(wrong, 0);
      assert.deepEqual(vector, recording.cycles.at(-1)!.vectors[board]);
      assert.equal(late, early, "memory has grown");
    }
  });

  it("three: signs and checks as the emulator does, in constant memory", async (t) => {
    const network = loadNetwork("boards/networks/three.json");
    const cycles = 100;
    const measured = await signOnBoard(path!, network, 1, cycles);
    const { late, early, wrong, state, left, startMs, beaconMs } = measured;
    t.diagnostic(
      `${late + BLOCKS_ALONE} blocks in all, ${startMs.toFixed(0)} ms to start, ` +
      `by beacon ${beaconMs.map((ms) => ms.toFixed(0)).join(" ")} ms`,
    );
    assert.equal(wrong, 0);
    assert.equal(state, 0);
    assert.equal(left, 1024 - cycles);
    assert.deepEqual(measured.vector, measured.expected);
    assert.equal(late, early, "memory has grown");
  });
});
