import { parse } from "acorn";
import type { AnyNode, Expression } from "acorn";
import { minify } from "terser";
import { identifier, replaceIn } from "../../host/bundle/compact/nodes.js";

/**
 * A bundle in which every operand is looked at while it runs. Espruino answers otherwise than the
 * standard where an index of a typed array is no whole number from 0 on, where a number has more
 * than 53 bits, and where nothing is compared with nothing; so no bundle may have such operands.
 */

export const WATCHES = `
function hostIndex(list, index) {
  var odd = typeof index !== "number" || index % 1 !== 0 || index < 0;
  if (list.BYTES_PER_ELEMENT && odd) throw new Error("element " + index);
  return index;
}
function hostOperand(x) {
  if (x === undefined || x === null || x !== x) throw new Error("operand " + x);
  if (typeof x === "number" && x - x === 0 && Math.abs(x) > 9007199254740991) {
    throw new Error("operand " + x);
  }
  return x;
}
`;

const call = (name: string, ...given: Expression[]): Expression => ({
  type: "CallExpression", callee: identifier(name), arguments: given, optional: false,
  start: 0, end: 0,
});

const plain = (node: AnyNode): boolean => node.type === "Identifier" ||
  (node.type === "MemberExpression" && !node.computed && plain(node.object));

const operand = (node: Expression): Expression =>
  (node.type === "Literal" ? node : call("hostOperand", node));

const watched = (node: AnyNode): AnyNode | undefined => {
  if (node.type === "MemberExpression" && node.computed && plain(node.object)) {
    // What is looked at twice must not do anything.
    const list = structuredClone(node.object) as Expression;
    return { ...node, property: call("hostIndex", list, node.property as Expression) };
  }
  if (node.type === "BinaryExpression" && !/^[=!]=/.test(node.operator)) {
    return { ...node, left: operand(node.left as Expression), right: operand(node.right) };
  }
  return undefined;
};

/** @returns a bundle that throws at such an operand */
export const strict = async (bundle: string): Promise<string> => {
  const tree = parse(bundle, { ecmaVersion: 5 });
  replaceIn(tree, watched);
  const { code = "" } = await minify(tree as unknown as string, {
    parse: { spidermonkey: true } as object, ecma: 5, compress: false, mangle: false,
  });
  return WATCHES + code;
};
