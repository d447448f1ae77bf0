import type { Algorithm } from "../base/algorithm.js";
import type { Layout } from "../base/layout.js";

/**
 * Where nobody lies: what a board says of itself goes straight to all, and is not relayed. In round
 * 1 it says that it is there (PAX.1), and in round 2 its record (PAX.2), which then lies where it
 * was heard, until more is.
 */
export const createReports = (layout: Layout, arena: Uint8Array): Algorithm => {
  const { self, levels, heard, block } = layout;
  let senders = 0;

  return {
    close(_, from) {
      senders = from | (1 << self);
    },
    entry(of) {
      const at = of === self ? levels[0]! : heard + of * block;
      return (senders >> of) & arena[at]! & 1 ? at + 1 : -1;
    },
  };
};
