import type {
  AnyNode, BlockStatement, Expression, FunctionExpression, Identifier, Node, Statement,
  VariableDeclaration,
} from "acorn";

/** The syntax tree of an ES5 script: what all who change it need. */

/** A function of ES5: its parameters are names, its body is statements. */
export type Callable = Node & {
  readonly id?: Identifier | null;
  readonly params: Identifier[];
  readonly body: BlockStatement;
};

export const isNode = (value: unknown): value is AnyNode =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";

export const isFunction = (node: AnyNode): node is AnyNode & Callable =>
  node.type === "FunctionExpression" || node.type === "FunctionDeclaration";

/** Where each kind of node of ES5 has others, in the order of the text. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  ArrayExpression: ["elements"], AssignmentExpression: ["left", "right"],
  BinaryExpression: ["left", "right"], BlockStatement: ["body"], BreakStatement: [],
  CallExpression: ["callee", "arguments"], CatchClause: ["param", "body"],
  ConditionalExpression: ["test", "consequent", "alternate"], ContinueStatement: [],
  DebuggerStatement: [], DoWhileStatement: ["body", "test"], EmptyStatement: [],
  ExpressionStatement: ["expression"], ForInStatement: ["left", "right", "body"],
  ForStatement: ["init", "test", "update", "body"], FunctionDeclaration: ["id", "params", "body"],
  FunctionExpression: ["id", "params", "body"], Identifier: [],
  IfStatement: ["test", "consequent", "alternate"], Literal: [],
  LogicalExpression: ["left", "right"], MemberExpression: ["object", "property"],
  NewExpression: ["callee", "arguments"], ObjectExpression: ["properties"], Program: ["body"],
  Property: ["key", "value"], ReturnStatement: ["argument"], SequenceExpression: ["expressions"],
  SwitchCase: ["test", "consequent"], SwitchStatement: ["discriminant", "cases"],
  ThisExpression: [], ThrowStatement: ["argument"],
  TryStatement: ["block", "handler", "finalizer"], UnaryExpression: ["argument"],
  UpdateExpression: ["argument"], VariableDeclaration: ["declarations"],
  VariableDeclarator: ["id", "init"], WhileStatement: ["test", "body"],
};

/** @returns the names of the fields of a node in which there may be others */
const fieldsOf = (node: Node): readonly string[] =>
  // Of other kinds nothing is known; they are refused (check.ts).
  FIELDS[node.type] ?? Object.keys(node);

type Fields = Record<string, unknown>;

/**
 * Hands over each node right below this one, and beside it what is given: so that a walk through a
 * tree makes no function for each of its nodes.
 */
export const eachChild = <Given>(
  node: Node, take: (child: AnyNode, given: Given) => void, given: Given,
): void => {
  for (const field of fieldsOf(node)) {
    const value = (node as unknown as Fields)[field];
    if (typeof value !== "object" || value === null) continue;
    if (!Array.isArray(value)) {
      if (isNode(value)) take(value, given);
    } else for (const one of value) if (isNode(one)) take(one, given);
  }
};

const add = (node: AnyNode, nodes: AnyNode[]): void => {
  nodes.push(node);
};

export const childrenOf = (node: Node): AnyNode[] => {
  const children: AnyNode[] = [];
  eachChild(node, add, children);
  return children;
};

const addAll = (node: AnyNode, nodes: AnyNode[]): void => {
  nodes.push(node);
  eachChild(node, addAll, nodes);
};

const addOwn = (node: AnyNode, nodes: AnyNode[]): void => {
  nodes.push(node);
  if (!isFunction(node)) eachChild(node, addOwn, nodes);
};

/**
 * @param within whether to look into functions, too, that are within
 * @returns the node and all below it, parents first
 */
export const nodesIn = (tree: AnyNode, within = true): AnyNode[] => {
  const nodes: AnyNode[] = [];
  (within ? addAll : addOwn)(tree, nodes);
  return nodes;
};

/** Puts another node in the place of each for which `replace` has one, children first. */
export const replaceIn = (
  node: AnyNode, replace: (node: AnyNode) => AnyNode | undefined,
): void => {
  const fields = node as unknown as Fields;
  for (const field of fieldsOf(node)) {
    const value = fields[field];
    if (Array.isArray(value)) {
      for (let at = 0; at < value.length; at++) {
        const one: unknown = value[at];
        if (!isNode(one)) continue;
        replaceIn(one, replace);
        value[at] = replace(one) ?? one;
      }
    } else if (isNode(value)) {
      replaceIn(value, replace);
      fields[field] = replace(value) ?? value;
    }
  }
};

export const functionsIn = (tree: AnyNode): Callable[] => nodesIn(tree).filter(isFunction);

const NOWHERE = { start: 0, end: 0 };

export const identifier = (name: string): Identifier =>
  ({ type: "Identifier", name, ...NOWHERE });

/** `void 0` */
export const nothing = (): Expression => ({
  type: "UnaryExpression", operator: "void", prefix: true, ...NOWHERE,
  argument: { type: "Literal", value: 0, raw: "0", ...NOWHERE },
});

/** `var name = value;` */
export const variable = (name: string, value: Expression | null): VariableDeclaration => ({
  type: "VariableDeclaration", kind: "var", ...NOWHERE,
  declarations: [{ type: "VariableDeclarator", id: identifier(name), init: value, ...NOWHERE }],
});

export interface Declared {
  readonly name: string;
  readonly value: Expression;
}

/** @returns what a statement declares that is one `var name = value;`, and nothing else */
export const declaredBy = (statement: Statement): Declared | undefined => {
  if (statement.type !== "VariableDeclaration" || statement.declarations.length !== 1) {
    return undefined;
  }
  const { id, init } = statement.declarations[0]!;
  return init ? { name: (id as Identifier).name, value: init } : undefined;
};

export const isCalledAtOnce = (
  node: AnyNode,
): node is AnyNode & { callee: FunctionExpression & Callable; arguments: Expression[] } =>
  node.type === "CallExpression" && node.callee.type === "FunctionExpression";

export const statementOf = (expression: Expression): Statement =>
  ({ type: "ExpressionStatement", expression, start: 0, end: 0 });

/** A function whose statements may stand elsewhere: it returns at its end only. */
export const canOpen = ({ id, body: { body } }: Callable): boolean =>
  !id && !body.flatMap((statement) => nodesIn(statement, false)).some((node) =>
    node.type === "ThisExpression" || (node.type === "ReturnStatement" && node !== body.at(-1)));
