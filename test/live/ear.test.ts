import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createEar, frameName, momentOf } from "../../host/live/ear.js";

/** Figures of one port that mean what they say. */

const LENGTH = 12;
const FRAME = Uint8Array.of(0, 1, 0x21, 5, 9, 9);
const name = (cycle: number, round: number) => frameName(cycle, round);

/** A round of a millisecond, whose deadline is 100 us before its end. */
const begin = (ear: ReturnType<typeof createEar>, at: number, cycle: number, round: number) => {
  ear.begin(at, round ? at + 900 : -1, name(cycle, round));
};

describe("an ear", () => {
  it("takes nothing for late before the first beacon, or while no round is open", () => {
    const ear = createEar(LENGTH);
    ear.admit(Buffer.from("banner\r\n"));
    ear.came(972_260, name(0, 1));
    begin(ear, 1e6, 0, 0);
    ear.admit(FRAME);
    ear.came(1e6 + 2000, name(0, 1));
    assert.deepEqual(ear.measured(), { answers: [], lost: 0, late: 0 });
    assert.equal(ear.rest()!.fate, "refused");
  });

  it("takes no other frame and no noise for the one that was missed", () => {
    const ear = createEar(LENGTH);
    begin(ear, 0, 7, 1);
    ear.end(true);
    begin(ear, 1000, 7, 2);
    // Another round's in time, another cycle's, and bytes that are no frame at all.
    ear.admit(Buffer.from("reset\r\n"));
    ear.came(1500, name(7, 2));
    ear.came(1500, name(6, 1));
    assert.equal(ear.rest()!.fate, "refused");
    ear.end(true);
    assert.deepEqual(ear.measured(), { answers: [null, null], lost: 2, late: 0 });
  });

  it("says by how much a frame was late, by its own deadline, once", () => {
    const ear = createEar(LENGTH);
    begin(ear, 0, 7, 1);
    ear.admit(FRAME);
    ear.came(950, name(7, 1));
    assert.equal(ear.rest()!.fate, "late");
    ear.end(true);
    assert.deepEqual(ear.measured(), { answers: [null], lost: 1, late: 50 });
    begin(ear, 1000, 7, 2);
    ear.end(true);
    begin(ear, 2000, 7, 0);
    ear.end(false);
    begin(ear, 5000, 8, 1);
    ear.admit(FRAME);
    ear.came(5400, name(7, 2));
    ear.came(5500, name(7, 2));
    const rest = ear.rest()!;
    assert.equal(rest.fate, "late");
    assert.deepEqual(momentOf(rest.name!, 8), { cycle: 7, round: 2 }, "not of when it came");
    assert.deepEqual(ear.measured(), { answers: [null], lost: 1, late: 3500 });
  });

  it("names what was late by its own cycle and round, over the end of a byte too", () => {
    for (const [cycle, round, now] of [[5, 2, 5], [5, 2, 6], [255, 1, 256], [511, 3, 513]]) {
      assert.deepEqual(momentOf(name(cycle!, round!), now!), { cycle, round });
    }
    const ear = createEar(LENGTH);
    begin(ear, 0, 7, 1);
    ear.admit(FRAME);
    assert.equal(ear.rest()!.name, undefined, "what is none has no name");
  });

  it("forgets, before a cycle's byte comes round, what never came", () => {
    const ear = createEar(LENGTH);
    for (let cycle = 0; cycle < 256; cycle++) {
      for (const round of [1, 2, 0]) {
        begin(ear, cycle * 3000 + 1000 * round, cycle, round);
        if (cycle && round) ear.accept(cycle * 3000 + 1000 * round + 10, FRAME);
        ear.end(round > 0);
      }
    }
    begin(ear, 256 * 3000, 256, 1);
    ear.came(256 * 3000 + 100, name(256, 1));
    assert.equal(ear.measured().late, 0);
  });

  it("tells of what came besides the frame that was accepted, and nothing twice", () => {
    const ear = createEar(LENGTH);
    const second = FRAME.with(5, 8);
    for (const stream of [[...FRAME, ...second], [1, 2, ...FRAME, ...second]]) {
      begin(ear, 0, 5, 1);
      ear.admit(Uint8Array.from(stream));
      ear.accept(100, FRAME);
      ear.came(100, name(5, 1));
      ear.came(100, name(5, 1));
      const rest = ear.rest()!;
      assert.deepEqual([...rest.bytes], [...stream.slice(0, -12), ...second]);
      assert.equal(rest.fate, "refused");
      ear.end(true);
      assert.deepEqual(ear.measured(), { answers: [100], lost: 0, late: 0 });
    }
  });
});
