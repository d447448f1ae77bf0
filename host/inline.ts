import { parse } from "acorn";
import type { Node } from "acorn";
import { full } from "acorn-walk";

/**
 * Moves each function of a bundle's outermost scope that is called at one place, and only there, to
 * that place. A board keeps the text of every function that a variable holds; what is called once
 * at start need not stay.
 *
 * @param code one function expression that is called at once, as the linker emits it
 */
export const inlineCalledOnce = (code: string): string => {
  for (let text = code; ; ) {
    const next = inlineOne(text);
    if (next === text) return text;
    text = next;
  }
};

interface Declared extends Node {
  readonly name: string;
  readonly statement: Node;
  readonly value: Node;
}

type AnyNode = Node & Record<string, unknown>;

/**
 * @returns the functions that are declared, each by a statement of its own, in the outermost scope.
 */
const declaredIn = (tree: Node): Declared[] => {
  const [outer] = (tree as unknown as { body: AnyNode[] }).body;
  const call = outer!["expression"] as AnyNode;
  const scope = ((call["callee"] as AnyNode)["body"] as AnyNode)["body"] as AnyNode[];
  return scope.flatMap((statement) => {
    const declarations = statement["declarations"] as AnyNode[] | undefined;
    const value = declarations?.[0]?.["init"] as AnyNode | null | undefined;
    if (declarations?.length !== 1 || value?.type !== "FunctionExpression") return [];
    const { name } = declarations[0]!["id"] as { name: string };
    return [{ ...statement, name, statement, value }];
  });
};

const inlineOne = (code: string): string => {
  const tree = parse(code, { ecmaVersion: 5 });
  const uses = new Map<string, number>();
  const callees = new Map<string, Node>();
  full(tree, (node) => {
    const { name, callee } = node as unknown as { name?: string; callee?: AnyNode };
    if (node.type === "Identifier" && name !== undefined) uses.set(name, (uses.get(name) ?? 0) + 1);
    if (node.type === "CallExpression" && callee?.type === "Identifier") {
      callees.set(callee["name"] as string, callee);
    }
  });
  for (const { name, statement, value } of declaredIn(tree)) {
    const callee = callees.get(name);
    // One use is the declaration, the other the call.
    if (!callee || uses.get(name) !== 2 || callee.start < statement.end) continue;
    return code.slice(0, statement.start) + code.slice(statement.end, callee.start) +
      `(${code.slice(value.start, value.end)})` + code.slice(callee.end);
  }
  return code;
};
