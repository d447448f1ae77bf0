/** The failure detector and the bully's rule by their definitions, from all that was ever heard. */

/** @param heard by cycle, whom the board heard in it */
export const suspectsOf = (
  boards: number, self: number, cycles: number, heard: readonly ReadonlySet<number>[],
): number[] => Array.from({ length: boards }, (_, board) => board).filter((board) => {
  const last = heard.slice(-cycles);
  return board !== self && last.length === cycles && last.every((one) => !one.has(board));
});

export const leaderOf = (boards: number, suspects: readonly number[]): number =>
  Math.max(...Array.from({ length: boards }, (_, board) => board)
    .filter((board) => !suspects.includes(board)));
