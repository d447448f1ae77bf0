/** Signed messages in the emulator: liars that sign, and boards that cannot. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Traitor } from "../../host/faults/asked.js";
import { parseNetwork } from "../../host/network/network.js";
import type { Network, NetworkFile } from "../../host/network/network.js";
import { unguarded } from "../core/brute.js";
import { SEED, createRandom, pick, replay, runs } from "../core/random.js";
import { HUB, TRANSPORTS, nameOf, networkOf, run } from "../topology/drive.js";
import type { Run } from "../topology/drive.js";
import { BEHAVIOURS, LINES, holds, traitor, valid } from "./held.js";

// Of all sets, these sign and check the fastest.
const TREE = { lms: "LMS_SHA256_M24_H5", ots: "LMOTS_SHA256_N24_W2" };

const signedOf = (
  boards: number, traitors: number, change: Partial<NetworkFile> = {},
): Network => networkOf(boards, traitors, {
  algorithm: "sm", signatures: { trees: [TREE], reserve: 2 }, ...change,
});

const THREE = signedOf(3, 1);
const FOUR = signedOf(4, 2);
const LIARS = BEHAVIOURS.filter(({ on }) => on === "liar");

const all = (name: string, boards: readonly number[]): Traitor[] =>
  boards.map((board) => traitor(name, board));

describe("with one faulty board of three", () => {
  for (const { name } of BEHAVIOURS) {
    test(`${name}: all holds, whichever board it is; ${replay}`, async (t) => {
      for (const { number: board } of THREE.boards) {
        const ran = await run({
          network: THREE, cycles: runs(t, 5, 4), seed: SEED + board,
          traitors: [traitor(name, board)],
        });
        holds(ran, nameOf(board));
        valid(ran, nameOf(board));
      }
    });
  }

  for (const { name } of LINES) {
    test(`${name} on a board's lines: only that board is faulty; ${replay}`, async (t) => {
      const board = SEED % 3;
      const ran = await run({
        network: THREE, cycles: runs(t, 8, 6), seed: SEED,
        lines: [{ name, board, probability: 0.3 }],
      });
      for (const { faulty } of ran.cycles) assert.deepEqual(faulty, [board]);
      holds(ran, name);
      valid(ran, name);
    });
  }

  test("oral messages are refused, and would not survive it", async () => {
    assert.throws(() => networkOf(3, 1), /3 cannot outvote 1 traitors, at least 4 can/);
    const { boards, ...rest } = networkOf(3, 0);
    const shape = { ...rest.shape, traitors: 1 };
    const oral: Network = {
      ...rest, shape, rounds: 2,
      boards: boards.map((board) => ({ ...board, layout: unguarded(shape, board.number, false) })),
    };
    for (const board of [0, 1, 2]) {
      const order = { cycles: 6, seed: SEED, readings: () => [50, 60, 70] };
      const traitors = [traitor("relay", board)];
      const { summary } = await run({ ...order, network: oral, traitors });
      assert.equal(summary.verdict, "broken");
      holds(await run({ ...order, network: THREE, traitors }), nameOf(board));
    }
  });
});

describe("with two faulty boards of four", () => {
  const random = createRandom(SEED ^ 0x79);
  for (const [at, one] of BEHAVIOURS.entries()) {
    // Liars with each liar, once; any other with one of them.
    const others = one.on === "liar" ? BEHAVIOURS.slice(at) : [LIARS[at % LIARS.length]!];
    test(`${one.name}, with ${others.map(({ name }) => name).join(", ")}; ${replay}`, async () => {
      for (const other of others) {
        const set = pick(random, 4, 2);
        const pair = FOUR.boards.map(({ number }) => number).filter((board) => (set >> board) & 1);
        const traitors = [one, other].map(({ name, parameter }, which) => ({
          name, board: pair[which]!,
          parameter: parameter && name !== "late" ? [0, 2] : parameter?.fallback ?? [],
        }));
        const seed = random();
        const ran = await run({ network: FOUR, cycles: 2, seed, traitors });
        const label = JSON.stringify({ traitors, seed });
        holds(ran, label);
        valid(ran, label);
      }
    });
  }
});

/** What a liar told whom in a round, as the trace names it. */
const toldIn = ({ frames }: Run, liar: number, round: number) =>
  frames.filter((frame) => frame.from === liar && frame.to !== HUB && frame.round === round)
    .toSorted((one, other) => one.cycle - other.cycle || one.to - other.to)
    .map(({ lie }) => lie);

