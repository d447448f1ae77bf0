/**
 * A network of the product's cores without frames, nodes or time: payloads go from arena to arena.
 */
import { layoutOf } from "../../firmware/base/layout.js";
import type { Layout, Shape } from "../../firmware/base/layout.js";
import { createOm } from "../../firmware/core/om.js";
import { findRoutes } from "../../firmware/core/paths.js";

/** ⊥ among the one-byte values of these tests. */
export const NOTHING = -1;
/** What a liar does with a frame instead of putting something into it. */
export const NO_FRAME = -2;
/** All boards, as a bit set. */
export const ALL = -1;

/**
 * Called for each payload of each sender and receiver, when its honest copy lies at `arena[at..]`
 * of the receiver: alters what the sender says to this receiver.
 *
 * @returns false where the receiver hears nothing
 */
export type Channel = (
  round: number, sender: number, receiver: number, arena: Uint8Array, at: number,
) => boolean;

export const honest: Channel = () => true;

export interface Network {
  readonly shape: Shape;
  readonly layout: readonly Layout[];
  readonly arenas: readonly Uint8Array[];
  /** By round, 1..m+1: bytes of presence bits, and how many values they are for. */
  readonly bitmaps: readonly number[];
  readonly slots: readonly number[];
  /** What `board` has to say, as a commander. */
  give(board: number, value: Uint8Array | undefined): void;
  /** The same, for a value of one byte, or NOTHING. */
  giveByte(board: number, value: number): void;
  /**
   * Rounds 1..m+1, or only as many as `until`.
   *
   * @param awake the boards that take part; the others say what the channel makes of their memory
   * @param watched those of them that take part in the last round
   */
  run(channel: Channel, awake?: number, watched?: number, until?: number): void;
  /** What `board` decided about `of`, as hexadecimal digits, undefined for ⊥. */
  entry(board: number, of: number): string | undefined;
  /** The same, for a value of one byte, or NOTHING. */
  entryByte(board: number, of: number): number;
}

/** Nothing is allocated by what the result's functions do on one-byte values. */
export const createNetwork = (shape: Shape, sizes: typeof layoutOf = layoutOf): Network => {
  const { boards, traitors, commander, width } = shape;
  const all = Array.from({ length: boards }, (_, self) => sizes(shape, self, false));
  const room = Math.max(...all.map((one) => one.end));
  const memory = new Uint8Array(boards * room);
  const arenas = all.map((one, self) => memory.subarray(self * room, self * room + one.end));
  const cores = all.map((one, self) => createOm(one, findRoutes(one), arenas[self]!));
  const { payloads, bitmaps } = all[0]!;
  const slots = payloads.map((bytes, round) => (bytes - bitmaps[round]!) / width);
  const heard = new Int32Array(boards);

  const carry = (round: number, sender: number, receiver: number, channel: Channel) => {
    const bytes = payloads[round]!;
    const from = sender * room + all[sender]!.levels[round - 1]!;
    const at = all[receiver]!.heard + sender * all[receiver]!.block;
    const to = receiver * room + at;
    if (bytes > 64) memory.copyWithin(to, from, from + bytes);
    else for (let index = 0; index < bytes; index++) memory[to + index] = memory[from + index]!;
    if (channel(round, sender, receiver, arenas[receiver]!, at)) heard[receiver]! |= 1 << sender;
  };

  const speaks = (round: number, sender: number) =>
    commander < 0 || (sender === commander) === (round === 1);

  return {
    shape, layout: all, arenas, bitmaps, slots,
    give(board, value) {
      const { counts, levels } = all[board]!;
      if (!counts[0]) return;
      arenas[board]![levels[0]!] = value ? 1 : 0;
      if (value) arenas[board]!.set(value, levels[0]! + 1);
    },
    giveByte(board, value) {
      const { counts, levels } = all[board]!;
      if (!counts[0]) return;
      arenas[board]![levels[0]!] = value < 0 ? 0 : 1;
      arenas[board]![levels[0]! + 1] = value;
    },
    run(channel, awake = ALL, watched = ALL, until = traitors + 1) {
      for (let round = 1; round <= until; round++) {
        const listen = round > traitors ? awake & watched : awake;
        for (let receiver = 0; receiver < boards; receiver++) {
          heard[receiver] = 0;
          for (let sender = 0; sender < boards && (listen >> receiver) & 1; sender++) {
            if (sender !== receiver && speaks(round, sender)) {
              carry(round, sender, receiver, channel);
            }
          }
        }
        for (let receiver = 0; receiver < boards; receiver++) {
          if ((listen >> receiver) & 1) cores[receiver]!.close(round, heard[receiver]!);
        }
      }
    },
    entry(board, of) {
      const at = cores[board]!.entry(of);
      if (at < 0) return undefined;
      return Buffer.from(arenas[board]!.subarray(at, at + width)).toString("hex");
    },
    entryByte(board, of) {
      const at = cores[board]!.entry(of);
      return at < 0 ? NOTHING : arenas[board]![at]!;
    },
  };
};

