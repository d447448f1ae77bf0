import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { parseNetwork } from "../../host/network.js";
import { openTrace } from "../../host/trace/file.js";
import { rejudge } from "../../host/trace/replay.js";
import { contentOf, folder } from "../cli/harness.js";
import { createDesk, noCables } from "./ptys.js";
import { readingsFor } from "./world.js";

/**
 * Ballots of real processes, which start when the bus has long begun: HUB.2. A process that answers
 * late costs its network a ballot, so it runs until enough were decided.
 */

const GUARD_US = Number(process.env["TAGMA_GUARD_US"] ?? 40_000);
const PATIENCE = 300_000;
const ENOUGH = 3;

const press = contentOf("press") as { boards: object[] };
// A process is no slow board.
const boards = press.boards.map((board) => ({ ...board, compute_us: 2000 }));
const content = { ...press, boards, guard_us: GUARD_US };
const network = parseNetwork(content, "press");
const names = network.boards.map(({ name }) => name);

it("HUB.2: boards that start after the bus decide, and carry it out", {
  skip: noCables, timeout: PATIENCE,
}, async (context) => {
  const at = folder(context);
  const [file, table, path] = ["press.json", "readings.csv", "press.trace"]
    .map((name) => join(at, name)) as [string, string, string];
  writeFileSync(file, JSON.stringify({ ...content, $schema: undefined }));
  const readings = readingsFor(network, 16);
  const rows = Array.from({ length: 16 }, (_, cycle) => readings(cycle).join(","));
  writeFileSync(table, `${rows.join("\n")}\n`);
  const desk = await createDesk(at, file, table, names, undefined, "", undefined, true);
  context.after(() => {
    desk.close();
  });

  const bus = desk.bus(["--trace", path]);
  await bus.until(() => bus.err !== "");
  await desk.begin();
  // Cycles in which all decide the next slot, as their stand-ins have it.
  const decided = () => bus.records.filter(({ decisions, faulty }) =>
    !faulty.length && decisions!.every((list) => list.length === 1));
  await bus.until(() => decided().length >= ENOUGH);
  const whole = decided();
  bus.interrupt();
  const ran = await bus.end();
  context.diagnostic(`${ran.err}${JSON.stringify(ran.summary.ballots)} in ${
    ran.records.length} cycles`);
  assert.match(ran.err, /^tagma: the first ballot waits for a, b, c, d\n/);
  assert.match(ran.err, /tagma: the first ballot begins.*\n$/);
  assert.deepEqual([ran.code, ran.summary.verdict, ran.summary.outside], [130, "held", 0]);
  assert.equal(ran.records[0]!.cycle, 0);
  for (const { cycle, decisions } of whole) {
    for (const [board, [decision]] of decisions!.entries()) {
      assert.equal(ran.decided[board]!.get(cycle)?.order, decision!.value, `cycle ${cycle}`);
    }
  }
  assert.deepEqual([...rejudge(openTrace(path))].flatMap(({ differences }) => differences), []);
});
