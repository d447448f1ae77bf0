import { HUB } from "../../../firmware/index.js";
import type { Fate, Lie, Tracer } from "../../events/events.js";
import type { Network } from "../../network/network.js";
import { LEAST_BITS_A_BYTE } from "../../network/wiring.js";
import { BITS_A_BYTE, cycleIn } from "../../plan/plan.js";
import type { Plan } from "../../plan/plan.js";
import { createInputs } from "../inputs.js";
import type { Share } from "../inputs.js";
import {
  AT_BOARD, AT_HUB, BEACON, END, RELAY, TAKE, bytesOf, createQueue, frameEvent,
} from "../queue.js";
import type { Happening } from "../queue.js";
import type { Bus, Delivery } from "../star/bus.js";
import { createGates } from "./gates.js";
import { createMaster } from "./master.js";

/**
 * One wire that all share, in simulated time, counted in bits: whoever speaks is heard by all, its
 * own receiver included, and who speaks while another does is not understood. It takes the star's
 * place; whoever drives it makes no difference.
 */

/** Bytes that a board is to transmit. */
export interface Sending {
  readonly board: number;
  /** When its first bit is to leave, in bits. */
  readonly begins: number;
  readonly bytes: Uint8Array;
  readonly lie: Lie;
}

/** The slot that is open, and the one who was polled for it; in bits. */
export interface OpenSlot {
  readonly cycle: number;
  /** What the master calls the cycle. */
  readonly number: number;
  readonly round: number;
  readonly speaker: number;
  /** When its beacon's last bit leaves; and when the next beacon begins. */
  readonly polled: number;
  readonly ends: number;
}

/** What may go wrong on the wire and at boards that have failed: see `host/sim`. */
export interface WireTrouble {
  /** What boards that have failed transmit in this slot, whoever is polled. */
  slot(slot: OpenSlot): readonly Sending[];
  /** What becomes of what a board would answer; undefined: it says nothing. */
  answer(sending: Sending, slot: OpenSlot): Sending | undefined;
  /**
   * Bytes have come to one receiver, a board or HUB. They may be changed in place.
   *
   * @returns whether it gets them
   */
  pass(happening: Happening): boolean;
  /** A byte of what is heard where two speak. */
  clash(): number;
}

/** Bytes that are or were on the wire, from their first bit to their last. */
interface OnWire {
  readonly sender: number;
  readonly begins: number;
  readonly ends: number;
  /** What is to happen when they end; none once it has. */
  sent: Happening | undefined;
}

/** The bytes of this transmission that others were heard in; `first`: which of them it opens. */
const overlapOf = (one: OnWire, air: readonly OnWire[], bytes: number) => {
  const hit = Array.from({ length: bytes }, () => false);
  let silent = 0;
  for (const other of air) {
    if (other === one || other.begins >= one.ends || other.ends <= one.begins) continue;
    const earlier = other.begins < one.begins ||
      (other.begins === one.begins && other.sender < one.sender);
    for (let at = 0; at < bytes; at++) {
      const begins = one.begins + BITS_A_BYTE * at;
      if (other.begins >= begins + BITS_A_BYTE || other.ends <= begins) continue;
      hit[at] = true;
      // What is heard of two comes once, with the one that began first.
      if (earlier) silent = Math.max(silent, at + 1);
    }
  }
  return { hit, silent };
};

