import { own, visible, withoutCodes } from "../base/text.js";

/** Texts in columns, for people. */

/** How many places a text takes on the screen; none of what is shown here is wider than one. */
const widthOf = (text: string): number => Array.from(withoutCodes(text)).length;

export const padded = (text: string, width: number, right: boolean): string => {
  const blanks = " ".repeat(Math.max(0, width - widthOf(text)));
  return right ? blanks + text : text + blanks;
};

export interface Column {
  readonly title: string;
  /** Numbers stand to the right. */
  readonly right?: boolean;
}

/** @returns lines, each as wide as its texts need; whatever is in a text, it stays in its place. */
export const table = (
  columns: readonly Column[], rows: readonly (readonly (string | number)[])[],
): string => {
  const texts = [columns.map(({ title }) => title),
    ...rows.map((row) => row.map((cell) => visible(String(cell))))];
  const widths = columns.map((_, at) =>
    texts.reduce((most, row) => Math.max(most, widthOf(row[at] ?? "")), 0));
  const cell = (text: string, at: number) =>
    padded(text, widths[at]!, columns[at]!.right ?? false);
  return texts.map((row) => `${row.map(cell).join("  ").trimEnd()}\n`).join("");
};

/** As many words as fit on a line; the lines after the first are indented as `first` is long. */
export const wrapped = (first: string, words: readonly string[], columns: number): string => {
  const indent = widthOf(first);
  let text = first;
  let at = indent;
  for (const written of words) {
    const word = visible(written);
    if (at > indent && at + widthOf(word) > columns) {
      text = `${text.trimEnd()}\n${" ".repeat(indent)}`;
      at = indent;
    }
    text += `${word} `;
    at += widthOf(word) + 1;
  }
  return `${text.trimEnd()}\n`;
};

export interface Paint {
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
}

/** Colours, where a terminal's owner has not refused them (no-color.org). Nothing rests on them. */
export const paintOf = (
  isTTY: boolean, env: Readonly<Record<string, string | undefined>>,
): Paint => {
  const coloured = isTTY && !env["NO_COLOR"] && env["TERM"] !== "dumb";
  const paint = (on: number, off: number) => (text: string) =>
    (coloured ? `${own(`[${on}m`)}${text}${own(`[${off}m`)}` : text);
  return { red: paint(31, 39), green: paint(32, 39), bold: paint(1, 22), dim: paint(2, 22) };
};
