/** Histories of ballots made by hand, each of which breaks one law, or none. */
import type { BALLOT_PROPERTIES } from "../../host/judge/ballot-oracle.js";
import type {
  Ballot, BallotJudgement, BallotLaw, BallotOracle, Decided,
} from "../../host/judge/ballot-oracle.js";

export type Create = (law: BallotLaw) => BallotOracle;
export type Name = (typeof BALLOT_PROPERTIES)[number];

/** n = 4, F = 1: q = 3, of which two are correct boards'. */
export const LAW: BallotLaw = { boards: 4, traitors: 1, log: true, proof: 2 };
export const ONCE: BallotLaw = { ...LAW, log: false };

/** One ballot: who proposes what, votes for what, decides what. Board 3 lies unless told. */
interface Step {
  readonly proposals?: readonly string[];
  /** By board, "SLOT VALUE"; "" for no vote. */
  readonly votes?: readonly string[];
  /** The same of 2av, where n of them decide (EARLY.1). */
  readonly relays?: readonly string[];
  readonly decisions?: readonly (readonly string[])[];
  readonly synchronous?: boolean;
  readonly faulty?: readonly number[];
  readonly down?: readonly number[];
  readonly unsure?: readonly number[];
  readonly leader?: number;
  readonly excused?: readonly number[];
  readonly restarted?: readonly number[];
  readonly silent?: readonly number[];
  /** The number of the ballot, if it is not the next. */
  readonly cycle?: number;
}

export const three = (one: string): string[][] => [[one], [one], [one], []];
const all = (vote: string): string[] => [vote, vote, vote, ""];
/** A ballot that decides a slot as it should. */
const good = (slot: number, value: string): Step =>
  ({ proposals: [value], votes: all(`${slot} ${value}`), decisions: three(`${slot} ${value}`) });
/** Board 3 may be correct. */
const possible: Step = { faulty: [], down: [3], unsure: [3] };
/** One in which nothing comes. */
const lost: Step = { synchronous: false };

export const listOf = (decisions: readonly string[] = []): Decided[] => decisions.map((one) => {
  const [slot = "", value = ""] = one.split(" ");
  return { slot: Number(slot), value };
});

export const play = (create: Create, law: BallotLaw, steps: readonly Step[]): BallotJudgement[] => {
  const oracle = create(law);
  return steps.map((step, index) => {
    const { proposals = [], votes = [], decisions = [], faulty = [3], down = [] } = step;
    const cycle = step.cycle ?? index;
    for (const value of proposals) oracle.proposed(value);
    for (const board of step.excused ?? []) {
      oracle.excused(board);
      oracle.restarted(board);
    }
    for (const board of step.restarted ?? []) oracle.restarted(board);
    votes.forEach((vote, board) => {
      if (!vote || faulty.includes(board)) return;
      const [slot = "", value = ""] = vote.split(" ");
      const how = step.unsure?.includes(board) ? "mayHaveVoted" : "voted";
      oracle[how](board, cycle, Number(slot), value);
    });
    step.relays?.forEach((vote, board) => {
      const [slot = "", value = ""] = vote.split(" ");
      if (vote && !faulty.includes(board)) oracle.relayed(board, cycle, Number(slot), value);
    });
    for (let board = 0; board < law.boards; board++) {
      if (!step.silent?.includes(board)) oracle.reported(board, cycle);
    }
    const ballot: Ballot = {
      cycle, synchronous: step.synchronous ?? true, faulty: new Set(faulty), down: new Set(down),
      leader: step.leader, unsure: new Set(step.unsure),
      decisions: Array.from({ length: law.boards }, (_, board) => listOf(decisions[board])),
    };
    return oracle.close(ballot);
  });
};

export interface History {
  readonly name: string;
  readonly law?: BallotLaw;
  readonly steps: readonly Step[];
  /** What is broken in the last ballot; before it, nothing is. */
  readonly broken: readonly Name[];
}

