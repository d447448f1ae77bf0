import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { bundle } from "../../host/bundle/bundle.js";
import { kindIds } from "../../host/network/kinds.js";
import { parseNetwork } from "../../host/network/network.js";
import { fitOf, memoryOf, planOf } from "../../host/plan/plan.js";
import { PRICES } from "../../host/plan/prices.js";
import { hashCosts, signingPlanOf } from "../../host/plan/signing.js";
import { madeFor } from "../examples.js";
import { networkOf } from "../topology/drive.js";
import { cli, contentOf, exampleOf, folder, jsonOf, linesOf } from "./harness.js";

interface Told {
  readonly rounds: readonly {
    readonly round: number;
    readonly beacon_bytes: number;
    readonly frame_bytes: number;
    readonly compute_us: number;
    readonly time_us: number;
  }[];
  readonly closing_us: number;
  readonly cycle_us: number;
  readonly period_us: number;
  readonly busiest_bytes: number;
  readonly busiest_us: number;
  readonly wire_share: number;
  readonly arena: readonly {
    readonly boards: readonly string[];
    readonly terms: readonly { readonly name: string; readonly bytes: number }[];
    readonly bytes: number;
  }[];
  readonly fits: readonly {
    readonly board: string;
    readonly compute: string;
    readonly bundle_bytes: number;
    readonly memory_bytes: number;
    readonly fits: boolean;
    readonly as: string | null;
  }[];
  readonly settings: readonly {
    readonly optimize: "size" | "balanced" | "speed";
    readonly bundle_bytes: number;
    readonly blocks: number;
    readonly fits: boolean;
    readonly cycle_us: number;
    readonly chosen: boolean;
  }[];
  readonly kinds: readonly {
    readonly kind: string;
    readonly fits: boolean;
    readonly reason: string;
  }[];
  readonly verdict: string;
}

/** Ten boards of a kind with as much memory as is asked for, in an arena of 425,425 bytes. */
const vast = {
  name: "vast", algorithm: "om", traitors: 3, value: { bytes: 64 }, decision: "majority",
  default: "00".repeat(64), baud: 921_600,
  boards: Array.from({ length: 10 }, (_, at) =>
    ({ name: `b${at}`, kind: "LINUX", path: "/dev/x" })),
};

const known = new Map<string, Told>();

const planned = async (name: string): Promise<Told> => {
  const before = known.get(name);
  if (before) return before;
  const { code, out } = await cli(["plan", exampleOf(name), "--json"]);
  assert.equal(code, 0);
  const told = jsonOf(out)[0] as unknown as Told;
  known.set(name, told);
  return told;
};

