/** HEALTH.1 to HEALTH.7, by hand, by definition, and what lies just outside of what is promised. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createHealth, layoutOf } from "../../firmware/index.js";
import type { Health, Layout } from "../../firmware/index.js";
import { SIGNS, STATES } from "../../host/events/names.js";
import { watchOf } from "../../host/network/health.js";
import { createRandom, replay, runs, SEED } from "./random.js";
import { signOf, stateAfter } from "./naive-health.js";
import type { Rules, Vector } from "./naive-health.js";

const _ = undefined;

/** @param width of rows of bytes; 0: values are no rows */
const layoutBy = (boards: number, rules: Rules, width: number, origin: number): Layout => {
  const { traitors, ...file } = rules;
  const shape = { boards, traitors, width: width || 4, commander: -1, signature: 1 };
  return {
    ...layoutOf(shape, 0, false),
    ...watchOf({
      health: { ...file, ...(file.range ? { range: [...file.range] } : {}) } as never,
      first_cycle: origin, boards: [], value: width ? { bytes: width } : "f32",
    }, shape, false),
  };
};

/** A board that is told vectors. */
const watcher = (boards: number, rules: Rules, origin = 0, width = 0) => {
  const vector: unknown[] = [];
  const health: Health = createHealth(layoutBy(boards, rules, width, origin), vector);
  return {
    take(cycle: number, entries: readonly unknown[]) {
      entries.forEach((value, board) => {
        vector[board] = value;
      });
      return health.take(cycle);
    },
    states: () => Array.from(health.states, (state) => STATES[state]!),
    signs: () => Array.from(health.signs, (sign) => SIGNS[sign]!),
  };
};

/** @returns what a watcher holds after each of these vectors */
const told = (rules: Rules, history: readonly Vector[]) => {
  const one = watcher(history[0]!.length, rules);
  return history.map((vector, cycle) => {
    one.take(cycle, vector);
    return { states: one.states(), signs: one.signs() };
  });
};

const PLAIN: Rules = { traitors: 1, permanent: 2, forget: 3 };

