/** Everything on the menu does what its help says, and the trace shows it. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { FrameEvent } from "../../host/events/events.js";
import { FAULTS } from "../../host/faults/registry.js";
import type { Readings } from "../../host/network/readings.js";
import { planOf } from "../../host/plan/plan.js";
import {
  arrived, BOARD, contrary, CYCLES, FOUR, halfOf, hex, keyOf, longestRound, othersUntouched,
  relayedAsHeard, SEED, show, someOf, told, touched,
} from "../emulate/shown.js";
import type { Shown } from "../emulate/shown.js";
import { naiveDecode, naiveExpected, naiveWord } from "../frame/naive-codec.js";
import { HUB, nameOf, networkOf, run } from "../topology/drive.js";
import type { Run } from "../topology/drive.js";

const LINES: Record<string, (shown: Shown) => void> = {
  drop(shown) {
    for (const { is } of touched(shown)) assert.equal(is.length < 2, true);
    const lost = someOf(shown, (_, is) => !is.some(arrived));
    for (const { was, is } of lost) {
      assert.deepEqual(is.map(({ fate }) => fate), ["lost"], keyOf(was));
      assert.equal(hex(is[0]!.bytes), hex(was.bytes));
    }
  },
  delay(shown) {
    // The opening beacon, whose time depends on nothing before it.
    const beacons = touched(shown).filter(({ was }) => was.from === HUB);
    const later = beacons.map(({ was, is }) => {
      const [one, ...more] = is.filter(arrived);
      assert.deepEqual(more, []);
      assert.equal(hex(one!.bytes), hex(was.bytes));
      return one!.t - was.t;
    });
    assert.equal(later.every((bits) => bits >= 0 && bits <= longestRound(shown)), true);
    assert.equal(later.some((bits) => bits > 0), true);
    assert.equal(later.some((bits) => bits === 0), true);
    othersUntouched(shown);
  },
  duplicate(shown) {
    const twice = someOf(shown, (_, is) => is.length > 1);
    for (const { was, is } of twice) {
      assert.equal(is.length, 2);
      for (const { bytes } of is) assert.equal(hex(bytes), hex(was.bytes));
      assert.equal(is[1]!.t - is[0]!.t, 10 * was.bytes.length);
      assert.deepEqual(is[0]!.fate, "heard");
      if (was.to === HUB) assert.notEqual(is[1]!.fate, "heard");
    }
    assert.equal(shown.ran.summary.verdict, "held");
    assert.equal(shown.ran.summary.counts[BOARD]!["duplicate"]! > 0, true);
  },
  reorder(shown) {
    othersUntouched(shown);
    let passed = 0;
    const down = touched(shown).filter(({ was, is }) =>
      was.to === BOARD && was.from !== HUB && is.length);
    for (const { was, is } of down) {
      const [one, ...more] = is.filter(arrived);
      assert.deepEqual(more, []);
      assert.equal(hex(one!.bytes), hex(was.bytes));
      if (one!.t === was.t) continue;
      assert.equal(one!.t, was.t + 10 * (was.bytes.length + 1));
      const behind = down.find((other) => other.was.cycle === was.cycle &&
        other.was.t === was.t + 10 * was.bytes.length);
      const overtook = behind?.is.filter(arrived).some(({ t }) => t < one!.t);
      if (overtook) passed++;
    }
    assert.ok(passed > 0, "no frame came after the one behind it");
  },
  truncate(shown) {
    const cut = someOf(shown, (was, is) => is[0]!.bytes.length < was.bytes.length);
    for (const { was, is } of cut) {
      assert.equal(is.length, 1);
      assert.equal(hex(is[0]!.bytes), hex(was.bytes.subarray(0, is[0]!.bytes.length)));
      assert.notEqual(is[0]!.fate, "heard");
    }
  },
  flip(shown) {
    const flipped = someOf(shown, (was, is) => hex(is[0]!.bytes) !== hex(was.bytes));
    for (const { was, is } of flipped) {
      assert.equal(is.length, 1);
      const wrong = [...is[0]!.bytes].map((byte, at) => byte ^ was.bytes[at]!).filter(Boolean);
      assert.equal(wrong.length, 1);
      assert.equal(Math.log2(wrong[0]!) % 1, 0);
      assert.notEqual(is[0]!.fate, "heard");
    }
  },
  noise(shown) {
    // Of what comes to the hub a trace has the frame that was accepted.
    const noisy = someOf(
      shown, (was, is) => is[0]!.bytes.length > was.bytes.length, [BOARD]);
    for (const { was, is } of noisy) {
      assert.equal(is.length, 1);
      const { bytes, fate } = is[0]!;
      assert.equal(bytes.length <= was.bytes.length + 16, true);
      assert.equal(hex(bytes.subarray(-was.bytes.length)), hex(was.bytes));
      assert.equal(fate, "heard");
    }
  },
};

const openedAt = ({ beacons }: Run, cycle: number, round: number): number =>
  beacons.find((one) => one.cycle === cycle && one.round === round)!.t;

const atHub = ({ frames }: Run) => frames.filter(({ from, to }) => from === BOARD && to === HUB);
const faultyIn = ({ cycles }: Run): number[][] => cycles.map(({ faulty }) => [...faulty]);

/** Whether (cycle, round) is before board 2 stops in round 2 of cycle 2; round 0 is the last. */
const before = ({ cycle, round }: FrameEvent): boolean => cycle < 2 || (cycle === 2 && round === 1);

