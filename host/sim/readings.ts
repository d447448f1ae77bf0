import { parse } from "csv-parse/sync";
import { UsageError, messageOf } from "../error.js";
import type { Network } from "../network.js";
import type { Value } from "../values.js";
import { createPrng, derive } from "./prng.js";

/** What the boards' sensors show: one row a cycle, one entry a board; undefined: unreadable. */
export type Readings = (cycle: number) => readonly (Value | undefined)[];

/** How far apart sensors of one quantity are, in steps of the type. */
const SPREAD = 5;

/** Made-up readings of one quantity: nearly the same everywhere, now and then one that is off. */
export const madeUp = (network: Network, seed: number): Readings => {
  const { type, file } = network;
  const near = file.decision === "median" || file.decision === "midpoint";
  return (cycle) => {
    const prng = createPrng(derive(seed, 16 + cycle));
    const shown = type.random(prng);
    return network.boards.map(() => {
      const off = prng.chance(1 / 8);
      const other = type.random(prng);
      const step = prng.below(SPREAD);
      if (off || typeof shown !== "number" || !near) return off ? other : shown;
      return type.parse(shown + step) ?? shown;
    });
  };
};

/**
 * A table with one column a board and one row a cycle. Names of boards may stand in the first row,
 * in any order; an empty field is a sensor that cannot be read.
 *
 * @param name of the file, for messages
 * @throws UsageError naming the line, the field and what would be right
 */
export const parseReadings = (
  network: Network, text: string, name: string,
): { rows: number; readings: Readings } => {
  let rows: string[][];
  let lines: number[];
  try {
    const found = parse(text, {
      trim: true, skip_empty_lines: true, relax_column_count: true, info: true,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    rows = found.map(({ record }) => record);
    lines = found.map(({ info }) => info.lines);
  } catch (thrown) {
    throw new UsageError(`${name}: cannot be read as CSV: ${messageOf(thrown)}`);
  }
  const { boards, type } = network;
  const names = boards.map((board) => board.name);
  const titled = rows[0]?.some((field) => names.includes(field)) ?? false;
  const columns = titled ? names.map((board) => rows[0]!.indexOf(board)) : names.map((_, at) => at);
  const missing = columns.indexOf(-1);
  if (missing >= 0) throw new UsageError(`${name}: line 1: no column for board ${names[missing]}`);
  const body = titled ? rows.slice(1) : rows;
  if (!body.length) throw new UsageError(`${name}: has no readings, one row a cycle is needed`);
  const table = body.map((row, at) => {
    const line = lines[at + (titled ? 1 : 0)]!;
    const needed = titled ? Math.max(...columns) + 1 : names.length;
    if (row.length < needed || (!titled && row.length > needed)) {
      throw new UsageError(
        `${name}: line ${line}: has ${row.length} fields, ` +
        `one for each of ${names.length} boards is needed`,
      );
    }
    return columns.map((column, board) => {
      const field = row[column];
      const value = type.parse(field);
      if (value === undefined) {
        const where = `${name}: line ${line}: board ${names[board]}`;
        throw new UsageError(`${where}: ${JSON.stringify(field)} is not ${type.range}`);
      }
      return value ?? undefined;
    });
  });
  return { rows: table.length, readings: (cycle) => table[cycle % table.length]! };
};
