/**
 * Every example network on Espruino itself, and every two options that go together, byte for byte
 * what the firmware does in this process.
 *
 *     ESPRUINO=/path/of/espruino node --import tsx test/espruino/all.ts [CYCLES [SEED [NAME..]]]
 *
 * A name is that of an example, "covering", or "covering.5" for one network of it. SEED makes the
 * readings, the losses and the covering. Exit 0: all were alike; 1: some were not.
 */
import { coveringNetworks } from "../bundle/covering.js";
import { exampleNetworks } from "../examples.js";
import type { Network } from "../../host/network/network.js";
import { differenceOf, liarAndLosses, runOn } from "./alike.js";

const path = process.env["ESPRUINO"] ?? "";
const [cycles = 20, seed = 1] = process.argv.slice(2, 4).map(Number);
const names = process.argv.slice(4);

/** A network, and what is said of it where it is not alike. */
type Case = readonly [name: string, network: Network, about: string];

const allCases = (): Case[] => [
  ...exampleNetworks().map(([name, network]): Case => [name.replace(".json", ""), network, ""]),
  ...coveringNetworks(seed).networks.map(({ network, about }, at): Case =>
    [`covering.${at}`, network, about]),
];
/** What is compared. */
const cases = path === "" ? [] : allCases().filter(([name]) =>
  !names.length || names.includes(name) || names.includes(name.replace(/\..*/, "")));
process.stdout.write(path === ""
  ? "NOT RUN: networks on Espruino itself: ESPRUINO names no interpreter\n"
  : `${cases.length} networks, ${cycles} cycles of each, seed ${seed}, a liar and losses in all\n`);
const secondsSince = (began: number): string => ((performance.now() - began) / 1000).toFixed(1);

const start = performance.now();
let different = 0;
for (const [name, network, about] of cases) {
  const wrong = liarAndLosses(network);
  const native = await runOn(network, "native", wrong, cycles, seed);
  const began = performance.now();
  const real = await runOn(network, "espruino", wrong, cycles, seed, path);
  const { memory, bounded } = real.summary;
  const difference = differenceOf(native, real);
  const held = difference === "" && bounded;
  if (!held) different++;
  process.stdout.write(`${name}: ${held ? "alike" : "DIFFERENT"}, ${native.events.length
  } events, ${secondsSince(began)} s, at most ${Math.max(...memory)} blocks${
    bounded ? "" : ", GROWING"}\n${held ? "" : `${about}\n${difference}\n`}`);
}
if (different) process.exitCode = 1;
if (cases.length) {
  process.stdout.write(`${cases.length - different} of ${cases.length} alike, ${
    secondsSince(start)} s\n`);
}
