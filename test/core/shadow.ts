/** Beside each board of the product a naive one, which hears the same and must say the same. */
import assert from "node:assert/strict";
import { arrangements } from "../../firmware/base/layout.js";
import { FAB } from "../../firmware/core/fab.js";
import type { Ballots } from "../ballots/ballots.js";
import { createNaiveBoard, cut, parse } from "../model/board.js";
import type { NaiveBoard, Past } from "../model/board.js";

const byte = (value: number): string => value.toString(16).padStart(2, "0");

/** The fixed rule of ballots.ts, once more. */
const mostCommon = (proposals: readonly (string | undefined)[]): string => {
  const said = proposals.filter((one) => one !== undefined).toSorted();
  const count = (value: string) => said.filter((other) => other === value).length;
  return said.toSorted((one, other) => count(other) - count(one))[0] ?? "00";
};

export interface Shadow {
  /** Compares what all boards remember, after a ballot. */
  compare(): void;
  restart(board: number): void;
  /** What has been compared. */
  compared: number;
}

export const createShadow = (ballots: Ballots): Shadow => {
  const shape = {
    ...ballots.shape, ballots: ballots.shape.protocol === FAB ? "fab" : "paxos",
  } as const;
  const { traitors: f } = shape;
  const create = (self: number, past?: Past) => createNaiveBoard(shape, self, mostCommon, past);
  const naive: NaiveBoard[] = ballots.boards.map((_, self) => create(self));

  const words = (round: number, payload: Uint8Array) =>
    cut(payload, round > f + 1 ? 1 : arrangements(shape.boards - 1, round - 1));

  /** What the product is about to say. */
  const said = (self: number, round: number) => {
    const { layout, arena } = ballots.boards[self]!;
    const at = layout.levels[round - 1]!;
    return words(round, arena.subarray(at, at + layout.payloads[round]!));
  };

  const shadow: Shadow = {
    compared: 0,
    compare() {
      naive.forEach((board, self) => {
        const { layout, arena, log } = ballots.boards[self]!;
        const own = layout.levels[0]! + 1;
        const record = Buffer.from(arena.subarray(own, own + layout.width)).toString("hex");
        const { paxos, accepted, slot, claims } = parse(record, shape);
        const memory = board.memory();
        assert.deepEqual(claims, memory.claims);
        assert.deepEqual([slot, accepted], [memory.slot, memory.accepted]);
        assert.deepEqual(
          [paxos.mbal, paxos.avBal, paxos.avPrev],
          [memory.paxos.mbal, memory.paxos.avBal, memory.paxos.avPrev]);
        if (paxos.mbal >= 0) assert.equal(paxos.mval, memory.paxos.mval);
        if (paxos.avBal >= 0) assert.equal(paxos.avVal, memory.paxos.avVal);
        board.carryOut();
        if (memory.claims.size) assert.equal(log.length, board.memory().acted);
        shadow.compared++;
      });
    },
    restart(board) {
      naive[board] = create(board, naive[board]!.past());
    },
  };
  ballots.opened = (self, ballot, proposal) => {
    naive[self]!.open(ballot, proposal < 0 ? undefined : byte(proposal));
    const word = said(self, 1)[0];
    const record = naive[self]!.record();
    assert.equal(word === undefined, record === undefined);
    if (word !== undefined && ballot >= 0) {
      assert.equal(parse(word, shape).proposal, record?.proposal);
    }
  };
  ballots.watch = (self, round, heard) => {
    const { layout, arena } = ballots.boards[self]!;
    const payloads = new Map<number, Uint8Array>();
    for (let board = 0; board < shape.boards; board++) {
      const at = layout.heard + board * layout.block;
      if ((heard >> board) & 1 && board !== self) {
        payloads.set(board, arena.slice(at, at + layout.payloads[round]!));
      }
    }
    if (round > 1) {
      const expected = naive[self]!.says(round);
      const actual = said(self, round).map((word) =>
        round > f + 1 ? word?.slice(0, 2 * shape.width) : word);
      assert.deepEqual(actual, expected);
    }
    naive[self]!.close(round, payloads);
  };
  return shadow;
};
