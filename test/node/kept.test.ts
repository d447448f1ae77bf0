/** BALLOT.6: what a board writes down before it promises anything, and what it finds again. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ballotLayout } from "../../firmware/ballots/layout.js";
import type { BallotShape } from "../../firmware/ballots/layout.js";
import { createPromises } from "../../firmware/ballots/promises.js";
import { COUNTERS } from "../../firmware/index.js";
import { shapeOf } from "../ballots/ballots.js";
import { createBallotStar, naiveFirst, naiveImage } from "./ballot-star.js";

const forgets = shapeOf("paxos", 4, 1);
const stores = { ...forgets, stored: true };
const UNKNOWN = 0xffffffff;
const UNKEPT = COUNTERS.indexOf("unkept");

/** What becomes of a write; `deaf`: it is done, and reading it back fails. */
const FATES = ["done", "refused", "torn", "deaf"] as const;
type Fate = (typeof FATES)[number];

const createDisk = (first: readonly number[] | undefined) => {
  const files = new Map<number, number[]>();
  if (first) files.set(3, [...first]);
  const disk = {
    files,
    /** Where the last write went. */
    place: 0,
    /** What becomes of the next one. */
    fate: "done" as Fate,
    deaf: -1,
    places: {
      read: (place: number) => (place === disk.deaf ? undefined : files.get(place)),
      write(place: number, bytes: Uint8Array) {
        disk.place = place;
        if (disk.fate === "done" || disk.fate === "deaf") files.set(place, [...bytes]);
        if (disk.fate === "torn") files.set(place, [...bytes.subarray(0, 5)]);
        disk.deaf = disk.fate === "deaf" ? place : -1;
      },
    },
  };
  return disk;
};

const start = (shape: BallotShape, disk: ReturnType<typeof createDisk>) => {
  const layout = ballotLayout(shape, 0, false);
  const arena = new Uint8Array(layout.end);
  const counts = new Uint32Array(COUNTERS.length);
  disk.deaf = -1;
  const promises = createPromises(layout, arena, counts, disk.places);
  return { promises, arena, own: layout.levels[0]! + 1, counts };
};

/** Every sequence of so many fates. */
const sequences = (length: number): Fate[][] => (length
  ? sequences(length - 1).flatMap((rest) => FATES.map((fate) => [...rest, fate])) : [[]]);

describe("BALLOT.6", () => {
  test("nothing that was read back is lost, whatever becomes of later writes", () => {
    for (const fates of sequences(5)) {
      const disk = createDisk(naiveFirst(stores));
      let life = start(stores, disk);
      // The last ballot that was kept: what it says may have been said.
      let kept = 0;
      fates.forEach((fate, turn) => {
        disk.fate = fate;
        life.arena[life.own] = turn + 1;
        if (life.promises.keep(turn + 1, turn, 0)) kept = turn + 1;
        else assert.notEqual(fate, "done");
        // Power goes here, and comes back.
        const again = start(stores, disk);
        assert.ok(again.promises.ballot >= kept, `${fates.join()}, turn ${turn}`);
        assert.equal(again.arena[again.own], again.promises.ballot);
        // And in every other turn it really does.
        if (turn % 2) life = again;
      });
    }
  });

  test("a write that failed is not taken for the next one", () => {
    const disk = createDisk(naiveFirst(stores));
    const { promises, counts } = start(stores, disk);
    disk.fate = "deaf";
    assert.equal(promises.keep(1, 0, 0), false);
    // What is found now is what was written then.
    [disk.fate, disk.deaf] = ["refused", -1];
    assert.equal(promises.keep(2, 0, 0), false);
    assert.equal(counts[UNKEPT], 2);
  });

  test("the newest whole image is never written over", () => {
    const disk = createDisk(naiveFirst(stores));
    const { promises } = start(stores, disk);
    const written: number[] = [];
    for (const fate of ["done", "refused", "torn", "deaf", "done", "done"] as const) {
      disk.fate = fate;
      promises.keep(written.length + 1, 0, 0);
      written.push(disk.place);
    }
    assert.deepEqual(written, [4, 3, 3, 3, 3, 4]);
  });

  test("image for image", () => {
    const disk = createDisk(naiveFirst(stores));
    const { promises, arena, own } = start(stores, disk);
    const record = [1, 7, 2, 0, 0, 0, 7, 2, 0, 0, 0, 7, 0, 0, 0, 0];
    arena.set(record, own);
    assert.ok(promises.keep(2, 1, 0));
    const rest = [0, 0, 0, 0, 0, 0, 0, 1, ...record];
    assert.deepEqual(disk.files.get(4), naiveImage(stores, 1, 2, rest));
    const short = createDisk(naiveFirst(forgets));
    assert.ok(start(forgets, short).promises.keep(5, 0, 0));
    assert.deepEqual(short.files.get(4), naiveImage(forgets, 1, 5 + forgets.reserve - 1));
  });

  test("who forgets writes once for several ballots", () => {
    const disk = createDisk(naiveFirst(forgets));
    const { promises } = start({ ...forgets, reserve: 3 }, disk);
    const wrote = [1, 2, 3, 4].map((ballot) => {
      disk.place = 0;
      assert.ok(promises.keep(ballot, 0, 0));
      return disk.place;
    });
    assert.deepEqual(wrote, [4, 0, 0, 3]);
    // The last numbers are reserved, and none after them.
    assert.ok(promises.keep(UNKNOWN - 1, 0, 0));
    assert.equal(start(forgets, disk).promises.ballot, UNKNOWN);
  });
});

