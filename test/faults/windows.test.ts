/** Windows without synchrony: what they do, what holds in them, and that all is well after them. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { UsageError } from "../../host/base/error.js";
import { OWN_ENGINES } from "../../host/boards/board.js";
import type { FrameEvent } from "../../host/events/events.js";
import { longestRound } from "../../host/faults/longest.js";
import { SYNCHRONY_FAULTS } from "../../host/faults/registry.js";
import { asynchronousIn, parseWindows } from "../../host/faults/windows.js";
import type { Window } from "../../host/faults/asked.js";
import { planOf } from "../../host/plan/plan.js";
import { SEED, createRandom, replay, runs } from "../core/random.js";
import { BEHAVIOURS, traitor } from "../emulate/held.js";
import { anyWindow, oneOf } from "../emulate/random.js";
import { hex, keyOf } from "../emulate/shown.js";
import { HUB, TRANSPORTS, networkOf, run, steady } from "../topology/drive.js";
import type { Order, Run } from "../topology/drive.js";

const FOUR = networkOf(4, 1);
const SEVEN = networkOf(7, 2);
const CYCLES = 6;

const windowsOf = (network: typeof FOUR, ...words: string[]) => parseWindows(network, words);
const go = async (words: readonly string[], change: Partial<Order> = {}): Promise<Run> => {
  const network = change.network ?? FOUR;
  return run({ network, cycles: CYCLES, windows: windowsOf(network, ...words), ...change });
};

const clean = await go([]);
const within = ({ cycle, round }: FrameEvent) => cycle === 2 && round === 2;
/** What each frame became, but for the window's own round. */
const outside = ({ frames }: Run) => frames.filter((frame) => !within(frame))
  .map((frame) => `${keyOf(frame)} ${hex(frame.bytes)} ${frame.fate}`);

describe("--async", () => {
  const moment = (word: string) => {
    const [{ from, to }] = windowsOf(FOUR, word) as [Window];
    return [...from, ...to];
  };

  test("takes a cycle, a round, and from one to another", () => {
    assert.deepEqual(moment("loss=1@3"), [3, 1, 3, 3]);
    assert.deepEqual(moment("loss=1@3.2"), [3, 2, 3, 2]);
    assert.deepEqual(moment("loss=1@3.3"), [3, 3, 3, 3]);
    assert.deepEqual(moment("loss=1@3-5"), [3, 1, 5, 3]);
    assert.deepEqual(moment("loss=1@3.2-5.1"), [3, 2, 5, 1]);
    assert.deepEqual(moment("loss=1@3.2-5"), [3, 2, 5, 3]);
    assert.deepEqual(moment("reset=a@3"), [3, 1, 3, 1]);
  });

  test("takes boards, groups and numbers", () => {
    const read = (word: string) => {
      const [{ amount, groups }] = windowsOf(FOUR, word) as [Window];
      return [amount, groups];
    };
    assert.deepEqual(read("late=0.25@1"), [0.25, []]);
    assert.deepEqual(read("oneway=a:c@1"), [0, [[0], [2]]]);
    assert.deepEqual(read("oneway=hub:c@1"), [0, [[HUB], [2]]]);
    assert.deepEqual(read("partition=a,b/c,d@1"), [0, [[0, 1], [2, 3]]]);
    assert.deepEqual(read("partition=b@1"), [0, [[1], [0, 2, 3]]]);
    assert.deepEqual(read("ahead=d:2@1"), [2, [[3]]]);
    assert.deepEqual(read("jump=1000@1"), [1000, []]);
  });

  for (const [word, said] of [
    ["loss", "must be NAME=WHAT@WHEN"], ["loss=0.1", "must be NAME=WHAT@WHEN"],
    ["loss=0.1@x", "must be NAME=WHAT@WHEN"], ["lose=0.1@1", '"lose" is unknown, there are: loss,'],
    ["loss=1.5@1", '"1.5" is no probability'], ["loss=@1", "must be NAME=WHAT@WHEN"],
    ["loss=1@1.4", "round 4 must be 1 to 2, or 3: the closing beacon"],
    ["loss=1@1.0", "round 0 must be 1 to 2"], ["loss=1@4-2", "it ends before it begins"],
    ["loss=1@4.2-4.1", "it ends before it begins"], ["oneway=a@1", '"a" must be BOARD:BOARD'],
    ["oneway=a:a@1", '"a:a" must be two ends, not one'],
    ["oneway=a:x@1", 'board "x" is not in the network, there are: a, b, c, d'],
    ["partition=a,b,c,d@1", "one group of all boards parts nobody"],
    ["partition=a,b/b,c@1", "board b is in two groups"],
    ["behind=a@1", '"a" must be BOARD:ROUNDS'], ["ahead=hub:1@1", 'board "hub" is not in'],
    ["behind=a:0@1", '"0" must be a whole number of rounds, 1 to 64'],
    ["stall=65@1", '"65" must be a whole number of rounds, 1 to 64'],
    ["jump=-1@1", '"-1" must be a whole number of cycles'],
    ["reset=a@1-2", "reset is at one time, @CYCLE or @CYCLE.ROUND"],
    ["jump=5@1-1.2", "jump is at one time"],
  ] as const) {
    test(`refuses ${word}: ${said}`, () => {
      assert.throws(() => windowsOf(FOUR, word), (thrown) => {
        assert.ok(thrown instanceof UsageError);
        const { message } = thrown;
        assert.equal(message.startsWith(`--async: "${word}": ${said}`), true, message);
        assert.equal(message.includes("\n"), false);
        return true;
      });
    });
  }

  test("programs are held to the same", async () => {
    const [good] = windowsOf(FOUR, "behind=a:2@1") as [Window];
    for (const change of [
      { name: "x" }, { amount: 0 }, { amount: 1.5 }, { groups: [] }, { groups: [[4]] },
      { from: [-1, 1] as const }, { to: [1, 4] as const }, { from: [3, 1] as const },
    ]) {
      await assert.rejects(
        run({ network: FOUR, windows: [{ ...good, ...change }] }),
        (thrown) => thrown instanceof UsageError &&
          thrown.message.startsWith("troubles.windows[0]: "),
        JSON.stringify(change),
      );
    }
  });

  test("numbers of cycles end where they do", async () => {
    await assert.rejects(
      go(["jump=4294967291@1"]), /^UsageError: cycles: the last one has the number 4294967296/);
    assert.equal((await go(["jump=4294967290@1"])).summary.verdict, "held");
  });
});