describe("liars that sign", () => {
  const readings = () => [50, 60, 70];
  const ranWith = async (name: string, change: Partial<NetworkFile> = {}) =>
    run({ network: signedOf(3, 1, change), cycles: 2, readings, traitors: [traitor(name, 1)] });
  const entries = ({ cycles }: Run) => cycles.map(({ vectors }) => vectors[0]);

  test("equivocate: two orders, both truly signed, so that it is found out", async () => {
    const ran = await ranWith("equivocate");
    assert.deepEqual(toldIn(ran, 1, 1), [false, "double", false, "double"]);
    assert.deepEqual(toldIn(ran, 1, 2), [false, "forged", false, "forged"]);
    // Were one of them not genuine, all would hold the other.
    assert.deepEqual(entries(ran), [[50, null, 70], [50, null, 70]]);
  });

  test("collude, alone and with two trees: two orders, by one leaf", async () => {
    const ran = await ranWith("collude", { signatures: { trees: [TREE, TREE], reserve: 1 } });
    assert.deepEqual(entries(ran), [[50, null, 70], [50, null, 70]]);
  });

  test("relay: what it cannot sign is forged, and counts nowhere", async () => {
    const ran = await ranWith("relay");
    assert.deepEqual(toldIn(ran, 1, 1), [false, false, false, false]);
    assert.deepEqual(toldIn(ran, 1, 2), ["forged", "forged", "forged", "forged"]);
    assert.deepEqual(entries(ran), [[50, 60, 70], [50, 60, 70]]);
  });

  test("withhold: its own order it gives", async () => {
    const ran = await ranWith("withhold");
    assert.deepEqual(toldIn(ran, 1, 1), [false, false, false, false]);
    assert.deepEqual(toldIn(ran, 1, 2), ["withheld", "withheld", "withheld", "withheld"]);
    assert.deepEqual(entries(ran), [[50, 60, 70], [50, 60, 70]]);
  });

  test("split: knows every vote, and signs the contrary for half of them", async () => {
    const ran = await ranWith("split");
    assert.deepEqual(entries(ran), [[50, null, 70], [50, null, 70]]);
  });

  test("random: some are truly signed, some forged, some withheld", async () => {
    const traitors = [traitor("random", 1)];
    const ran = await run({ network: THREE, cycles: 12, seed: 3, traitors });
    const told = new Set([...toldIn(ran, 1, 1), ...toldIn(ran, 1, 2)]);
    assert.deepEqual(told, new Set([false, "double", "forged", "withheld"]));
  });

  test("the one commander: two orders, and all take the default", async () => {
    const ran = await ranWith("equivocate", { commander: "b", default: 9 });
    for (const { orders, vectors } of ran.cycles) {
      assert.deepEqual(orders, [9, null, 9]);
      assert.deepEqual(vectors[0], [null, null, null]);
    }
  });

  for (const [boards, traitors] of [[3, 1], [4, 2], [5, 3]] as const) {
    test(`collude: as many as are foreseen of ${boards}, late, and found out`, async () => {
      const liars = Array.from({ length: traitors }, (_, at) => at + 1);
      const ran = await run({
        network: signedOf(boards, traitors), cycles: 1, traitors: all("collude", liars),
      });
      holds(ran, "collude");
      // The second orders are shown to board 0 in this round, and it tells the others in the next.
      for (const liar of liars) {
        const doubled = toldIn(ran, liar, traitors).map((lie) => lie === "double");
        assert.equal(doubled[0], true);
        assert.equal(ran.cycles[0]!.vectors[0]![liar], null);
        assert.equal(ran.cycles[0]!.vectors[boards - 1]![liar], null);
      }
    });
  }
});

