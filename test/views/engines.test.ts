/** PBFT on every engine and wire, with what may go wrong; the same bytes everywhere. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { OWN_ENGINES } from "../../host/boards/board.js";
import type { Engine } from "../../host/boards/board.js";
import { FAULTS, WIRE_FAULTS } from "../../host/faults/registry.js";
import type { Network } from "../../host/network/network.js";
import { SEED, replay, runs } from "../core/random.js";
import { REVIEW, interpreter, networksOf, run } from "./drive.js";

if (!interpreter) process.stderr.write("NOT RUN: PBFT on Espruino: ESPRUINO is not set\n");

const networkOf = networksOf("pbft", "a b c d");

const WIRED = { wiring: "wire" };
const TREES = { trees: [{ lms: "LMS_SHA256_M24_H10", ots: "LMOTS_SHA256_N24_W4" }] };
const KINDS: Readonly<Record<string, Network>> = {
  "a star": networkOf(),
  "stored promises": networkOf({ promises: "stored", keep: 2 }),
  "once": networkOf({ mode: "once", meanwhile: "safe" }),
  "tags": networkOf({ auth: "mac" }),
  "signed records": networkOf({ signatures: TREES, keep: 2 }),
  "a shared wire": networkOf(WIRED),
  "a shared wire with a guardian": networkOf({ ...WIRED, guardian: true }),
  "seven boards": networkOf({ traitors: 2 }, "a b c d e f g"),
  "FaB": networkOf({ algorithm: "fab" }, "a b c d e f"),
  "FaB, once, stored promises": networkOf(
    { algorithm: "fab", mode: "once", promises: "stored" }, "a b c d e f"),
};

describe("PBFT.1 to PBFT.3, FAB.1, FAB.2 in the emulator", () => {
  for (const [name, network] of Object.entries(KINDS)) {
    it(`decides in each fast cycle, on engines alike: ${name}`, async () => {
      const { summary, decided, hash } = await run(network, 9);
      const boards = network.boards.length;
      const once = network.boards[0]!.layout.keep === 0;
      assert.equal(summary.verdict, "held");
      assert.deepEqual(decided, [0, 1, 2, 3, 4, 5, 6, 7, 8].map((cycle) =>
        (cycle % REVIEW && (!once || cycle === 1) ? boards : 0)));
      // Without a log nobody is asked for more in the second view.
      assert.equal(summary.ballots!.asked, once ? 2 : 4);
      const all = interpreter && name === "a star" ? [...OWN_ENGINES, "espruino"] : OWN_ENGINES;
      for (const engine of network.signing ? [] : all) {
        const other = await run(network, 9, [], [], { engine: engine as Engine });
        assert.equal(other.hash, hash, engine);
      }
    });
  }

  it("VIEW.4: a lying leader costs views, and another leads then", async () => {
    const { decided, summary, records } = await run(KINDS["a star"]!, 16, ["a=silent"]);
    assert.equal(summary.verdict, "held");
    // Board a leads a view, which is silence; it hears what the others decide in those that follow.
    assert.deepEqual(decided.slice(0, 9), [0, 0, 0, 0, 0, 4, 4, 4, 0]);
    assert.deepEqual(records.slice(0, 9).map(({ verdict }) => verdict === "held" ? 1 : 0),
      [0, 0, 0, 0, 0, 1, 1, 1, 0]);
    assert.equal(summary.ballots!.asked, 6);
  });
});

describe("CS1 to CL2 of PBFT", () => {
  const star = FAULTS.filter(({ on }) => on === "board" || on === "liar");
  const wired = WIRE_FAULTS.filter(({ on }) => on === "board" || on === "liar");
  for (const [where, changes, kinds] of [
    ["a star", {}, star],
    ["a shared wire with a guardian", { ...WIRED, guardian: true }, wired],
  ] as const) {
    it(`hold with every fault of a board that leads, and of one that does not: ${where}`,
      async () => {
        const fab = networkOf({ ...changes, algorithm: "fab" }, "a b c d e f");
        for (const { name } of kinds) {
          for (const network of [networkOf(changes), fab]) {
            for (const board of ["a", "c"]) {
              const { summary } = await run(network, 17, [`${board}=${name}`]);
              assert.equal(summary.verdict, "held", `${board}=${name}`);
            }
          }
        }
      });
  }

  it("hold with windows of every kind", async () => {
    const fab = networkOf({ algorithm: "fab" }, "a b c d e f");
    for (const network of [
      networkOf({ mode: "once" }), networkOf({ keep: 2 }),
      networkOf({ keep: 4, promises: "stored" }), fab,
    ]) {
      for (const windows of [
        ["loss=0.3@2-9"], ["late=0.5@3-7"], ["oneway=a:b@1-6"], ["oneway=hub:a@1-6"],
        ["partition=a,b/c,d@2-9"], ["ahead=b:1@1-8"], ["behind=c:1@1-8"], ["echo=3@1-8"],
        ["reset=b@5", "reset=c@9", "reset=a@13.4"], ["stall=2@3-5"], ["jump=2@3", "jump=5@6"],
      ]) {
        const { summary } = await run(network, 28, [], windows);
        assert.equal(summary.verdict, "held", windows.join());
        const { summary: lied } = await run(network, 28, ["d=random"], windows);
        assert.equal(lied.verdict, "held", windows.join());
      }
    }
  });

  it("hold with a partition, in which nothing is decided, and go on after it", async () => {
    const { decided, summary } = await run(
      networkOf(), 20, [], ["partition=a,b/c,d@5-10"]);
    assert.equal(summary.verdict, "held");
    assert.deepEqual(decided.slice(5, 11), [0, 0, 0, 0, 0, 0]);
    assert.ok(decided.slice(13, 16).every((count) => count === 4));
  });

  it("hold under random windows, resets and liars", async (t) => {
    const many = runs(t, 200, 12);
    let asked = 0;
    for (let seed = SEED; seed < SEED + many; seed++) {
      const at = (of: number) => (seed * 2654435761 + of * 40503) >>> 9;
      const kind = [{ mode: "once" }, { keep: 2 }, { keep: 3, promises: "stored" }][at(1) % 3]!;
      const from = 1 + at(2) % 6;
      const windows = [
        `loss=0.${1 + at(3) % 5}@${from}-${from + at(4) % 6}`,
        `reset=${"abc"[at(5) % 3]}@${1 + at(6) % 9}.${1 + at(7) % 6}`,
      ];
      const liar = ["random", "equivocate", "split", "withhold", "silent", "relay"][at(8) % 6]!;
      const who = at(9) % 2 ? [`d=${liar}`] : [];
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
