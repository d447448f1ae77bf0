/** By what a board watches the health of all, from the agreed vector (docs/health.md). */
export interface Watch {
  /** Whether it does. */
  readonly health: boolean;
  /** Whether values are rows of bytes, which are lent. */
  readonly rows: boolean;
  /** Whether an entry may be as far as `tolerance` from the median; else the majority counts. */
  readonly near: boolean;
  readonly tolerance: number;
  /** Whether an entry has to lie within `low` and `high`, both included. */
  readonly ranged: boolean;
  readonly low: number;
  readonly high: number;
  /** After so many cycles in which it alone did not move, a board is stuck; 0: it never is. */
  readonly still: number;
  /** More than so many others have to move. */
  readonly movers: number;
  /** So many cycles without a sign outweigh one with a sign. */
  readonly forget: number;
  /** A count that comes to this is permanent, and grows no further: a multiple of `forget`. */
  readonly worst: number;
  /** The number of the very first cycle of the network. */
  readonly origin: number;
  /** Whether this board is to be told when the health of one is another. */
  readonly alarm: boolean;
  /** After so many cycles in which it is not heard a board is suspected (FD.1); 0: nobody is. */
  readonly suspect: number;
}

export const NO_WATCH: Watch = {
  health: false, rows: false, near: false, tolerance: 0, ranged: false, low: 0, high: 0, still: 0,
  movers: 0, forget: 0, worst: 0, origin: 0, alarm: false, suspect: 0,
};
