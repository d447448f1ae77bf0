import { visible } from "../base/text.js";
import type { Shown } from "../base/values.js";
import type { CycleRecord } from "../emulate/emulate.js";
import { verdictText } from "../events/names.js";
import type { Detected, StateWord, Watched } from "../events/names.js";
import type { Network } from "../network/network.js";
import { padded, wrapped } from "./table.js";
import type { Paint } from "./table.js";

/** Cycles as a person sees them: a row each where the screen is wide enough, else a few lines. */

export interface View {
  readonly head: string;
  row(cycle: CycleRecord): string;
}

/** Marks behind a value: whoever put it in was faulty; it is not what a correct board put in. */
const FAULTY = "*";
const WRONG = "!";
const NOTHING = "⊥";
const TITLES = { put: "put in", agreed: "agreed vector" };
/** Longer rows of bytes are cut. */
const DIGITS_MAX = 10;

const WIDTHS: Readonly<Record<string, number>> = {
  bool: 5, u8: 3, u16: 5, u32: 10, i16: 6, i32: 11, f32: 7,
};

/** The shortest decimal number that a number of single precision is nearest to. */
const single = (value: number): string => {
  for (let digits = 1; digits < 9; digits++) {
    const text = String(Number(value.toPrecision(digits)));
    if (Math.fround(Number(text)) === value) return text;
  }
  return String(value);
};

export const valueText = (network: Network, value: Shown): string => {
  if (value === null) return NOTHING;
  if (typeof value === "string") {
    return visible(value.length > DIGITS_MAX ? `${value.slice(0, DIGITS_MAX - 1)}…` : value);
  }
  return typeof value === "number" && network.type.name === "f32" ? single(value) : String(value);
};

/** What correct boards hold, and which of them; one entry where they agree. */
interface Camp {
  readonly boards: readonly number[];
  readonly vector: readonly Shown[];
  readonly order: Shown;
}

const campsOf = ({ vectors, orders }: CycleRecord): Camp[] => {
  const camps = new Map<string, Camp & { boards: number[] }>();
  vectors.forEach((vector, board) => {
    if (!vector) return;
    const order = orders[board] ?? null;
    const key = JSON.stringify([vector, order]);
    const known = camps.get(key);
    if (known) known.boards.push(board);
    else camps.set(key, { boards: [board], vector, order });
  });
  return [...camps.values()];
};

const LETTERS: Readonly<Record<StateWord, string>> =
  { trusted: ".", transient: "t", permanent: "P", watched: "w", unknown: "?" };

/** What the column means, for below a table. */
export const LEADERS_TEXT =
  "leader, in a board's own opinion: the highest board that it does not suspect (?)";

/** Who leads and who is suspected in a board's opinion: "c ...?" where d is. */
const detectedText = ({ boards }: Network, { suspects, leader }: Detected): string =>
  `${boards[leader]!.name} ${boards.map(({ number }) => (suspects.includes(number) ? "?" : "."))
    .join("")}`;

/** What boards hold of each other, beside the vector: each of it once, and who holds it. */
const opinions = <Held>(
  held: readonly (Held | null)[], told: (one: Held) => string,
): Map<string, number[]> => {
  const by = new Map<string, number[]>();
  held.forEach((one, board) => {
    const text = one && told(one);
    if (text !== null) by.set(text, [...by.get(text) ?? [], board]);
  });
  return by;
};

/** What the letters of the column mean, for below a table. */
export const LETTERS_TEXT = `health, a letter a board: ${
  Object.entries(LETTERS).map(([word, letter]) => `${letter} ${word}`).join(", ")}`;

/** The health that correct boards hold, each other one once: letters, or names and words. */
const healthIn = ({ health = [] }: CycleRecord, told: (held: Watched) => string): string[] =>
  [...new Set(health.flatMap((held) => (held ? [told(held)] : [])))];

const lettersOf = ({ states }: Watched): string => states.map((state) => LETTERS[state]).join("");

/** @returns in words what a board holds of those that are not trusted */
export const watchedText = ({ boards }: Network, { states, signs }: Watched): string[] => {
  const told = states.flatMap((state, board) => {
    if (state === "trusted") return [];
    const sign = signs[board]!;
    return [`${boards[board]!.name}=${state}${sign === "none" ? "" : ` (${sign})`}`];
  });
  return told.length ? told : ["all trusted"];
};

/** A line of the health that boards hold; "" where nobody is watched. */
const healthLine = (network: Network, cycle: CycleRecord, title: string, columns: number) =>
  healthIn(cycle, (held) => watchedText(network, held).join(" "))
    .map((words) => wrapped(title, words.split(" "), columns)).join("");

