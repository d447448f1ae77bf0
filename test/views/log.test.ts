/** VIEW.1 and VIEW.5 in the log by itself: what a fast cycle may do with records, and may not. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createDecisionLog } from "../../firmware/ballots/decision-log.js";
import type { Promises } from "../../firmware/ballots/decision-log.js";
import { ballotLayout } from "../../firmware/ballots/layout.js";
import type { Algorithm } from "../../firmware/base/algorithm.js";
import { shapeOf } from "../ballots/ballots.js";

const REVIEW = 4;
const KEEP = 3;
const layout = ballotLayout(shapeOf("pbft", 4, 1, KEEP, false, REVIEW), 0, false);
const { slot, ring, heard, block } = layout;

/** The log of board 0, in slot `now`, in a fast cycle of the first view. */
const fastLog = (now = 0) => {
  const arena = new Uint8Array(layout.end + 4 * layout.width);
  const view = new DataView(arena.buffer);
  /** Where what the boards reported in the review lies: nobody did, at first. */
  const entries = [-1, -1, -1, -1];
  const agreement: Algorithm = { close() {}, entry: (of) => entries[of]! };
  let keeps = true;
  const promises: Promises = { ballot: 0, acted: now, from: 0, keep: () => keeps };
  view.setUint32(layout.levels[0]! + 1 + slot, now, true);
  const log = createDecisionLog(layout, arena, view, agreement, promises);
  log.open(0);
  log.gather();
  log.fast = true;
  /** Writes a record or a claim: its slot, how many decisions it has, and values by their place. */
  const write = (at: number, of: number, state: number, values: readonly number[]) => {
    view.setUint32(at + slot, of, true);
    arena[at + slot + 4] = state;
    arena.set(values, at + ring);
    return at;
  };
  return {
    log, arena, view, entries, write,
    fail: () => {
      keeps = false;
    },
    slotNow: () => view.getUint32(layout.levels[0]! + 1 + slot, true),
    decided: () => arena[layout.levels[0]! + 1 + slot + 4]!,
  };
};

describe("VIEW.1: what a board could not keep ends its part in the view", () => {
  it("also in the cycles that follow", () => {
    const { log, arena, fail } = fastLog();
    log.open(1);
    assert.equal(log.ballot, 1);
    fail();
    log.vote(layout.transmit);
    assert.equal(log.ballot, 0);
    assert.equal(arena[heard]! & 1, 0);
    for (const cycle of [2, 3]) {
      log.open(cycle);
      assert.equal(log.ballot, 0);
    }
  });

  it("and what it could keep does not", () => {
    const { log } = fastLog();
    for (const cycle of [1, 2, 3]) {
      log.open(cycle);
      log.vote(layout.transmit);
      assert.equal(log.ballot, 1);
    }
  });
});

describe("VIEW.5: claims", () => {
  it("of F+1 boards that are K slots ahead skip nothing, which is for reviews", () => {
    const { log, arena, write, slotNow } = fastLog();
    log.open(1);
    for (const board of [1, 2, 3]) {
      const at = heard + board * block;
      arena[at] = 2;
      write(at, KEEP + 4, 0, []);
    }
    assert.equal(log.learn(0b1110), false);
    assert.equal(log.claimed, 0b1110);
    assert.equal(slotNow(), 0);
    assert.equal(log.acted, 0);
  });

  it("of F+1 boards of a decision are learnt", () => {
    const { log, arena, write, slotNow } = fastLog();
    log.open(1);
    for (const board of [1, 2]) {
      const at = heard + board * block;
      arena[at] = 2;
      write(at, 1, 2, [77]);
    }
    log.learn(0b0110);
    // It is carried out when the cycle is over, and then the slot is over for this board, too.
    const carried: number[] = [];
    log.act((at, number) => {
      carried.push(arena[at]!, number);
    });
    assert.deepEqual(carried, [77, 0]);
    assert.ok(slotNow() <= 1);
  });
});

it("VIEW.5: records of the review are no claims in a fast cycle", () => {
  const { log, entries, write, slotNow, decided } = fastLog(1);
  log.open(1);
  // Two records of a later slot differ in what was decided in slot 1, and are equal at the place
  // where a claim has its only decision.
  entries[1] = write(layout.end, 2, 2, [9, 5]);
  entries[2] = write(layout.end + layout.width, 2, 2, [9, 6]);
  log.gather();
  assert.equal(slotNow(), 1);
  assert.equal(decided(), 0);
  assert.equal(log.act(() => assert.fail("carries something out")), false);
});
