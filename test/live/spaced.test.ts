import assert from "node:assert/strict";
import { test } from "node:test";
import { HUB, START } from "../../firmware/index.js";
import { parseNetwork, planOf } from "../../host/index.js";
import { parseReadings } from "../../host/network/readings.js";
import { filledBy, roomOf } from "../../host/plan/input.js";
import { createWorld } from "./world.js";

/** The hub on real lines sends no more than boards hold that are as slow as planned. */

const NETWORK = parseNetwork({
  name: "ten", algorithm: "om", traitors: 3, value: "u16", decision: "median", default: 0,
  baud: 115_200, boards: Array.from({ length: 10 }, (_, at) =>
    ({ name: `b${at}`, kind: "ESPRUINOWIFI" })),
}, "ten");
const PLAN = planOf(NETWORK);
const READINGS = parseReadings(NETWORK, "1,2,3,4,5,6,7,8,9,10", "made up").readings;

/** Whoever writes, writes into a buffer that a slow board takes bytes out of. */
const createBuffer = () => {
  const { kind } = NETWORK.boards[0]!;
  const bits = (us: number) => (us * NETWORK.file.baud) / 1e6;
  let [line, free, rounds, most] = [0, 0, 0, 0];
  let held: { until: number; fill: number }[] = [];
  return {
    most: () => most,
    write(us: number, bytes: Uint8Array) {
      const { length } = bytes;
      line = Math.max(line, bits(us)) + 10 * length;
      const fill = filledBy(kind, length);
      held = held.filter(({ until }) => until > line);
      most = Math.max(most, fill + held.reduce((sum, one) => sum + one.fill, 0));
      // Words have two bytes: two of start, two of mask, and then the header.
      const starts = bytes[0] === START && bytes[1] === START;
      const beacon = starts && length > 4 && (bytes[4]! & 31) === HUB;
      const after = PLAN.rounds[rounds % 5];
      const { byte, frame } = PLAN.rounds[(rounds + 4) % 5]?.hearing[0] ?? { byte: 0, frame: 0 };
      held.push({ until: Math.max(free, line), fill });
      if (beacon) {
        rounds++;
        free = Math.max(free, line + (after?.compute[0] ?? PLAN.decide[0]!));
      } else free = Math.max(free, line) + length * byte + (length === 32 ? 0 : frame);
    },
  };
};

test("INPUT.4: on real lines no board is sent more than it can hold", async () => {
  assert.ok(PLAN.paced.every(Boolean));
  const world = createWorld(NETWORK, READINGS);
  const buffers = NETWORK.boards.map(createBuffer);
  const parts: number[] = [];
  const { places, clock } = world;
  places.forEach((place, at) => {
    const sent = place.sent as Uint8Array[];
    const push = sent.push.bind(sent);
    sent.push = (...bytes) => {
      for (const one of bytes) buffers[at]!.write(clock.now(), one);
      parts.push(...bytes.map(({ length }) => length));
      return push(...bytes);
    };
  });
  const summary = await world.run({ cycles: 2 });
  assert.equal(summary.agreement, 2);
  assert.equal(summary.verdict, "held");
  assert.ok(parts.every((length) => length < 200), "frames longer than a buffer come in parts");
  const most = Math.max(...buffers.map((buffer) => buffer.most()));
  assert.ok(most <= roomOf(NETWORK.boards[0]!.kind), `${most} bytes`);
});
