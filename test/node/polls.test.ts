/** A board on a shared wire against SPEC.md, "A shared wire": when it speaks, and whom it hears. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  createHealth, createNode, oral, integer, layoutOf, majority,
} from "../../firmware/index.js";
import type { Shape } from "../../firmware/index.js";
import { watchOf } from "../../host/network/health.js";
import { LEAST_BITS_A_BYTE, pollOf, windowOf } from "../../host/network/wiring.js";
import { createMaster } from "../../host/topology/wire/master.js";
import { SEED, createRandom, replay, runs } from "../core/random.js";
import {
  NAIVE_HUB, NAIVE_START, naiveEncode, naivePayloadBytes, naiveSpeaks,
} from "../frame/naive-codec.js";
import { networkOf } from "../topology/drive.js";
import { createHal } from "./hal.js";

const FOUR: Shape = { boards: 4, traitors: 1, width: 1, commander: -1, poll: 1 };
const NOBODY = NAIVE_HUB;

/** WIRE.2, WIRE.3: an opening beacon has three bytes of the cycle, then who is polled, then 0s. */
const beacon = (word: 1 | 2, poll: number, cycle: number, round: number, speaker: number) => {
  const upper = [8, 16, 24].map((bits) => Math.floor(cycle / 2 ** bits) % 256);
  const payload = [...(round === 1 ? upper : []), speaker];
  const length = round === 1 ? Math.max(4, poll) : poll;
  while (payload.length < length) payload.push(0);
  const before = word === 2 ? [NAIVE_START] : [];
  return [...before, ...naiveEncode(word, round * 32 + 31, cycle, payload)];
};

const frame = (shape: Shape, cycle: number, round: number, sender: number) =>
  naiveEncode(1, round * 32 + sender, cycle,
    Array.from({ length: naivePayloadBytes(shape, round) }, () => 255));

const boardOf = (shape: Shape, self: number) => {
  const my = layoutOf(shape, self, false);
  const hal = createHal<number>(() => 7);
  const node = createNode(my, {
    agree: oral(my), type: integer("Uint8"), choose: majority<number>, fallback: 0,
  }, hal);
  const hear = (bytes: readonly number[]) => {
    node.receive(Uint8Array.from(bytes));
  };
  return { node, hal, hear };
};

test("WIRE.2, WIRE.3: the beacons of SPEC.md's example, and what the master makes", () => {
  const master = createMaster(networkOf(4, 1, { wiring: "wire" }));
  const text = readFileSync(new URL("../../SPEC.md", import.meta.url), "utf8");
  for (const [cycle, round, speaker] of [[1507862, 1, 0], [7, 2, 2]] as const) {
    const digits = [...master.beacon(cycle, round, speaker)]
      .map((byte) => byte.toString(16).padStart(2, "0").toUpperCase());
    assert.ok(text.includes(`\n    ${digits.join(" ")}  `), digits.join(" "));
  }
  for (const [cycle, round, speaker] of [
    [258, 1, 0], [258, 1, 3], [7, 2, 2], [7, 0, NOBODY], [2 ** 32 - 1, 1, 1], [0, 1, 0],
  ] as const) {
    assert.deepEqual(
      [...master.beacon(cycle, round, speaker)], beacon(1, 1, cycle, round, speaker),
    );
  }
});

test("WIRE.2, WIRE.3: so does it with words of two bytes, and with a guardian", () => {
  for (const guardian of [false, true]) {
    for (const [boards, bytes] of [[4, 64], [5, 64]] as const) {
      const network = networkOf(boards, 1, {
        wiring: "wire", guardian, value: { bytes }, decision: "majority",
        default: "00".repeat(bytes),
      });
      const { word, poll } = network.boards[0]!.layout;
      assert.equal(word, boards === 4 ? 1 : 2);
      const master = createMaster(network);
      for (const [round, speaker] of [[1, 0], [2, 3], [0, NOBODY]] as const) {
        assert.deepEqual(
          [...master.beacon(65536, round, speaker)],
          beacon(word, poll, 65536, round, speaker),
        );
      }
    }
  }
});

