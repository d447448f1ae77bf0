import type { Mac } from "../auth/mac/mac.js";
import type { BallotLayout } from "../ballots/layout.js";
import type { CreateProtocol } from "../ballots/leader.js";
import type { Places } from "../ballots/promises.js";
import type { Algorithm } from "../base/algorithm.js";
import { FAILED, FORGED, MISSED, SKIPPED, UNFIT, UNREAD } from "../base/counters.js";
import type { Hal } from "../base/hal.js";
import { HUB } from "../base/layout.js";
import type { Layout } from "../base/layout.js";
import { countedFrom, speaks } from "../base/turns.js";
import type { ValueType } from "../base/values.js";
import type { Detector } from "../core/detector.js";
import type { Health } from "../core/health.js";
import type { Signer } from "../core/sm.js";
import type { Chunk } from "../frame/bytes.js";
import { createWire } from "../frame/frame-host.js";
import { createCaller } from "./caller.js";
import { createDecisions } from "./decisions.js";
import { createOpening } from "./opening.js";
import { createPolling } from "./polling.js";
import { createRounds } from "./rounds.js";
import type { Heard } from "./rounds.js";
import { actTentatively } from "./tentative.js";

/** What a node is put together from, besides its numbers. A bundle contains these and no others. */
export interface Parts<Value> {
  /** Makes what agrees on each board's value, on the arena; `signer` is there where it signs. */
  readonly agree: (arena: Uint8Array, signer: Signer | undefined) => Algorithm;
  /** By ballots: makes what decides by what was agreed on. */
  readonly protocol?: CreateProtocol;
  readonly type: ValueType<Value>;
  /**
   * Chooses the order from the vector (undefined: ⊥), or takes the default order; see `core/ic.ts`.
   */
  readonly choose: (vector: readonly (Value | undefined)[], fallback: Value) => Value;
  /** Makes the signer of signed messages, on the arena's buffer. */
  readonly signer?: (buffer: ArrayBuffer, counts: Uint32Array) => Signer;
  /** Makes what tags frames and checks the tags of others, on the arena. */
  readonly mac?: (arena: Uint8Array, view: DataView, counts: Uint32Array) => Mac;
  /** By ballots: where a board writes down what it promises. */
  readonly places?: Places;
  /** Of a bundle that acts tentatively: takes that back. */
  readonly retract?: NonNullable<Hal<Value>["retract"]>;
  /** On a shared wire, lets this board's transmitter through for as long as `bytes` bytes take. */
  readonly enable?: (bytes: number) => void;
  /** Where the health of all is watched: makes what does so, from what is agreed on. */
  readonly health?: (vector: readonly (Value | undefined)[]) => Health;
  /** Where boards are suspected: makes what does so, from who is heard. */
  readonly detector?: () => Detector;
  /** HEALTH.8: a state is another now. */
  readonly alarm?: (states: Uint8Array) => void;
  /** The default order, for where there is nothing to choose. */
  readonly fallback: Value;
}

export interface Node<Value> {
  /** Takes the next bytes from the line, in chunks of any length. Never throws, never allocates. */
  readonly receive: (chunk: Chunk) => void;
  /** The cycle that was closed last; -1 before the first. */
  cycle: number;
  /**
   * The decided value of each board, undefined for ⊥; by ballots, what each proposed. Valid until
   * the next cycle is closed; by ballots, until the records of the next one have arrived; and in a
   * fast cycle of a view there is none (VIEW.6).
   */
  readonly vector: (Value | undefined)[];
  /** The order of the cycle that was closed last. */
  order: Value;
  /** By ballots: how many slots are decided or skipped. */
  slot?: number;
  /** Of a commit: 1 where it has voted in a transaction, and knows no outcome (COMMIT.3). */
  blocked?: number;
  /** See `COUNTERS`. */
  readonly counts: Uint32Array;
  /** Of signed messages: whether it can sign, and for how long. */
  signer?: Signer;
  /** What each board is, and what was wrong with its last entry; see `core/health.ts`. */
  health?: Uint8Array;
  signs?: Uint8Array;
  /** FD.1, BULLY.1: whom it suspects, 1 each, and who leads in its opinion. */
  suspects?: Uint8Array;
  leader?: number;
  /** Where its reading comes from: `Hal.read`, until somebody puts another in its place. */
  read: () => Value | undefined;
}

