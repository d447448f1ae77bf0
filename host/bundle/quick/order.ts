import { parse } from "acorn";
import type { AnyNode, Identifier, Program } from "acorn";
import { nameApart } from "../compact/names.js";
import { functionsIn, nodesIn } from "../compact/nodes.js";

/** How many variables are declared before all others, and how often these are used at least. */
const FIRST = 14;
const OFTEN = 6;
/** What hears is run for each frame, other functions once or twice a cycle. */
const HEARD = 6;

/** The function that is called with what comes: `uart.on("data", node.receive)` names it. */
const listenerIn = (tree: Program): AnyNode | undefined => {
  const nodes = nodesIn(tree);
  const heard = nodes.flatMap((node) => {
    if (node.type !== "CallExpression" || node.arguments.length !== 2) return [];
    const [what, by] = node.arguments;
    return what!.type === "Literal" && what.value === "data" && by!.type === "MemberExpression"
      ? (by.property as Identifier).name : [];
  });
  return nodes.find((node) => node.type === "Property" && heard.includes(
    (node.key as Identifier).name));
};

/**
 * Espruino looks for a variable among those of its scope in the order in which they were declared.
 *
 * @param code one function that is called at once
 * @returns the script, which first declares what its inner functions use most
 */
export const usedFirst = (code: string): string => {
  const tree = parse(code, { ecmaVersion: 5 });
  nameApart(tree);
  const [whole, ...inner] = functionsIn(tree);
  if (!whole) return code;
  const uses = new Map<string, number>();
  for (const node of whole.body.body.flatMap((one) => nodesIn(one, false))) {
    if (node.type === "VariableDeclarator") uses.set((node.id as Identifier).name, 0);
  }
  const countIn = (nodes: readonly AnyNode[], times: number) => {
    for (const node of nodes) {
      const before = node.type === "Identifier" ? uses.get(node.name) : undefined;
      if (before !== undefined) uses.set((node as Identifier).name, before + times);
    }
  };
  for (const { body } of inner) countIn(body.body.flatMap((one) => nodesIn(one, false)), 1);
  const listener = listenerIn(tree);
  if (listener) countIn(nodesIn(listener), HEARD - 1);
  const most = [...uses].filter(([, count]) => count >= OFTEN)
    .toSorted(([, one], [, other]) => other - one).slice(0, FIRST)
    .map(([name]) => name.replace(/\$\d+$/, ""));
  if (!most.length) return code;
  const from = whole.body.start + 1;
  return `${code.slice(0, from)}var ${most.join()};${code.slice(from)}`;
};
