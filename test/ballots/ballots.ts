/**
 * Boards that run ballots, of the product's cores, without frames, nodes or time: payloads go from
 * arena to arena.
 */
import { ballotLayout } from "../../firmware/ballots/layout.js";
import type { BallotLayout, BallotShape } from "../../firmware/ballots/layout.js";
import type { Close } from "../../firmware/ballots/leader.js";
import { createPromises } from "../../firmware/ballots/promises.js";
import type { Algorithm } from "../../firmware/base/algorithm.js";
import { COUNTERS } from "../../firmware/base/counters.js";
import { firstRound, lastRound } from "../../firmware/base/turns.js";
import { createOm } from "../../firmware/core/om.js";
import { findRoutes } from "../../firmware/core/paths.js";
import type { Routes } from "../../firmware/core/paths.js";
import { createReports } from "../../firmware/core/reports.js";
import { createBallots as createProductBallots } from "../../firmware/node/ballots.js";
import type { Ballots as Product } from "../../firmware/node/ballots.js";
import { mostCommon } from "./most-common.js";
import { CREATE } from "./shapes.js";
import { CUT, createStore } from "./stores.js";
import type { Fate, Store } from "./stores.js";

export { shapeOf } from "./shapes.js";

/** One board: the core, and what its node would do around it. */
export interface Board {
  readonly layout: BallotLayout;
  readonly arena: Uint8Array;
  readonly close: Close;
  readonly ledger: Product;
  readonly store: Store;
  /** What was carried out, by slot: a value, or -1 where the slot was skipped. */
  readonly log: readonly number[];
  /** Carries out what is decided: it is then in `log`. */
  note(): void;
}

/**
 * What stands in OM's place where vectors are drawn instead of agreed upon, as far as the lemma
 * "truth or nothing" allows. Entries lie where OM would have them.
 */
const drawnVector = (layout: BallotLayout, arena: Uint8Array): Algorithm => ({
  close() {},
  entry(of) {
    const { self, width, levels, bitmaps } = layout;
    if (of === self) return arena[levels[0]!]! & 1 ? levels[0]! + 1 : -1;
    const index = of - (of > self ? 1 : 0);
    const here = (arena[levels[1]! + (index >> 3)]! >> (index & 7)) & 1;
    return here ? levels[1]! + bitmaps[2]! + index * width : -1;
  },
});

