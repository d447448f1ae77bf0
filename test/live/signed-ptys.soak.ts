import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { TestContext } from "node:test";
import { HUB } from "../../firmware/index.js";
import { parseNetwork } from "../../host/network/network.js";
import { openTrace } from "../../host/trace/file.js";
import { cli, folder } from "../cli/harness.js";
import { createDesk, figuresOf, judgeRun, noCables } from "./ptys.js";
import type { Ran } from "./ptys.js";
import { readingsFor } from "./world.js";

/**
 * Three board processes that sign and tag, cables, and a bus that has public keys only. As in
 * ptys.soak.ts, what must hold is judged wherever no more than one board was late, and what is
 * built is what runs. TAGMA_CYCLES=300 makes a long run of it, with a higher tree.
 */

const CYCLES = Number(process.env["TAGMA_CYCLES"] ?? 4);
const LONG = CYCLES > 20;
/** Time for a process to be woken, on a computer with other things to do. */
const GUARD_US = Number(process.env["TAGMA_GUARD_US"] ?? 100_000);
/** Cycles for which a board reserves keys, and which it loses when it is restarted, at most. */
const RESERVE = 2;
const C = 2;

const content = {
  name: "signed", algorithm: "sm", auth: "mac", traitors: 1, value: "u8", decision: "majority",
  default: 0, baud: 921_600, guard_us: GUARD_US,
  signatures: {
    trees: [{ lms: `LMS_SHA256_M24_H${LONG ? 10 : 5}`, ots: "LMOTS_SHA256_N24_W4" }],
    reserve: RESERVE,
  },
  boards: ["a", "b", "c"].map((name) => ({ name, kind: "EMULATED" })),
};
const network = parseNetwork(content, "signed");
const names = network.boards.map(({ name }) => name);
const readings = readingsFor(network, 16);

const onDesk = async (context: TestContext) => {
  const at = folder(context);
  const [file, table, keys] = ["signed.json", "readings.csv", "keys"].map((name) => join(at, name));
  writeFileSync(file!, JSON.stringify(content));
  const rows = Array.from({ length: 16 }, (_, cycle) => readings(cycle).join(","));
  writeFileSync(table!, `${rows.join("\n")}\n`);
  assert.equal((await cli(["keys", file!, "--out", keys!])).code, 0);
  // What the bus is given holds no secret.
  const open = join(at, "open");
  mkdirSync(open);
  copyFileSync(join(keys!, "public.json"), join(open, "public.json"));
  const desk = await createDesk(at, file!, table!, names, undefined, "", keys);
  context.after(() => {
    desk.close();
  });
  return { at, keys: keys!, open, desk };
};

const held = (ran: Ran, ended = -1) => {
  const { inside, broken } = judgeRun(network, readings, ran, ended);
  assert.deepEqual(broken, []);
  assert.ok(inside > 0, "no cycle was judged");
  assert.equal(ran.summary.verdict, "held");
  assert.deepEqual(ran.summary.boards.map(({ odd }) => odd), [0, 0, 0]);
};

const PATIENCE = 300_000 + 5000 * CYCLES;

describe("three boards on pseudo-terminals that sign and tag", {
  skip: noCables, timeout: PATIENCE,
}, () => {
  it("agree, alone, with lies about one, and with one that comes again", async (context) => {
    const { at, keys, open, desk } = await onDesk(context);
    const store = join(keys, "c.store", "tagma.0");
    const words = ["--keys", open, "--cycles", String(CYCLES)];
    const quiet = await desk.bus(words).end();
    context.diagnostic(`all well: ${figuresOf(quiet)}`);
    assert.equal(quiet.code, 0, quiet.err);
    held(quiet);
    const signers = [...quiet.decided[C]!.values()].map(({ signer }) => signer);
    assert.ok(signers.length > 0 && signers.every((state) => state === "ready"));

    // What the hub makes of c's frames is forged; c's order comes by way of its neighbours.
    const path = join(at, "lied.trace");
    const lied = await desk.bus([...words, "--traitor", "c=equivocate", "--trace", path]).end();
    context.diagnostic(`c is lied about: ${figuresOf(lied)}`);
    assert.equal(lied.code, 0, lied.err);
    held(lied);
    const lies = [...openTrace(path).events()].flatMap((event) =>
      (event.e === "frame" && event.from === C && event.to !== HUB ? [event.lie] : []));
    assert.deepEqual(new Set(lies), new Set([false, "forged"]));
    assert.equal((await cli(["replay", path, "--keys", open])).code, 0);

    // It begins again above what it had reserved, and is nothing to the others until then.
    const before = readFileSync(store).readUInt32BE(0);
    await desk.reset("c", 200);
    const bus = desk.bus(["--keys", open]);
    const back = () => bus.records.findIndex(({ faulty }) => !faulty.includes(C));
    await bus.until(() => back() >= 0);
    bus.interrupt();
    const harmed = await bus.end();
    context.diagnostic(`c was reset: ${figuresOf(harmed)}`);
    assert.equal(harmed.code, 130, harmed.err);
    held(harmed, C);
    const { cycle } = harmed.records[back()]!;
    assert.ok(cycle >= before, `signs in cycle ${cycle}, and had reserved all before ${before}`);
    assert.ok(readFileSync(store).readUInt32BE(0) > before);
  });
});