export const createWireBus = (
  network: Network, plan: Plan, trouble: WireTrouble, tracer: Tracer | undefined,
  share?: Share,
): Bus => {
  const { boards } = network;
  const { layout } = boards[0]!;
  const longest = 2 * (layout.end - layout.transmit) + 64;
  const queue = createQueue(longest);
  const inputs = createInputs(network, plan, queue, share);
  const tally = { frames: 0, bytes: 0 };
  const master = createMaster(network);
  const gates = network.wiring?.guardian ? createGates(network) : undefined;
  let now = 0;
  // The cycle that is open, by its number in the run, and what the master calls it.
  let [cycle, named] = [0, 0];
  let [began, nextCycle] = [0, 0];
  let slot: OpenSlot = { cycle: 0, number: 0, round: 0, speaker: HUB, polled: 0, ends: 0 };
  let air: OnWire[] = [];
  const given: Happening[] = [];
  const ready: Happening[] = [];
  const closing = { compute: plan.decide, backlog: plan.decideBacklog };

  // By what is about to arrive at the hub: what its board sent, where a trace wants to know.
  const said = new Map<Happening, Uint8Array>();

  const note = (happening: Happening, to: number, fate: Fate, accepted?: Uint8Array) => {
    if (happening.sender === to) return;
    tracer?.(frameEvent(happening, to, fate, accepted, said.get(happening)));
  };

  // Puts bytes on the wire, as far as a guardian lets them through.
  const transmit = (sender: number, sending: Sending) => {
    const begins = Math.max(now, sending.begins);
    // Whoever is cut short has sent as fast as is understood.
    const shut = gates && sender !== HUB ? gates.admit(sender, begins, slot) : Infinity;
    const most = Math.min(Math.floor((shut - begins) / LEAST_BITS_A_BYTE), longest);
    const bytes = sending.bytes.subarray(0, most);
    const ends = Math.min(begins + BITS_A_BYTE * bytes.length, shut);
    const sent = queue.take(ends, RELAY, 0, sender, slot.round, slot.cycle);
    sent.bytes.set(bytes);
    sent.length = bytes.length;
    sent.lie = sending.lie;
    if (bytes.length < sending.bytes.length) sent.fate = "garbled";
    if (!bytes.length) {
      sent.bytes.set(sending.bytes.subarray(0, longest));
      sent.length = Math.min(longest, sending.bytes.length);
      note(sent, HUB, "refused");
      queue.free(sent);
      return;
    }
    tally.frames++;
    tally.bytes += bytes.length;
    if (tracer && sender !== HUB) {
      said.set(sent, Uint8Array.from(sending.bytes.subarray(0, longest)));
    }
    air.push({ sender, begins, ends, sent });
    queue.put(sent);
  };

  // All of a transmission is over: each receiver has it, in whole or as it was heard.
  const arrive = (sent: Happening) => {
    const own = air.find((one) => one.sent === sent)!;
    const { hit, silent } = overlapOf(own, air, sent.length);
    for (let to = -1; to < boards.length; to++) {
      const copy = queue.take(
        now, to < 0 ? AT_HUB : AT_BOARD, to < 0 ? HUB : to, sent.sender, sent.round, sent.cycle,
      );
      copy.length = sent.length - silent;
      for (let at = silent; at < sent.length; at++) {
        copy.bytes[at - silent] = hit[at] ? trouble.clash() : sent.bytes[at]!;
      }
      copy.lie = sent.lie;
      copy.fate = hit.includes(true) ? "garbled" : sent.fate;
      if (to < 0 && said.has(sent)) said.set(copy, said.get(sent)!);
      queue.put(copy);
    }
    said.delete(sent);
    own.sent = undefined;
    // What was over before anything began that is yet to end cannot matter any more.
    const first = Math.min(now, ...air.filter((one) => one.sent).map(({ begins }) => begins));
    air = air.filter((one) => one.sent !== undefined || one.ends > first);
  };

  const beacon = (round: number, at: number) => {
    const { slots } = plan.rounds[round - 1] ?? { slots: [] };
    const { board: speaker, length } = slots[at] ?? { board: HUB, length: plan.closingLength };
    if (!at) tracer?.({ e: "beacon", t: now, cycle, round });
    const bytes = master.beacon(named, round, speaker);
    slot = {
      cycle, number: named, round, speaker, polled: now + BITS_A_BYTE * bytes.length,
      ends: now + length,
    };
    gates?.open();
    transmit(HUB, { board: HUB, begins: now, bytes, lie: false });
    for (const sending of trouble.slot(slot)) transmit(sending.board, sending);
    const last = round === cycleIn(plan, network, named).last;
    const next = at + 1 < slots.length ? round : last ? 0 : round + 1;
    queue.put(queue.take(
      slot.ends, round ? BEACON : END, next === round ? at + 1 : 0, HUB, next, cycle,
    ));
  };

  const heardBy = (happening: Happening): Fate => {
    const { fate, sender, cycle: during, round } = happening;
    if (fate !== "heard") return fate;
    if (during !== cycle || round !== slot.round) return sender === HUB ? "heard" : "late";
    return sender === HUB || sender === slot.speaker ? "heard" : "refused";
  };

  const atHub = (happening: Happening) => {
    if (happening.sender === HUB) return;
    const accepted = happening.length > 0 && master.hear(bytesOf(happening));
    const fate = heardBy(happening);
    if (accepted) note(happening, HUB, "heard", tracer && master.accepted());
    else note(happening, HUB, fate === "heard" ? "refused" : fate);
  };

  const release = () => {
    for (let delivery = given.pop(); delivery; delivery = given.pop()) queue.free(delivery);
  };

  // What a board computes after the beacon of the open slot.
  const computing = () => {
    const round = plan.rounds[slot.round - 1];
    const one = round?.slots.find(({ board }) => board === slot.speaker);
    if (!round || !one) return closing;
    return one.begins ? { compute: one.compute, backlog: one.compute } : round;
  };

  // @returns whether the board takes it now
  const atBoard = (happening: Happening): boolean => {
    const { board } = happening;
    const { compute, backlog } = computing();
    const taken = inputs.arrive(happening, compute[board]!, backlog[board]!, true);
    note(happening, board, heardBy(happening));
    if (taken) given.push(happening);
    return taken;
  };

  // Takes what happens next; a delivery, if it is one.
  const take = (next: Happening): Delivery | undefined => {
    const arrival = next.kind === AT_BOARD || next.kind === AT_HUB;
    const passes = !arrival || trouble.pass(next);
    if (next.kind === AT_BOARD && passes && next.length) {
      if (atBoard(next)) return next;
      if (!next.length) queue.free(next);
      return undefined;
    }
    if (arrival && !passes) note(next, next.board, "lost");
    else if (next.kind === AT_HUB) atHub(next);
    else if (next.kind === TAKE) ready.push(...inputs.take(next.board));
    else if (next.kind === RELAY) arrive(next);
    else if (next.kind === BEACON) beacon(next.round, next.board);
    said.delete(next);
    queue.free(next);
    return undefined;
  };

  // Goes on to the next delivery, at most until `until`.
  const advance = (until: number): Delivery | undefined => {
    for (;;) {
      if (ready.length) {
        const waited = ready.shift()!;
        given.push(waited);
        return waited;
      }
      const next = queue.peek();
      if (!next || next.time > until) return undefined;
      if (until < Infinity && next.kind !== AT_BOARD && next.kind !== TAKE) return undefined;
      queue.pop();
      now = next.time;
      const { kind } = next;
      const delivery = take(next);
      if (delivery) return delivery;
      if (kind === END) return undefined;
    }
  };

  return {
    tally, overrun: inputs.overrun, lose: inputs.lose,
    get time() {
      return now;
    },
    get began() {
      return began;
    },
    open(opened, _readings, number = opened) {
      cycle = opened;
      named = number;
      tally.frames = tally.bytes = 0;
      began = Math.max(now, nextCycle);
      const { first, period } = cycleIn(plan, network, named);
      nextCycle = began + period;
      queue.put(queue.take(began, BEACON, 0, HUB, first, cycle));
    },
    step() {
      release();
      return advance(Infinity);
    },
    stepNow() {
      return advance(now);
    },
    answer(board, bytes, from, end) {
      const until = from + Math.min(end - from, longest);
      const sending = trouble.answer({
        board, begins: Math.max(now, inputs.answers[board]!), bytes: bytes.slice(from, until),
        lie: false,
      }, slot);
      if (sending) transmit(board, sending);
    },
  };
};
