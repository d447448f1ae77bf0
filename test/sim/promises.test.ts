/** The power goes at the very moment at which a frame leaves: its promise is stored already. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { BallotLimits } from "../../firmware/core/paxos-limits.js";
import { createBus } from "../../host/bus/bus.js";
import type { Network } from "../../host/network.js";
import { planOf } from "../../host/plan.js";
import { nativeBoard } from "../../host/sim/board.js";
import type { SimBoard } from "../../host/sim/board.js";
import { createReader } from "../../host/sim/frames.js";
import { HUB, isFrame, networkOf, steady } from "../bus/drive.js";
import type { FrameEvent } from "../../host/trace/events.js";

class PowerLost extends Error {}

const BOARD = 1;

/** Runs ballots in which board 1 goes down as its frame of a round of ballot 1 leaves. */
const cutAt = (network: Network, round: number): FrameEvent[] => {
  const frames: FrameEvent[] = [];
  const bus = createBus(network, planOf(network), undefined, (event) => {
    if (isFrame(event) && event.to === HUB && event.from === BOARD) frames.push(event);
  });
  const read = createReader(network);
  const boards: SimBoard[] = network.boards.map((board) =>
    nativeBoard(network, board, (number, bytes, from, end) => {
      bus.answer(number, bytes, from, end);
      const frame = read(bytes.subarray(from, end));
      if (number === BOARD && frame?.low === 1 && frame.round === round) throw new PowerLost();
    }));
  boards.forEach((board, at) => {
    board.reading = steady(network)(0)[at];
  });
  for (let cycle = 0; cycle < 3; cycle++) {
    bus.open(cycle, []);
    for (let next = bus.step(); next; next = bus.step()) {
      const { board, bytes, length } = next;
      try {
        boards[board]!.receive(bytes.subarray(0, length));
      } catch (thrown) {
        if (!(thrown instanceof PowerLost)) throw thrown;
        void boards[board]!.restart();
      }
    }
  }
  return frames;
};

interface Told {
  readonly speaks: boolean;
  readonly mbal: number;
  readonly avBal: number;
}

/** The record in the board's frame of round 1 of ballot 2. */
const recordAfter = (network: Network, round: number): Told => {
  const { body, valueWidth } = network.boards[0]!.limits as BallotLimits;
  const frame = cutAt(network, round).find((one) => one.cycle === 2 && one.round === 1)!;
  const { payload } = createReader(network)(frame.bytes)!;
  const view = new DataView(payload.buffer, payload.byteOffset);
  return {
    speaks: (payload[0]! & 1) === 1, mbal: view.getUint32(1 + body, true),
    avBal: view.getUint32(1 + body + 4 + valueWidth, true),
  };
};

test("LOG.6: what a frame promised is stored before it leaves", () => {
  // A log, whose slot 1 is open in ballot 1; what ballot b promises is numbered b+1.
  const network = networkOf(4, 1, { algorithm: "lbp", promises: "stored", keep: 2 });
  const [relay, back] = [network.rounds - 1, network.rounds];
  assert.equal(recordAfter(network, 1).speaks, true);
  assert.deepEqual(recordAfter(network, relay), { speaks: true, mbal: 0, avBal: 2 });
  assert.deepEqual(recordAfter(network, back), { speaks: true, mbal: 2, avBal: 2 });
});

test("LOG.5: where nothing is stored, it is silent", () => {
  const network = networkOf(4, 1, { algorithm: "lbp", keep: 2 });
  for (let round = 1; round <= network.rounds; round++) {
    assert.equal(recordAfter(network, round).speaks, false);
  }
});
