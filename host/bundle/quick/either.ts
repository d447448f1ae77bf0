import type { AnyNode, ConditionalExpression, Expression, Statement } from "acorn";
import type { Names } from "../compact/names.js";
import { declaredBy, nodesIn } from "../compact/nodes.js";
import { copyOf, fold, isKnown, isPure, knownOf } from "./fold.js";
import { namesIn, replaceVariables } from "./values.js";

/**
 * A variable that is one of two numbers, and which of them is asked by the next statement: that
 * statement asks itself. What finds a place or -1 is written so, and asked for the -1.
 */

interface Either {
  readonly name: string;
  readonly test: Expression;
  readonly one: Expression;
  readonly other: Expression;
}

const eitherOf = (statement: Statement): Either | undefined => {
  const { name, value } = declaredBy(statement) ?? {};
  if (name === undefined || value?.type !== "ConditionalExpression") return undefined;
  const { test, consequent: one, alternate: other } = value;
  const known = [one, other].every((each) => typeof knownOf(each)[0] === "number");
  return known && isPure(test) ? { name, test, one, other } : undefined;
};

/** A part of the tree, with a number in the place of the variable. */
const given = <Part extends AnyNode>(part: Part, name: string, value: Expression): Part => {
  const holder = { type: "ArrayExpression", elements: [copyOf(part)], start: 0, end: 0 };
  replaceVariables(holder as unknown as AnyNode,
    (each) => (each === name ? copyOf(value) : undefined));
  while (fold(holder as unknown as AnyNode));
  return holder.elements[0]!;
};

const isIn = (part: AnyNode, name: string): boolean => namesIn([part]).has(name);

/** `if` and `?:` have their parts by the same names. */
interface Branches {
  readonly test: Expression;
  readonly consequent: AnyNode;
  readonly alternate?: AnyNode | null | undefined;
}

/** @returns the parts of a choice that asks which it is, where it asks itself, or undefined */
const asked = (choice: Branches, { name, test, one, other }: Either): Branches | undefined => {
  const first = given(choice.test, name, one);
  const second = given(choice.test, name, other);
  if (!isKnown(second)) return undefined;
  const branch = (known: Expression, value: Expression): AnyNode | null => {
    const { consequent, alternate = null } = choice;
    const taken = knownOf(known)[0] ? consequent : alternate;
    return taken && given(taken, name, value);
  };
  if (isKnown(first)) {
    // Whichever it is, the same: then it is asked for nothing.
    if (Boolean(knownOf(first)[0]) === Boolean(knownOf(second)[0])) return undefined;
    const consequent = branch(first, one) ??
      { type: "BlockStatement", body: [], start: 0, end: 0 };
    return { test, consequent, alternate: branch(second, other) };
  }
  const { alternate } = choice;
  if (knownOf(second)[0] || (alternate && isIn(alternate, name))) return undefined;
  return {
    consequent: given(choice.consequent, name, one), alternate,
    test: { type: "LogicalExpression", operator: "&&", left: test, right: first, start: 0, end: 0 },
  };
};

/** @returns the statement that asks itself, or undefined */
const resolved = (next: Statement, either: Either): Statement | undefined => {
  if (next.type === "IfStatement") {
    const parts = asked(next, either);
    return parts && { ...next, ...parts } as Statement;
  }
  if (next.type !== "ExpressionStatement") return undefined;
  const { expression } = next;
  if (expression.type !== "AssignmentExpression" || expression.operator !== "=" ||
    expression.right.type !== "ConditionalExpression" || !isPure(expression.left) ||
    isIn(expression.left, either.name)) return undefined;
  const parts = asked(expression.right, either);
  if (!parts) return undefined;
  const right = { ...expression.right, ...parts } as ConditionalExpression;
  return { ...next, expression: { ...expression, right } };
};

/** @returns whether there was any */
export const ask = (tree: AnyNode, names: Names): boolean => {
  const sites = names.sites();
  const uses = names.uses();
  let changed = false;
  const within = (list: Statement[]): void => {
    for (let at = 0; at + 1 < list.length; at++) {
      const either = eitherOf(list[at]!);
      if (!either || sites.get(either.name) !== 1) continue;
      const next = list[at + 1]!;
      if (namesIn([next]).get(either.name) !== uses.get(either.name)! - 1) continue;
      const instead = resolved(next, either);
      if (!instead) continue;
      list.splice(at--, 2, instead);
      changed = true;
    }
  };
  for (const node of nodesIn(tree)) {
    if (node.type === "BlockStatement" || node.type === "Program") within(node.body as Statement[]);
  }
  return changed;
};
