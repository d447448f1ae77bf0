/** What a beacon says is looked at when the frame has been put where it is said to be. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { COUNTERS, HUB, layoutOf } from "../../firmware/index.js";
import { createRounds } from "../../firmware/node/rounds.js";

/** Bytes that a frame would have put there before. */
const OLD = 0x99;

/** @returns what a board does as these beacons come: cycle, round, and who is polled */
const play = (poll: number, beacons: readonly (readonly [number, number, number])[]): string[] => {
  const layout = layoutOf({ boards: 4, traitors: 1, width: 1, commander: -1, poll }, 0, false);
  const view = new DataView(new ArrayBuffer(16));
  const did: string[] = [];
  let [cycle, round, speaker, now] = [0, 0, 0, 255];
  const hear = createRounds(layout, view, new Uint32Array(COUNTERS.length), {
    show() {
      view.setUint32(3, cycle, true);
      view.setUint8(round === 1 ? 7 : 4, speaker);
    },
    low: () => cycle & 255,
    open(open) {
      now = open & 255;
    },
    isNow: () => (cycle & 255) === now,
  }, {
    take() {},
    drop() {},
    read(of) {
      did.push(`cycle ${of}`);
    },
    open() {},
    close() {},
    settle() {},
    speak(of) {
      did.push(`round ${of}`);
    },
    poll(at) {
      did.push(`poll ${view.getUint8(at)}`);
    },
  });
  for ([cycle, round, speaker] of beacons) {
    new Uint8Array(view.buffer).fill(OLD);
    hear(HUB, round, 0, 4, (round << 5) | HUB);
  }
  return did;
};

test("an opening beacon's cycle", () => {
  assert.deepEqual(play(0, [[70000, 1, 0], [70000, 2, 0], [70000, 0, 0], [70001, 1, 0]]),
    ["cycle 70000", "round 1", "round 2", "cycle 70001", "round 1"]);
});

test("who is polled, by any beacon", () => {
  assert.deepEqual(play(1, [[5, 1, 3], [5, 1, 2], [5, 2, 1], [5, 2, 0], [5, 0, 31]]),
    ["cycle 5", "round 1", "poll 3", "poll 2", "round 2", "poll 1", "poll 0", "poll 31"]);
});
