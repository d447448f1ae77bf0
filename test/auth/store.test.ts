import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { signatureLayout } from "../../firmware/auth/lms/sets.js";
import {
  EXHAUSTED, LOST, READY, UNKEPT, USED, createLeafLedger,
} from "../../firmware/auth/lms/store.js";
import type { LeafLedger, Slots } from "../../firmware/auth/lms/store.js";
import { SEED, createRandom, replay } from "../core/random.js";
import { LONG, memorySlots, randomBytes, recordOf, shapeOf, treeSet } from "./board.js";

const NAME = Uint8Array.from({ length: 40 }, (_, at) => at + 1);
const CUT = new Error("the power is cut");

const layoutFor = (leaves: number, reserve: number) => ({
  ...signatureLayout(shapeOf([treeSet(24, 5, 4)], 10, { reserve }), 0, 0), leaves,
});

const open = (slots: Slots, leaves: number, reserve: number, name = NAME): LeafLedger => {
  const layout = layoutFor(leaves, reserve);
  const arena = new Uint8Array(layout.signatureEnd);
  arena.set(name, layout.keys);
  return createLeafLedger(layout, arena, new DataView(arena.buffer), slots);
};

const provisioned = () => [recordOf(NAME, 0), recordOf(NAME, 0)];

/** What a write leaves behind that was cut off after `bytes` bytes. */
type Torn = (old: Uint8Array, fresh: Uint8Array, bytes: number) => Uint8Array;
const TORN: readonly Torn[] = [
  (old, fresh, bytes) => Uint8Array.from(old, (byte, at) => (at < bytes ? fresh[at]! : byte)),
  (_, fresh, bytes) => Uint8Array.from(fresh, (byte, at) => (at < bytes ? byte : 255)),
  (_, fresh, bytes) => fresh.slice(0, bytes),
];

/** Places that are cut off at write number `at`, counted from 0, after `bytes` bytes of it. */
const cutting = (
  places: (Uint8Array | undefined)[], at: number, bytes: number, torn: Torn,
): Slots & { writes: number } => {
  const slots = {
    ...memorySlots(places),
    writes: 0,
    write(slot: number, fresh: Uint8Array) {
      const cut = slots.writes++ === at;
      places[slot] = cut ? torn(places[slot] ?? new Uint8Array(8), fresh, bytes) : fresh.slice();
      if (cut) throw CUT;
    },
  };
  return slots;
};

/** Runs `steps`, and tells whether the power was cut in them. */
const wasCut = (steps: () => void): boolean => {
  try {
    steps();
    return false;
  } catch (thrown) {
    assert.equal(thrown, CUT);
    return true;
  }
};

/** Keeps account of every leaf that was ever used. */
const account = () => {
  const used = new Set<number>();
  return {
    used,
    take: (ledger: LeafLedger, leaf: number): boolean => {
      const free = ledger.take(leaf);
      if (free) {
        assert.ok(!used.has(leaf), `leaf ${leaf} is used again`);
        used.add(leaf);
      }
      return free;
    },
  };
};

