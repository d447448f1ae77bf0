/** The shared wire against SPEC.md, "A shared wire": who is heard, when, and by whom. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { START } from "../../firmware/index.js";
import type { Network, NetworkFile } from "../../host/network/network.js";
import { windowOf } from "../../host/network/wiring.js";
import { planOf } from "../../host/plan/plan.js";
import { createGates } from "../../host/topology/wire/gates.js";
import { createWireBus } from "../../host/topology/wire/wire.js";
import type { Sending, WireTrouble } from "../../host/topology/wire/wire.js";
import { networkOf } from "./drive.js";

const HUB = 31;

/** A bit takes 10 µs; boards take 25 bits; no guard, and drivers stay on for 30 bits. */
const wired = (change: Partial<NetworkFile> = {}): Network => networkOf(4, 1, {
  wiring: "wire", baud: 100_000, guard_us: 0, release_us: 300,
  boards: ["a", "b", "c", "d"].map((name) => ({ name, kind: "EMULATED", compute_us: 250 })),
  ...change,
});

const well: WireTrouble = {
  slot: () => [], answer: (sending) => sending, pass: () => true, clash: () => 0xaa,
};

interface Came {
  readonly t: number;
  readonly from: number;
  readonly to: number;
  readonly bytes: readonly number[];
  readonly fate: string;
}

/** One cycle. `says` is what a polled board answers with: so many bytes, of its number. */
const run = (network: Network, trouble: Partial<WireTrouble>, says: (board: number) => number) => {
  const plan = planOf(network);
  const came: Came[] = [];
  const beacons: string[] = [];
  const bus = createWireBus(network, plan, { ...well, ...trouble }, (event) => {
    if (event.e === "beacon") beacons.push(`${event.round} at ${event.t}`);
  });
  let answered = "";
  bus.open(0, []);
  for (let next = bus.step(); next; next = bus.step()) {
    const { time: t, sender: from, board: to, fate } = next;
    came.push({ t, from, to, bytes: [...next.bytes.subarray(0, next.length)], fate });
    const [, mask, header = 0] = next.bytes;
    const named = next.bytes[header >> 5 === 1 ? 7 : 4]!;
    const speaker = named === mask ? START : named;
    const slot = `${next.round} ${speaker}`;
    if (from !== HUB || !next.round || to !== speaker || answered === slot) continue;
    answered = slot;
    bus.answer(to, new Uint8Array(says(to)).fill(0x50 + to), 0, says(to));
  }
  return { came, beacons, plan, bus };
};

const to = (came: readonly Came[], board: number) => came.filter((one) => one.to === board);

test("WIRE.1, WIRE.7, ROUND.7: slots, to the bit, and everybody hears everything", () => {
  const network = wired();
  const { came, beacons, plan, bus } = run(network, {}, (board) => (board < 9 ? 9 : 0));
  // Beacons have 11 and 8 bytes, frames 9 and 11.
  const first = 10 * 11 + 25 + 10 * 9 + 30;
  const second = 10 * 8 + 25 + 10 * 11 + 30;
  assert.deepEqual(plan.rounds.map(({ length }) => length), [4 * first, 4 * second]);
  assert.deepEqual(plan.rounds.map(({ slots }) => slots.map(({ begins }) => begins)),
    [[0, 1, 2, 3].map((at) => at * first), [0, 1, 2, 3].map((at) => at * second)]);
  assert.deepEqual(beacons,
    ["1 at 0", `2 at ${4 * first}`, `0 at ${4 * (first + second)}`]);
  assert.equal(bus.time, 4 * (first + second) + 10 * 8 + 25);
  assert.equal(plan.needed, bus.time);
  // A poll and an answer in each of eight slots, and the closing beacon, at each of four boards.
  for (const { number } of network.boards) {
    const heard = to(came, number);
    assert.equal(heard.length, 17);
    assert.deepEqual(heard.map(({ from }) => from),
      [HUB, 0, HUB, 1, HUB, 2, HUB, 3, HUB, 0, HUB, 1, HUB, 2, HUB, 3, HUB]);
    assert.deepEqual(heard.map(({ t }) => t), to(came, 0).map(({ t }) => t));
    assert.equal(heard[3]!.t, first + 10 * 11 + 25 + 10 * 9);
    assert.ok(heard.every(({ fate }) => fate === "heard"));
  }
  assert.deepEqual(bus.tally, { frames: 17, bytes: 4 * 11 + 4 * 8 + 8 + 8 * 9 });
  assert.equal(plan.busiest, 4 * (11 + 9) + 4 * (8 + 11) + 8);
});

