/** What a network file may say of the health of boards. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { memoryOf, parseNetwork } from "../../host/index.js";

const parse = (own: Record<string, unknown>, board: Record<string, unknown> = {}, boards = 4) =>
  parseNetwork({
    name: "n", algorithm: "om", traitors: 1, value: "u8", decision: "majority", default: 0,
    baud: 115200, ...own,
    boards: "abcdefg".slice(0, boards).split("").map((name) =>
      ({ name, kind: "PICO_R1_3", ...board })),
  }, "n.json");

const refused = (says: string, ...given: Parameters<typeof parse>) => {
  assert.throws(() => parse(...given), { name: "UsageError", message: `n.json: ${says}` });
};

test("HEALTH.1 to HEALTH.8: what is not told has a fallback", () => {
  const { layout } = parse({ health: {} }).boards[0]!;
  const { health, near, ranged, still, forget, worst, movers, origin, alarm } = layout;
  assert.deepEqual({ health, near, ranged, still, forget, worst, movers, origin, alarm }, {
    health: true, near: false, ranged: false, still: 0, forget: 16, worst: 64, movers: 1,
    origin: 0, alarm: false,
  });
  const bare = parse({}).boards[0]!;
  assert.deepEqual([bare.layout.health, memoryOf(parse({}), bare).some(({ name }) =>
    name === "health")], [false, false]);
});

test("what can watch nobody is refused, with what would be right", () => {
  refused("boards[0].alarm: nothing is watched, \"health\": {} would do so",
    {}, { alarm: { pin: "LED1" } });
  refused('health: only "a" has an entry, and there is none to compare it with: ' +
    "leave out commander", { health: {}, commander: "a" });
  refused("health.tolerance: needs numbers, and bool has none: leave it out",
    { health: { tolerance: 1 }, value: "bool", default: false });
  refused("health.range: needs numbers, and bytes has none: leave it out",
    { health: { range: [1, 2] }, value: { bytes: 2 }, default: "0000" });
  refused("health.range: [5, 4] has the most before the least", { health: { range: [5, 4] } });
  refused("health: permanent * forget is 255 * 129, it must be at most 32767",
    { health: { permanent: 255, forget: 129 } });
  const signed = { algorithm: "sm", traitors: 2, health: {},
    signatures: { trees: [{ lms: "LMS_SHA256_M24_H5", ots: "LMOTS_SHA256_N24_W4" }] } };
  refused("health: 2 of 4 boards may lie, and could outvote the others: at least 5 boards are " +
    "needed", signed);
  refused("health.stuck: 1 must be at least 2", { health: { stuck: 1 } });
  refused("health.range: 3 must be a list", { health: { range: 3 } });
});

test("an alarm's script is looked at when the file is read", () => {
  assert.throws(() => parse({ health: {} }, { alarm: { script: "let [a] = 1" } }),
    /n\.json: boards\[0\]\.alarm\.script: /);
  assert.throws(() => parse({ health: {} }, { alarm: { pin: "LED9" } }), /alarm\.pin/);
});
