import { parse } from "acorn";
import type { AnyNode, Node } from "acorn";
import { ancestor, simple } from "acorn-walk";

/**
 * What a board that signs executes besides hashing. Its bundle is run with each call of the native
 * hash taken out, with the loop that does nothing but walk a chain; then no signature is right, so
 * where a root is compared it is compared with itself. What else is done stays the same, byte for
 * byte, whatever the heap is like, in which the interpreter looks long for room for a hash.
 */

interface Cut {
  readonly node: Node;
  readonly by: string;
}

/** What the native hash is called in a bundle. */
const hashIn = (tree: Node): string => {
  let name: string | undefined;
  simple(tree, {
    VariableDeclarator({ id, init }) {
      if (init?.type === "MemberExpression" && init.property.type === "Identifier" &&
        init.property.name === "SHA256" && id.type === "Identifier") ({ name } = id);
    },
  });
  if (name === undefined) throw new Error("there is no native hash in the bundle");
  return name;
};

/** Whether a loop does nothing but number a step and hash: at most two expressions. */
const isChain = (node: AnyNode): boolean => {
  if (node.type !== "ForStatement") return false;
  const { body } = node;
  const list = body.type === "BlockStatement" ? body.body : [body];
  const all = list.flatMap((one) => (one.type !== "ExpressionStatement" ? []
    : one.expression.type === "SequenceExpression" ? one.expression.expressions
      : [one.expression]));
  return all.length === 2 && all[0]!.type === "AssignmentExpression" &&
    all[1]!.type === "CallExpression";
};

/**
 * @returns a bundle's text without hashing, and how many places were changed
 * @throws Error where there is no native hash in it, or no comparison of roots
 */
export const hashless = (text: string): { text: string; cuts: number } => {
  const tree = parse(text, { ecmaVersion: 5 });
  const name = hashIn(tree);
  const cuts: Cut[] = [];
  ancestor(tree, {
    CallExpression(node, _state, ancestors) {
      if (node.callee.type !== "Identifier" || node.callee.name !== name) return;
      const loop = ancestors.findLast(isChain);
      // What is put down is the hash: the call around it.
      cuts.push(loop ? { node: loop, by: ";" } : { node: ancestors.at(-2)!, by: "0" });
    },
  });
  let compared = 0;
  simple(tree, {
    LogicalExpression({ left, right }) {
      // The bytes of a root, from the last one on: `left && a[value + left - 1] === a[key + ...]`.
      if (left.type !== "Identifier" || right.type !== "BinaryExpression" ||
        right.operator !== "===" || !text.slice(right.right.start, right.right.end).includes("+15+")
      ) return;
      cuts.push({ node: right.right, by: text.slice(right.left.start, right.left.end) });
      compared++;
    },
  });
  if (compared !== 1) throw new Error(`roots are compared in ${compared} places, not in one`);
  const unique = new Map(cuts.map((cut) => [cut.node.start, cut]));
  const changed = [...unique.values()].toSorted((one, other) => other.node.start - one.node.start)
    .reduce((rest, { node, by }) => rest.slice(0, node.start) + by + rest.slice(node.end), text);
  return { text: changed, cuts: unique.size };
};
