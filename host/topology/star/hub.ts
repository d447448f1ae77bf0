import { isMade } from "../../../firmware/frame/frame-host.js";
import {
  HUB, OPENING_BYTES, countedFrom, createWire, speaks,
} from "../../../firmware/index.js";
import type { Wire } from "../../../firmware/index.js";
import type { Lie } from "../../events/events.js";
import { madeUpMacKeys, tagAnew } from "../../keys/mac.js";
import type { Network } from "../../network/network.js";
import { BITS_A_BYTE, planOf } from "../../plan/plan.js";
import { longestPayload } from "../frames.js";
import { createPacer } from "./pacer.js";

/**
 * The middle of the star (SPEC.md, "Rounds"): it begins each round with a beacon, and relays what a
 * board says in the open round to all others, once. It knows no clock and no line: whoever has
 * those says when a round opens and whether bytes came in time, and carries what it sends.
 */
export interface Hub {
  /** The cycle and the round that are open; round 0: none, or the cycle is closed. */
  readonly cycle: number;
  readonly round: number;
  /**
   * Opens a round, and sends its beacon on all links; round 0 closes the cycle.
   *
   * @param wired readings that go by wire with the opening beacon, presence byte first, by board
   */
  open(cycle: number, round: number, wired: readonly (Uint8Array | undefined)[]): void;
  /**
   * Takes bytes that have come from `board`. The first whole frame of that board for the open round
   * is relayed, or waits if it is a liar's; anything else goes no further.
   *
   * @param inTime whether the round's deadline has not passed
   * @returns whether a frame was accepted
   */
  receive(board: number, bytes: Uint8Array, inTime: boolean): boolean;
  /**
   * The one place that says what was accepted, which is what all others are told, judge and trace
   * included. Whatever else came in the same bytes is no part of it.
   *
   * @returns the frame of `board` that was accepted in the open round; undefined: none was
   */
  accepted(board: number): Uint8Array | undefined;
  /** Relays what `sender` said to all others; a liar's is made anew for each of them. */
  relay(sender: number): void;
}

/** Boards that tell their receivers different things, as the hub meets them: see `host/sim`. */
export interface Liars {
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
  /** Whether they lack the keys of those in whose name they lie. */
  readonly keyless?: boolean;
  /** What it is that `sender` changed: it would have said `was`, and `told` is not the same. */
  lieIn(sender: number, round: number, was: Uint8Array, told: Uint8Array): Lie;
}

/** What the hub needs of whoever has the lines. */
export interface Lines {
  /**
   * Sends a frame of `sender` to `board`. The bytes are only lent until this returns.
   *
   * @param later how much later than sent it arrives, in bits
   * @param lie whether a traitor changed it for this receiver
   * @param begins when it is to begin, in bits, if not as soon as can be: before, the board's input
   *   buffer may not have room for it
   * @param pace bits from one byte to the next
   */
  send(
    board: number, sender: number, bytes: Uint8Array, from: number, end: number, later: number,
    lie: Lie, begins: number, pace: number,
  ): void;
  /** @returns bits since it began */
  now(): number;
  /** A liar's frame has come; it is to be relayed when everybody has spoken. */
  wait(sender: number): void;
}

/** A port: its decoder, whether its frame of the open round was accepted, and what that says. */
interface Port {
  readonly wire: Wire;
  heard: boolean;
  readonly payload: Uint8Array;
}

const mute = () => undefined;

