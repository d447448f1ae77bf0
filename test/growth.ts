/**
 * How bytes, memory and time grow with the number of boards, for every algorithm that fits:
 * planned, and measured in an emulation of one cycle of one-byte values, at 115,200 baud.
 *
 *     node --import tsx test/growth.ts [FILE.svg [DOCUMENT.md]]
 *
 * prints the table of docs/growth.md, or puts it there, and writes the picture.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type { AlgorithmKind } from "../host/algorithms/algorithm.js";
import { ALGORITHMS } from "../host/algorithms/registry.js";
import { UsageError } from "../host/base/error.js";
import { emulate } from "../host/emulate/emulate.js";
import { parseNetwork } from "../host/network/network.js";
import type { Network } from "../host/network/network.js";
import { madeUp } from "../host/network/readings.js";
import { element, path, text } from "../host/picture/svg.js";
import { cycleIn, fitOf, memoryOf, microsecondsOf, planOf } from "../host/plan/plan.js";

const SIZES = [3, 4, 5, 6, 7, 10, 11, 13, 16, 19, 22, 25, 28, 31];
const TRAITORS = [1, 2, 3, 4, 5, 6];
const TREES = [{ lms: "LMS_SHA256_M24_H5", ots: "LMOTS_SHA256_N24_W4" }];
/** The kind of board that has the most memory, of those that run it. */
const LARGEST = "ESP32";

/** Bytes on the busiest link in a cycle, of memory of a board, and milliseconds of a cycle. */
export interface Figures {
  readonly bytes: number;
  readonly memory: number;
  readonly ms: number;
}

export interface Size {
  readonly algorithm: string;
  readonly boards: number;
  readonly traitors: number;
  readonly network: Network | undefined;
  readonly planned: Figures | undefined;
  /** What bounds it; "" where the largest kind of board holds it. */
  readonly bound: string;
}

const networkOf = (algorithm: string, boards: number, traitors: number): Network => {
  const kind = ALGORITHMS.find(({ name }) => name === algorithm)!;
  const phases = kind.kind === "ballots" && kind.protocol.phases;
  return parseNetwork({
    name: "growth", algorithm, traitors, baud: 115200,
    // A commit is of who is ready, and most have a board that coordinates.
    ...(phases ? { value: "bool", decision: "unanimous", default: false }
      : { value: "u8", decision: "majority", default: 0 }),
    ...(phases && !kind.protocol.accepts ? { commander: "b0" } : {}),
    ...(kind.kind === "agreement" && kind.signs ? { signatures: { trees: TREES } } : {}),
    boards: Array.from({ length: boards }, (_, at) => ({ name: `b${at}`, kind: LARGEST })),
  }, "growth");
};

/** In a word or two, what a refusal is about. */
const boundOf = (message: string): string =>
  (/payload/.test(message) ? "payload" : /rounds/.test(message) ? "rounds"
    : /blocks|address/.test(message) ? "memory" : /sign/.test(message) ? "signatures" : message);

/** @returns undefined where so few boards cannot survive as many traitors, which is no bound */
export const sizeOf = (algorithm: string, boards: number, traitors: number): Size | undefined => {
  try {
    const network = networkOf(algorithm, boards, traitors);
    const plan = planOf(network);
    const board = network.boards[0]!;
    const memory = memoryOf(network, board).reduce((sum, { bytes }) => sum + bytes, 0);
    // Where a board leads, the first cycle is a review, and has rounds of its own.
    const { first, last } = cycleIn(plan, network, 0);
    const cycle = plan.rounds.slice(first - 1, last)
      .reduce((sum, { length }) => sum + length, plan.closingLength);
    return {
      algorithm, boards, traitors, network, bound: boundOf(fitOf(network, board, 0).reason),
      planned: { bytes: plan.busiest, memory, ms: microsecondsOf(network, cycle) / 1000 },
    };
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown;
    if (/cannot/.test(thrown.message)) return undefined;
    return {
      algorithm, boards, traitors, network: undefined, planned: undefined,
      bound: boundOf(thrown.message),
    };
  }
};