export const HISTORIES: readonly History[] = [
  { name: "slot after slot", steps: [good(0, "a"), good(1, "b"), good(2, "a")], broken: [] },
  { name: "once", law: ONCE, steps: [good(0, "a"), {}, {}], broken: [] },
  {
    name: "CS1: nobody has proposed it", broken: ["cs1"],
    steps: [good(0, "a"), { ...good(1, "b"), proposals: ["a"] }],
  },
  {
    name: "it was proposed ballots ago", broken: [],
    steps: [{ ...lost, proposals: ["b"] }, lost, { ...good(0, "b"), proposals: ["a"] }],
  },
  {
    name: "CS2: two boards in one ballot", broken: ["cs2", "cs3"],
    steps: [{
      proposals: ["a", "b"], votes: all("0 a"), decisions: [["0 a"], ["0 b"], ["0 a"]],
    }],
  },
  {
    name: "CS2: ballots apart", law: ONCE, broken: ["cs2"],
    steps: [
      { ...good(0, "a"), ...lost, decisions: [["0 a"]] }, lost,
      { ...good(0, "b"), decisions: [[], ["0 b"], ["0 b"]] },
    ],
  },
  {
    name: "CS2: one board that lost its memory in between", law: ONCE, broken: ["cs2"],
    steps: [
      { ...good(0, "a"), ...lost, decisions: [["0 a"]] }, { ...lost, excused: [0], down: [0] },
      { ...good(0, "b"), silent: [0], synchronous: false, decisions: [["0 b"]] },
    ],
  },
  {
    name: "CS2: two values are chosen, and nobody knows", law: ONCE, broken: ["cs2"],
    steps: [
      { ...lost, proposals: ["a", "b"], votes: ["0 a", "0 a", ""] },
      { ...lost, votes: ["", "0 b", "0 b"] },
    ],
  },
  {
    name: "votes for two values, neither chosen", law: ONCE, broken: [],
    steps: [{ ...lost, votes: ["0 a", "", "0 b"] }, { ...lost, votes: ["0 b", "0 a", ""] }],
  },
  {
    name: "what a faulty board decides is nothing to others", broken: [],
    steps: [{ ...good(0, "a"), decisions: [["0 a"], ["0 a"], ["0 a"], ["0 z"]] }],
  },
  {
    name: "CS3: too few have voted", broken: ["cs3"],
    steps: [{ ...good(0, "a"), votes: ["0 a", "", ""] }],
  },
  {
    name: "CS3: in two ballots, one each", law: ONCE, broken: ["cs3"],
    steps: [
      { ...lost, proposals: ["a"], votes: ["0 a", "", ""] },
      { ...good(0, "a"), votes: ["", "0 a", ""] },
    ],
  },
  {
    name: "CS3: for another slot", broken: ["cs3"],
    steps: [good(0, "a"), { ...good(1, "b"), votes: all("2 b") }],
  },
  {
    name: "CS3: a board votes twice", broken: ["cs3"],
    steps: [{ ...good(0, "a"), votes: ["0 a", "", ""] }],
  },
  {
    name: "chosen in an earlier ballot, which nobody heard", broken: [],
    steps: [
      { ...lost, proposals: ["a"], votes: ["0 a", "0 a", ""] }, { decisions: three("0 a") },
    ],
  },
  {
    name: "CL1, CL2: a synchronous ballot decides nothing", broken: ["cl1", "cl2"],
    steps: [good(0, "a"), {}],
  },
  { name: "CL1, CL2: nor once", law: ONCE, broken: ["cl1", "cl2"], steps: [lost, {}] },
  { name: "nothing is asked of one that is not", broken: [], steps: [good(0, "a"), lost] },
  {
    name: "CL2: one board does not learn", broken: ["cl2"],
    steps: [{ ...good(0, "a"), decisions: [["0 a"], ["0 a"], []] }],
  },
  {
    name: "CL2: nor once", law: ONCE, broken: ["cl2"],
    steps: [{ ...good(0, "a"), decisions: [["0 a"], ["0 a"], []] }],
  },
  {
    name: "one that is without power need not", broken: [],
    steps: [{
      ...good(0, "a"), decisions: [["0 a"], ["0 a"], [], ["0 a"]], down: [2], faulty: [],
    }],
  },
  {
    name: "a ballot to catch up, and one to go on", broken: [],
    steps: [
      good(0, "a"), { ...good(1, "b"), ...lost, decisions: [["1 b"]] },
      { decisions: [[], ["1 b"], ["1 b"]] }, good(2, "c"),
    ],
  },
  {
    name: "CL2: two ballots to catch up", broken: ["cl2"],
    steps: [
      good(0, "a"), { ...good(1, "b"), ...lost, decisions: [["1 b"]] },
      { decisions: [[], ["1 b"], []] },
    ],
  },
  {
    name: "CL1: all know the same, and it is not gone on", broken: ["cl1", "cl2"],
    steps: [
      good(0, "a"), { ...good(1, "b"), ...lost, decisions: [["1 b"]] },
      { decisions: [[], ["1 b"], ["1 b"]] }, {},
    ],
  },
  {
    name: "a leader that lies, or is without power, or silent", broken: [],
    steps: [
      { leader: 3 }, { leader: 2, down: [2], faulty: [] },
      { leader: 1, excused: [1], silent: [1], faulty: [] },
    ],
  },
  {
    name: "CL1, CL2: a correct leader gets nothing decided", broken: ["cl1", "cl2"],
    steps: [{ leader: 3 }, { leader: 2 }],
  },
  {
    name: "slots are skipped by who was away for long", broken: [],
    steps: [
      good(0, "a"), { ...good(1, "b"), ...lost, decisions: [["1 b"], ["1 b"]] },
      { ...good(2, "c"), ...lost, decisions: [["2 c"], ["2 c"]] },
      { decisions: [[], [], ["2 c"]] },
    ],
  },
  {
    name: "F faulty, and one silent because it lost its memory: nothing is asked", broken: [],
    steps: [good(0, "a"), { excused: [2], silent: [2] }],
  },
  {
    name: "CL2: as many, if it speaks", broken: ["cl2"],
    steps: [good(0, "a"), { excused: [2] }],
  },
  {
    name: "one that lost its memory learns again what it knew", broken: [],
    steps: [good(0, "a"), { restarted: [2], decisions: [[], [], ["0 a"]] }, good(1, "b")],
  },
  {
    name: "CL2: one that lost its memory does not", broken: ["cl2"],
    steps: [
      good(0, "a"),
      { ...good(1, "b"), restarted: [2], decisions: [["1 b"], ["1 b"], []] },
    ],
  },
  {
    name: "CL1, CL2: as many, if it has no excuse", broken: ["cl1", "cl2"],
    steps: [good(0, "a"), { silent: [2] }],
  },
  {
    name: "CL2: none faulty, one that is silent, which learns all the same", broken: ["cl2"],
    steps: [
      { ...good(0, "a"), faulty: [], decisions: [["0 a"], ["0 a"], ["0 a"], ["0 a"]] },
      {
        ...good(1, "b"), faulty: [], excused: [2], silent: [2],
        decisions: [["1 b"], ["1 b"], [], ["1 b"]],
      },
    ],
  },
  {
    name: "with the vote of one that may be correct", broken: [],
    steps: [{ ...good(0, "a"), ...possible, votes: ["0 a", "", "", "0 a"] }],
  },
  {
    name: "CS3: with the vote of one that is not", broken: ["cs3"],
    steps: [{ ...good(0, "a"), votes: ["0 a", "", "", "0 a"] }],
  },
  {
    name: "CS3: all others owe their votes even so", broken: ["cs3"],
    steps: [{ ...good(0, "a"), ...possible, votes: ["", "", "", "0 a"] }],
  },
  {
    name: "what may have been chosen is no second value", broken: [],
    steps: [{
      ...good(0, "a"), proposals: ["a", "b"], ...possible, votes: ["0 a", "0 a", "0 b", "0 b"],
    }],
  },
  {
    name: "one that may hold something else decides with a vote of its own", broken: [],
    steps: [{
      ...lost, proposals: ["a"], ...possible, votes: all("0 b"), decisions: [[], [], [], ["0 a"]],
    }],
  },
  {
    name: "CS3: nobody else does", broken: ["cs3"],
    steps: [{
      ...lost, proposals: ["a"], ...possible, votes: all("0 b"), decisions: [["0 a"], [], [], []],
    }],
  },
  {
    name: "all said 2av, and nobody 2b", broken: [],
    steps: [{ ...lost, proposals: ["a"], relays: all("0 a"), decisions: [["0 a"]] }],
  },
  {
    name: "CS3: all but one said 2av", broken: ["cs3"],
    steps: [{ ...lost, proposals: ["a"], relays: ["0 a", "0 a"], decisions: [["0 a"]] }],
  },
  {
    name: "CS3: all said 2av in two ballots", broken: ["cs3"],
    steps: [
      { ...lost, proposals: ["a"], relays: ["0 a", "0 a"] },
      { ...lost, relays: ["", "", "0 a"], decisions: [["0 a"]] },
    ],
  },
  {
    name: "CS2: what all said 2av for is decided, and then another", broken: ["cs2"],
    steps: [
      { ...lost, proposals: ["a", "b"], relays: all("0 a"), decisions: [["0 a"]] },
      { ...lost, votes: all("0 b"), decisions: [[], ["0 b"]] },
    ],
  },
  {
    name: "where one more is correct, 2av of three and then another value", broken: [],
    steps: [
      { ...lost, proposals: ["a", "b"], relays: all("0 a"), faulty: [] },
      { ...good(0, "b"), faulty: [], decisions: [["0 b"], ["0 b"], ["0 b"], ["0 b"]] },
    ],
  },
  {
    name: "CS2: two values are two, whoever it is", broken: ["cs2"],
    steps: [good(0, "a"), {
      ...lost, proposals: ["b"], ...possible, decisions: [[], [], [], ["0 b"]],
    }],
  },
];
