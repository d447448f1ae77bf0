/** In how many rounds of the open cycle each board heard the hub, however often it was told. */
export interface Rounds {
  /** A beacon came to `board`; only those of the open cycle that were heard count. */
  take(board: number, cycle: number, round: number, fate: string): void;
  /** How many rounds were opened for a board. */
  of(board: number): number;
  /** Begins a cycle anew. */
  open(cycle: number): void;
}

export const createRounds = (boards: number): Rounds => {
  // Bit sets: there are at most seven rounds.
  const opened = new Uint8Array(boards);
  const counts = new Uint8Array(boards);
  let open = 0;
  return {
    take(board, cycle, round, fate) {
      if (!round || cycle !== open || fate !== "heard") return;
      if (!((opened[board]! >> round) & 1)) counts[board]!++;
      opened[board]! |= 1 << round;
    },
    of: (board) => counts[board]!,
    open(cycle) {
      open = cycle;
      opened.fill(0);
      counts.fill(0);
    },
  };
};
