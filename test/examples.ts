import { readdirSync } from "node:fs";
import { loadNetwork, parseNetwork } from "../host/network/network.js";
import type { Network, Optimize } from "../host/network/network.js";

/** @returns the example networks, by file name. */
export const exampleNetworks = (): [string, Network][] =>
  readdirSync("boards/networks")
    .filter((name) => name.endsWith(".json"))
    .toSorted()
    .map((name) => [name, loadNetwork(`boards/networks/${name}`)]);

/** @returns the network as if its file asked for such bundles */
export const madeFor = (optimize: Optimize, network: Network): Network =>
  ({ ...network, file: { ...network.file, optimize } });

/** Three boards of a kind that sign, with such trees and chains, as in the README's table. */
export const signedNetwork = (
  kind: string, baud: number, width: number, height: number,
): Network =>
  parseNetwork({
    name: "three", algorithm: "sm", traitors: 1, value: "u8", decision: "majority", default: 0,
    baud, boards: ["a", "b", "c"].map((name) => ({ name, kind })), signatures: {
      trees: [{ lms: `LMS_SHA256_M24_H${height}`, ots: `LMOTS_SHA256_N24_W${width}` }],
    },
  }, "three");

/** FaB with a leader, and a learner behind its boards; stored promises, so that all is used. */
export const learnerNetwork = (kind: string): Network =>
  parseNetwork({
    name: "learner", algorithm: "fab", traitors: 1, review: 3, promises: "stored", value: "u8",
    decision: "majority", default: 0, baud: 115200,
    boards: ["a", "b", "c", "d", "e", "f", "y"].map((name) =>
      ({ name, kind, ...(name === "y" && { learner: true }) })),
  }, "learner");
