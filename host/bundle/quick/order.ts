import { parse } from "acorn";
import type { Identifier } from "acorn";
import { nameApart } from "../compact/names.js";
import { functionsIn, nodesIn } from "../compact/nodes.js";

/** How many variables are declared before all others, and how often these are used at least. */
const FIRST = 9;
const OFTEN = 6;

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
  for (const node of inner.flatMap(({ body }) => body.body.flatMap((one) => nodesIn(one, false)))) {
    if (node.type !== "Identifier") continue;
    const count = uses.get(node.name);
    if (count !== undefined) uses.set(node.name, count + 1);
  }
  const most = [...uses].filter(([, count]) => count >= OFTEN)
    .toSorted(([, one], [, other]) => other - one).slice(0, FIRST)
    .map(([name]) => name.replace(/\$\d+$/, ""));
  if (!most.length) return code;
  const from = whole.body.start + 1;
  return `${code.slice(0, from)}var ${most.join()};${code.slice(from)}`;
};