/** Where nobody lies and nothing is relayed, all is alike however many may crash. */
const traitorsOf = (algorithm: AlgorithmKind): readonly number[] =>
  (algorithm.kind === "ballots" && algorithm.protocol.direct ? [1] : TRAITORS);

export const sizes = (): Size[] => ALGORITHMS.flatMap((algorithm) =>
  traitorsOf(algorithm).flatMap((traitors) =>
    SIZES.flatMap((boards) => sizeOf(algorithm.name, boards, traitors) ?? [])));

/** One cycle of it: what went over the busiest link, what boards hold, how long it took. */
export const measured = async (network: Network): Promise<Figures> => {
  const links = network.boards.map(() => 0);
  const { memory, time_us: us, verdict } = await emulate({
    network, cycles: 1, seed: 1, readings: madeUp(network, 1), engine: "native",
    transport: "memory", troubles: { lines: [], traitors: [] },
    tracer(event) {
      if (event.e === "frame" && links[event.to] !== undefined) {
        links[event.to]! += event.bytes.length;
      }
    },
  });
  if (verdict !== "held") throw new Error(`${network.file.algorithm}: ${verdict}`);
  return { bytes: Math.max(...links), memory: Math.max(...memory), ms: us / 1000 };
};

const whole = (figure: number) => Math.round(figure).toLocaleString("en");
const timed = (ms: number) => (ms < 100 ? ms.toFixed(1) : whole(ms));

/** @returns a line of the table */
export const lineOf = (
  { algorithm, boards, traitors, planned, bound }: Size, found: Figures | undefined,
): string => {
  const cells = planned && found ? [
    whole(planned.bytes), whole(found.bytes), whole(planned.memory), whole(found.memory),
    timed(planned.ms), timed(found.ms),
  ] : ["", "", "", "", "", ""];
  return `| ${[algorithm, boards, traitors, ...cells, bound].join(" | ")} |`;
};

const HEAD = [
  "| | *n* | *m* | bytes, planned | measured | memory, planned | measured | ms, planned " +
    "| measured | bound |",
  "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |",
];

export type Measured = readonly (readonly [Size, Figures | undefined])[];

/** Of those that are refused, the smallest. */
export const tableOf = (all: Measured): string => {
  const refused = new Set<string>();
  return [...HEAD, ...all.flatMap(([size, found]) => {
    const key = `${size.algorithm} ${size.traitors}`;
    if (size.planned) return [lineOf(size, found)];
    if (refused.has(key)) return [];
    refused.add(key);
    return [lineOf(size, found)];
  })].join("\n");
};

const [WIDTH, HEIGHT, LEFT, TOP] = [300, 460, 150, 40];
const COLOURS = [
  "#1f6feb", "#c2410c", "#15803d", "#7e22ce", "#475569", "#be123c", "#a16207", "#0e7490",
  "#9d174d", "#3f6212",
];
/** What a name at the end of a line takes, in pixels. */
const [NAME_WIDTH, NAME_HEIGHT] = [78, 11];

interface Label {
  readonly x: number;
  readonly y: number;
  readonly ink: string;
  readonly name: string;
}

/** Names at the ends of lines, no two in one place: those that are in the way of others go down. */
const labelled = (labels: readonly Label[]): string[] => {
  const placed: (Label & { readonly at: number })[] = [];
  for (const label of labels.toSorted((one, other) => one.y - other.y)) {
    const near = placed.filter(({ x }) => Math.abs(x - label.x) < NAME_WIDTH);
    let at = label.y;
    for (let each; (each = near.find((one) => Math.abs(one.at - at) < NAME_HEIGHT)); ) {
      at = each.at + NAME_HEIGHT;
    }
    placed.push({ ...label, at });
  }
  return placed.flatMap(({ x, y, at, ink, name }) => [
    element("path", { d: path("M", x + 3, y, "L", x + 10, at), stroke: ink, "stroke-width": 0.5 }),
    text(x + 12, at + 4, 10, name, { fill: ink }),
  ]);
};

