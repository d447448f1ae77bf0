/** What holds with at most m faulty boards, what holds no matter what, and that more break it. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { TraceEvent } from "../../host/events/events.js";
import { FAULTS } from "../../host/faults/registry.js";
import type { Network } from "../../host/network/network.js";
import { SEED, createRandom, pick, replay, runs } from "../core/random.js";
import { BEHAVIOURS, LINES, holds, traitor, valid } from "../emulate/held.js";
import { nameOf, networkOf, run } from "../topology/drive.js";
import type { Order } from "../topology/drive.js";

const FOUR = networkOf(4, 1);
const SEVEN = networkOf(7, 2);

describe("with one faulty board of four", () => {
  for (const { name } of BEHAVIOURS) {
    test(`${name}: all holds, whichever board it is; ${replay}`, async (t) => {
      for (const { number: board } of FOUR.boards) {
        const order = { network: FOUR, cycles: runs(t, 100, 10), seed: SEED + board };
        const ran = await run({ ...order, traitors: [traitor(name, board)] });
        holds(ran, nameOf(board));
        valid(ran, nameOf(board));
      }
    });
  }

  for (const { name } of LINES) {
    test(`${name} on a board's lines: only that board is faulty; ${replay}`, async (t) => {
      for (const { number: board } of FOUR.boards) {
        const ran = await run({
          network: FOUR, cycles: runs(t, 100, 10), seed: SEED + board,
          lines: [{ name, board, probability: 0.3 }],
        });
        for (const { faulty } of ran.cycles) assert.deepEqual(faulty, [board]);
        holds(ran, nameOf(board));
        valid(ran, nameOf(board));
      }
    });
  }

  test(`a board that was restarted is correct again, whenever that was; ${replay}`, async () => {
    for (const { number: board } of FOUR.boards) {
      for (const round of [0, 1, 2]) {
        const parameter = [1, round];
        const ran = await run({
          network: FOUR, cycles: 8, seed: SEED, traitors: [{ name: "restart", board, parameter }],
        });
        holds(ran, nameOf(board));
        assert.equal(ran.cycles.some(({ faulty }) => faulty.includes(board)), true);
        for (const { cycle, faulty, vectors, inputs } of ran.cycles) {
          if (cycle < 3) continue;
          assert.deepEqual(faulty, []);
          assert.deepEqual(vectors[board], inputs, `cycle ${cycle}`);
        }
      }
    }
  });
});

test(`with two faulty boards of seven: any two behaviours; ${replay}`, async (t) => {
  const random = createRandom(SEED ^ 0x77);
  for (const one of BEHAVIOURS) {
    for (const other of BEHAVIOURS) {
      const set = pick(random, 7, 2);
      const pair = SEVEN.boards.map(({ number }) => number).filter((at) => (set >> at) & 1);
      const traitors = [one, other].map(({ name }, at) => traitor(name, pair[at]!));
      const seed = random();
      const ran = await run({ network: SEVEN, cycles: runs(t, 6, 4), seed, traitors });
      const label = JSON.stringify({ traitors, seed });
      holds(ran, label);
      valid(ran, label);
    }
  }
});

test(`with a liar and another board's bad lines, of seven; ${replay}`, async () => {
  const random = createRandom(SEED ^ 0x78);
  for (const line of LINES) {
    for (const liar of BEHAVIOURS.filter(({ on }) => on === "liar")) {
      const board = random() % 7;
      const order: Order = {
        network: SEVEN, cycles: 4, seed: random(), traitors: [traitor(liar.name, (board + 3) % 7)],
        lines: [{ name: line.name, board, probability: 0.3 }],
      };
      const ran = await run(order);
      holds(ran, `${liar.name}, ${line.name}`);
      valid(ran, `${liar.name}, ${line.name}`);
    }
  }
});

describe("with one faulty board too many", () => {
  const attack = async (network: Network, name: string, boards: readonly number[]) => {
    const ran = await run({
      network, cycles: 40, seed: SEED, traitors: boards.map((board) => traitor(name, board)),
    });
    const { summary, cycles } = ran;
    const first = cycles.find(({ agreement, validity }) => !agreement || !validity);
    assert.equal(summary.broken_cycle, first?.cycle ?? null);
    assert.equal(summary.verdict, first ? "broken" : "held");
    assert.equal(summary.agreement, cycles.filter(({ agreement }) => agreement).length);
    assert.equal(summary.validity, cycles.filter(({ validity }) => validity).length);
    return ran;
  };

  // Which of the liars manage it, however often they try.
  for (const name of ["equivocate", "random", "collude", "split"]) {
    for (const [network, boards] of [[FOUR, [1, 2]], [SEVEN, [1, 2, 4]]] as const) {
      test(`${network.boards.length} boards: ${boards.length} that ${name} break it`, async () => {
        const { summary } = await attack(network, name, boards);
        assert.equal(summary.verdict, "broken");
        assert.equal(summary.termination, summary.cycles);
      });
    }
  }

  test("agreement itself is lost, and the summary names the first such cycle", async () => {
    const { summary, cycles } = await attack(FOUR, "random", [1, 2]);
    assert.equal(summary.agreement < summary.cycles, true);
    const apart = cycles.find(({ agreement }) => !agreement)!;
    const [one, other] = apart.vectors.filter((vector) => vector !== null);
    assert.notDeepEqual(one, other);
  });

  test("a run that breaks late names that cycle", async () => {
    const { summary, cycles } = await run({
      network: FOUR, cycles: 9, seed: SEED,
      traitors: [1, 2, 3].map((board) => ({ name: "crash", board, parameter: [5, 1] })),
    });
    // Three that are silent are faulty, and the one that is left agrees with itself.
    assert.equal(summary.verdict, "held");
    assert.deepEqual(cycles[5]!.faulty, [1, 2, 3]);
    const lost = await run({
      network: FOUR, cycles: 9, seed: SEED,
      lines: [{ name: "drop", board: -1, probability: 0.004 }],
    });
    const first = lost.cycles.find(({ agreement, validity }) => !agreement || !validity)!;
    assert.ok(first.cycle > 0, "choose another seed or probability: the first cycle is broken");
    assert.equal(lost.summary.broken_cycle, first.cycle);
  });
});

describe("with faults on all lines", () => {
  for (const { name } of LINES) {
    test(`${name}: what is held of a correct board is the truth or ⊥; ${replay}`, async (t) => {
      let entries = 0;
      let nothing = 0;
      for (const network of [FOUR, SEVEN]) {
        for (const probability of [0.02, 0.3, 0.9]) {
          const ran = await run({
            network, cycles: runs(t, 30, 5), seed: SEED, lines: [{ name, board: -1, probability }],
          });
          assert.equal(ran.summary.truth, ran.summary.cycles, `with ${probability}`);
          for (const { inputs, vectors, faulty } of ran.cycles) {
            assert.deepEqual(faulty, []);
            for (const vector of vectors) {
              for (const [at, value] of (vector ?? []).entries()) {
                entries++;
                if (value === null) nothing++;
                else assert.equal(value, inputs[at]);
              }
            }
          }
        }
      }
      assert.equal(entries > 0, true);
      // Where frames are lost, some entries must be; and what only adds to frames loses none.
      if (name === "noise" || name === "duplicate") assert.equal(nothing, 0);
      else assert.ok(nothing > 0, "nothing was ever lost");
    });
  }

  test(`all at once, and a liar: the truth or ⊥; ${replay}`, async (t) => {
    for (const { name } of BEHAVIOURS) {
      const ran = await run({
        network: FOUR, cycles: runs(t, 40, 5), seed: SEED, traitors: [traitor(name, 3)],
        lines: LINES.map((line) => ({ name: line.name, board: -1, probability: 0.05 })),
      });
      assert.equal(ran.summary.truth, ran.summary.cycles, name);
      assert.ok(ran.summary.agreement < ran.summary.cycles, `${name}: nothing was lost`);
    }
  });

  test("what only adds to frames breaks nothing at all", async () => {
    for (const name of ["noise", "duplicate"]) {
      for (const network of [FOUR, SEVEN]) {
        holds(await run({
          network, cycles: 20, seed: SEED, lines: [{ name, board: -1, probability: 1 }],
        }), name);
      }
    }
  });
});

describe("a run", () => {
  const order: Order = {
    network: SEVEN, cycles: 5, traitors: [traitor("random", 1), traitor("babble", 5)],
    lines: LINES.map(({ name }) => ({ name, board: -1, probability: 0.03 })),
  };
  const eventsOf = async (change: Partial<Order>): Promise<readonly TraceEvent[]> =>
    (await run({ ...order, ...change })).events;

  test("is the same for the same seed, and another for another", async () => {
    const one = await eventsOf({ seed: 3 });
    assert.deepEqual(await eventsOf({ seed: 3 }), one);
    assert.notDeepEqual(await eventsOf({ seed: 4 }), one);
  });

  test("with the same readings still has other faults for another seed", async () => {
    const readings = () => [1, 2, 3, 4, 5, 6, 7];
    const fates = async (seed: number) => (await run({ ...order, seed, readings })).frames
      .map(({ fate, to }) => `${to} ${fate}`);
    assert.notDeepEqual(await fates(3), await fates(4));
  });

  for (const period of [undefined, 100]) {
    for (const { name, on } of FAULTS) {
      test(`goes forward in time: ${name}, period ${period ?? "none"}`, async () => {
        const network = networkOf(4, 1, period === undefined ? {} : { period_ms: period });
        const { events } = await run({
          network, cycles: 8, seed: SEED,
          traitors: on === "line" || on === "hub" ? [] : [traitor(name, 2)],
          lines: on === "line" || on === "hub"
            ? [{ name, board: -1, probability: 0.3 }]
            : [{ name: "delay", board: -1, probability: 0.3 }],
        });
        let now = 0;
        for (const event of events) {
          assert.ok(event.t >= now, `${event.e}, cycle ${event.cycle}: ${event.t} after ${now}`);
          now = event.t;
        }
      });
    }
  }
});
