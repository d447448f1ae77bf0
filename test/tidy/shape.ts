import ts from "typescript";
import { lineOf, parse } from "./source.js";
import type { Rule } from "./source.js";

export const COLUMNS_MAX = 100;
export const FILE_LINES_MAX = 399;
export const FUNCTION_LINES_MAX = 69;

const EXCUSE = /^\/\/ longer than 400 lines: \S/;

/** Columns are characters, not bytes: ⊥ is one. */
export const columns: Rule = (sources) => sources.flatMap(({ path, text }) =>
  text.split("\n").flatMap((line, index) => {
    const { length } = Array.from(line);
    return length > COLUMNS_MAX ? [`${path}:${index + 1}: ${length} columns`] : [];
  }));

/** A file that must be longer says why in its first line. */
export const fileLines: Rule = (sources) => sources.flatMap(({ path, text }) => {
  const { length } = text.replace(/\n$/, "").split("\n");
  return length > FILE_LINES_MAX && !EXCUSE.test(text) ? [`${path}:1: ${length} lines`] : [];
});

/**
 * A function that stands inside another one counts there as one line, and by itself in full: what
 * is read in one go is to be short.
 */
export const functionLines: Rule = (sources) => sources.flatMap((source) => {
  const complaints: string[] = [];
  const tree = parse(source);
  const spanOf = (node: ts.Node) =>
    tree.getLineAndCharacterOfPosition(node.end).line + 2 - lineOf(node);
  // Gives how many lines of `node` are those of functions in it, but for one line each.
  const visit = (node: ts.Node): number => {
    let inner = 0;
    ts.forEachChild(node, (child) => {
      inner += visit(child);
    });
    if (!ts.isFunctionLike(node) || !("body" in node)) return inner;
    const span = spanOf(node);
    const own = span - inner;
    if (own > FUNCTION_LINES_MAX) {
      complaints.push(`${source.path}:${lineOf(node)}: a function of ${own} lines`);
    }
    return span - 1;
  };
  visit(tree);
  return complaints;
});
