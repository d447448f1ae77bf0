/** Traces of signed networks: their lies have names, and they are proven as any other. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { LIES, lieText } from "../../host/events/events.js";
import type { FrameEvent } from "../../host/events/events.js";
import type { Network } from "../../host/network/network.js";
import { firstChange, rejudge } from "../../host/replay/replay.js";
import { bytesOf, networkOf, read, run, traceOf } from "./runs.js";
import type { Run } from "./runs.js";

const three = (): Network => networkOf({
  algorithm: "sm",
  signatures: { trees: [{ lms: "LMS_SHA256_M24_H5", ots: "LMOTS_SHA256_N24_W2" }] },
}, "a b c", { kind: "EMULATED" });

const isFrame = (event: Run["events"][number]): event is FrameEvent => event.e === "frame";

const withLie = (one: Run, lie: unknown): Run => ({
  ...one,
  events: one.events.map((event) => (isFrame(event) ? { ...event, lie: lie as boolean } : event)),
});

test("is run again from its seed, signatures and lies and all", async () => {
  const traitors = ["c=random", "b=restart:1.2"];
  const one = await run({ network: three(), cycles: 3, traitors, faults: ["flip=0.05"] });
  const trace = traceOf(bytesOf(one));
  assert.equal(await firstChange(trace), -1);
  const changed = { ...one, header: { ...one.header, seed: 2 } };
  assert.ok(await firstChange(traceOf(bytesOf(changed))) >= 0);
});

test("is judged again, with a restarted board faulty until it can sign", async () => {
  const one = await run({ network: three(), cycles: 4, traitors: ["b=restart:0.1"] });
  for (const { differences, judged, stored } of rejudge(traceOf(bytesOf(one)))) {
    assert.deepEqual(differences, []);
    assert.deepEqual(stored.faulty, [1]);
    assert.equal(judged.validity, true);
  }
});

test("a lie is one that there is, and only of signed messages has it a name", async () => {
  const signed = await run({ network: three(), cycles: 1, traitors: ["b=equivocate"] });
  const oral = await run({ cycles: 1, traitors: ["b=equivocate"] });
  for (const lie of [...LIES, true, false]) {
    assert.equal(read(bytesOf(withLie(signed, lie))).events.length, signed.events.length);
  }
  for (const lie of ["white", 0, null]) {
    assert.throws(() => read(bytesOf(withLie(signed, lie))),
      /lie: .* must be true, false, hub, double, forged, withheld/);
  }
  assert.throws(
    () => read(bytesOf(withLie(oral, "double"))), /lie: "double" must be true, false, hub/,
  );
  assert.deepEqual([...LIES, true, false].map(lieText),
    ["a double order", "a forged signature", "a withheld order", "a lie", ""]);
});
