import { parse } from "acorn";
import type { AnyNode, Identifier } from "acorn";
import { functionsIn, nodesIn } from "./nodes.js";
import type { Callable } from "./nodes.js";

/** The nodes of a function itself, without those of functions within. */
const own = ({ body }: Callable): AnyNode[] =>
  body.body.flatMap((statement) => nodesIn(statement, false));

/** The variables that a function names before it reaches their `var`. */
const lateIn = (each: Callable): Set<string> => {
  const nodes = own(each);
  const declared = new Map<string, number>();
  for (const node of nodes) {
    if (node.type !== "VariableDeclarator") continue;
    const { name } = node.id as Identifier;
    declared.set(name, Math.min(node.start, declared.get(name) ?? Infinity));
  }
  for (const { name } of each.params) declared.delete(name);
  return new Set(nodes.flatMap((node) => {
    const late = node.type === "Identifier" && node.start < (declared.get(node.name) ?? 0);
    return late ? [node.name] : [];
  }));
};

/**
 * A minifier writes `n = 1, ...; var n`, which is the same to the standard. Espruino declares a
 * variable where its `var` is reached: before that, the name is one of another scope, or none.
 *
 * @param code a script of ES5
 * @returns the script, in which each function first declares what it would name too early
 */
export const declareFirst = (code: string): string => {
  const cuts: { from: number; to: number; put: string }[] = [];
  for (const each of functionsIn(parse(code, { ecmaVersion: 5 }))) {
    const late = lateIn(each);
    if (!late.size) continue;
    const from = each.body.start + 1;
    cuts.push({ from, to: from, put: `var ${[...late].join()};` });
    // A statement that only declares what is declared now.
    const nodes = own(each);
    const heads = new Set(nodes.flatMap((node): (AnyNode | null | undefined)[] =>
      (node.type === "ForStatement" ? [node.init] : node.type === "ForInStatement" ? [node.left]
        : [])));
    for (const node of nodes) {
      if (node.type === "VariableDeclaration" && !heads.has(node) && node.declarations.every(
        ({ id, init }) => !init && late.has((id as Identifier).name))) {
        cuts.push({ from: node.start, to: node.end, put: code[node.end - 1] === ";" ? ";" : "" });
      }
    }
  }
  let text = code;
  for (const { from, to, put } of cuts.toSorted((one, other) => other.from - one.from)) {
    text = text.slice(0, from) + put + text.slice(to);
  }
  return text;
};
