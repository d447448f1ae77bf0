/**
 * Boards that run ballots, of the product's cores, without frames, nodes or time: payloads go from
 * arena to arena.
 */
import type { Algorithm } from "../../firmware/core/algorithm.js";
import { createFab } from "../../firmware/core/fab.js";
import { createRotatingLeader, createVirtualLeader } from "../../firmware/core/leader.js";
import type { Close } from "../../firmware/core/leader.js";
import { createLedger } from "../../firmware/core/ledger.js";
import type { Ledger } from "../../firmware/core/ledger.js";
import { NO_BALLOTS } from "../../firmware/core/limits.js";
import { createOm } from "../../firmware/core/om.js";
import { ballotLimits } from "../../firmware/core/paxos-limits.js";
import type { BallotLimits, BallotShape } from "../../firmware/core/paxos-limits.js";
import { createPaxos } from "../../firmware/core/paxos.js";
import { findRoutes } from "../../firmware/core/paths.js";

export const shapeOf = (
  ballots: "paxos" | "fab", boards: number, traitors: number, keep = 0, rotating = false,
): BallotShape => ({
  ...NO_BALLOTS, ballots, boards, traitors, keep, rotating, width: 1, commander: -1, first: 0,
});

/** One board: the core, and what its node would do around it. */
export interface Board {
  readonly limits: BallotLimits;
  readonly arena: Uint8Array;
  readonly close: Close;
  readonly ledger: Ledger;
  /** What was decided, by slot: a value, or -1 where the slot was skipped. */
  readonly log: number[];
  /** Takes new decisions over into `log`. */
  note(): void;
}

/** The fixed rule of these tests: the proposal that most have, of several the least; or 0. */
const mostCommon = (entry: (of: number) => number, arena: Uint8Array, boards: number): number => {
  let best = 0;
  let most = 0;
  for (let one = 0; one < boards; one++) {
    const at = entry(one);
    if (at < 0) continue;
    let count = 0;
    for (let other = 0; other < boards; other++) {
      if (entry(other) >= 0 && arena[entry(other)] === arena[at]) count++;
    }
    if (count > most || (count === most && arena[at]! < best)) {
      most = count;
      best = arena[at]!;
    }
  }
  return best;
};

/**
 * What stands in OM's place where vectors are drawn instead of agreed upon, as far as the lemma
 * "truth or nothing" allows. Entries lie where OM would have them.
 */
const drawnVector = (limits: BallotLimits, arena: Uint8Array): Algorithm => ({
  close() {},
  entry(of) {
    const { self, width, levels, bitmaps } = limits;
    if (of === self) return arena[levels[0]!]! & 1 ? levels[0]! + 1 : -1;
    const index = of - (of > self ? 1 : 0);
    const here = (arena[levels[1]! + (index >> 3)]! >> (index & 7)) & 1;
    return here ? levels[1]! + bitmaps[2]! + index * width : -1;
  },
});

/** A board as it is after power-up: with nothing in its memory. */
const createBoard = (shape: BallotShape, self: number, drawn: boolean): Board => {
  const limits = ballotLimits(shape, self, false);
  const arena = new Uint8Array(limits.end);
  const view = new DataView(arena.buffer);
  const om = drawn ? drawnVector(limits, arena) : createOm(limits, findRoutes(limits), arena);
  const ledger = createLedger(limits, arena, view, om);
  const choose = (to: number) => {
    arena[to] = mostCommon(ledger.entry, arena, shape.boards);
    return to;
  };
  const led = shape.ballots === "fab"
    ? createFab(limits, arena, ledger, choose)
    : createPaxos(limits, arena, view, ledger, choose);
  const close = shape.rotating
    ? createRotatingLeader(limits, om, ledger, led, arena)
    : createVirtualLeader(limits, om, led);
  const log: number[] = [];
  return {
    limits, arena, close, ledger, log,
    note() {
      const last = shape.keep ? Infinity : 1;
      for (let at = 0; log.length < last && at !== -1; ) {
        at = ledger.decided(log.length);
        if (at !== -1) log.push(at < 0 ? -1 : arena[at]!);
      }
    },
  };
};

/** What stands for a round where the vector is drawn: the sender's record is what is said. */
export const RECORDS = 0;

