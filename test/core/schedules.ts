/** Random schedules of ballots: who lies and how, what is lost, who misses what. */
import type { BallotLimits } from "../../firmware/core/paxos-limits.js";
import type { BallotChannel, Ballots } from "./ballots.js";
import { pick } from "./random.js";

// How a liar lies: records and values made up at random; one story to some receivers and another
// to the rest; a record that vouches for whatever helps; honest reports, then lies; silence.
const STYLES = 5;
const [NOISE, SPLIT, VOUCH, LATE] = [0, 1, 2, 3];

// What is lost in a ballot: nothing; a few frames; half of them; only some after the reports.
const LOSSES = 4;
const [NONE, FEW, HALF] = [0, 1, 2];

export interface Schedule {
  /** Who lies. */
  readonly faulty: number;
  readonly proposals: Int8Array;
  readonly channel: BallotChannel;
  /** Draws who lies, and how. */
  begin(liars: number): void;
  /** Draws what is proposed and what is lost in a ballot. */
  next(ballot: number, synchronous: boolean): void;
}

export const createSchedule = (ballots: Ballots, random: () => number): Schedule => {
  const { boards, traitors, keep, algorithm } = ballots.shape;
  const limits: BallotLimits = ballots.boards[0]!.limits;
  const { width, body, slot, ring, valueWidth } = limits;
  const styles = new Uint8Array(boards);
  const camps = new Uint32Array(boards);
  const proposals = new Int8Array(boards);
  let faulty = 0;
  let losses = NONE;
  let open = 0;
  let top = 0;

  const value = () => 1 + (random() & 1);
  // Little-endian; no number of these tests is above 65,535.
  const number = (arena: Uint8Array, at: number, what: number) => {
    arena[at] = what & 255;
    arena[at + 1] = what >> 8;
    arena[at + 2] = arena[at + 3] = 0;
  };
  const upTo = (most: number) => random() % (most + 1);

  const forge = (arena: Uint8Array, at: number, style: number, camp: number) => {
    const wanted = style === NOISE ? value() : 1 + (camp & 1);
    arena[at] = random() % 3;
    arena[at + 1] = wanted;
    if (keep) {
      number(arena, at + slot, Math.max(0, top + (random() % 5) - 3));
      arena[at + slot + 4] = random() % (2 * keep + 4);
      for (let of = 0; of < keep; of++) arena[at + ring + of] = value();
    }
    if (algorithm === "fab") {
      arena[at + body] = random() % 4 ? 1 : 0;
      arena[at + body + 1] = wanted;
    } else {
      const vouch = style === VOUCH;
      const relayed = vouch ? open : upTo(open + 1);
      number(arena, at + body, vouch ? upTo(1) * upTo(open) : upTo(open + 1));
      arena[at + body + 4] = wanted;
      number(arena, at + body + 4 + valueWidth, relayed);
      arena[at + body + 8 + valueWidth] = wanted;
      number(arena, at + body + 8 + 2 * valueWidth, upTo(2) ? 0 : upTo(relayed));
    }
  };

  const lie = (round: number, sender: number, receiver: number, arena: Uint8Array, at: number) => {
    const style = styles[sender]!;
    const camp = (camps[sender]! >> receiver) & 1;
    if (round > traitors + 1) {
      if (style === LATE || random() & 1) arena[at] = random() & 3 ? 1 : 0;
      if (style === NOISE || !(random() & 3)) arena[at + 1] = value();
      else arena[at + 1] = 1 + camp;
      if (keep && random() & 1) number(arena, at + 1 + valueWidth, Math.max(0, top - (random() & 1)));
      return;
    }
    if (style === LATE) return;
    const bits = limits.bitmaps[round]!;
    const count = (limits.payloads[round]! - bits) / width;
    for (let index = 0; index < count; index++) {
      const draw = random();
      if (style === SPLIT && round === 1 && !(draw & 1)) continue;
      if (style === NOISE && !(draw & 3)) arena[at + (index >> 3)]! &= ~(1 << (index & 7));
      else if (draw & 4) {
        arena[at + (index >> 3)]! |= 1 << (index & 7);
        forge(arena, at + bits + index * width, style, camp);
      }
    }
  };

  const schedule: Schedule = {
    get faulty() {
      return faulty;
    },
    proposals,
    begin(liars) {
      faulty = pick(random, boards, liars);
      const together = random() & 1;
      for (let board = 0; board < boards; board++) {
        styles[board] = together && board ? styles[0]! : random() % STYLES;
        camps[board] = together && board ? camps[0]! : random();
      }
    },
    next(ballot, synchronous) {
      open = ballot;
      top = Math.max(...ballots.boards.map(({ log }) => log.length));
      losses = synchronous ? NONE : random() % LOSSES;
      for (let board = 0; board < boards; board++) proposals[board] = random() % 8 ? value() : -1;
    },
    channel(round, sender, receiver, arena, at) {
      if ((faulty >> sender) & 1) {
        lie(round, sender, receiver, arena, at);
        return styles[sender]! <= LATE && random() % 16 > 0;
      }
      if (losses === NONE || (faulty >> receiver) & 1) return true;
      if (losses === FEW) return random() % 8 > 0;
      if (losses === HALF) return (random() & 1) > 0;
      return round <= traitors + 1 || random() % 3 > 0;
    },
  };
  return schedule;
};
