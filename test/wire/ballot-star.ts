/**
 * Nodes that run ballots, around a hub that relays at once or loses frames. Any of them may be cut
 * off from its power at any byte that it stores, and before and after any frame; it then starts
 * again, with what its files hold.
 */
import { createNode, findRoutes, integer, majority } from "../../firmware/index.js";
import { ballotLimits } from "../../firmware/core/paxos-limits.js";
import type { BallotLimits, BallotShape } from "../../firmware/core/paxos-limits.js";
import type { Node, Parts } from "../../firmware/index.js";
import { NAIVE_HUB, naiveCrc, naiveEncode, naiveHeader, naiveWord } from "./naive-codec.js";

const CUT = new Error("the power is cut");

/** What a board said that binds it: a record, a 2av, a 2b or an accepted, as payload bytes. */
export interface Said {
  readonly cycle: number;
  readonly round: number;
  /** In which life of its board, from 1. */
  readonly life: number;
  readonly payload: readonly number[];
}

/** What a write leaves behind that was cut off after `bytes` bytes. */
export type Torn = (old: readonly number[], fresh: readonly number[], bytes: number) => number[];

export interface BallotStar {
  readonly limits: BallotLimits;
  /** By board, all that has left it. */
  readonly said: readonly Said[][];
  /** By board, what it carried out in all its lives: slot and order. */
  readonly decided: readonly (readonly [number, number])[][];
  /** Steps that board 0 has gone through: bytes stored, and two for each frame. */
  readonly steps: number;
  /** In how many lives board 0 has been. */
  readonly lives: number;
  readonly nodes: readonly Node<number>[];
  /** One cycle; `lost` says which frames do not come, the hub's beacons included. */
  run(cycle: number, lost: (round: number, sender: number, receiver: number) => boolean): void;
}

export interface Power {
  /** The step of board 0 in which the power goes; Infinity: it stays. */
  readonly cut: number;
  readonly torn: Torn;
  /** For how many rounds it is gone. */
  readonly away: number;
}

/** Most significant byte first. */
const bytesOf = (word: number): number[] => [24, 16, 8, 0].map((shift) => (word >>> shift) & 255);

/**
 * An image as BALLOT.6 reads.
 *
 * @param ballot one more than the last in which anything may have been promised
 */
export const naiveImage = (
  { mark = 0 }: BallotShape, number: number, ballot: number, rest: readonly number[] = [],
): number[] => {
  const content = [...bytesOf(number), ...bytesOf(ballot), ...rest];
  return [...content, ...bytesOf((naiveCrc(content) ^ mark) >>> 0)];
};

/** Image 0 of a board that is new. */
export const naiveFirst = (shape: BallotShape): number[] => {
  const { width } = ballotLimits(shape, 0, false);
  return naiveImage(shape, 0, 0, shape.stored ? Array<number>(8 + width).fill(0) : []);
};

export const createBallotStar = (
  shape: BallotShape, reading: (board: number) => number, power: Power,
): BallotStar => {
  const limits = ballotLimits(shape, 0, false);
  const word = naiveWord({ ...shape, width: limits.width });
  const said: Said[][] = [];
  const decided: [number, number][][] = [];
  const files = Array.from({ length: shape.boards }, () => new Map([[3, naiveFirst(shape)]]));
  let steps = 0;
  let lives = 1;
  let away = 0;
  let open = { cycle: 0, round: 0 };
  const outbox: { sender: number; frame: number[] }[] = [];

  const step = (board: number) => {
    if (board === 0 && ++steps === power.cut) throw CUT;
  };

  const placesOf = (board: number): NonNullable<Parts<number>["places"]> => ({
    read: (place) => files[board]!.get(place),
    write(place, bytes) {
      const fresh = [...bytes];
      for (let byte = 0; byte <= fresh.length; byte++) {
        if (board === 0 && steps + 1 === power.cut) {
          files[board]!.set(place, power.torn(files[board]!.get(place) ?? [], fresh, byte));
        }
        step(board);
      }
      files[board]!.set(place, fresh);
    },
  });

  const start = (self: number): Node<number> => {
    const own = ballotLimits(shape, self, false);
    return createNode<number>(own, {
      routes: findRoutes(own), type: integer("Uint8"), choose: majority<number>, fallback: 0,
      places: placesOf(self),
    }, {
      send(bytes, from, end) {
        const frame = [...bytes.subarray(from, end)];
        const { round } = open;
        const at = own.levels[round - 1]!;
        const payload = [...bytes.subarray(at, at + own.payloads[round]!)];
        step(self);
        outbox.push({ sender: self, frame });
        said[self]!.push({ ...open, life: self ? 1 : lives, payload });
        step(self);
      },
      read: () => reading(self),
      act(order, slot) {
        if (slot !== undefined) decided[self]!.push([slot, order]);
      },
    });
  };

  const nodes = files.map((_, board) => {
    said[board] = [];
    decided[board] = [];
    return start(board);
  });

  const tell = (board: number, bytes: readonly number[]) => {
    if (board === 0 && away) return;
    try {
      nodes[board]!.receive(Uint8Array.from(bytes));
    } catch (thrown) {
      if (thrown !== CUT) throw thrown;
      away = power.away;
      lives++;
      if (!away) nodes[board] = start(board);
    }
  };

  return {
    limits, said, decided, nodes,
    get steps() {
      return steps;
    },
    get lives() {
      return lives;
    },
    run(cycle, lost) {
      for (let round = 1; round <= limits.rounds + 1; round++) {
        const closes = round > limits.rounds;
        if (away && !--away) nodes[0] = start(0);
        open = { cycle, round };
        const high = [8, 16, 24].map((shift) => (cycle >>> shift) & 255);
        const beacon = naiveEncode(
          word, naiveHeader(closes ? 0 : round, NAIVE_HUB), cycle, round === 1 ? high : [],
        );
        for (let board = 0; board < shape.boards; board++) {
          if (!lost(round, NAIVE_HUB, board)) tell(board, beacon);
        }
        for (const { sender, frame } of outbox.splice(0)) {
          for (let board = 0; board < shape.boards; board++) {
            if (board !== sender && !lost(round, sender, board)) tell(board, frame);
          }
        }
      }
    },
  };
};
