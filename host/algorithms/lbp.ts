import { PAXOS, createPaxos } from "../../firmware/index.js";
import type { Balloting } from "./algorithm.js";

/** Leaderless Byzantine Paxos; Byzantine Paxos where boards lead in turn. */
export const LBP: Balloting = {
  kind: "ballots",
  name: "lbp",
  help: "leaderless Byzantine Paxos",
  protocol: PAXOS,
  create: createPaxos,
  code: { imports: 'import { createPaxos } from "./core/paxos.js";', source: "createPaxos" },
  // mbal, mval, avBal, avVal, avPrev
  fields: ["ballot", "value", "ballot", "value", "earlier"],
  // A record, 2av, 2b, and what is carried out.
  promises: 4,
  leaderless: "LBP",
  led: "Byzantine Paxos",
};
