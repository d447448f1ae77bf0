import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { TestContext } from "node:test";
import { parseNetwork } from "../../host/network.js";
import { openTrace } from "../../host/trace/file.js";
import { rejudge } from "../../host/trace/replay.js";
import type { LiveRecord } from "../../host/live/live.js";
import { contentOf, folder } from "../cli/harness.js";
import { createDesk, figuresOf, judgeRun, noCables } from "./ptys.js";
import type { Ran } from "./ptys.js";
import { readingsFor } from "./world.js";

/**
 * The whole chain: four board processes, cables, and the bus. A pseudo-terminal has no baud rate;
 * it is the bus that keeps to the schedule. When others need the computer a process may answer late
 * and counts as a faulty board; that is reported, and what must hold is judged wherever no more
 * than one board failed. TAGMA_CYCLES=1000 makes a long run of it, TAGMA_GUARD_US=0 a fast
 * one. What is built is what runs.
 */

const CYCLES = Number(process.env["TAGMA_CYCLES"] ?? 40);
/** Time for a process to be woken, on a computer with other things to do. */
const GUARD_US = Number(process.env["TAGMA_GUARD_US"] ?? 40_000);

const content = { ...contentOf("desk"), guard_us: GUARD_US };
const network = parseNetwork(content, "desk");
const names = network.boards.map(({ name }) => name);
const readings = readingsFor(network, 16);

const onDesk = async (context: TestContext) => {
  const at = folder(context);
  const file = join(at, "desk.json");
  const table = join(at, "readings.csv");
  writeFileSync(file, JSON.stringify({ ...content, $schema: undefined }));
  const rows = Array.from({ length: 16 }, (_, cycle) => readings(cycle).join(","));
  writeFileSync(table, `${rows.join("\n")}\n`);
  const desk = await createDesk(at, file, table, names);
  context.after(() => {
    desk.close();
  });
  return { at, desk };
};

const held = (ran: Ran) => {
  const { inside, broken } = judgeRun(network, readings, ran);
  assert.deepEqual(broken, []);
  assert.ok(inside > 0, "no cycle was judged");
  return inside;
};

describe("four boards on pseudo-terminals", { skip: noCables }, () => {
  it("agree, alone, with one that lies, and with one that goes and comes", async (context) => {
    const { at, desk } = await onDesk(context);
    const quiet = await desk.bus(["--cycles", String(CYCLES)]).end();
    context.diagnostic(`all well: ${figuresOf(quiet)}`);
    assert.equal(quiet.code, 0, quiet.err);
    assert.equal(quiet.records.length, CYCLES);
    held(quiet);

    const lied = await desk.bus(["--cycles", String(CYCLES >> 1), "--traitor", "c=split"]).end();
    context.diagnostic(`c lies: ${figuresOf(lied)}`);
    assert.equal(lied.code, 0, lied.err);
    assert.ok(lied.records.every(({ faulty }) => faulty.includes(2)));
    held(lied);

    const path = join(at, "desk.trace");
    const bus = desk.bus(["--trace", path]);
    const isHere = (away: boolean) => (records: readonly LiveRecord[]) => {
      const last = records[records.length - 1];
      return last !== undefined && last.faulty.includes(3) === away;
    };
    await bus.until(isHere(false));
    for (let turn = 0; turn < Math.max(1, CYCLES / 250); turn++) {
      for (const harm of [desk.reset, desk.unplug]) {
        const mended = harm("d", 200);
        await bus.until(isHere(true));
        await mended;
        await bus.until(isHere(false));
      }
    }
    bus.interrupt();
    const harmed = await bus.end();
    context.diagnostic(`d is reset and unplugged: ${figuresOf(harmed)}`);
    assert.equal(harmed.code, 130, harmed.err);
    held(harmed);
    // The trace is whole, and says the same.
    const rejudged = [...rejudge(openTrace(path))];
    assert.equal(rejudged.length, harmed.records.length);
    assert.deepEqual(rejudged.flatMap(({ differences }) => differences), []);
  });
});
