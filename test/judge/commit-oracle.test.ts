/** The judge of commits in phases against histories made by hand: each law broken, and kept. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { COMMIT_LAWS } from "../../host/judge/ballot-oracle.js";
import type { Ballot } from "../../host/judge/ballot-oracle.js";
import { createCommitOracle } from "../../host/judge/commit-oracle.js";
import type { CommitLaw } from "../../host/judge/commit-oracle.js";

/** What boards a, b and c do in a cycle. */
interface Step {
  /** How each votes: y is ready, n is not, - says nothing. */
  readonly votes?: string;
  /** What each carries out, transaction and outcome, as in "0c 1a"; "": nothing. */
  readonly outcomes: readonly string[];
  readonly other?: Partial<Ballot>;
  /** Who loses its memory before. */
  readonly restarts?: number;
}

const LAW: CommitLaw = { coordinator: 0, within: 2, timely: false };

const play = (law: CommitLaw, steps: readonly Step[]) => {
  const oracle = createCommitOracle({ boards: 3, traitors: 1, log: true, proof: 2 }, law);
  return steps.map(({ votes = "", outcomes, other, restarts }, cycle) => {
    if (restarts !== undefined) oracle.restarted(restarts);
    votes.split("").forEach((vote, board) => {
      oracle.reported(board, cycle);
      if (vote !== "-") oracle.relayed(board, cycle, cycle, String(vote === "y"));
    });
    return oracle.close({
      cycle, synchronous: true, faulty: new Set(), down: new Set(), ...other,
      decisions: outcomes.map((said) => said.split(" ").filter(Boolean).map((one) =>
        ({ slot: Number(one[0]), value: String(one[1] === "c") }))),
    }).commit!;
  });
};

const same = (said: string): string[] => [said, said, said];
const LATE = { synchronous: false };

/** What is broken in the last cycle, and nothing before. */
const HISTORIES: readonly (readonly [string, string, readonly Step[]])[] = [
  ["nothing", "all commit, then one is not ready",
    [{ votes: "yyy", outcomes: same("0c") }, { votes: "yny", outcomes: same("1a") }]],
  ["ac1", "one aborts what others commit", [{ votes: "yyy", outcomes: ["0c", "0c", "0a"],
    other: LATE }]],
  ["ac1", "one aborts later", [{ votes: "yyy", outcomes: ["0c", "", ""], other: LATE },
    { outcomes: ["", "0a", "0a"], other: LATE }]],
  ["ac2", "one was not ready", [{ votes: "yny", outcomes: same("0c") }]],
  ["ac2", "one said nothing", [{ votes: "yy-", outcomes: same("0c") }]],
  ["ac3", "all are ready, in time, and abort", [{ votes: "yyy", outcomes: same("0a") }]],
  ["nothing", "all are ready, not in time, and abort",
    [{ votes: "yyy", outcomes: same("0a"), other: LATE }]],
  ["ac1 ac4", "one changes its mind after a restart",
    [{ votes: "yyy", outcomes: ["0c", "", ""], other: LATE },
      { outcomes: ["0a", "", ""], other: LATE, restarts: 0 }]],
  ["nothing", "one is told the same again after a restart",
    [{ votes: "yyy", outcomes: same("0c") }, { outcomes: ["0c", "", ""], other: LATE,
      restarts: 0 }]],
  ["ac5", "nobody decides for as long as that may take",
    [{ votes: "yny", outcomes: same("") }, { outcomes: same("") }]],
  ["nothing", "nobody decides, and the coordinator is down",
    [{ votes: "-yy", outcomes: same(""), other: { down: new Set([0]) } },
      { outcomes: same(""), other: { down: new Set([0]) } }]],
  ["ac5", "nobody decides, and another is down",
    [{ votes: "yy-", outcomes: same(""), other: { down: new Set([2]) } },
      { outcomes: same(""), other: { down: new Set([2]) } }]],
];

describe("the judge of commits finds", () => {
  for (const [broken, name, steps] of HISTORIES) {
    test(`${broken} broken: ${name}`, () => {
      const judged = play(LAW, steps);
      judged.forEach((one, at) => {
        const wrong = COMMIT_LAWS.filter((law) => !one[law]).join(" ") || "nothing";
        assert.equal(wrong, at + 1 < judged.length ? "nothing" : broken, `cycle ${at}`);
      });
    });
  }
});

describe("AC1 and AC4 of three phases are promised", () => {
  const timely = { ...LAW, timely: true, coordinator: -1 };
  const split = (other: Partial<Ballot>) =>
    play(timely, [{ votes: "yyy", outcomes: ["0c", "0c", "0a"], other }])[0]!;

  test("in time, with one crash, and not otherwise", () => {
    const one = { down: new Set([2]) };
    for (const [other, bound] of [
      [{}, true], [one, true], [LATE, false], [{ down: new Set([1, 2]) }, false],
      [{ crashes: false }, false],
    ] as const) {
      assert.deepEqual([split(other).ac1, split(other).bound], [false, bound]);
    }
  });

  test("also of who was restarted, in a transaction that was in time", () => {
    for (const [other, bound] of [[{}, true], [LATE, false]] as const) {
      const steps = [
        { votes: "yyy", outcomes: ["0c", "0c", "0c"], other }, { outcomes: same("1a") },
        { outcomes: same("2a") }, { outcomes: same("3a") },
        { outcomes: ["0a", "", ""], restarts: 0 },
      ];
      const { ac1, ac4, bound: is } = play(timely, steps).at(-1)!;
      assert.deepEqual([ac1, ac4, is], [false, false, bound]);
    }
  });

  test("though something else broke in the same cycle that was not", () => {
    const steps = [
      { votes: "yyy", outcomes: same("0c"), other: LATE }, { outcomes: same("1a") },
      { outcomes: same("2a") }, { outcomes: same("3a") },
    ];
    for (const [outcomes, bound] of [["0a", false], ["0a 3c", true]] as const) {
      assert.equal(play(timely, [...steps, { outcomes: [outcomes, "", ""], restarts: 0 }]).at(-1)!
        .bound, bound);
    }
  });

  test("always, of the others", () => {
    assert.equal(play(LAW, [{ votes: "yyy", outcomes: ["0c", "0c", "0a"], other: LATE }])[0]!
      .bound, true);
  });
});

test("a vote that nobody polled counts, of who may decide by it", () => {
  const ac2 = (coordinator: number, votes: string, unsaid: number) => {
    const oracle = createCommitOracle(
      { boards: 3, traitors: 1, log: true, proof: 2 }, { ...LAW, coordinator });
    votes.split("").forEach((vote, board) => {
      if (vote !== "-") oracle.relayed(board, 0, 0, String(vote === "y"));
    });
    if (unsaid >= 0) oracle.mayHaveVoted(unsaid, 0, 0, "true");
    return oracle.close({
      cycle: 0, synchronous: false, faulty: new Set(), down: new Set(),
      decisions: [0, 1, 2].map(() => [{ slot: 0, value: "true" }]),
    }).commit!.ac2;
  };
  assert.deepEqual([ac2(0, "-yy", -1), ac2(0, "-yy", 0)], [false, true]);
  assert.deepEqual([ac2(0, "y-y", 1), ac2(-1, "y-y", 1)], [false, true]);
  assert.equal(ac2(0, "nyy", 0), false, "it was not ready, and said so");
});
