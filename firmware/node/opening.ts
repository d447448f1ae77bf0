import { UNREAD } from "../base/counters.js";
import type { Layout } from "../base/layout.js";
import type { ValueType } from "../base/values.js";
import { move } from "../platform/host.js";
import type { Caller } from "./caller.js";

/**
 * OM.1, NODE.5: takes the cycle's own value, from the opening beacon or the hardware; ⊥ where the
 * opening was missed.
 *
 * @returns what does so: it puts the value to `own`, unless that is -1; the reading by wire lies at
 *   `at`, and `source` has the hardware's
 */
export const createOpening = <Value>(
  layout: Layout, arena: Uint8Array, view: DataView, counts: Uint32Array,
  type: ValueType<Value>, caller: Pick<Caller<Value>, "give">,
) => (
  own: number, at: number, late: boolean, source: { read: () => Value | undefined },
): void => {
  if (!layout.ballots || own >= 0) {
    if (layout.wired) {
      if (late) arena[own] = 0;
      else move(arena, own, at, at + 1 + layout.valueWidth);
      if (layout.ballots) arena[own]! &= 1;
      if (!(arena[own]! & 1)) counts[UNREAD]!++;
    } else {
      let read = false;
      if (!late) read = type.store(view, own + 1, caller.give(source));
      if (!read) counts[UNREAD]!++;
      arena[own] = read ? 1 : 0;
    }
  }
};