/** Writes one-byte value `value`, or NOTHING, as number `slot` of the payload at `arena[at..]`. */
export const put = (
  arena: Uint8Array, at: number, bitmap: number, slot: number, value: number,
): void => {
  const bit = 1 << (slot & 7);
  arena[at + (slot >> 3)]! |= bit;
  if (value < 0) arena[at + (slot >> 3)]! ^= bit;
  else arena[at + bitmap + slot] = value;
};

/** One thing that a traitor chooses: number `slot` of what it says in `round` to `receiver`. */
export interface Choice {
  readonly round: number;
  readonly sender: number;
  readonly receiver: number;
  readonly slot: number;
}

/**
 * A channel on which `chosen[i]`, a value or NOTHING or NO_FRAME, is said where `choices[i]`
 * stands, and everything else is carried as it is.
 */
export const createChoices = (network: Network, choices: readonly Choice[]) => {
  const { boards, traitors } = network.shape;
  const chosen = new Int8Array(choices.length);
  const numberOf = (round: number, sender: number, receiver: number) =>
    (round * boards + sender) * boards + receiver;
  const lists: Int32Array[] = [];
  for (let list = 0; list < (traitors + 2) * boards * boards; list++) {
    const mine = choices.flatMap((choice, index) =>
      numberOf(choice.round, choice.sender, choice.receiver) === list ? [index] : [],
    );
    lists.push(Int32Array.from(mine));
  }
  const channel: Channel = (round, sender, receiver, arena, at) => {
    const list = lists[numberOf(round, sender, receiver)]!;
    for (let index = 0; index < list.length; index++) {
      const value = chosen[list[index]!]!;
      if (value === NO_FRAME) return false;
      put(arena, at, network.bitmaps[round]!, choices[list[index]!]!.slot, value);
    }
    return true;
  };
  return { chosen, channel };
};

/** Two correct boards hold different vectors. */
export const DISAGREE = 1;
/** A correct board's entry for a correct commander is not what it sent. */
export const INVALID = 2;
/** It is not even ⊥. */
export const UNTRUE = 4;

/**
 * Of one-byte values: what is wrong, DISAGREE | INVALID | UNTRUE, seen by the boards not in
 * `faulty`.
 */
export const judge = (network: Network, inputs: Int8Array, faulty: number): number => {
  const { boards, commander } = network.shape;
  let wrong = 0;
  for (let of = 0; of < boards; of++) {
    let first = NO_FRAME;
    const obliged = !((faulty >> of) & 1) && (commander < 0 || of === commander);
    for (let board = 0; board < boards; board++) {
      if ((faulty >> board) & 1) continue;
      const entry = network.entryByte(board, of);
      if (first === NO_FRAME) first = entry;
      else if (entry !== first) wrong |= DISAGREE;
      if (obliged && entry !== inputs[of]) {
        wrong |= INVALID;
        if (entry !== NOTHING) wrong |= UNTRUE;
      }
    }
  }
  return wrong;
};
