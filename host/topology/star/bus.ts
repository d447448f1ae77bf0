import { HUB } from "../../../firmware/index.js";
import type { Fate, Tracer } from "../../events/events.js";
import type { Network } from "../../network/network.js";
import { BITS_A_BYTE, cycleIn } from "../../plan/plan.js";
import type { Plan } from "../../plan/plan.js";
import { longestPayload } from "../frames.js";
import { createInputs } from "../inputs.js";
import type { Share } from "../inputs.js";
import {
  AT_BOARD, AT_HUB, BEACON, END, RELAY, TAKE, bytesOf, createQueue, frameEvent,
} from "../queue.js";
import type { Happening } from "../queue.js";
import { createHub } from "./hub.js";
import type { Liars } from "./hub.js";

/**
 * The star in simulated time: it gives the hub its rounds, and moves bytes at the network's baud
 * rate, counted in bits. It reads no clock and waits for nothing. Whoever drives it carries each
 * delivery to its board and the board's answer back; so the same bus runs over memory, mock serial
 * ports and anything else.
 */

/** Puts a copy of what happens on its way, as it is now, to arrive at another time. */
export type Again = (happening: Happening, time: number) => void;

/** What may go wrong on the wires and at boards that have failed: see `host/sim`. */
export interface FaultInjector extends Liars {
  /**
   * Bytes are about to arrive. They may be changed in place, and what is done to them is to be told
   * by their `fate` and `lie`.
   *
   * @param deadline of the open round
   * @returns whether they arrive now; if not, they are gone, but for what was put on its way again
   */
  pass(happening: Happening, again: Again, deadline: number): boolean;
  /** By how many bits the hub begins a round later than it should; 0 is the closing beacon. */
  readonly stall?: (cycle: number, round: number) => number;
}

/**
 * Bytes for a board: they have arrived at `board` in whole at `time`. Valid until the next `step`.
 */
export type Delivery = Happening;

export interface Bus {
  /**
   * Opens a cycle; readings that go by wire are put into `reading`, presence byte first, by board.
   *
   * @param number what the hub calls the cycle; that is its number unless told
   */
  open(cycle: number, readings: readonly (Uint8Array | undefined)[], number?: number): void;
  /** @returns what arrives next, or undefined once the cycle is over. */
  step(): Delivery | undefined;
  /** @returns what else arrives at the very same moment as the last `step`, if anything does. */
  stepNow(): Delivery | undefined;
  /** A board answers the delivery that it was just given. */
  readonly answer: (board: number, bytes: Uint8Array, from: number, end: number) => void;
  /** Frames and bytes that were sent in this cycle, beacons and relayed copies included. */
  readonly tally: { frames: number; bytes: number };
  /** Bytes that each board lost, for its input buffer was full. */
  readonly overrun: readonly number[];
  /** A board loses its power, and what its input buffer holds. */
  readonly lose: (board: number) => void;
  /** Bits since the start. */
  readonly time: number;
  /** When the cycle that is open begins. */
  readonly began: number;
}

