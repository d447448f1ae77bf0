/** What a network file may say of its wires, and what a plan makes of them. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseNetwork, planOf } from "../../host/index.js";
import { wiringCosts } from "../../host/plan/rewired.js";
import { cli, contentOf, exampleOf } from "../cli/harness.js";

const kiln = contentOf("kiln") as { boards: object[] };
const pump = contentOf("pump") as { boards: object[] };

const refuses = (content: object, message: RegExp) => {
  assert.throws(() => parseNetwork(content, "file"), { name: "UsageError", message });
};

describe("the network file", () => {
  test("in a star has nothing that only a shared wire has", () => {
    const only = /: a star has none, only "wiring": "wire" has$/;
    refuses({ ...pump, guardian: true }, /^file: guardian: a star has none/);
    refuses({ ...pump, guardian: false }, only);
    refuses({ ...pump, wiring: "star", release_us: 5 }, /^file: release_us: a star has none/);
    const [one, ...boards] = pump.boards;
    refuses({ ...pump, boards: [one, { ...boards[0], enable: "B1" }, ...boards.slice(1)] },
      /^file: boards\[1\]\.enable: a star has none/);
    assert.equal(parseNetwork({ ...pump, wiring: "star" }, "file").wiring, undefined);
  });

  test("with a shared wire has no readings by wire, and pins only where there are some", () => {
    const [one, ...boards] = kiln.boards;
    refuses({ ...kiln, boards: [{ ...one, reading: "wire" }, ...boards] },
      /^file: boards\[0\]\.reading: "wire": readings have no room in beacons/);
    refuses({ ...kiln, boards: [{ ...one, kind: "LINUX" }, ...boards] },
      /^file: boards\[0\]\.enable: LINUX has no pins/);
    refuses({ ...kiln, boards: [{ ...one, enable: "process.exit()" }, ...boards] }, /enable/);
    refuses({ ...kiln, wiring: "ring" }, /wiring/);
  });

  test("WIRE.7: gives a driver the time that the slowest kind needs to begin its frame", () => {
    const release = (changes: object) =>
      parseNetwork({ ...kiln, ...changes }, "file").wiring!.releaseUs;
    const [one, ...boards] = kiln.boards;
    assert.equal(release({}), 1000);
    assert.equal(release({ boards: [{ ...one, kind: "PUCKJS" }, ...boards] }), 1613);
    assert.equal(release({ release_us: 910 }), 910);
    refuses({ ...kiln, release_us: 909 }, new RegExp('^file: release_us: 909, board "front", a ' +
      "PICO_R1_3, lets up to 910 us pass between .*: at least 910$"));
    // What turns itself round needs none of it.
    const adapters = kiln.boards.map((board) => ({ ...board, enable: undefined }));
    assert.equal(release({ boards: adapters }), 1000);
    assert.equal(release({ boards: adapters, release_us: 0 }), 0);
  });

  test("says of a guardian that beacons would be too long where they are", () => {
    // 30,000 bytes fit a frame as they are, and a beacon longer than that does as well.
    const large = { ...kiln, algorithm: "om", value: { bytes: 64 }, decision: "majority",
      default: "00".repeat(64), traitors: 3,
      boards: Array.from({ length: 10 }, (_, at) => ({ name: `b${at}`, kind: "EMULATED" })) };
    const { poll, overhead, payloads } = parseNetwork(large, "file").boards[0]!.layout;
    assert.ok(9 * (overhead + poll) > 10 * (overhead + payloads[4]!));
  });
});

describe("WIRE.7: the plan", () => {
  test("knows both wirings, and what each costs", () => {
    const [star, wire, guarded] = wiringCosts(parseNetwork(pump, "file"));
    assert.deepEqual([star, wire, guarded].map((one) => [one!.wiring, one!.guardian, one!.bytes]),
      // Beacons 10 and 7 and 7, or 11 and 8 and 8, frames 9 and 11.
      [["star", false, 84], ["wire", false, 4 * (11 + 9) + 4 * (8 + 11) + 8],
        // 9 bits of 26 bytes are more than 10 of 11 and 116 for a release of a millisecond.
        ["wire", true, 4 * (26 + 9) + 4 * (26 + 11) + 26]]);
    for (const { bits, bytes } of [star!, wire!, guarded!]) assert.equal(bits, 10 * bytes);
    const same = wiringCosts(parseNetwork(kiln, "file"));
    assert.equal(same[2]!.needed, planOf(parseNetwork(kiln, "file")).needed);
  });

  test("leaves out what cannot be had", () => {
    const wired = { ...pump, boards: pump.boards.map((one) => ({ ...one, reading: "wire" })) };
    const costs = wiringCosts(parseNetwork(wired, "file"));
    assert.deepEqual(costs.map(({ wiring }) => wiring), ["star"]);
  });

  test("is told by tagma plan, in words and as JSON", async () => {
    const { code, out } = await cli(["plan", exampleOf("kiln")]);
    assert.equal(code, 0);
    assert.match(out, /The wire that all share carries 357 bytes in it/);
    assert.match(out, /A driver may stay enabled\s+for\s+1\.00* ms\s+beside its frame\./);
    assert.match(out, /star, busiest link +96 +960 /);
    assert.match(out, /shared wire, guardian +357 +3570 +[\d.]+ +this one/);
    const told = JSON.parse((await cli(["plan", exampleOf("kiln"), "--json"])).out) as {
      wiring: string; guardian: boolean; slots_us: number[][]; cycle_us: number; closing_us: number;
      wirings: { wiring: string; cycle_us: number }[];
    };
    assert.equal(told.wiring, "wire");
    assert.equal(told.wirings.length, 3);
    const slots = told.slots_us.reduce((sum, [first, other]) => sum + first! + 3 * other!, 0);
    assert.ok(Math.abs(slots + told.closing_us - told.cycle_us) < 10);
    const { out: star } = await cli(["plan", exampleOf("pump")]);
    assert.match(star, /star, busiest link +84 +840 +[\d.]+ +this one/);
  });
});

describe("tagma bus on a shared wire", () => {
  const words = ["bus", exampleOf("kiln"), "--port"];
  test("has one port, without a board before it", async () => {
    for (const ports of [["a=x", "--port", "b=y"], ["front=x"], ["x", "--port", "y"]]) {
      const { code, err } = await cli([...words, ...ports]);
      assert.equal(code, 2);
      assert.match(err, /all boards share one wire, so there is one port/);
    }
  });
  test("changes nothing that boards say", async () => {
    const { code, err } = await cli([...words, "x", "--traitor", "left=random"]);
    assert.equal(code, 2);
    assert.match(err, /nothing that boards say passes through the bus/);
  });
});
