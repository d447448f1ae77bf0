import { PAXOS, createPbft } from "../../firmware/index.js";
import type { Balloting } from "./algorithm.js";
import { LBP } from "./lbp.js";

/** Practical Byzantine fault tolerance: a board leads for several cycles. */
export const PBFT: Balloting = {
  kind: "ballots",
  name: "pbft",
  help: "PBFT, a leader for several cycles",
  protocol: { ...PAXOS, outvotes: "in views", early: false, views: true },
  create: createPbft,
  code: { imports: 'import { createPbft } from "./core/pbft.js";', source: "createPbft" },
  fields: LBP.fields,
  // In a fast cycle 2av, 2b, and what is carried out.
  promises: 3,
  leaderless: "PBFT",
  led: "PBFT",
};
