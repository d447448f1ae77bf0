import { readdirSync } from "node:fs";
import { loadNetwork } from "../host/network/network.js";
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
