import type { AnyNode, Expression } from "acorn";
import type { Names } from "../compact/names.js";
import { declaredBy, functionsIn, identifier, nodesIn, variable } from "../compact/nodes.js";
import { callsOf, functionsOf } from "./calls.js";
import { copyOf, knownOf } from "./fold.js";

/** What is handed over at each call alike is no parameter. */

/** What a script that is one function, called at once, declares in no loop: all in it see that. */
const outermost = (tree: AnyNode, steady: (name: string) => boolean): Set<string> => {
  const [whole] = functionsIn(tree);
  return new Set(whole?.body.body.flatMap((one) => {
    const { name = "" } = declaredBy(one) ?? {};
    return steady(name) ? name : [];
  }));
};

/**
 * What is handed over is the same at each call, a value or an outermost variable that has one for
 * good: it is no parameter.
 *
 * @returns whether there was one
 */
export const settleParameters = (tree: AnyNode, names: Names): boolean => {
  const steady = names.steady();
  const functions = functionsOf(tree, steady);
  const uses = names.uses();
  const outer = outermost(tree, steady);
  const calls = new Map<string, Expression[][]>();
  for (const node of nodesIn(tree)) {
    if (!callsOf(node)) continue;
    calls.set(node.callee.name, [...calls.get(node.callee.name) ?? [], node.arguments]);
  }
  let changed = false;
  for (const [name, called] of functions) {
    const all = calls.get(name) ?? [];
    // Whoever else has it may call it with anything.
    if (!all.length || all.length !== (uses.get(name) ?? 0) - 1) continue;
    for (let at = called.params.length; at--; ) {
      const parameter = called.params[at]!;
      const values = all.map((given): readonly unknown[] => {
        const one = given[at];
        return one?.type === "Identifier" && outer.has(one.name) ? [identifier, one.name]
          : knownOf(one);
      });
      const same = (one: readonly unknown[]) =>
        one.length && one.length === values[0]!.length && one.every((each, index) =>
          each === values[0]![index]);
      if (!steady(parameter.name) || !values.every(same)) continue;
      const value = all[0]![at]!;
      called.params.splice(at, 1);
      for (const given of all) given.splice(at, 1);
      called.body.body.unshift(variable(parameter.name, copyOf(value)));
      changed = true;
    }
  }
  return changed;
};
