import type { AnyNode, Identifier } from "acorn";
import { isFunction, nodesIn } from "./nodes.js";

/** What a script may not have in it, for it might not do the same when it is compact. */
const whyNot = (node: AnyNode): string | undefined => {
  switch (node.type) {
    case "FunctionExpression":
      return node.id ? "a function expression has a name of its own" : undefined;
    case "Identifier":
      if (node.name === "arguments" || node.name === "eval") return `there is ${node.name}`;
      return /\$\d+$/.test(node.name) ? "a name ends as made-up ones do" : undefined;
    case "UnaryExpression":
      return node.operator === "delete" ? "something is deleted" : undefined;
    case "ArrayExpression":
      return node.elements.includes(null) ? "an array has a hole" : undefined;
    case "Property":
      return node.kind === "init" ? undefined : "an object has a getter or setter";
    case "CatchClause": {
      const { name } = node.param as Identifier;
      const again = nodesIn(node.body, false).some((inner) =>
        inner.type === "VariableDeclarator" && (inner.id as Identifier).name === name);
      return again ? "what is caught is declared again" : undefined;
    }
    case "WithStatement":
      return "there is `with`";
    default:
      return undefined;
  }
};

/** @throws Error naming what is in the script that must not be */
export const refuse = (tree: AnyNode, code: string): void => {
  for (const node of nodesIn(tree)) {
    const why = whyNot(node);
    if (why === undefined) continue;
    const end = isFunction(node) ? node.body.start : node.end;
    throw new Error(`cannot be made compact, ${why}: ${code.slice(node.start, end)}`);
  }
};
