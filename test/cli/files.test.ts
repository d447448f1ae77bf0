import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { TestContext } from "node:test";
import { cli, contentOf, filesIn, folder, refused } from "./harness.js";

/** Network files that are wrong: what is said of them, by every command that takes one. */

/** Fields by their paths, and what is put there; undefined: taken away. */
type Change = Readonly<Record<string, unknown>>;

const boardsOf = (count: number, kind: string) =>
  Array.from({ length: count }, (_, at) => ({ name: `b${at}`, kind }));

const changed = (name: string, change: Change): string => {
  const file = contentOf(name);
  for (const [path, value] of Object.entries(change)) {
    const keys = path.split(".");
    const last = keys.pop()!;
    let at: Record<string, unknown> = file;
    for (const key of keys) at = at[key] as Record<string, unknown>;
    at[last] = value;
  }
  return JSON.stringify(file);
};

const NETWORKS: readonly (readonly [string, Change, RegExp])[] = [
  ["unknown field", { guard: 1 }, /the file: "guard" is no field here, there are: .*guard_us/],
  ["unknown field of a board", { "boards.1.gaurd": 1 },
    /boards\[1\]: "gaurd" is no field here, there are: name, kind/],
  ["missing field", { baud: undefined }, /baud: is missing/],
  ["unknown kind", { "boards.2.kind": "PICO" },
    /boards\[2\]\.kind: board kind "PICO" is unknown, there are: .*PICO_R1_3/],
  ["a kind that cannot", { "boards.2.kind": "MICROBIT1" },
    /boards\[2\]\.kind: MICROBIT1 has no E\.CRC32/],
  ["n too small", { "boards.length": 3 }, /boards: 3 cannot outvote 1 traitors, at least 4 can/],
  ["m too large", { traitors: 2 }, /boards: 4 cannot outvote 2 traitors, at least 7 can/],
  ["m below 0", { traitors: -1 }, /traitors: -1 must be at least 0/],
  ["n too large", { boards: boardsOf(32, "EMULATED") }, /boards: 32 entries, must be at most 31/],
  ["n of 1", { "boards.length": 1 }, /boards: 1 entry, must be at least 2/],
  ["two of one name", { "boards.3.name": "b" },
    /boards\[3\]\.name: "b" is the name of boards\[1\] already, each needs its own/],
  ["a bad name", { "boards.3.name": "1 d" }, /boards\[3\]\.name: "1 d" must be a letter, then/],
  ["a port that is not there", { "boards.0.port": "Serial7" },
    /boards\[0\]\.port: "Serial7" is not on PICO_R1_3, there are: Serial1, Serial2/],
  ["default out of range", { default: 256 }, /default: 256 is not a whole number from 0 to 255/],
  ["default of no type", { default: null }, /default: null must be a value/],
  ["median of bool", { value: "bool", default: true, decision: "median" },
    /decision: "median" needs numbers, and bool has none; majority would do/],
  ["unknown decision", { decision: "media" },
    /decision: "media" must be "majority", "median", "midpoint", "unanimous" or \{"script": …\}/],
  ["unknown value", { value: "u9" }, /value: "u9" must be "bool", "u8", .* or \{"bytes": …\}/],
  ["too wide a value", { value: { bytes: 65 } }, /value\.bytes: 65 must be at most 64/],
  ["unknown reading", { "boards.0.reading": "wir" },
    /boards\[0\]\.reading: "wir" must be "wire", \{"pin": …\} or \{"script": …\}/],
  ["an empty reading", { "boards.0.reading": {} },
    /boards\[0\]\.reading: \{\} must be "wire", \{"pin": …\} or \{"script": …\}/],
  ["unknown field of a reading", { "boards.0.reading": { pin: "A0", scal: 2 } },
    /boards\[0\]\.reading: "scal" is no field here, there are: pin, mode, scale, offset/],
  ["a pin that is no text", { "boards.0.reading": { pin: 3 } },
    /boards\[0\]\.reading\.pin: 3 must be a text/],
  ["unknown order", { "boards.0.order": 3 },
    /boards\[0\]\.order: 3 must be \{"pin": …\} or \{"script": …\}/],
  ["a reading that is not JavaScript", { "boards.0.reading": { script: "1 +" } },
    /boards\[0\]\.reading\.script: is not JavaScript: /],
  ["an order that is not JavaScript", { "boards.0.order": { script: "if (" } },
    /boards\[0\]\.order\.script: is not JavaScript: /],
  ["a decision that is not JavaScript", { decision: { script: "vector[" } },
    /decision\.script: is not JavaScript: /],
  ["unknown commander", { commander: "z" }, /commander: "z" is no board, there are: a, b, c, d/],
  ["a baud rate that is a text", { baud: "fast" }, /baud: "fast" must be a number/],
  ["a baud rate that is too low", { baud: 50 }, /baud: 50 must be at least 300/],
  ["a period that is too short", { period_ms: 5 },
    /period_ms: 5 is shorter than a cycle takes, must be at least \d+\.\d+/],
  ["frames longer than any", { traitors: 6, boards: boardsOf(31, "LINUX") },
    /payload of \d+, it must be at most \d+/],
];

