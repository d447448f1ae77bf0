import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { TestContext } from "node:test";
import { parseTraitors } from "../../host/faults/troubles.js";
import { parseNetwork } from "../../host/network/network.js";
import { microsecondsOf, planOf } from "../../host/plan/plan.js";
import { rejudge } from "../../host/replay/replay.js";
import { openTrace } from "../../host/trace/file.js";
import { contentOf, folder } from "../cli/harness.js";
import { createDesk, differencesOf, emulatedOf, figuresOf, judgeRun, noCables } from "./ptys.js";
import type { Desk, Ran, Running } from "./ptys.js";
import { readingsFor } from "./world.js";

/**
 * The whole chain: four board processes, cables, and the bus. A pseudo-terminal has no baud rate;
 * it is the bus that keeps to the schedule. When others need the computer a process may answer late
 * and counts as a faulty board; that is reported, and what must hold is judged wherever no more
 * than one board failed. What is built is what runs.
 *
 * The long run, at the period that the plan allows, on a computer with nothing else to do:
 *
 *     TAGMA_CYCLES=1000 TAGMA_GUARD_US=100 TAGMA_IDLE=1 \
 *       node --import tsx --test --test-reporter=spec test/live/ptys.soak.ts
 *
 * TAGMA_CYCLES is the cycles of each part; TAGMA_GUARD_US is the network's guard_us, more of which
 * helps where a process that starts takes the computer from the others; with TAGMA_IDLE no frame
 * may miss its deadline where all is well.
 */

const CYCLES = Number(process.env["TAGMA_CYCLES"] ?? 10);
/** Time for a process to be woken, on a computer with other things to do. */
const GUARD_US = Number(process.env["TAGMA_GUARD_US"] ?? 100_000);
const IDLE = process.env["TAGMA_IDLE"] !== undefined;
/** A board is harmed every so many cycles, once it is back from the time before. */
const EVERY = CYCLES < 100 ? 3 : 50;
const SILENCE_MS = 2000;
const DEFAULT = 99;

const content = {
  ...contentOf("desk"), guard_us: GUARD_US, silence_ms: SILENCE_MS, default: DEFAULT,
};
const network = parseNetwork(content, "desk");
const names = network.boards.map(({ name }) => name);
const readings = readingsFor(network, 16);
const D = 3;
/** A run that is not over by then never will be; milliseconds. */
const PATIENCE = 300_000 + 1000 * CYCLES;

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

const held = (ran: Ran, ended = -1) => {
  const { inside, broken } = judgeRun(network, readings, ran, ended);
  assert.deepEqual(broken, []);
  assert.ok(inside > 0, "no cycle was judged");
};

/** What was decided is what is emulated with the same readings and liars. */
const asEmulated = async (ran: Ran, words: readonly string[]) => {
  const emulated = await emulatedOf(network, readings, parseTraitors(network, words),
    ran.records.at(-1)!.cycle + 1);
  const { compared, differences } = differencesOf(ran, emulated);
  assert.deepEqual(differences, []);
  assert.ok(compared > 0, "no cycle was compared");
  return `${compared} cycles as emulated`;
};

/** In turn, its process is ended and begun again, and its cable is pulled and plugged in again. */
const harm = async (desk: Desk, bus: Running, turns: number) => {
  const isAway = (away: boolean) => () => bus.records.at(-1)?.faulty.includes(D) === away;
  let done = 0;
  await bus.until(isAway(false));
  for (; done < turns && !bus.ended; done++) {
    const from = bus.records.length;
    await bus.until(() => bus.records.length >= from + EVERY);
    const mended = (done & 1 ? desk.unplug : desk.reset)("d", 200);
    await bus.until(isAway(true));
    await mended;
    await bus.until(isAway(false));
  }
  bus.interrupt();
  return bus.end();
};

describe("four boards on pseudo-terminals", { skip: noCables, timeout: PATIENCE }, () => {
  const period = microsecondsOf(network, planOf(network).period);

  it("agree, alone, with one that lies, and with one that goes and comes", async (context) => {
    const { at, desk } = await onDesk(context);
    context.diagnostic(`a cycle every ${period} us`);
    const quiet = await desk.bus(["--cycles", String(CYCLES)]).end();
    const same = await asEmulated(quiet, []);
    context.diagnostic(`all well: ${figuresOf(quiet)}\n${same}`);
    assert.equal(quiet.code, 0, quiet.err);
    assert.equal(quiet.records.length, CYCLES);
    held(quiet);
    if (IDLE) assert.deepEqual(quiet.summary.boards.map(({ lost }) => lost), [0, 0, 0, 0]);

    // Nobody closes a cycle any more: SILENCE.1, and what comes next is heard all the same.
    for (const name of names) assert.equal(await desk.withdrawn(name), DEFAULT);

    const lied = await desk.bus(["--cycles", String(CYCLES), "--traitor", "c=equivocate"]).end();
    context.diagnostic(`c lies: ${figuresOf(lied)}\n${await asEmulated(lied, ["c=equivocate"])}`);
    assert.equal(lied.code, 0, lied.err);
    // HUB.1: no number is used again.
    assert.equal(lied.records[0]!.cycle, CYCLES);
    assert.ok(lied.records.every(({ faulty }) => faulty.includes(2)));
    held(lied);

    const path = join(at, "desk.trace");
    const turns = CYCLES < 100 ? 2 : Math.round(CYCLES / EVERY);
    const harmed = await harm(desk, desk.bus(["--trace", path]), turns);
    context.diagnostic(`d is reset and unplugged, ${turns} times: ${figuresOf(harmed)}`);
    assert.equal(harmed.code, 130, harmed.err);
    held(harmed, D);
    // The trace is whole, and says the same.
    const rejudged = [...rejudge(openTrace(path))];
    assert.equal(rejudged.length, harmed.records.length);
    assert.deepEqual(rejudged.flatMap(({ differences }) => differences), []);
  });

  it("agree with one that lies while it goes and comes, and whose line fails", {
    skip: CYCLES < 100 && "TAGMA_CYCLES is less than 100",
  }, async (context) => {
    const { desk } = await onDesk(context);
    const turns = Math.round(CYCLES / EVERY);
    const bus = desk.bus(["--traitor", "d=split", "--faults", "drop@d=0.1,flip@d=0.1"]);
    const ran = await harmBlindly(desk, bus, turns);
    context.diagnostic(`all of it on d, ${turns} times: ${figuresOf(ran)}`);
    assert.equal(ran.code, 130, ran.err);
    held(ran, D);
  });
});

/** As `harm`, where the board counts as faulty all the time. */
const harmBlindly = async (desk: Desk, bus: Running, turns: number) => {
  for (let done = 0; done < turns && !bus.ended; done++) {
    const from = bus.records.length;
    await bus.until(() => bus.records.length >= from + EVERY);
    await (done & 1 ? desk.unplug : desk.reset)("d", 200);
  }
  bus.interrupt();
  return bus.end();
};
