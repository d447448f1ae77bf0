import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { TestContext } from "node:test";
import { decodeItem, encodeItem, itemEnd } from "../../host/trace/cbor.js";
import type { CycleEvent, TraceEvent } from "../../host/trace/events.js";
import { cli, exampleOf, folder, jsonOf, linesOf } from "./harness.js";

const traceOf = async (context: TestContext, ...words: string[]) => {
  const path = join(folder(context), "t");
  const run = await cli([
    "emulate",
    exampleOf("desk"),
    "--link",
    "memory",
    "--json",
    "--trace",
    path,
    ...words,
  ]);
  return { path, run };
};

/** Changes cycles as they stand in a trace, as somebody would who wants it to look otherwise. */
const forge = (path: string, change: (event: CycleEvent) => TraceEvent): void => {
  let bytes: Uint8Array = readFileSync(path);
  const items: Uint8Array[] = [];
  while (bytes.length) {
    const end = itemEnd(bytes);
    const event = decodeItem(bytes.subarray(0, end)) as TraceEvent;
    items.push(encodeItem(event.e === "cycle" ? change(event) : event));
    bytes = bytes.subarray(end);
  }
  writeFileSync(path, Buffer.concat(items));
};

describe("tagma replay", () => {
  it("prints the same cycles as the run that was traced", async (context) => {
    const { path, run } = await traceOf(context, "--traitor", "c=random", "--seed", "3");
    const { code, out } = await cli(["replay", path, "--json"]);
    assert.equal(code, 0);
    assert.deepEqual(linesOf(out).slice(0, 10), linesOf(run.out).slice(0, 10));
    const { summary, cycles, seed, verdict, differences } = jsonOf(out)[10]!;
    assert.deepEqual(
      { summary, cycles, seed, verdict, differences },
      { summary: true, cycles: 10, seed: 3, verdict: "held", differences: [] },
    );
  });

  it("ends with 1 where it broke, and says where", async (context) => {
    const { path, run } = await traceOf(context, "--traitor", "a=split", "--traitor", "c=split");
    assert.equal(run.code, 1);
    const { code, out } = await cli(["replay", path]);
    assert.equal(code, 1);
    assert.match(out, /judged again: BROKEN first in cycle 0: agreement in \d+ of 10 cycles/);
  });

  it("does not believe what is stored", async (context) => {
    const { path } = await traceOf(context, "--traitor", "a=split", "--traitor", "c=split");
    forge(path, (event) => ({ ...event, agreement: true, validity: true }));
    const { code, out } = await cli(["replay", path]);
    assert.equal(code, 1);
    assert.match(
      out,
      /the trace contradicts itself: cycle 0: agreement: stored true, judged again false/,
    );
  });

  it("does not believe a verdict that is worse than what happened either", async (context) => {
    const { path } = await traceOf(context);
    forge(path, (event) => ({ ...event, agreement: false }));
    const { code, out } = await cli(["replay", path]);
    assert.equal(code, 1);
    assert.match(
      out,
      /the trace contradicts itself: cycle 0: agreement: stored false, judged again true/,
    );
  });

  it("shows one cycle with every frame, and draws it", async (context) => {
    const { path } = await traceOf(context, "--traitor", "c=equivocate");
    const svg = `${path}.svg`;
    const { code, out } = await cli(["replay", path, "--cycle", "3", "--svg", svg]);
    assert.equal(code, 0);
    assert.match(out, /round 2 opens/);
    assert.match(out, /round 1 of c +to b +heard, a lie/);
    // Four beacons of three kinds; in each of two rounds four frames up and twelve down.
    assert.equal(
      linesOf(out).filter((line) => / to (hub|a|b|c|d) /.test(line)).length,
      4 * 3 + 2 * 16,
    );
    assert.match(readFileSync(svg, "utf8"), /<title>desk, cycle 3<\/title>/);
  });

  it("refuses a trace whose end is missing", async (context) => {
    const { path } = await traceOf(context);
    const whole = readFileSync(path);
    for (const end of [whole.length - 1, Math.floor(whole.length / 2)]) {
      writeFileSync(path, whole.subarray(0, end));
      const { code, err } = await cli(["replay", path]);
      assert.equal(code, 2);
      assert.match(err, /^tagma: .*byte \d+: [^\n]*\n$/);
    }
  });
});