/** What is to be seen of each in cycle 2, mostly in its round 2. */
const SHOWN: Readonly<Record<string, () => Promise<void>>> = {
  async loss() {
    const lost = await go(["loss=1@2.2"]);
    assert.deepEqual(outside(lost).filter((text) => !/cycle 2 round 0/.test(text)),
      outside(clean).filter((text) => !/cycle 2 round 0/.test(text)));
    // Not even the beacon of round 2 arrives, and so nobody says anything.
    assert.deepEqual(lost.frames.filter(within).map(({ from, fate }) => `${from} ${fate}`),
      FOUR.boards.map(() => `${HUB} lost`));
  },
  async late() {
    const ran = await go(["late=1@2.2"]);
    const { period } = planOf(FOUR);
    for (const frame of ran.frames.filter(within)) {
      const was = clean.frames.find((one) => keyOf(one) === keyOf(frame))!;
      assert.equal(frame.from === HUB && frame.t > was.t && frame.t <= was.t + period, true);
    }
    assert.equal(ran.frames.filter(within).length > 0, true);
  },
  async oneway() {
    const ran = await go(["oneway=a:c@2.2"]);
    for (const frame of ran.frames) {
      const cut = within(frame) && frame.from === 0 && frame.to === 2;
      assert.equal(frame.fate, cut ? "lost" : "heard", keyOf(frame));
    }
    const deaf = await go(["oneway=hub:c@2.2"]);
    assert.deepEqual(deaf.frames.filter(({ fate }) => fate !== "heard").map(keyOf),
      [`cycle 2 round 2 from ${HUB} to 2`]);
    const mute = await go(["oneway=c:hub@2.2"]);
    assert.deepEqual(mute.frames.filter(({ fate }) => fate !== "heard").map(keyOf),
      [`cycle 2 round 2 from 2 to ${HUB}`]);
  },
  async partition() {
    const ran = await go(["partition=a,b/c,d@2.2"]);
    for (const frame of ran.frames) {
      const { from, to, fate } = frame;
      const cut = within(frame) && from !== HUB && to !== HUB && (from < 2) !== (to < 2);
      assert.equal(fate, cut ? "lost" : "heard", keyOf(frame));
    }
  },
  async ahead() {
    const ran = await go(["ahead=c:1@2"]);
    // Told at once, as round 2 opens, that the cycle is over; what it hears then is no more use.
    const closing = ran.frames.filter(({ cycle, round, from, to }) =>
      cycle === 2 && round === 0 && from === HUB && to === 2);
    assert.equal(closing.length, 2);
    assert.equal(closing[0]!.t < closing[1]!.t, true);
    assert.equal(ran.frames.some((frame) => within(frame) && frame.from === 2), false);
    const [, , cycle] = ran.cycles;
    const alone = cycle!.inputs.map((value, at) => (at === 2 ? value : null));
    assert.deepEqual(cycle!.vectors[2], alone);
  },
  async behind() {
    const ran = await go(["behind=c:1@2"]);
    const delay = longestRound(planOf(FOUR));
    const others = (one: Run) => one.frames.filter(({ cycle, from, to }) =>
      cycle === 2 && to === 2 && from !== 2);
    const when = new Map(others(clean).map((frame) => [keyOf(frame), frame.t]));
    for (const frame of others(ran)) assert.equal(frame.t, when.get(keyOf(frame))! + delay);
    // It speaks, a round too late.
    const said = ran.frames.filter(({ cycle, from }) => cycle === 2 && from === 2);
    assert.equal(said.length > 0, true);
    for (const { to, fate } of said) assert.deepEqual([to, fate === "heard"], [HUB, false]);
    const [, , cycle] = ran.cycles;
    assert.deepEqual([0, 1, 3].map((board) => cycle!.vectors[board]![2]), [null, null, null]);
  },
  async echo() {
    const ran = await go(["echo=2@2.2"]);
    assert.deepEqual(outside(ran), outside(clean));
    const times = new Map<string, number[]>();
    for (const frame of ran.frames.filter(within)) {
      times.set(keyOf(frame), [...times.get(keyOf(frame)) ?? [], frame.t]);
    }
    assert.equal(times.size > 0, true);
    for (const [one, other] of times.values()) {
      assert.equal(other! - one!, 2 * longestRound(planOf(FOUR)));
    }
  },
  async reset() {
    const ran = await go(["reset=c@2.2"], { readings: steady(FOUR) });
    assert.deepEqual(ran.cycles.map(({ faulty }) => faulty), [[], [], [2], [], [], []]);
    assert.equal(ran.summary.counts[2]!["missed"], 1);
    const relayed = ran.frames.find((frame) => within(frame) && frame.from === 2)!;
    const before = clean.frames.find((frame) => within(frame) && frame.from === 2)!;
    assert.notDeepEqual(relayed.bytes, before.bytes);
    assert.equal(ran.summary.verdict, "held");
  },
  async stall() {
    const ran = await go(["stall=3@2.2"]);
    const delay = 3 * longestRound(planOf(FOUR));
    ran.beacons.forEach(({ t }, at) => {
      const was = clean.beacons[at]!;
      const after = was.cycle === 2 && was.round !== 1;
      assert.equal(was.cycle > 2 || t === was.t + (after ? delay : 0), true);
    });
    assert.equal(ran.summary.verdict, "held");
    assert.equal((await go(["stall=64@0-5"])).summary.verdict, "held");
  },
  async jump() {
    const ran = await go(["jump=1000@2"]);
    const opening = ran.frames.filter(({ round, from, to }) => round === 1 && from === HUB && !to)
      .map(({ bytes }) => [...bytes.subarray(3, 5)].map((one) => (one === bytes[1] ? 0 : one)));
    const numbers = [0, 1, 1002, 1003, 1004, 1005];
    assert.deepEqual(opening, numbers.map((number) => [number & 255, number >> 8]));
    assert.equal(ran.summary.verdict, "held");
  },
};

