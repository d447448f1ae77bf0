import type { AnyNode, CallExpression } from "acorn";
import type { Names } from "./names.js";
import { declaredBy, functionsIn, nodesIn } from "./nodes.js";

/**
 * Moves each function of the outermost scope that is called at one place in that scope, and used
 * nowhere else, to that place. A board keeps the text of every function that a variable holds; what
 * is called once at start need not stay.
 *
 * @returns whether there was one
 */
export const inline = (tree: AnyNode, names: Names): boolean => {
  const [outermost] = functionsIn(tree);
  const uses = names.uses();
  const calls = new Map<string, CallExpression>();
  const { body } = outermost!;
  for (const node of body.body.flatMap((statement) => nodesIn(statement, false))) {
    if (node.type === "CallExpression" && node.callee.type === "Identifier") {
      calls.set(node.callee.name, node);
    }
  }
  const left = body.body.filter((statement) => {
    const { name = "", value } = declaredBy(statement) ?? {};
    const call = calls.get(name);
    // One use is the declaration, the other the call.
    if (value?.type !== "FunctionExpression" || !call || uses.get(name) !== 2) return true;
    call.callee = value;
    return false;
  });
  const changed = left.length < body.body.length;
  body.body = left;
  return changed;
};
