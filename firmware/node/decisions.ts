import type { BallotLayout } from "../ballots/layout.js";
import type { CreateProtocol } from "../ballots/leader.js";
import { createPromises } from "../ballots/promises.js";
import type { Places } from "../ballots/promises.js";
import type { Algorithm } from "../base/algorithm.js";
import { SKIPPED } from "../base/counters.js";
import type { ValueType } from "../base/values.js";
import { createBallots } from "./ballots.js";
import type { Ballots } from "./ballots.js";
import type { Caller } from "./caller.js";
import type { Tentative } from "./tentative.js";

/** What is chosen by, and from. */
interface Choice<Value> {
  readonly type: ValueType<Value>;
  readonly choose: (vector: readonly (Value | undefined)[], fallback: Value) => Value;
  readonly fallback: Value;
  readonly places?: Places | undefined;
  readonly protocol?: CreateProtocol | undefined;
}

/** What a node shows of its decisions: how many slots are behind it, and the last order. */
interface Shown {
  cycle: number;
  slot?: number;
  order: unknown;
}

/** Ballots, and what a node makes of their decisions. */
export interface Decisions extends Ballots, Tentative {
  /**
   * The cycle is over: everything that is newly decided is carried out, in the order of the slots,
   * or else what the network does meanwhile.
   */
  settle: (node: Shown) => void;
  /** EARLY.3: so is, before that, what is decided already; nothing else is done meanwhile. */
  hasten: (node: Shown, cycle: number) => void;
  /** Whether something was carried out so. */
  early: boolean;
  /** What was carried out last, as far as that has outlasted a restart; else the default order. */
  held: () => unknown;
}

/**
 * @param agreement carries the records
 * @param vector where what each board proposed is shown
 * @param watch looks at that, before anything is carried out
 */
export const createDecisions = <Value>(
  layout: BallotLayout, arena: Uint8Array, view: DataView, counts: Uint32Array,
  agreement: Algorithm, { type, choose, fallback, places, protocol }: Choice<Value>,
  vector: (Value | undefined)[], { act, elected }: Pick<Caller<Value>, "act" | "elected">,
  watch: () => void,
): Decisions => {
  const { boards } = layout;
  const promises = createPromises(layout, arena, counts, places!);

  const fill = () => {
    for (let board = 0; board < boards; board++) {
      const at = decisions.entry(board);
      vector[board] = at < 0 ? undefined : type.load(view, at, board);
    }
  };

  const clear = () => {
    for (let board = 0; board < boards; board++) vector[board] = undefined;
  };

  const load = (at: number) => {
    const value = at < 0 ? undefined : type.load(view, at, boards);
    return value === undefined ? fallback : value;
  };

  // OM.5: without a log, a decision takes the place of what this board proposed, so the vector is
  // looked at before; and where nobody is named (DUEL.1), before the last round is heard.
  const carrier = layout.lasting ? agreement : {
    entry: (of: number) => agreement.entry(of),
    close(round: number, from: number) {
      agreement.close(round, from);
      if (round === layout.exchanges) fill();
    },
  };

  // Where proposals last, what is shown is what the choice is from, and is read once: when the
  // records are in. In a commit, and with views, there are cycles in which nobody gathers; and rows
  // of bytes are lent to scripts.
  const once = layout.lasting && !layout.review && !layout.phases && !layout.rows;
  const decisions = createBallots(layout, arena, view, carrier, protocol!, (to) => {
    if (!once) fill();
    if (!layout.plain) return elected(to);
    type.store(view, to, choose(vector, fallback));
    return to;
  }, promises, once ? fill : undefined) as Decisions;
  const carryOut = (node: Shown, cycle: number) => decisions.act((at, slot) => {
    if (layout.early) node.cycle = cycle;
    counts[SKIPPED]! += slot - node.slot!;
    node.slot = slot + 1;
    act((node.order = load(at)), slot);
  });
  if (layout.early) {
    decisions.hasten = (node, cycle) => {
      if (!decisions.ballot) return;
      decisions.early = carryOut(node, cycle);
    };
  }
  // VIEW.6: what the leader has chosen from is its own reading, on which nobody agreed.
  if (layout.review && !layout.learner) {
    const { speakFirst } = decisions;
    decisions.speakFirst = () => {
      speakFirst();
      clear();
    };
  }
  decisions.held = () => load(decisions.recall());
  decisions.settle = (node) => {
    if (layout.learner) clear();
    else if (!(layout.review && decisions.fast)) {
      if (layout.lasting && !once) fill();
      // HEALTH.9
      if (layout.health) watch();
    }
    // Before the decision is kept: after a loss of power nobody would take it back.
    if (layout.tentative) decisions.confirm!();
    const fresh = carryOut(node, node.cycle);
    if (layout.tentative) decisions.finish!(fresh);
    if (!fresh && !(layout.early && decisions.early)) {
      if (layout.safe && (layout.keep || !node.slot)) node.order = fallback;
      act(node.order as Value);
    }
  };
  return decisions;
};
