/** Paxos on every engine and wire, with what may go wrong; and what one lie does to it. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { OWN_ENGINES } from "../../host/boards/board.js";
import type { Engine } from "../../host/boards/board.js";
import { FAULTS, PLAYED_FAULTS, WIRE_FAULTS } from "../../host/faults/registry.js";
import type { Network } from "../../host/network/network.js";
import { cycleIn, planOf } from "../../host/plan/plan.js";
import { cli, folder } from "../cli/harness.js";
import { SEED, replay, runs } from "../core/random.js";
import { createForge } from "../live/forge.js";
import { createWorld, lying } from "../live/world.js";
import { REVIEW, interpreter, judgedAgain, networksOf, run } from "./drive.js";

if (!interpreter) process.stderr.write("NOT RUN: Paxos on Espruino: ESPRUINO is not set\n");

const networkOf = networksOf("paxos", "a b c");

const WIRED = { wiring: "wire" };
const KINDS: Readonly<Record<string, Network>> = {
  "a star": networkOf(),
  "stored promises": networkOf({ promises: "stored", keep: 2 }),
  "once": networkOf({ mode: "once", meanwhile: "safe" }),
  "once, stored promises": networkOf({ mode: "once", promises: "stored" }),
  "tags": networkOf({ auth: "mac" }),
  "a shared wire": networkOf(WIRED),
  "a shared wire with a guardian": networkOf({ ...WIRED, guardian: true }),
  "five boards": networkOf({ traitors: 2 }, "a b c d e"),
};

describe("PAX.1 to PAX.5 in the emulator", () => {
  for (const [name, network] of Object.entries(KINDS)) {
    it(`decides in each fast cycle, on engines alike: ${name}`, async (context) => {
      const { summary, decided, events } = await run(network, 9);
      const boards = network.boards.length;
      const once = network.boards[0]!.layout.keep === 0;
      assert.equal(summary.verdict, "held");
      assert.deepEqual(decided, [0, 1, 2, 3, 4, 5, 6, 7, 8].map((cycle) =>
        (cycle % REVIEW && (!once || cycle === 1) ? boards : 0)));
      // Without a log only the end of the second view asks for anything.
      assert.equal(summary.ballots!.asked, once ? 3 : 4);
      const all = interpreter && name === "a star" ? [...OWN_ENGINES, "espruino"] : OWN_ENGINES;
      for (const engine of all) {
        const other = await run(network, 9, [], [], { engine: engine as Engine });
        assert.deepEqual(other.events, events, engine);
      }
      judgedAgain(context, network, 9, events);
    });
  }

  it("goes on in the first view in time where the leader is gone", async () => {
    for (const traitor of ["c=silent", "c=crash:1.1", "c=restart:6.1"]) {
      const { decided, summary } = await run(KINDS["a star"]!, 16, [traitor]);
      assert.equal(summary.verdict, "held");
      assert.ok(decided.slice(9, 12).every((count) => count >= 2), traitor);
    }
  });

  it("brings on a board that others fed which are behind themselves, a review later", async () => {
    const network = networkOf({
      traitors: 2, value: "u8", review: 6, keep: 3, promises: "volatile", meanwhile: "safe",
    }, "a b c d e");
    const windows = ["oneway=hub:b@12-18", "ahead=b:1@13-20", "behind=d:6@7-14"];
    const { summary, records } = await run(network, 32, [], windows, { seed: 7123 });
    assert.equal(summary.verdict, "held");
    const slotsOf = (board: number, cycle: number) =>
      records[cycle]!.decisions![board]!.map(({ slot }) => slot);
    // In the review b skips to the others; d adopts of b's old claims, and skips in the next one.
    assert.deepEqual([slotsOf(1, 24), slotsOf(3, 24)], [[17, 18, 19], [8, 9]]);
    assert.deepEqual([25, 26, 27, 28, 29].flatMap((cycle) => slotsOf(3, cycle)), []);
    assert.deepEqual([slotsOf(3, 30), slotsOf(3, 31)], [[22, 23, 24], [25]]);
  });

  it("has a fast cycle of 72 bytes on the busiest link of three boards", () => {
    const network = KINDS["a star"]!;
    assert.equal(cycleIn(planOf(network), network, 1).busiest, 72);
    assert.equal(cycleIn(planOf(network), network, 0).busiest, 90);
  });
});

describe("CS1 to CL2 of Paxos", () => {
  const crashes = (kinds: typeof FAULTS) => kinds.filter(({ on }) => on === "board");
  for (const [where, changes, kinds] of [
    ["a star", {}, crashes(FAULTS)],
    ["a shared wire with a guardian", { ...WIRED, guardian: true }, crashes(WIRE_FAULTS)],
  ] as const) {
    it(`hold with every fault of a board that leads, and of one that does not: ${where}`,
      async () => {
        for (const { name } of kinds) {
          for (const board of ["a", "c"]) {
            const { summary } = await run(networkOf(changes), 17, [`${board}=${name}`]);
            assert.ok(summary.verdict !== "broken", `${board}=${name}`);
          }
        }
      });
  }

  it("hold with windows of every kind", async () => {
    for (const network of [
      networkOf({ mode: "once" }), networkOf({ keep: 2 }),
      networkOf({ keep: 4, promises: "stored" }), networkOf({ traitors: 2 }, "a b c d e"),
    ]) {
      for (const windows of [
        ["loss=0.3@2-9"], ["late=0.5@3-7"], ["oneway=a:b@1-6"], ["oneway=hub:a@1-6"],
        ["partition=a/b,c@2-9"], ["ahead=b:1@1-8"], ["behind=c:1@1-8"], ["echo=3@1-8"],
        ["reset=b@5", "reset=c@9", "reset=a@13.4"], ["stall=2@3-5"], ["jump=2@3", "jump=5@6"],
      ]) {
        const names = network.boards.length > 3
          ? windows.map((word) => word.replace("a/b,c", "a/b,c,d,e")) : windows;
        const { summary } = await run(network, 28, [], names);
        assert.equal(summary.verdict, "held", names.join());
        const { summary: gone } = await run(network, 28, ["c=silent"], names);
        assert.equal(gone.verdict, "held", names.join());
      }
    }
  });

  it("hold with a partition: more than half go on, and the others learn it after", async () => {
    const { decided, summary } = await run(networkOf(), 20, [], ["partition=a,b/c@4-11"]);
    assert.equal(summary.verdict, "held");
    assert.deepEqual(decided.slice(4, 12), [0, 2, 2, 2, 0, 2, 2, 2]);
    assert.ok(decided.slice(13, 16).every((count) => count === 3));
  });

  it("hold under random windows, resets and silence", async (t) => {
    const many = runs(t, 300, 20);
    let asked = 0;
    for (let seed = SEED; seed < SEED + many; seed++) {
      const at = (of: number) => (seed * 2654435761 + of * 40503) >>> 9;
      const kind = [{ mode: "once" }, { keep: 2 }, { keep: 3, promises: "stored" }][at(1) % 3]!;
      const from = 1 + at(2) % 6;
      const windows = [
        `loss=0.${1 + at(3) % 5}@${from}-${from + at(4) % 6}`,
        `reset=${"abc"[at(5) % 3]}@${1 + at(6) % 9}.${1 + at(7) % 4}`,
      ];
      const who = at(9) % 2 ? [`${"abc"[at(8) % 3]}=silent`] : [];
      const review = 2 + at(10) % 4;
      const { summary } = await run(
        networkOf({ ...kind, review }), 14 + 6 * review, who, windows, { seed });
      assert.equal(summary.verdict, "held", `seed ${seed}: ${windows.join(" ")} ${
        who.join()}; ${replay}`);
      asked += summary.ballots!.asked;
    }
    assert.ok(asked > many);
    t.diagnostic(`${many} runs, ${asked} cycles had to bring all on; ${replay}`);
  });
});

describe("a lie, which Paxos does not foresee", () => {
  it("is outside, and some lie of each kind of liar breaks it: PBFT holds beside it", async () => {
    const liars = FAULTS.filter(({ on }) => on === "liar");
    const broke: string[] = [];
    for (const { name } of liars) {
      for (const board of ["a", "c"]) {
        const { summary, records } = await run(KINDS["a star"]!, 24, [`${board}=${name}`]);
        assert.equal(summary.verdict, "not judged", `${board}=${name}`);
        assert.equal(summary.outside, 24);
        assert.ok(records.every(({ verdict }) => verdict === "outside"));
        if (summary.agreement < 24) broke.push(`${board}=${name}`);
        const pbft = networkOf({ algorithm: "pbft" }, "a b c d");
        const { summary: beside } = await run(pbft, 24, [`${board}=${name}`]);
        assert.equal(beside.verdict, "held", `${board}=${name}`);
      }
    }
    // A leader that tells each board another value; and a record that was made up.
    assert.ok(broke.includes("c=equivocate"), broke.join());
    assert.ok(broke.includes("a=random"), broke.join());
  });

  it("is told of by a run, which does not fail; signed, it is refused", async (context) => {
    const path = join(folder(context), "n.json");
    const { writeFileSync } = await import("node:fs");
    writeFileSync(path, JSON.stringify(KINDS["a star"]!.file));
    const { code, out, err } = await cli(
      ["emulate", path, "--cycles", "16", "--traitor", "c=equivocate"]);
    assert.equal(code, 0);
    assert.match(out + err, /outside of what is guaranteed: a board lies, and "algorithm": "p/);
    assert.match(out.replace(/\s+/g, " "),
      /outside: a board lied, and this algorithm .* some slot was decided in two ways/);
    assert.throws(() => networkOf({ signatures: { trees: [
      { lms: "LMS_SHA256_M24_H10", ots: "LMOTS_SHA256_N24_W4" }] } }), /boards that never lie/);
    assert.throws(() => networkOf({}, "a b"), /boards: 2 cannot do without 1 of them in views, at/);
    assert.throws(() => networkOf({ leader: "rotating" }), /has a leader of its own in each view/);
  });
});

describe("Paxos on real lines", () => {
  it("decides, and is judged again as it was", async (context) => {
    for (const changes of [{ keep: 3 }, { mode: "once" }, { promises: "stored" }]) {
      const network = networkOf(changes);
      for (const known of ["all", "wired"] as const) {
        const world = createWorld(network);
        const summary = await world.run({ cycles: 9, known });
        assert.deepEqual([summary.verdict, summary.outside], ["held", 0]);
        assert.deepEqual(summary.boards.map(({ odd }) => odd), [0, 0, 0]);
        judgedAgain(context, network, 9, world.events, true);
      }
    }
  });

  it("holds with a board that is restarted", async () => {
    for (const changes of [{ keep: 3, reserve: 2 }, { promises: "stored" }]) {
      for (const time of [1_150_000, 1_170_000]) {
        const world = createWorld(networkOf(changes));
        world.at(time, () => {
          world.places[1]!.restart();
        });
        const summary = await world.run({ cycles: 24 });
        assert.deepEqual([summary.verdict, summary.outside], ["held", 0]);
        assert.equal(summary.boards[1]!.odd, 0);
      }
    }
  });

  it("sees a lie, foreseen or not: all that comes after is outside", async () => {
    const network = networkOf();
    for (const { name } of PLAYED_FAULTS) {
      const world = createWorld(network);
      const summary = await world.run({ cycles: 12, troubles: lying(network, `c=${name}`) });
      assert.ok(summary.verdict !== "broken", name);
    }
    const world = createWorld(network);
    world.places[2]!.says = createForge(network, (said) => {
      if (said.round === 4) said.payload[1]! ^= 1;
    });
    const summary = await world.run({ cycles: 12 });
    assert.equal(summary.verdict, "held");
    assert.ok(summary.outside === 11 && summary.boards[2]!.odd > 0, String(summary.outside));
  });
});
