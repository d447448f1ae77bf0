import type { Mac } from "../auth/mac/mac.js";
import type { BallotLayout } from "../ballots/layout.js";
import type { CreateProtocol } from "../ballots/leader.js";
import type { Places } from "../ballots/promises.js";
import type { Algorithm } from "../base/algorithm.js";
import {
  DUPLICATE, EARLY, FAILED, FORGED, LATE, MISSED, SKIPPED, STALE, UNFIT, UNREAD,
} from "../base/counters.js";
import type { Hal } from "../base/hal.js";
import { HUB, OPENING_BYTES } from "../base/layout.js";
import type { Layout } from "../base/layout.js";
import type { ValueType } from "../base/values.js";
import type { Signer } from "../core/sm.js";
import { createWire } from "../frame/frame.js";
import { move } from "../platform/host.js";
import { createCaller } from "./caller.js";
import { createDecisions } from "./decisions.js";

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
  /** On a shared wire, lets this board's transmitter through for as long as `bytes` bytes take. */
  readonly enable?: (bytes: number) => void;
  /** The default order, for where there is nothing to choose. */
  readonly fallback: Value;
}

export interface Node<Value> {
  /** Takes the next bytes from the line, in chunks of any length. Never throws, never allocates. */
  readonly receive: (chunk: Uint8Array) => void;
  /** The cycle that was closed last; -1 before the first. */
  cycle: number;
  /**
   * The decided value of each board, undefined for ⊥; by ballots, what each proposed. Valid until
   * the next cycle is closed.
   */
  readonly vector: (Value | undefined)[];
  /** The order of the cycle that was closed last. */
  order: Value;
  /** By ballots: how many slots are decided or skipped. */
  slot?: number;
  /** See `COUNTERS`. */
  readonly counts: Uint32Array;
  /** Of signed messages: whether it can sign, and for how long. */
  signer?: Signer;
  /** Where its reading comes from: `Hal.read`, until somebody puts another in its place. */
  read: () => Value | undefined;
}

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
  const { boards, self, commander, wired, payloads, bitmaps, levels, transmit, rounds } = layout;
  const { type } = parts;
  let own = levels[0]!;
  const arena = layout.signature
    ? new Uint8Array(new ArrayBuffer(layout.memory), 0, layout.end)
    : new Uint8Array(layout.end);
  const view = new DataView(arena.buffer);
  const counts = new Uint32Array(
    (layout.ballots ? SKIPPED : !layout.plain ? UNFIT
      : layout.tag || layout.signature ? FAILED : UNREAD) + 1,
  );
  const mac = layout.tag ? parts.mac!(arena, view, counts) : undefined;
  const signer = layout.signature ? parts.signer!(arena.buffer, counts) : undefined;
  const agreement = parts.agree(arena, signer);
  const vector: (Value | undefined)[] = [];
  const turn = (board: number, round: number) =>
    commander < 0 || (board === commander) === (round === 1);

  const caller = createCaller(layout, parts, hal, view, counts, vector);
  const decisions = layout.ballots
    ? createDecisions(
      layout as BallotLayout, arena, view, counts, agreement, parts, vector, caller)
    : undefined;
  const algorithm = layout.ballots ? decisions! : agreement;

  // The cycle and the round that are open, m+2 if it is closed; and which boards were heard in it.
  let cycle = -1;
  let round = rounds + 1;
  let heard = 0;
  // Whose frame the wire brings, and of which round.
  let sender = 0;
  let spoken = 0;
  // On a shared wire: who was polled last, and where the frame ends that waits for this board's own
  // poll, 0 if none does.
  let speaker = HUB;
  let ready = 0;

  // OM.1: the cycle's own value, from the opening beacon at `at`, from the hardware, or ⊥ where the
  // opening was missed.
  const begin = (at: number) => {
    if (turn(self, 1)) {
      if (layout.ballots) own = decisions!.open(spoken < 2 ? cycle : -1);
      if (!layout.ballots || own >= 0) {
        if (wired && spoken < 2) move(arena, own, at, at + 1 + layout.valueWidth);
        else arena[own] = spoken < 2 && type.store(view, own + 1, caller.give(node)) ? 1 : 0;
        if (layout.ballots && wired) arena[own]! &= 1;
        if (!(arena[own]! & 1)) counts[UNREAD]!++;
      }
    }
    if (layout.signature) {
      signer!.open(cycle);
      algorithm.close(0, 0);
    }
  };

  const payloadOf = (header: number) => {
    sender = header & 31;
    spoken = header >> 5;
    if (spoken > rounds) return -1;
    if (sender === HUB) return spoken === 1 ? payloads[0]! : layout.poll;
    return spoken && sender < boards && sender !== self && turn(sender, spoken) &&
      (!layout.poll || sender === speaker)
      ? payloads[spoken]!
      : -1;
  };

  // A good frame of `sender`: the payload of a board, or a beacon of the hub, of round `spoken`, 0
  // where it closes the cycle. What does not fit the open round is counted. Only an opening beacon
  // names its cycle in full, in the header's cycle and its payload, which are one number; it counts
  // whenever that is another cycle, so that a hub may begin anew.
  const hear = (low: number, at: number) => {
    const hub = sender === HUB;
    const next = spoken || rounds + 1;
    const behind =
      hub && spoken === 1 ? cycle - view.getUint32(at - 1, true) : ((cycle - low) << 24) >> 24;
    const age = behind * 16 + round - next;
    const opens = behind ? spoken === 1 || (spoken && behind < 0) : age < 0;
    // On a shared wire, each beacon but the first of a round only polls the next to speak.
    const polls = layout.poll && hub && spoken && !age;
    if (hub ? !opens && !polls : age || (heard >> sender) & 1) {
      counts[age < 0 ? EARLY : !age ? DUPLICATE : behind ? STALE : LATE]!++;
    } else if (!hub) {
      heard |= 1 << sender;
      const place = layout.heard + sender * layout.block;
      const end = at + payloads[spoken]!;
      move(arena, place, at, layout.tag ? end - layout.tags : end);
      if (layout.tag && !mac!.check((spoken << 5) | sender, cycle, at, end)) {
        counts[FORGED]!++;
        arena.fill(0, place, place + bitmaps[spoken]!);
      }
    } else {
      if (!polls) {
        counts[MISSED]! += behind ? spoken - (round > rounds ? 1 : 0) : next - round - 1;
        ready = 0;
      }
      if (behind) {
        cycle = (cycle - behind) >>> 0;
        begin(at + OPENING_BYTES);
        round = 1;
        heard = 0;
      }
      for (; round < next; round++) {
        algorithm.close(round, heard);
        heard = 0;
      }
      if (!spoken) {
        node.cycle = cycle;
        if (layout.ballots) decisions!.settle(node);
        else {
          for (let board = 0; board < boards; board++) {
            const entry = algorithm.entry(board);
            vector[board] = entry < 0 ? undefined : type.load(view, entry, board);
          }
          node.order = caller.order();
          try {
            hal.act(node.order);
          } catch { /* NODE.8: the cycle is closed all the same. */ }
        }
        if (layout.signature) signer!.close();
      } else if (!polls && turn(self, spoken)) {
        const header = (spoken << 5) | self;
        const bytes = payloads[spoken]!;
        const from = layout.tag
          ? mac!.seal(header, cycle, levels[spoken - 1]!, bytes)
          : levels[spoken - 1]!;
        if (layout.poll) ready = wire.encode(header, cycle, from, bytes);
        else hal.send(arena, transmit, wire.encode(header, cycle, from, bytes));
      }
      if (layout.poll) {
        speaker = arena[spoken === 1 ? at + OPENING_BYTES : at]!;
        if (speaker === self && ready) {
          hal.send(arena, transmit, ready);
          ready = 0;
        }
      }
    }
  };

  const wire = createWire(layout, arena, view, counts, payloadOf, hear);
  const node: Node<Value> = {
    receive: wire.decode,
    cycle: -1,
    vector,
    order: layout.stored ? decisions!.held() as Value : parts.fallback,
    counts,
    read: hal.read,
  };
  if (layout.ballots) node.slot = decisions!.acted;
  if (layout.signature) node.signer = signer!;
  return node;
};
