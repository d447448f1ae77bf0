/** Random schedules of ballots: who lies and how, what is lost, who misses what. */
import type { BallotLayout } from "../../firmware/ballots/layout.js";
import { lastRound } from "../../firmware/base/turns.js";
import { pick } from "../core/random.js";
import { RECORDS } from "./ballots.js";
import type { BallotChannel, Ballots } from "./ballots.js";

// How a liar lies: records and values made up at random; one story to some receivers and another
// to the rest; a record that vouches for whatever helps; honest reports, then lies; a record that
// knows of no promise, and honest votes for some; silence, which is all where nobody lies.
const STYLES = 6;
const [NOISE, SPLIT, VOUCH, LATE, DENY] = [0, 1, 2, 3, 4];

// What is lost in a round: nothing; a few frames; half of them; all that some receivers should
// hear; all that some senders say; everything but what F+1 boards hear.
const LOSSES = 6;
const [NONE, FEW, HALF, , MUTE] = [0, 1, 2, 3, 4];

export interface Schedule {
  /** Who lies. */
  readonly faulty: number;
  readonly proposals: Int8Array;
  readonly channel: BallotChannel;
  /** Whether a board misses the beacon of a round, or of the ballot's end, one round more. */
  readonly misses: (board: number, round: number) => boolean;
  /** Draws who lies, and how. */
  begin(liars: number): void;
  /** Draws what is proposed and what is lost in a ballot. */
  next(ballot: number, synchronous: boolean): void;
}