/** @param plan what is known of how long boards compute, and how much they can hold */
export const createHub = (
  network: Network, lines: Lines, liars: Liars | undefined, plan = planOf(network),
): Hub => {
  const { boards, shape } = network;
  const { payloads, block, margin, tags, transmit, end, word, overhead } = boards[0]!.layout;
  const longest = longestPayload(network);
  let cycle = 0;
  let round = 0;
  let timely = false;
  // What has come last.
  let chunk: Uint8Array;
  const spoken: (Uint8Array | undefined)[] = [];
  const pacer = createPacer(network, plan);
  // Liars have their keys, unless told.
  const keys = liars && tags && !liars.keyless ? madeUpMacKeys(boards.length) : undefined;

  // The hub puts its own frames together here: payloads at `scratch`, behind all else, as an
  // opening may be longer than what boards say; frames at `transmit`.
  const scratch = end;
  const desk = new Uint8Array(end + longest);
  const { encode } = createWire(
    boards[0]!.layout, desk, new DataView(desk.buffer), new Uint32Array(3), () => 0, mute,
  );

  const differs = (payload: Uint8Array, bytes: number) => {
    for (let at = 0; at < bytes; at++) if (desk[scratch + at] !== payload[at]) return true;
    return false;
  };

  // One frame for all but its sender, and but for a single commander, who has nothing to learn from
  // what the others relay.
  const isFor = (receiver: number, sender: number) =>
    receiver !== sender && (receiver !== shape.commander || round < 2);

  const give = (
    receiver: number, sender: number, bytes: Uint8Array, from: number, last: number, later: number,
    lie: Lie,
  ) => {
    const begins = pacer.frame(receiver, round, lines.now(), last - from);
    const pace = pacer.pace(receiver, round);
    lines.send(receiver, sender, bytes, from, last, later, lie, begins, pace);
  };

  const pass = (sender: number, bytes: Uint8Array, from: number, last: number) => {
    for (let receiver = 0; receiver < boards.length; receiver++) {
      if (isFor(receiver, sender)) give(receiver, sender, bytes, from, last, 0, false);
    }
  };

  // Puts a frame of `sender` together, of what lies at `scratch`. @returns where it ends
  const make = (sender: number, bytes: number) =>
    encode((round << 5) | sender, cycle, scratch, bytes);

  const relay = (sender: number) => {
    const { payload } = ports[sender]!;
    const bytes = payloads[round]!;
    if (!liars?.lies(sender)) {
      desk.set(payload.subarray(0, bytes), scratch);
      pass(sender, desk, transmit, make(sender, bytes));
      return;
    }
    spoken[sender] = undefined;
    for (let receiver = 0; receiver < boards.length; receiver++) {
      if (!isFor(receiver, sender)) continue;
      for (let at = 0; at < bytes; at++) desk[scratch + at] = payload[at]!;
      const told = desk.subarray(scratch, scratch + bytes);
      const later = liars.tell(sender, receiver, round, cycle, told, spoken);
      const lie = differs(payload, bytes) && liars.lieIn(sender, round, payload, told);
      if (keys) tagAnew(network, keys[sender]!, sender, round, cycle, told);
      const last = make(sender, bytes);
      // To who is sent no more than fits, what is late would come on top of that.
      if (later < 0 || (later && plan.paced[receiver])) continue;
      give(receiver, sender, desk, transmit, last, later, lie);
    }
  };

  // ROUND.3: a frame counts if it is that of the port's board, of this round, in time, the first.
  const ports: Port[] = boards.map(({ layout, number }) => {
    const arena = new Uint8Array(layout.end);
    const lengthOf = (sender: number, of: number) => {
      // LEARN.1: of a learner's line nothing is taken.
      const takes = sender === number && number < shape.boards;
      const expected = takes && of > 0 && of < payloads.length &&
        speaks(shape, number, of);
      return expected ? overhead + payloads[of]! : 0;
    };
    const hear = (_sender: number, of: number, low: number, at: number) => {
      const fits = of === round && low === (cycle & 255) && timely;
      if (!fits || port.heard) return;
      port.heard = true;
      const bytes = payloads[round]!;
      for (let byte = 0; byte < bytes; byte++) port.payload[byte] = arena[at + byte]!;
      if (liars?.lies(number)) lines.wait(number);
      else {
        spoken[number] = port.payload;
        // What would be made anew as it came is passed on.
        if (word < 2 && isMade(chunk, bytes + overhead)) pass(number, chunk, 0, chunk.length);
        else relay(number);
      }
    };
    const view = new DataView(arena.buffer);
    const port: Port = {
      heard: false, payload: new Uint8Array(block - margin + tags),
      wire: createWire(layout, arena, view, new Uint32Array(3), lengthOf, hear),
    };
    return port;
  });

  // No getters: V8 is slow at all that an object has which was written with some.
  const hub = {
    relay, cycle, round,
    open(during: number, opens: number, wired: readonly (Uint8Array | undefined)[]) {
      hub.cycle = cycle = during;
      hub.round = round = opens;
      for (let at = 0; at < OPENING_BYTES; at++) {
        desk[scratch + at] = cycle >>> (8 * (at + 1));
      }
      let [last, encoded] = [0, -1];
      for (const { number, layout } of boards) {
        const reading = wired[number];
        for (let at = 0; layout.wired && at <= shape.width; at++) {
          desk[scratch + OPENING_BYTES + at] = reading?.[at] ?? 0;
        }
        const bytes = countedFrom(layout, opens) === 1 ? layout.payloads[0]! : 0;
        // Beacons without readings are all the same.
        if (bytes !== encoded || bytes > OPENING_BYTES) {
          last = encode((opens << 5) | HUB, cycle, scratch, bytes);
          encoded = bytes;
        }
        ports[number]!.heard = false;
        spoken[number] = undefined;
        const now = lines.now();
        pacer.beacon(number, round, now, last - transmit);
        lines.send(number, HUB, desk, transmit, last, 0, false, now, BITS_A_BYTE);
      }
    },
    receive(board: number, bytes: Uint8Array, inTime: boolean) {
      const port = ports[board]!;
      const before = port.heard;
      timely = inTime;
      chunk = bytes;
      port.wire.decode(bytes);
      return port.heard && !before;
    },
    accepted(board: number) {
      const { heard, payload } = ports[board]!;
      if (!heard) return undefined;
      const bytes = payloads[round]!;
      for (let at = 0; at < bytes; at++) desk[scratch + at] = payload[at]!;
      return desk.slice(transmit, make(board, bytes));
    },
  };
  return hub;
};
