/**
 * Random runs of commits in phases, of the product's cores, judged by what boards voted, decide and
 * carry out, and by nothing else.
 */
import type { BallotShape } from "../../firmware/ballots/layout.js";
import { createJudge } from "../ballots/ballot-judge.js";
import { createBallots } from "../ballots/ballots.js";
import type { BallotChannel } from "../ballots/ballots.js";
import { createTroubles } from "../ballots/troubles.js";

export interface Verdict {
  runs: number;
  cycles: number;
  /** AC1, AC4: runs in which boards, or lives of one, knew two outcomes of a transaction. */
  split: number;
  /** AC2: runs in which one committed, and not all had said that they are ready. */
  unready: number;
  /** AC3: calm cycles of boards that know the same and are ready, in which one did not commit. */
  refused: number;
  /** AC5: runs that had to bring all on, and did not. */
  stuck: number;
  /** Runs in which an outcome was carried out twice, or was none; or was known and given up. */
  twice: number;
  lost: number;
  /** Transactions that boards committed, and aborted; cycles after which one was blocked. */
  commits: number;
  aborts: number;
  blocked: number;
  restarts: number;
  repeats: number;
  unkept: number;
}

export const NOTHING: Verdict = {
  runs: 0, cycles: 0, split: 0, unready: 0, refused: 0, stuck: 0, twice: 0, lost: 0, commits: 0,
  aborts: 0, blocked: 0, restarts: 0, repeats: 0, unkept: 0,
};

/** What may go wrong: all that a commit is safe under; or crashes of one board, in time. */
export type World = "any" | "crash";

const READY = 1;

/** How boards vote in a run: mostly ready, always, or as it comes. */
const LIKELY = [2, 16, Infinity];

const createWires = (boards: number, rounds: number, random: () => number) => {
  let calm = true;
  let out = 0;
  let kind = 0;
  let crashed = -1;
  let crashes = 0;
  let hears = 0;
  // Which beacon is missed, or the end, and by whom.
  let missed = 0;
  let missing = 0;
  return {
    /** @param speak whether all but a board take part */
    next(quiet: boolean, world: World, speak: (but: number) => boolean) {
      calm = quiet;
      out = random();
      kind = random() % 7;
      crashed = !quiet && world === "crash" && random() % 2 ? random() % boards : -1;
      // Who has forgotten is the one that fails, until it speaks again (LOG.5).
      if (crashed >= 0 && !speak(crashed)) crashed = -1;
      crashes = 1 + random() % rounds;
      hears = random();
      missed = 1 + random() % (rounds + 1);
      missing = quiet || world === "crash" || random() % 4 ? 0 : random();
    },
    misses: (board: number, round: number) => round === missed && ((missing >> board) & 1) > 0,
    /** Who loses its power in this cycle, or -1; the world is `crash`. */
    crashed: () => crashed,
    crashes: () => crashes,
    lost(world: World, round: number, sender: number, receiver: number): boolean {
      if (world === "crash") {
        return sender === crashed && round === crashes && !((hears >> receiver) & 1);
      }
      if (calm || !kind) return false;
      if (kind === 1) return random() % 6 === 0;
      if (kind === 2) return ((out >> sender) & 1) !== ((out >> receiver) & 1);
      if (kind === 3) return ((out >> (sender + 8 * (round & 1))) & 1) > 0;
      // In each round some hear nothing; or one side hears the other, and is not heard.
      if (kind === 5) return ((out >> (receiver + 6 * (round & 3))) & 1) > 0;
      if (kind === 6) return ((out >> receiver) & 1) < ((out >> sender) & 1);
      return random() % 2 > 0;
    },
  };
};

/**
 * @param cycles how many, at least
 * @param within AC5: so many cycles in time bring all on
 * @param report called after every run
 */