describe("AUTH.4: a ledger", () => {
  test("lets each leaf sign once, in order, and says when there are none", () => {
    const ledger = open(memorySlots(provisioned()), 8, 2);
    assert.equal(ledger.take(0), false, "nothing is reserved yet");
    assert.equal(ledger.pass(0), true);
    for (let leaf = 0; leaf < 8; leaf++) {
      assert.deepEqual([ledger.status, ledger.rest], [READY, 8 - leaf]);
      assert.equal(ledger.take(leaf), true);
      assert.equal(ledger.take(leaf), false);
      assert.equal(ledger.take(leaf - 1), false);
      assert.equal(ledger.take(leaf + 2), false, "not reserved");
      assert.equal(ledger.pass(leaf + 1), leaf < 7);
    }
    assert.deepEqual([ledger.status, ledger.rest], [EXHAUSTED, 0]);
    for (const leaf of [-1, 0, 7, 8, 9, 2 ** 32, Number.NaN]) {
      assert.equal(ledger.take(leaf), false);
    }
  });

  test("that starts again goes on above what was reserved", () => {
    const places = provisioned();
    const first = open(memorySlots(places), 32, 8);
    first.pass(0);
    assert.equal(first.take(0), true);
    const second = open(memorySlots(places), 32, 8);
    for (let leaf = 0; leaf < 8; leaf++) {
      assert.equal(second.pass(leaf), true);
      assert.equal(second.status, leaf < 8 ? USED : READY);
      assert.equal(second.take(leaf), false, "it was reserved by the other run");
    }
    second.pass(8);
    assert.deepEqual([second.status, second.rest], [READY, 24]);
    assert.equal(second.take(8), true);
  });

  test("AUTH.6: without one whole record of its own key never signs, and says so", () => {
    const other = Uint8Array.from(NAME, (byte) => byte ^ 1);
    const good = recordOf(NAME, 3);
    const bad = [
      undefined, new Uint8Array(0), good.slice(0, 7), Uint8Array.from([...good, 0]),
      new Uint8Array(8), new Uint8Array(8).fill(255), recordOf(other, 3),
      ...Array.from({ length: 64 }, (_, bit) =>
        good.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))),
    ];
    for (const one of bad) {
      for (const two of [bad[0], bad[6], one]) {
        const ledger = open(memorySlots([one, two]), 32, 8);
        assert.equal(ledger.pass(5), false);
        assert.equal(ledger.status, LOST);
        for (let leaf = 0; leaf < 32; leaf++) assert.equal(ledger.take(leaf), false);
      }
      for (const places of [[one, good], [good, one]]) {
        const ledger = open(memorySlots(places), 32, 8);
        assert.equal(ledger.pass(0), true);
        assert.equal(ledger.take(2), false);
        assert.equal(ledger.take(3), true, "one whole record is enough");
      }
    }
  });

  test("AUTH.6: whose store keeps nothing does not sign, and says so", () => {
    for (const broken of [0, 1]) {
      const places = provisioned();
      const slots = memorySlots(places);
      let works = false;
      const ledger = open({
        ...slots,
        write(slot, bytes) {
          if (works || slot !== broken) slots.write(slot, bytes);
        },
      }, 32, 8);
      ledger.pass(0);
      assert.deepEqual([ledger.status, ledger.take(0)], [UNKEPT, false]);
      works = true;
      ledger.pass(1);
      assert.deepEqual([ledger.status, ledger.take(1)], [READY, true]);
    }
  });
});