describe("a window", () => {
  test("of every kind is tested here", () => {
    assert.deepEqual(Object.keys(SHOWN), SYNCHRONY_FAULTS.map(({ name }) => name));
  });
  for (const { name, help } of SYNCHRONY_FAULTS) test(`${name}: ${help}`, SHOWN[name]);
});

test(`OM.4, any windows, any liar: truth always, agreement outside them; ${replay}`, async (t) => {
  const random = createRandom(SEED ^ 0xa5);
  let apart = 0;
  for (let left = runs(t, 120, 30); left--; ) {
    const network = random() % 4 ? FOUR : SEVEN;
    const { length } = network.boards;
    const words = [anyWindow(random, network, 4), anyWindow(random, network, 4)]
      .filter((word) => !word.startsWith("reset"));
    const { name } = oneOf(random, BEHAVIOURS);
    const seed = random();
    const ran = await go(words, {
      network, seed, cycles: 7, traitors: [traitor(name, random() % length)],
    });
    const label = JSON.stringify({ length, words, name, seed });
    assert.equal(ran.summary.verdict, "held", label);
    assert.equal(ran.summary.truth, 7, label);
    const windows = windowsOf(network, ...words);
    let asynchronous = 0;
    for (const { cycle, agreement, validity, asynchronous: loose } of ran.cycles) {
      assert.equal(loose ?? false, asynchronousIn(network, windows, cycle), label);
      if (loose) asynchronous++;
      assert.equal(Boolean(loose) || (agreement && validity), true, label);
      if (!agreement) apart++;
    }
    assert.equal(ran.summary.asynchronous ?? 0, asynchronous, label);
  }
  // Or there was nothing to be told apart.
  assert.ok(apart > 10, `${apart} cycles apart`);
});

test("what holds in a window would not pass outside of one", async () => {
  const words = ["partition=a,b/c,d@2"];
  const { summary, cycles } = await go(words);
  assert.deepEqual(cycles.map(({ asynchronous }) => asynchronous === true),
    [false, false, true, false, false, false]);
  assert.equal(summary.agreement, 5);
  assert.deepEqual([summary.verdict, summary.broken_cycle], ["held", null]);
  // The same loss by bad lines is broken.
  const lost = await go([], { lines: [{ name: "drop", board: -1, probability: 0.2 }] });
  assert.equal(lost.summary.verdict, "broken");
});

test("is the same on every engine and transport", async () => {
  const words = [
    "late=0.3@1", "behind=b:2@2", "reset=c@3.2", "reset=c@4.2", "jump=300@4", "echo=3@1",
  ];
  const order = { cycles: 6, traitors: [traitor("copies", 3)], seed: 7 };
  const first = await go(words, order);
  for (const engine of OWN_ENGINES) {
    for (const transport of TRANSPORTS) {
      const { events } = await go(words, { ...order, engine, transport });
      assert.deepEqual(events, first.events, `${engine} ${transport}`);
    }
  }
});