/** A panel: planned as lines, measured as dots, over n, by powers of ten. */
const panelOf = (
  all: Measured, at: number, title: string, figure: keyof Figures,
): string => {
  const values = all.flatMap(([{ planned }]) => (planned ? [Math.log10(planned[figure])] : []));
  const [low, high] = [Math.floor(Math.min(...values)), Math.ceil(Math.max(...values))];
  const left = LEFT + at * (WIDTH + LEFT);
  const x = (boards: number) => left + ((boards - 3) / 28) * WIDTH;
  const y = (value: number) =>
    TOP + HEIGHT - ((Math.log10(value) - low) / (high - low)) * HEIGHT;
  const grid = Array.from({ length: high - low + 1 }, (_, step) => 10 ** (low + step)).map((each) =>
    element("path", { d: path("M", left, y(each), "h", WIDTH), stroke: "#ddd" }) +
    text(left - 6, y(each) + 4, 11, whole(each), { "text-anchor": "end" }));
  const ticks = [4, 7, 10, 13, 16, 19, 22, 25, 28, 31].map((boards) =>
    text(x(boards), TOP + HEIGHT + 16, 11, String(boards), { "text-anchor": "middle" }));
  const names = [...new Set(all.map(([{ algorithm }]) => algorithm))];
  const labels: Label[] = [];
  const series = names.flatMap((name, colour) => TRAITORS.flatMap((traitors) => {
    const own = all.filter(([size]) =>
      size.algorithm === name && size.traitors === traitors && size.planned);
    if (!own.length) return [];
    const ink = COLOURS[colour % COLOURS.length]!;
    const points = own.flatMap(([size], index) =>
      [index ? "L" : "M", x(size.boards), y(size.planned![figure])]);
    const dots = own.flatMap(([size, found]) => (found
      ? [element("circle", { cx: x(size.boards), cy: y(found[figure]), r: 2.5, fill: ink })] : []));
    const [last] = own.at(-1)!;
    labels.push({
      x: x(last.boards), y: y(last.planned![figure]), ink, name: `${name} ${traitors}`,
    });
    return [element("path", { d: path(...points), fill: "none", stroke: ink }), ...dots];
  }));
  return [
    text(left, TOP - 16, 13, title), ...grid, ...ticks, ...series, ...labelled(labels),
  ].join("");
};

export const pictureOf = (all: Measured): string => {
  const [width, height] = [3 * (WIDTH + LEFT) + 100, TOP + HEIGHT + 44];
  return `${element("svg", {
    "xmlns": "http://www.w3.org/2000/svg", width, height, "viewBox": `0 0 ${width} ${height}`,
    "font-family": "sans-serif",
  }, element("rect", { width, height, fill: "#fff" }),
  panelOf(all, 0, "bytes a cycle on the busiest link", "bytes"),
  panelOf(all, 1, "bytes of memory of a board", "memory"),
  panelOf(all, 2, "milliseconds a cycle, computing included", "ms"),
  text(LEFT, height - 8, 11, "over the number of boards; lines: planned, dots: measured; " +
    "behind a name: how many may be faulty"))}\n`;
};

const [BEGIN, END] = ["<!-- make growth -->\n\n", "\n\n<!-- to here -->"];

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const all: [Size, Figures | undefined][] = [];
  for (const size of sizes()) {
    all.push([size, size.network && await measured(size.network)]);
  }
  const [, , picture, document] = process.argv;
  if (picture !== undefined) writeFileSync(picture, pictureOf(all));
  if (document === undefined) process.stdout.write(`${tableOf(all)}\n`);
  else {
    const before = readFileSync(document, "utf8");
    const [head] = before.split(BEGIN);
    const rest = before.split(END)[1];
    if (rest === undefined) throw new Error(`${document} has no place for the table`);
    writeFileSync(document, `${head!}${BEGIN}${tableOf(all)}${END}${rest}`);
  }
}
