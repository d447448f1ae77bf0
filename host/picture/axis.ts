import type { BeaconEvent, FrameEvent } from "../events/events.js";
import { BITS_A_BYTE } from "../plan/plan.js";

/**
 * Where a moment stands in the picture. Boards compute a hundred times longer than frames take, so
 * spans in which nothing moves are cut short, and each round has a scale of its own.
 */
export interface Axis {
  readonly left: number;
  readonly right: number;
  /** @returns x of a moment; moments before and after the cycle stand at its ends. */
  at(time: number): number;
  /** The rounds, and last, as round 0, deciding. */
  readonly columns: readonly Column[];
  /** Spans that were cut short. */
  readonly quiet: readonly Span[];
}

export interface Column extends Span {
  readonly round: number;
  /** Bits. */
  readonly length: number;
  /** When it began, in bits. */
  readonly began: number;
}

/** From x to x. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Scale {
  /** Pixels of one frame of a round. */
  readonly frame: number;
  /** Bits of one frame of each round; of round 0, of the beacon that closes the cycle. */
  readonly bits: readonly number[];
  /** Pixels of a beacon, and of a quiet span, of which the first is wider by `opening`. */
  readonly beacon: number;
  readonly quiet: number;
  readonly opening: number;
  /** What the last column has at least. */
  readonly last: number;
}

/** When its first bit left, as far as one can tell from its length. */
export const leftAt = ({ t, bytes }: FrameEvent): number => t - BITS_A_BYTE * bytes.length;

/** A span with less rest than this, in frames, is not cut. */
const REST = 1.5;

/** Spans in which something moves, from `began` to `end`; those nearer than `rest` are one. */
const busySpans = (
  frames: readonly FrameEvent[], began: number, end: number, rest: number,
): Span[] => {
  const spans: { from: number; to: number }[] = [];
  const moving = frames
    .map((frame) => ({ from: Math.max(began, leftAt(frame)), to: Math.min(end, frame.t) }))
    .filter(({ from, to }) => from <= to)
    .toSorted((one, other) => one.from - other.from);
  for (const { from, to } of moving) {
    const last = spans[spans.length - 1];
    if (last && from - last.to <= rest) last.to = Math.max(last.to, to);
    else spans.push({ from, to });
  }
  return spans;
};

/**
 * @param beacons of one cycle, by time
 * @param frames of the same cycle
 * @param end of the cycle, in bits
 */
export const createAxis = (
  beacons: readonly BeaconEvent[], frames: readonly FrameEvent[], end: number, left: number,
  scale: Scale,
): Axis => {
  const knots: { time: number; x: number }[] = [];
  const columns: Column[] = [];
  const quiet: Span[] = [];
  let x = left;
  const knot = (time: number, width: number) => {
    x += width;
    knots.push({ time, x });
  };
  beacons.forEach(({ round, t: began }, index) => {
    const until = beacons[index + 1]?.t ?? end;
    const inside = frames.filter((frame) => frame.t > began && leftAt(frame) < until);
    const bits = scale.bits[round]!;
    const bit = scale.frame / bits;
    const from = x;
    let time = began;
    knot(began, 0);
    const busy = busySpans(inside, began, until, REST * bits);
    for (const span of [...busy, { from: until, to: until }]) {
      const rest = span.from - time;
      const cut = rest > REST * bits;
      const width = scale.quiet + (quiet.length ? 0 : scale.opening);
      if (cut) quiet.push({ from: x, to: x + width });
      knot(span.from, cut ? width : rest * bit);
      const moving = (span.to - span.from) * bit;
      // Beacons are short where frames are long, and are to be seen.
      knot(span.to, span.from === began ? Math.max(scale.beacon, moving) : moving);
      time = span.to;
    }
    if (index === beacons.length - 1) knot(end, Math.max(0, scale.last - (x - from)));
    columns.push({ round, from, to: x, length: until - began, began });
  });
  return {
    left, right: x, columns, quiet,
    at(time) {
      const after = knots.findIndex((one) => one.time >= time);
      if (after <= 0) return after ? x : left;
      const [one, other] = [knots[after - 1]!, knots[after]!];
      const share = (time - one.time) / (other.time - one.time);
      return one.x + share * (other.x - one.x);
    },
  };
};
