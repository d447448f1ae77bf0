/**
 * Which test killed each mutant when that was last looked for. It is tried first and alone, and
 * where it does not kill, all are: what is kept here only saves time.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { MUTANTS } from "./all.js";
import type { Mutant } from "./mutant.js";
import type { Tried } from "./tree.js";

const FILE = fileURLToPath(new URL("killers.json", import.meta.url));

/** Two mutants of one file may do the same wrong in two places. */
export const nameOf = ({ file, why, from, to }: Mutant): string =>
  `${file}: ${why}: ${from} -> ${to}`;

export const KILLERS: ReadonlyMap<string, Tried> = new Map(
  JSON.parse(readFileSync(FILE, "utf8")) as [string, Tried][]);

/** Writes down who killed, beside what is known of mutants that were not tried. */
export const keep = (killers: ReadonlyMap<string, Tried>): void => {
  const all = MUTANTS.flatMap((one): [string, Tried][] => {
    const killer = killers.get(nameOf(one)) ?? KILLERS.get(nameOf(one));
    return killer ? [[nameOf(one), killer]] : [];
  });
  writeFileSync(FILE, `[\n${all.map((one) => JSON.stringify(one)).join(",\n")}\n]\n`);
};
