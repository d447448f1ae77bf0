import type { CreateProtocol } from "../../firmware/ballots/leader.js";
import type { Layout, Parts, Protocol } from "../../firmware/index.js";

/** What an algorithm is to the rest of the host: everything that only this one knows of itself. */

/** A part of a board's node in its bundle: ES5, in which the board's `layout` are known. */
export interface Code {
  /** Import statements, of modules of the firmware by their paths from its top. */
  readonly imports: string;
  /** An expression. */
  readonly source: string;
}

interface Named {
  /** As the network file says it. */
  readonly name: string;
  /** A sentence for people. */
  readonly help: string;
}

/** Tells all boards every board's value: interactive consistency. */
export interface Agreement extends Named {
  readonly kind: "agreement";
  /** Whether what boards say is signed. */
  readonly signs: boolean;
  /** In how many rounds boards tell each other their values; m+1 unless told. */
  readonly exchanges?: (traitors: number) => number;
  /** Its name with its numbers: "OM(1)". */
  readonly title: (traitors: number) => string;
  /** What a node in this process agrees by. */
  readonly agree: (layout: Layout) => Parts<unknown>["agree"];
  /** What a node in a bundle agrees by. */
  readonly code: (layout: Layout) => Code;
}

/**
 * A part of an algorithm's own in a record: a byte, a number of 4 bytes, or a value.
 *
 * value: it means nothing where what is before it is 0. presence: whether a value follows. ballot:
 * one more than the ballot in which this board last said what follows. earlier: the same, of the
 * last ballot before in which it said something else. whose: the board whose number follows.
 */
export type Field = "value" | "presence" | "ballot" | "earlier" | "whose";

/** Decides by ballots, over whatever agreement carries the records. */
export interface Balloting extends Named {
  readonly kind: "ballots";
  readonly protocol: Protocol;
  readonly create: CreateProtocol;
  readonly code: Code;
  /** What carries its records, where that is not the network's to choose. */
  readonly carrier?: Agreement;
  /** What its part of a record consists of, in this order. */
  readonly fields: readonly Field[];
  /** How often a board writes in a ballot that decides: its promises, and its decision. */
  readonly promises: number;
  /** Its name without a leader, and under boards that lead in turn. */
  readonly leaderless: string;
  readonly led: string;
  /** With `"leases": "none"`, what it is then: boards that propose against each other. */
  readonly unleased?: Balloting;
}

export type AlgorithmKind = Agreement | Balloting;
