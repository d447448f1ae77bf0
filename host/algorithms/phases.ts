import {
  PAXOS_COMMIT as ACCEPTED, THREE_PHASE, TWO_PHASE, createPaxosCommit, createReports,
  createThreePhase, createTwoPhase,
} from "../../firmware/index.js";
import type { Agreement, Balloting } from "./algorithm.js";

/** What carries votes and outcomes: nobody lies, and nothing is relayed. */
const carrier = (rounds: number): Agreement => ({
  kind: "agreement",
  name: "reports",
  help: "votes straight to all",
  signs: false,
  exchanges: () => rounds,
  title: () => "direct votes",
  agree: (layout) => (arena) => createReports(layout, arena),
  code: () => ({
    imports: 'import { createReports } from "./core/reports.js";',
    source: "function (arena) { return createReports(layout, arena); }",
  }),
});

/** Commit in two phases: it waits where it cannot know. */
export const TWO_PHASES: Balloting = {
  kind: "ballots",
  name: "2pc",
  help: "commit in two phases, for boards that never lie; blocks where its coordinator is down",
  protocol: TWO_PHASE,
  create: createTwoPhase,
  code: { imports: 'import { createTwoPhase } from "./core/two-phase.js";',
    source: "createTwoPhase" },
  carrier: carrier(2),
  fields: ["voted"],
  // That it votes, at the coordinator what it decides, and what is carried out.
  promises: 3,
  remembers: "stored",
  leaderless: "Two-phase commit",
  led: "Two-phase commit",
};

/** Commit in three phases: for one board that fails, in time. */
export const THREE_PHASES: Balloting = {
  kind: "ballots",
  name: "3pc",
  help: "commit in three phases, for one board that crashes, and messages that are in time",
  protocol: THREE_PHASE,
  create: createThreePhase,
  code: { imports: 'import { createThreePhase } from "./core/three-phase.js";',
    source: "createThreePhase" },
  carrier: carrier(3),
  fields: ["voted", "told"],
  promises: 2,
  remembers: "volatile",
  timely: true,
  leaderless: "Three-phase commit",
  led: "Three-phase commit",
};

/** Paxos Commit: each board's vote is decided by all boards. */
export const PAXOS_COMMIT: Balloting = {
  kind: "ballots",
  name: "paxos-commit",
  help: "Paxos Commit, for boards that never lie; does not block while most of them are up",
  protocol: ACCEPTED,
  create: createPaxosCommit,
  code: { imports: 'import { createPaxosCommit } from "./core/paxos-commit.js";',
    source: "createPaxosCommit" },
  carrier: carrier(2),
  fields: ["voted", "named", "ballot", "ready"],
  // That it votes, what it accepts, and what is carried out.
  promises: 3,
  leaderless: "Paxos Commit",
  led: "Paxos Commit",
};
