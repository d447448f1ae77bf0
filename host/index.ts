/**
 * `tagma`: networks on the host. What runs on a board is `tagma/firmware`.
 *
 * @example
 * import { emulate, loadNetwork, madeUp, parseTraitors } from "tagma";
 *
 * const network = loadNetwork("pump.json");
 * const troubles = { lines: [], traitors: parseTraitors(network, ["c=equivocate"]) };
 * const { verdict } = await emulate({
 *   network, cycles: 10, seed: 1, readings: madeUp(network, 1), troubles, engine: "native",
 *   link: "memory",
 * });
 * console.log(verdict); // held
 */
export { kindIds, kindOf } from "./boards.js";
export type { Kind } from "./boards.js";
export { bundle } from "./bundle.js";
export { UsageError } from "./error.js";
export { boardNamed, loadNetwork, networkSchema, parseNetwork } from "./network.js";
export type { Board, BoardFile, Network, NetworkFile } from "./network.js";
export { fitOf, memoryOf, microsecondsOf, planOf } from "./plan.js";
export type { Fit, MemoryTerm, Plan, RoundPlan } from "./plan.js";
export { ENGINES } from "./sim/board.js";
export type { Engine } from "./sim/board.js";
export { LINKS, emulate } from "./sim/emulate.js";
export type { CycleRecord, Emulation, Summary, Verdict } from "./sim/emulate.js";
export { BALLOT_PROPERTIES, createBallotOracle } from "./sim/ballot-oracle.js";
export type {
  Ballot, BallotJudgement, BallotLaw, BallotOracle, Decided,
} from "./sim/ballot-oracle.js";
export { ASYNCHRONY, MENU } from "./sim/menu.js";
export type { Breach, Trick } from "./sim/menu.js";
export { judge } from "./sim/oracle.js";
export type { Judgement, Law, Outcome } from "./sim/oracle.js";
export { madeUp, parseReadings } from "./sim/readings.js";
export type { Readings } from "./sim/readings.js";
export { parseFaults, parseTraitors } from "./sim/troubles.js";
export type { LineFault, Traitor, Troubles } from "./sim/troubles.js";
export { parseWindows } from "./sim/windows.js";
export type { Window } from "./sim/windows.js";
export { headerOf } from "./trace/check.js";
export { diagram } from "./trace/diagram.js";
export type * from "./trace/events.js";
export { createTraceWriter, openTrace, parseTrace } from "./trace/file.js";
export type { Parts, Trace, TraceWriter } from "./trace/file.js";
export { eventsOf, firstChange, rejudge, rerun, runAgain } from "./trace/replay.js";
export type { Again, Rejudged } from "./trace/replay.js";
export { sameValue, show } from "./values.js";
export type { HostType, Shown, TypeName, Value } from "./values.js";