/** Lines of who leads in whose opinion; "" where nobody is suspected, ever. */
const leaderLines = (network: Network, cycle: CycleRecord, title: string, columns: number) => {
  const { boards } = network;
  const camps = [...opinions(cycle.detected ?? [], ({ suspects, leader }) => [
    boards[leader]!.name,
    ...(suspects.length
      ? [`(suspects ${suspects.map((one) => boards[one]!.name).join(" ")})`] : []),
  ].join(" "))];
  return camps.map(([text, by]) => wrapped(title, (camps.length < 2 ? text
    : `${text}, says ${by.map((board) => boards[board]!.name).join(" ")}`).split(" "), columns))
    .join("");
};

/** Correct boards that have not decided this cycle. */
const undecided = ({ vectors, faulty }: CycleRecord): number[] =>
  vectors.flatMap((vector, board) => (vector || faulty.includes(board) ? [] : [board]));

/** The one word for it, and what broke; nothing else says how a cycle ended. */
const told = (cycle: CycleRecord, paint: Paint): string => {
  const text = verdictText(cycle);
  return cycle.verdict === "broken" || cycle.verdict === "outside" ? paint.red(text) : text;
};

/** What both kinds of view need. */
const partsOf = (network: Network, paint: Paint) => {
  const { boards, type, shape } = network;
  // With one commander, nobody else puts anything in.
  const shown = boards.filter(({ number }) => shape.commander < 0 || shape.commander === number);
  const width = Math.max(
    WIDTHS[type.name] ?? Math.min(2 * type.width, DIGITS_MAX),
    ...shown.map(({ name }) => name.length),
  );
  const mark = (cycle: CycleRecord, board: number, value: Shown, held: boolean) => {
    if (cycle.faulty.includes(board)) return FAULTY;
    return held && value !== cycle.inputs[board] ? WRONG : "";
  };
  const painted = (text: string, marked: string) => (marked ? paint.red(text) : text);
  return {
    shown, width,
    /** A value and its mark, in so many places. */
    cell: (cycle: CycleRecord, board: number, value: Shown, held: boolean) => {
      const marked = mark(cycle, board, value, held);
      const text = padded(valueText(network, value), width, true) + padded(marked, 1, false);
      return painted(text, marked);
    },
    /** A value with its board's name. */
    named: (cycle: CycleRecord, board: number, value: Shown, held: boolean) => {
      const marked = mark(cycle, board, value, held);
      return painted(`${boards[board]!.name}=${valueText(network, value)}${marked}`, marked);
    },
    names: (numbers: readonly number[]) => numbers.map((board) => boards[board]!.name).join(", "),
  };
};

/** The columns of what boards hold of each other, with as many places as each takes. */
const columnsOf = (network: Network) => {
  const { boards, file } = network;
  const longest = Math.max(...boards.map(({ name }) => name.length));
  return [
    ...(file.health ? [{
      title: "health", wide: Math.max(boards.length, 6),
      camps: ({ health = [] }: CycleRecord) => opinions(health, lettersOf),
    }] : []),
    ...(file.suspect_cycles ? [{
      title: "leader", wide: Math.max(longest + 1 + boards.length, 6),
      camps: ({ detected = [] }: CycleRecord) =>
        opinions(detected, (one) => detectedText(network, one)),
    }] : []),
  ];
};

const wideView = (
  network: Network, paint: Paint,
): View & { width: number } => {
  const { shown, width, cell, names } = partsOf(network, paint);
  const orderWidth = Math.max(width, 5);
  const group = Math.max(shown.length * (width + 2), TITLES.agreed.length + 1);
  const titles = shown.map(({ name }) => padded(name, width + 1, true)).join(" ");
  const cells = (cycle: CycleRecord, values: readonly Shown[], held: boolean) =>
    shown.map(({ number }) => cell(cycle, number, values[number] ?? null, held)).join(" ");
  const columns = columnsOf(network);
  const line = (
    first: string, put: string, agreed: string, order: string, last: string,
    beside: readonly string[] = [],
  ) => `${padded(first, 7, true)} | ${padded(put, group, false)}| ${
    padded(agreed, group, false)}| ${padded(order, orderWidth, true)} | ${
    columns.map(({ wide }, at) => `${padded(beside[at] ?? "", wide, false)} | `).join("")}${
    last}`.trimEnd();
  const held = (cycle: CycleRecord, { vector, order }: Camp): [string, string] =>
    [cells(cycle, vector, true), valueText(network, order)];
  return {
    width: 7 + 3 + group + 2 + group + 2 + orderWidth + 3 +
      columns.reduce((sum, { wide }) => sum + wide + 3, 0) + "held".length,
    head: `${line("", TITLES.put, TITLES.agreed, "", "")}\n${
      paint.bold(line("cycle", ` ${titles}`.slice(1), titles, "order", "verdict",
        columns.map(({ title }) => title)))}\n`,
    row(cycle) {
      const camps = campsOf(cycle);
      const missing = undecided(cycle);
      const first = padded(String(cycle.cycle), 7, true);
      const put = cells(cycle, cycle.inputs, false);
      const verdict = told(cycle, paint);
      const all = columns.map(({ camps: by }) => [...by(cycle)]);
      const apart = all.flatMap((each, at) => (each.length < 2 ? []
        : each.map(([text, boards]) => line("", "", "", "", `holds ${names(boards)}`,
          columns.map((_, column) => (column === at ? text : ""))))));
      const beside = all.map((each) => (each.length > 1 ? "differ" : each[0]?.[0] ?? ""));
      if (camps.length === 1 && !missing.length) {
        const row = line(first, put, ...held(cycle, camps[0]!), verdict, beside);
        return `${[row, ...apart].join("\n")}\n`;
      }
      const rows = camps.map((camp) =>
        line("", "", ...held(cycle, camp), `holds ${names(camp.boards)}`));
      if (missing.length) rows.push(line("", "", "nothing", "", `holds ${names(missing)}`));
      const row = line(first, put, "they differ", "", verdict, beside);
      return `${[row, ...rows, ...apart].join("\n")}\n`;
    },
  };
};

