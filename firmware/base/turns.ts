/**
 * Who speaks in a round: all; where one commands, it alone in round 1, and in others all but it.
 * This is the only place that says so.
 */
export const speaks = (
  layout: { readonly commander: number }, board: number, round: number,
): boolean => layout.commander < 0 || (board === layout.commander) === (round === 1);

/** By round: the other boards that speak in it, a bit each. @param end one more than the last */
export const speakersOf = (
  shape: { readonly boards: number; readonly commander: number }, self: number, end: number,
): number[] => {
  const speakers = [0];
  for (let round = 1; round < end; round++) {
    speakers[round] = 0;
    for (let board = 0; board < shape.boards; board++) {
      if (board !== self && speaks(shape, board, round)) speakers[round]! |= 1 << board;
    }
  }
  return speakers;
};

/** Whom a board hears in a round; where all command, the same in each. */
export const speakersIn = (
  layout: { readonly commander: number; readonly speakers: readonly number[] }, round: number,
): number => (layout.commander < 0 ? layout.speakers[1]! : layout.speakers[round] ?? 0);

/** What says which rounds a cycle has. */
export interface Turns {
  /** See `Balloting`. */
  readonly review: number;
  readonly exchanges: number;
  readonly rounds: number;
}

/**
 * VIEW.1: with views a review has the rounds in which boards tell each other their values, and a
 * fast cycle those behind them; else each cycle has all. @returns a cycle's first round
 */
export const firstRound = (layout: Turns, cycle: number): number =>
  (layout.review && cycle % layout.review ? layout.exchanges + 1 : 1);

/** @returns a cycle's last round */
export const lastRound = (layout: Turns, cycle: number): number =>
  (layout.review && !(cycle % layout.review) ? layout.exchanges : layout.rounds);

/** @returns 1 for a round whose beacon opens a cycle; for others, the round */
export const countedFrom = (layout: Omit<Turns, "rounds">, round: number): number =>
  (layout.review && round === layout.exchanges + 1 ? 1 : round);
