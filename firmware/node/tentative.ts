import type { DecisionLog } from "../ballots/decision-log.js";
import type { BallotLayout } from "../ballots/layout.js";
import type { Hal } from "../base/hal.js";
import type { Layout } from "../base/layout.js";
import { same } from "../base/same.js";
import type { ValueType } from "../base/values.js";

/** What it acts on; the default order in place of what is no value. */
interface Typed<Value> {
  readonly type: ValueType<Value>;
  readonly fallback: Value;
}

/** What a node shows of its decisions, the last order among it. */
interface Shown {
  cycle: number;
  slot?: number;
  order: unknown;
}

/** What a board does that acts before it is decided (docs/leaders.md, TENT.1 ...). */
export interface Tentative {
  /** TENT.2: a cycle ends. It retracts, unless what it has acted on is decided. */
  confirm?: () => void;
  /** TENT.3: and so it does where the decision could not be kept, and is not carried out. */
  finish?: (carriedOut: boolean) => void;
}

/** Ballots, and what is done before they are decided. */
interface Trying extends Omit<DecisionLog, "open">, Tentative {
  open: DecisionLog["open"];
  /** TENT.1: its last frame of a fast cycle is sent. It acts on what it has accepted. */
  hasten: (node: Shown, cycle: number) => void;
}

/**
 * Has a board act tentatively. What it has accepted is in its record, and so it is kept before it
 * is acted on. Nothing else need be: after a loss of power, what is accepted in a slot that is not
 * decided is retracted (TENT.4), which is done here, before it hears anything.
 */
export const actTentatively = <Value>(
  layout: Layout, arena: Uint8Array, view: DataView, decisions: Trying,
  { type, fallback }: Typed<Value>, hal: Hal<Value>, node: Shown,
): void => {
  const { boards, self, keep, valueWidth } = layout;
  const own = layout.levels[0]! + 1;
  const accepted = own + (layout as BallotLayout).body + 1;

  const load = () => {
    const value = type.load(view, accepted, boards + 1);
    return value === undefined ? fallback : value;
  };

  // Whether its slot is open, and all before it are carried out.
  const isNext = () => !decisions.done() &&
    (!keep || view.getUint32(own + (layout as BallotLayout).slot, true) === decisions.acted);

  // Whether it has acted on what it has accepted, and that stands.
  let stands = layout.stored && arena[accepted - 1]! > 0 && isNext();

  const retract = () => {
    if (!stands) return;
    stands = false;
    try {
      hal.retract!(load(), decisions.acted, node.order as Value);
    } catch { /* What it does is the caller's. */ }
  };

  decisions.hasten = () => {
    if (!decisions.ballot || decisions.named(self, 0) < 0 || !isNext()) return;
    stands = true;
    try {
      hal.act(load(), decisions.acted, true);
    } catch { /* So is this. */ }
  };
  const confirm = () => {
    const at = keep
      ? own + (layout as BallotLayout).ring + (decisions.acted % keep) * valueWidth : own + 1;
    if (!decisions.done() || !same(arena, at, accepted, valueWidth)) retract();
  };
  decisions.confirm = confirm;
  decisions.finish = (carriedOut) => {
    if (!carriedOut) retract();
    stands = false;
  };
  confirm();
  // Who did not hear a cycle's end takes it back when the next one begins.
  const { open } = decisions;
  decisions.open = (ballot) => {
    retract();
    return open(ballot);
  };
};
