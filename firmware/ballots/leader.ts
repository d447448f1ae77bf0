import type { Algorithm } from "../base/algorithm.js";
import type { DecisionLog } from "./decision-log.js";
import type { BallotLayout } from "./layout.js";

/**
 * An algorithm that has a leader, and does not know who or what that is (VL.1). What it reports to
 * the leader is the board's record.
 */
export interface LeaderProtocol {
  /** The records of all have arrived. */
  gather(): void;
  /** Where the message lies that a leader sends who has these records, or -1 for none. */
  propose(): number;
  /** With views: where it lies for the next slot, of which it knows nothing that binds. */
  free?(): number;
  /** The leader's message has arrived: at `message`, or none, -1. */
  onProposal(message: number): void;
  /** The end of round `step` = 1, 2 .. after that, from the bit set `from`. */
  close(step: number, from: number): void;
}

/** A commit in phases, a transaction a slot (docs/commit.md). */
export interface Phases {
  /** Before round 1: what it says there beside its vote (PC.4). */
  open?(): void;
  /** A round is over, and what was claimed in it is learned. */
  close(round: number): void;
}

/**
 * Makes such an algorithm.
 *
 * @param choose writes the value that one fixed rule finds among the proposals,
 *   `DecisionLog.entry`, to the arena at `to`, and returns `to`; -1 where there is none
 */
export type CreateProtocol = (
  layout: BallotLayout, arena: Uint8Array, view: DataView, log: DecisionLog,
  choose: (to: number) => number, agreement: Algorithm,
) => LeaderProtocol | Phases;

/** The end of a round, as of every algorithm. */
export type Close = Algorithm["close"];

/**
 * The virtual leader: Lamport, "Leaderless Byzantine Paxos" (2011). What would be sent to the
 * leader goes to all, with what each board proposes that he say next, through interactive
 * consistency, of oral or of signed messages (VL.2). One function of the vector is his message
 * (VL.3).
 */
export const createVirtualLeader = (
  layout: BallotLayout, agreement: Algorithm, protocol: LeaderProtocol,
): Close => {
  const rounds = layout.exchanges;
  return (round, from) => {
    if (round > rounds) protocol.close(round - rounds, from);
    else {
      agreement.close(round, from);
      if (round === rounds) {
        protocol.gather();
        protocol.onProposal(protocol.propose());
      }
    }
  };
};

/**
 * A board leads, in ballot b board b mod n (VL.4). Records go to all as under the virtual leader,
 * for without signatures that is how a board comes to know what another has reported; then the
 * leader has one round for his message. Who hears none in it has waited long enough: the rest of
 * the ballot is silence, and in the next one another board leads.
 */
export const createRotatingLeader = (
  layout: BallotLayout, agreement: Algorithm, log: DecisionLog, protocol: LeaderProtocol,
): Close => {
  const { boards, self } = layout;
  const rounds = layout.exchanges;
  return (round, from) => {
    const leader = (log.ballot + boards - 1) % boards;
    if (round > rounds + 1) protocol.close(round - rounds - 1, from);
    else if (round > rounds) protocol.onProposal(log.named(leader, from));
    else {
      agreement.close(round, from);
      if (round === rounds) {
        protocol.gather();
        log.speak(log.ballot && leader === self ? protocol.propose() : -1);
      }
    }
  };
};