describe("a sign", () => {
  const signs = (rules: Rules, ...history: Vector[]) => told(rules, history).at(-1)!.signs;

  test("HEALTH.1 is that there is no entry", () => {
    assert.deepEqual(signs(PLAIN, [5, 5, _, 5]), ["none", "none", "absent", "none"]);
    assert.deepEqual(signs({ ...PLAIN, tolerance: 1, range: [9, 9] }, [_, _, _, _]),
      ["absent", "absent", "absent", "absent"]);
  });

  test("HEALTH.2 is an entry out of range, whose ends are in it", () => {
    assert.deepEqual(signs({ ...PLAIN, range: [3, 5] }, [2, 3, 5, 6]),
      ["range", "none", "none", "range"]);
    assert.deepEqual(signs({ ...PLAIN, range: [0, 0] }, [0, 1, 0, 0]),
      ["none", "range", "none", "none"]);
  });

  test("HEALTH.3 is another value than the majority's", () => {
    assert.deepEqual(signs(PLAIN, [5, 5, 7, 5]), ["none", "none", "dissent", "none"]);
    assert.deepEqual(signs(PLAIN, [7, 5, 5, _]), ["dissent", "none", "none", "absent"]);
    assert.deepEqual(signs(PLAIN, [5, 7, 7, 5]), ["none", "none", "none", "none"], "half of them");
    assert.deepEqual(signs(PLAIN, [5, _, _, 7]), ["none", "absent", "absent", "none"]);
    assert.deepEqual(signs(PLAIN, [1, 2, 3, 3, 3]),
      ["dissent", "dissent", "none", "none", "none"], "the first ones are outvoted");
  });

  test("HEALTH.3 is an entry farther than the tolerance from the median", () => {
    const rules = { ...PLAIN, tolerance: 2 };
    assert.deepEqual(signs(rules, [10, 12, 13, 7]), ["none", "none", "dissent", "dissent"]);
    assert.deepEqual(signs(rules, [10, 12, 8, 10]), ["none", "none", "none", "none"]);
    assert.deepEqual(signs({ ...PLAIN, tolerance: 0 }, [10, 11, _, 10]),
      ["none", "dissent", "absent", "none"]);
  });

  const STUCK = { ...PLAIN, stuck: 2, tolerance: 99 };

  test("HEALTH.4 is that a board has not moved while the others did", () => {
    const one = [[1, 1, 1, 9], [2, 2, 2, 9], [3, 3, 3, 9]];
    assert.deepEqual(signs(STUCK, ...one.slice(0, 2)), ["none", "none", "none", "none"]);
    assert.deepEqual(signs(STUCK, ...one), ["none", "none", "none", "stuck"]);
    assert.deepEqual(signs(STUCK, ...one, [3, 3, 3, 9]), ["none", "none", "none", "stuck"]);
    assert.deepEqual(signs(STUCK, ...one, [3, 3, 3, 8]), ["none", "none", "none", "none"]);
    assert.deepEqual(signs(STUCK, ...one, [4, 4, 4, _], [5, 5, 5, 9], [6, 6, 6, 9]),
      ["none", "none", "none", "none"], "it begins anew where it was ⊥");
  });

  test("HEALTH.4 asks for more than m others, and more than half of them", () => {
    const still = (boards: number, movers: number, cycles: number): Vector[] =>
      Array.from({ length: cycles }, (_v, cycle) =>
        Array.from({ length: boards }, (_w, board) => (board < movers ? cycle : 9)));
    assert.deepEqual(signs(STUCK, ...still(4, 1, 9)), ["none", "none", "none", "none"]);
    assert.deepEqual(signs(STUCK, ...still(4, 2, 9)), ["none", "none", "stuck", "stuck"]);
    assert.equal(signs(STUCK, ...still(7, 3, 9)).at(-1), "none");
    assert.equal(signs(STUCK, ...still(7, 4, 9)).at(-1), "stuck");
    assert.equal(signs({ ...STUCK, traitors: 4 }, ...still(7, 4, 9)).at(-1), "none");
  });

  test("HEALTH.1 to HEALTH.4: the first of several counts", () => {
    const rules = { ...PLAIN, stuck: 2, range: [0, 5] as const };
    const all = [[1, 1, 1, 1, 9], [2, 2, 2, 2, 9], [3, 3, 3, 3, 9], [4, 4, 4, 4, 9]];
    assert.equal(signs(rules, ...all).at(-1), "range");
    assert.equal(signs({ ...rules, range: [0, 9] }, ...all).at(-1), "dissent");
    assert.equal(signs({ ...rules, range: [0, 9], tolerance: 9 }, ...all).at(-1), "stuck");
  });

  for (const [name, width, values] of [
    ["truth values", 0, [true, false]], ["fractions", 0, [0.5, -0.5]],
    ["rows of bytes", 3, [Uint8Array.of(1, 2, 3), Uint8Array.of(1, 2, 4)]],
    ["rows of bytes, the first another", 2, [Uint8Array.of(1, 2), Uint8Array.of(0, 2)]],
  ] as const) {
    test(`HEALTH.3, HEALTH.4: of ${name}`, () => {
      const [one, other] = values as readonly [unknown, unknown];
      const rules = { ...PLAIN, stuck: 2 };
      const board = watcher(4, rules, 0, width);
      // Rows are lent: a board has one for each other, and writes over it.
      const cells = Array.from({ length: 4 }, () => new Uint8Array(width));
      const lend = (entries: readonly unknown[]) => (width ? entries.map((entry, at) => {
        cells[at]!.set(entry as Uint8Array);
        return cells[at]!;
      }) : entries);
      const history = [[one, one, one, one], [other, other, other, one], [one, one, one, one]];
      history.forEach((vector, cycle) => {
        board.take(cycle, lend(vector));
      });
      assert.deepEqual(board.signs(), ["none", "none", "none", "stuck"]);
      board.take(3, lend([other, other, other, one]));
      assert.deepEqual(board.signs(), ["none", "none", "none", "dissent"]);
    });
  }
});

