/**
 * What lying leaders cost: rounds and emulated milliseconds until all correct boards have decided,
 * under boards that lead in turn and under the virtual leader, on the same wire.
 *
 *     node --import tsx test/leaders.ts [FILE.svg]
 *
 * prints the table of docs/ballots.md, and writes the picture.
 */
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { emulate } from "../host/emulate/emulate.js";
import type { CycleRecord } from "../host/emulate/emulate.js";
import { parseNetwork } from "../host/network/network.js";
import { madeUp } from "../host/network/readings.js";
import { element, path, text } from "../host/picture/svg.js";

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
    transport: "memory",
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

const PANEL = 330;
const LEFT = 56;
const PLOT = 250;
const TOP = 76;
const BOTTOM = 280;
const HEIGHT = 340;
const LOOKS = {
  rotating: { stroke: "#c9480a", "stroke-dasharray": "7 4" }, virtual: { stroke: "#157a5b" },
} as const;
const NAMES: Readonly<Record<Leader, string>> = {
  rotating: "boards lead in turn", virtual: "virtual leader",
};

/** A number that is round, and at least as great. */
const roundUp = (value: number): number => {
  const step = 10 ** Math.floor(Math.log10(value));
  return Math.ceil((2 * value) / step) * (step / 2);
};

/** The boards of one size have times of their own, and so an axis. */
const panelOf = (costs: readonly Cost[], boards: number, left: number): string => {
  const own = costs.filter((cost) => cost.boards === boards);
  const top = roundUp(Math.max(...own.map(({ milliseconds }) => milliseconds)));
  const most = Math.max(...own.map(({ liars }) => liars));
  const x = (liars: number) => left + 30 + ((PLOT - 60) * liars) / most;
  const y = (milliseconds: number) => BOTTOM - ((BOTTOM - TOP) * milliseconds) / top;
  const grid = [0, 1, 2, 3, 4].map((tick) => (tick * top) / 4).map((tick) =>
    element("path", { d: path("M", left, y(tick), "H", left + PLOT), stroke: "#d5dbe1" }) +
    text(left - 8, y(tick) + 4, 12, String(tick), { "text-anchor": "end" }));
  const lines = LEADERS.map((leader) => {
    const points = own.filter((cost) => cost.leader === leader);
    const d = points.map(({ liars, milliseconds }, at) =>
      path(at ? "L" : "M", x(liars), y(milliseconds))).join(" ");
    const { stroke } = LOOKS[leader];
    const dots = points.map(({ liars, milliseconds }) =>
      element("circle", { cx: x(liars), cy: y(milliseconds), r: 4, fill: stroke }));
    return element("path", { d, fill: "none", "stroke-width": 2, ...LOOKS[leader] }) +
      dots.join("");
  });
  const liars = [...new Set(own.map((cost) => cost.liars))].map((count) =>
    text(x(count), BOTTOM + 20, 12, String(count), { "text-anchor": "middle" }));
  return [
    text(left, TOP - 14, 13, `n = ${boards}: milliseconds`, { "font-weight": 600 }), ...grid,
    ...liars, text(left + PLOT / 2, BOTTOM + 42, 13, "lying leaders in a row", {
      "text-anchor": "middle",
    }),
    ...lines,
  ].join("\n");
};

export const pictureOf = (costs: readonly Cost[]): string => {
  const width = PANEL * SIZES.length;
  const title = "Time to a decision of all";
  const legend = LEADERS.map((leader, at) => {
    const left = LEFT + 300 + 160 * at;
    return element("path", {
      d: path("M", left, 24, "H", left + 26), "stroke-width": 2, ...LOOKS[leader],
    }) + text(left + 32, 28, 12, NAMES[leader]);
  });
  return `${element("svg", {
    xmlns: "http://www.w3.org/2000/svg", width, height: HEIGHT,
    viewBox: `0 0 ${width} ${HEIGHT}`, role: "img", "font-family": "sans-serif",
  }, "\n", [
    `<title>${title}</title>`,
    element("rect", { width, height: HEIGHT, fill: "#ffffff" }),
    text(LEFT, 28, 15, title, { "font-weight": 600 }), ...legend,
    ...SIZES.map(([boards], at) => panelOf(costs, boards, LEFT + PANEL * at)),
  ].join("\n"), "\n")}\n`;
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const costs = await measure();
  process.stdout.write(`${tableOf(costs)}\n`);
  if (process.argv[2] !== undefined) writeFileSync(process.argv[2], pictureOf(costs));
}