test("BALLOT.8: slots that are gone past without a decision are counted", () => {
  // Board 3 hears nothing for many ballots, and then learns what the others still keep.
  const shape = shapeOf("paxos", 4, 1, 2);
  const star = createBallotStar(shape, () => 7, { cut: Infinity, torn: () => [], away: 0 });
  for (let cycle = 0; cycle < 12; cycle++) {
    star.run(cycle, (_, __, receiver) => receiver === 3 && cycle > 0 && cycle < 9);
  }
  const { counts } = star.nodes[3]!;
  const slots = star.decided[3]!.map(([slot]) => slot);
  const skipped = slots.reduce((sum, slot, at) => sum + slot - (at ? slots[at - 1]! + 1 : 0), 0);
  assert.ok(skipped > 0);
  assert.equal(counts[COUNTERS.indexOf("skipped")], skipped);
});

describe("LOG.5", () => {
  const found = (shape: typeof forgets, image: readonly number[] | undefined) => {
    const { ballot, from } = start(shape, createDisk(image)).promises;
    return [ballot, from];
  };

  test("new is who finds image 0 of no ballot, and nobody else", () => {
    for (const shape of [forgets, stores]) {
      assert.deepEqual(found(shape, naiveFirst(shape)), [0, 0]);
      assert.deepEqual(found(shape, undefined), [UNKNOWN, UNKNOWN]);
      assert.deepEqual(found(shape, []), [UNKNOWN, UNKNOWN]);
      const image = naiveFirst(shape);
      for (let at = 0; at < image.length; at++) {
        for (let bit = 0; bit < 8; bit++) {
          const wrong = image.with(at, image[at]! ^ (1 << bit));
          assert.deepEqual(found(shape, wrong), [UNKNOWN, UNKNOWN], `byte ${at}, bit ${bit}`);
        }
        assert.deepEqual(found(shape, image.slice(0, at)), [UNKNOWN, UNKNOWN]);
      }
      assert.deepEqual(found(shape, naiveFirst({ ...shape, mark: shape.mark + 2 })),
        [UNKNOWN, UNKNOWN]);
    }
  });

  test("who has promised anything is not new again", () => {
    const disk = createDisk(naiveFirst(forgets));
    start(forgets, disk).promises.keep(1, 0, 0);
    const { ballot, from } = start(forgets, disk).promises;
    assert.deepEqual([ballot, from], [1 + forgets.reserve - 1, UNKNOWN]);
  });

  test("LOG.6: who stores goes on, and does not forget that it had forgotten", () => {
    const rest = (from: number, acted: number) => [
      ...[24, 16, 8, 0].map((shift) => (from >>> shift) & 255), 0, 0, 0, acted,
      ...Array<number>(ballotLayout(stores, 0, false).width).fill(0),
    ];
    assert.deepEqual(found(stores, naiveImage(stores, 0, 9, rest(UNKNOWN, 0))), [9, UNKNOWN]);
    const disk = createDisk(naiveImage(stores, 0, 9, rest(UNKNOWN, 0)));
    // It has carried something out, and has promised nothing.
    assert.ok(start(stores, disk).promises.keep(0, 1, UNKNOWN));
    const { ballot, from, acted } = start(stores, disk).promises;
    assert.deepEqual([ballot, from, acted], [9, UNKNOWN, 1]);
  });
});
