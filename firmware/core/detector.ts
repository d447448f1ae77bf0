import type { Layout } from "../base/layout.js";

/**
 * A failure detector and the bully's rule (docs/leaders.md): whom this board has not heard, and who
 * leads in its opinion. Each board has an opinion of its own, and nothing that is decided rests on
 * it. No byte on the wire is for it.
 */
export interface Detector {
  /** By board: 1, it is suspected. */
  readonly suspects: Uint8Array;
  /** A frame of this board counts. */
  readonly hear: (board: number) => void;
  /** A cycle is closed. @returns who leads */
  readonly close: () => number;
}

/** Its memory is fixed: for each board a count and a mark, and a bit set. */
export const createDetector = (layout: Layout): Detector => {
  const { boards, self, suspect } = layout;
  const unheard = new Uint8Array(boards);
  const suspects = new Uint8Array(boards);
  let heard = 0;
  return {
    suspects,
    hear(board) {
      heard |= 1 << board;
    },
    close() {
      let leader = self;
      for (let board = 0; board < boards; board++) {
        // FD.1: it stays at what makes it suspected, however long that lasts.
        unheard[board] = board === self || (heard >> board) & 1 ? 0
          : Math.min(unheard[board]! + 1, suspect);
        suspects[board] = unheard[board] === suspect ? 1 : 0;
        // BULLY.1
        if (!suspects[board]) leader = board;
      }
      heard = 0;
      return leader;
    },
  };
};