const shout = (bytes: number, begins: (polled: number) => number, of = 3) =>
  ({ speaker, round, polled }: { speaker: number; round: number; polled: number }): Sending[] =>
    (speaker === 1 && round === 1
      ? [{ board: of, begins: begins(polled), bytes: new Uint8Array(bytes).fill(0x77), lie: true }]
      : []);

test("WIRE.8: of two who speak at once nobody understands what they say together", () => {
  // Board 1 is polled from 255 to 365, and speaks from 25 bits later for 90 bits.
  for (const [begins, bytes, own, other] of [
    // It ends before, and touches nothing.
    [0, 2, [0, 0], [0, 0]],
    // The last bit of the one, the first of the other; and the other way round.
    [6, 2, [0, 1], [1, 2]], [114, 2, [8, 9], [0, 1]],
    // In the middle of it: nothing of its own is heard.
    [45, 2, [2, 4], [0, 2]],
    // All of it, and more.
    [15, 12, [0, 9], [1, 10]],
  ] as const) {
    const { came } = run(wired(), {
      slot: shout(bytes, (polled) => polled + begins),
    }, () => 9);
    const heard = to(came, 0).filter(({ from, t }) => from !== HUB && t > 255 && t <= 2 * 255);
    const label = `${bytes} bytes after ${begins} bits`;
    const of = (sender: number) => heard.filter(({ from }) => from === sender);
    const early = begins < 25;
    const clash = (from: number, until: number, whole: number, value: number) =>
      Array.from({ length: whole }, (_, at) => (at >= from && at < until ? 0xaa : value));
    // Who began first is heard with what is garbled; of the other, what is left behind it.
    const one = early ? clash(other[0], other[1], bytes, 0x77) : clash(own[0], own[1], 9, 0x51);
    const two = early ? clash(0, 0, 9 - own[1], 0x51) : clash(0, 0, bytes - other[1], 0x77);
    assert.deepEqual(of(early ? 3 : 1).map((each) => each.bytes), [one], label);
    assert.deepEqual(of(early ? 1 : 3).map((each) => each.bytes),
      two.length ? [two] : [], label);
    const together = own[1] > own[0];
    for (const { fate } of heard) assert.equal(fate, together ? "garbled" : "heard", label);
  }
});

test("WIRE.1: some receivers may read what others do not, the master among them", () => {
  const { came } = run(wired(), {
    pass: ({ board, sender }) => !(sender === 2 && (board === 0 || board === HUB)),
  }, () => 9);
  assert.equal(to(came, 0).filter(({ from }) => from === 2).length, 0);
  assert.equal(to(came, 1).filter(({ from }) => from === 2).length, 2);
  assert.equal(to(came, 2).filter(({ from }) => from === 2).length, 2, "its own receiver");
});

test("WIRE.10: a gate opens for the polled board, once, for a frame's time, in its slot", () => {
  const network = wired({ guardian: true });
  const window = windowOf(network.boards[0]!.layout, network.wiring!);
  assert.equal(window, 10 * 11 + 30);
  const slot = { speaker: 1, polled: 1000, ends: 2000 };
  const gates = createGates(network);
  gates.open();
  assert.equal(gates.admit(0, 1100, slot), 1100, "not polled");
  assert.equal(gates.admit(1, 999, slot), 999, "before its slot");
  assert.equal(gates.admit(1, 2000, slot), 2000, "behind its slot");
  assert.equal(gates.admit(1, 1100, slot), 1100 + window);
  assert.equal(gates.admit(1, 1500, slot), 1500, "again");
  gates.open();
  assert.equal(gates.admit(1, 1990, slot), 2000, "to the end of its slot");
});

test("WIRE.10: what a guardian cuts is cut for all, and disturbs nobody", () => {
  for (const guardian of [false, true]) {
    const slot = shout(300, (polled) => polled, 1);
    const { came } = run(wired({ guardian }), { slot, answer: () => undefined }, () => 9);
    const heard = to(came, 0);
    const garbled = heard.filter(({ from, fate }) => from === HUB && fate !== "heard");
    assert.equal(heard.filter(({ from }) => from === HUB).length < 9 || garbled.length > 0,
      !guardian);
    // At nine bits a byte no more than 15 bytes get through.
    if (guardian) assert.equal(heard.find(({ from }) => from === 1)!.bytes.length, 15);
  }
  const { came } = run(wired({ guardian: true }), {
    slot: shout(300, (polled) => polled),
  }, () => 9);
  assert.equal(came.filter(({ from }) => from === 3).length, 2 * 4);
});