describe("with one faulty board too many", () => {
  test("two of three leave nobody to agree with", async () => {
    holds(await run({ network: THREE, cycles: 2, traitors: all("collude", [0, 1]) }), "alone");
  });

  for (const [boards, traitors] of [[4, 1], [5, 2]] as const) {
    test(`${traitors + 1} that collude part the correct of ${boards}, in each cycle`, async () => {
      const liars = Array.from({ length: traitors + 1 }, (_, at) => at + 1);
      const { summary, cycles } = await run({
        network: signedOf(boards, traitors), cycles: 2, traitors: all("collude", liars),
      });
      assert.equal(summary.agreement, 0);
      // Nobody can sign for the correct, however many lie.
      assert.equal(summary.validity, 2);
      for (const { vectors } of cycles) {
        assert.deepEqual(liars.map((liar) => vectors[0]![liar]), liars.map(() => null));
        assert.deepEqual(liars.map((liar) => vectors[boards - 1]![liar]), liars.map(() => 0));
      }
    });
  }
});

test(`faults on all lines, and a liar: the truth or ⊥; ${replay}`, async () => {
  for (const { name } of LIARS) {
    const ran = await run({
      network: THREE, cycles: 12, seed: SEED, traitors: [traitor(name, 2)],
      lines: LINES.map((line) => ({ name: line.name, board: -1, probability: 0.05 })),
    });
    assert.equal(ran.summary.truth, ran.summary.cycles, name);
    assert.ok(ran.summary.agreement < ran.summary.cycles, `${name}: nothing was lost`);
  }
});

test("both links carry the same, and another seed has other lies", async () => {
  const order = {
    network: FOUR, cycles: 2, traitors: [traitor("random", 1), traitor("split", 2)],
    lines: LINES.map(({ name }) => ({ name, board: -1, probability: 0.03 })),
  };
  const [one, other] = await Promise.all(
    TRANSPORTS.map(async (transport) => run({ ...order, transport })));
  assert.deepEqual(one!.events, other!.events);
  assert.notDeepEqual((await run({ ...order, seed: 2 })).events, one!.events);
});

describe("a board that was restarted", () => {
  const network = signedOf(3, 1, { signatures: { trees: [TREE], reserve: 4 } });
  for (const [stops, last] of [[0, 3], [2, 3], [3, 4], [4, 7]] as const) {
    test(`in cycle ${stops}: commands nothing to cycle ${last}, the end of its block`, async () => {
      for (const round of [1, 2]) {
        const ran = await run({
          network, cycles: 10, readings: () => [50, 60, 70],
          traitors: [{ board: 1, name: "restart", parameter: [stops, round] }],
        });
        holds(ran, "restarted");
        for (const { cycle, faulty, vectors } of ran.cycles) {
          const failing = cycle >= stops && cycle <= last;
          assert.deepEqual(faulty, failing ? [1] : []);
          // It did say its order in round 1 where it stopped later; and where it is back in a cycle
          // that begins a block, it can sign at once.
          const said = cycle === stops && round > 1;
          const able = !failing || said || (cycle > stops && cycle % 4 === 0);
          assert.deepEqual(vectors[0], [50, able ? 60 : null, 70], `cycle ${cycle}`);
        }
      }
    });
  }

  test("is as correct as ever without signatures: with no traitor foreseen", async () => {
    const ran = await run({
      network: signedOf(3, 0, { signatures: { trees: [TREE], reserve: 8 } }), cycles: 6,
      traitors: [traitor("restart", 1)],
    });
    assert.deepEqual(ran.cycles.map(({ faulty }) => faulty.length), [0, 0, 1, 1, 0, 0]);
  });
});

test("no cycle is run for which a board has no keys", async () => {
  const network = signedOf(4, 2);
  assert.equal(network.signing!.cycles, 4);
  const { cycles } = await run({ network, cycles: 4 });
  assert.deepEqual(cycles.map(({ validity }) => validity), [true, true, true, true]);
  await assert.rejects(run({ network, cycles: 5 }), /the last one has the number 4, .* at most 3/);
});

test("oral messages have no signatures", () => {
  const { file } = THREE;
  assert.throws(() => parseNetwork({ ...file, algorithm: "om" }, "x"), /signatures: oral messages/);
});
