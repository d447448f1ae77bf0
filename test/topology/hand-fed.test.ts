/**
 * A board that is fed by hand what it heard in a run: in other chunks, with beacons repeated, and
 * with beacons left out (SPEC.md, "A board").
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { nativeBoard } from "../../host/boards/board.js";
import type { BoardState } from "../../host/boards/board.js";
import type { FrameEvent } from "../../host/events/events.js";
import type { Network } from "../../host/network/network.js";
import { SEED, createRandom, replay } from "../core/random.js";
import { HUB, networkOf, run, steady } from "./drive.js";

const CYCLES = 2;
const SELF = 1;

/** What board 1 heard in two cycles, frame by frame. */
const heardIn = async (network: Network): Promise<FrameEvent[]> => {
  const { frames } = await run({ network, cycles: CYCLES, readings: steady(network) });
  return frames.filter(({ to }) => to === SELF);
};

interface Fed {
  readonly state: BoardState;
  /** Headers of the frames that it sent, in order. */
  readonly sent: readonly number[];
}

const feed = (network: Network, chunks: readonly Uint8Array[]): Fed => {
  const sent: number[] = [];
  const { word } = network.boards[SELF]!.layout;
  const board = nativeBoard(network, network.boards[SELF]!, (_, bytes, from) => {
    sent.push(bytes[from + 2 * word]!);
  });
  board.reading = steady(network)(0)[SELF];
  for (const chunk of chunks) board.receive(chunk);
  return { state: board.state(), sent };
};

const bytesOf = (frames: readonly FrameEvent[]): Uint8Array[] => frames.map(({ bytes }) => bytes);
const chunkOf = (frames: readonly FrameEvent[]): Uint8Array => Buffer.concat(bytesOf(frames));

const is = (cycle: number, round: number, from = HUB) => (frame: FrameEvent) =>
  frame.cycle === cycle && frame.round === round && frame.from === from;

const speaking = (rounds: number): number[] =>
  Array.from({ length: CYCLES * rounds }, (_, at) => ((at % rounds + 1) << 5) | SELF);

/** What it counted, by name, and nothing else. */
const counted = (state: BoardState, counts: Record<string, number>): void => {
  for (const [name, count] of Object.entries(state.counts)) {
    assert.equal(count, counts[name] ?? 0, name);
  }
};

for (const network of [networkOf(4, 1), networkOf(7, 2, { value: "u16" })]) {
  const { rounds } = network;
  const all = steady(network)(0);
  describe(`${network.boards.length} boards: a board that hears`, () => {
    test("frames of two rounds, and the beacon between them, in one chunk", async () => {
      const frames = await heardIn(network);
      for (let round = 1; round <= rounds; round++) {
        const next = round === rounds ? 0 : round + 1;
        const beacon = frames.findIndex(is(0, next));
        const chunks = [
          ...bytesOf(frames.slice(0, beacon - 1)),
          chunkOf(frames.slice(beacon - 1, beacon + 2)),
          ...bytesOf(frames.slice(beacon + 2)),
        ];
        assert.notEqual(frames[beacon - 1]!.from, HUB);
        const { state, sent } = feed(network, chunks);
        assert.deepEqual(state.vector, all);
        assert.deepEqual(sent, speaking(rounds));
        counted(state, {});
      }
    });

    test(`everything in one chunk, byte by byte, and cut at random; ${replay}`, async () => {
      const stream = chunkOf(await heardIn(network));
      const random = createRandom(SEED);
      const cuts: Uint8Array[][] = [[stream], Array.from(stream, (byte) => Uint8Array.of(byte))];
      for (let cut = 0; cut < 50; cut++) {
        const chunks: Uint8Array[] = [];
        for (let from = 0; from < stream.length; ) {
          const end = from + random() % 40;
          chunks.push(stream.subarray(from, end));
          from = end;
        }
        cuts.push(chunks);
      }
      for (const chunks of cuts) {
        const { state, sent } = feed(network, chunks);
        assert.equal(state.cycle, CYCLES - 1);
        assert.deepEqual(state.vector, all);
        assert.deepEqual(sent, speaking(rounds));
        counted(state, {});
      }
    });

    test("a beacon twice: it answers once, decides once and counts a duplicate", async () => {
      const frames = await heardIn(network);
      for (let round = 0; round <= rounds; round++) {
        const at = frames.findIndex(is(0, round));
        // At once, and again when the round's frames were heard.
        const next = frames.findIndex((frame, index) => index > at && frame.from === HUB);
        for (const again of [at, next]) {
          const { state, sent } = feed(network, bytesOf(frames.toSpliced(again, 0, frames[at]!)));
          assert.deepEqual(state.vector, all);
          assert.deepEqual(sent, speaking(rounds));
          counted(state, { duplicate: 1 });
        }
      }
    });

    test("a beacon of a round that is over: it is late, and changes nothing", async () => {
      const frames = await heardIn(network);
      const late = frames.find(is(0, 1))!;
      const at = frames.findIndex(is(0, 0));
      const { state, sent } = feed(network, bytesOf(frames.toSpliced(at, 0, late)));
      assert.deepEqual(state.vector, all);
      assert.deepEqual(sent, speaking(rounds));
      counted(state, { late: 1 });
    });

    test("no opening beacon: it says nothing at first, and still learns the others'", async () => {
      const frames = await heardIn(network);
      const { state, sent } = feed(network, bytesOf(frames.filter((frame) => !is(1, 1)(frame))));
      assert.equal(state.cycle, 1);
      assert.deepEqual(state.vector, all.map((value, at) => (at === SELF ? undefined : value)));
      assert.deepEqual(sent, speaking(rounds).toSpliced(rounds, 1));
      counted(state, { missed: 1, unread: 1, early: network.boards.length - 1 });
    });

    test("no beacon of round 2: it holds the truth or nothing", async () => {
      const frames = await heardIn(network);
      const { state, sent } = feed(network, bytesOf(frames.filter((frame) => !is(1, 2)(frame))));
      assert.equal(state.cycle, 1);
      // It alone knows what it heard in round 1, where one round had to bring the others' word.
      assert.deepEqual(
        state.vector, all.map((value, at) => (rounds > 2 || at === SELF ? value : undefined)),
      );
      assert.deepEqual(sent, speaking(rounds).toSpliced(rounds + 1, 1));
      counted(state, { missed: 1, early: network.boards.length - 1 });
    });

    test("no closing beacon: the cycle is not decided, the next one is", async () => {
      const frames = await heardIn(network);
      const upTo = frames.findIndex(is(1, 0));
      const open = feed(network, bytesOf(frames.slice(0, upTo)));
      assert.equal(open.state.cycle, 0);
      const { state, sent } = feed(network, bytesOf(frames.filter((frame) => !is(0, 0)(frame))));
      assert.equal(state.cycle, 1);
      assert.deepEqual(state.vector, all);
      assert.deepEqual(sent, speaking(rounds));
      counted(state, { missed: 1 });
    });
  });
}