export const createBus = (
  network: Network, plan: Plan, trouble: FaultInjector | undefined, tracer: Tracer | undefined,
  share?: Share,
): Bus => {
  const { boards } = network;
  const longest = boards[0]!.layout.overhead + longestPayload(network);
  // Room for duplicates and noise that a line may add to a frame.
  const queue = createQueue(2 * longest + 64);
  const inputs = createInputs(network, plan, queue, share);
  const tally = { frames: 0, bytes: 0 };
  let cycle = 0;
  let named = 0;
  let nextCycle = 0;
  // The round that is open, 0: none; and the last moment at which a frame of it may end at the hub.
  let [round, deadline] = [0, -1];
  let wired: readonly (Uint8Array | undefined)[] = [];
  // Until when each board's lines are busy, down from the hub and up to it.
  const downBusy = boards.map(() => 0);
  const upBusy = boards.map(() => 0);
  // What was delivered and may still be looked at.
  const given: Happening[] = [];
  // What boards take next: it waited in their input buffers.
  const ready: Happening[] = [];
  // By round, what its beacon makes boards compute; 0: the closing one.
  const work = [{ compute: plan.decide, backlog: plan.decideBacklog }, ...plan.rounds];

  // What a board sent that is about to arrive at the hub, where a trace wants to know.
  let said: Uint8Array | undefined;

  const note = (happening: Happening, to: number, fate: Fate, accepted?: Uint8Array) => {
    tracer?.(frameEvent(happening, to, fate, accepted, said));
  };

  // Puts bytes on a line: they arrive, in whole, at `time`.
  const put = (
    kind: number, board: number, sender: number, time: number, bytes: Uint8Array, from: number,
    end: number,
  ) => {
    const sent = queue.take(time, kind, board, sender, round, cycle);
    const length = end - from;
    const into = sent.bytes;
    for (let at = 0; at < length; at++) into[at] = bytes[from + at]!;
    sent.length = length;
    tally.frames++;
    tally.bytes += length;
    queue.put(sent);
    return sent;
  };

  const hub = createHub(network, {
    send(board, sender, bytes, from, end, later, lie, begins, pace) {
      const ends = Math.max(begins, downBusy[board]!) + pace * (end - from);
      downBusy[board] = ends;
      const sent = put(AT_BOARD, board, sender, ends + later, bytes, from, end);
      sent.lie = lie;
      sent.pace = pace;
    },
    now: () => bus.time,
    wait(sender) {
      queue.put(queue.take(deadline, RELAY, sender, sender, round, cycle));
    },
  }, trouble, plan);

  const atHub = (happening: Happening) => {
    const inTime = bus.time <= deadline;
    const accepted = hub.receive(happening.board, bytesOf(happening), inTime);
    if (!tracer) return;
    const current = happening.cycle === cycle && happening.round === round;
    const refused = happening.fate === "heard" ? "refused" : happening.fate;
    const fate = accepted ? "heard" : current && inTime ? refused : "late";
    note(happening, HUB, fate, accepted ? hub.accepted(happening.board) : undefined);
  };

  // @returns whether the board takes it now
  const atBoard = (happening: Happening): boolean => {
    const { sender, board, round: of } = happening;
    const stale = sender !== HUB && (of !== round || happening.cycle !== cycle);
    const { compute, backlog } = work[of]!;
    const taken = inputs.arrive(happening, compute[board]!, backlog[board]!, !stale);
    if (tracer) note(happening, board, stale ? "late" : happening.fate);
    if (taken) given.push(happening);
    else if (!happening.length) queue.free(happening);
    return taken;
  };

  // The beacon of `opens` goes out on all links, and the one after it is put into the schedule.
  const beacon = (opens: number) => {
    tracer?.({ e: "beacon", t: bus.time, cycle, round: opens });
    round = opens;
    deadline = opens ? bus.time + plan.rounds[opens - 1]!.deadline : -1;
    hub.open(named, opens, wired);
    const until = bus.time + (opens ? plan.rounds[opens - 1]!.length : plan.closingLength);
    const after = opens === cycleIn(plan, network, named).last ? 0 : opens + 1;
    const wait = opens ? trouble?.stall?.(cycle, after) ?? 0 : 0;
    queue.put(queue.take(until + wait, opens ? BEACON : END, 0, HUB, after, cycle));
  };

  const again: Again = (happening, time) => {
    const { kind, board, sender, round: of, cycle: during, length } = happening;
    const copy = queue.take(Math.max(bus.time, time), kind, board, sender, of, during);
    for (let at = 0; at < length; at++) copy.bytes[at] = happening.bytes[at]!;
    copy.length = length;
    copy.fate = happening.fate;
    copy.lie = happening.lie;
    copy.pace = happening.pace;
    copy.passed = true;
    queue.put(copy);
  };

  // Whether the line lets arrive what is about to.
  const arrives = (next: Happening) => {
    said = undefined;
    if (next.passed || !trouble || (next.kind !== AT_HUB && next.kind !== AT_BOARD)) return true;
    said = tracer && next.kind === AT_HUB ? bytesOf(next).slice() : undefined;
    if (trouble.pass(next, again, deadline)) return true;
    if (next.fate === "lost") note(next, next.kind === AT_HUB ? HUB : next.board, "lost");
    return false;
  };

  const release = () => {
    for (let delivery = given.pop(); delivery; delivery = given.pop()) queue.free(delivery);
  };

  // Goes on to the next delivery; where only this very moment `counts`, to no later one.
  const advance = (counts: boolean): Delivery | undefined => {
    for (;;) {
      if (ready.length) {
        const waited = ready.shift()!;
        given.push(waited);
        return waited;
      }
      const next = queue.peek();
      if (!next) return undefined;
      if (counts && (next.time > bus.time || (next.kind !== AT_BOARD && next.kind !== TAKE))) {
        return undefined;
      }
      queue.pop();
      bus.time = next.time;
      if (arrives(next)) {
        if (next.kind === AT_BOARD) {
          if (atBoard(next)) return next;
          continue;
        }
        if (next.kind === TAKE) ready.push(...inputs.take(next.board));
        else if (next.kind === AT_HUB) atHub(next);
        else if (next.kind === RELAY) hub.relay(next.board);
        else if (next.kind === BEACON) beacon(next.round);
      }
      queue.free(next);
      if (next.kind === END) return undefined;
    }
  };

  // No getters: V8 is slow at all that an object has which was written with some.
  const bus = {
    tally, overrun: inputs.overrun, lose: inputs.lose, time: 0, began: 0,
    open(
      opened: number, readings: readonly (Uint8Array | undefined)[], number = opened,
    ) {
      cycle = opened;
      named = number;
      wired = readings;
      tally.frames = tally.bytes = 0;
      // What comes late from the cycle before still comes in between.
      const { first, period } = cycleIn(plan, network, named);
      bus.began = Math.max(bus.time, nextCycle) + (trouble?.stall?.(cycle, first) ?? 0);
      nextCycle = bus.began + period;
      queue.put(queue.take(bus.began, BEACON, 0, HUB, first, cycle));
    },
    step() {
      release();
      return advance(false);
    },
    stepNow() {
      return advance(true);
    },
    answer(board: number, bytes: Uint8Array, from: number, end: number) {
      const until = from + Math.min(end - from, 2 * longest);
      const begins = Math.max(bus.time, inputs.answers[board]!, upBusy[board]!);
      const ends = begins + BITS_A_BYTE * (until - from);
      upBusy[board] = ends;
      put(AT_HUB, board, board, ends, bytes, from, until);
    },
  };
  return bus;
};
