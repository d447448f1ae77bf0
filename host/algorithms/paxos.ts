import {
  DUEL as DUELLING, MULTI_PAXOS, createDuel, createMultiPaxos, createReports,
} from "../../firmware/index.js";
import type { Agreement, Balloting } from "./algorithm.js";

/** What carries records where nobody lies; and how a learner hears them (LEARN.2). */
export const REPORTS: Agreement = {
  kind: "agreement",
  name: "reports",
  help: "records straight to all",
  signs: false,
  exchanges: () => 2,
  title: () => "direct reports",
  agree: (layout) => (arena) => createReports(layout, arena),
  code: () => ({
    imports: 'import { createReports } from "./core/reports.js";',
    source: "function (arena) { return createReports(layout, arena); }",
  }),
};

/** Without leases nobody is named, so there is no round before records. */
const DUEL: Balloting = {
  kind: "ballots",
  name: "paxos",
  help: "Paxos without leases",
  protocol: DUELLING,
  create: createDuel,
  code: { imports: 'import { createDuel } from "./core/duel.js";', source: "createDuel" },
  carrier: { ...REPORTS, exchanges: () => 1 },
  fields: ["whose", "ballot", "whose", "ballot", "value"],
  // In each cycle its record, and what is carried out.
  promises: 2,
  leaderless: "Paxos without leases",
  led: "Paxos without leases",
};

/** Paxos, of boards that fail and never lie: a board leads for several cycles. */
export const PAXOS: Balloting = {
  kind: "ballots",
  name: "paxos",
  help: "Paxos, a leader for several cycles, for boards that never lie",
  protocol: MULTI_PAXOS,
  create: createMultiPaxos,
  code: {
    imports: 'import { createMultiPaxos } from "./core/multi-paxos.js";',
    source: "createMultiPaxos",
  },
  carrier: REPORTS,
  fields: ["ballot", "value"],
  // In a fast cycle what it accepts, and what is carried out.
  promises: 2,
  leaderless: "Paxos",
  led: "Paxos",
  unleased: DUEL,
};
