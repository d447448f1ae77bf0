/**
 * The seam with hardware: what a node asks of the machine it runs on. Whatever an interpreter can do
 * natively at once, and would do slowly byte by byte, is asked for here too.
 */
export interface Hal<Value> {
  /** Sends `bytes[from..end)`, which are only lent until this returns. */
  send(bytes: Uint8Array, from: number, end: number): void;
  /** CRC-32 (IEEE 802.3, reflected) of `bytes[from..end)`, signed or not. */
  checksum(bytes: Uint8Array, from: number, end: number): number;
  /** Moves `bytes[from..end)` to `to`, as `copyWithin` does. */
  move(bytes: Uint8Array, to: number, from: number, end: number): void;
  /** This board's reading; what is not a value of the network's type counts as ⊥. */
  readonly read: () => Value | undefined;
  /** The cycle is decided: `order` is to be carried out. */
  readonly act: (order: Value) => void;
}
