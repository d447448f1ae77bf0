import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { bundle } from "../host/bundle/bundle.js";
import { blankKeys } from "../host/keys/keys.js";
import { memoryOf } from "../host/plan/plan.js";
import { exampleNetworks } from "./examples.js";

/**
 * The size table: what the first board of each example network is flashed with, and the memory it
 * is given. `make size` prints it beside what sizes.json keeps; `make size KEEP=1` keeps it anew.
 */
export interface Size {
  readonly bundle: number;
  readonly memory: number;
}

const kept = new URL("sizes.json", import.meta.url);

export const SIZES = JSON.parse(readFileSync(kept, "utf8")) as Record<string, Size>;

export const sizesNow = async (): Promise<Record<string, Size>> => {
  const sizes: Record<string, Size> = {};
  for (const [name, network] of exampleNetworks()) {
    const board = network.boards[0]!;
    const memory = memoryOf(network, board).reduce((sum, term) => sum + term.bytes, 0);
    const keys = network.signing && blankKeys(network.signing);
    sizes[name] = { bundle: Buffer.byteLength(await bundle(network, board, keys)), memory };
  }
  return sizes;
};

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const now = await sizesNow();
  const print = (name: string, ...cells: (string | number)[]) => {
    console.log(name.padEnd(14), ...cells.map((cell) => String(cell).padStart(8)));
  };
  print("network", "bundle", "kept", "memory", "kept");
  for (const [name, { bundle: text, memory }] of Object.entries(now)) {
    const before = SIZES[name];
    print(name, text, before?.bundle ?? "-", memory, before?.memory ?? "-");
  }
  if (process.env["KEEP"]) writeFileSync(kept, `${JSON.stringify(now, null, 2)}\n`);
  else if (JSON.stringify(now) !== JSON.stringify(SIZES)) {
    console.error("sizes differ from test/sizes.json; if that is meant: make size KEEP=1");
    process.exitCode = 1;
  }
}