export const createSchedule = (ballots: Ballots, random: () => number): Schedule => {
  const { boards, traitors, keep, protocol, review } = ballots.shape;
  const all = ballots.boards.length;
  const layout: BallotLayout = ballots.boards[0]!.layout;
  const { width, body, slot, ring, lead, valueWidth } = layout;
  const styles = new Uint8Array(boards);
  const camps = new Uint32Array(boards);
  const proposals = new Int8Array(boards);
  let faulty = 0;
  /** By round. */
  const losses = new Uint8Array(layout.rounds + 1);
  const chosen = new Uint32Array(layout.rounds + 1);
  // In a calm ballot a drawn vector holds of a liar the same for all: by board, what.
  const told: (Uint8Array | undefined)[] = [];
  let calm = false;
  // One ballot in so many is calm.
  let calmness = 8;
  let open = 0;
  let top = 0;
  // Who is cut off from all others, from which round on.
  let out = -1;
  let outFrom = 0;
  // Which beacon is missed, most often the last, and by whom.
  let missed = 0;
  let missing = 0;

  const value = () => 1 + (random() & 1);
  // Little-endian; no number of these tests is above 65,535.
  const number = (arena: Uint8Array, at: number, what: number) => {
    arena[at] = what & 255;
    arena[at + 1] = what >> 8;
    arena[at + 2] = arena[at + 3] = 0;
  };
  const upTo = (most: number) => random() % (most + 1);

  const forge = (arena: Uint8Array, at: number, style: number, camp: number) => {
    if (style === DENY) {
      arena.fill(0, at + body, at + width);
      return;
    }
    const wanted = style === NOISE ? value() : 1 + (camp & 1);
    arena[at] = random() % 3;
    arena[at + 1] = wanted;
    if (keep) {
      number(arena, at + slot, Math.max(0, top + (random() % 5) - 3));
      arena[at + slot + 4] = random() % (2 * keep + 4);
      for (let of = 0; of < keep; of++) arena[at + ring + of] = value();
    }
    if (review) {
      number(arena, at + lead, random() % 4 ? random() % 8 : 0xffff);
      arena[at + lead + 4] = random() & 1;
    }
    if (protocol.votes < 2) {
      arena[at + body] = random() % 4 ? 1 : 0;
      arena[at + body + 1] = wanted;
    } else {
      const vouch = style === VOUCH || random() % 2 > 0;
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
    if (review && round === traitors + 2 && style !== DENY) {
      // VIEW.5: whether it proposes, and claims; where it is, and what it says was decided.
      arena[at] = random() & 3;
      arena[at + 1] = style === NOISE ? value() : 1 + camp;
      if (keep) {
        number(arena, at + slot, Math.max(0, top + (random() % 3) - 1));
        arena[at + slot + 4] = random() & 3;
        arena[at + ring] = value();
      }
      return;
    }
    if (round > traitors + 1) {
      if (style === DENY) {
        if (!camp) arena[at] = 0;
        return;
      }
      // What the receiver itself says, or another, or the camp's value.
      arena[at] = random() & 7 ? 1 : 0;
      if (style === NOISE || !(random() & 3)) arena[at + 1] = value();
      else arena[at + 1] = 1 + camp;
      if (review && keep && arena[at] && !(random() & 3)) arena[at] += 2 * (random() & 3);
      if (!review && keep && !(random() & 3)) {
        number(arena, at + 1 + valueWidth, Math.max(0, top - 1));
      }
      return;
    }
    if (style === LATE) return;
    if (round === RECORDS) {
      forge(arena, at, style, camp);
      return;
    }
    const bits = layout.bitmaps[round]!;
    const count = (layout.payloads[round]! - bits) / width;
    for (let index = 0; index < count; index++) {
      const said = random();
      if (style === SPLIT && round === 1 && !(said & 1)) continue;
      if (style === NOISE && !(said & 3)) arena[at + (index >> 3)]! &= ~(1 << (index & 7));
      else if (said & 4) {
        arena[at + (index >> 3)]! |= 1 << (index & 7);
        forge(arena, at + bits + index * width, style, camp);
      }
    }
  };

  const lost = (round: number, sender: number, receiver: number): boolean => {
    if ((sender === out || receiver === out) && round >= outFrom) return true;
    const kind = losses[round]!;
    if (kind === NONE) return false;
    if (kind === FEW) return random() % 8 === 0;
    if (kind === HALF) return (random() & 1) === 0;
    if (kind === MUTE) return ((chosen[round]! >> sender) & 1) === 0;
    return ((chosen[round]! >> receiver) & 1) === 0;
  };

  const schedule: Schedule = {
    get faulty() {
      return faulty;
    },
    proposals,
    begin(liars) {
      faulty = pick(random, boards, liars);
      // Slots pass only where many are.
      calmness = keep && random() % 2 ? 2 : 8;
      const together = random() & 1;
      for (let board = 0; board < boards; board++) {
        styles[board] = protocol.direct ? STYLES - 1
          : together && board ? styles[0]! : random() % STYLES;
        camps[board] = together && board ? camps[0]! : random();
      }
    },
    next(ballot, synchronous) {
      open = ballot;
      top = Math.max(...ballots.boards.map(({ log }) => log.length));
      calm = synchronous || random() % calmness === 0;
      told.length = 0;
      out = calm || random() % 2 ? -1 : random() % all;
      outFrom = random() % (layout.rounds + 1);
      const end = lastRound(layout, ballot) + 1;
      missing = calm || random() % 4 ? 0 : pick(random, all, 1 + random() % (traitors + 1));
      missed = random() & 1 ? end : random() % (end + 1);
      for (let round = 0; round <= layout.rounds; round++) {
        // Reports mostly get through, or nothing would happen.
        const reports = round <= traitors + 1 && random() % 2 > 0;
        losses[round] = calm || reports || (out >= 0 && random() % 8) ? NONE : random() % LOSSES;
        chosen[round] = losses[round]! > MUTE
          ? pick(random, all, traitors + 1)
          : random();
      }
      for (let board = 0; board < boards; board++) {
        if (!(random() & 3)) camps[board] = random();
      }
      for (let board = 0; board < boards; board++) proposals[board] = random() % 8 ? value() : -1;
    },
    misses: (board, round) => round === missed && ((missing >> board) & 1) > 0,
    channel(round, sender, receiver, arena, at) {
      if ((faulty >> sender) & 1) {
        if (!((faulty >> receiver) & 1)) lie(round, sender, receiver, arena, at);
        // LEARN.2: to a learner it says what it likes.
        if (round === RECORDS && calm && receiver < boards) {
          const record = told[sender] ??= arena.slice(at, at + width);
          arena.set(record, at);
          return styles[sender]! <= DENY;
        }
        return styles[sender]! <= DENY && random() % 16 > 0;
      }
      return (faulty >> receiver) & 1 ? true : !lost(round, sender, receiver);
    },
  };
  return schedule;
};
