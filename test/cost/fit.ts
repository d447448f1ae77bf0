import { readFileSync } from "node:fs";
import { OPTIMIZE } from "../../host/network/network.js";
import type { Board, Network, Optimize } from "../../host/network/network.js";
import {
  FAMILIES, WORK, answerWork, contentBytes, familyOf, frameWork, maskWork, pieceWork, pollWork,
  sumOf,
} from "../../host/plan/work.js";
import type { Family, Kind, Work } from "../../host/plan/work.js";
import { envelopeOf } from "./envelope.js";
import type { Counted } from "./events.js";

/** Prices from what was counted: the least by which nothing costs more than it did. */

/** What is kept of one beacon or frame. */
export type Row = readonly [
  kind: Counted["kind"], round: number, closes: 0 | 1, bytes: number, tries: number, cost: number,
  hashes: number,
];

/** By network and setting. */
export type CountedTable = Readonly<Record<string, Readonly<Partial<Record<Optimize, Row[]>>>>>;

export const COUNTED = new URL("counted.json", import.meta.url);

/** All that is kept. */
export interface Counts {
  readonly counted: CountedTable;
  readonly masks: MaskPrices;
}

export const keptCounts = (): Counts => JSON.parse(readFileSync(COUNTED, "utf8")) as Counts;

export const countsText = (counts: Counts): string =>
  `${JSON.stringify(counts).replaceAll("]],", "]],\n").replaceAll("]]},", "]]},\n")}\n`;

export const rowOf = ({ kind, round, closes, bytes, tries, cost, hashes }: Counted): Row =>
  [kind, round, closes ? 1 : 0, bytes, tries, cost, hashes];

/** @returns what the plan says that there was to do, with as many tries for a mask as there were */
export const workOf = (network: Network, board: Board, row: Row): Work => {
  const [kind, round, closes, bytes, tries, , hashes] = row;
  if (kind === "frame") return frameWork(board, round, bytes);
  if (kind === "piece") return pieceWork(board, bytes);
  if (kind === "poll") return pollWork(board);
  const { payloads, word } = board.layout;
  const content = contentBytes(board, payloads[round] ?? 0);
  return {
    ...sumOf(answerWork(network, board, round, closes > 0),
      tries ? maskWork(tries, content, word) : {}),
    // The longest chains are not what a run has.
    ...(board.signing && { hash: hashes }),
  };
};

export type AllPrices = Record<Optimize, Record<Family, Prices>>;

type Prices = Record<Kind, number>;

/** What masks cost, by setting. */
export type MaskPrices =
  Readonly<Record<Optimize, Readonly<Pick<Prices, "try" | "step" | "try2" | "step2">>>>;

/**
 * The prices of one family at one setting, and which kinds of work it has any of.
 *
 * @param known prices that are not to be found
 */
const fittedOf = (
  networks: ReadonlyMap<string, Network>, table: CountedTable, setting: Optimize, family: Family,
  known: Partial<Prices>,
): Partial<Prices> => {
  const rows: number[][] = [];
  const costs: number[] = [];
  for (const [name, network] of networks) {
    if (familyOf(network) !== family) continue;
    for (const row of table[name]?.[setting] ?? []) {
      const work = workOf(network, network.boards[0]!, row);
      const cost = WORK.reduce((rest, kind) =>
        rest - (known[kind] ?? 0) * (work[kind] ?? 0), row[5]);
      // What is known may cover all of it.
      if (cost <= 0) continue;
      rows.push(WORK.map((kind) => (kind in known ? 0 : work[kind] ?? 0)));
      costs.push(cost);
    }
  }
  const found = rows.length ? envelopeOf(rows, costs) : [];
  return {
    ...Object.fromEntries(WORK.flatMap((kind, at) =>
      (rows.some((row) => row[at]) ? [[kind, Math.ceil(found[at]!)]] : []))),
    ...known,
  };
};

/** So much more is everything where fewer networks were counted than at "speed". */
const FEWER = 1.15;

/** How many networks of a family were counted at a setting. */
const countOf = (
  networks: ReadonlyMap<string, Network>, table: CountedTable, setting: Optimize, family: Family,
): number => [...networks].filter(([name, network]) =>
  familyOf(network) === family && table[name]?.[setting]?.length).length;

/**
 * @returns instructions by kind of work. What a family has none of costs what it costs others most,
 *   and at another setting what it costs at that which was counted. Where fewer networks were
 *   counted than for speed, nothing costs less than there, and all a little more
 */
export const pricesOf = (
  networks: ReadonlyMap<string, Network>, { counted: table, masks }: Counts,
): AllPrices => {
  const all = OPTIMIZE.map((setting) => FAMILIES.map((family) =>
    fittedOf(networks, table, setting, family, masks[setting])));
  const most = (list: readonly Partial<Prices>[], kind: Kind) =>
    Math.max(0, ...list.map((prices) => prices[kind] ?? 0));
  const fast = OPTIMIZE.indexOf("speed");
  const priceOf = (at: number, index: number, kind: Kind): number => {
    const [setting, family] = [OPTIMIZE[at]!, FAMILIES[index]!];
    const price = all[at]![index]![kind] ?? Math.max(
      most(all[at]!, kind), most(all.map((each) => each[index]!), kind));
    return countOf(networks, table, setting, family) < countOf(networks, table, "speed", family)
      ? Math.ceil(FEWER * Math.max(price, all[fast]![index]![kind] ?? 0)) : price;
  };
  return Object.fromEntries(OPTIMIZE.map((setting, at) => [setting, Object.fromEntries(
    FAMILIES.map((family, index) => [family, Object.fromEntries(WORK.map((kind) =>
      [kind, priceOf(at, index, kind)]))]),
  )])) as AllPrices;
};

/** What a plan says that some work costs. */
export const pricedAt = (prices: Readonly<Record<Kind, number>>, work: Work): number =>
  WORK.reduce((sum, kind) => sum + (work[kind] ?? 0) * prices[kind], 0);

/** Words on lines of 100 columns. */
const linesOf = (words: readonly string[]): string => words.reduce((text, word) =>
  (`${text.slice(text.lastIndexOf("\n") + 1)} ${word}`.length > 98
    ? `${text}\n      ${word}` : `${text} ${word}`), "     ");

/** @returns the text of `host/plan/prices.ts` */
export const pricesText = (
  all: AllPrices, workload: number,
): string => `import type { Optimize } from "../network/network.js";
import type { Family, Kind } from "./work.js";

/**
 * Written by \`make prices\`; not to be changed by hand. Instructions that Espruino's Linux build
 * executes for each kind of work, by what a bundle is made for (docs/boards.md).
 */
export const PRICES: Readonly<
  Record<Optimize, Readonly<Record<Family, Readonly<Record<Kind, number>>>>>
> = {
${OPTIMIZE.map((setting) => `  ${setting}: {
${FAMILIES.map((family) => `    ${family}: {
${linesOf(WORK.map((kind) => `${kind}: ${all[setting][family][kind]},`))}
    },`).join("\n")}
  },`).join("\n")}
};

/** The same for one pass of what \`tagma measure\` has a board do. */
export const WORKLOAD_COST = ${workload};
`;
