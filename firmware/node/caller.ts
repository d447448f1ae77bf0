import { UNFIT } from "../base/counters.js";
import type { Hal } from "../base/hal.js";
import type { Layout } from "../base/layout.js";
import type { ValueType } from "../base/values.js";

/** What is chosen by, and from. */
interface Choice<Value> {
  readonly type: ValueType<Value>;
  readonly choose: (vector: readonly (Value | undefined)[], fallback: Value) => Value;
  readonly fallback: Value;
}

/** What a node asks of whoever made it, who may throw, or give what is no value. */
export interface Caller<Value> {
  /** NODE.5: a reading; undefined where that throws. */
  give: (node: { read: () => Value | undefined }) => Value | undefined;
  /** CHOOSE.4: writes what is chosen from the vector, or the default order. @returns where */
  elected: (to: number) => number;
  /** Carries an order out, whatever comes of it. */
  act: Hal<Value>["act"];
  /** The order of a cycle that is closed. */
  order: () => Value;
}

/** @param vector what each board is agreed to have said */
export const createCaller = <Value>(
  layout: Layout, parts: Choice<Value>, hal: Hal<Value>, view: DataView,
  counts: Uint32Array, vector: readonly (Value | undefined)[],
): Caller<Value> => {
  const { type } = parts;

  const choose = (): Value | undefined => {
    try {
      return parts.choose(vector, parts.fallback);
    } catch {
      return undefined;
    }
  };

  const elected = (to: number): number => {
    if (!type.store(view, to, choose())) {
      counts[UNFIT]!++;
      type.store(view, to, parts.fallback);
    }
    return to;
  };

  return {
    give(node) {
      try {
        return node.read();
      } catch {
        return undefined;
      }
    },
    elected,
    act(order, slot) {
      try {
        hal.act(order, slot);
      } catch { /* What it does is the caller's. */ }
    },
    // No frame waits to be sent when a cycle closes: its place is free.
    order: () => (layout.plain ? parts.choose(vector, parts.fallback)
      : type.load(view, elected(layout.transmit), layout.boards)!),
  };
};