const BOARDS: Record<string, (shown: Shown) => void> = {
  silent(shown) {
    assert.equal(atHub(shown.ran).length, 2 * CYCLES);
    assert.equal(atHub(shown.ran).every(({ fate }) => fate === "lost"), true);
    assert.equal(shown.ran.cycles.every(({ vectors }) => vectors[0]![BOARD] === null), true);
  },
  crash(shown) {
    for (const frame of shown.ran.frames.filter(({ from, to }) => from === BOARD || to === BOARD)) {
      assert.equal(frame.fate, before(frame) ? "heard" : "lost", keyOf(frame));
    }
    assert.deepEqual(
      faultyIn(shown.ran), shown.ran.cycles.map(({ cycle }) => (cycle < 2 ? [] : [BOARD])),
    );
    assert.deepEqual(
      shown.ran.cycles.map(({ vectors }) => vectors[0]![BOARD] === null),
      shown.ran.cycles.map(({ cycle }) => cycle > 2),
    );
  },
  restart(shown) {
    const { cycles, frames, summary } = shown.ran;
    for (const frame of frames.filter(({ from, to }) => from === BOARD || to === BOARD)) {
      const up = before(frame) || frame.cycle > 2;
      assert.equal(frame.fate, up ? "heard" : "lost", keyOf(frame));
    }
    assert.deepEqual(
      faultyIn(shown.ran), cycles.map(({ cycle }) => (cycle === 2 || cycle === 3 ? [BOARD] : [])),
    );
    for (const { cycle, vectors, inputs } of cycles.slice(4)) {
      for (const vector of vectors) assert.deepEqual(vector, inputs, `cycle ${cycle}`);
    }
    // It would have missed beacons if it had not begun anew.
    assert.deepEqual(Object.values(summary.counts[BOARD]!).filter(Boolean), []);
  },
  unplug(shown) {
    const { cycles, frames } = shown.ran;
    const away = (cycle: number) => cycle >= 2 && cycle < 5;
    for (const frame of frames.filter(({ from, to }) => from === BOARD || to === BOARD)) {
      assert.equal(frame.fate, away(frame.cycle) ? "lost" : "heard", keyOf(frame));
    }
    for (const { cycle, faulty, vectors, inputs } of cycles) {
      assert.deepEqual(faulty, away(cycle) ? [BOARD] : []);
      assert.deepEqual(vectors[0], away(cycle) ? inputs.with(BOARD, null) : inputs);
    }
  },
  stuck({ clean, ran }) {
    const first = clean.cycles[0]!.inputs;
    assert.equal(clean.cycles.some(({ inputs }) => inputs[BOARD] !== first[BOARD]), true);
    for (const [at, { inputs, vectors }] of ran.cycles.entries()) {
      assert.deepEqual(inputs, clean.cycles[at]!.inputs.with(BOARD, first[BOARD]!));
      assert.deepEqual(vectors[0], inputs);
    }
  },
  late(shown) {
    const plan = planOf(shown.network);
    const frames = atHub(shown.ran).filter(arrived);
    assert.equal(frames.length, 2 * CYCLES);
    for (const { t, cycle, round, fate } of frames) {
      const opened = openedAt(shown.ran, cycle, round);
      assert.equal(t, opened + plan.rounds[round - 1]!.deadline + 1);
      assert.equal(fate, "late");
    }
  },
  edge({ ran }) {
    const copies = ran.frames.filter(({ from, to }) => from === BOARD && to !== HUB);
    assert.equal(copies.length > 0, true);
    for (const { t, cycle, round, to, fate } of copies) {
      assert.equal(fate, halfOf(to) ? "late" : "heard");
      assert.equal(t > openedAt(ran, cycle, (round + 1) % 3), halfOf(to) === 1);
    }
  },
  stale({ clean, ran }) {
    const was = atHub(clean);
    for (const [at, { bytes, fate, lie }] of atHub(ran).entries()) {
      assert.equal(fate, at < 2 ? "lost" : "refused");
      if (at > 1) assert.equal(hex(bytes), hex(was[at - 2]!.bytes));
      assert.equal(lie, true);
    }
    assert.equal(ran.frames.some(({ from, to }) => from === BOARD && to !== HUB), false);
  },
  babble({ clean, ran }) {
    const was = atHub(clean);
    const expected = naiveExpected(FOUR.shape, BOARD, false);
    const claimed = new Set<string>();
    for (const [at, { bytes, fate, lie, round, cycle }] of atHub(ran).entries()) {
      assert.deepEqual({ fate, lie }, { fate: "refused", lie: true });
      const [one] = naiveDecode(naiveWord(FOUR.shape), expected, [...bytes]).heard;
      claimed.add(one ? String(one[0]! & 31) : "nobody");
      if (one) assert.deepEqual([one[0]! >> 5, one[1]], [round, cycle]);
      else assert.equal(bytes.length, 2 * was[at]!.bytes.length);
    }
    assert.deepEqual([...claimed].toSorted(), ["0", "1", "3", "nobody"]);
    assert.equal(ran.frames.some(({ from, to }) => from === BOARD && to !== HUB), false);
  },
};

