import { HUB, OPENING_BYTES, createWire } from "../../firmware/index.js";
import type { Wire } from "../../firmware/index.js";
import type { Network } from "../network.js";
import { BITS_A_BYTE } from "../plan.js";
import type { Plan } from "../plan.js";
import type { Fate, Tracer } from "../trace/events.js";
import { AT_BOARD, AT_HUB, BEACON, END, RELAY, bytesOf, createQueue } from "./queue.js";
import type { Happening } from "./queue.js";

/**
 * The star: a hub gives the rounds their timing and relays each board's frame to all others
 * (SPEC.md, "Rounds"). It moves bytes at the network's baud rate in simulated time, counted in
 * bits; it reads no clock and waits for nothing. Whoever drives it carries each delivery to its
 * board and the board's answer back; so the same bus runs over memory, mock serial ports and
 * anything else.
 */

/** What may go wrong on the wires and at boards that have failed: see `host/sim`. */
export interface Trouble {
  /**
   * Bytes are about to arrive; they may be changed in place.
   *
   * @param again puts a copy of them on its way, to arrive at another time
   * @param deadline of the open round
   * @returns whether they arrive now
   */
  pass(
    happening: Happening, again: (happening: Happening, time: number) => void, deadline: number,
  ): boolean;
  /** Whether `sender` tells its receivers different things, and waits until it knows everything. */
  lies(sender: number): boolean;
  /**
   * What `sender` tells `receiver` in this round, changed in place; all correct boards have spoken.
   *
   * @returns how much later than at once it arrives, in bits; -1: not at all
   */
  tell(
    sender: number, receiver: number, round: number, cycle: number, payload: Uint8Array,
    spoken: readonly (Uint8Array | undefined)[],
  ): number;
}

/**
 * Bytes for a board: they have arrived at `board` in whole at `time`. Valid until the next `step`.
 */
export type Delivery = Happening;

/** A port of the hub: its decoder, and what its link is doing. */
interface Port {
  readonly wire: Wire;
  readonly arena: Uint8Array;
  /** Until when its lines are busy, in bits. */
  upBusy: number;
  downBusy: number;
  /** Whether its frame of the open round was relayed; and that frame's payload. */
  relayed: boolean;
  readonly payload: Uint8Array;
}

export interface Bus {
  /**
   * Opens a cycle; readings that go by wire are put into `reading`, presence byte first, by board.
   */
  open(cycle: number, readings: readonly (Uint8Array | undefined)[]): void;
  /** @returns what arrives next, or undefined once the cycle is over. */
  step(): Delivery | undefined;
  /** @returns what else arrives at the very same moment as the last `step`, if anything does. */
  stepNow(): Delivery | undefined;
  /** A board answers the delivery that it was just given. */
  readonly answer: (board: number, bytes: Uint8Array, from: number, end: number) => void;
  /** Frames and bytes that were sent in this cycle, beacons and relayed copies included. */
  readonly tally: { frames: number; bytes: number };
  /** Bits since the start. */
  readonly time: number;
  /** When the cycle that is open begins. */
  readonly began: number;
  /** Frames that the hub did not relay, in all. */
  readonly refused: number;
}

