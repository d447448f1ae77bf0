import { parse } from "acorn";
import type { AnyNode } from "acorn";
import { isFunction, nodesIn } from "./nodes.js";

/**
 * A function whose text ends with a bare `return` is one that Espruino cannot run: it keeps the
 * text without the last brace, and looks for an expression behind that word.
 */

/** Where such texts end; `tree` is that of the script. */
export const bareEnds = (code: string, tree: AnyNode): number[] =>
  nodesIn(tree).flatMap((node) => {
    if (!isFunction(node)) return [];
    const from = node.body.start + 1;
    const text = code.slice(from, node.body.end - 1).trimEnd();
    return /(?:^|[^\w$.])return$/.test(text) ? [from + text.length] : [];
  });

/** @returns the script, with a semicolon behind each of them */
export const ended = (code: string): string => {
  let text = code;
  const ends = bareEnds(code, parse(code, { ecmaVersion: 5 }));
  for (const at of ends.toSorted((one, other) => other - one)) {
    text = `${text.slice(0, at)};${text.slice(at)}`;
  }
  return text;
};
