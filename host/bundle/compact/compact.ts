import { parse } from "acorn";
import type { Program } from "acorn";
import { refuse } from "./check.js";
import { flatten } from "./flatten.js";
import { inline } from "./inline.js";
import { nameApart } from "./names.js";
import type { Names } from "./names.js";
import { dissolve, mergeNames, mergeTables } from "./variables.js";

/**
 * Makes of a board's modules one scope with as few variables, functions and objects as can be. The
 * firmware is written in parts that know of each other only what they are handed; a bundle is run
 * by one board, where every part is made once (docs/boards.md).
 *
 * @param code one function expression that is called at once, as the linker emits it, in which no
 *   variable is read before it has its value
 * @param then what else is done to it, whose names each stand for one variable
 * @returns the syntax tree of a script that does the same
 * @throws Error where there is something in the code that none of the steps was made for
 */
export const compact = (
  code: string, then: (tree: Program, names: Names) => void = () => undefined,
): Program => {
  const tree = parse(code, { ecmaVersion: 5 });
  refuse(tree, code);
  const names = nameApart(tree);
  const steps = [inline, flatten, mergeNames, dissolve];
  while (steps.filter((step) => step(tree, names)).length);
  then(tree, names);
  mergeTables(tree, names);
  return tree;
};
