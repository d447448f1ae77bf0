import { importsOf } from "./source.js";
import type { Rule } from "./source.js";

/**
 * The folders of the house, from the ground up. A file imports from its own folder, and from those
 * below it: never from one above.
 */
export const LAYERS = {
  firmware: [
    "base", "platform", "choice", "ballots", "core", "auth", "frame", "node", "",
  ],
  host: [
    "base", "algorithms", "network", "keys", "plan", "scripts", "bundle", "events", "topology",
    "flash", "boards", "faults", "judge", "emulate", "campaign", "trace", "live", "replay",
    "picture", "capture", "telemetry", "lab", "cli", "",
  ],
} as const;

export type Half = keyof typeof LAYERS;

/** Where a file of the product belongs; "" stands for the top of its half. */
export const layerOf = (path: string): { half: Half; folder: string } | undefined => {
  const [half = "", folder = "", inside] = path.split("/");
  if (half !== "firmware" && half !== "host") return undefined;
  return { half, folder: inside === undefined ? "" : folder };
};

/** Data flows one way: no folder imports from one that stands on it. */
export const layerLaw: Rule = (sources) => sources.flatMap((source) => {
  const from = layerOf(source.path);
  if (!from) return [];
  const layers: readonly string[] = LAYERS[from.half];
  const rank = layers.indexOf(from.folder);
  if (rank < 0) return [`${source.path}:1: ${from.half}/${from.folder} is no layer`];
  return importsOf(source).flatMap(({ path, line, written }) => {
    const to = path === undefined ? undefined : layerOf(path);
    if (to?.half !== from.half || layers.indexOf(to.folder) <= rank) return [];
    return [`${source.path}:${line}: ${written}: ${to.folder || "the top"} stands on ${
      from.folder}`];
  });
});
