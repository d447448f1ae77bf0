/**
 * `tagma/firmware`: what runs on a board, for programs that bring their own wires.
 *
 * @example
 * const sizes = limits({ boards: 4, traitors: 1, width: 1, commander: -1 }, 0, false);
 * const parts = {
 *   routes: findRoutes(sizes), type: integer("Uint8"), choose: majority<number>, fallback: 0,
 * };
 * const node = createNode(sizes, parts, { send, read, act });
 * node.receive(bytesFromTheLine);
 */
export * from "./core/ic.js";
export * from "./core/limits.js";
export * from "./core/paxos-limits.js";
export type { Algorithm } from "./core/algorithm.js";
export { createOm } from "./core/om.js";
export { findRoutes } from "./core/paths.js";
export type { Routes } from "./core/paths.js";
export { createSm } from "./core/sm.js";
export type { Signer } from "./core/sm.js";
export type { Hal } from "./hal.js";
export { checksum } from "./native.js";
export { COUNTERS } from "./counters.js";
export type { Promises } from "./core/ledger.js";
export { createNode } from "./node.js";
export type { Node, Parts } from "./node.js";
export { FIRST_PLACE, firstImage } from "./promises.js";
export type { Places } from "./promises.js";
export { bool, bytes, float, integer } from "./values.js";
export type { Integer, ValueType } from "./values.js";
export { createWire } from "./wire/frame.js";
export type { Wire } from "./wire/frame.js";
