import { LIES, lieText } from "../events/events.js";
import { SIZE } from "./layout.js";
import { element, path, text, widthOf } from "./svg.js";

/** What each sign means, in rows as wide as the picture. */

const SAMPLE = 34;
const ROW = 24;
const GAP = 16;

const arrow = (look: string) => (x: number, y: number): string =>
  element("path", {
    class: `frame ${look} sample`, d: path("M", x, y, "H", x + SAMPLE - 4),
    "marker-end": `url(#${look})`,
  });

interface Sign {
  readonly words: string;
  /** Pixels, where it is wider than others. */
  readonly width?: number;
  readonly draw: (x: number, y: number) => string;
}

/** A word at an arrow's end. */
const saying = (name: string, value: string): Sign => {
  const word = `${name} ${value}`;
  return {
    words: `what ${name} says`, width: widthOf(word, SIZE.small, true) + 4,
    draw: (x, y) => text(x, y + 4, SIZE.small, word, { class: "said heard sample" }),
  };
};

const ORAL: readonly Sign[] = [{ words: "lie to this receiver", draw: arrow("lie") }];
const SIGNED: readonly Sign[] = LIES.map((lie) => ({ words: lieText(lie), draw: arrow(lie) }));

const signsOf = (signed: boolean, hub: boolean): readonly Sign[] => [
  { words: "beacon", draw: arrow("beacon") },
  { words: "frame", draw: arrow("heard") },
  ...(signed ? SIGNED : ORAL),
  ...(hub ? [{ words: lieText("hub"), draw: arrow("hub") }] : []),
  { words: "lost", draw: arrow("lost") },
  { words: "late or refused: as good as ⊥", draw: arrow("late") },
  {
    words: "boards compute (cut short)",
    draw: (x, y) => element("rect", {
      class: "cut sample", x: x + 2, y: y - 8, width: SAMPLE - 8, height: 16, fill: "url(#hatch)",
    }),
  },
  {
    words: "decided",
    draw: (x, y) => element("circle", {
      class: "decision sample", cx: x + SAMPLE / 2, cy: y, r: 4.5,
    }),
  },
];

/**
 * @param name of a board, and a value of its, for an example
 * @param kinds whether its messages are signed, and lies are of several kinds; whether the hub lies
 * @returns the legend, in rows that are about equally long, and where it ends below
 */
export const legendOf = (
  name: string, value: string, kinds: { readonly signed: boolean; readonly hub: boolean },
  left: number, top: number, right: number,
): { svg: string; bottom: number } => {
  const signs = [saying(name, value), ...signsOf(kinds.signed, kinds.hub)].map((sign) => {
    const sample = sign.width ?? SAMPLE;
    return { ...sign, sample, width: sample + 6 + widthOf(sign.words, SIZE.small) + GAP };
  });
  const all = signs.reduce((sum, { width }) => sum + width, 0);
  const rows = Math.ceil(all / (right - left));
  let before = 0;
  let x = left;
  let row = 0;
  const drawn = signs.map(({ words, width, sample, draw }) => {
    const over = x > left && x + width - GAP > right;
    if (over || before + width / 2 > ((row + 1) * all) / rows) {
      x = left;
      row++;
    }
    const y = top + ROW * row;
    const sign = draw(x, y) + text(x + sample + 6, y + 4, SIZE.small, words, { class: "quiet" });
    x += width;
    before += width;
    return sign;
  });
  return { svg: drawn.join("\n"), bottom: top + ROW * row + 8 };
};