describe("AUTH.5: no leaf is used twice", () => {
  const LEAVES = 8;

  /** A hub begins its cycles anew, or goes on, or repeats one, after each cut. */
  const RESUMES = [() => 0, (cycle: number) => cycle, (cycle: number) => cycle + 1];

  /** One life of a board, from `cycle` to its last leaf or a cut. */
  const oneLife = (
    slots: Slots, reserve: number, from: number,
    take: (ledger: LeafLedger, leaf: number) => boolean,
  ): { cut: boolean; cycle: number } => {
    let cycle = from;
    const cut = wasCut(() => {
      const ledger = open(slots, LEAVES, reserve);
      assert.ok(ledger.lowest >= 0, "a cut never costs more than what was reserved");
      ledger.pass(cycle);
      for (; cycle < LEAVES; cycle++) {
        take(ledger, cycle);
        ledger.pass(cycle + 1);
      }
    });
    return { cut, cycle };
  };

  test("with the power cut at each byte of each write, twice, or between any two steps", () => {
    let cuts = 0;
    let signed = 0;
    for (const reserve of [1, 2, 8]) {
      for (const torn of TORN) {
        for (const resume of RESUMES) {
          // The last run is not cut.
          for (let first = 0; first < 16; first++) {
            for (let second = 0; second < 8; second++) {
              for (const bytes of [0, 3, 4, 5, 7, 8]) {
                const places = provisioned();
                const { used, take } = account();
                let cycle = 0;
                for (const at of [first, second, -1]) {
                  const slots = cutting(places, at, bytes, torn);
                  const life = oneLife(slots, reserve, cycle, take);
                  cuts += life.cut ? 1 : 0;
                  cycle = resume(life.cycle);
                }
                signed += used.size;
              }
            }
          }
        }
      }
    }
    assert.ok(cuts > 5000 && signed > 5000, `${cuts} cuts, ${signed} leaves`);
  });

  test("with the board stopped between any two steps, in every way there is", () => {
    // Each of 10 steps is followed by a stop or not; the hub goes on, or begins anew.
    for (let stops = 0; stops < 1 << 10; stops++) {
      for (const resume of RESUMES.slice(0, 2)) {
        const places = provisioned();
        const { take } = account();
        let cycle = 0;
        let ledger = open(memorySlots(places), LEAVES, 2);
        for (let step = 0; step < 10; step++) {
          if (step & 1) take(ledger, cycle);
          else ledger.pass(cycle);
          if (step & 1) cycle++;
          if ((stops >> step) & 1) {
            ledger = open(memorySlots(places), LEAVES, 2);
            cycle = resume(cycle);
          }
        }
      }
    }
  });

  /** Up to 60 cycles, some of which are left out, in an order that no good hub has. */
  const randomLife = (
    random: () => number, slots: Slots, leaves: number, reserve: number, from: number,
    take: (ledger: LeafLedger, leaf: number) => boolean,
  ): { lost: boolean; cycle: number } => {
    let cycle = from;
    let lost = false;
    wasCut(() => {
      const ledger = open(slots, leaves, reserve);
      lost = ledger.lowest < 0;
      for (let steps = random() % 60; steps; steps--) {
        if (random() % 4) take(ledger, cycle);
        if (random() % 8) ledger.pass(cycle + 1);
        const luck = random() % 20;
        if (luck < 1) cycle = random() % (leaves * 2);
        else if (luck < 3) cycle += random() % 20;
        else if (luck > 3) cycle++;
      }
    });
    return { lost, cycle };
  };

  test(`in random runs of cuts, rotten places and hubs that jump (${replay})`, () => {
    const random = createRandom(SEED);
    let [signed, lost] = [0, 0];
    for (let run = 0; run < (LONG ? 100_000 : 3_000); run++) {
      const reserve = 1 << random() % 6;
      const leaves = 1 << (3 + (random() % 8));
      const places: (Uint8Array | undefined)[] = provisioned();
      const { used, take } = account();
      let cycle = 0;
      for (let start = 0; start < 8; start++) {
        const torn = TORN[random() % TORN.length]!;
        const slots = cutting(places, random() % 12, random() % 9, torn);
        const life = randomLife(random, slots, leaves, reserve, cycle, take);
        lost += life.lost ? 1 : 0;
        cycle = life.cycle;
        // One place at most is damaged, and only if the other is whole.
        const rotten = random() % 6;
        if (rotten < 2 && open(memorySlots([places[1 - rotten]]), leaves, 1).lowest >= 0) {
          places[rotten] = random() % 2 ? undefined : randomBytes(random, 8);
        }
        if (random() % 3 === 0) cycle = random() % (cycle + 1);
      }
      signed += used.size;
    }
    assert.ok(signed > 10_000, `${signed} leaves, ${lost} starts without a record`);
  });
});

describe("what a ledger cannot know", () => {
  test("both places put back: a leaf is used twice only if the hub repeats a cycle too", () => {
    const run = (cycles: readonly number[]) => {
      const places: (Uint8Array | undefined)[] = provisioned();
      const { used, take } = account();
      for (const first of cycles) {
        places.splice(0, 2, ...provisioned());
        const ledger = open(memorySlots(places), 64, 8);
        ledger.pass(first);
        for (let cycle = first; cycle < first + 10; cycle++) {
          take(ledger, cycle);
          ledger.pass(cycle + 1);
        }
      }
      return used.size;
    };
    assert.equal(run([0, 10, 20, 30]), 40);
    assert.throws(() => run([0, 10, 5]), /leaf 5 is used again/);
  });

  test("a store that says that it keeps what it does not", () => {
    const places = provisioned();
    const cached = [...places];
    const { take } = account();
    const first = open(memorySlots(cached), 64, 8);
    first.pass(0);
    take(first, 0);
    const second = open(memorySlots(places), 64, 8);
    second.pass(0);
    assert.throws(() => take(second, 0), /leaf 0 is used again/);
  });
});
