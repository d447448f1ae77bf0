/**
 * Every example network on Espruino itself, byte for byte what the firmware does in this process.
 *
 *     ESPRUINO=/path/of/espruino node --import tsx test/espruino/all.ts [CYCLES [SEED [NAME..]]]
 *
 * Exit 0: all were alike; 1: some were not.
 */
import { exampleNetworks } from "../examples.js";
import { differenceOf, liarAndLosses, runOn } from "./alike.js";

const path = process.env["ESPRUINO"] ?? "";
const [cycles = 20, seed = 1] = process.argv.slice(2, 4).map(Number);
const names = process.argv.slice(4);
/** What is compared, by name. */
const networks = path === "" ? [] : exampleNetworks().filter(([name]) =>
  !names.length || names.includes(name.replace(".json", "")));
process.stdout.write(path === ""
  ? "NOT RUN: networks on Espruino itself: ESPRUINO names no interpreter\n"
  : `${cycles} cycles of each, seed ${seed}, a liar and losses in all\n`);

for (const [name, network] of networks) {
  const wrong = liarAndLosses(network);
  const native = await runOn(network, "native", wrong, cycles, seed);
  const began = performance.now();
  const real = await runOn(network, "espruino", wrong, cycles, seed, path);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const { memory, bounded } = real.summary;
  const difference = differenceOf(native, real);
  const held = difference === "" && bounded;
  if (!held) process.exitCode = 1;
  process.stdout.write(`${name}: ${held ? "alike" : "DIFFERENT"}, ${native.events.length
  } events, ${seconds} s, at most ${Math.max(...memory)} blocks${bounded ? "" : ", GROWING"}\n${
    difference ? `${difference}\n` : ""}`);
}
