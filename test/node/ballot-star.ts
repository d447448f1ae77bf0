/**
 * Nodes that run ballots, around a hub that relays at once or loses frames. Board 0 may be cut off
 * from its power at any byte that it stores, and before and after any frame; it then starts again,
 * with what its files hold. Any board may be restarted, hear again what was said, or have a store
 * that fails.
 */
import { ballotLayout } from "../../firmware/ballots/layout.js";
import type { BallotLayout, BallotShape } from "../../firmware/ballots/layout.js";
import { FAB, createFab } from "../../firmware/core/fab.js";
import { createLedFab } from "../../firmware/core/led-fab.js";
import { createPaxos } from "../../firmware/core/paxos.js";
import {
  createNode, firstRound, integer, lastRound, majority, oral,
} from "../../firmware/index.js";
import type { Node, Parts } from "../../firmware/index.js";
import { NAIVE_HUB, naiveCrc, naiveEncode, naiveHeader, naiveWord } from "../frame/naive-codec.js";

const CUT = new Error("the power is cut");

/** What a board said that binds it: a record, a 2av, a 2b or an accepted, as payload bytes. */
export interface Said {
  readonly cycle: number;
  readonly round: number;
  /** In which life of its board, from 1. */
  readonly life: number;
  readonly payload: readonly number[];
}

/** An order that was carried out. */
export interface Acted {
  readonly cycle: number;
  /** The round that was open; one more than there are: the cycle was closed. */
  readonly round: number;
  readonly said: number;
  readonly slot: number | undefined;
  /** The cycle and the vector that the node shows then. */
  readonly shown: number;
  readonly vector: readonly (number | undefined)[];
}

/** What a board did for an order that was not decided yet, or took back. */
export interface Tried {
  readonly cycle: number;
  /** As for `Acted`; 0: before it hears anything after a restart. */
  readonly round: number;
  readonly life: number;
  readonly said: number;
  readonly slot: number;
  readonly order: number;
  /** What stands in its place, where it was taken back. */
  readonly before: number | undefined;
}

/** What a write leaves behind that was cut off after `bytes` bytes. */
export type Torn = (old: readonly number[], fresh: readonly number[], bytes: number) => number[];

/** What becomes of a write; `deaf`: it lands,
  and reading it back fails; `cut`: torn by a restart. */
export type WriteFate = "done" | "refused" | "torn" | "deaf" | "cut";

export interface BallotStar {
  readonly layout: BallotLayout;
  /** By board, all that has left it. */
  readonly said: readonly Said[][];
  /** By board, what it carried out in all its lives: slot and order. */
  readonly decided: readonly (readonly [number, number])[][];
  /** By board, each time that it carried out an order: when, after how many frames, which slot. */
  readonly acts: readonly Acted[][];
  /** By board, what it did before that was decided, and what it took back. */
  readonly tried: readonly Tried[][];
  /** Steps that board 0 has gone through: bytes stored, and two for each frame. */
  readonly steps: number;
  /** In how many lives board 0 has been. */
  readonly lives: number;
  readonly nodes: readonly Node<number>[];
  /** By board, what lies in its places. */
  readonly files: readonly Map<number, number[]>[];
  /** By board, the order that it carried out last, be it new or not. */
  readonly orders: readonly number[];
  /** What becomes of a write that a board begins now; round 0: before its first. */
  fate: (board: number, cycle: number, round: number) => WriteFate;
  /** What a liar says in place of `payload`. */
  alter: (cycle: number, round: number, sender: number, payload: readonly number[]) =>
    readonly number[];
  /** The same, of one who says something else to each. */
  split: (cycle: number, round: number, sender: number, receiver: number) =>
    readonly number[] | undefined;
  /** What is called before each round. */
  between: (cycle: number, round: number) => void;
  /** Takes a board's memory away, but for its files. */
  restart(board: number): void;
  /** What was said in a cycle comes to a board again: the opening alone, or the whole. */
  repeat(board: number, cycle: number, whole: boolean): void;
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
  const { width } = ballotLayout(shape, 0, false);
  return naiveImage(shape, 0, 0, shape.stored ? Array<number>(8 + width).fill(0) : []);
};

