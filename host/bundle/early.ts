import { parse } from "acorn";
import type { AnyNode, Identifier } from "acorn";
import { nameApart } from "./compact/names.js";
import { functionsIn, isFunction, nodesIn } from "./compact/nodes.js";

/** Where a function is called by its name although a variable that it uses comes only later. */

/** The names in a function, and in those that it names, whatever it does with them. */
const namesIn = (node: AnyNode, functions: ReadonlyMap<string, AnyNode>): Set<string> => {
  const names = new Set<string>();
  const add = (one: AnyNode) => {
    for (const inner of nodesIn(one)) {
      if (inner.type !== "Identifier" || names.has(inner.name)) continue;
      names.add(inner.name);
      const called = functions.get(inner.name);
      if (called) add(called);
    }
  };
  add(node);
  return names;
};

/** @returns what is wrong, a line each */
export const calledEarly = (text: string): string[] => {
  const tree = parse(text, { ecmaVersion: 5 });
  // Each variable has a name of its own from here on.
  nameApart(tree);
  const bodies = [tree.body, ...functionsIn(tree).map(({ body }) => body.body)];
  return bodies.flatMap((body) => {
    const own = (body as AnyNode[]).flatMap((statement) => nodesIn(statement, false));
    const declared = new Map<string, number>();
    const functions = new Map<string, AnyNode>();
    for (const node of own) {
      if (node.type !== "VariableDeclarator") continue;
      const { name } = node.id as Identifier;
      declared.set(name, Math.min(node.start, declared.get(name) ?? Infinity));
      if (node.init && isFunction(node.init)) functions.set(name, node.init);
    }
    return own.flatMap((node) => {
      if (node.type !== "CallExpression" || node.callee.type !== "Identifier") return [];
      const called = functions.get(node.callee.name);
      if (!called) return [];
      const early = [...namesIn(called, functions)].some((name) =>
        (declared.get(name) ?? 0) > node.start);
      const near = JSON.stringify(text.slice(node.start, node.start + 40));
      return early ? [`called before what it uses is declared: ${near}`] : [];
    });
  });
};
