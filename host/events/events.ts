import type { Shown } from "../base/values.js";
import type { NetworkFile } from "../network/network.js";
import type { Break, CycleWord, Detected, Watched } from "./names.js";

/** What a trace is made of: a header, then what happened, in order. Times: bits since the start. */

export interface Header {
  readonly e: "tagma";
  /** Version of this format. */
  readonly version: 1;
  readonly network: NetworkFile;
  /** SHA-256 of `network` as JSON without spaces, hexadecimal. */
  readonly digest: string;
  readonly seed: number;
  readonly cycles: number;
  readonly faults: readonly string[];
  readonly traitors: readonly string[];
  /** As `--async` takes them. */
  readonly windows?: readonly string[];
  /** It ran on real lines, in real time: `cycles` is then the most that there may be. */
  readonly real?: true;
  /** The number of the first cycle, of a run on real lines; 0 unless told. */
  readonly first?: number;
}

/** The hub begins a beacon on all links; round 0 closes the cycle. */
export interface BeaconEvent {
  readonly e: "beacon";
  readonly t: number;
  readonly cycle: number;
  readonly round: number;
}

/** How a transmission ended. */
export type Fate =
  | "heard"
  /** The line lost it. */
  | "lost"
  /** It came after the deadline, or after the next beacon. */
  | "late"
  /** The line changed its bytes. */
  | "garbled"
  /** The hub did not relay it: no whole frame of that board for the open round, or a second one. */
  | "refused";

/**
 * A traitor made a frame, or changed it for this receiver: `true`; the hub did: "hub"; of signed
 * messages, what it is that a traitor changed, the worst of it:
 */
export type Lie = boolean | "hub" | (typeof LIES)[number];

/**
 * an order that is truly signed, by liars who have signed another; one whose signatures are not all
 * genuine; or that an order is missing.
 */
export const LIES = ["double", "forged", "withheld"] as const;

const LIE_WORDS: Readonly<Record<"hub" | (typeof LIES)[number], string>> = {
  hub: "a lie of the hub",
  double: "a double order", forged: "a forged signature", withheld: "a withheld order",
};

/** @returns a lie in words, "" where there is none */
export const lieText = (lie: Lie): string =>
  (typeof lie === "string" ? LIE_WORDS[lie] : lie ? "a lie" : "");

/** Bytes went over a link: from a board to the hub, or from the hub to a board. */
export interface FrameEvent {
  readonly e: "frame";
  /** When the last bit arrived, or would have. */
  readonly t: number;
  readonly cycle: number;
  readonly round: number;
  /** Whose frame it is: a board's number, or 31 for the hub's beacon. */
  readonly from: number;
  /** Where it went: a board's number, or 31 for the hub. */
  readonly to: number;
  readonly bytes: Uint8Array;
  /** Of a frame to the hub of which the line made other bytes: what its board sent. */
  readonly said?: Uint8Array;
  readonly fate: Fate;
  readonly lie: Lie;
}

/** What was measured of a cycle on real lines, in microseconds. */
export interface Measured {
  /** By how much the latest of its beacons came later than it was due. */
  readonly beacon_late_us: number;
  readonly boards: readonly {
    /** Whether its port was open when the cycle ended. */
    readonly here: boolean;
    /** From each beacon to the board's frame at the hub, by round; null: none came in time. */
    readonly answer_us: readonly (number | null)[];
    /** Frames that were due and did not come in time. */
    readonly lost: number;
    /** Of those, by how much the latest that came even so was late; 0: none came. */
    readonly late_us: number;
    /** It said what a correct board would not have said. */
    readonly odd: boolean;
  }[];
}

export interface DecisionEvent {
  readonly slot: number;
  readonly value: Shown;
}

/** What a board did before it was decided, or took back: then `retracted`. */
export interface TriedEvent extends DecisionEvent {
  readonly retracted?: true;
}

/** The cycle as the oracle judged it; the same object as a line of `--json`. */
export interface CycleEvent {
  readonly e: "cycle";
  readonly t: number;
  readonly cycle: number;
  readonly inputs: readonly Shown[];
  readonly vectors: readonly (readonly Shown[] | null)[];
  readonly orders: readonly (Shown | null)[];
  readonly faulty: readonly number[];
  /** A window without synchrony reaches into it: no agreement is promised, and no validity. */
  readonly asynchronous?: true;
  /** Of ballots: what each board decided in this cycle. */
  readonly decisions?: readonly (readonly DecisionEvent[])[];
  /** Where boards act tentatively: what each did so in this cycle, in this order. */
  readonly tried?: readonly (readonly TriedEvent[])[];
  /** Where health is watched: as each board holds it; null where no vector is told. */
  readonly health?: readonly (Watched | null)[];
  /** Where boards are suspected: as each board that is not faulty holds it; they may differ. */
  readonly detected?: readonly (Detected | null)[];
  /** Of commits in phases: who has voted and knows no outcome, of those that are not faulty. */
  readonly blocked?: readonly number[];
  /** Of ballots: agreement is CS2, and validity is CS1 and CS3. */
  readonly agreement: boolean;
  readonly validity: boolean;
  /** All that the judge says of it, in a word; traces of before have none. */
  readonly verdict?: CycleWord;
  /** What broke of what was promised; only where anything did. */
  readonly broken?: readonly Break[];
  readonly frames: number;
  readonly bytes: number;
  readonly time_us: number;
  /** By board, the bytes that it lost, for its input buffer was full; only where one did. */
  readonly overrun?: readonly number[];
  /** Only of runs on real lines. */
  readonly live?: Measured;
}

export type TraceEvent = BeaconEvent | FrameEvent | CycleEvent;
export type Tracer = (event: TraceEvent) => void;
