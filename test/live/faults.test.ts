import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { HUB } from "../../firmware/index.js";
import type { FrameEvent } from "../../host/events/events.js";
import { FAULTS } from "../../host/faults/registry.js";
import { parseFaults } from "../../host/faults/troubles.js";
import type { Live } from "../../host/live/live.js";
import { planOf } from "../../host/plan/plan.js";
import { createWorld, desk, lying } from "./world.js";
import type { World } from "./world.js";

/** The emulator's faults of lines in what a real hub sends; and what numbers do to cycles. */

const NETWORK = desk();
const BOARD = 3;

const failing = (word: string): Live["troubles"] =>
  ({ lines: parseFaults(NETWORK, [word]), traitors: [] });

const downFrames = ({ events }: World): FrameEvent[] =>
  events.filter((event) => event.e === "frame").filter(({ to }) => to !== HUB);

const touches = ({ from, to }: FrameEvent) => from === BOARD || to === BOARD;

/** What shows that a fault was there, in what was sent and in what the trace says of it. */
const SHOWN: Record<string, (frames: readonly FrameEvent[]) => boolean> = {
  drop: (frames) => frames.some(({ fate }) => fate === "lost"),
  delay: (frames) => frames.some(({ fate }) => fate === "late"),
  duplicate: (frames) => new Set(frames.map(({ cycle, round, from, to }) =>
    `${cycle} ${round} ${from} ${to}`)).size < frames.length,
  reorder: (frames) => frames.some((one, at) => frames.some((other, later) => later > at &&
    other.to === one.to && other.cycle === one.cycle && other.round === one.round &&
    one.from > other.from && one.from !== HUB)),
  truncate: (frames) => frames.some(({ fate, bytes }) => fate === "garbled" && bytes.length < 10),
  flip: (frames) => frames.some(({ fate }) => fate === "garbled"),
  noise: (frames) => frames.some(({ bytes }) => bytes.length > 16),
};

describe("faults of lines on real lines", () => {
  const names = FAULTS.filter(({ on }) => on === "line").map(({ name }) => name);

  for (const name of names) {
    it(`are outvoted where they are one board's, and shown: ${name}`, async () => {
      const world = createWorld(NETWORK);
      const { verdict, outside } = await world.run({
        cycles: 40, troubles: failing(`${name}@d=0.3`),
      });
      assert.equal(verdict, "held");
      assert.equal(outside, 0);
      for (const { cycle, faulty, vectors } of world.records) {
        assert.deepEqual(faulty, [BOARD]);
        // What the boards themselves hold is what the stand-ins say.
        vectors.forEach((vector, board) => {
          if (vector) assert.deepEqual(vector.map((one) => one ?? undefined),
            world.held[cycle]![board]!.vector);
        });
      }
      const frames = downFrames(world);
      assert.ok(SHOWN[name]!(frames.filter(touches)), "nothing was seen of it");
      const others = frames.filter((frame) => !touches(frame));
      assert.ok(others.every(({ fate, bytes }) => fate === "heard" && bytes.length <= 12));
      // What is said to be on the line was there, byte for byte.
      const told = frames.filter(({ to, fate }) => to === 0 && fate !== "lost")
        .map(({ bytes }) => Buffer.from(bytes).toString("hex"));
      const sent = world.places[0]!.sent.map((bytes) => Buffer.from(bytes).toString("hex"));
      assert.deepEqual(told.toSorted(), sent.toSorted());
    });
  }

  it("break agreement where they are everybody's, and that is told", async () => {
    const world = createWorld(NETWORK);
    const { verdict, outside, agreement } = await world.run({
      cycles: 60, troubles: failing("drop=0.15"),
    });
    // A board that was not told a beacon is faulty; where but frames were lost, agreement may go.
    assert.ok(outside > 0);
    assert.ok(verdict === "broken" || agreement < 60);
  });

  it("do nothing where their probability is 0", async () => {
    const [quiet, none] = [createWorld(NETWORK), createWorld(NETWORK)];
    await quiet.run({ cycles: 5 });
    await none.run({ cycles: 5, troubles: failing("drop=0,flip=0") });
    assert.deepEqual(none.events, quiet.events);
  });

  it("come with lies", async () => {
    const world = createWorld(NETWORK);
    const { verdict } = await world.run({
      cycles: 20,
      troubles: { ...failing("delay@d=0.5"), traitors: lying(NETWORK, "d=split").traitors },
    });
    assert.equal(verdict, "held");
    const frames = downFrames(world);
    assert.ok(frames.some(({ lie }) => lie) && frames.some(({ fate }) => fate === "late"));
  });
});

describe("the number of the first cycle", () => {
  const period = (planOf(NETWORK).period * 1e6) / NETWORK.file.baud;
  /** Two runs of a hub, boards that go on, and which cycles each board closed in the second. */
  const twice = async (first: number) => {
    const world = createWorld(NETWORK);
    await world.run({ cycles: 1 });
    const before = world.held.length;
    world.at(world.clock.now() + 3 * period, () => undefined);
    const { cycles } = await world.run({ cycles: 3, first });
    assert.equal(cycles, 3);
    return world.held.slice(before).map((states) => states.map(({ cycle }) => cycle));
  };

  it("HUB.1: is above all before, and no board misses a cycle", async () => {
    for (const first of [1, 2, 200, 256, 257, 2 ** 31, 2 ** 32 - 3]) {
      assert.deepEqual(await twice(first),
        [0, 1, 2].map((at) => [0, 1, 2, 3].map(() => first + at)), `begins with ${first}`);
    }
  });

  it("used again is a cycle that a board has had: it says nothing in it", async () => {
    const world = createWorld(NETWORK);
    await world.run({ cycles: 1 });
    const said = ({ events }: World) => events.filter((event) =>
      event.e === "frame" && event.to === HUB && event.fate === "heard").length;
    const before = said(world);
    await world.run({ cycles: 1, first: 0 });
    assert.ok(before >= 8);
    assert.equal(said(world), before);
  });

  it("ends with the last that there is", async () => {
    const world = createWorld(NETWORK);
    const { cycles } = await world.run({ cycles: 10, first: 2 ** 32 - 2 });
    assert.equal(cycles, 2);
  });
});