/** By header, the bytes of each frame that may be heard; nothing where none may. */
export const expectedIn = (layout: Layout): readonly number[] => {
  const expected: number[] = [];
  for (let round = 0; round <= layout.rounds; round++) {
    expected[(round << 5) | HUB] =
      layout.overhead + (countedFrom(layout, round) === 1 ? layout.payloads[0]! : layout.poll);
    for (let sender = 0; sender < layout.boards && round; sender++) {
      if (sender !== layout.self && speaks(layout, sender, round)) {
        expected[(round << 5) | sender] = layout.overhead + layout.payloads[round]!;
      }
    }
  }
  return expected;
};

/** Behind the arena lies what a signer works with. */
const arenaOf = (layout: Layout) => (layout.signature
  ? new Uint8Array(new ArrayBuffer(layout.memory), 0, layout.end)
  : new Uint8Array(layout.end));

const countsOf = (layout: Layout) => new Uint32Array(
  (layout.ballots ? SKIPPED : !layout.plain ? UNFIT
    : layout.tag || layout.signature ? FAILED : UNREAD) + 1);

/** Looks at the health of all, in the cycles that this board heard whole. */
const createWatch = <Value>(
  layout: Layout, parts: Parts<Value>, counts: Uint32Array, vector: readonly (Value | undefined)[],
) => {
  const health = parts.health!(vector);
  // HEALTH.7: how many beacons were missed when the cycle opened; -1: the opening was one of them.
  let missed = -1;
  return {
    health,
    open(late: boolean) {
      missed = late ? -1 : counts[MISSED]!;
    },
    close(cycle: number) {
      // HEALTH.9: with views, reviews are counted.
      if (counts[MISSED] === missed &&
        health.take(layout.review ? cycle / layout.review : cycle) && layout.alarm) {
        parts.alarm!(health.states);
      }
    },
  };
};

/**
 * One board. A beacon closes the open round and opens the next, for which the board sends one
 * frame; the beacon after the last round closes the cycle, and the order is carried out. Nothing
 * else moves.
 *
 * @param layout what `layoutOf()` computes, and refuses where a bound is violated
 */
