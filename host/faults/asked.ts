/** What a person asked to go wrong: what words of the command line become. */

/** A line fault: `drop=0.01`, or `drop@c=0.01` for the lines of one board. */
export interface LineFault {
  readonly name: string;
  readonly probability: number;
  /** The board whose lines have it, which then counts as faulty; -1: all lines. */
  readonly board: number;
}

/** A word of `--traitor`: `c=equivocate`, `c=late:0`, `c=crash:3.2`. */
export interface Traitor {
  readonly board: number;
  readonly name: string;
  readonly parameter: readonly number[];
}

/** A cycle, and a round of it; one more than the last round is the closing beacon. */
export type Moment = readonly [cycle: number, round: number];

/** `loss=0.3@2-5`: from a moment to another, both included. */
export interface Window {
  /** As in `SYNCHRONY_FAULTS`. */
  readonly name: string;
  readonly from: Moment;
  readonly to: Moment;
  /** A chance, or how many rounds or cycles; 0 where none is asked for. */
  readonly amount: number;
  /** Boards by number, 31 for the hub: the two ends, the groups, or the one board. */
  readonly groups: readonly (readonly number[])[];
}

export interface Troubles {
  readonly lines: readonly LineFault[];
  readonly traitors: readonly Traitor[];
  /** When the network is not synchronous; none unless told. */
  readonly windows?: readonly Window[];
}
