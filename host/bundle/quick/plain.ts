import type { AnyNode, Expression, Identifier } from "acorn";
import type { Names } from "../compact/names.js";
import { declaredBy, functionsIn, replaceIn } from "../compact/nodes.js";
import type { Callable } from "../compact/nodes.js";

/**
 * Bytes that are read and written through a view of a whole array of bytes: as what is in the
 * array, which takes an interpreter no call. Both keep the lowest eight bits of a number.
 */

type Member = AnyNode & { readonly object: Identifier; readonly property: Identifier };

const isMember = (node: AnyNode): node is Member =>
  node.type === "MemberExpression" && !node.computed && node.object.type === "Identifier";

/** By the name of a view: that of its array. */
const viewsIn = ({ body }: Callable, steady: (name: string) => boolean): Map<string, string> => {
  const arrays = new Set<string>();
  const views = new Map<string, string>();
  for (const { name, value } of body.body.flatMap((one) => declaredBy(one) ?? [])) {
    if (value.type !== "NewExpression" || value.arguments.length !== 1 || !steady(name)) continue;
    const [of] = value.arguments as AnyNode[];
    const kind = (value.callee as Identifier).name;
    // Of a length, and not of a buffer that may begin before it.
    if (kind === "Uint8Array" && of!.type === "Literal") arrays.add(name);
    if (kind === "DataView" && isMember(of!) && of.property.name === "buffer" &&
      arrays.has(of.object.name)) views.set(name, of.object.name);
  }
  return views;
};

/** @returns whether there were any */
export const plain = (tree: AnyNode, names: Names): boolean => {
  const [whole] = functionsIn(tree);
  const views = whole ? viewsIn(whole, names.steady()) : new Map<string, string>();
  let changed = false;
  const element = (view: string, property: Expression): Expression => {
    changed = true;
    return {
      type: "MemberExpression", computed: true, optional: false, start: 0, end: 0, property,
      object: { type: "Identifier", name: views.get(view)!, start: 0, end: 0 },
    };
  };
  const calledOf = (node: AnyNode, method: string, count: number): string | undefined =>
    (node.type === "CallExpression" && isMember(node.callee) &&
      views.has(node.callee.object.name) && node.callee.property.name === method &&
      node.arguments.length === count ? node.callee.object.name : undefined);
  replaceIn(tree, (node) => {
    if (node.type === "ExpressionStatement") {
      const { expression } = node;
      const view = calledOf(expression, "setUint8", 2);
      if (view === undefined || expression.type !== "CallExpression") return undefined;
      const [at, right] = expression.arguments as Expression[];
      return {
        ...node, expression: {
          type: "AssignmentExpression", operator: "=", start: 0, end: 0, right: right!,
          left: element(view, at!) as never,
        },
      };
    }
    const view = calledOf(node, "getUint8", 1);
    if (view === undefined || node.type !== "CallExpression") return undefined;
    return element(view, node.arguments[0] as Expression);
  });
  return changed;
};