const narrowView = (
  network: Network, paint: Paint, columns: number,
): View => {
  const { shown, named, names } = partsOf(network, paint);
  const list = (cycle: CycleRecord, values: readonly Shown[], held: boolean) =>
    shown.map(({ number }) => named(cycle, number, values[number] ?? null, held));
  return {
    head: "",
    row(cycle) {
      const camps = campsOf(cycle);
      const missing = undecided(cycle);
      const one = camps.length === 1 && !missing.length ? camps[0] : undefined;
      const order = one ? `, order ${valueText(network, one.order)}` : "";
      const first = `${paint.bold(`cycle ${cycle.cycle}`)}: ${told(cycle, paint)}${order}\n`;
      const put = wrapped("  put in  ", list(cycle, cycle.inputs, false), columns);
      const health = healthLine(network, cycle, "  health  ", columns) +
        leaderLines(network, cycle, "  leader  ", columns);
      if (one) {
        return first + put + wrapped("  agreed  ", list(cycle, one.vector, true), columns) + health;
      }
      const held = camps.map((camp) => wrapped(`  ${names(camp.boards)}: `, [
        ...list(cycle, camp.vector, true), `order ${valueText(network, camp.order)}`,
      ], columns));
      const none = missing.length ? `  ${names(missing)}: nothing\n` : "";
      return first + put + held.join("") + health + none;
    },
  };
};

/** Where boards act tentatively: how many did so, and what was taken back by whom. */
const triedLine = (
  network: Network, { tried }: CycleRecord, correct: readonly number[], columns: number,
): string => {
  const all = correct.flatMap((board) =>
    (tried?.[board] ?? []).map((one) => ({ ...one, name: network.boards[board]!.name })));
  if (!all.length) return "";
  const acted = all.filter(({ retracted }) => !retracted);
  const back = all.filter(({ retracted }) => retracted).map(({ slot, value, name }) =>
    `${name} slot ${slot}: ${valueText(network, value)}`).join(", ");
  const text = `${acted.length} acted before; retracted: ${back || "nothing"}`;
  return wrapped("  tried    ", text.split(" "), columns);
};

/** What was decided in a ballot, and by whom. */
const ballotView = (network: Network, paint: Paint, columns: number): View => {
  const { shown, named, names } = partsOf(network, paint);
  return {
    head: "",
    row(cycle) {
      const { decisions = [], faulty, asynchronous, inputs } = cycle;
      const correct = shown.map(({ number }) => number).filter((board) => !faulty.includes(board));
      const by = new Map<string, number[]>();
      for (const board of correct) {
        for (const { slot, value } of decisions[board] ?? []) {
          const what = `slot ${slot}: ${valueText(network, value)}`;
          by.set(what, [...by.get(what) ?? [], board]);
        }
      }
      const all = (deciding: readonly number[]) =>
        (deciding.length === correct.length ? "all" : names(deciding));
      const decided = [...by].map(([what, deciding]) => `${what} (${all(deciding)})`).join("; ");
      const late = asynchronous ? ", not in time" : "";
      return `${paint.bold(`cycle ${cycle.cycle}`)}: ${told(cycle, paint)}${late}\n${
        wrapped("  put in   ", shown.map(({ number }) =>
          named(cycle, number, inputs[number] ?? null, false)), columns)}${
        wrapped("  decided  ", (decided || "nothing").split(" "), columns)}${
        triedLine(network, cycle, correct, columns)}${
        healthLine(network, cycle, "  health   ", columns)}${
        leaderLines(network, cycle, "  leader   ", columns)}${
        cycle.blocked?.length
          ? wrapped("  blocked  ", names(cycle.blocked).split(" "), columns) : ""}`;
    },
  };
};

/** @param columns how many characters a line of the screen has */
export const viewOf = (
  network: Network, paint: Paint, columns: number,
): View => {
  if (network.boards[0]!.layout.ballots) return ballotView(network, paint, columns);
  const wide = wideView(network, paint);
  return wide.width <= columns ? wide : narrowView(network, paint, columns);
};
