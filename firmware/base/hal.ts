/** The seam with hardware: what a node asks of the machine it runs on. */
export interface Hal<Value> {
  /** Sends `bytes[from..end)`, which are only lent until this returns. */
  send(bytes: Uint8Array, from: number, end: number): void;
  /** This board's reading; what is not a value of the network's type counts as ⊥. */
  readonly read: () => Value | undefined;
  /**
   * The cycle is over: `order` is to be carried out. By ballots, `slot` is the number of the
   * decision that it is; undefined where none is new, and `order` is what is done meanwhile.
   *
   * `tentative`: it is not decided yet. At the end of the cycle it either is, and this is called
   * again without that, or it is retracted.
   */
  readonly act: (order: Value, slot?: number, tentative?: boolean) => void;
  /**
   * Of boards that act tentatively: takes back what was done for `order`. `before`: what stands in
   * its place. After a loss of power that may be what was never done, or is taken back already.
   */
  retract?: (order: Value, slot: number, before: Value) => void;
}
