import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { TestContext } from "node:test";
import { parseNetwork } from "../../host/network/network.js";
import { rejudge } from "../../host/replay/replay.js";
import { openTrace } from "../../host/trace/file.js";
import { contentOf, folder } from "../cli/harness.js";
import { createDesk, figuresOf, judgeRun, noCables, startWire } from "./ptys.js";
import type { Ran, Running } from "./ptys.js";
import { readingsFor } from "./world.js";

/**
 * Four board processes and the bus on one wire, each at a pseudo-terminal of its own. As in
 * ptys.soak.ts, what must hold is judged wherever no more than one board was late, and what is
 * built is what runs. TAGMA_CYCLES=1000 makes a long run of it.
 */

const CYCLES = Number(process.env["TAGMA_CYCLES"] ?? 40);
/** Time for a process to be woken; there are eight slots in a cycle. */
const GUARD_US = Number(process.env["TAGMA_GUARD_US"] ?? 20_000);
const LIAR = new URL("liar.ts", import.meta.url).pathname;

const content = { ...contentOf("desk"), wiring: "wire", guard_us: GUARD_US };
const network = parseNetwork(content, "desk");
const names = network.boards.map(({ name }) => name);
const readings = readingsFor(network, 16);

const onWire = async (context: TestContext, absent = "") => {
  const at = folder(context);
  const [file, table] = [join(at, "desk.json"), join(at, "readings.csv")];
  writeFileSync(file, JSON.stringify({ ...content, $schema: undefined }));
  const rows = Array.from({ length: 16 }, (_, cycle) => readings(cycle).join(","));
  writeFileSync(table, `${rows.join("\n")}\n`);
  const wire = await startWire(context);
  const desk = await createDesk(at, file, table, names, wire, absent);
  context.after(() => {
    desk.close();
  });
  return { at, file, wire, desk };
};

/** Runs until so many cycles had no more faulty boards than are outvoted. */
const until = async (bus: Running, cycles: number): Promise<Ran> => {
  await bus.until((records) =>
    records.filter(({ faulty }) => faulty.length <= network.shape.traitors).length >= cycles);
  bus.interrupt();
  const ran = await bus.end();
  assert.equal(ran.code, 130, ran.err);
  return ran;
};

describe("WIRE.7: four boards on one wire of pseudo-terminals", { skip: noCables }, () => {
  it("agree, and the trace says the same", async (context) => {
    const { at, desk } = await onWire(context);
    const path = join(at, "desk.trace");
    const ran = await until(desk.bus(["--trace", path]), CYCLES);
    context.diagnostic(`all well: ${figuresOf(ran)}`);
    const { inside, broken } = judgeRun(network, readings, ran);
    assert.deepEqual(broken, []);
    assert.ok(inside >= CYCLES, `${inside} cycles were judged`);
    const rejudged = [...rejudge(openTrace(path))];
    assert.equal(rejudged.length, ran.records.length);
    assert.deepEqual(rejudged.flatMap(({ differences }) => differences), []);
  });

  it("agree while the fourth lies", async (context) => {
    const { file, wire, desk } = await onWire(context, "d");
    const liar = spawn(process.execPath, ["--import", "tsx", LIAR, file, String(wire), "3"],
      { stdio: ["ignore", "pipe", "inherit"] });
    context.after(() => liar.kill("SIGKILL"));
    await once(liar.stdout, "data");
    const ran = await until(desk.bus([]), CYCLES >> 1);
    context.diagnostic(`d lies: ${figuresOf(ran)}`);
    const { inside, broken } = judgeRun(network, readings, ran);
    assert.deepEqual(broken, []);
    assert.ok(inside >= CYCLES >> 1, `${inside} cycles were judged`);
    // Where a computer with others to serve lets it say nothing in time, it cannot lie either.
    const lied = ran.records.filter(({ faulty }) => faulty.length === 1 && faulty[0] === 3).length;
    assert.ok(lied >= inside / 2, `it lied in ${lied} of ${inside} cycles`);
    assert.ok(ran.summary.boards[3]!.odd > 0, "what it says is no correct board's");
  });
});
