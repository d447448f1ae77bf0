/** HEALTH.8: when a node looks at the health of all, and whom it tells. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createHealth, createNode, layoutOf, oral } from "../../firmware/index.js";
import { emulate, madeUp, parseNetwork, parseTraitors } from "../../host/index.js";
import type { CycleRecord } from "../../host/index.js";
import { watchOf } from "../../host/network/health.js";
import { hostType } from "../../host/base/values.js";
import { parseWindows } from "../../host/faults/windows.js";
import { bytesOf } from "./script.js";

const SHAPE = { boards: 4, traitors: 1, width: 1, commander: -1 };

const WHOLE = [0, 1, 2].flatMap((cycle) =>
  [`open ${cycle}`, `round 2 of ${cycle}`, `close ${cycle}`]);

/** A board that hears these beacons and nobody else, so that all others are absent. */
const lonely = (alarm: boolean, beacons = WHOLE) => {
  const layout = {
    ...layoutOf(SHAPE, 0, false),
    ...watchOf({ health: { permanent: 2 }, boards: [] }, SHAPE, alarm),
  };
  const happened: string[] = [];
  const node = createNode<number>(layout, {
    agree: oral(layout), type: hostType("u8").create(4) as never, fallback: 9,
    choose: () => 7,
    health: (vector) => createHealth(layout, vector),
    alarm(states) {
      happened.push(`alarm ${[...states].join("")}`);
    },
  }, {
    send: () => undefined, read: () => 5,
    act(order) {
      happened.push(`order ${order} ${[...node.health!].join("")} ${[...node.signs!].join("")}`);
    },
  });
  for (const line of beacons) node.receive(Uint8Array.from(bytesOf(SHAPE, line)));
  return happened;
};

test("HEALTH.8: the alarm is told where a state is another, and before the order", () => {
  assert.deepEqual(lonely(true), [
    "alarm 0111", "order 7 0111 0111", "alarm 0222", "order 7 0222 0111", "order 7 0222 0111",
  ]);
  assert.deepEqual(lonely(false), ["order 7 0111 0111", "order 7 0222 0111", "order 7 0222 0111"]);
});

test("HEALTH.7: a cycle is missed in which a beacon was: what it holds may be its own only", () => {
  const missing = (...lost: readonly string[]) =>
    lonely(true, WHOLE.filter((line) => !lost.includes(line)));
  const once = ["alarm 0111", "order 7 0111 0111"];
  const unsure = ["alarm 4444", "order 7 4444 0111"];
  assert.deepEqual(missing("round 2 of 1"), [...once, "order 7 0111 0111", ...unsure]);
  assert.deepEqual(missing("open 1"), [...once, "order 7 0111 0111", ...unsure]);
  // Without its end a cycle is no cycle to this board; the next one is whole.
  assert.deepEqual(missing("close 1"), [...once, ...unsure]);
  assert.deepEqual(missing("open 0"), [
    "order 7 4444 0000", "order 7 4444 0111", "alarm 4222", "order 7 4222 0111",
  ]);
});

test("HEALTH.7: who was without power in the middle of a cycle counts nothing of it", async () => {
  const network = parseNetwork({ ...BALLOTS, health: {} }, "test");
  for (const window of ["reset=a@2.1", "reset=a@2.2", "reset=a@2.3", "reset=a@2.4"]) {
    const { verdict } = await emulate({
      network, cycles: 9, seed: 132, readings: madeUp(network, 132), engine: "native",
      transport: "memory",
      troubles: { lines: [], traitors: [], windows: parseWindows(network, [window]) },
    });
    assert.equal(verdict, "held", window);
  }
});

const BALLOTS = {
  name: "n", algorithm: "lbp", traitors: 1, value: "u8", decision: "majority", default: 0,
  baud: 115200, health: { permanent: 3 },
  boards: ["a", "b", "c", "d"].map((name) => ({ name, kind: "EMULATED" })),
};

for (const mode of ["log", "once"]) {
  test(`HEALTH.1, HEALTH.8: ballots, ${mode}: who proposes nothing is absent`, async () => {
    const network = parseNetwork({ ...BALLOTS, mode }, "test");
    const cycles: CycleRecord[] = [];
    const { verdict, health } = await emulate({
      network, cycles: 4, seed: 1, readings: madeUp(network, 1), engine: "native",
      transport: "memory",
      troubles: { lines: [], traitors: parseTraitors(network, ["c=silent"]) },
      onCycle: (cycle) => void cycles.push(cycle),
    });
    assert.equal(verdict, "held");
    assert.deepEqual(cycles.map((cycle) => cycle.health![0]!.states[2]),
      ["transient", "transient", "permanent", "permanent"]);
    assert.equal(health!.signs[2], "absent");
  });
}