/**
 * Called for each payload of each sender and receiver, when its honest copy lies at `arena[at..]`
 * of the receiver: alters what the sender says to this receiver.
 *
 * @returns false where the receiver hears nothing
 */
export type BallotChannel = (
  round: number, sender: number, receiver: number, arena: Uint8Array, at: number,
) => boolean;

export interface Ballots {
  readonly shape: BallotShape;
  readonly boards: Board[];
  /** What is called before a board closes a round, if anything is. */
  watch: (board: number, round: number, heard: number) => void;
  /** What is called when a board has opened a ballot. */
  opened: (board: number, ballot: number, proposal: number) => void;
  /**
   * One ballot.
   *
   * @param proposals by board; -1 for none
   * @param deaf the boards that miss its opening
   */
  run(ballot: number, proposals: ArrayLike<number>, channel: BallotChannel, deaf?: number): void;
  /** Takes a board's memory away. */
  restart(board: number): void;
  /** One more than the ballot that `board` takes part in; 0 where it says nothing that binds. */
  ballotOf(board: number): number;
}

/** @param drawn whether vectors are drawn, by the channel, instead of agreed upon */
export const createBallots = (shape: BallotShape, drawn = false): Ballots => {
  const { boards: count, traitors } = shape;
  const boards = Array.from({ length: count }, (_, self) => createBoard(shape, self, drawn));
  const { payloads, rounds, width } = boards[0]!.limits;
  const records = new Uint8Array(count * (1 + width));
  const heard = new Int32Array(count);
  const nothing = () => {};

  const carry = (round: number, sender: number, receiver: number, channel: BallotChannel) => {
    const { limits, arena } = boards[receiver]!;
    const source = boards[sender]!;
    const from = source.limits.levels[round - 1]!;
    const at = limits.heard + sender * limits.block;
    for (let byte = 0; byte < payloads[round]!; byte++) {
      arena[at + byte] = source.arena[from + byte]!;
    }
    if (channel(round, sender, receiver, arena, at)) heard[receiver]! |= 1 << sender;
  };

  const draw = (receiver: number, channel: BallotChannel) => {
    const { limits, arena } = boards[receiver]!;
    for (let of = 0; of < count; of++) {
      if (of === receiver) continue;
      const index = of - (of > receiver ? 1 : 0);
      const at = limits.levels[1]! + limits.bitmaps[2]! + index * width;
      const from = of * (1 + width);
      for (let byte = 0; byte < width; byte++) arena[at + byte] = records[from + 1 + byte]!;
      const said = channel(RECORDS, of, receiver, arena, at) ? 1 : 0;
      const bit = 1 << (index & 7);
      const bits = limits.levels[1]! + (index >> 3);
      arena[bits] = arena[bits]! & ~bit | (said && records[from]! !== 0 ? bit : 0);
    }
  };

  const ballots: Ballots = {
    shape, boards, watch: nothing, opened: nothing,
    run(ballot, proposals, channel, deaf = 0) {
      boards.forEach(({ arena, ledger }, self) => {
        const known = (deaf >> self) & 1 ? -1 : ballot;
        const at = ledger.open(known);
        const proposal = known < 0 ? -1 : proposals[self]!;
        if (at >= 0) {
          arena[at] = proposal < 0 ? 0 : 1;
          if (proposal >= 0) arena[at + 1] = proposal;
        }
        ballots.opened(self, known, proposal);
      });
      if (drawn) {
        boards.forEach(({ arena, limits }, self) => {
          const own = limits.levels[0]!;
          records.set(arena.subarray(own, own + 1 + width), self * (1 + width));
        });
        for (let self = 0; self < count; self++) {
          draw(self, channel);
          boards[self]!.close(traitors + 1, 0);
        }
      }
      for (let round = drawn ? traitors + 2 : 1; round <= rounds; round++) {
        for (let receiver = 0; receiver < count; receiver++) {
          heard[receiver] = 0;
          for (let sender = 0; sender < count; sender++) {
            if (sender !== receiver) carry(round, sender, receiver, channel);
          }
        }
        for (let self = 0; self < count; self++) {
          ballots.watch(self, round, heard[self]!);
          boards[self]!.close(round, heard[self]!);
        }
      }
      for (const board of boards) board.note();
    },
    restart(board) {
      boards[board] = createBoard(shape, board, drawn);
    },
    ballotOf: (board) => boards[board]!.ledger.ballot,
  };
  return ballots;
};
