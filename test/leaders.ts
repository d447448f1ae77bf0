/**
 * What lying leaders cost: rounds and emulated milliseconds until all correct boards have decided,
 * under boards that lead in turn and under the virtual leader, on the same wire.
 *
 *     node --import tsx test/leaders.ts [FILE.svg]
 *
 * prints the table of DESIGN.md, and writes the picture.
 */
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { parseNetwork } from "../host/network.js";
import { emulate } from "../host/sim/emulate.js";
import type { CycleRecord } from "../host/sim/emulate.js";
import { madeUp } from "../host/sim/readings.js";
import { element, path, text } from "../host/trace/svg.js";

const LEADERS = ["rotating", "virtual"] as const;
type Leader = (typeof LEADERS)[number];
const SIZES = [[4, 1], [7, 2]] as const;
/** The worst that a leader can do: it says nothing; or it tells the halves two things. */
export const LIES = ["silent", "equivocate"] as const;

export interface Cost {
  readonly boards: number;
  readonly leader: Leader;
  /** How many boards in a row lie, from the first ballot's leader on. */
  readonly liars: number;
  readonly ballots: number;
  readonly rounds: number;
  readonly milliseconds: number;
  /** Frames that boards sent, as the hub saw them. */
  readonly frames: number;
}

const decideOnce = async (
  boards: number, traitors: number, leader: Leader, liars: number, lie: string,
): Promise<Cost> => {
  const network = parseNetwork({
    name: "leaders", algorithm: "lbp", mode: "once", leader, traitors, value: "u8",
    decision: "majority", default: 0, baud: 115200,
    boards: Array.from({ length: boards }, (_, at) => ({ name: `b${at}`, kind: "EMULATED" })),
  }, "leaders");
  const correct = network.boards.map(({ number }) => number).filter((board) => board >= liars);
  const decided = new Set<number>();
  const cycles: CycleRecord[] = [];
  const { verdict } = await emulate({
    network, cycles: liars + 1, seed: 1, readings: madeUp(network, 1), engine: "native",
    link: "memory",
    troubles: {
      lines: [],
      traitors: Array.from({ length: liars }, (_, board) => ({ board, name: lie, parameter: [] })),
    },
    onCycle(cycle) {
      if (correct.every((board) => decided.has(board))) return;
      cycles.push(cycle);
      for (const board of correct) if (cycle.decisions![board]!.length) decided.add(board);
    },
  });
  if (verdict !== "held" || decided.size < correct.length) throw new Error("it must decide");
  const time = cycles.reduce((sum, { time_us: each }) => sum + each, 0);
  return {
    boards, leader, liars, ballots: cycles.length, rounds: cycles.length * network.rounds,
    milliseconds: Math.round(time / 100) / 10, frames: cycles.length * network.rounds * boards,
  };
};

/** Of each kind of lie, that which costs the most. */
export const measure = async (): Promise<Cost[]> => {
  const costs: Cost[] = [];
  for (const [boards, traitors] of SIZES) {
    for (const leader of LEADERS) {
      for (let liars = 0; liars <= traitors; liars++) {
        const all: Cost[] = [];
        for (const lie of LIES) all.push(await decideOnce(boards, traitors, leader, liars, lie));
        costs.push(all.toSorted((one, other) => other.milliseconds - one.milliseconds)[0]!);
      }
    }
  }
  return costs;
};

export const tableOf = (costs: readonly Cost[]): string => [
  "| n | leader | lying leaders in a row | ballots | rounds | ms | frames of boards |",
  "|---|---|---|---|---|---|---|",
  ...costs.map(({ boards, leader, liars, ballots, rounds, milliseconds, frames }) =>
    `| ${boards} | ${leader} | ${liars} | ${ballots} | ${rounds} | ${
      milliseconds.toFixed(1)} | ${frames} |`),
].join("\n");

const WIDTH = 640;
const HEIGHT = 340;
const LEFT = 64;
const RIGHT = 450;
const TOP = 52;
const BOTTOM = 280;
const COLOURS: Readonly<Record<Leader, string>> = { rotating: "#c9480a", virtual: "#157a5b" };

export const pictureOf = (costs: readonly Cost[]): string => {
  const most = Math.max(...costs.map(({ milliseconds }) => milliseconds));
  const step = 10 ** Math.floor(Math.log10(most));
  const top = Math.ceil(most / step) * step;
  const x = (liars: number) => LEFT + 24 + ((RIGHT - LEFT - 48) * liars) / 2;
  const y = (milliseconds: number) => BOTTOM - ((BOTTOM - TOP) * milliseconds) / top;
  const ticks = Array.from({ length: top / step + 1 }, (_, at) => at * step);
  const grid = ticks.map((tick) =>
    element("path", { d: path("M", LEFT, y(tick), "H", RIGHT), stroke: "#d5dbe1" }) +
    text(LEFT - 8, y(tick) + 4, 12, String(tick), { "text-anchor": "end" }));
  const lines = SIZES.flatMap(([boards]) => LEADERS.map((leader) => {
    const points = costs.filter((cost) => cost.boards === boards && cost.leader === leader);
    const d = points.map(({ liars, milliseconds }, at) =>
      path(at ? "L" : "M", x(liars), y(milliseconds))).join(" ");
    const last = points.at(-1)!;
    const look = {
      fill: "none", stroke: COLOURS[leader], "stroke-width": 2,
      ...(boards === SIZES[0][0] ? { "stroke-dasharray": "6 4" } : {}),
    };
    const dots = points.map(({ liars, milliseconds }) =>
      element("circle", { cx: x(liars), cy: y(milliseconds), r: 4, fill: COLOURS[leader] }));
    const name = leader === "virtual" ? "virtual leader" : "boards lead in turn";
    return element("path", { d, ...look }) + dots.join("") +
      text(x(last.liars) + 10, y(last.milliseconds) - 6, 12, `${name}, n = ${boards}`, {
        fill: COLOURS[leader],
      });
  }));
  const title = "Milliseconds until all correct boards have decided";
  return `${element("svg", {
    xmlns: "http://www.w3.org/2000/svg", width: WIDTH, height: HEIGHT,
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "font-family": "sans-serif",
  }, "\n", [
    `<title>${title}</title>`,
    element("rect", { width: WIDTH, height: HEIGHT, fill: "#ffffff" }),
    text(LEFT, 28, 15, title, { "font-weight": 600 }),
    ...grid, ...[0, 1, 2].map((liars) =>
      text(x(liars), BOTTOM + 20, 12, String(liars), { "text-anchor": "middle" })),
    text((LEFT + RIGHT) / 2, BOTTOM + 42, 13, "lying leaders in a row", {
      "text-anchor": "middle",
    }),
    ...lines,
  ].join("\n"), "\n")}\n`;
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const costs = await measure();
  console.log(tableOf(costs));
  if (process.argv[2] !== undefined) writeFileSync(process.argv[2], pictureOf(costs));
}