const LIARS: Record<string, (shown: Shown) => void> = {
  equivocate(shown) {
    for (const { to, is, was, lie } of told(shown)) {
      assert.deepEqual(is, halfOf(to) ? contrary(was) : was);
      assert.equal(lie, halfOf(to) === 1);
    }
  },
  relay(shown) {
    for (const { round, is, was, lie } of told(shown)) {
      assert.deepEqual(is, round > 1 ? contrary(was) : was);
      assert.equal(lie, round > 1);
    }
    for (const { vectors, inputs } of shown.ran.cycles) {
      assert.equal(vectors[0]![BOARD], inputs[BOARD]);
    }
  },
  withhold(shown) {
    for (const { round, is, was, lie } of told(shown)) {
      assert.deepEqual(is, round > 1 ? was.map(() => null) : was);
      assert.equal(lie, round > 1);
    }
  },
  random(shown) {
    const words = told(shown);
    assert.ok(words.length < 2 * 3 * CYCLES, "it always says something");
    assert.equal(words.length > 2 * CYCLES, true);
    const lies = words.filter(({ is, was }) => is.join() !== was.join());
    assert.equal(lies.length > words.length / 2, true);
    assert.equal(lies.some(({ is }) => is.includes(null)), true);
    const [one, other] = [0, 1].map((to) =>
      words.filter((word) => word.to === to).map(({ is }) => is.join()).join());
    assert.notEqual(one, other);
  },
  collude(shown) {
    for (const { to, is } of told(shown)) assert.deepEqual(is, is.map(() => halfOf(to)));
  },
  copies(shown) {
    const others = [0, 1, 3];
    for (const { cycle, round, to, is, was } of told(shown)) {
      const half = halfOf(to);
      const { inputs } = shown.clean.cycles[cycle]!;
      // The second copy's sensor is another one; each has heard one half, and tells it so.
      assert.deepEqual(is, round === 1
        ? [half ? inputs[BOARD + 1] : inputs[BOARD]]
        : others.map((of, at) => (halfOf(of) === half ? was[at] : null)));
    }
  },
  split(shown) {
    const plan = planOf(shown.network);
    for (const { cycle, round, to, is, was, t } of told(shown)) {
      if (round > 1) continue;
      // Two correct boards show 7 and one 9; in odd cycles all show 7.
      assert.deepEqual(is, [halfOf(to) === 0 ? 7 : cycle & 1 ? was[0]! ^ 1 : 9]);
      const { deadline, frame } = plan.rounds[0]!;
      const whole = openedAt(shown.ran, cycle, 1) + deadline + 10 * frame;
      assert.ok(t >= whole, "it speaks before it knows every vote");
    }
  },
};