export const createNode = <Value>(
  layout: Layout, parts: Parts<Value>, hal: Hal<Value>,
): Node<Value> => {
  const { boards, self, payloads, bitmaps, levels, transmit } = layout;
  const arena = arenaOf(layout);
  const view = new DataView(arena.buffer);
  const counts = countsOf(layout);
  const mac = layout.tag ? parts.mac!(arena, view, counts) : undefined;
  const signer = layout.signature ? parts.signer!(arena.buffer, counts) : undefined;
  const agreement = parts.agree(arena, signer);
  const vector: (Value | undefined)[] = [];

  const caller = createCaller(layout, parts, hal, view, counts, vector);
  const watch = layout.health ? createWatch(layout, parts, counts, vector) : undefined;
  const detector = layout.suspect ? parts.detector!() : undefined;
  // HEALTH.8: nothing is carried out yet.
  const look = () => {
    watch!.close(node.cycle);
  };
  const decisions = layout.ballots
    ? createDecisions(layout as BallotLayout, arena, view, counts, agreement, parts, vector,
      caller, look) : undefined;
  const algorithm = layout.ballots ? decisions! : agreement;
  const polling = createPolling(layout);
  // On a shared wire: the cycle in whose last round this board is; -1 in others.
  let last = -1;
  const begin = createOpening(layout, arena, view, counts, parts.type, caller);

  const expected = expectedIn(layout);
  const lengthOf = (sender: number, _round: number, header: number) =>
    (!layout.poll || sender === polling.speaker || sender === HUB ? expected[header] : 0)!;

  const ear: Heard = {
    show() {
      wire.show();
    },
    low: () => wire.low(),
    open(cycle) {
      wire.open(cycle);
    },
    isNow: () => wire.isNow(),
  };
  const wire = createWire(layout, arena, view, counts, lengthOf, createRounds(
    layout, view, counts, ear, {
      take(sender, header, cycle, at) {
        const round = header >> 5;
        const to = layout.heard - layout.margin + sender * layout.block;
        // LEARN.2: of what is relayed it has no use.
        if (layout.learner && round > 1 && round <= layout.exchanges) return;
        const end = at + payloads[round]!;
        wire.put(to, at, payloads[round]! - layout.tags);
        if (layout.tag && !mac!.check(header, cycle, at, end)) {
          counts[FORGED]!++;
          arena.subarray(to, to + bitmaps[round]!).fill(0);
        } else if (layout.suspect) detector!.hear(sender);
      },
      drop() {
        // HEALTH.7: it was not heard, as it missed the beacon that polled it.
        if (layout.health && layout.poll && polling.ready) watch!.open(true);
        polling.ready = 0;
      },
      read(cycle, at, late) {
        if (layout.health) watch!.open(late);
        if (layout.early) decisions!.early = false;
        if (layout.review) decisions!.fast = cycle % layout.review > 0;
        begin(layout.ballots ? decisions!.open(late ? -1 : cycle) : levels[0]!, at, late, node);
      },
      open(cycle) {
        if (layout.learner) return;
        if (layout.accepts || (layout.review && decisions!.fast)) decisions!.speakFirst();
        else if (layout.signature) {
          signer!.open(cycle);
          algorithm.close(0, 0);
        }
      },
      close: algorithm.close,
      settle(cycle) {
        node.cycle = cycle;
        if (layout.suspect) node.leader = detector!.close();
        if (layout.ballots) {
          decisions!.settle(node);
          if (layout.phases) node.blocked = decisions!.blocked!();
        } else {
          for (let board = 0; board < boards; board++) {
            const entry = algorithm.entry(board);
            vector[board] = entry < 0 ? undefined : parts.type.load(view, entry, board);
          }
          if (layout.health) look();
          node.order = caller.order();
          try {
            hal.act(node.order);
          } catch { /* NODE.8: the cycle is closed all the same. */ }
        }
        if (layout.signature && !(layout.review && decisions!.fast)) signer!.close();
      },
      speak(round, cycle) {
        if (layout.learner) return;
        const header = (round << 5) | self;
        const bytes = payloads[round]!;
        const from = layout.tag ? mac!.seal(header, cycle, levels[round - 1]!, bytes)
          : levels[round - 1]!;
        if (layout.poll) {
          polling.ready = wire.encode(header, cycle, from, bytes);
          if (layout.early || layout.tentative) last = round < layout.rounds ? -1 : cycle;
        } else {
          hal.send(arena, transmit, wire.encode(header, cycle, from, bytes));
          if ((layout.early || layout.tentative) && round === layout.rounds) {
            decisions!.hasten(node, cycle);
          }
        }
      },
      poll(at) {
        if (polling.poll(arena[at]!)) {
          hal.send(arena, transmit, polling.ready);
          polling.ready = 0;
          if ((layout.early || layout.tentative) && last >= 0) decisions!.hasten(node, last);
        }
      },
    },
  ));
  const node: Node<Value> = {
    receive: wire.decode,
    cycle: -1,
    vector,
    order: layout.stored ? decisions!.held() as Value : parts.fallback,
    counts,
    read: hal.read,
  };
  if (layout.ballots) node.slot = decisions!.acted;
  if (layout.tentative) actTentatively(layout, arena, view, decisions!, parts, hal, node);
  if (layout.phases) node.blocked = decisions!.blocked!();
  if (layout.signature) node.signer = signer!;
  if (layout.health) {
    node.health = watch!.health.states;
    node.signs = watch!.health.signs;
  }
  if (layout.suspect) {
    node.suspects = detector!.suspects;
    node.leader = layout.boards - 1;
  }
  return node;
};
