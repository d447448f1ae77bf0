import { readFileSync, writeFileSync } from "node:fs";
import { OPTIMIZE } from "../../host/network/network.js";
import { exampleNetworks } from "../examples.js";
import type { Cost } from "./count.js";
import { costOf } from "./count.js";

/**
 * The cost table: what the first board of each example executes in a cycle, at each setting; of
 * one that signs, all but hashing (hashless.ts).
 * `make cost` prints it beside what costs.json keeps; `make cost KEEP=1` keeps it anew. `ONLY=pump`
 * counts some of them. valgrind must be there.
 */

const kept = new URL("costs.json", import.meta.url);
const KEPT = JSON.parse(readFileSync(kept, "utf8")) as Record<string, Record<string, Cost>>;
/** What a count may grow before somebody has to say so, in hundredths. */
const ALLOWED = 1;

const say = (where: NodeJS.WriteStream, line: string): void => {
  where.write(`${line}\n`);
};

const espruino = process.env["ESPRUINO"];
if (espruino === undefined || espruino === "") {
  say(process.stderr, "make cost: ESPRUINO names no interpreter; give the path of its Linux build");
  process.exitCode = 2;
} else {
  const only = process.env["ONLY"]?.split(",");
  const now: Record<string, Record<string, Cost>> = { ...KEPT };
  const print = (...cells: (string | number)[]) => {
    say(process.stdout, cells.map((cell, at) =>
      (at ? String(cell).padStart(10) : String(cell).padEnd(8))).join(" "));
  };
  print("network", "setting", "bytes", "Minstr", "kept");
  for (const [file, network] of exampleNetworks()) {
    const name = file.replace(/\.json$/, "");
    if (only && !only.includes(name)) continue;
    now[name] = {};
    for (const setting of OPTIMIZE) {
      const cost = await costOf(espruino, network, setting);
      now[name][setting] = cost;
      const before = KEPT[name]?.[setting];
      const million = (one: Cost | undefined) => (one ? (one.cycle / 1e6).toFixed(2) : "-");
      print(name, setting, cost.bytes, million(cost), million(before));
      if (!process.env["KEEP"] && cost.cycle * 100 > (before?.cycle ?? 0) * (100 + ALLOWED)) {
        say(process.stderr,
          `${name} at "${setting}" has grown; if that is meant: make cost KEEP=1`);
        process.exitCode = 1;
      }
    }
  }
  if (process.env["KEEP"]) writeFileSync(kept, `${JSON.stringify(now, null, 2)}\n`);
}