const votes: Readings = (cycle) => [7, cycle & 1 ? 7 : 9, 30, 7];

/** What the hub does is tested in hub-lies.test.ts. */
const AT_BOARDS = FAULTS.flatMap(({ on, ...fault }) => (on === "hub" ? [] : [{ on, ...fault }]));

test("everything on the menu is tested here", () => {
  assert.deepEqual(
    AT_BOARDS.map(({ on, name }) => `${on} ${name}`).toSorted(),
    [["line", LINES], ["board", BOARDS], ["liar", LIARS]].flatMap(([on, tests]) =>
      Object.keys(tests as object).map((name) => `${on as string} ${name}`)).toSorted(),
  );
});

for (const { name, help, on } of AT_BOARDS) {
  test(`${name}: ${help}`, async () => {
    const shown = await show(name, FOUR, name === "split" ? votes : undefined);
    const { summary, cycles } = shown.ran;
    assert.equal(summary.verdict, "held");
    if (!["crash", "restart", "unplug"].includes(name)) {
      assert.equal(cycles.every(({ faulty }) => faulty.join() === String(BOARD)), true);
    }
    relayedAsHeard(shown);
    ({ line: LINES, board: BOARDS, liar: LIARS })[on][name]!(shown);
  });
}

test("split: it waits for the slowest board, however fast it is itself", async () => {
  const network = networkOf(4, 1, {
    boards: [0, 0, 0, 4000].map((compute, at) =>
      ({ name: nameOf(at), kind: "EMULATED", compute_us: compute })),
  });
  const shown = await show("split", network, () => [7, 7, 30, 9]);
  const first = told(shown).filter(({ round }) => round === 1);
  assert.equal(first.length, 3 * CYCLES);
  // Without the slow board's vote, all correct ones that it knows say the same.
  for (const { to, is } of first) assert.deepEqual(is, [halfOf(to) ? 9 : 7]);
});

test("equivocate: of two receivers one is told otherwise, whoever commands", async () => {
  for (const [boards, traitors, liar, commander] of [
    [3, 0, 1, undefined], [4, 1, 2, "b"], [4, 1, 1, "a"],
  ] as const) {
    const network = networkOf(boards, traitors, commander ? { commander } : {});
    const ran = await run({
      network, cycles: 1, traitors: [{ board: liar, name: "equivocate", parameter: [] }],
    });
    const round = commander ? 2 : 1;
    const words = ran.frames.filter((frame) =>
      frame.from === liar && frame.to !== HUB && frame.round === round);
    assert.deepEqual(words.map(({ lie }) => lie), [false, true]);
  }
});

describe("liars together", () => {
  test("collude: two back the same false values", async () => {
    const network = networkOf(7, 2);
    const order = { network, cycles: 3, seed: SEED };
    const clean = await run(order);
    const ran = await run({
      ...order, traitors: [2, 5].map((board) => ({ board, name: "collude", parameter: [] })),
    });
    const shown = { network, clean, ran };
    for (const liar of [2, 5]) {
      const words = told(shown, liar).filter(({ round }) => round < 3);
      assert.equal(words.length, 2 * 6 * 3);
      for (const { to, is } of words) {
        assert.deepEqual(is, is.map(() => halfOf(to, [2, 5])));
      }
    }
    assert.equal(ran.summary.verdict, "held");
  });
});
