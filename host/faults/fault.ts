import type { Layout } from "../../firmware/index.js";
import type { Prng } from "../base/random.js";
import type { Network } from "../network/network.js";
import type { Plan } from "../plan/plan.js";
import type { Happening } from "../topology/queue.js";
import type { Again } from "../topology/star/bus.js";
import type { OpenSlot, Sending } from "../topology/wire/wire.js";
import type { Traitor, Window } from "./asked.js";
import type { Entry } from "./entries.js";
import type { Parameter } from "./parameter.js";
import type { Said } from "./signed.js";

/**
 * What a fault is: its name, a line of help, and what it does. Each is a file of its own, which
 * `registry.ts` lists; nothing outside of this folder compares a fault's name.
 */
interface Named {
  readonly name: string;
  readonly help: string;
  /**
   * On a wire that all share: the line of help if it does something else there, or why it means
   * nothing. Absent: it does the same.
   */
  readonly wired?: { readonly help: string } | { readonly nothing: string };
  readonly parameter?: Parameter;
}

/** Of a line: by `--faults`, with a probability. */
export interface LineKind extends Named {
  readonly on: "line";
  /**
   * Does it to bytes that are about to arrive.
   *
   * @param roundBits how long the longest round is
   * @returns whether they arrive now
   */
  readonly strike: (
    happening: Happening, again: Again, prng: Prng, roundBits: number,
  ) => boolean;
}

/** What a board said in a round. */
export interface Heard {
  readonly sender: number;
  readonly round: number;
  readonly cycle: number;
  readonly payload: Uint8Array;
}

/** What a lie of the hub is made of. */
export interface HubScene {
  readonly prng: Prng;
  readonly layout: Layout;
  /** The frame that it passes on. */
  readonly happening: Happening;
  /**
   * @returns the values and tags of one payload among those heard before, cut or filled to this
   *   one's length; this one itself, if there is none of which this holds
   */
  readonly oneOf: (payload: Uint8Array, holds: (one: Heard) => boolean) => Uint8Array;
}

/** Of the hub, which lies about what it passes on: by `--faults`, with a probability. */
export interface HubKind extends Named {
  readonly on: "hub";
  /** @returns the payload that it passes on in place of the one that it has. */
  readonly lie: (scene: HubScene, payload: Uint8Array) => Uint8Array;
}

/** What faulty boards of one run share. */
export interface StarRun {
  readonly network: Network;
  readonly prng: Prng;
  /** The number that the hub gives a cycle. */
  readonly numberOf: (cycle: number) => number;
}

export interface WireRun {
  readonly network: Network;
  readonly prng: Prng;
}

/** Takes a frame of a faulty board on its way to the hub. @returns whether it arrives now */
export type Send = (
  happening: Happening, parameter: readonly number[], again: Again, deadline: number,
) => boolean;

/** Takes what a faulty board would answer when polled. @returns what it sends, if anything */
export type Respond = (
  sending: Sending, slot: OpenSlot, parameter: readonly number[],
) => Sending | undefined;

/** Sends what a faulty board was not asked for. */
export type Invade = (board: number, slot: OpenSlot) => Sending | undefined;

/**
 * Changes what a faulty board says to one receiver.
 *
 * @param spoken what the correct boards say in this round, by number
 * @returns by how many bits it comes later, or -1: it is told nothing
 */
export type Tell = (said: Said, spoken: readonly (Uint8Array | undefined)[]) => number;

/** @returns the payload that a second board under a number has sent in this round, if it has */
export type Second = (board: number, round: number, cycle: number) => Uint8Array | undefined;

/** What liars of one run share. */
export interface Scene {
  readonly network: Network;
  readonly traitors: readonly Traitor[];
  readonly prng: Prng;
  /** Bits of the longest round. */
  readonly roundBits: number;
  /** In which half of those who are told something in a round one is. */
  readonly halfOf: (receiver: number, round: number) => number;
  readonly entriesOf: (said: Said) => Entry[];
  /** What a second board under the same number says; absent where there is none. */
  readonly second?: Second;
}

/** What faulty boards and liars may do; what is absent they do as correct boards. */
interface Behaviour extends Named {
  /** Whether a bus of real boards can play it in a board's place, by what receivers are told. */
  readonly played?: true;
  /** Whether its frames say what its program did not. */
  readonly strays?: true;
  /** Whether its line is dead in a round; round 0 comes last in a cycle. */
  readonly isDown?: (parameter: readonly number[], cycle: number, round: number) => boolean;
  /** In which cycles it counts as faulty; in all unless told. */
  readonly isFaulty?: (parameter: readonly number[], cycle: number, network: Network) => boolean;
  /** Whether its power comes back before a cycle. */
  readonly restarts?: (parameter: readonly number[], cycle: number) => boolean;
  /** Whether it goes on, and is only not heard. */
  readonly goesOn?: true;
  /** Whether its sensor shows for ever what it showed first. */
  readonly stuck?: true;
  /** Whether a second board runs under its number. */
  readonly twice?: true;
  /** What it does to its frames before the hub has them. */
  readonly sends?: (run: StarRun) => Send;
  /** What it does to its words, by receiver; on a shared wire, to all alike. */
  readonly tells?: (scene: Scene) => Tell;
  /** On a shared wire: what it answers when it is polled. */
  readonly responds?: (run: WireRun) => Respond;
  /** On a shared wire: what it sends besides. */
  readonly invades?: (run: WireRun) => Invade;
  /** On a shared wire: spoils its frame for this half of the receivers. */
  readonly blurs?: (happening: Happening, prng: Prng) => void;
}

/** Of a board that fails: by `--traitor`. */
export interface BoardKind extends Behaviour {
  readonly on: "board";
}

/** Of a board that lies, and knows what all others say before it speaks: by `--traitor`. */
export interface LiarKind extends Behaviour {
  readonly on: "liar";
}

export type TraitorKind = BoardKind | LiarKind;
export type FaultKind = LineKind | HubKind | TraitorKind;

/** What windows without synchrony of one run share. */
export interface WindowRun {
  readonly network: Network;
  readonly plan: Plan;
  readonly prng: Prng;
  /** Bits of the longest round. */
  readonly longest: number;
  /** The number that the hub gives a cycle. */
  readonly numberOf: (cycle: number) => number;
}

/** Does it to bytes that are about to arrive. @returns whether they arrive now */
export type Pass = (window: Window, happening: Happening, again: Again) => boolean;

/** What breaks synchrony, while a window is open: by `--async`. */
export interface SynchronyKind {
  readonly name: string;
  readonly help: string;
  /** What stands between = and @. */
  readonly takes: "CHANCE" | "BOARD:BOARD" | "BOARDS/BOARDS" | "BOARD:ROUNDS" | "BOARD" | "ROUNDS" |
    "CYCLES";
  /** It happens at one time, and has no end. */
  readonly moment?: true;
  /** Every message is in time even so, and everything is promised as ever. */
  readonly harmless?: true;
  readonly passes?: (run: WindowRun) => Pass;
  /** Bits until the last of what it holds back has come; none unless told. */
  readonly heldBack?: (window: Window, plan: Plan) => number;
  /** Bits by which the hub opens a round late. */
  readonly stalls?: (window: Window, longest: number) => number;
  /** By how much the hub's numbers of cycles go up, from its cycle on. */
  readonly jumps?: (window: Window) => number;
  /** Whether the board of the window loses its power. */
  readonly resets?: true;
}
