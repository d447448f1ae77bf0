import { parse } from "acorn";
import type { AnyNode, Function as FunctionNode, Identifier, Node, Program } from "acorn";
import { ancestor, full } from "acorn-walk";

/**
 * Which JavaScript a script of a network file may be: what Espruino 2v29 runs as the standard says,
 * in the same way on a board, in a bundle and in this process. That is ES5 less what Espruino lacks
 * or does otherwise, and of what is newer what a bundle has in the words of ES5: arrow functions,
 * template literals, `?.` and `??`.
 */

const NEWER: Readonly<Partial<Record<AnyNode["type"], string>>> = {
  ClassExpression: "a class", ClassDeclaration: "a class", SpreadElement: "a spread (...)",
  RestElement: "a rest parameter (...)", AssignmentPattern: "a default value",
  ObjectPattern: "destructuring", ArrayPattern: "destructuring", ForOfStatement: "for-of",
  AwaitExpression: "await", YieldExpression: "a generator", MetaProperty: "a meta property",
  ImportExpression: "import()", Super: "super", PrivateIdentifier: "a private name",
  TaggedTemplateExpression: "a tagged template", LabeledStatement: "a label",
  WithStatement: "with", DebuggerStatement: "debugger",
};

/** Operators that are newer, without those that a bundle has in other words. */
const OPERATORS: ReadonlySet<string> = new Set(["**", "**=", "&&=", "||=", "??="]);

/** Code in a text is not looked at. */
const EVALUATING: ReadonlySet<string> = new Set(["eval", "Function"]);

const isFunction = (node: Node): node is FunctionNode => node.type.includes("Function");

const ofLiteral = (node: AnyNode & { type: "Literal" }): string | undefined => {
  const raw = node.raw ?? "";
  if (node.regex) return "a regular expression";
  if (typeof node.bigint === "string") return "a BigInt";
  if (typeof node.value === "number" && /^0[bo\d]|_/i.test(raw)) return `the number ${raw}`;
  return /\\u\{/.test(raw) ? "an escape \\u{}" : undefined;
};

const ofFunction = (node: FunctionNode): string | undefined =>
  (node.async ? "async" : node.generator ? "a generator" : undefined);

const ofProperty = (node: AnyNode & { type: "Property" }): string | undefined => {
  if (node.kind !== "init") return "a getter or setter";
  if (node.computed) return "a computed name";
  return node.method || node.shorthand ? "a property without its value" : undefined;
};

/** @returns what is in one node that no script may have */
const ofNode = (node: AnyNode): string | undefined => {
  if (Object.hasOwn(NEWER, node.type)) return NEWER[node.type];
  if (isFunction(node)) return ofFunction(node);
  switch (node.type) {
    case "VariableDeclaration":
      return node.kind === "var" ? undefined : `${node.kind}, which must be var`;
    case "Literal":
      return ofLiteral(node);
    case "Property":
      return ofProperty(node);
    case "Identifier":
      return /^[\w$]+$/.test(node.name) ? undefined : `the name ${JSON.stringify(node.name)}`;
    case "CatchClause":
      return node.param ? undefined : "catch without a name";
    case "BinaryExpression":
    case "LogicalExpression":
    case "AssignmentExpression":
      return OPERATORS.has(node.operator) ? node.operator : undefined;
    default:
      return undefined;
  }
};

/**
 * Espruino runs declarations where they stand: before that, a name is another one's, or nobody's.
 *
 * @returns which name is used too early
 */
const early = (tree: Program): string | undefined => {
  const declared = new Map<Node, Map<string, number>>();
  const scopeOf = (ancestors: readonly Node[], self: Node) =>
    ancestors.findLast((node) => isFunction(node) && node !== self) ?? tree;
  const declare = (scope: Node, name: string, at: number) => {
    const names = declared.get(scope) ?? new Map<string, number>();
    declared.set(scope, names.set(name, Math.min(at, names.get(name) ?? Infinity)));
  };
  ancestor(tree, {
    VariableDeclarator(node, _state, ancestors) {
      declare(scopeOf(ancestors, node), (node.id as Identifier).name, node.start);
    },
    FunctionDeclaration(node: Node, _state: unknown, ancestors: Node[]) {
      declare(scopeOf(ancestors, node), (node as FunctionNode).id!.name, node.start);
    },
  });
  let found: string | undefined;
  const use = (node: Node, _state: unknown, ancestors: Node[]) => {
    const { name } = node as Identifier;
    const at = declared.get(scopeOf(ancestors, node))?.get(name);
    if (at !== undefined && node.start < at) found ??= name;
  };
  ancestor(tree, { Identifier: use, VariablePattern: use } as Parameters<typeof ancestor>[1]);
  return found;
};

/** @returns what of a syntax tree no script may have, in a person's words; undefined: nothing */
export const lacksOf = (tree: Program): string | undefined => {
  let found: string | undefined;
  full(tree, (node) => {
    found ??= ofNode(node);
  });
  if (found !== undefined) return found;
  const name = early(tree);
  return name === undefined ? undefined : `${name} before its declaration`;
};

/** Names that are code in a text. */
const evaluates = (tree: Program): string | undefined => {
  let found: string | undefined;
  full(tree, (node) => {
    if (node.type === "Identifier" && EVALUATING.has(node.name)) found ??= node.name;
  });
  return found;
};

/**
 * @param statements whether it is statements, and not one expression
 * @returns what is wrong with a script; undefined: nothing
 */
export const wrongWith = (script: string, statements: boolean): string | undefined => {
  const text = statements ? `(function(order,slot){${script}\n})` : `(${script}\n)`;
  let tree: Program;
  try {
    tree = parse(text, { ecmaVersion: "latest", preserveParens: true });
  } catch (thrown) {
    return `is not JavaScript: ${(thrown as Error).message}`;
  }
  const [first, ...more] = tree.body;
  const whole = first?.type === "ExpressionStatement" ? first.expression : undefined;
  // Else it ends what it is put into, and goes on behind it.
  if (more.length || whole?.type !== "ParenthesizedExpression" || whole.end !== text.length ||
    (statements && whole.expression.type !== "FunctionExpression")) {
    return statements ? "is not whole statements" : "is not one expression";
  }
  const has = lacksOf(tree) ?? evaluates(tree);
  return has === undefined ? undefined
    : `has ${has}, which scripts cannot have: they are ES5, as far as Espruino has it, with ` +
      "arrow functions, template literals, ?. and ??";
};

/**
 * @param script statements that `wrongWith` finds nothing wrong with
 * @returns whether they use this name and do not declare it, so that it is somebody else's
 */
export const asksFor = (script: string, name: string): boolean => {
  let [used, declared] = [false, false];
  full(parse(`(function(){${script}\n})`, { ecmaVersion: "latest" }), (node) => {
    if (node.type === "Identifier" && node.name === name) used = true;
    const named = node.type === "VariableDeclarator" ? [node.id]
      : isFunction(node) ? [node.id, ...node.params] : [];
    if (named.some((one) => one?.type === "Identifier" && one.name === name)) declared = true;
  });
  return used && !declared;
};
