/** Just enough SVG: elements as text. The same calls give the same bytes. */

type Attributes = Readonly<Record<string, string | number>>;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;",
};

/** @returns text as XML holds it; what XML cannot hold at all becomes U+FFFD. */
export const escapeXml = (text: string): string =>
  text
    // oxlint-disable-next-line eslint/no-control-regex -- these are what XML 1.0 forbids
    .replace(/[\0-\x08\v\f\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu, "\ufffd")
    .replace(/[&<>"']/g, (char) => ENTITIES[char]!);

/** Coordinates to a tenth of a pixel. */
const rounded = (value: string | number): string | number =>
  (typeof value === "number" ? Math.round(value * 10) / 10 : value);

export const element = (name: string, attributes: Attributes, ...children: string[]): string => {
  const written = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escapeXml(String(rounded(value)))}"`).join("");
  return children.length
    ? `<${name}${written}>${children.join("")}</${name}>`
    : `<${name}${written}/>`;
};

/** A path's data: letters as they are, numbers to a tenth of a pixel. */
export const path = (...parts: (string | number)[]): string => parts.map(rounded).join(" ");

export const text = (
  x: number, y: number, size: number, content: string, more: Attributes = {},
): string => element("text", { x, y, "font-size": size, ...more }, escapeXml(content));

/** By letter, as a share of the size; about DejaVu Sans, the widest of the common fonts. */
const WIDTHS: readonly (readonly [RegExp, number])[] = [
  [/[ .,:;|!'ijlIft()[\]]/, 0.4], [/[mwMW%@…]/, 1], [/[A-Z⊥_=+<>~]/, 0.8], [/[a-z]/, 0.62],
];
const OTHER = 0.66;
const BOLD = 1.14;

/** @returns how wide a text gets, about, and at most in whatever sans-serif font a viewer has. */
export const widthOf = (content: string, size: number, bold = false): number => {
  let width = 0;
  for (const letter of content) width += WIDTHS.find(([kind]) => kind.test(letter))?.[1] ?? OTHER;
  return width * size * (bold ? BOLD : 1);
};