/** WIRE.4 to WIRE.6, NODE.1 to NODE.4, dull. */
const naive = (shape: Shape, self: number) => {
  const closed = shape.traitors + 2;
  let [cycle, open, speaker, ready] = [-1, closed, NOBODY, false];
  let heard: number[] = [];
  const counts = { late: 0, early: 0, stale: 0, duplicate: 0, missed: 0 };
  let foreign = 0;
  const sent: string[] = [];
  const lagOf = (low: number) => ((cycle - low) % 256 + 512 + 128) % 256 - 128;
  const count = (lag: number, round: number) => {
    if (lag < 0 || (lag === 0 && round > open)) counts.early++;
    else if (lag > 0) counts.stale++;
    else if (round < open) counts.late++;
    else counts.duplicate++;
  };
  return {
    beacon(number: number, named: number, polled: number) {
      const round = named === 0 ? closed : named;
      const lag = named === 1 ? cycle - number : lagOf(number % 256);
      const opens = lag === 0 ? round > open : named === 1 || (lag < 0 && named > 1);
      const polls = lag === 0 && round === open && named > 0;
      if (!opens && !polls) {
        count(lag, round);
        return;
      }
      if (opens) {
        if (lag === 0) counts.missed += round - open - 1;
        else {
          counts.missed += round - 1 + (open === closed ? 0 : 1);
          cycle = named === 1 ? number : (cycle - lag + 2 ** 32) % 2 ** 32;
        }
        open = round;
        heard = [];
        ready = named > 0 && naiveSpeaks(shape, self, named);
      }
      speaker = polled;
      if (speaker !== self || !ready) return;
      ready = false;
      sent.push(`${self} in ${round} of ${cycle % 256}`);
    },
    frame(low: number, round: number, sender: number) {
      if (sender === self || sender !== speaker || !naiveSpeaks(shape, sender, round)) {
        foreign++;
        return;
      }
      const lag = lagOf(low);
      if (lag === 0 && round === open && !heard.includes(sender)) heard.push(sender);
      else count(lag, round);
    },
    state: () => ({ counts: Object.values(counts), foreign, sent }),
  };
};

test(`WIRE.4, WIRE.5, WIRE.6: whatever comes in whatever order; ${replay}`, (t) => {
  const random = createRandom(SEED);
  let [spoke, refused] = [0, 0];
  for (let left = runs(t, 1500, 150); left; left--) {
    const shape = { ...FOUR, commander: random() % 4 === 0 ? random() % 4 : -1 };
    const self = random() % 4;
    const { node, hal, hear } = boardOf(shape, self);
    const model = naive(shape, self);
    let cycle = [0, 255, 2 ** 32 - 2][random() % 3]!;
    for (let step = 0; step < 40; step++) {
      // 256 later is a cycle whose lowest byte is the same.
      if (random() % 8 === 0) cycle = (cycle + [0, 1, 2, 256][random() % 4]!) % 2 ** 32;
      const round = random() % 3;
      if (random() % 2) {
        const polled = random() % 6 === 5 ? NOBODY : random() % 4;
        hear(beacon(1, 1, cycle, round, polled));
        model.beacon(cycle, round, polled);
      } else if (round) {
        const sender = random() % 4;
        hear(frame(shape, cycle, round, sender));
        model.frame(cycle % 256, round, sender);
      }
    }
    const { counts, foreign, sent } = model.state();
    const label = `${replay}, ${left}`;
    assert.deepEqual([...node.counts.subarray(3, 8)], counts, label);
    assert.equal(node.counts[0], foreign, label);
    assert.deepEqual(hal.sent.map((bytes) => {
      const [, , header = 0, low = 0] = bytes;
      return `${header & 31} in ${header >> 5} of ${bytes[1] === low ? 0 : low}`;
    }), sent, label);
    spoke += sent.length;
    refused += foreign;
  }
  assert.ok(spoke > 0 && refused > 0);
});

test("WIRE.5: polled twice it speaks once, and what it says is of the round's beginning", () => {
  const { node, hal, hear } = boardOf(FOUR, 1);
  hear(beacon(1, 1, 0, 1, 0));
  assert.equal(hal.sent.length, 0);
  node.read = () => 9;
  hear(beacon(1, 1, 0, 1, 1));
  hear(beacon(1, 1, 0, 1, 1));
  hear(beacon(1, 1, 0, 0, NOBODY));
  assert.equal(hal.sent.length, 1);
  // Presence, and the reading that was taken when the cycle began.
  assert.deepEqual(hal.sent[0]!.slice(4, 6), [1, 7]);
});

test("WIRE.6: its own frame that it hears itself is foreign, and changes nothing", () => {
  const { node, hal, hear } = boardOf(FOUR, 1);
  hear(beacon(1, 1, 0, 1, 1));
  hear(hal.sent[0]!);
  assert.equal(node.counts[0], 1);
  hear(beacon(1, 1, 0, 2, 0));
  hear(beacon(1, 1, 0, 2, 1));
  assert.deepEqual(hal.sent[1]!.slice(4, 5), [0], "nothing was heard of anybody");
});

