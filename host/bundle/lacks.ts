import { parse } from "acorn";
import type { AnyNode, Node, Program } from "acorn";
import { ancestor, simple } from "acorn-walk";
import { LACKING, WORDS } from "./allowed.js";
import { bareEnds } from "./compact/ended.js";
import { calledEarly } from "./early.js";

/**
 * What Espruino lacks, or does otherwise than the standard says, in the text of a bundle. It has no
 * labels, and it runs declarations where they stand: a function that is called, or a variable that
 * is used, before its declaration was reached is another one of that name, or none.
 */

interface Scope {
  readonly node: Node;
  readonly declared: Map<string, number>;
  readonly parameters: Set<string>;
}

type Named = Node & { readonly name: string };
type FunctionNode = Node & { readonly params: readonly Named[]; readonly id?: Named | null };

const isFunction = (node: Node): boolean =>
  node.type === "FunctionExpression" || node.type === "FunctionDeclaration";

/** @returns what is wrong, a line each; nothing where Espruino runs the text as it is meant. */
export const lacksIn = (text: string): string[] => {
  const wrong: string[] = [];
  let tree: Program;
  try {
    tree = parse(text, { ecmaVersion: 5, locations: false });
  } catch (thrown) {
    return [`is not ES5: ${(thrown as Error).message}`];
  }
  const near = (at: number) => JSON.stringify(text.slice(at, at + 40));
  const scopes = new Map<Node, Scope>();
  const scopeOf = (node: Node): Scope => {
    const known = scopes.get(node);
    if (known) return known;
    const parameters = new Set(
      isFunction(node) ? (node as FunctionNode).params.map((parameter) => parameter.name) : [],
    );
    const scope = { node, declared: new Map<string, number>(), parameters };
    scopes.set(node, scope);
    return scope;
  };
  const enclosing = (ancestors: readonly Node[], skipSelf: boolean): Node[] =>
    [tree, ...ancestors.slice(0, skipSelf ? -1 : undefined).filter(isFunction)];
  const declare = (name: string, at: number, ancestors: readonly Node[], skipSelf: boolean) => {
    if (WORDS.has(name)) wrong.push(`a word of Espruino's own: ${near(at)}`);
    const { declared } = scopeOf(enclosing(ancestors, skipSelf).at(-1)!);
    declared.set(name, Math.min(at, declared.get(name) ?? Infinity));
  };
  ancestor(tree, {
    VariableDeclarator(node, _state, ancestors) {
      declare((node.id as Named).name, node.start, ancestors, false);
    },
    FunctionDeclaration(node, _state, ancestors) {
      declare((node.id as Named).name, node.end, ancestors, true);
    },
  });
  const use = (node: Node, ancestors: readonly Node[]) => {
    const { name } = node as Named;
    const around = enclosing(ancestors, false);
    for (let depth = around.length - 1; depth >= 0; depth--) {
      const { declared, parameters } = scopeOf(around[depth]!);
      if (parameters.has(name)) return;
      const at = declared.get(name);
      if (at === undefined) continue;
      // What an inner function uses is there by the time that the function is called.
      if (depth === around.length - 1 && node.start < at) {
        wrong.push(`used before its declaration: ${near(node.start)}`);
      }
      return;
    }
  };
  ancestor(tree, {
    Identifier(node, _state, ancestors) {
      if (WORDS.has(node.name)) wrong.push(`a word of Espruino's own: ${near(node.start)}`);
      use(node, ancestors);
    },
    VariablePattern(node: Node, _state: unknown, ancestors: Node[]) {
      if (ancestors.at(-2)?.type === "AssignmentExpression") use(node, ancestors);
    },
  } as Parameters<typeof ancestor>[1]);
  wrong.push(...oddIn(tree, near), ...calledEarly(text));
  for (const at of bareEnds(text, tree)) {
    wrong.push(`a function that ends with return and no semicolon: ${near(Math.max(0, at - 30))}`);
  }
  return wrong;
};

type Near = (at: number) => string;

const isZero = (node: AnyNode): boolean => node.type === "Literal" && node.value === 0;

/** Forms that Espruino has not, or reads otherwise. */
const oddIn = (tree: Node, near: Near): string[] => {
  const wrong: string[] = [];
  const statements = new Set<Node>();
  const unused = (node: AnyNode): void => {
    statements.add(node);
    if (node.type === "SequenceExpression") node.expressions.forEach(unused);
    if (node.type === "LogicalExpression") unused(node.right);
    if (node.type === "ConditionalExpression") [node.consequent, node.alternate].forEach(unused);
    if (node.type === "UnaryExpression" && node.operator === "void") unused(node.argument);
  };
  const noted = (what: string) => (node: Node) => {
    wrong.push(`${what}: ${near(node.start)}`);
  };
  simple(tree, {
    ExpressionStatement: (node) => {
      unused(node.expression);
    },
    ForStatement: (node) => {
      for (const part of [node.init, node.update]) if (part) unused(part);
    },
    SequenceExpression: (node) => {
      node.expressions.slice(0, -1).forEach((one) => {
        unused(one);
      });
    },
  });
  simple(tree, {
    LabeledStatement: noted("a label"),
    WithStatement: noted("with"),
    MemberExpression(node) {
      const { name } = node.property as Named;
      if (!node.computed && LACKING.has(name)) noted(`Espruino has no ${name}`)(node);
    },
    UnaryExpression(node) {
      if (node.operator === "-" && isZero(node.argument as AnyNode)) noted("minus zero")(node);
    },
    AssignmentExpression(node) {
      const element = node.left.type === "MemberExpression" && node.left.computed;
      // Espruino gives what the element then holds, cut to its bits.
      if (element && node.operator.length > 1 && !/^(?:>>|>>>|&)=$/.test(node.operator) &&
        !statements.has(node)) {
        noted("the value of an assignment to an element")(node);
      }
    },
  });
  return wrong;
};