export const createBallotStar = (
  shape: BallotShape, reading: (board: number) => number, power: Power,
): BallotStar => {
  const layout = ballotLayout(shape, 0, false);
  const word = naiveWord({ ...shape, width: layout.width });
  const said: Said[][] = [];
  const decided: [number, number][][] = [];
  const acts: Acted[][] = [];
  const tried: Tried[][] = [];
  const files = Array.from({ length: shape.boards }, () => new Map([[3, naiveFirst(shape)]]));
  let steps = 0;
  let lives = 1;
  let away = 0;
  // Whether the power has gone. What a board calls catches all that is thrown, that too.
  let spent = false;
  let open = { cycle: 0, round: 0 };
  const outbox: { sender: number; frame: number[] }[] = [];
  const orders = files.map(() => 0);
  const deaf = files.map(() => -1);
  // What came to anybody, by cycle: beacons and frames, in the order in which they came.
  const heard = new Map<number, { sender: number; frame: number[] }[]>();

  const step = (board: number) => {
    if (board === 0 && ++steps >= power.cut && !spent) throw CUT;
  };

  const placesOf = (board: number): NonNullable<Parts<number>["places"]> => ({
    read(place) {
      if (place !== deaf[board]) return files[board]!.get(place);
      deaf[board] = -1;
      return undefined;
    },
    write(place, bytes) {
      const fresh = [...bytes];
      const fate = star.fate(board, open.cycle, open.round);
      if (fate === "refused") return;
      if (fate === "torn" || fate === "cut") files[board]!.set(place, fresh.slice(0, 5));
      if (fate === "cut") throw CUT;
      if (fate === "torn") return;
      if (fate === "deaf") deaf[board] = place;
      for (let byte = 0; byte <= fresh.length; byte++) {
        if (board === 0 && steps + 1 === power.cut) {
          files[board]!.set(place, power.torn(files[board]!.get(place) ?? [], fresh, byte));
        }
        step(board);
      }
      files[board]!.set(place, fresh);
    },
  });

  const note = (self: number, order: number, slot: number, before: number | undefined) => {
    tried[self]!.push({
      ...open, life: self ? 1 : lives, said: said[self]!.length, slot, order, before,
    });
  };

  const start = (self: number): Node<number> => {
    const own = ballotLayout(shape, self, false);
    return createNode<number>(own, {
      agree: oral(own), protocol: shape.review ? createLedFab
        : shape.protocol === FAB ? createFab : createPaxos,
      type: integer("Uint8"), choose: majority<number>, fallback: 0,
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
      retract(order, slot, before) {
        step(self);
        orders[self] = before;
        note(self, order, slot, before);
        step(self);
      },
      act(order, slot, tentative) {
        if (tentative) {
          step(self);
          orders[self] = order;
          note(self, order, slot!, undefined);
          step(self);
          return;
        }
        orders[self] = order;
        const { cycle, vector } = nodes[self]!;
        acts[self]!.push({
          ...open, said: said[self]!.length, slot, shown: cycle, vector: [...vector],
        });
        if (slot !== undefined) decided[self]!.push([slot, order]);
      },
    });
  };

  const nodes = files.map((_, board) => {
    said[board] = [];
    decided[board] = [];
    acts[board] = [];
    tried[board] = [];
    return start(board);
  });

  const tell = (board: number, bytes: readonly number[]) => {
    if (board === 0 && away) return;
    try {
      nodes[board]!.receive(Uint8Array.from(bytes));
      if (board === 0 && steps >= power.cut && !spent) throw CUT;
    } catch (thrown) {
      if (thrown !== CUT) throw thrown;
      if (!board) spent = true;
      if (board) star.restart(board);
      else {
        away = power.away;
        lives++;
        if (!away) nodes[board] = start(board);
      }
    }
  };

  // A frame as its sender's liar has it, if it is one.
  const altered = (sender: number, frame: number[]): number[] => {
    const { payload } = said[sender]!.at(-1)!;
    const lie = star.alter(open.cycle, open.round, sender, payload);
    return lie === payload
      ? frame : naiveEncode(word, naiveHeader(open.round, sender), open.cycle, lie);
  };

  const star: BallotStar = {
    layout, said, decided, acts, tried, nodes, files, orders,
    fate: () => "done",
    alter: (_cycle, _round, _sender, payload) => payload,
    split: () => undefined,
    between: () => {},
    restart(board) {
      deaf[board] = -1;
      nodes[board] = start(board);
    },
    repeat(board, cycle, whole) {
      const now = open;
      open = { cycle, round: 0 };
      for (const { sender, frame } of heard.get(cycle)!.slice(0, whole ? Infinity : 1)) {
        if (sender === NAIVE_HUB) open.round++;
        if (sender !== board) tell(board, frame);
      }
      // What it answers to that comes to nobody.
      outbox.length = 0;
      open = now;
    },
    get steps() {
      return steps;
    },
    get lives() {
      return lives;
    },
    run(cycle, lost) {
      const log: { sender: number; frame: number[] }[] = [];
      heard.set(cycle, log);
      const first = firstRound(layout, cycle);
      const last = lastRound(layout, cycle);
      for (let round = first; round <= last + 1; round++) {
        const closes = round > last;
        if (away && !--away) nodes[0] = start(0);
        star.between(cycle, round);
        open = { cycle, round };
        const high = [8, 16, 24].map((shift) => (cycle >>> shift) & 255);
        const beacon = naiveEncode(
          word, naiveHeader(closes ? 0 : round, NAIVE_HUB), cycle, round === first ? high : [],
        );
        log.push({ sender: NAIVE_HUB, frame: beacon });
        for (let board = 0; board < shape.boards; board++) {
          if (!lost(round, NAIVE_HUB, board)) tell(board, beacon);
        }
        for (const { sender, frame: honest } of outbox.splice(0)) {
          const frame = altered(sender, honest);
          log.push({ sender, frame });
          for (let board = 0; board < shape.boards; board++) {
            if (board === sender || lost(round, sender, board)) continue;
            const lie = star.split(cycle, round, sender, board);
            tell(board, lie
              ? naiveEncode(word, naiveHeader(round, sender), cycle, lie) : frame);
          }
        }
      }
    },
  };
  return star;
};