describe("tagma plan", () => {
  it("refuses an arena that Espruino cannot address, in the words of its bundle", async (t) => {
    const file = join(folder(t), "vast.json");
    writeFileSync(file, JSON.stringify(vast));
    const said = "425425 bytes of memory in one piece, Espruino can address 65535";
    const { code, out } = await cli(["plan", file, "--json"]);
    const [told] = jsonOf(out) as unknown as [Told];
    assert.deepEqual([code, told.verdict], [1, "does not fit"]);
    assert.equal(told.kinds.find(({ kind }) => kind === "LINUX")!.reason, said);
    const network = parseNetwork(vast, file);
    await assert.rejects(bundle(network, network.boards[0]!), ({ message }: Error) =>
      message.includes(`: ${said}; `));
  });

  it("tells the bytes of each round of (4,1), which can be derived by hand", async () => {
    const { rounds, busiest_bytes: busiest, busiest_us: wire, arena } = await planned("desk");
    // Seven bytes around a payload: 3 bytes, or a presence byte and 1 value, and then 3 values.
    assert.deepEqual(
      rounds.map(({ beacon_bytes: beacon, frame_bytes: frame }) => [beacon, frame]),
      [
        [10, 9],
        [7, 11],
      ],
    );
    assert.equal(busiest, 10 + 3 * 9 + 7 + 3 * 11 + 7);
    assert.equal(wire, Math.round((busiest * 10 * 1e6) / 115_200));
    const [{ terms, bytes }] = arena as [Told["arena"][0]];
    assert.deepEqual(terms.map((term) => [term.name, term.bytes]).slice(0, 2), [
      ["held", 2 + 4],
      ["heard", 4 * 4 + 5 * 4],
    ]);
    assert.equal(
      bytes,
      terms.reduce((sum, term) => sum + term.bytes, 0),
    );
  });

  it("tells what tags cost: bytes of each frame, keys, and the time to compute them", () => {
    const [plain, tagged] = [networkOf(4, 1), networkOf(4, 1, { auth: "mac", tag_bytes: 6 })];
    const [before, after] = [planOf(plain), planOf(tagged)];
    assert.deepEqual(after.rounds.map(({ frame }) => frame), [9 + 18, 11 + 18]);
    assert.equal(after.busiest, before.busiest + 2 * 3 * 18);
    const slower = (at: number) => after.rounds[at]!.compute[0]! - before.rounds[at]!.compute[0]!;
    // Three tags are made in round 1; in round 2 three are checked, and three are made.
    assert.ok(slower(0) > 0);
    assert.ok(slower(1) > 1.9 * slower(0));
    const terms = memoryOf(tagged, tagged.boards[0]!);
    const size = (name: string) => terms.find((term) => term.name === name)!.bytes;
    assert.equal(size("tags"), 4 * 32 + (64 + 14 + 4 + 18) + (64 + 32));
    assert.equal(size("heard"), 16);
    const { layout } = tagged.boards[0]!;
    assert.equal(terms.reduce((sum, { bytes }) => sum + bytes, 0), layout.memory + 2 * 9);
    assert.throws(() => networkOf(4, 1, { tag_bytes: 8 }), /tag_bytes: frames have no tags/);
    assert.throws(() => networkOf(4, 1, { auth: "mac", tag_bytes: 3 }), /tag_bytes/);
  });

  it("tells what signatures cost, to the byte, the hash and the bit", () => {
    const network = networkOf(3, 1, {
      algorithm: "sm", optimize: "speed", signatures: {
        trees: [{ lms: "LMS_SHA256_M24_H5", ots: "LMOTS_SHA256_N24_W4" }], reserve: 8,
      },
    });
    const plan = planOf(network);
    // n = 24, p = 51, h = 5: 4 + 12 + 24(1 + 51 + 5); one item, then two with one signature each.
    const signature = 1384;
    const [first, second] = [1 + 1 + signature, 1 + 2 * (1 + signature)];
    assert.deepEqual(plan.rounds.map(({ frame }) => frame), [8 + first, 8 + second]);
    // A leaf is 51 chains of 16, and two; a check at worst 51 of 15, two, the text, and five nodes.
    const [sign, check] = [51 * 16 + 2, 51 * 15 + 3 + 5];
    assert.deepEqual(hashCosts(network.boards[0]!.signing!),
      { sign, check, prepare: sign + 31, start: 32 * sign + 31 });
    const { made, madeMost, checked, records, cycles } = signingPlanOf(network)!;
    assert.deepEqual([made, madeMost, checked, records, cycles], [1, 1, 2, 2 / 8, 32]);
    // Of the first frame's content, 1,390 bytes, all but 46 are hashes: 86 words are tried. A
    // board that is idle is handed the first byte of the beacon alone, and another piece.
    assert.equal(4 + first, 1390);
    const tries = 1390 - 24 * (51 + 5) + 40;
    const price = PRICES.speed.signed;
    const instructions = price.beacon + price.beacon2 + price.open + price.send2 +
      price.sendByte2 * 1390 + price.try2 * tries + price.step2 * 1390 +
      price.hash * sign + 2 * price.piece2;
    const { speed } = network.boards[0]!.kind;
    assert.equal(plan.rounds[0]!.compute[0],
      Math.ceil((((1.1 * instructions) / speed) * 115_200) / 1e6));
  });

  it("tells what tags cost where SHA-256 is not native, to the bit", () => {
    const bare = networkOf(4, 1, { auth: "mac", tag_bytes: 16 });
    const [board] = bare.boards;
    const slow = {
      ...bare, boards: bare.boards.map((one) => ({
        ...one, kind: { ...board!.kind, native: { ...board!.kind.native, sha256: false } },
      })),
    };
    const differs = planOf(slow).rounds[0]!.compute[0]! - planOf(bare).rounds[0]!.compute[0]!;
    // Three tags of 2 + 2 blocks each.
    const us = (3 * 4 * 66_600_000) / board!.kind.speed;
    assert.ok(Math.abs(differs - (us * 115_200) / 1e6) <= 1);
  });

  it("adds up: rounds make the cycle, and the share is of what the cycle is given", async () => {
    for (const name of ["oven", "tank", "alarm"]) {
      const told = await planned(name);
      const sum = told.rounds.reduce((us, round) => us + round.time_us, told.closing_us);
      assert.ok(Math.abs(sum - told.cycle_us) <= told.rounds.length + 1);
      assert.ok(told.period_us >= told.cycle_us);
      assert.ok(Math.abs(told.wire_share - told.busiest_us / told.period_us) < 1e-4);
    }
  });

  it("shows what each optimize costs, and which is made", async () => {
    const { settings, fits, cycle_us: cycle } = await planned("desk");
    const desk = parseNetwork(contentOf("desk"), "desk");
    assert.deepEqual(settings.map((one) => one.optimize), ["size", "balanced", "speed"]);
    for (const { optimize, bundle_bytes: bytes, blocks, fits: fit, cycle_us: us } of settings) {
      const made = madeFor(optimize, desk);
      assert.equal(bytes, (await bundle(made, made.boards[0]!)).length);
      assert.equal(blocks, fitOf(desk, desk.boards[0]!, bytes).blocks);
      assert.equal(us, Math.round((planOf(made).needed * 1e6) / 115_200));
      assert.ok(fit);
    }
    const [chosen, ...others] = settings.filter((one) => one.chosen);
    assert.deepEqual([chosen!.optimize, others.length], ["speed", 0]);
    assert.equal(chosen!.bundle_bytes, fits[0]!.bundle_bytes);
    assert.equal(chosen!.cycle_us, cycle);
    // Of boards that do the same one bundle is made. The others' have a few bytes more or less.
    assert.deepEqual(fits.map((one) => one.as), [null, "a", "a", "a"]);
    for (const board of desk.boards) {
      const { length } = await bundle(desk, board);
      assert.ok(Math.abs(length - fits[board.number]!.bundle_bytes) <= 0.03 * length);
    }
  });

  it("says plainly which times are estimated and which come from the network file", async () => {
    const { fits } = await planned("oven");
    assert.equal(
      fits.find(({ board }) => board === "north")!.compute,
      "4000000 us, from the network file",
    );
    assert.match(
      fits.find(({ board }) => board === "core")!.compute,
      /^counted, at a speed of 62, a guess; tagma measure tells a board's own$/,
    );
  });

  it("says that a port which stays the console's fits no board, and where to go", () => {
    const boards = contentOf("desk").boards.map(({ name }) => ({ name, kind: "ESP32" }));
    const desk = parseNetwork({ ...contentOf("desk"), boards }, "desk");
    assert.deepEqual(desk.boards.map(({ port }) => port), boards.map(() => "Serial2"));
    const console = parseNetwork(
      { ...contentOf("desk"), boards: boards.map((one) => ({ ...one, port: "Serial1" })) }, "desk");
    assert.equal(fitOf(console, console.boards[0]!, 0).reason, "Serial1 is the console of ESP32, " +
      "which obeys whatever comes over it: take Serial2 or Serial3");
  });

  it("tells of every kind there is whether it would fit", async () => {
    const { kinds } = await planned("desk");
    assert.deepEqual(
      kinds.map(({ kind }) => kind),
      kindIds(),
    );
    assert.deepEqual(
      kinds.filter(({ fits }) => !fits).map(({ kind, reason }) => [kind, reason]),
      [["MICROBIT1", "has no E.CRC32"]],
    );
  });

  it("tells the same in words, with every term of the memory, on any terminal", async () => {
    const argv = ["plan", exampleOf("alarm")];
    const { out } = await cli(argv);
    for (const words of [
      "OM(1), button commands",
      "The busiest link carries",
      "memory of button, bytes",
      "memory of horn, lamp, gate, bytes",
      "held",
      "heard",
      "receive",
      "transmit",
      "routes",
      "in all",
      "fits: every board holds what it needs",
      "counted, at a speed of", "what bundles may be made for",
    ])
      assert.ok(out.includes(words), words);
    const { out: narrow } = await cli(argv, { columns: 80, env: { NO_COLOR: "1" } });
    for (const line of linesOf(narrow)) assert.ok(Array.from(line).length <= 80, line);
  });
});

describe("tagma boards and tagma schema", () => {
  it("lists every file in boards/, one a line", async () => {
    const { code, out } = await cli(["boards"]);
    assert.equal(code, 0);
    const files = readdirSync(new URL("../../boards/", import.meta.url))
      .filter((name) => /^[A-Z].*\.json$/.test(name))
      .map((name) => name.replace(".json", ""));
    assert.deepEqual(
      linesOf(out)
        .slice(1)
        .map((line) => line.split(" ")[0]!)
        .toSorted(),
      files.toSorted(),
    );
    assert.equal(jsonOf((await cli(["boards", "--json"])).out).length, files.length);
  });

  it("shows one", async () => {
    const { out } = await cli(["boards", "PICO_R1_3"], { columns: 60 });
    assert.match(out, /^PICO_R1_3: Espruino Pico\n/);
    for (const line of linesOf(out)) assert.ok(Array.from(line).length <= 60, line);
  });
});