describe("a state", () => {
  const LETTERS: Readonly<Record<string, string>> =
    { trusted: ".", transient: "t", permanent: "P", watched: "w", unknown: "?" };
  const letters = (states: readonly string[]) => states.map((state) => LETTERS[state]).join("");
  const vectorOf = (sign: string): Vector => [5, 5, 5, sign === "x" ? _ : 5];
  /** Board 3 by its signs, one a cycle: `x` is one, `.` is none. */
  const after = (signs: string) =>
    letters(told(PLAIN, signs.split("").map(vectorOf)).map(({ states }) => states[3]!));

  test("HEALTH.5 adds 3 and takes away 1, and HEALTH.6 says what that is", () => {
    assert.equal(after("x...."), "ttt..");
    assert.equal(after("xx......."), "tPwwwww..");
    assert.equal(after("xx.x."), "tPwPw");
    assert.equal(after("x..x..x.x."), "ttttttttPw");
    assert.equal(after("x...x...x..."), "ttt.ttt.ttt.");
  });

  test("HEALTH.5 keeps a count between 0 and the worst", () => {
    assert.equal(after("......x..."), "......ttt.");
    assert.equal(after("xxxxx......."), "tPPPPwwwww..");
  });

  /** The same of a board that was told of the cycles `numbers` only. */
  const missing = (signs: string, numbers: readonly number[], origin = 0) => {
    const one = watcher(4, PLAIN, origin);
    return letters(numbers.map((number, at) => {
      one.take(number, vectorOf(signs[at]!));
      return one.states()[3]!;
    }));
  };

  test("HEALTH.7 is unknown where what was missed makes a difference", () => {
    assert.equal(missing("....", [0, 1, 2, 3]), "....");
    assert.equal(missing("...", [1, 2, 3]), "??.", "at most 3, then 2, 1, 0");
    assert.equal(missing(".......", [2, 3, 4, 5, 6, 7, 8]), "?????..");
    assert.equal(missing("....", [0, 2, 3, 4]), ".??.");
    assert.equal(missing("....", [0, 4, 5, 6]), ".???");
    assert.equal(missing("xx", [9, 10]), "?P", "permanent either way");
    assert.equal(missing("xx..", [0, 1, 3, 4]), "tPww", "watched either way");
    assert.equal(missing("xx..", [0, 1, 6, 8]), "tPw?", "not watched any more, perhaps");
    assert.equal(missing("....", [7, 8, 9, 10], 7), "....", "the very first has another number");
    assert.equal(missing("...", [8, 9, 10], 7), "??.");
  });

  test("HEALTH.7 holds where numbers begin anew, or run over", () => {
    assert.equal(missing("........", [5, 0, 1, 2, 3, 4, 5, 6]), "??????..");
    assert.equal(missing("..", [0xffffffff, 0], 0xffffffff), "..");
  });

  test("HEALTH.7 before the first cycle nothing is known", () => {
    assert.deepEqual(watcher(2, { ...PLAIN, traitors: 0 }).states(), ["unknown", "unknown"]);
  });

  test("HEALTH.8 says whether a state is another", () => {
    const one = watcher(4, PLAIN);
    const news = "..xx...x".split("").map((sign, cycle) => one.take(cycle, vectorOf(sign)));
    assert.deepEqual(news, [true, false, true, true, true, false, false, true]);
  });
});

/** Rules and histories in which all of it happens. */
const drawn = (random: () => number) => {
  const below = (count: number) => random() % count;
  const boards = 3 + below(5);
  const traitors = below((boards - 1) >> 1);
  const near = below(2) > 0;
  const rules: Rules = {
    traitors, permanent: 1 + below(4), forget: 1 + below(6),
    ...(near ? { tolerance: below(4) } : {}),
    ...(below(2) ? { range: [1 + below(2), 6 + below(3)] as const } : {}),
    ...(below(3) ? { stuck: 2 + below(4) } : {}),
  };
  // How often each board is ⊥, odd or still: some hardly ever, some nearly always.
  const habits = Array.from({ length: boards }, () => ({
    absent: below(8) ? 0 : below(100), odd: below(3) ? below(10) : below(100), still: below(100),
  }));
  const values = habits.map(() => 4);
  const history = Array.from({ length: 40 }, (): Vector => {
    const common = 2 + below(5);
    return habits.map(({ absent, odd, still }, board) => {
      if (below(100) < absent) return _;
      if (below(100) >= still) values[board] = below(100) < odd ? below(10) : common;
      return values[board];
    });
  });
  return { boards, rules, history };
};

const naive = ({ boards, rules, history }: ReturnType<typeof drawn>) => {
  const signs = Array.from({ length: boards }, (_v, board) =>
    history.map((_w, at) => signOf(history, at, board, rules)));
  return history.map((_v, at) => ({
    states: signs.map((of) => stateAfter(of.slice(0, at + 1), rules)),
    signs: signs.map((of) => of[at]!),
  }));
};

