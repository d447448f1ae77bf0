import { FAB as LEADERLESS, createLedFab } from "../../firmware/index.js";
import type { Balloting } from "./algorithm.js";
import { LFAB } from "./lfab.js";

/** Fast Byzantine Paxos: a board leads for several cycles. */
export const FAB: Balloting = {
  kind: "ballots",
  name: "fab",
  help: "Fast Byzantine Paxos, a leader for several cycles",
  protocol: {
    ...LEADERLESS, outvotes: "in two steps of a view", views: true, tentative: true,
    learners: true,
  },
  create: createLedFab,
  code: { imports: 'import { createLedFab } from "./core/led-fab.js";', source: "createLedFab" },
  fields: LFAB.fields,
  // In a fast cycle what it accepts, and what is carried out.
  promises: 2,
  leaderless: "FaB",
  led: "FaB",
};
