import { existsSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { Metafile } from "esbuild";
import { readJson, readText } from "../base/input.js";

/**
 * The licences of whatever is put together in a script: who hands it on hands these on too, as
 * nearly all of them ask.
 */

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

const here = dirname(fileURLToPath(import.meta.url));
const OWN = join(here, ...(here.includes(`${sep}dist${sep}`) ? ["..", "..", ".."] : ["..", ".."]));

const NAMES = ["LICENSE", "LICENSE.md", "LICENCE", "LICENSE.txt"];

/** @throws Error where a package has none: what is shipped has to be known */
const noticeIn = (folder: string): string => {
  const { name, version, license = "unknown" } =
    readJson(join(folder, "package.json")) as Manifest;
  const file = NAMES.map((one) => join(folder, one)).find((one) => existsSync(one));
  if (file === undefined) throw new Error(`${name} ${version} has no file of its licence`);
  return `${name} ${version}, ${license}\n\n${readText(file).trim()}\n`;
};

/** @returns the folders of the packages that are in a script */
const packagesIn = ({ outputs }: Metafile): string[] => {
  const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs));
  const folders = inputs.flatMap(([path, { bytesInOutput }]) => {
    const [, folder] = /^(.*node_modules[/\\](?:@[^/\\]+[/\\])?[^/\\]+)[/\\]/.exec(path) ?? [];
    return bytesInOutput > 0 && folder !== undefined ? [resolve(folder)] : [];
  });
  return [...new Set(folders)].toSorted();
};

/**
 * @param metafile what esbuild says of a script
 * @returns a text with the licence of Tagma and of each package that is in it
 */
export const noticesOf = (metafile: Metafile): string =>
  [...new Set([OWN, ...packagesIn(metafile)])].map(noticeIn)
    .join(`\n${"-".repeat(72)}\n\n`);
