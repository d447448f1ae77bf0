/** As much of an XML reader as a picture needs; it takes nothing that XML 1.0 forbids. */
import assert from "node:assert/strict";

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: (Element | string)[];
}

const NAMED: Readonly<Record<string, string>> = {
  amp: "&", lt: "<", gt: ">", quot: '"', apos: "'",
};

const plain = (text: string): string => {
  // oxlint-disable-next-line eslint/no-control-regex -- that XML allows none of these is the point
  assert.doesNotMatch(text, /[<\0-\x08\v\f\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/u, text);
  return text.replace(/&([^;]*);?/g, (whole, name: string) => {
    assert.ok(whole.endsWith(";") && NAMED[name] !== undefined, `${whole} is no reference`);
    return NAMED[name];
  });
};

const attributesOf = (written: string): Record<string, string> => {
  const attributes: Record<string, string> = {};
  const pairs = /\s+([A-Za-z][\w:-]*)="([^"]*)"/g;
  const rest = written.replace(pairs, (_, name: string, value: string) => {
    assert.ok(!(name in attributes), `twice ${name} in ${written}`);
    attributes[name] = plain(value);
    return "";
  });
  assert.match(rest, /^\s*$/, `attributes: ${written}`);
  return attributes;
};

/** @returns the one element that the document is. */
export const readXml = (document: string): Element => {
  const top: Element = { name: "", attributes: {}, children: [] };
  const open = [top];
  const pattern = /<(\/?)([A-Za-z][\w:-]*)((?:\s+[\w:-]+="[^"]*")*)\s*(\/?)>|([^<]+)|(<)/gy;
  for (const match of document.matchAll(pattern)) {
    const [whole, closes, name = "", written = "", empty, text, stray] = match;
    const inside = open[open.length - 1]!;
    const near = document.slice(match.index, match.index + 80);
    assert.equal(stray, undefined, `at ${match.index}: ${near}`);
    if (text !== undefined) inside.children.push(plain(text));
    else if (closes) {
      assert.equal(inside.name, name, `at ${match.index}: ${whole} closes ${inside.name}`);
      assert.equal(written + empty!, "");
      open.pop();
    } else {
      const element: Element = { name, attributes: attributesOf(written), children: [] };
      inside.children.push(element);
      if (!empty) open.push(element);
    }
  }
  assert.equal(open.length, 1, `${open[open.length - 1]!.name} is not closed`);
  const elements = top.children.filter((child): child is Element => typeof child !== "string");
  assert.equal(elements.length, 1, "a document is one element");
  assert.match(top.children.filter((child) => typeof child === "string").join(""), /^\s*$/);
  return elements[0]!;
};

export const textOf = ({ children }: Element): string =>
  children.map((child) => (typeof child === "string" ? child : textOf(child))).join("");

/** @returns this element and all in it. */
export const within = (element: Element): Element[] =>
  [
    element,
    ...element.children.flatMap((child) => (typeof child === "string" ? [] : within(child))),
  ];
