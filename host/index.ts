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
 *   transport: "memory",
 * });
 * console.log(verdict); // held
 */
export { kindIds, kindOf } from "./network/kinds.js";
export type { Kind } from "./network/kinds.js";
export { bundle } from "./bundle/bundle.js";
export { UsageError } from "./base/error.js";
export { boardNamed, loadNetwork, networkSchema, parseNetwork } from "./network/network.js";
export type { Board, BoardFile, Network, NetworkFile } from "./network/network.js";
export { fitOf, memoryOf, microsecondsOf, planOf } from "./plan/plan.js";
export type { Fit, MemoryTerm, Plan, RoundPlan } from "./plan/plan.js";
export { ENGINES } from "./boards/board.js";
export type { Engine } from "./boards/board.js";
export { TRANSPORTS, emulate } from "./emulate/emulate.js";
export type { CycleRecord, Emulation, Summary, Verdict } from "./emulate/emulate.js";
export { BALLOT_PROPERTIES, createBallotOracle } from "./judge/ballot-oracle.js";
export type {
  Ballot, BallotJudgement, BallotLaw, BallotOracle, Decided,
} from "./judge/ballot-oracle.js";
export { FAULTS, SYNCHRONY_FAULTS } from "./faults/registry.js";
export type { FaultKind, SynchronyKind } from "./faults/fault.js";
export { judge } from "./judge/oracle.js";
export type { Judgement, Law, Outcome } from "./judge/oracle.js";
export { madeUp, parseReadings } from "./network/readings.js";
export type { Readings } from "./network/readings.js";
export { parseFaults, parseTraitors } from "./faults/troubles.js";
export type { LineFault, Traitor, Troubles, Window } from "./faults/asked.js";
export { parseWindows } from "./faults/windows.js";
export { headerOf } from "./trace/check.js";
export { diagram } from "./picture/diagram.js";
export type * from "./events/events.js";
export { createTraceWriter, openTrace, parseTrace } from "./trace/file.js";
export type { Parts, Trace, TraceWriter } from "./trace/file.js";
export { eventsOf, firstChange, rejudge, rerun, runAgain } from "./replay/replay.js";
export type { Again, Rejudged } from "./replay/replay.js";
export { sameValue, show } from "./base/values.js";
export type { HostType, Shown, TypeName, Value } from "./base/values.js";
