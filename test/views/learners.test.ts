/** Networks with learners, emulated: LEARN.1 to LEARN.5 on every engine and wire. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { OWN_ENGINES } from "../../host/boards/board.js";
import type { Engine } from "../../host/boards/board.js";
import { compare } from "../../host/emulate/compare.js";
import { FAULTS, WIRE_FAULTS } from "../../host/faults/registry.js";
import { parseTraitors } from "../../host/faults/troubles.js";
import { createBallotOracle } from "../../host/judge/ballot-oracle.js";
import { parseNetwork } from "../../host/network/network.js";
import type { Network } from "../../host/network/network.js";
import { memoryOf, planOf } from "../../host/plan/plan.js";
import { contentOf } from "../cli/harness.js";
import { SEED, replay, runs } from "../core/random.js";
import { REVIEW, interpreter, judgedAgain, run } from "./drive.js";

if (!interpreter) process.stderr.write("NOT RUN: learners on Espruino: ESPRUINO is not set\n");

const LEARNERS = ["y", "z"];
const NAMES = ["a", "b", "c", "d", "e", "f", ...LEARNERS];

const networkOf = (changes: object = {}, names: readonly string[] = NAMES): Network =>
  parseNetwork({
    ...contentOf("desk"), algorithm: "fab", review: REVIEW, ...changes,
    boards: names.map((name) => ({
      name, kind: "EMULATED", ...(LEARNERS.includes(name) && { learner: true }),
    })),
  }, "fab");

const WIRED = { wiring: "wire" };
const KINDS: Readonly<Record<string, Network>> = {
  "a star": networkOf(),
  "stored promises": networkOf({ promises: "stored", keep: 2, tentative: true }),
  "once": networkOf({ mode: "once", meanwhile: "safe" }),
  "rows of bytes": networkOf({ value: { bytes: 3 }, default: "000000" }),
  "a shared wire": networkOf(WIRED),
  "a shared wire with a guardian": networkOf({ ...WIRED, guardian: true }),
  "watched boards": networkOf({ health: {}, suspect_cycles: 3 }),
};

describe("LEARN.3: a learner decides when the boards do", () => {
  for (const [name, network] of Object.entries(KINDS)) {
    it(`on engines alike: ${name}`, async (context) => {
      const { summary, records, hash, events } = await run(network, 9);
      const once = network.boards[0]!.layout.keep === 0;
      assert.equal(summary.verdict, "held");
      for (const { cycle, decisions } of records) {
        const some = cycle % REVIEW && (!once || cycle === 1) ? 1 : 0;
        assert.equal(decisions![0]!.length, some);
        for (const list of decisions!) assert.deepEqual(list, decisions![0]);
      }
      // It says nothing.
      assert.ok(events.every((event) => event.e !== "frame" || event.from < 6 || event.from > 7));
      const all = interpreter && name === "a star" ? [...OWN_ENGINES, "espruino"] : OWN_ENGINES;
      for (const engine of all) {
        const other = await run(network, 9, [], [], { engine: engine as Engine });
        assert.equal(other.hash, hash, engine);
      }
      judgedAgain(context, network, 9, events);
    });
  }

  it("and acts once, on what is decided, where boards act tentatively", async () => {
    const { records } = await run(KINDS["stored promises"]!, 9, ["a=split"]);
    assert.ok(records.some(({ tried }) => tried![1]!.length > 0));
    assert.ok(records.every(({ tried }) => !tried![6]!.length && !tried![7]!.length));
  });
});

describe("LEARN.1: a learner is no board of those that take part", () => {
  it("and has an entry nowhere", async () => {
    const { records } = await run(KINDS["watched boards"]!, 9);
    for (const { vectors, inputs, health, detected } of records) {
      assert.equal(vectors[6]!.length, 6);
      assert.ok(vectors[6]!.every((entry) => entry === null));
      assert.deepEqual(inputs.slice(6), [null, null]);
      assert.equal(health![0]!.states.length, 6);
      assert.deepEqual([health![6], detected![6]], [null, null]);
    }
  });

  it("and its bundle, its memory and its times are its own", () => {
    const [network, plain] = [KINDS["a star"]!, networkOf({}, NAMES.slice(0, 6))];
    const bytes = (of: Network, board: number) =>
      memoryOf(of, of.boards[board]!).reduce((sum, term) => sum + term.bytes, 0);
    assert.equal(bytes(network, 0), bytes(plain, 0));
    assert.ok(bytes(network, 6) < bytes(network, 0) / 2);
    // Its line brings what all six say, and so carries one frame a round more than theirs.
    const [one, other] = [planOf(network), planOf(plain)];
    assert.deepEqual(one.rounds.map(({ heard }) => heard), [6, 6, 6, 6]);
    assert.deepEqual(other.rounds.map(({ heard }) => heard), [5, 5, 5, 5]);
    assert.deepEqual(one.rounds.map(({ speakers }) => speakers), [6, 6, 6, 6]);
    // On a shared wire it has no slot.
    const [slots, wired] = ["a shared wire", "a shared wire with a guardian"].map((name) =>
      planOf(KINDS[name]!).rounds.map((round) => round.slots.map(({ board }) => board)));
    assert.deepEqual(slots, [1, 2, 3, 4].map(() => [0, 1, 2, 3, 4, 5]));
    assert.deepEqual(wired, slots);
  });

  it("and nothing is asked of it that a board without a line could not do", () => {
    for (const [network, kinds] of [
      [KINDS["a star"]!, FAULTS], [KINDS["a shared wire"]!, WIRE_FAULTS],
    ] as const) {
      for (const kind of kinds) {
        if (kind.on !== "board" && kind.on !== "liar") continue;
        const ask = () => parseTraitors(network, [`z=${kind.name}`]);
        if (kind.isDown) assert.equal(ask().length, 1);
        else {
          assert.throws(ask, {
            message: `--traitor: z=${kind.name}: z is a learner, which says nothing and so tells ` +
              "no lie, there are: crash, restart, unplug",
          });
        }
      }
    }
  });

  it("and other algorithms are compared without it", async () => {
    const fits: string[] = [];
    await compare(KINDS["a star"]!, 8, 1, (one) => {
      if (one.unfit === null) fits.push(one.algorithm);
      return Promise.resolve();
    });
    assert.ok(["om", "lfab", "pbft", "fab", "paxos"].every((name) => fits.includes(name)));
  });
});

describe("LEARN.5: whatever the boards and the lines do", () => {
  const star = FAULTS.filter(({ on }) => on === "board" || on === "liar");
  const wired = WIRE_FAULTS.filter(({ on }) => on === "board" || on === "liar");
  for (const [where, changes, kinds] of [
    ["a star", {}, star],
    ["a shared wire with a guardian", { ...WIRED, guardian: true }, wired],
  ] as const) {
    it(`a learner never decides otherwise, and goes on: ${where}`, async () => {
      const network = networkOf(changes);
      for (const { name } of kinds) {
        for (const failing of [["a"], ["c", "y=restart:5.1"]]) {
          const [board, ...more] = failing;
          const { summary } = await run(network, 17, [`${board}=${name}`, ...more]);
          assert.equal(summary.verdict, "held", `${board}=${name}`);
        }
      }
    });
  }

  it("also under windows, resets and liars, drawn at random", async (t) => {
    const many = runs(t, 400, 30);
    let asked = 0;
    for (let seed = SEED; seed < SEED + many; seed++) {
      const at = (of: number) => (seed * 2654435761 + of * 40503) >>> 9;
      const kind = [
        { mode: "once" }, { keep: 2 }, { keep: 3, promises: "stored" }, { promises: "stored" },
      ][at(1) % 4]!;
      const from = 1 + at(2) % 6;
      const windows = [
        `loss=0.${1 + at(3) % 5}@${from}-${from + at(4) % 8}`,
        `reset=${"abyz"[at(5) % 4]}@${1 + at(6) % 9}.${1 + at(7) % 5}`,
        ...(at(11) % 2 ? ["oneway=hub:y@4-8"] : ["partition=a,b,c,y/d,e,f,z@6-9"]),
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

  it("and one whose line is dead for longer than the log is kept skips, and says so", async () => {
    const { summary, records } = await run(KINDS["stored promises"]!, 17, ["y=unplug:1.11"]);
    assert.equal(summary.verdict, "held");
    assert.equal(summary.counts[6]!["skipped"], 7);
    assert.equal(summary.counts[7]!["skipped"], 0);
    assert.deepEqual(records[12]!.decisions![6]!.map(({ slot }) => slot), [7, 8]);
  });
});

describe("LEARN.5: the judge", () => {
  const law = { boards: 6, learners: 1, traitors: 1, log: true, proof: 4, review: REVIEW };
  const none = new Set<number>();
  const slot = [{ slot: 0, value: "1" }];
  /** Six boards decide slot 0 in cycle 1, and what the learner does in the review that follows. */
  const judged = (late: readonly object[], down = none, synchronous = true) => {
    const oracle = createBallotOracle(law, () => true);
    const close = (number: number, decisions: readonly (readonly object[])[], gone = none,
      good = true) => oracle.close({
      cycle: number, synchronous: good, faulty: none, down: gone, number,
      leaders: new Set(number === 1 ? [0] : []), decisions: decisions as never,
    });
    close(0, [[], [], [], [], [], [], []]);
    for (let board = 0; board < 6; board++) oracle.voted(board, 1, 0, "1");
    close(1, [slot, slot, slot, slot, slot, slot, []]);
    for (const number of [2, 3]) close(number, [[], [], [], [], [], [], []], none, false);
    return close(4, [[], [], [], [], [], [], late], down, synchronous);
  };

  it("asks for what F+1 boards knew, once the learner has heard a review", () => {
    assert.equal(judged(slot).cl2, true);
    assert.equal(judged([]).cl2, false);
  });

  it("and not of one that was without power, or where messages may be late", () => {
    assert.equal(judged([], new Set([6])).cl2, true);
    assert.equal(judged([], none, false).cl2, true);
  });

  it("sees a value that the boards did not decide", () => {
    assert.equal(judged([{ slot: 0, value: "2" }]).cs2, false);
    assert.equal(judged([{ slot: 5, value: "1" }]).cs3, false);
  });
});
