/** The judge of ballots against histories made by hand: each property broken once, and kept. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BALLOT_PROPERTIES, createBallotOracle } from "../../host/judge/ballot-oracle.js";
import type {
  Ballot, BallotJudgement, BallotLaw, BallotOracle, Decided,
} from "../../host/judge/ballot-oracle.js";

type Create = (law: BallotLaw) => BallotOracle;
type Name = (typeof BALLOT_PROPERTIES)[number];

/** n = 4, F = 1: q = 3, of which two are correct boards'. */
const LAW: BallotLaw = { boards: 4, traitors: 1, log: true, proof: 2 };
const ONCE: BallotLaw = { ...LAW, log: false };

/** One ballot: who proposes what, votes for what, decides what. Board 3 lies unless told. */
interface Step {
  readonly proposals?: readonly string[];
  /** By board, "SLOT VALUE"; "" for no vote. */
  readonly votes?: readonly string[];
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

const three = (one: string): string[][] => [[one], [one], [one], []];
const all = (vote: string): string[] => [vote, vote, vote, ""];
/** A ballot that decides a slot as it should. */
const good = (slot: number, value: string): Step =>
  ({ proposals: [value], votes: all(`${slot} ${value}`), decisions: three(`${slot} ${value}`) });
/** Board 3 may be correct. */
const possible: Step = { faulty: [], down: [3], unsure: [3] };
/** One in which nothing comes. */
const lost: Step = { synchronous: false };

const listOf = (decisions: readonly string[] = []): Decided[] => decisions.map((one) => {
  const [slot = "", value = ""] = one.split(" ");
  return { slot: Number(slot), value };
});

const play = (create: Create, law: BallotLaw, steps: readonly Step[]): BallotJudgement[] => {
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

interface History {
  readonly name: string;
  readonly law?: BallotLaw;
  readonly steps: readonly Step[];
  /** What is broken in the last ballot; before it, nothing is. */
  readonly broken: readonly Name[];
}

const HISTORIES: readonly History[] = [
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
    name: "CS2: two values are two, whoever it is", broken: ["cs2"],
    steps: [good(0, "a"), {
      ...lost, proposals: ["b"], ...possible, decisions: [[], [], [], ["0 b"]],
    }],
  },
];

const right = ({ broken }: History, name: Name): boolean => !broken.includes(name);

describe("the judge of ballots finds", () => {
  for (const history of HISTORIES) {
    const { name, broken, law = LAW, steps } = history;
    test(`${broken.join(" and ") || "nothing"} broken: ${name}`, () => {
      play(createBallotOracle, law, steps).forEach((judged, at, list) => {
        for (const property of BALLOT_PROPERTIES) {
          const held = at + 1 < list.length || right(history, property);
          assert.equal(judged[property], held, `${property} in ballot ${at}`);
        }
      });
    });
  }

  test("what a person's rule may make is theirs to say", () => {
    const oracle = createBallotOracle(ONCE, (value) => value === "m");
    for (const board of [0, 1, 2]) oracle.voted(board, 0, 0, "m");
    const ballot = (value: string): Ballot => ({
      cycle: 0, synchronous: true, faulty: new Set([3]), down: new Set(),
      decisions: three(`0 ${value}`).map(listOf),
    });
    assert.equal(oracle.close(ballot("m")).cs1, true);
    assert.equal(oracle.close(ballot("x")).cs1, false);
  });
});

/** Judges that are wrong, each in one way. */
const wrongOnes: Readonly<Record<string, Create>> = {
  ...Object.fromEntries(BALLOT_PROPERTIES.flatMap((name) => [true, false].map(
    (said): [string, Create] => [`always says ${said} of ${name}`, (law) => {
      const oracle = createBallotOracle(law);
      return { ...oracle, close: (ballot) => ({ ...oracle.close(ballot), [name]: said }) };
    }],
  ))),
  "wants a vote less": (law) => createBallotOracle({ ...law, proof: law.proof - 1 }),
  "wants a vote more": (law) => createBallotOracle({ ...law, proof: law.proof + 2 }),
  "takes a log for one decision": (law) => createBallotOracle({ ...law, log: false }),
  "takes one decision for a log": (law) => createBallotOracle({ ...law, log: true }),
  "allows a traitor more": (law) => createBallotOracle({ ...law, traitors: law.traitors - 1 }),
  "takes all for correct": (law) => {
    const oracle = createBallotOracle(law);
    return { ...oracle, close: (ballot) => oracle.close({ ...ballot, faulty: new Set() }) };
  },
  "believes in leaders": (law) => {
    const oracle = createBallotOracle(law);
    return {
      ...oracle,
      close: (ballot) => oracle.close({ ...ballot, leader: undefined }),
    };
  },
  "excuses nobody": (law) => ({ ...createBallotOracle(law), excused: () => undefined }),
  "takes every ballot for synchronous": (law) => {
    const oracle = createBallotOracle(law);
    return { ...oracle, close: (ballot) => oracle.close({ ...ballot, synchronous: true }) };
  },
  "takes what was forgotten for known": (law) =>
    ({ ...createBallotOracle(law), restarted: () => undefined }),
  "takes those that may be correct for correct": (law) => {
    const { voted, ...oracle } = createBallotOracle(law);
    return { ...oracle, voted, mayHaveVoted: voted };
  },
  "lets those that may be correct have no votes": (law) =>
    ({ ...createBallotOracle(law), mayHaveVoted: () => undefined }),
  "asks CS3 of those that may hold something else": (law) => {
    const oracle = createBallotOracle(law);
    return { ...oracle, close: (ballot) => oracle.close({ ...ballot, unsure: new Set() }) };
  },
  "forgets": (law) => {
    let oracle = createBallotOracle(law);
    return {
      proposed(value) {
        oracle.proposed(value);
      },
      voted(...vote) {
        oracle.voted(...vote);
      },
      mayHaveVoted(...vote) {
        oracle.mayHaveVoted(...vote);
      },
      reported(...report) {
        oracle.reported(...report);
      },
      restarted(board) {
        oracle.restarted(board);
      },
      excused(board) {
        oracle.excused(board);
      },
      vouched(slot, value) {
        oracle.vouched(slot, value);
      },
      close(ballot) {
        const judged = oracle.close(ballot);
        oracle = createBallotOracle(law);
        return judged;
      },
    };
  },
};

describe("a judge of ballots would be caught that", () => {
  for (const [name, create] of Object.entries(wrongOnes)) {
    test(name, () => {
      assert.ok(HISTORIES.some((history) => {
        const judged = play(create, history.law ?? LAW, history.steps);
        return BALLOT_PROPERTIES.some((property) => judged.some((one, at) =>
          one[property] !== (at + 1 < judged.length || right(history, property))));
      }));
    });
  }
});