test("HEALTH.1 to HEALTH.6: as by definition, over a million vectors", (t) => {
  const random = createRandom(SEED);
  const seen = new Set<string>();
  for (let left = runs(t, 1_000_000, 20_000); left > 0; ) {
    const drawing = drawn(random);
    const expected = naive(drawing);
    assert.deepEqual(told(drawing.rules, drawing.history), expected,
      `${replay}: ${JSON.stringify(drawing)}`);
    for (const { states, signs } of expected) {
      for (const one of [...states, ...signs]) seen.add(one);
    }
    left -= drawing.history.length;
  }
  assert.equal(seen.size, 4 + 5, "every state and every sign was among them");
});

test("HEALTH.7: who missed cycles says the same as all others, or unknown", (t) => {
  const random = createRandom(SEED + 1);
  let [known, unknown] = [0, 0];
  for (let left = runs(t, 200_000, 10_000); left > 0; ) {
    const drawing = drawn(random);
    const all = told(drawing.rules, drawing.history);
    const one = watcher(drawing.boards, drawing.rules);
    let awake = random() % 2;
    for (const [cycle, vector] of drawing.history.entries()) {
      if (random() % 8 === 0) awake = 1 - awake;
      if (!awake) continue;
      one.take(cycle, vector);
      for (const [board, state] of one.states().entries()) {
        if (state === "unknown") unknown++;
        else {
          known++;
          assert.equal(state, all[cycle]!.states[board], `${replay}: ${JSON.stringify(drawing)}`);
        }
      }
    }
    left -= drawing.history.length;
  }
  assert.ok(known > unknown && unknown > 1000, `${known} known, ${unknown} unknown`);
});

describe("what is promised of health, and what is not", () => {
  test("Health 2: after permanent * forget + 1 good cycles nothing is unknown", () => {
    const rules = { ...PLAIN, stuck: 2 };
    const hold = (cycles: number) => {
      const one = watcher(4, rules);
      for (let at = 50; at < 50 + cycles; at++) one.take(at, [at, at, at, at]);
      return one.states();
    };
    assert.deepEqual(hold(7), ["trusted", "trusted", "trusted", "trusted"]);
    assert.deepEqual(hold(5), ["unknown", "unknown", "unknown", "unknown"]);
  });

  test("Health 3: no lie makes a correct board permanent", (t) => {
    const random = createRandom(SEED + 2);
    for (let left = runs(t, 20_000, 1000); left > 0; left--) {
      const traitors = 1 + (random() % 2);
      const boards = 2 * traitors + 1 + (random() % 4);
      const near = random() % 2 > 0;
      const rules: Rules = {
        traitors, permanent: 1, forget: 5, stuck: 2, range: [50, 200],
        ...(near ? { tolerance: 3 } : {}),
      };
      const liars = boards - traitors;
      const history = Array.from({ length: 20 }, (_v, cycle): Vector => {
        const common = 60 + 7 * (cycle % 10);
        return Array.from({ length: boards }, (_w, board) => {
          if (board < liars) return near ? common + (random() % 4) : common;
          // The worst are together, and often next to what is right.
          return random() % 3 ? common + (random() % 9) - 4 : random() % 2 ? _ : random() % 256;
        });
      });
      for (const { states } of told(rules, history)) {
        assert.deepEqual(states.slice(0, liars), Array.from({ length: liars }, () => "trusted"),
          `${replay}: ${JSON.stringify({ rules, history })}`);
      }
    }
  });

  test("Health 3 fails where more may lie than are correct, or sensors are farther apart", () => {
    const rules = { ...PLAIN, permanent: 1 };
    assert.equal(told(rules, [[5, 7, 7]]).at(-1)!.states[0], "permanent", "two liars of three");
    assert.equal(told({ ...rules, tolerance: 3 }, [[10, 14, 14, 14]]).at(-1)!.states[0],
      "permanent", "4 apart");
  });

  test("Health 4: a sign in so many cycles in a row is permanent, one fewer is not", () => {
    for (let permanent = 2; permanent < 6; permanent++) {
      const rules = { ...PLAIN, permanent };
      const lies = Array.from({ length: permanent }, (_v, at): Vector => [at, at, at, 99]);
      const last = told(rules, lies).map(({ states }) => states[3]);
      assert.equal(last.at(-1), "permanent");
      assert.equal(last.at(-2), "transient");
    }
  });

  test("who lies in relays only has a faultless entry", () => {
    const truth = [[5, 5, 5, 5], [6, 6, 6, 6]];
    assert.deepEqual(told(PLAIN, truth).at(-1)!.signs, ["none", "none", "none", "none"]);
  });
});
