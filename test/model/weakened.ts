/** Views and Paxos of which a rule is taken out, and what is found then. */
import type { PaxosRules } from "./explore-paxos.js";
import type { ViewRules } from "./view-rules.js";

type Found = "unsafe" | "stuck" | "slow";

/** What is taken out, over how many runs, and what is then found. */
export const WITHOUT: [string, Partial<ViewRules>, number, number, Found][] = [
  ["VIEW.1: who did not hear the review goes on", { reviewed: false }, 0, 20_000, "unsafe"],
  ["VIEW.2: a board votes twice in a view", { single: false }, 0, 5000, "unsafe"],
  ["VIEW.2: a board votes twice in a view, a log", { single: false }, 2, 5000, "unsafe"],
  ["VIEW.4: 2F+1 have to have reached a number", { reached: 3 }, 2, 1000, "stuck"],
  ["VIEW.5: votes do not name their slot", { named: false }, 2, 5000, "unsafe"],
  ["PBFT.2: no check by the own vector", { checks: false }, 0, 5000, "unsafe"],
  ["PBFT.2: no check by the own vector, a log", { checks: false }, 2, 5000, "unsafe"],
  ["LOG.2: F claims are enough", { adopt: 1 }, 2, 1000, "unsafe"],
  ["LOG.3: 2F claims are enough to leave a slot", { leave: 2 }, 2, 5000, "stuck"],
  ["LOG.3: records of other slots are taken as they are", { aligned: false }, 2, 1000, "slow"],
];

/** The same for FaB. */
export const WITHOUT_FAST: typeof WITHOUT = [
  ["VIEW.2: a board accepts twice in a view", { single: false }, 0, 10_000, "unsafe"],
  ["VIEW.5: votes do not name their slot, FaB", { named: false }, 2, 5000, "unsafe"],
  ["FAB.2: no check by the own vector", { checks: false }, 0, 5000, "unsafe"],
  ["LOG.2: F claims are enough, FaB", { adopt: 1 }, 2, 1000, "unsafe"],
  ["VIEW.4: 2F+1 have to have reached a number, FaB", { reached: 3 }, 2, 1000, "stuck"],
];

/** What is taken out of Paxos: two values are decided then. */
export const WITHOUT_PAXOS: [string, Partial<PaxosRules>][] = [
  ["PAX.2: a board names two leaders in a view", { single: false, slots: 1 }],
  ["PAX.3: a leader whom one of three named", { leads: 1, slots: 1 }],
  ["PAX.3: records of later slots count", { aligned: false }],
  ["PAX.4: a leader proposes what it likes", { bound: false, slots: 1 }],
  ["PAX.4: what was accepted first, not last", { latest: false, slots: 1 }],
  ["PAX.4: a leader proposes two values in a view", { fixed: false, slots: 1 }],
  ["PAX.5: one vote of three decides", { decides: 1, slots: 1 }],
  ["VIEW.5: proposals and votes do not name their slot", { named: false }],
];
