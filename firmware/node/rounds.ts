import { DUPLICATE, EARLY, LATE, MISSED, STALE } from "../base/counters.js";
import { HUB, OPENING_BYTES } from "../base/layout.js";
import type { Layout } from "../base/layout.js";
import type { Wire } from "../frame/frame.js";
import { countedFrom, firstRound, lastRound, speakersIn, speaks } from "../base/turns.js";

/** What a board does when a frame counts. At the end of a round they come in this order. */
export interface Steps {
  /** NODE.1: a board's frame counts, which nobody has sent in this round before. */
  readonly take: (sender: number, header: number, cycle: number, at: number) => void;
  /** Another round begins: what still waits to be sent in the one before is not. */
  readonly drop: () => void;
  /**
   * NODE.5: a cycle is open in which this board commands.
   *
   * @param at where the reading lies in its opening beacon
   * @param late whether that was missed
   */
  readonly read: (cycle: number, at: number, late: boolean) => void;
  /** A cycle is open, and the board has its own value. */
  readonly open: (cycle: number) => void;
  /** NODE.6: a round is over, in which the boards of the bit set `heard` were heard. */
  readonly close: (round: number, heard: number) => void;
  /** NODE.8: the last round of a cycle is over. */
  readonly settle: (cycle: number) => void;
  /** NODE.7: a round is open in which this board speaks; what it promised before is kept. */
  readonly speak: (round: number, cycle: number) => void;
  /** WIRE.5: a board may speak, which is named at `at`. */
  readonly poll: (at: number) => void;
}

/** What can be asked of the frame that is heard; see `Wire`. */
export type Heard = Pick<Wire, "show" | "low" | "open" | "isNow">;

/**
 * Which cycle and which round are open (NODE.1 to NODE.6): a beacon closes rounds and opens the
 * next one, and nothing else moves.
 *
 * @returns takes a good frame: the payload of a board, or a beacon of the hub, whose round is 0
 *   where it closes the cycle
 */
export const createRounds = (
  layout: Layout, view: DataView, counts: Uint32Array, frame: Heard, steps: Steps,
) => {
  const { rounds } = layout;
  // The cycle and the round that are open, m+2 if it is closed; and the boards that are awaited in
  // it, a bit each.
  let cycle = -1;
  let round = rounds + 1;
  let awaited = 0;

  // By how many cycles a frame is behind the open one, of which it names the lowest byte.
  const lag = () => ((cycle - frame.low()) << 24) >> 24;
  // VIEW.1: no frame counts of a round that its cycle does not have.
  const isStrange = (spoken: number, of: number) => layout.review && spoken &&
    (spoken < firstRound(layout, of) || spoken > lastRound(layout, of));
  const refuse = (behind: number, spoken: number, strange: boolean | number) => {
    const age = behind * 16 + round - spoken;
    counts[strange || age < 0 ? EARLY : !age ? DUPLICATE : behind ? STALE : LATE]!++;
  };

  // A beacon that is not the next one. Only an opening beacon names its cycle in full, in the
  // header's cycle and its payload, which are one number; it counts whenever that is another cycle,
  // so that a hub may begin anew. @returns the round that begins; 0: it does not count
  const reach = (spoken: number, at: number): number => {
    const names = countedFrom(layout, spoken) === 1;
    frame.show();
    const behind = names ? cycle - view.getUint32(at - 1, true) : lag();
    const next = spoken || lastRound(layout, cycle - behind) + 1;
    const strange = isStrange(spoken, cycle - behind);
    if (strange || !(behind ? names || (behind < 0 && spoken) : round < next)) {
      refuse(behind, next, strange);
      return 0;
    }
    const gone = layout.review ? spoken + 1 - firstRound(layout, cycle - behind) : spoken;
    counts[MISSED]! += behind
      ? gone - Number(round > lastRound(layout, cycle)) : next - round - 1;
    steps.drop();
    if (behind) {
      cycle = (cycle - behind) >>> 0;
      frame.open(cycle);
      if (speaks(layout, layout.self, 1)) {
        steps.read(cycle, at + OPENING_BYTES, countedFrom(layout, spoken) > 1);
      }
      steps.open(cycle);
      round = firstRound(layout, cycle);
      awaited = speakersIn(layout, round);
    }
    return next;
  };

  const beacon = (spoken: number, at: number) => {
    if (layout.poll) frame.show();
    // On a shared wire, each beacon but the first of a round only polls the next to speak.
    const polls = layout.poll && spoken === round && (countedFrom(layout, spoken) === 1
      ? cycle === view.getUint32(at - 1, true) : frame.isNow());
    if (!polls) {
      let next = spoken || lastRound(layout, cycle) + 1;
      if (next !== round + 1 || !frame.isNow() || isStrange(spoken, cycle)) {
        next = reach(spoken, at);
        if (!next) return;
      } else steps.drop();
      let heard = speakersIn(layout, round) ^ awaited;
      for (let over = 1; over <= rounds; over++) {
        if (over >= round && over < next) {
          steps.close(over, heard);
          heard = 0;
        }
      }
      round = next;
      awaited = spoken && speakersIn(layout, spoken);
      if (!spoken) steps.settle(cycle);
      else if (speaks(layout, layout.self, spoken)) steps.speak(spoken, cycle);
    }
    if (layout.poll) steps.poll(countedFrom(layout, spoken) === 1 ? at + OPENING_BYTES : at);
  };

  // A board's frame that is not awaited, or is of another cycle.
  const pass = (spoken: number) => {
    const behind = lag();
    refuse(behind, spoken, isStrange(spoken, cycle - behind));
  };

  return (_sender: number, _round: number, _low: number, at: number, header: number): void => {
    const sender = header & 31;
    if ((awaited >> sender) & 1 && header >> 5 === round && frame.isNow()) {
      awaited ^= 1 << sender;
      steps.take(sender, header, cycle, at);
    } else if (sender === HUB) beacon(header >> 5, at);
    else pass(header >> 5);
  };
};
