import { createBallots } from "./core/ballots.js";
import type { Ballots } from "./core/ballots.js";
import type { Algorithm } from "./core/algorithm.js";
import type { BallotLimits } from "./core/paxos-limits.js";
import type { Caller } from "./caller.js";
import { createPromises } from "./promises.js";
import type { Places } from "./promises.js";
import type { ValueType } from "./values.js";

/** What is chosen by, and from. */
interface Choice<Value> {
  readonly type: ValueType<Value>;
  readonly choose: (vector: readonly (Value | undefined)[], fallback: Value) => Value;
  readonly fallback: Value;
  readonly places?: Places;
}

/** What a node shows of its decisions: how many slots are behind it, and the last order. */
interface Shown {
  slot?: number;
  order: unknown;
}

/** Ballots, and what a node makes of their decisions. */
export interface Decisions extends Ballots {
  /**
   * The cycle is over: everything that is newly decided is carried out, in the order of the slots,
   * or else what the network does meanwhile.
   */
  settle: (node: Shown) => void;
  /**
   * Before this board speaks in `round`: what that promises is stored, if it promises anything.
   *
   * @returns whether it may speak; always, where promises are not stored
   */
  bind: (round: number) => boolean;
}

/**
 * @param agreement carries the records
 * @param vector where what each board proposed is shown
 */
export const createDecisions = <Value>(
  limits: BallotLimits, arena: Uint8Array, view: DataView, agreement: Algorithm,
  { type, choose, fallback, places }: Choice<Value>, vector: (Value | undefined)[],
  { act, elected }: Pick<Caller<Value>, "act" | "elected">,
): Decisions => {
  const { boards } = limits;

  const fill = () => {
    for (let board = 0; board < boards; board++) {
      const at = decisions.entry(board);
      vector[board] = at < 0 ? undefined : type.load(view, at, board);
    }
  };

  const decisions = createBallots(limits, arena, view, agreement, (to) => {
    fill();
    if (!limits.plain) return elected(to);
    type.store(view, to, choose(vector, fallback));
    return to;
  }) as Decisions;
  decisions.settle = (node) => {
    let fresh = false;
    let at = 0;
    fill();
    while ((limits.keep || !node.slot) && (at = decisions.decided(node.slot!)) !== -1) {
      if (limits.keep && at < 0) node.slot! -= 1 + at;
      else {
        const value = type.load(view, at, boards);
        fresh = true;
        act((node.order = value === undefined ? fallback : value), node.slot!++);
      }
    }
    if (!fresh) {
      if (limits.safe && (limits.keep || !node.slot)) node.order = fallback;
      act(node.order as Value);
    }
  };
  if (limits.stored) {
    const promises = createPromises(limits, arena, places!);
    // Relaying promises nothing, nor does a leader's message.
    const relays = limits.traitors + (limits.rotating ? 2 : 1);
    if (promises.ballot) decisions.resume!(promises.ballot - 1);
    decisions.bind = (round) => !decisions.ballot || (round > 1 && round <= relays) ||
      promises.keep(decisions.ballot);
  }
  return decisions;
};
