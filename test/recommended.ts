/**
 * Writes the README's table of signed networks anew, row by row: for each board and speed of the
 * wire the set of the shortest cycle. `make prices` runs it; `test/cli/recommended.test.ts` checks.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { kindOf } from "../host/network/kinds.js";
import { fitOf, planOf } from "../host/plan/plan.js";
import { signedNetwork } from "./examples.js";

const README = new URL("../README.md", import.meta.url);
const ROW = /^\| `(\w+)` \| (\d+) \| N24 W\d H(\d+) \|.*$/gm;
/** Milliseconds to sign and to check on Espruino's Linux build, by width (`test/espruino`). */
const ON_LINUX: Readonly<Record<number, readonly [sign: number, check: number]>> = {
  2: [34, 25], 4: [39, 32],
};
/** Bytes of a bundle made for size, and some more. */
const BUNDLE = 8500;

const rowOf = (kind: string, baud: number, height: number): string => {
  const possible = Object.keys(ON_LINUX).map((width) => {
    const network = signedNetwork(kind, baud, Number(width), height);
    return { width: Number(width), network, cycle: planOf(network).needed / baud };
  }).filter(({ network }) => fitOf(network, network.boards[0]!, BUNDLE).fits);
  const { width, network, cycle } = possible.toSorted((one, two) => one.cycle - two.cycle)[0]!;
  const slower = kindOf("LINUX").speed / kindOf(kind).speed;
  const { cycles } = network.signing!;
  const thousands = (number: number) => number.toLocaleString("en");
  const there = ON_LINUX[width]!.map((ms) => ((ms * slower) / 1000).toFixed(1));
  return `| ${[
    `\`${kind}\``, baud, `N24 W${width} H${height}`, `${thousands(network.shape.signature!)} B`,
    `${((planOf(network).busiest * 10) / baud).toFixed(2)} s`, `${cycle.toFixed(1)} s`,
    `${ON_LINUX[width]!.join(", ")} ms`, `${there.join(", ")} s`,
    `${thousands(cycles)}: ${((cycle * cycles) / 86_400).toFixed(1)} days`,
  ].join(" | ")} |`;
};

const text = readFileSync(README, "utf8");
writeFileSync(README, text.replaceAll(ROW, (_, kind: string, baud: string, height: string) =>
  rowOf(kind, Number(baud), Number(height))));
