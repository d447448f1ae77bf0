import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { parseFaults, parseTraitors } from "../../host/faults/troubles.js";
import { loadNetwork, parseNetwork } from "../../host/network/network.js";
import { record, runOnEspruino } from "./drive.js";
import { signOnBoard } from "./signed.js";

/** The bundle on Espruino itself, where ESPRUINO names its Linux build. */
const named = process.env["ESPRUINO"];
const path = named === "" ? undefined : named;
const skip = path === undefined ? "ESPRUINO names no interpreter" : false;
if (skip) process.stderr.write(`NOT RUN: the bundle on Espruino itself: ${skip}\n`);

const BLOCKS_MAX = 500;
/** Blocks that the interpreter uses with nothing loaded. */
const BLOCKS_ALONE = 35;
const SIGNED_BLOCKS_MAX = 2200;
/** Blocks that must be free besides, for calls, chunks, and results of hashes. */
const SPARE_BLOCKS = 650;
/** With so few something fails, and the Linux build takes more memory; with 350 nothing does. */
const SHORT_BLOCKS = 200;
const TURNS = 1000;
/** Of signatures, which take a second a cycle: TAGMA_CYCLES=1000 makes a long run of it. */
const SIGNED_CYCLES = Number(process.env["TAGMA_CYCLES"] ?? 100);

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

  it("press: 1,000 ballots, as the emulator's, in constant memory", async (t) => {
    const press = loadNetwork("boards/networks/press.json");
    // No ballot's number comes twice, so all are recorded.
    const recording = await record(press, 0, TURNS);
    const measured = await runOnEspruino(path!, press, 0, recording, TURNS);
    const { late, early, wrong, driver, cycleUs, beaconUs } = measured;
    const beacons = beaconUs.map((us) => us.toFixed(0)).join(" ");
    t.diagnostic(`${late - driver + BLOCKS_ALONE} blocks in all, ${
      cycleUs.toFixed(0)} us a ballot, by beacon ${beacons}`);
    assert.equal(wrong, 0);
    assert.equal(late, early, "memory has grown");
  });

  const three = loadNetwork("boards/networks/three.json");
  for (const { name, number } of three.boards) {
    it(`three, ${name}: signs and checks as the emulator does, in constant memory`, async (t) => {
      const cycles = SIGNED_CYCLES;
      const measured = await signOnBoard(path!, three, number, cycles);
      const { late, early, wrong, state, left, startMs, beaconMs, failed } = measured;
      // A cycle opens with a signature, and its last round with two checks.
      const [made, checked, ready] = beaconMs;
      t.diagnostic(
        `${late + BLOCKS_ALONE} blocks in all, ${early + BLOCKS_ALONE} after 10 cycles of ${
          cycles}, ${startMs.toFixed(0)} ms to start, ` +
        `${made!.toFixed(0)} ms to sign, ${(checked! / 2).toFixed(0)} to check one, ` +
        `${ready!.toFixed(0)} to decide and get ready`,
      );
      assert.equal(wrong, 0);
      assert.equal(state, 0);
      assert.equal(failed, 0);
      assert.equal(left, 1024 - cycles);
      assert.deepEqual(measured.vector, measured.expected);
      assert.equal(late, early, "memory has grown");
      assert.ok(late + BLOCKS_ALONE <= SIGNED_BLOCKS_MAX);
    });
  }

  it("three: with a liar beside it, and frames that are lost", async () => {
    const measured = await signOnBoard(path!, three, 0, 12, undefined, {
      lines: parseFaults(three, ["drop=0.1"]), traitors: parseTraitors(three, ["b=equivocate"]),
    });
    assert.equal(measured.wrong, 0);
    assert.deepEqual(measured.vector, measured.expected);
  });

  it("three: where memory is short hashes fail, and it says less, but nothing else", async (t) => {
    const enough = await signOnBoard(path!, three, 1, 12, SPARE_BLOCKS);
    assert.deepEqual([enough.failed, enough.wrong], [0, 0]);
    const short = await signOnBoard(path!, three, 1, 12, SHORT_BLOCKS);
    t.diagnostic(`${short.failed} hashes failed, ${short.wrong} frames were others`);
    assert.ok(short.failed > 0 && short.failed >= short.wrong);
  });
});