export const runCommits = (
  shape: BallotShape, cycles: number, random: () => number, world: World, within: number,
  report: (verdict: Verdict) => void = () => {},
): Verdict => {
  const { boards: count, traitors, stored, reserve = 0, coordinator = -1 } = shape;
  const verdict: Verdict = { ...NOTHING };
  const network = createBallots(shape);
  const judge = createJudge(network);
  const { rounds, slot, valueWidth } = network.boards[0]!.layout;
  const all = [...Array(count).keys()];
  const proposals = new Int8Array(count);
  const wires = createWires(count, rounds, random);
  // By slot, how each board has voted; 2: both ways.
  const votes = new Map<number, Int8Array>();
  let likely = 2;
  const unready = new Set<number>();

  const note = (arena: Uint8Array, at: number, sender: number) => {
    if (!(arena[at]! & 1) || !(arena[at + 1]! & 1)) return;
    const number = arena[at + 1 + slot]! + 256 * arena[at + 2 + slot]!;
    const of = votes.get(number) ?? new Int8Array(count).fill(-1);
    votes.set(number, of);
    const vote = arena[at + 1 + valueWidth]! ? READY : 0;
    of[sender] = of[sender] === -1 || of[sender] === vote ? vote : 2;
  };
  const channel: BallotChannel = (round, sender, receiver, arena, at) => {
    if (round === 1) note(arena, at, sender);
    return !wires.lost(world, round, sender, receiver);
  };
  const troubles = createTroubles(network, judge, channel, random);
  network.misses = wires.misses;
  const { between } = network;
  // COMMIT.5: who crashes spoke in a round to some, and is gone when it is over.
  network.between = (round) => {
    between(round);
    const crashed = wires.crashed();
    if (crashed < 0 || round !== wires.crashes() + 1) return;
    judge.restarts(crashed);
    network.restart(crashed, rounds + 1 - wires.crashes() + (random() % 2 ? 0 : rounds + 1));
    verdict.restarts++;
  };
  network.watch = (board, round) => {
    const { arena } = network.boards[board]!;
    if (round === 1) note(arena, 0, board);
  };
  const { carried } = network;
  network.carried = (board, of, value) => {
    carried(board, of, value);
    if (value !== READY) verdict.aborts++;
    else {
      verdict.commits++;
      if (!votes.get(of)?.every((vote) => vote === READY)) unready.add(of);
    }
  };
  const actedOf = (board: number) => network.boards[board]!.ledger.acted;
  const least = (of: readonly number[]) => Math.min(...of.map(actedOf));

  const cycle = (number: number, quiet: boolean) => {
    wires.next(quiet, world, (but) => all.every((board) =>
      board === but || !verdict.cycles || network.ballotOf(board) > 0));
    for (const board of all) proposals[board] = random() % likely ? READY : random() % 2 - 1;
    if (likely === Infinity) proposals.fill(READY);
    network.run(number, proposals, channel, quiet || world === "crash" || random() % 6 ? 0
      : 1 << random() % count);
    verdict.cycles++;
    if (network.boards.some(({ ledger }) => ledger.blocked!())) verdict.blocked++;
  };

  /** AC5, then AC3, in time, whoever of `mute` is silent for good. */
  const heal = (first: number, mute: number, sick: number): boolean => {
    let number = first;
    const there = all.filter((board) => !((mute >> board) & 1));
    if (there.length < count - traitors || (coordinator >= 0 && mute & 1)) return true;
    // Somebody may still be without power; and who has forgotten is silent for a while (LOG.5).
    for (let left = sick ? 2 + (stored ? 0 : reserve + 3 * within) : 0; left--; ) {
      cycle(number++, true);
    }
    for (let turns = 3; turns--; ) {
      const before = least(there);
      for (let left = within; left--; ) cycle(number++, true);
      if (least(there) <= before) return false;
    }
    likely = Infinity;
    for (let left = within; left--; ) cycle(number++, true);
    const [here] = there.map(actedOf);
    const fresh = all.every((board) => actedOf(board) === here &&
      !network.boards[board]!.ledger.blocked!());
    const ready = verdict.commits;
    cycle(number++, true);
    const speak = all.every((board) => network.ballotOf(board) > 0);
    if (fresh && speak && verdict.commits !== ready + count) verdict.refused++;
    return true;
  };

  const once = () => {
    network.renew();
    votes.clear();
    judge.begin(0);
    unready.clear();
    likely = LIKELY[random() % 3]!;
    const before = { ...judge };
    const troubled = world === "any" && random() % 2 > 0;
    const everybody = (1 << count) - 1;
    // Of those that forget no more than may fail, or nobody knows what was promised.
    const mortal = !troubled || (stored && coordinator >= 0) ? 0
      : random() % 4 ? 1 << random() % count : random() & everybody;
    if (troubled) troubles.begin(everybody, mortal);
    let number = 0;
    for (let left = 1 + random() % 8; left--; number += 1 + (random() % 8 ? 0 : random() % 4)) {
      cycle(number, random() % 3 === 0);
      if (troubled) troubles.strike();
      if (troubled && random() % 16 === 0) cycle(Math.max(0, number - random() % 3), false);
    }
    troubles.end();
    const forgot = stored ? troubles.emptied : mortal;
    const few = all.filter((board) => (forgot >> board) & 1).length > traitors;
    if (!few && !heal(number, 0, Number(troubled) + Number(world === "crash"))) verdict.stuck++;
    verdict.runs++;
    if (judge.disagreed > before.disagreed) verdict.split++;
    if (judge.twice > before.twice) verdict.twice++;
    if (judge.lost > before.lost) verdict.lost++;
    if (unready.size) verdict.unready++;
  };

  while (verdict.cycles < cycles) {
    once();
    const { restarts, repeats, unkept } = troubles;
    if (world === "any") Object.assign(verdict, { restarts, repeats, unkept });
    report(verdict);
  }
  return verdict;
};