describe("a network file that is wrong is refused by every command that takes one", () => {
  for (const [what, change, said] of NETWORKS) {
    it(what, async (context) => {
      const path = folder(context);
      const name = join(path, "bad.json");
      writeFileSync(name, changed("pump", change));
      const where = new RegExp(`^tagma: ${name}: `);
      for (const argv of [
        ["emulate", name, "--trace", join(path, "t"), "--svg", join(path, "s")],
        ["plan", name],
        ["bundle", name, "--board", "a", "--out", join(path, "b")],
      ]) {
        await refused(argv, where);
        await refused(argv, said);
      }
      assert.deepEqual(filesIn(path), ["bad.json"]);
    });
  }
});

describe("what is no network file", () => {
  const commands = (name: string) => [
    ["emulate", name], ["plan", name], ["bundle", name, "--board", "a"],
  ];

  it("is missing", async () => {
    for (const argv of commands("no/such.json")) {
      await refused(argv, /no\/such\.json: cannot be read: there is no such file or folder/);
    }
  });

  it("is a folder", async (context) => {
    for (const argv of commands(folder(context))) {
      await refused(argv, /cannot be read: it is a folder/);
    }
  });

  it("is not JSON, or JSON of another kind", async (context) => {
    const name = join(folder(context), "bad.json");
    for (const [text, said] of [
      ["{", /bad\.json: is not JSON: /], ["", /bad\.json: is not JSON: /],
      ["[]", /bad\.json: the file: \[\] must be an object/],
      ["null", /bad\.json: the file: null must be an object/],
    ] as const) {
      writeFileSync(name, text);
      for (const argv of commands(name)) await refused(argv, said);
    }
  });
});

describe("an arena that is larger than the board", () => {
  const write = (context: TestContext): string => {
    const name = join(folder(context), "large.json");
    const boards = boardsOf(10, "ESP8266_BOARD");
    writeFileSync(name, changed("desk", { traitors: 3, value: "u32", boards }));
    return name;
  };

  it("is refused by emulate and bundle, with the number that would be right", async (context) => {
    const name = write(context);
    await refused(["emulate", name],
      /boards\[0\]: its arena of \d+ bytes is too large: needs \d+ blocks .* has 1700/);
    await refused(["bundle", name, "--board", "b1"],
      /boards\[1\]: needs \d+ blocks .* ESP8266_BOARD has 1700/);
  });

  it("is told by plan, which then ends with 1", async (context) => {
    const { code, out } = await cli(["plan", write(context)]);
    assert.equal(code, 1);
    assert.match(out, /DOES NOT FIT: b0: needs \d+ blocks of memory and ESP8266_BOARD has 1700/);
  });
});
