/** The judge of ballots against histories made by hand: each property broken once, and kept. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BALLOT_PROPERTIES, createBallotOracle } from "../../host/judge/ballot-oracle.js";
import type { Ballot } from "../../host/judge/ballot-oracle.js";
import { HISTORIES, LAW, ONCE, listOf, play, three } from "./histories.js";
import type { Create, History, Name } from "./histories.js";

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
  "knows nothing of 2av": (law) =>
    ({ ...createBallotOracle(law), relayed: () => undefined }),
  "takes 2av for 2b": (law) => {
    const { voted, ...oracle } = createBallotOracle(law);
    return { ...oracle, voted, relayed: voted };
  },
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
      relayed(...vote) {
        oracle.relayed(...vote);
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
