import type { AnyNode, Expression, Statement } from "acorn";
import { isNode, nodesIn, nothing, replaceIn } from "../compact/nodes.js";

/** What can be worked out before a board runs it. */

export type Known = number | boolean | string | undefined;

export const literal = (value: Known): Expression =>
  (value === undefined ? nothing()
    : typeof value === "number" && (value < 0 || Object.is(value, -0))
      ? {
        type: "UnaryExpression", operator: "-", prefix: true, start: 0, end: 0,
        argument: { type: "Literal", value: -value, raw: String(-value), start: 0, end: 0 },
      }
      : { type: "Literal", value, raw: JSON.stringify(value), start: 0, end: 0 });

/** @returns the value of an expression that is known, in a list; an empty one where it is not */
export const knownOf = (node: AnyNode | null | undefined): [Known] | [] => {
  if (node?.type === "Literal") {
    const { value } = node;
    return typeof value === "number" || typeof value === "boolean" || typeof value === "string"
      ? [value] : [];
  }
  if (node?.type !== "UnaryExpression") return [];
  const known = knownOf(node.argument);
  if (!known.length) return [];
  const [value] = known;
  switch (node.operator) {
    case "-": return typeof value === "number" ? [-value] : [];
    case "+": return typeof value === "number" || typeof value === "boolean" ? [Number(value)] : [];
    case "~": return typeof value === "number" ? [~value] : [];
    case "!": return [!value];
    case "void": return [undefined];
    default: return [];
  }
};

export const isKnown = (node: AnyNode | null | undefined): boolean => knownOf(node).length > 0;

const OPERATORS: Readonly<Record<string, (one: number, other: number) => Known>> = {
  "+": (one, other) => one + other, "-": (one, other) => one - other,
  "*": (one, other) => one * other, "%": (one, other) => one % other,
  "&": (one, other) => one & other, "|": (one, other) => one | other,
  "^": (one, other) => one ^ other, "<<": (one, other) => one << other,
  ">>": (one, other) => one >> other, ">>>": (one, other) => one >>> other,
  "<": (one, other) => one < other, ">": (one, other) => one > other,
  "<=": (one, other) => one <= other, ">=": (one, other) => one >= other,
  "==": (one, other) => one === other, "!=": (one, other) => one !== other,
  "===": (one, other) => one === other, "!==": (one, other) => one !== other,
};

/** Whether an expression is a number, whatever the variables are. */
const isNumber = (node: AnyNode): boolean => {
  if (node.type === "BinaryExpression") {
    return ["-", "*", "/", "%", "&", "|", "^", "<<", ">>", ">>>"].includes(node.operator) ||
      (node.operator === "+" && isNumber(node.left) && isNumber(node.right));
  }
  return typeof knownOf(node)[0] === "number";
};

/** `a * 2 > 3`: of both sides half, which is exact. */
const half = (node: AnyNode & { type: "BinaryExpression" }): Expression | undefined => {
  const once = (side: AnyNode): Expression | undefined => {
    if (side.type !== "BinaryExpression" || side.operator !== "*") return undefined;
    const { left, right } = side;
    return knownOf(right)[0] === 2 ? left as Expression
      : knownOf(left)[0] === 2 ? right : undefined;
  };
  const [one] = knownOf(node.left);
  const [other] = knownOf(node.right);
  const left = typeof one === "number" ? literal(one / 2) : once(node.left);
  const right = typeof other === "number" ? literal(other / 2) : once(node.right);
  return left && right && { ...node, left, right };
};

const foldBinary = (node: AnyNode & { type: "BinaryExpression" }): Expression | undefined => {
  const { operator, left, right } = node;
  const [one] = knownOf(left);
  const [other] = knownOf(right);
  if (typeof one === "number" && typeof other === "number") {
    const value = OPERATORS[operator]?.(one, other);
    return value === undefined ? undefined : literal(value);
  }
  const halved = ["<", ">", "<=", ">="].includes(operator) ? half(node) : undefined;
  if (halved) return halved;
  // The firmware multiplies numbers only.
  if (operator === "*" && one === 1) return right;
  if (operator === "*" && other === 1) return left as Expression;
  if ("*&".includes(operator) && (one === 0 || other === 0) &&
    ((one === 0 ? right : left) as AnyNode).type === "Identifier") return literal(0);
  if (operator === "+" && one === 0 && isNumber(right)) return right;
  if ("+-|".includes(operator) && other === 0 && isNumber(left)) {
    return left as Expression;
  }
  // The lower bits of what is shifted by nothing.
  const shifted = left as AnyNode;
  if (operator === "&" && shifted.type === "BinaryExpression" && shifted.operator === ">>" &&
    knownOf(shifted.right)[0] === 0) return { ...node, left: shifted.left };
  // (a + 1) + 2
  if (operator === "+" && typeof other === "number" && (left as AnyNode).type ===
    "BinaryExpression") {
    const inner = left as AnyNode & { type: "BinaryExpression" };
    const [last] = knownOf(inner.right);
    if (inner.operator === "+" && typeof last === "number" && isNumber(inner.left)) {
      return { ...inner, right: literal(last + other) };
    }
  }
  return undefined;
};

