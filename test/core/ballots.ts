/**
 * Boards that run ballots, of the product's cores, without frames, nodes or time: payloads go from
 * arena to arena.
 */
import type { Algorithm } from "../../firmware/core/algorithm.js";
import { createFab } from "../../firmware/core/fab.js";
import { createRotatingLeader, createVirtualLeader } from "../../firmware/core/leader.js";
import type { Close } from "../../firmware/core/leader.js";
import { createLedger } from "../../firmware/core/ledger.js";
import type { Ledger, Promises } from "../../firmware/core/ledger.js";
import { NO_BALLOTS } from "../../firmware/core/limits.js";
import { createOm } from "../../firmware/core/om.js";
import { ballotLimits } from "../../firmware/core/paxos-limits.js";
import type { BallotLimits, BallotShape } from "../../firmware/core/paxos-limits.js";
import { createPaxos } from "../../firmware/core/paxos.js";
import { findRoutes } from "../../firmware/core/paths.js";

/** Ballots that these boards reserve at once (LOG.5), unless a test says more. */
const RESERVE = 2;

export const shapeOf = (
  ballots: "paxos" | "fab", boards: number, traitors: number, keep = 0, rotating = false,
): BallotShape & Required<Pick<BallotShape, "reserve" | "mark">> => ({
  ...NO_BALLOTS, ballots, boards, traitors, keep, rotating, width: 1, commander: -1,
  reserve: RESERVE, mark: 0x51a7,
});

/** What a board finds after a restart, as its store has it. */
export interface Disk {
  ballot: number;
  from: number;
  acted: number;
  record: Uint8Array | undefined;
  /** What was carried out, by slot: a value, or -1 where the slot was skipped. */
  readonly log: number[];
}

/** The store of a board that is new. */
const newDisk = (): Disk => ({ ballot: 0, from: 0, acted: 0, record: undefined, log: [] });

/**
 * LOG.5 and LOG.6 as they read, on an object that outlasts the board.
 *
 * @param refuses whether a write fails, and leaves everything as it was
 */
export const promisesOn = (
  { stored, reserve, width, levels }: BallotLimits, arena: Uint8Array, disk: Disk,
  refuses: () => boolean = () => false,
): Promises => {
  const own = levels[0]! + 1;
  if (disk.record) arena.set(disk.record, own);
  return {
    ballot: disk.ballot, from: disk.from, acted: disk.acted,
    keep(ballot, acted, from) {
      if (!stored && ballot <= disk.ballot) return true;
      if (refuses()) return false;
      if (stored) {
        Object.assign(disk, {
          ballot: ballot || disk.ballot, acted, from, record: arena.slice(own, own + width),
        });
      } else Object.assign(disk, { ballot: ballot - 1 + reserve, from: 0xffffffff });
      return true;
    },
  };
};

/** One board: the core, and what its node would do around it. */
export interface Board {
  readonly limits: BallotLimits;
  readonly arena: Uint8Array;
  readonly close: Close;
  readonly ledger: Ledger;
  /** See `Disk.log`. */
  readonly log: readonly number[];
  /** Carries out what is decided: it is then in `log`. */
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

/** A board as it is after power-up, with what its store holds. */
const createBoard = (
  shape: BallotShape, self: number, drawn: boolean, disk: Disk, refuses: () => boolean,
): Board => {
  const limits = ballotLimits(shape, self, false);
  const arena = new Uint8Array(limits.end);
  const view = new DataView(arena.buffer);
  const om = drawn ? drawnVector(limits, arena) : createOm(limits, findRoutes(limits), arena);
  const ledger = createLedger(
    limits, arena, view, om, promisesOn(limits, arena, disk, refuses));
  const choose = (to: number) => {
    arena[to] = mostCommon(ledger.entry, arena, shape.boards);
    return to;
  };
  const led = shape.ballots === "fab"
    ? createFab(limits, arena, ledger, choose)
    : createPaxos(limits, arena, view, ledger, choose);
  const close = shape.rotating
    ? createRotatingLeader(limits, om, ledger, led)
    : createVirtualLeader(limits, om, led);
  const { log } = disk;
  return {
    limits, arena, close, ledger, log,
    note() {
      ledger.act((at, slot) => {
        while (log.length < slot) log.push(-1);
        log.push(arena[at]!);
        if (log.length !== slot + 1) throw new Error(`slot ${slot} is carried out twice`);
      });
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
  /** Takes a board's memory away, but for what its store holds. */
  restart(board: number): void;
  /** Puts a board in the place of one, which has never run. */
  renew(board: number): void;
  /** Whether a board's store refuses what is written now. */
  refuses: (board: number) => boolean;
  /** One more than the ballot that `board` takes part in; 0 where it says nothing that binds. */
  ballotOf(board: number): number;
}

/** @param drawn whether vectors are drawn, by the channel, instead of agreed upon */
export const createBallots = (shape: BallotShape, drawn = false): Ballots => {
  const { boards: count, traitors } = shape;
  const disks = Array.from({ length: count }, newDisk);
  const create = (self: number) =>
    createBoard(shape, self, drawn, disks[self]!, () => ballots.refuses(self));
  const boards = disks.map((_, self) => create(self));
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
      if (!shape.stored) disks[board]!.log.length = 0;
      boards[board] = create(board);
    },
    renew(board) {
      disks[board] = newDisk();
      boards[board] = create(board);
    },
    refuses: () => false,
    ballotOf: (board) => boards[board]!.ledger.ballot,
  };
  return ballots;
};
