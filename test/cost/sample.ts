import { parseNetwork } from "../../host/network/network.js";
import type { Network } from "../../host/network/network.js";
import { exampleNetworks } from "../examples.js";

/**
 * Networks by which prices are found: the examples, and what they do not have. Each kind of work is
 * in several of them, in different amounts.
 */

type Content = Readonly<Record<string, unknown>>;

const TREES = [{ lms: "LMS_SHA256_M24_H5", ots: "LMOTS_SHA256_N24_W4" }];
const GATES = { wiring: "wire", guardian: true };
const WATCHED = { tolerance: 3, range: [-2, 9], stuck: 3, forget: 2 };
const VOTES = { value: "bool", default: false, traitors: 1, decision: "unanimous" };
const BALLOTS = { value: "u8", default: 0, traitors: 1 };

/**
 * Of this one masks are counted alone. Its script has so many numbers that the interpreter looks
 * long for room, which no board has that much of.
 */
export const MASKS_ONLY = "om-wide-3";

/** By name: what is in its file, and how many boards it has. */
const MORE: Readonly<Record<string, readonly [boards: number, content: Content]>> = {
  "om-2": [2, { algorithm: "om", traitors: 0, value: "f32", default: 0 }],
  "om-5": [5, { algorithm: "om", traitors: 1, value: "i32", default: 0, decision: "median" }],
  "om-7-u8": [7, { algorithm: "om", traitors: 2, value: "u8", default: 0 }],
  "om-7-one": [7, { algorithm: "om", traitors: 2, value: "u16", default: 0, commander: "a" }],
  "om-7-rows": [7, { algorithm: "om", traitors: 2, value: { bytes: 9 },
    default: "000102030405060708" }],
  "om-10": [10, { algorithm: "om", traitors: 2, value: "u8", default: 0 }],
  "om-rows": [4, { algorithm: "om", traitors: 1, value: { bytes: 9 },
    default: "000102030405060708" }],
  "om-wide": [4, { algorithm: "om", traitors: 1, value: { bytes: 48 }, default: "00".repeat(48) }],
  "om-wide-2": [6, { algorithm: "om", traitors: 1, value: { bytes: 60 },
    default: "00".repeat(60) }],
  [MASKS_ONLY]: [10, { algorithm: "om", traitors: 1, value: { bytes: 64 },
    default: "00".repeat(64) }],
  "om-tags": [4, { algorithm: "om", traitors: 1, value: "f32", default: 0, decision: "midpoint",
    auth: "mac" }],
  "om-tags-7": [7, { algorithm: "om", traitors: 1, value: "u8", default: 0, auth: "mac",
    tag_bytes: 16 }],
  "om-health": [4, { algorithm: "om", traitors: 1, value: "u16", default: 0, decision: "median",
    health: { tolerance: 3, range: [2, 9], stuck: 3, forget: 2 } }],
  "om-health-7": [7, { algorithm: "om", traitors: 1, value: "bool", default: false, health: {} }],
  "om-wire": [4, { algorithm: "om", traitors: 1, value: "u8", default: 0, wiring: "wire" }],
  "om-gates": [4, { algorithm: "om", traitors: 1, value: "u8", default: 0, wiring: "wire",
    guardian: true }],
  "om-wire-7": [7, { algorithm: "om", traitors: 2, value: "u8", default: 0, wiring: "wire" }],
  "sm-4": [4, { algorithm: "sm", traitors: 2, value: "u8", default: 0, commander: "a",
    signatures: { trees: TREES } }],
  "lbp": [4, { algorithm: "lbp", ...BALLOTS }],
  "lbp-log": [4, { algorithm: "lbp", ...BALLOTS, value: "f32", mode: "log", keep: 3 }],
  "lbp-turns": [4, { algorithm: "lbp", ...BALLOTS, mode: "log", keep: 2, leader: "rotating" }],
  "lbp-7": [7, { algorithm: "lbp", ...BALLOTS, traitors: 2 }],
  "lbp-tags": [4, { algorithm: "lbp", ...BALLOTS, auth: "mac" }],
  "lfab": [6, { algorithm: "lfab", ...BALLOTS, mode: "log", keep: 3 }],
  "lfab-turns": [6, { algorithm: "lfab", ...BALLOTS, leader: "rotating" }],
  "pbft": [4, { algorithm: "pbft", ...BALLOTS, review: 3 }],
  "pbft-log": [4, { algorithm: "pbft", ...BALLOTS, review: 3, value: "f32", mode: "log", keep: 3 }],
  "fab": [6, { algorithm: "fab", ...BALLOTS, review: 3 }],
  "fab-log": [6, { algorithm: "fab", ...BALLOTS, review: 3, mode: "log", keep: 3 }],
  "om-duo-gates": [2, { algorithm: "om", traitors: 0, value: "u32", default: 0, ...GATES,
    health: WATCHED }],
  "om-gates-tags": [4, { algorithm: "om", traitors: 1, value: "u16", default: 0, ...GATES,
    auth: "mac", decision: { script: "vector[0]" } }],
  "om-suspects": [4, { algorithm: "om", traitors: 1, value: "i32", default: 0,
    decision: "median", health: WATCHED, suspect_cycles: 2, silence_ms: 6_000_000 }],
  "om-wire-watched": [4, { algorithm: "om", traitors: 1, value: "i16", default: 0,
    wiring: "wire", health: { stuck: 2, permanent: 2 }, suspect_cycles: 2 }],
  "om-7-gates": [7, { algorithm: "om", traitors: 2, value: "u16", default: 0, ...GATES,
    auth: "mac", health: WATCHED }],
  "om-7-suspects": [7, { algorithm: "om", traitors: 2, value: "f32", default: 0,
    decision: "median", health: { stuck: 2, permanent: 2 }, suspect_cycles: 2 }],
  "lbp-early": [4, { algorithm: "lbp", ...BALLOTS, value: "i16", early: true,
    leader: "rotating", health: WATCHED, suspect_cycles: 2 }],
  "lbp-gates": [4, { algorithm: "lbp", ...BALLOTS, ...GATES, auth: "mac", promises: "stored",
    mode: "log", keep: 3, early: true, health: WATCHED }],
  "lfab-gates": [6, { algorithm: "lfab", ...BALLOTS, ...GATES, auth: "mac", mode: "log", keep: 3,
    decision: { script: "vector[0]" }, health: {}, suspect_cycles: 2 }],
  "lfab-rows": [6, { algorithm: "lfab", traitors: 1, value: { bytes: 9 },
    default: "000102030405060708", wiring: "wire", health: { stuck: 2, permanent: 2 } }],
  "pbft-stored": [4, { algorithm: "pbft", ...BALLOTS, value: "u16", promises: "stored",
    decision: { script: "vector[0]" }, meanwhile: "safe" }],
  "pbft-gates": [4, { algorithm: "pbft", ...BALLOTS, value: "f32", ...GATES, auth: "mac",
    promises: "stored", mode: "log", keep: 3, review: 3, health: WATCHED, suspect_cycles: 2 }],
  "fab-tried": [6, { algorithm: "fab", ...BALLOTS, tentative: true, review: 3, auth: "mac",
    health: WATCHED, meanwhile: "hold" }],
  "fab-gates": [6, { algorithm: "fab", ...BALLOTS, ...GATES, promises: "stored", mode: "log",
    keep: 3, tentative: true, health: { stuck: 2, permanent: 2 } }],
  "paxos-gates": [3, { algorithm: "paxos", ...BALLOTS, value: "f32", ...GATES, auth: "mac",
    mode: "log", keep: 3, review: 3, health: WATCHED, suspect_cycles: 2 }],
  "paxos-stored": [3, { algorithm: "paxos", ...BALLOTS, value: "i32", leases: "none",
    promises: "stored", health: WATCHED, suspect_cycles: 2 }],
  "3pc-gates": [3, { algorithm: "3pc", ...VOTES, ...GATES, mode: "log", keep: 3,
    commander: "a" }],
  "paxos-commit-wire": [3, { algorithm: "paxos-commit", ...VOTES, wiring: "wire", auth: "mac",
    promises: "stored" }],
};

const networkOf = (name: string, boards: number, content: Content): Network => parseNetwork({
  name, decision: "majority", baud: 115200, ...content,
  boards: Array.from({ length: boards }, (_, at) =>
    ({ name: "abcdefghij"[at], kind: "PICO_R1_3", reading: { pin: "A0" },
      ...(content["wiring"] !== undefined && { enable: "B1" }) })),
}, name);

/** @returns them, by name */
export const sampleNetworks = (): Map<string, Network> => new Map([
  ...exampleNetworks().map(([file, network]): [string, Network] =>
    [file.replace(/\.json$/, ""), network]),
  ...Object.entries(MORE).map(([name, [boards, content]]): [string, Network] =>
    [name, networkOf(name, boards, content)]),
]);
