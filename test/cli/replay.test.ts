import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { TestContext } from "node:test";
import { decodeItem, encodeItem, itemEnd } from "../../host/base/cbor.js";
import type { CycleEvent, TraceEvent } from "../../host/events/events.js";
import { cli, exampleOf, folder, jsonOf, linesOf } from "./harness.js";

const traceOf = async (context: TestContext, ...words: string[]) => {
  const path = join(folder(context), "t");
  const run = await cli([
    "emulate",
    exampleOf("desk"),
    "--transport",
    "memory",
    "--json",
    "--trace",
    path,
    ...words,
  ]);
  return { path, run };
};

/** Changes events as they stand in a trace, as somebody would who wants it to look otherwise. */
const forge = (path: string, change: (event: TraceEvent) => TraceEvent): void => {
  let bytes: Uint8Array = readFileSync(path);
  const items: Uint8Array[] = [];
  while (bytes.length) {
    const end = itemEnd(bytes);
    const event = decodeItem(bytes.subarray(0, end)) as TraceEvent;
    items.push(encodeItem(items.length ? change(event) : event));
    bytes = bytes.subarray(end);
  }
  writeFileSync(path, Buffer.concat(items));
};

const ofCycles = (change: (event: CycleEvent) => TraceEvent) => (event: TraceEvent): TraceEvent =>
  (event.e === "cycle" ? change(event) : event);

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
    forge(path, ofCycles((event) => ({ ...event, agreement: true, validity: true })));
    const { code, out } = await cli(["replay", path]);
    assert.equal(code, 1);
    assert.match(
      out,
      /the trace contradicts itself: cycle 0: agreement: stored true, judged again false/,
    );
  });

  it("does not believe a verdict that is worse than what happened either", async (context) => {
    const { path } = await traceOf(context);
    forge(path, ofCycles((event) => ({ ...event, agreement: false })));
    const { code, out } = await cli(["replay", path]);
    assert.equal(code, 1);
    assert.match(
      out,
      /the trace contradicts itself: cycle 0: agreement: stored false, judged again true/,
    );
  });

  it("does not believe frames that nobody sent, or orders that nobody chose", async (context) => {
    const { path } = await traceOf(context);
    const whole = readFileSync(path);
    const changes: Readonly<Record<string, (event: TraceEvent) => TraceEvent>> = {
      "frames": (event) =>
        (event.e === "frame" ? { ...event, bytes: Uint8Array.of(1, 2, 3) } : event),
      "vectors and orders alike": (event) => (event.e === "cycle" ? {
        ...event, inputs: event.inputs.map(() => 7), orders: event.orders.map(() => 7),
        vectors: event.vectors.map(() => event.inputs.map(() => 7)),
      } : event),
    };
    for (const [name, change] of Object.entries(changes)) {
      writeFileSync(path, whole);
      forge(path, change);
      const text = await cli(["replay", path]);
      assert.equal(text.code, 1, name);
      assert.match(text.out, /event \d+, in cycle 0, is another when it is run again from its/);
      const { code, out } = await cli(["replay", path, "--json"]);
      const { rerun, verdict, broken_cycle: broken, agreement } = jsonOf(out).at(-1)!;
      assert.deepEqual([code, rerun, verdict, broken, agreement], [1, "changed", "broken", 0, 10]);
    }
  });

  it("runs every trace again to the same end, whatever ran it first", async (context) => {
    for (const more of [
      ["--transport", "mock", "--faults", "duplicate=1"],
      ["--engine", "bundle", "--traitor", "b=late"],
    ]) {
      const { path } = await traceOf(context, "--cycles", "2", ...more);
      const { code, out } = await cli(["replay", path, "--json"]);
      assert.deepEqual([code, jsonOf(out).at(-1)!["rerun"]], [0, "same"], more.join(" "));
    }
  });

  it("runs a trace of signed messages again", async (context) => {
    const path = join(folder(context), "t");
    const run = ["emulate", exampleOf("three"), "--cycles", "2", "--traitor", "c=equivocate"];
    assert.equal((await cli([...run, "--trace", path])).code, 0);
    const { code, out } = await cli(["replay", path, "--json"]);
    assert.deepEqual([code, jsonOf(out).at(-1)!["rerun"]], [0, "same"]);
    forge(path, (event) => (event.e === "frame" && event.round === 2
      ? { ...event, bytes: event.bytes.map((byte) => byte ^ 1) }
      : event));
    assert.equal((await cli(["replay", path])).code, 1);
  });

  it("runs a script that comes with the trace only where it is asked to", async (context) => {
    const path = folder(context);
    const desk = JSON.parse(readFileSync(exampleOf("desk"), "utf8")) as object;
    const network = join(path, "n.json");
    const trace = join(path, "t");
    const script = "globalThis.ranHere = (globalThis.ranHere || 0) + 1, vector[0]";
    writeFileSync(network, JSON.stringify({ ...desk, decision: { script } }));
    assert.equal((await cli(["emulate", network, "--cycles", "2", "--trace", trace])).code, 0);
    const ran = globalThis as { ranHere?: number };
    ran.ranHere = 0;
    const first = await cli(["replay", trace]);
    assert.deepEqual([first.code, ran.ranHere], [0, 0]);
    assert.match(first.out, /^not run again, .* --rerun does$/m);
    const second = await cli(["replay", trace, "--rerun", "--json"]);
    assert.deepEqual([second.code, jsonOf(second.out).at(-1)!["rerun"]], [0, "same"]);
    // In a sandbox, from which nothing of this process can be reached.
    assert.equal(ran.ranHere, 0);
    delete ran.ranHere;
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
