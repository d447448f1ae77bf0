import { FAB, createFab } from "../../firmware/index.js";
import type { Balloting } from "./algorithm.js";

/** Leaderless FaB; FaB where boards lead in turn. */
export const LFAB: Balloting = {
  kind: "ballots",
  name: "lfab",
  help: "leaderless FaB",
  protocol: FAB,
  create: createFab,
  code: { imports: 'import { createFab } from "./core/fab.js";', source: "createFab" },
  fields: ["presence", "value"],
  // A record, what it accepts, and what is carried out.
  promises: 3,
  leaderless: "LFaB",
  led: "FaB",
};