/** Whether evaluating an expression changes nothing, and may be done later or twice. */
export const isPure = (node: AnyNode): boolean => nodesIn(node).every(({ type }) => [
  "Literal", "Identifier", "MemberExpression", "UnaryExpression", "BinaryExpression",
  "LogicalExpression", "ConditionalExpression",
].includes(type));

/** A test, of which the second half is known. */
const testOf = ({ ...test }: Expression): Expression | undefined => {
  if (test.type !== "LogicalExpression" || test.operator === "??") return undefined;
  if (!isKnown(test.right)) return undefined;
  const [right] = knownOf(test.right);
  if ((test.operator === "&&") === Boolean(right)) return test.left;
  // What is to the left is only asked.
  return isPure(test.left) ? literal(Boolean(right)) : undefined;
};

/** @returns what stands for a node whose outcome is known, if it is */
const folded = (node: AnyNode): AnyNode | undefined => {
  switch (node.type) {
    case "BinaryExpression": return foldBinary(node);
    case "LogicalExpression": {
      if (!isKnown(node.left)) return undefined;
      const [left] = knownOf(node.left);
      return (node.operator === "&&") === Boolean(left) ? node.right : node.left;
    }
    case "ConditionalExpression": {
      if (!isKnown(node.test)) return undefined;
      return knownOf(node.test)[0] ? node.consequent : node.alternate;
    }
    case "IfStatement": {
      const plain = testOf(node.test);
      if (plain) return { ...node, test: plain };
      if (!isKnown(node.test)) return undefined;
      const [test] = knownOf(node.test);
      return (test ? node.consequent : node.alternate) ?? EMPTY;
    }
    case "MemberExpression": {
      // An index is a number.
      const { property, computed } = node;
      const [place] = computed ? knownOf(property) : [];
      if (node.object.type === "ArrayExpression" && typeof place === "number") {
        const { elements } = node.object;
        const known = place in elements && elements.every((one) => isKnown(one));
        return known ? elements[place]! : undefined;
      }
      if (!computed || property.type !== "BinaryExpression" || property.operator !== "+") {
        return undefined;
      }
      if (knownOf(property.right)[0] === 0) {
        return { ...node, property: property.left as Expression };
      }
      return knownOf(property.left)[0] === 0 ? { ...node, property: property.right } : undefined;
    }
    case "SequenceExpression": {
      const last = node.expressions.at(-1)!;
      const left = node.expressions.filter((each) => each === last || !isKnown(each));
      if (left.length === node.expressions.length) return undefined;
      return left.length > 1 ? { ...node, expressions: left } : last;
    }
    case "ForStatement":
    case "WhileStatement": {
      const plain = node.test && testOf(node.test);
      if (plain) return { ...node, test: plain };
      const never = isKnown(node.test) && !knownOf(node.test)[0];
      if (!never || (node.type === "ForStatement" && node.init)) {
        return undefined;
      }
      return EMPTY;
    }
    default: return undefined;
  }
};

const EMPTY: Statement = { type: "EmptyStatement", start: 0, end: 0 };

/**
 * Works out what is known. An expression list in a statement is one statement each.
 *
 * @returns whether there was anything
 */
export const fold = (tree: AnyNode): boolean => {
  let changed = false;
  replaceIn(tree, (node) => {
    const [value] = knownOf(node);
    // `-1` is as short as it can be.
    if (node.type === "UnaryExpression" && node.operator !== "-" &&
      value !== undefined) {
      changed = true;
      return literal(value);
    }
    const instead = folded(node);
    if (instead) changed = true;
    return instead;
  });
  return changed;
};

/** @returns the statements of each list in the tree, which may be changed in place */
export const listsIn = (nodes: readonly AnyNode[]): Statement[][] =>
  nodes.flatMap((node) =>
    (node.type === "BlockStatement" || node.type === "Program" ? [node.body as Statement[]] : []));

/** A copy of a part of the tree. */
export const copyOf = <Part>(part: Part): Part => {
  if (Array.isArray(part)) return part.map(copyOf) as Part;
  if (!isNode(part)) return part;
  return Object.fromEntries(
    Object.entries(part).map(([field, value]) => [field, copyOf(value as unknown)])) as Part;
};
