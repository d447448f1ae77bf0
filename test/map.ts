/**
 * Which folder imports from which, drawn from the sources: `make map`, that is
 *
 *     node --import tsx test/map.ts docs/map.svg
 *
 * An arrow that follows from others is left out. The layers stand as in tidy/layers.ts, so every
 * arrow goes down.
 */
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { LAYERS, layerOf } from "./tidy/layers.js";
import type { Half } from "./tidy/layers.js";
import { importsOf, readAll } from "./tidy/source.js";

const [WIDTH, HEIGHT, GAP, STEP, TOP, MARGIN] = [116, 26, 14, 11, 44, 24];

export interface Edge {
  readonly from: string;
  readonly to: string;
}

/** @returns which folder of a half imports directly from which */
export const edgesOf = (half: Half): Edge[] => {
  const found = new Map<string, Edge>();
  for (const source of readAll(half, ".ts")) {
    const from = layerOf(source.path)!.folder;
    for (const { path } of importsOf(source)) {
      const to = path === undefined ? undefined : layerOf(path);
      if (to?.half !== half || to.folder === from) continue;
      found.set(`${from}>${to.folder}`, { from, to: to.folder });
    }
  }
  return [...found.values()];
};

/** @returns those that do not follow from others */
export const reduced = (edges: readonly Edge[]): Edge[] => {
  const reaches = (from: string, to: string, without: Edge): boolean =>
    edges.some((edge) => edge !== without && edge.from === from &&
      (edge.to === to || reaches(edge.to, to, without)));
  return edges.filter((edge) => !reaches(edge.from, edge.to, edge));
};

const columnOf = (half: Half, left: number) => {
  const layers: readonly string[] = LAYERS[half].toReversed();
  const at = (folder: string) => TOP + layers.indexOf(folder) * (HEIGHT + GAP);
  const boxes = layers.map((folder) => {
    const name = folder || (half === "host" ? "index.ts" : "main.ts");
    return `<rect x="${left}" y="${at(folder)}" width="${WIDTH}" height="${HEIGHT}" rx="4"/>` +
      `<text x="${left + WIDTH / 2}" y="${at(folder) + 17}">${name}</text>`;
  });
  // The longer an arrow, the farther out it goes; short ones go straight down.
  const edges = reduced(edgesOf(half)).map(({ from, to }) => ({
    from, to, span: layers.indexOf(to) - layers.indexOf(from),
  })).toSorted((one, other) => one.span - other.span ||
    layers.indexOf(one.from) - layers.indexOf(other.from));
  const lanes: { from: number; to: number }[][] = [];
  const arrows = edges.map(({ from, to, span }) => {
    const [start, end] = [at(from) + HEIGHT, at(to)];
    if (span === 1) return `<path d="M${left + WIDTH / 2} ${start}V${end - 2}"/>`;
    const mine = { from: start, to: end };
    let lane = lanes.findIndex((list) => list.every((one) => one.to < start || one.from > end));
    if (lane < 0) lane = lanes.push([]) - 1;
    lanes[lane]!.push(mine);
    const right = left + WIDTH;
    const x = right + STEP * (lane + 1);
    return `<path d="M${right} ${start - 8}H${x}V${end + 8}H${right + 2}"/>`;
  });
  const title = `<text x="${left + WIDTH / 2}" y="${TOP - 16}" class="half">${half}</text>`;
  return {
    drawn: [title, ...boxes, ...arrows].join("\n"),
    width: WIDTH + STEP * (lanes.length + 1), height: at(layers.at(-1)!) + HEIGHT,
  };
};

/** @returns the picture, always the same for the same sources */
export const mapOf = (): string => {
  const host = columnOf("host", MARGIN);
  const firmware = columnOf("firmware", MARGIN + host.width + 2 * MARGIN);
  const width = 4 * MARGIN + host.width + firmware.width;
  const height = Math.max(host.height, firmware.height) + MARGIN;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${
    width}" height="${height}">
<title>The folders, and what imports from what: every arrow goes down</title>
<style>
svg { background: #fff; font: 12px sans-serif; }
rect { fill: #f4f6f8; stroke: #345; }
text { text-anchor: middle; fill: #123; }
.half { font-weight: bold; }
path { fill: none; stroke: #678; marker-end: url(#end); }
</style>
<defs><marker id="end" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="6" markerHeight="6"
 orient="auto">
<path d="M0 0L8 4L0 8z" style="fill: #678; stroke: none; marker-end: none"/></marker></defs>
${host.drawn}
${firmware.drawn}
</svg>
`;
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  writeFileSync(process.argv[2] ?? "docs/map.svg", mapOf());
}