export const createBus = (
  network: Network, plan: Plan, trouble: Trouble | undefined, tracer: Tracer | undefined,
): Bus => {
  const { boards, shape } = network;
  const { overhead, block, heard: scratch, transmit, end: arenaEnd } = boards[0]!.limits;
  const longest = overhead + Math.max(block, OPENING_BYTES + 1 + shape.width);
  // Room for duplicates and noise that a line may add to a frame.
  const queue = createQueue(2 * longest + 64);
  const tally = { frames: 0, bytes: 0 };
  let now = 0;
  let cycle = 0;
  let round = 0;
  let refused = 0;
  let [roundBegan, began, nextCycle] = [0, 0, 0];
  // What was delivered and may still be looked at.
  const given: Happening[] = [];
  let wired: readonly (Uint8Array | undefined)[] = [];

  // The hub puts its own frames together here: payloads at `scratch`, frames at `transmit`.
  const desk = new Uint8Array(arenaEnd + longest);
  const deskWire = createWire(
    boards[0]!.limits, desk, new DataView(desk.buffer), new Uint32Array(3),
    () => -1, () => undefined,
  );

  const note = (happening: Happening, to: number, fate: Fate) => {
    if (to === HUB && (fate === "refused" || fate === "garbled")) refused++;
    tracer?.({
      e: "frame", t: happening.time, cycle: happening.cycle, round: happening.round,
      from: happening.sender, to, bytes: happening.bytes.slice(0, happening.length), fate,
      lie: happening.lie,
    });
  };

  // Sends what lies at `transmit` of the desk down one link, as soon as that is free.
  const down = (board: number, sender: number, length: number, later: number, lie: boolean) => {
    const port = ports[board]!;
    port.downBusy = Math.max(now, port.downBusy) + BITS_A_BYTE * length;
    const sent = queue.take(port.downBusy + later, AT_BOARD, board, sender, round, cycle);
    for (let at = 0; at < length; at++) sent.bytes[at] = desk[transmit + at]!;
    sent.length = length;
    sent.lie = lie;
    tally.frames++;
    tally.bytes += length;
    queue.put(sent);
  };

  // Relays the payload of `sender` to all others; a liar's is made anew for each of them.
  const relay = (sender: number) => {
    const { payload } = ports[sender]!;
    const bytes = boards[0]!.limits.payloads[round]!;
    const lying = trouble?.lies(sender) ?? false;
    if (lying) spoken[sender] = undefined;
    let length = 0;
    for (let receiver = 0; receiver < boards.length; receiver++) {
      // A single commander has nothing to learn from what the others relay.
      if (receiver === sender || (receiver === shape.commander && round > 1)) continue;
      let later = 0;
      if (lying || !length) {
        for (let at = 0; at < bytes; at++) desk[scratch + at] = payload[at]!;
        if (lying) {
          const told = desk.subarray(scratch, scratch + bytes);
          later = trouble!.tell(sender, receiver, round, cycle, told, spoken);
        }
        length = deskWire.encode((round << 5) | sender, cycle, scratch, bytes) - transmit;
      }
      if (later >= 0) down(receiver, sender, length, later, lying && differs(payload, bytes));
    }
  };

  const differs = (payload: Uint8Array, bytes: number) => {
    for (let at = 0; at < bytes; at++) if (desk[scratch + at] !== payload[at]) return true;
    return false;
  };

  const spoken: (Uint8Array | undefined)[] = [];

  // The last moment at which a frame may end at the hub; none, while no round is open.
  const deadline = () => (round ? roundBegan + plan.rounds[round - 1]!.deadline : -1);

  // A frame that a port's decoder heard counts if it is of this round, in time, and the first.
  const ports: Port[] = boards.map(({ limits, number }) => {
    const arena = new Uint8Array(limits.end);
    let header = 0;
    const port: Port = {
      arena, upBusy: 0, downBusy: 0, relayed: false, payload: new Uint8Array(block),
      wire: createWire(
        limits, arena, new DataView(arena.buffer), new Uint32Array(3),
        (said) => {
          header = said;
          const of = said >> 5;
          const expected = (said & 31) === number && of > 0 && of < limits.payloads.length &&
            (shape.commander < 0 || (number === shape.commander) === (of === 1));
          return expected ? limits.payloads[of]! : -1;
        },
        (low, at) => {
          const fits = header >> 5 === round && low === (cycle & 255) && now <= deadline();
          if (!fits || port.relayed) return;
          port.relayed = true;
          const bytes = limits.payloads[round]!;
          for (let byte = 0; byte < bytes; byte++) port.payload[byte] = arena[at + byte]!;
          if (trouble?.lies(number)) {
            // A liar waits until it has heard everybody: until the deadline.
            queue.put(queue.take(deadline(), RELAY, number, number, round, cycle));
          } else {
            spoken[number] = port.payload;
            relay(number);
          }
        },
      ),
    };
    return port;
  });

  const atHub = (happening: Happening) => {
    const late = happening.cycle !== cycle || happening.round !== round || now > deadline();
    const port = ports[happening.board]!;
    const before = port.relayed;
    port.wire.decode(bytesOf(happening));
    const accepted = port.relayed && !before;
    const refusal = happening.garbled ? "garbled" : "refused";
    note(happening, HUB, accepted ? "heard" : late ? "late" : refusal);
  };

  // The beacon of `opens` goes out on all links, and the one after it is put into the schedule.
  const beacon = (opens: number) => {
    round = opens;
    roundBegan = now;
    tracer?.({ e: "beacon", t: now, cycle, round });
    for (let board = 0; board < boards.length; board++) {
      const { wired: byWire, payloads } = boards[board]!.limits;
      const bytes = opens === 1 ? payloads[0]! : 0;
      for (let at = 0; at < OPENING_BYTES; at++) {
        desk[scratch + at] = Math.floor(cycle / 256 ** (at + 1));
      }
      const reading = wired[board];
      for (let at = 0; byWire && at <= shape.width; at++) {
        desk[scratch + OPENING_BYTES + at] = reading?.[at] ?? 0;
      }
      const length = deskWire.encode((opens << 5) | HUB, cycle, scratch, bytes) - transmit;
      down(board, HUB, length, 0, false);
      ports[board]!.relayed = false;
      spoken[board] = undefined;
    }
    const until = now + (opens ? plan.rounds[opens - 1]!.length : plan.closingLength);
    const after = opens === plan.rounds.length ? 0 : opens + 1;
    queue.put(queue.take(until, opens ? BEACON : END, 0, HUB, after, cycle));
  };

  // How often the line sent on later what it did not let arrive.
  let postponed = 0;
  const again = (happening: Happening, time: number) => {
    const { kind, board, sender, length } = happening;
    const { round: of, cycle: during } = happening;
    const copy = queue.take(Math.max(now, time), kind, board, sender, of, during);
    for (let at = 0; at < length; at++) copy.bytes[at] = happening.bytes[at]!;
    copy.length = length;
    copy.lie = happening.lie;
    copy.passed = true;
    queue.put(copy);
    postponed++;
  };

  const release = () => {
    for (let delivery = given.pop(); delivery; delivery = given.pop()) queue.free(delivery);
  };

  // Goes on to the next delivery, at most until `until`.
  const advance = (until: number): Delivery | undefined => {
    for (;;) {
      const next = queue.peek();
      if (!next || next.time > until) return undefined;
      if (until < Infinity && next.kind !== AT_BOARD) return undefined;
      queue.pop();
      now = next.time;
      const carries = next.kind === AT_HUB || next.kind === AT_BOARD;
      const before = postponed;
      if (carries && !next.passed && trouble && !trouble.pass(next, again, deadline())) {
        if (postponed === before) note(next, next.kind === AT_HUB ? HUB : next.board, "lost");
      } else if (next.kind === AT_BOARD) {
        given.push(next);
        const stale = next.sender !== HUB && (next.round !== round || next.cycle !== cycle);
        note(next, next.board, stale ? "late" : next.garbled ? "garbled" : "heard");
        return next;
      } else if (next.kind === AT_HUB) atHub(next);
      else if (next.kind === RELAY) relay(next.board);
      else if (next.kind === BEACON) beacon(next.round);
      const over = next.kind === END;
      queue.free(next);
      if (over) return undefined;
    }
  };

  return {
    tally,
    get time() {
      return now;
    },
    get began() {
      return began;
    },
    get refused() {
      return refused;
    },
    open(opened, readings) {
      cycle = opened;
      wired = readings;
      tally.frames = tally.bytes = 0;
      // What comes late from the cycle before still comes in between.
      began = Math.max(now, nextCycle);
      nextCycle = began + plan.period;
      queue.put(queue.take(began, BEACON, 0, HUB, 1, cycle));
    },
    step() {
      release();
      return advance(Infinity);
    },
    stepNow() {
      return advance(now);
    },
    answer(board, bytes, from, end) {
      const port = ports[board]!;
      const length = Math.min(end - from, 2 * longest);
      const begins = Math.max(now + (plan.rounds[round - 1]?.compute[board] ?? 0), port.upBusy);
      port.upBusy = begins + BITS_A_BYTE * length;
      const sent = queue.take(port.upBusy, AT_HUB, board, board, round, cycle);
      for (let at = 0; at < length; at++) sent.bytes[at] = bytes[from + at]!;
      sent.length = length;
      tally.frames++;
      tally.bytes += length;
      queue.put(sent);
    },
  };
};
