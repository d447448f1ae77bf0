import type { Algorithm } from "../../firmware/base/algorithm.js";
import type { Layout } from "../../firmware/base/layout.js";
import { move } from "../../firmware/base/move.js";

/**
 * Direct hearing: one round, in which each board takes for another's value what it hears from it.
 * One liar breaks it. It shows what a new algorithm is: this file, its descriptor, and a line.
 */
export const createDirect = (layout: Layout, arena: Uint8Array): Algorithm => {
  const { boards, self, width, heard, block, levels, bitmaps } = layout;
  const own = levels[0]!;
  // What was heard: a presence bit for each other board, and then their values.
  const bits = levels[1]!;
  const values = bits + ((boards + 6) >> 3);
  const indexOf = (board: number) => board - (board > self ? 1 : 0);

  return {
    close(_, from) {
      arena.fill(0, bits, values);
      for (let board = 0; board < boards; board++) {
        const at = heard + board * block;
        const index = indexOf(board);
        if (board !== self && (from >> board) & arena[at]! & 1) {
          arena[bits + (index >> 3)]! |= 1 << (index & 7);
          const to = values + index * width;
          move(arena, to, at + bitmaps[1]!, at + bitmaps[1]! + width);
        }
      }
    },
    entry(of) {
      if (of === self) return arena[own]! & 1 ? own + bitmaps[1]! : -1;
      const index = indexOf(of);
      return (arena[bits + (index >> 3)]! >> (index & 7)) & 1 ? values + index * width : -1;
    },
  };
};
