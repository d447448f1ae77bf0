/** Random runs of ballots, judged by what boards decide and carry out and by nothing else. */
import type { BallotLayout, BallotShape } from "../../firmware/ballots/layout.js";
import { pick } from "../core/random.js";
import { createJudge } from "./ballot-judge.js";
import { createBallots } from "./ballots.js";
import { createSchedule } from "./schedules.js";
import { createTroubles } from "./troubles.js";

export interface Verdict {
  runs: number;
  ballots: number;
  /** Runs in which correct boards, or lives of one, knew two values for a slot. */
  disagreed: number;
  /** Runs in which an order was carried out twice, or was none. */
  twice: number;
  /** Runs in which a board gave up a decision that it knew. */
  lost: number;
  /** Runs in which a synchronous ballot brought some correct board no further. */
  stuck: number;
  /** Of `ballots`, those after which some correct board had decided, and some had not. */
  split: number;
  /** Slots that correct boards skipped, at the ends of runs. */
  skipped: number;
  restarts: number;
  repeats: number;
  unkept: number;
}

export const NOTHING: Verdict = {
  runs: 0, ballots: 0, disagreed: 0, twice: 0, lost: 0, stuck: 0, split: 0, skipped: 0,
  restarts: 0, repeats: 0, unkept: 0,
};

/**
 * Runs of one to eight ballots with losses, and then of synchronous ones: one, or three of a log;
 * where boards may have forgotten, so many that they must speak again.
 *
 * @param ballots how many ballots, at least
 * @param drawn whether vectors are drawn instead of agreed upon, in the ballots with losses
 * @param troubled whether correct boards are restarted, hear repeats, and cannot write: in half of
 *   the runs. Where promises are forgotten and the run must heal there is a liar less, and only one
 *   board forgets
 * @param report called after every run
 * @param learners how many boards there are besides, that only hear (LEARN.1)
 * @param weaker see `createBallots`
 */
export const runBallots = (
  shape: BallotShape, ballots: number, random: () => number, drawn: boolean, troubled: boolean,
  report: (verdict: Verdict) => void = () => {}, learners = 0,
  weaker: Partial<BallotLayout> = {},
): Verdict => {
  const { boards: acceptors, traitors, keep, stored, reserve = 0, rotating, review } = shape;
  const { protocol } = shape;
  const verdict: Verdict = { ...NOTHING };
  const count = acceptors + learners;
  const network = createBallots(shape, drawn, learners, weaker);
  const judge = createJudge(network);
  const schedule = createSchedule(network, random);
  network.misses = schedule.misses;
  const troubles = createTroubles(network, judge, schedule.channel, random);
  const all = [...Array(count).keys()];
  let correct = all;
  const least = () => Math.min(...correct.map((board) => network.boards[board]!.ledger.acted));

  const cycle = (ballot: number, synchronous: boolean) => {
    schedule.next(ballot, synchronous);
    const deaf = !synchronous && ballot && !(random() % 4) ? pick(random, count, 1) : 0;
    network.run(ballot, schedule.proposals, schedule.channel, deaf);
    verdict.ballots++;
    const knowing = correct.filter((board) => network.boards[board]!.ledger.acted > 0).length;
    if (knowing > 0 && knowing < correct.length) verdict.split++;
  };

  /** Synchronous ballots from `ballot` on. @returns whether each brought all on, and all speak */
  const heal = (first: number, lossy: boolean, silent: number): boolean => {
    let ballot = first;
    let moved = true;
    // Somebody may still be without power.
    if (lossy) cycle(ballot++, true);
    while (review && ballot % review) cycle(ballot++, true);
    // One of so many leaders is correct, and speaks; with views, F+2 of them decide.
    const enough = review ? (traitors + 2) * review : rotating ? traitors + 1 : 1;
    for (let left = keep ? 3 + (silent ? reserve + 3 : 0) : 1; left--; ) {
      const before = least();
      for (let turns = enough; turns--; ) cycle(ballot++, true);
      if (least() < (keep ? before + 1 : 1)) moved = false;
    }
    // Without a log who forgot is silent for good; and so is everybody whose store was lost.
    const mute = keep ? troubles.emptied & silent : silent;
    return moved && correct.every((board) =>
      (mute >> board) & 1 || board >= acceptors || network.ballotOf(board) > 0);
  };

  const once = () => {
    network.renew();
    const lossy = troubled && random() % 2 > 0;
    // With as many liars as there may be, a board that forgets is one fault too many to heal.
    const heals = !lossy || random() % 2 > 0;
    const forgets = lossy && heals && !stored;
    schedule.begin(forgets ? traitors - 1 : traitors);
    const { faulty } = schedule;
    correct = all.filter((board) => !((faulty >> board) & 1));
    // Who is only silent keeps to the program, and is held to it.
    judge.begin(protocol.direct ? 0 : faulty);
    const before = { ...judge };
    const whom = correct.reduce((set, board) => set | (1 << board), 0);
    const mortal = !heals ? whom : forgets ? 1 << correct[random() % correct.length]! : 0;
    if (lossy) troubles.begin(whom, mortal);
    let ballot = 0;
    const next = () => ballot + 1 + (random() % 8 ? 0 : random() % 9);
    for (let left = 1 + (random() % (review ? 16 : 8)); left--; ballot = next()) {
      cycle(ballot, false);
      troubles.strike();
      // The hub itself takes a number again.
      if (lossy && random() % 16 === 0) cycle(Math.max(0, ballot - (random() % 3)), false);
    }
    troubles.end();
    const healed = heal(ballot, lossy, mortal);
    for (const board of correct) {
      verdict.skipped += network.boards[board]!.log.filter((value) => value < 0).length;
    }
    verdict.runs++;
    for (const what of ["disagreed", "twice", "lost"] as const) {
      if (judge[what] > before[what]) verdict[what]++;
    }
    if (!healed && heals) verdict.stuck++;
  };

  while (verdict.ballots < ballots) {
    once();
    Object.assign(verdict, {
      restarts: troubles.restarts, repeats: troubles.repeats, unkept: troubles.unkept,
    });
    report(verdict);
  }
  return verdict;
};