/** A frame whose last byte, one of the checksum, begins a start, and which lacks nothing but it. */
const endingInStart = (boards: number, width: number) => {
  const bytes = naivePayloadBytes({ boards, traitors: 1, width, commander: -1 }, 1);
  for (let one = 1; one < 65536; one++) {
    const payload = Array.from(
      { length: bytes }, (_, at) => (at ? [one & 255, one >> 8][at & 1]! : 1),
    );
    const whole = naiveEncode(2, 32, 0, payload);
    if (whole.at(-1) === NAIVE_START && whole.at(-2) !== NAIVE_START) return whole;
  }
  throw new Error("there is none");
};

test("WIRE.3: a frame that lacks its end cannot swallow the beginning of the next beacon", () => {
  const shape = { boards: 5, traitors: 1, width: 64, commander: -1, poll: 1 };
  const cut = endingInStart(5, 64).slice(0, -1);
  for (const [first, spoken] of [[true, 1], [false, 0]] as const) {
    const { hal, hear } = boardOf(shape, 1);
    hear(beacon(2, 1, 0, 1, 0));
    hear(cut);
    hear(beacon(2, 1, 0, 1, 1).slice(first ? 0 : 1));
    assert.equal(hal.sent.length, spoken, first ? "with the byte before it" : "without");
  }
});

test("WIRE.2, WIRE.10: no beacon fits through a guardian, none is longer than it must be", () => {
  let longest = 0;
  for (let boards = 2; boards <= 31; boards++) {
    for (let traitors = 0; traitors <= 2 && 3 * traitors < boards; traitors++) {
      for (const width of [1, 4, 32, 64]) {
        for (const release of [0, 29, 116, 1000]) {
          const shape = { boards, traitors, width, commander: -1 };
          if (naivePayloadBytes(shape, traitors + 1) > 30_000) continue;
          const wiring = { guardian: true, release };
          const poll = pollOf(wiring, (one) => layoutOf({ ...shape, poll: one }, 0, false));
          const padded = { ...shape, poll };
          const { overhead, payloads } = layoutOf(padded, 0, false);
          const window = windowOf(layoutOf(padded, 0, false), wiring);
          // Each frame of a board fits, at its ten bits a byte; each beacon does not, at nine.
          for (const bytes of payloads.slice(1, traitors + 2)) {
            assert.ok(10 * (overhead + bytes) + release <= window);
          }
          assert.ok(LEAST_BITS_A_BYTE * (overhead + poll) > window);
          assert.ok(LEAST_BITS_A_BYTE * (overhead + payloads[0]!) > window);
          const shorter = layoutOf({ ...shape, poll: poll - 1 || 1 }, 0, false);
          if (poll > 1 && shorter.overhead === overhead) {
            assert.ok(LEAST_BITS_A_BYTE * (overhead + poll - 1) <= window);
          }
          longest = Math.max(longest, poll);
        }
      }
    }
  }
  assert.ok(longest > 10_000);
  assert.equal(pollOf({ guardian: false, release: 116 }, () => assert.fail()), 1);
});

test("HEALTH.7: who missed a poll of its own was heard by nobody, and misses that cycle", () => {
  const alarms = (lost: readonly (readonly [number, number])[]) => {
    const layout = {
      ...layoutOf(FOUR, 2, false), ...watchOf({ health: { permanent: 2 }, boards: [] }, FOUR, true),
    };
    const told: string[] = [];
    const node = createNode(layout, {
      agree: oral(layout), type: integer("Uint8"), choose: majority<number>, fallback: 0,
      health: (vector) => createHealth(layout, vector),
      alarm: (states) => void told.push([...states].join("")),
    }, createHal<number>(() => 7));
    for (const cycle of [0, 1, 2]) {
      for (const round of [1, 2]) {
        for (const speaker of [0, 1, 2, 3]) {
          const missed = cycle === 1 && lost.some((one) => one.join() === `${round},${speaker}`);
          if (!missed) node.receive(Uint8Array.from(beacon(1, 1, cycle, round, speaker)));
        }
      }
      node.receive(Uint8Array.from(beacon(1, 1, cycle, 0, NOBODY)));
    }
    return told;
  };
  assert.deepEqual(alarms([]), ["1101", "2202"]);
  assert.deepEqual(alarms([[1, 2]]), ["1101", "4444"]);
  assert.deepEqual(alarms([[2, 2]]), ["1101", "4444"]);
  // Polls of others are nothing to it.
  assert.deepEqual(alarms([[1, 1], [2, 3]]), ["1101", "2202"]);
});
