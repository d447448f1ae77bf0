import type { Kind } from "../network/kinds.js";
import type { Network } from "../network/network.js";

/**
 * How bytes arrive on a board: an interrupt puts them into a buffer, and while the interpreter
 * computes nothing is taken out. What does not fit is lost. So whoever sends has to know how much
 * a board has yet to take out (SPEC.md, "Input").
 */

/** What a board takes, at worst, for what it hears, in bits. */
export interface Hearing {
  /** For each byte of a frame, with its share of the pieces; and for the frame besides. */
  readonly byte: number;
  readonly frame: number;
}

/** How the frames of a round come to a board. */
export interface Intake extends Hearing {
  /** How many of them its buffer holds at once; 0: not even one, and each comes slowly. */
  readonly holds: number;
  /** Bits from one byte of a frame to the next: ten, or as many as the board takes for one. */
  readonly pace: number;
  /** Bits by which the round is longer, for the hub waits until there is room. */
  readonly spacing: number;
}

/** @returns bytes of the buffer that can be used */
export const roomOf = ({ input }: Kind): number => input.bytes - input.spare;

/**
 * @returns bytes that so many take in the buffer: while the interpreter computes, two events in a
 *   row hold together what one may hold, and the first one may be short
 */
export const filledBy = ({ input }: Kind, bytes: number): number =>
  bytes + input.event_cost * (1 + Math.ceil((2 * bytes) / input.event_bytes));

interface Coming {
  readonly frame: number;
  readonly heard: number;
  readonly beacon: number;
  /** The most bytes that come in a frame's place. */
  readonly most: number;
}

/**
 * @returns the most that can be in the buffer, where the hub relays at once whatever it hears: a
 *   beacon finds the frames of the round before, and those of its own round come before it is
 *   looked at; behind them may be the next one
 */
export const fillOf = (kind: Kind, rounds: readonly Coming[]): number =>
  Math.max(...rounds.map(({ frame, heard, beacon }, at) => {
    const before = rounds[at - 1];
    return heard * filledBy(kind, frame) + 2 * filledBy(kind, beacon) +
      (before ? before.heard * filledBy(kind, before.frame) : 0);
  }));

/**
 * On a shared wire, the most that can be in the buffer: while a board still looks at a frame, the
 * next beacon and the next frame come, and one more beacon. With `spaced`, slots are so long that
 * it has looked at the first by then. Who is polled may send as much as the longest frame has.
 */
export const wireFillOf = (
  kind: Kind, rounds: readonly Coming[], spaced: boolean,
): number => {
  const frame = filledBy(kind, Math.max(...rounds.map((one) => one.most)));
  const beacon = filledBy(kind, Math.max(...rounds.map((one) => one.beacon)));
  return (spaced ? 1 : 2) * frame + 2 * beacon;
};

/**
 * @returns why a board's buffer is too small whatever is done, and what would be right; "" where it
 *   is not
 */
export const smallBuffer = (kind: Kind, rounds: readonly Coming[], wire: boolean): string => {
  const { event_bytes: most, event_cost: cost } = kind.input;
  const beacon = Math.max(...rounds.map((one) => one.beacon));
  const least = wire ? wireFillOf(kind, rounds, true)
    : 2 * filledBy(kind, beacon) + 2 * (most + cost);
  const room = roomOf(kind);
  if (least <= room) return "";
  const frame = Math.max(...rounds.map((one) => one.most));
  return wire
    ? `a frame of ${frame} bytes and beacons of ${beacon} take ${least} bytes of an input ` +
      `buffer, and ${kind.id} has ${room}: a star would do`
    : `beacons of ${beacon} bytes need ${least} of an input buffer, and ${kind.id} has ${room}`;
};

/** @returns bytes of the buffer that are for frames, as two beacons need room besides */
export const roomForFrames = (kind: Kind, rounds: readonly { readonly beacon: number }[]): number =>
  roomOf(kind) - 2 * filledBy(kind, Math.max(...rounds.map(({ beacon }) => beacon)));

/** @returns how many frames are held at once */
export const heldBy = (kind: Kind, rounds: readonly Coming[], at: number): number => {
  const { frame, heard } = rounds[at]!;
  if (fillOf(kind, rounds) <= roomOf(kind)) return heard;
  return Math.min(heard, Math.floor(roomForFrames(kind, rounds) / filledBy(kind, frame)));
};

/**
 * @param holds how many frames the board's buffer holds at once
 * @param guard bits that are kept for what nobody knows
 */
export const intakeOf = (
  { input }: Kind, { frame: bytes, heard }: Coming, hearing: Hearing, holds: number,
  guard: number, bitsAByte: number,
): Intake => {
  const { byte, frame } = hearing;
  const pace = holds ? bitsAByte : Math.max(bitsAByte, Math.ceil(byte));
  const spacing = holds
    ? Math.max(0, heard - holds) * (bytes * byte + frame + guard)
    : heard * (bytes * (pace - bitsAByte) + input.event_bytes * byte + frame + guard);
  return { byte, frame, holds, pace, spacing: Math.ceil(spacing) };
};

/** The same on a shared wire, where slots are longer if a board is to look at each frame first. */
export const slottedOf = (
  kind: Kind, rounds: readonly Coming[], { most }: Coming, hearing: Hearing,
): Intake => {
  const longer = wireFillOf(kind, rounds, false) > roomOf(kind);
  const spacing = longer ? Math.ceil(most * hearing.byte + hearing.frame) : 0;
  return { ...hearing, holds: 1, pace: 0, spacing };
};

/** @returns the same network of boards whose input buffers hold whatever comes */
export const withRoom = (network: Network): Network => ({
  ...network,
  boards: network.boards.map((board) => Object.assign({}, board, {
    kind: { ...board.kind, input: { ...board.kind.input, bytes: 2 ** 24 } },
  })),
});
