import { csvRows } from "../base/csv.js";
import type { CsvRow } from "../base/csv.js";
import { UsageError } from "../base/error.js";
import { createPrng, derive } from "../base/random.js";
import { VALUE_MAX, shortened } from "../base/text.js";
import type { Value } from "../base/values.js";
import type { Network } from "./network.js";

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
    return network.boards.map(({ layout }) => {
      if (layout.learner) return undefined;
      const off = prng.chance(1 / 8);
      const other = type.random(prng);
      const step = prng.below(SPREAD);
      if (off || typeof shown !== "number" || !near) return off ? other : shown;
      return type.parse(shown + step) ?? shown;
    });
  };
};

/** What may be taken for a comma, by their names. */
const SEPARATORS: readonly (readonly [string, string])[] = [
  [";", 'by ";"'], ["\t", "by tabs"], ["|", 'by "|"'],
];

/** Rows that are kept together. */
const ROWS = 4096;

/** Rows of values as bytes: a table of millions of rows is no larger than its file. */
const createStore = ({ type, boards }: Network) => {
  const values = type.create(1);
  const cell = type.width + 1;
  const bytes = cell * boards.length;
  const views: DataView[] = [];
  let rows = 0;
  return {
    get rows() {
      return rows;
    },
    add(row: readonly (Value | null)[]) {
      if (rows % ROWS === 0) views.push(new DataView(new ArrayBuffer(ROWS * bytes)));
      const view = views[views.length - 1]!;
      row.forEach((value, board) => {
        const at = (rows % ROWS) * bytes + board * cell;
        view.setUint8(at, value === null ? 0 : 1);
        if (value !== null) values.store(view, at + 1, value);
      });
      rows++;
    },
    row(number: number): (Value | undefined)[] {
      const view = views[Math.floor(number / ROWS)]!;
      return boards.map((_, board) => {
        const at = (number % ROWS) * bytes + board * cell;
        if (!view.getUint8(at)) return undefined;
        const value = values.load(view, at + 1, 0);
        return value instanceof Uint8Array ? value.slice() : value;
      });
    },
  };
};

/** Which column is which board's, by a first row that has their names; undefined: it has none. */
const titledBy = (
  { fields, line }: CsvRow, names: readonly string[], name: string,
): number[] | undefined => {
  if (!fields.some((field) => names.includes(field))) return undefined;
  const twice = names.find((board) => fields.indexOf(board) !== fields.lastIndexOf(board));
  if (twice !== undefined) {
    throw new UsageError(`${name}: line ${line}: two columns are named ${twice}`);
  }
  const columns = names.map((board) => fields.indexOf(board));
  const missing = columns.indexOf(-1);
  if (missing >= 0) {
    throw new UsageError(`${name}: line ${line}: no column for board ${names[missing]}`);
  }
  return columns;
};

/** @throws UsageError where a first row is separated by something else than commas */
const refuseSeparated = ({ fields, line }: CsvRow, names: readonly string[], name: string) => {
  const whole = fields.join(",");
  const [, how] = SEPARATORS.find(([separator]) => {
    const parts = whole.split(separator).map((part) => part.trim());
    const titled = parts.some((part) => names.includes(part));
    return parts.length > 1 && parts.length >= names.length &&
      (titled || fields.length !== names.length);
  }) ?? [];
  if (how) {
    throw new UsageError(`${name}: line ${line}: fields are separated ${how}, and must be by ","`);
  }
};

/**
 * A table with one column a board and one row a cycle. Names of boards may stand in the first row,
 * in any order; an empty field is a sensor that cannot be read.
 *
 * @param text all of it, or its parts one after the other
 * @param name of the file, for messages
 * @throws UsageError naming the line, the field and what would be right
 */
export const parseReadings = (
  network: Network, text: string | Iterable<string>, name: string,
): { rows: number; readings: Readings } => {
  const { members, type } = network;
  const names = members.map((board) => board.name);
  const store = createStore(network);
  let columns: readonly number[] | undefined;
  let [first, needed] = [true, names.length];
  const add = ({ fields, line }: CsvRow) => {
    if (fields.length < needed || (!columns && fields.length > needed)) {
      throw new UsageError(
        `${name}: line ${line}: has ${fields.length} fields, ` +
        `one for each of ${names.length} boards is needed`,
      );
    }
    store.add(names.map((board, at) => {
      const field = fields[columns?.[at] ?? at];
      const value = type.parse(field);
      if (value === undefined) {
        throw new UsageError(`${name}: line ${line}: board ${board}: ${
          shortened(JSON.stringify(field), VALUE_MAX)} is not ${type.range}`);
      }
      return value;
    }));
  };
  for (const row of csvRows(typeof text === "string" ? [text] : text, name)) {
    if (first) {
      first = false;
      refuseSeparated(row, names, name);
      columns = titledBy(row, names, name);
      if (columns) {
        needed = Math.max(...columns) + 1;
        continue;
      }
    }
    add(row);
  }
  if (!store.rows) throw new UsageError(`${name}: has no readings, one row a cycle is needed`);
  return { rows: store.rows, readings: (cycle) => store.row(cycle % store.rows) };
};
