/**
 * What a node runs, whatever the algorithm is called. Payloads lie in the arena: what was heard in
 * the open round at `layout.heard`, a block for each board, and what this board says in round r at
 * `layout.levels[r-1]`.
 */
export interface Algorithm {
  /**
   * The end of `round`. Of boards that are not in the bit set `from` nothing was heard, which is ⊥.
   * Afterwards what is said in the next round is ready, or after the last one the result. Only
   * signed messages have a round 0: this board's own order has been put at `layout.levels[0]`.
   */
  close: (round: number, from: number) => void;
  /** Where in the arena the order of `commander` lies, or -1 for ⊥. */
  entry(commander: number): number;
}
