import { writeFileSync } from "node:fs";
import { WORKLOAD } from "../../host/flash/speed.js";
import { OPTIMIZE } from "../../host/network/network.js";
import type { Optimize } from "../../host/network/network.js";
import { familyOf } from "../../host/plan/work.js";
import { countedRun } from "./count.js";
import {
  COUNTED, countsText, keptCounts, pricedAt, pricesOf, pricesText, rowOf, workOf,
} from "./fit.js";
import type { Row } from "./fit.js";
import { MASKS_ONLY, sampleNetworks } from "./sample.js";
import { maskPrices, worstOf } from "./worst.js";

/**
 * Finds the prices that a plan works with (`host/plan/prices.ts`) anew. `make prices` counts what
 * the first board of each network in sample.ts executes for its dearest beacons and frames, keeps
 * that in counted.json, and fits prices to all that is kept. `ONLY=pump,oven` counts some of them,
 * `ONLY=masks` what masks cost; `ONLY=none` fits only. valgrind must be there.
 */

const PRICES = new URL("../../host/plan/prices.ts", import.meta.url);
/** Passes of what `tagma measure` does, fewer and more. */
const PASSES = [20, 120] as const;

const espruino = process.env["ESPRUINO"];
if (espruino === undefined || espruino === "") {
  process.stderr.write("make prices: ESPRUINO names no interpreter; give its Linux build's path\n");
  process.exitCode = 2;
} else {
  const only = process.env["ONLY"]?.split(",");
  const networks = sampleNetworks();
  const kept = keptCounts();
  const table: Record<string, Partial<Record<Optimize, Row[]>>> = { ...kept.counted };
  const masks = { ...kept.masks };
  for (const setting of only && !only.includes("masks") ? [] : OPTIMIZE) {
    masks[setting] = await maskPrices(espruino, networks, setting);
  }
  for (const [name, network] of networks) {
    if (name === MASKS_ONLY || (only && !only.includes(name))) continue;
    // Hashes of signatures take minutes, and the same whatever a bundle is made for.
    for (const setting of network.signing ? ["speed"] as const : OPTIMIZE) {
      const { bytes, rows } = await worstOf(espruino, network, setting);
      // On a shared wire the first board is polled by the beacon of the round, and others alone.
      const others = network.wiring ? await worstOf(espruino, network, setting, 1) : { rows: [] };
      rows.push(...others.rows.filter(({ kind }) => kind === "poll"));
      table[name] = { ...table[name], [setting]: rows.map(rowOf) };
      writeFileSync(COUNTED, countsText({ counted: table, masks }));
      process.stdout.write(`${name} at "${setting}": ${bytes} bytes, ${rows.length} counted\n`);
    }
  }
  const prices = pricesOf(networks, { counted: table, masks });
  const count = async (passes: number) =>
    countedRun(espruino, `var f=${WORKLOAD};f(${passes});print("@@0@@");quit();\n`);
  const [few, many] = PASSES;
  const workload = Math.round((await count(many) - await count(few)) / (many - few));
  writeFileSync(PRICES, pricesText(prices, workload));
  for (const [name, network] of networks) {
    const ratios = OPTIMIZE.map((setting) => (table[name]?.[setting] ?? []).map((row) => {
      const work = workOf(network, network.boards[0]!, row);
      return pricedAt(prices[setting][familyOf(network)], work) / row[5];
    }));
    if (!ratios.some((list) => list.length)) continue;
    process.stdout.write(`${name.padEnd(12)} ${ratios.map((list) => (list.length
      ? `${Math.min(...list).toFixed(2)} to ${Math.max(...list).toFixed(2)}` : "-").padStart(14))
      .join(" ")}\n`);
  }
}
