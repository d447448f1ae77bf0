import type { BallotLimits } from "./paxos-limits.js";
import type { Om } from "./om.js";

/** An algorithm on rounds, one cycle at a time. */
export interface Algorithm {
  /**
   * A cycle opens.
   *
   * @param ballot its number in full; -1 where its opening was missed
   * @returns where in the arena the board's own value belongs, a presence byte and then the value,
   *   before the first frame is sent; -1 where none is asked for
   */
  open(ballot: number): number;
  /**
   * The end of `round`. Payloads heard lie in the arena at `limits.heard`, one block a board; of
   * boards that are not in the bit set `from` nothing was heard. Afterwards the payload of the next
   * round lies at `limits.levels[round]`.
   */
  close(round: number, from: number): void;
  /** Where in the arena the value of board `of` lies, or -1 for ⊥. */
  entry(of: number): number;
}

/** An algorithm that has a leader, and does not know who or what that is (VL.1). */
export interface Led {
  /** A ballot opens: as `Algorithm.open`. What is reported to the leader is the board's record. */
  open(ballot: number): number;
  /** The records of all have arrived. */
  gather(): void;
  /** Where the message lies that a leader sends who has these records, or -1 for none. */
  lead(): number;
  /** The leader's message has arrived: at `message`, or -1. */
  heed(message: number): void;
  /** The end of round `step` = 1, 2 .. after that, from the bit set `from`. */
  close(step: number, from: number): void;
  /** Where the proposal of board `of` lies, or -1 for ⊥. */
  entry(of: number): number;
}

/**
 * The virtual leader: Lamport, "Leaderless Byzantine Paxos" (2011). What would be sent to the
 * leader goes to all, with what each board proposes that he say next, through interactive
 * consistency (VL.2). One function of the vector is his message (VL.3).
 */
export const createVirtualLeader = (limits: BallotLimits, om: Om, led: Led): Algorithm => {
  const rounds = limits.traitors + 1;
  return {
    open: led.open,
    close(round, from) {
      if (round > rounds) led.close(round - rounds, from);
      else {
        om.close(round, from);
        if (round === rounds) {
          led.gather();
          led.heed(led.lead());
        }
      }
    },
    entry: led.entry,
  };
};

/**
 * A board leads, in ballot b board b mod n (VL.4). Records go to all as under the virtual leader,
 * for without signatures that is how a board comes to know what another has reported; then the
 * leader has one round for his message. Who hears none in it has waited long enough: the rest of
 * the ballot is silence, and in the next one another board leads.
 */
export const createRotatingLeader = (
  limits: BallotLimits, om: Om, led: Led, arena: Uint8Array,
): Algorithm => {
  const { boards, self, heard, block, valueWidth } = limits;
  const rounds = limits.traitors + 1;
  const mine = heard + self * block;
  let leader = 0;

  const speak = (message: number) => {
    arena[mine] = message < 0 ? 0 : 1;
    if (message >= 0) {
      for (let byte = 0; byte < valueWidth; byte++) arena[mine + 1 + byte] = arena[message + byte]!;
    }
  };

  return {
    open(ballot) {
      leader = ballot < 0 ? -1 : ballot % boards;
      return led.open(ballot);
    },
    close(round, from) {
      if (round <= rounds) {
        om.close(round, from);
        if (round === rounds) {
          led.gather();
          speak(leader === self ? led.lead() : -1);
        }
      } else if (round === rounds + 1) {
        const at = heard + leader * block;
        led.heed(leader >= 0 && ((from | (1 << self)) >> leader) & 1 && arena[at]! & 1 ? at + 1 : -1);
      } else led.close(round - rounds - 1, from);
    },
    entry: led.entry,
  };
};