/** A board as it is after power-up, with what its store holds. */
const createBoard = (
  shape: BallotShape, layout: BallotLayout, routes: Routes | undefined, store: Store,
  log: number[], carried: (slot: number, value: number) => void,
): Board => {
  const arena = new Uint8Array(layout.end);
  const view = new DataView(arena.buffer);
  const om = layout.direct || layout.learner ? createReports(layout, arena)
    : routes ? createOm(layout, routes, arena) : drawnVector(layout, arena);
  const counts = new Uint32Array(COUNTERS.length);
  const promises = createPromises(layout, arena, counts, store.places);
  const protocol = CREATE.get(shape.protocol)!;
  const ledger: Product = createProductBallots(layout, arena, view, om, protocol, (to) => {
    arena[to] = mostCommon(ledger.entry, arena, shape.boards);
    return to;
  }, promises);
  return {
    layout, arena, close: ledger.close, ledger, store, log,
    note() {
      ledger.act((at, slot) => {
        while (log.length < slot) log.push(-1);
        log.length = slot;
        log.push(arena[at]!);
        carried(slot, arena[at]!);
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

/** What was said in a ballot, as it may come again: by round and sender, the payload. */
export interface Past {
  ballot: number;
  readonly said: readonly Uint8Array[];
  /** What was said once more, where a board heard that ballot again; by round, by whom. */
  readonly again: readonly Uint8Array[];
  readonly repeated: Uint32Array;
}

export interface Ballots {
  readonly shape: BallotShape;
  readonly boards: Board[];
  /** The ballots since `renew`, the open one last. */
  readonly past: Past[];
  /** What is called before a board closes a round, if anything is. */
  watch: (board: number, round: number, heard: number) => void;
  /** What is called when a board has opened a ballot. */
  opened: (board: number, ballot: number, proposal: number) => void;
  /** What is called before each round of a ballot, and before its end, as one round more. */
  between: (round: number) => void;
  /** Whether a board misses the beacon that begins `round`, or the end, one round more. */
  misses: (board: number, round: number) => boolean;
  /** What is called when a board has closed a round. */
  closed: (board: number) => void;
  /** What is called before and after a board carries out what is new, and for each order. */
  acting: (board: number) => void;
  acted: (board: number) => void;
  carried: (board: number, slot: number, value: number) => void;
  /** What is called when a board's power is cut in the middle of a write. */
  wasCut: (board: number) => void;
  /** What becomes of a board's next write; and see `createStore`. */
  fate: (board: number) => Fate;
  part: (most: number) => number;
  /**
   * One ballot.
   *
   * @param proposals by board; -1 for none
   * @param deaf the boards that miss its opening
   */
  run(ballot: number, proposals: ArrayLike<number>, channel: BallotChannel, deaf?: number): void;
  /**
   * `board` hears what was said in a ballot that has been: its opening, the rounds up to `rounds`,
   * and the end if that is one more than there are. What goes on meanwhile it misses.
   *
   * @param again the senders who are heard as they spoke when they heard it again, if they did
   */
  repeat(board: number, past: Past, rounds: number, again: number, channel: BallotChannel): void;
  /** Takes a board's memory away, but for what its store holds; it misses so many more rounds. */
  restart(board: number, away?: number): void;
  /** Puts boards in the place of all, which have never run. */
  renew(): void;
  /** One more than the ballot that `board` takes part in; 0 where it says nothing that binds. */
  ballotOf(board: number): number;
}

/**
 * @param drawn whether vectors are drawn, by the channel, instead of agreed upon
 * @param learners how many boards there are besides, that only hear (LEARN.1)
 * @param weaker what is otherwise in their numbers than the proofs ask for
 */
export const createBallots = (
  shape: BallotShape, drawn = false, learners = 0, weaker: Partial<BallotLayout> = {},
): Ballots => {
  const { boards: acceptors, traitors } = shape;
  const count = acceptors + learners;
  const stores = Array.from({ length: count }, (_, self) =>
    createStore(shape, () => ballots.fate(self), (most) => ballots.part(most)));
  const histories: number[][] = stores.map(() => []);
  const layout = stores.map((_, self) =>
    ({ ...ballotLayout(shape, self, false), ...(self < acceptors ? {} : weaker) }));
  const routes = layout.map((own) => (drawn || own.learner ? undefined : findRoutes(own)));
  const create = (self: number) => createBoard(
    shape, layout[self]!, routes[self], stores[self]!, histories[self]!,
    (slot, value) => {
      ballots.carried(self, slot, value);
    });
  const spare: Past[] = [];
  const heard = new Int32Array(count);
  // Of the open ballot, how many rounds a board has closed; -1: it did not hear it open. And how
  // many beacons it will miss.
  const closed = new Int32Array(count);
  const away = new Int32Array(count);
  // The round that is open; 0 between ballots.
  let live = 0;
  const nothing = () => {};
  const boards: Board[] = [];
  const ballots = { past: [] as Past[], fate: () => "done" } as unknown as Ballots;
  for (let self = 0; self < count; self++) boards[self] = create(self);
  const { payloads, rounds, width, levels, bitmaps } = layout[0]!;
  // Where vectors are drawn, the round that stands for those in which they are agreed upon.
  const first = drawn ? traitors + 1 : 1;
  // VIEW.1: the rounds of a cycle.
  const firstOf = (ballot: number) => Math.max(first, firstRound(layout[0]!, ballot));
  const lastOf = (ballot: number) => lastRound(layout[0]!, ballot);
  const isFast = (ballot: number) => firstRound(layout[0]!, ballot) > 1;
  let now = 0;
  const sizes = payloads.slice();
  if (drawn) sizes[first] = 1 + width;

  const begin = (ballot: number): Past => {
    const past = spare.pop() ?? {
      ballot, said: sizes.map((size) => new Uint8Array(size * acceptors)),
      again: sizes.map((size) => new Uint8Array(size * acceptors)),
      repeated: new Uint32Array(rounds + 1),
    };
    past.ballot = ballot;
    past.repeated.fill(0);
    ballots.past.push(past);
    return past;
  };

  const say = (self: number, round: number, to: Uint8Array) => {
    const { arena } = boards[self]!;
    const from = layout[self]!.levels[drawn && round === first ? 0 : round - 1]!;
    const size = sizes[round]!;
    for (let byte = 0; byte < size; byte++) to[self * size + byte] = arena[from + byte]!;
  };

  /** What `sender` said, at `from` of `said`, reaches `receiver`, or is lost. */
  const carry = (
    said: Uint8Array, round: number, sender: number, receiver: number, channel: BallotChannel,
  ) => {
    const { arena } = boards[receiver]!;
    const { heard: blocks, block, learner, exchanges } = layout[receiver]!;
    const size = sizes[round]!;
    const from = sender * size;
    // LEARN.2: of what is relayed a learner knows that it came, and no more.
    if (learner && !drawn && round > 1 && round <= exchanges) {
      heard[receiver]! |= 1 << sender;
      return;
    }
    if (drawn && round === first && !learner) {
      const index = sender - (sender > receiver ? 1 : 0);
      const at = levels[1]! + bitmaps[2]! + index * width;
      for (let byte = 0; byte < width; byte++) arena[at + byte] = said[from + 1 + byte]!;
      const arrives = channel(RECORDS, sender, receiver, arena, at) && said[from]! !== 0;
      const bits = levels[1]! + (index >> 3);
      const bit = 1 << (index & 7);
      arena[bits] = arena[bits]! & ~bit | (arrives ? bit : 0);
    } else {
      const at = blocks + sender * block;
      for (let byte = 0; byte < size; byte++) arena[at + byte] = said[from + byte]!;
      const arrives = drawn && round === first
        ? channel(RECORDS, sender, receiver, arena, at + 1)
        : channel(round, sender, receiver, arena, at);
      if (arrives) heard[receiver]! |= 1 << sender;
    }
  };

  const end = (self: number, round: number, from: number) => {
    ballots.watch(self, round, from);
    boards[self]!.close(drawn && round === first && layout[self]!.learner ? 1 : round, from);
    ballots.closed(self);
  };

  /** Does `work` for a board, which may be cut off from its power by it. */
  const guard = (self: number, work: () => void) => {
    try {
      work();
    } catch (thrown) {
      if (thrown !== CUT) throw thrown;
      ballots.wasCut(self);
      ballots.restart(self, ballots.part(2));
    }
  };

  const begins = (self: number, ballot: number, proposal: number, during = ballot) => {
    const { arena, ledger } = boards[self]!;
    closed[self] = -1;
    ledger.fast = isFast(during);
    const { learner, accepts } = layout[self]!;
    if (drawn && !ledger.fast && !learner) arena.fill(0, levels[1], levels[1]! + bitmaps[2]!);
    const at = ledger.open(ballot);
    if (at >= 0) {
      arena[at] = proposal < 0 ? 0 : 1;
      if (proposal >= 0) arena[at + 1] = proposal;
    }
    if (!learner && (ledger.fast || accepts)) ledger.speakFirst();
    closed[self] = firstOf(during) - 1;
    ballots.opened(self, ballot, proposal);
  };

  /** The beacon that begins `round`: what the board has missed ended without anything heard. */
  const beacon = (self: number, round: number) => {
    if (closed[self]! < 0) begins(self, -1, -1, now);
    while (closed[self]! < round - 1) {
      const over = ++closed[self]!;
      end(self, over, heard[self]!);
      heard[self] = 0;
    }
  };

  const hear = (self: number, round: number) => {
    guard(self, () => {
      beacon(self, round);
    });
  };

  const act = (self: number) => {
    ballots.acting(self);
    boards[self]!.note();
    ballots.acted(self);
  };

  /** All that is said in a round comes to those that are in it. */
  const relay = (past: Past, round: number, channel: BallotChannel) => {
    const said = past.said[round]!;
    let speakers = 0;
    for (let self = 0; self < acceptors; self++) {
      if (closed[self] === round - 1) {
        say(self, round, said);
        speakers |= 1 << self;
      } else said[self * sizes[round]!] = 0;
    }
    for (let receiver = 0; receiver < count; receiver++) {
      if (closed[receiver] !== round - 1) continue;
      for (let sender = 0; sender < acceptors; sender++) {
        if (sender === receiver) continue;
        carry(said, round, sender, receiver, channel);
        if (!((speakers >> sender) & 1)) heard[receiver]! &= ~(1 << sender);
      }
    }
  };

  return Object.assign(ballots, {
    shape, boards, watch: nothing, opened: nothing, between: nothing, closed: nothing,
    acting: nothing, acted: nothing, carried: nothing, wasCut: nothing,
    misses: () => false, fate: () => "done", part: () => 0,
    run(ballot, proposals, channel, deaf = 0) {
      const past = begin(ballot);
      const last = lastOf(ballot);
      now = ballot;
      for (let self = 0; self < count; self++) {
        closed[self] = -1;
        heard[self] = 0;
        if (away[self]) away[self]!--;
        else if (!((deaf >> self) & 1)) guard(self, () => {
            begins(self, ballot, proposals[self]!);
          });
      }
      for (live = firstOf(ballot); live <= last + 1; live++) {
        ballots.between(live);
        for (let self = 0; self < count; self++) {
          if (away[self]) away[self]!--;
          else if (ballots.misses(self, live)) continue;
          // Who does not know the ballot does not know its end either.
          else if (live <= last || closed[self]! >= 0) hear(self, live);
        }
        if (live <= last) relay(past, live, channel);
      }
      live = 0;
      for (let self = 0; self < count; self++) {
        if (closed[self] === last) guard(self, () => {
            act(self);
          });
      }
    },
    repeat(board, past, last, again, channel) {
      const ends = lastOf(past.ballot);
      const open = live && past === ballots.past.at(-1);
      const upTo = open ? Math.min(last, live - 1) : last;
      heard[board] = 0;
      guard(board, () => {
        begins(board, past.ballot, 1 + ballots.part(1));
        for (let round = firstOf(past.ballot); round <= Math.min(upTo, ends); round++) {
          beacon(board, round);
          for (let sender = 0; sender < acceptors; sender++) {
            if (sender === board) continue;
            const other = ((again & past.repeated[round]!) >> sender) & 1;
            carry((other ? past.again : past.said)[round]!, round, sender, board, channel);
          }
          if (layout[board]!.learner) continue;
          say(board, round, past.again[round]!);
          past.repeated[round]! |= 1 << board;
        }
        if (upTo > ends) {
          beacon(board, ends + 1);
          act(board);
        }
      });
      if (!open) {
        closed[board] = -1;
        heard[board] = 0;
      }
    },
    restart(board, rest = 0) {
      if (!shape.stored) histories[board]!.length = 0;
      boards[board] = create(board);
      closed[board] = -1;
      heard[board] = 0;
      away[board] = rest;
    },
    renew() {
      spare.push(...ballots.past.splice(0));
      for (let board = 0; board < count; board++) {
        stores[board]!.renew();
        histories[board]!.length = 0;
        ballots.restart(board);
      }
    },
    ballotOf: (board) => boards[board]!.ledger.ballot,
  } satisfies Omit<Ballots, "past">);
};
