/** Random runs of ballots, judged by what boards decide and by nothing else. */
import type { BallotShape } from "../../firmware/core/paxos-limits.js";
import { createBallots } from "./ballots.js";
import { pick } from "./random.js";
import { createSchedule } from "./schedules.js";

export interface Verdict {
  runs: number;
  ballots: number;
  /** Runs in which two correct boards decided differently on a slot, or one did twice. */
  disagreed: number;
  /** Runs in which a synchronous ballot brought some correct board no further. */
  stuck: number;
  /** Of `ballots`, those after which some correct board had decided, and some had not. */
  split: number;
  /** Slots that correct boards skipped, at the ends of runs. */
  skipped: number;
}

/**
 * Runs of one to eight ballots with losses, and then of synchronous ones: one, or three of a log.
 *
 * @param ballots how many ballots, at least
 * @param drawn whether vectors are drawn instead of agreed upon, in the ballots with losses
 * @param restarts whether correct boards lose their memory, in half of the runs; with a liar less
 *   where the run must heal
 * @param report called after every run
 */
export const runBallots = (
  shape: BallotShape, ballots: number, random: () => number, drawn: boolean, restarts: boolean,
  report: (verdict: Verdict) => void = () => {},
): Verdict => {
  const { boards: count, traitors, keep } = shape;
  const verdict: Verdict = { runs: 0, ballots: 0, disagreed: 0, stuck: 0, split: 0, skipped: 0 };
  const network = createBallots(shape, drawn);
  const schedule = createSchedule(network, random);
  const all = [...Array(count).keys()];
  const logs = () => all.filter((board) => !((schedule.faulty >> board) & 1))
    .map((board) => network.boards[board]!.log);
  const least = () => Math.min(...logs().map((log) => log.length));

  /** Whether all decisions of correct boards are those in `agreed`, where new ones are added. */
  const judge = (agreed: number[]): boolean => {
    verdict.ballots++;
    const knowing = logs().filter((log) => log.length > 0).length;
    if (knowing > 0 && knowing < logs().length) verdict.split++;
    return logs().every((log) =>
      log.every((value, slot) => value < 0 || (agreed[slot] ??= value) === value));
  };

  const once = () => {
    for (const board of all) network.renew(board);
    const lossy = restarts && random() % 2 > 0;
    // With as many liars as there may be, a board that was restarted is one fault too many to heal.
    const heals = !lossy || random() % 2 > 0;
    schedule.begin(lossy && heals ? traitors - 1 : traitors);
    const correct = all.filter((board) => !((schedule.faulty >> board) & 1));
    const lost = lossy ? correct[random() % correct.length]! : -1;
    const agreed: number[] = [];
    let sound = true;
    let ballot = 0;
    for (let left = 1 + (random() % 8); left--; ballot += 1 + (random() % 8 ? 0 : random() % 9)) {
      schedule.next(ballot, false);
      const deaf = ballot && !(random() % 4) ? pick(random, count, 1) : 0;
      network.run(ballot, schedule.proposals, schedule.channel, deaf);
      sound = judge(agreed) && sound;
      if (lost >= 0 && !(random() % 3)) network.restart(lost);
    }
    let moved = true;
    for (let left = keep ? 3 : 1; left--; ballot++) {
      const before = least();
      schedule.next(ballot, true);
      network.run(ballot, schedule.proposals, schedule.channel);
      sound = judge(agreed) && sound;
      if (keep ? least() <= before : least() < 1) moved = false;
    }
    for (const log of logs()) verdict.skipped += log.filter((value) => value < 0).length;
    verdict.runs++;
    if (!sound) verdict.disagreed++;
    if (!moved && heals) verdict.stuck++;
  };

  while (verdict.ballots < ballots) {
    once();
    report(verdict);
  }
  return verdict;
};
