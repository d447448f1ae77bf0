/**
 * `tagma/firmware`: what runs on a board, for programs that bring their own wires.
 *
 * @example
 * const sizes = layoutOf({ boards: 4, traitors: 1, width: 1, commander: -1 }, 0, false);
 * const parts = {
 *   agree: oral(sizes), type: integer("Uint8"), choose: majority<number>, fallback: 0,
 * };
 * const node = createNode(sizes, parts, { send, read, act });
 * node.receive(bytesFromTheLine);
 */
export * from "./choice/choice.js";
export * from "./base/layout.js";
export { NO_WATCH } from "./base/watch.js";
export type { Watch } from "./base/watch.js";
export { countedFrom, firstRound, lastRound, speaks } from "./base/turns.js";
export * from "./ballots/layout.js";
export type { Algorithm } from "./base/algorithm.js";
export type { CreateProtocol } from "./ballots/leader.js";
export { createDetector } from "./core/detector.js";
export type { Detector } from "./core/detector.js";
export { FAB, createFab } from "./core/fab.js";
export { createLedFab } from "./core/led-fab.js";
export { DUEL, createDuel } from "./core/duel.js";
export { MULTI_PAXOS, createMultiPaxos } from "./core/multi-paxos.js";
export { createOm } from "./core/om.js";
export {
  ABSENT, DISSENT, PERMANENT, RANGE, STUCK, TRANSIENT, TRUSTED, UNKNOWN, WATCHED, createHealth,
} from "./core/health.js";
export type { Health } from "./core/health.js";
export { oral } from "./node/oral.js";
export { PAXOS, createPaxos } from "./core/paxos.js";
export { createPbft } from "./core/pbft.js";
export { createReports } from "./core/reports.js";
export { PAXOS_COMMIT, createPaxosCommit } from "./core/paxos-commit.js";
export { findRoutes } from "./core/paths.js";
export type { Routes } from "./core/paths.js";
export { createSm } from "./core/sm.js";
export type { Signer } from "./core/sm.js";
export { THREE_PHASE, createThreePhase } from "./core/three-phase.js";
export { TWO_PHASE, createTwoPhase } from "./core/two-phase.js";
export type { Hal } from "./base/hal.js";
export { checksum } from "./platform/host.js";
export { COUNTERS } from "./base/counters.js";
export type { Promises } from "./ballots/decision-log.js";
export { createNode } from "./node/node.js";
export type { Node, Parts } from "./node/node.js";
export { FIRST_PLACE, firstImage } from "./ballots/promises.js";
export type { Places } from "./ballots/promises.js";
export { bool, byte, bytes, float, integer } from "./base/values.js";
export type { Integer, ValueType } from "./base/values.js";
export { createWire } from "./frame/frame-host.js";
export * from "./frame/words.js";
export type { Wire } from "./frame/frame.js";
