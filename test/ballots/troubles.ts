/**
 * What may befall correct boards besides lost frames: restarts between any two rounds, repeats of
 * openings and of whole ballots that have been, writes that fail or are cut off, lost stores.
 */
import type { Judge } from "./ballot-judge.js";
import type { Ballots, BallotChannel } from "./ballots.js";
import type { Fate } from "./stores.js";

export interface Troubles {
  restarts: number;
  repeats: number;
  /** Writes that failed. */
  unkept: number;
  /** Whose stores were lost, since `begin`. */
  emptied: number;
  /**
   * Troubles come until `end`.
   *
   * @param targets whom they befall
   * @param mortal of these, who may lose its memory, where that is not stored, or what is stored
   */
  begin(targets: number, mortal: number): void;
  end(): void;
  /** Between two ballots. */
  strike(): void;
}

const BAD: readonly Fate[] = ["refused", "torn", "deaf", "cut"];

export const createTroubles = (
  ballots: Ballots, judge: Judge, channel: BallotChannel, random: () => number,
): Troubles => {
  const { shape: { stored }, boards } = ballots;
  const { rounds } = boards[0]!.layout;
  let targets = 0;
  let mortal = 0;
  // One in so many; of what may happen before a round, and of writes.
  let rare = 0;
  let bad = 0;
  let until = 0;
  // Whose write has just failed: its power often goes next.
  let doomed = -1;

  const mayDie = (board: number) => ((stored ? targets : mortal) >> board) & 1;

  const restart = (board: number, empty: boolean) => {
    troubles.restarts++;
    judge.restarts(board, empty);
    if (empty) {
      boards[board]!.store.clear();
      troubles.emptied |= 1 << board;
    }
    ballots.restart(board, random() % 4 ? 0 : random() % rounds);
  };

  const repeat = (board: number) => {
    const { past } = ballots;
    if (!past.length) return;
    troubles.repeats++;
    // The opening alone, some rounds of a ballot, or the whole; most often of the first.
    const last = random() % 2 ? 0 : random() % 4 ? rounds + 1 : random() % (rounds + 1);
    const from = past[random() % 2 ? 0 : random() % past.length]!;
    ballots.repeat(board, from, last, random() & random(), channel);
  };

  const strike = (round: number) => {
    if (!targets) return;
    if (!(round % 3)) until = random() % 3 ? 0 : random();
    const next = doomed;
    doomed = -1;
    if (next >= 0 && mayDie(next) && random() % 2) restart(next, false);
    if (random() % rare) return;
    const board = random() % boards.length;
    if (!((targets >> board) & 1)) return;
    const kind = random() % 16;
    const dies = kind < 12 && mayDie(board);
    if (dies) restart(board, !kind && ((mortal >> board) & 1) > 0);
    if (kind > 4) repeat(board);
    if (kind === 9) repeat(board);
  };

  const troubles: Troubles = {
    restarts: 0, repeats: 0, unkept: 0, emptied: 0,
    begin(whom, forgetful) {
      troubles.emptied = 0;
      targets = whom;
      mortal = forgetful;
      rare = [2, 6, 24][random() % 3]!;
      bad = [2, 5, 20, Infinity][random() % 4]!;
    },
    end() {
      targets = 0;
    },
    strike() {
      strike(0);
    },
  };
  ballots.between = strike;
  ballots.part = (most) => random() % (most + 1);
  ballots.wasCut = (board) => {
    judge.restarts(board);
  };
  ballots.fate = (board) => {
    if (!((targets & until) >> board & 1) || random() % bad) return "done";
    troubles.unkept++;
    const fate = BAD[random() % BAD.length]!;
    doomed = board;
    return fate === "cut" && !mayDie(board) ? "torn" : fate;
  };
  return troubles;
};
