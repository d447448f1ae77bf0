import type { AnyNode, Expression, Identifier, Statement } from "acorn";
import type { Names } from "../compact/names.js";
import {
  canOpen, declaredBy, functionsIn, nodesIn, nothing, replaceIn, statementOf, variable,
} from "../compact/nodes.js";
import type { Callable } from "../compact/nodes.js";
import { copyOf, isKnown, isPure, listsIn } from "./fold.js";
import { isTight, namesIn, replaceVariables } from "./values.js";

/** Puts what a function does in the place of its calls. */

/** The functions that a variable holds for good. */
export const functionsOf = (
  tree: AnyNode, steady: (name: string) => boolean,
): Map<string, Callable> => {
  const found = new Map<string, Callable>();
  for (const node of nodesIn(tree)) {
    if (node.type !== "VariableDeclarator" || node.init?.type !== "FunctionExpression") continue;
    const { name } = node.id as Identifier;
    if (steady(name)) found.set(name, node.init as unknown as Callable);
  }
  return found;
};

export const callsOf = (
  node: AnyNode,
): node is AnyNode & { callee: Identifier; arguments: Expression[] } =>
  node.type === "CallExpression" && node.callee.type === "Identifier";

/** The only expression that a function returns, if it does nothing else. */
const returnedBy = ({ body: { body } }: Callable): Expression | undefined => {
  const [only, more] = body;
  return !more && only?.type === "ReturnStatement" && only.argument ? only.argument : undefined;
};

/**
 * A call of a function that only returns an expression: that expression, with what is handed over.
 *
 * @returns whether there was one
 */
export const substitute = (tree: AnyNode, names: Names): boolean => {
  const steady = names.steady();
  const functions = functionsOf(tree, steady);
  let changed = false;
  replaceIn(tree, (node) => {
    if (!callsOf(node)) return undefined;
    const called = functions.get(node.callee.name);
    const returned = called && returnedBy(called);
    if (!returned || nodesIn(returned).some((one) => one.type === "FunctionExpression" ||
      one.type === "ThisExpression" ||
      (callsOf(one) && one.callee.name === node.callee.name))) return undefined;
    const given = node.arguments;
    if (!given.every(isPure)) return undefined;
    const pure = isPure(returned);
    const within = namesIn([returned]);
    const handed = new Map<string, Expression>();
    for (const [at, { name }] of called.params.entries()) {
      const value = given[at] ?? nothing();
      const settled = isKnown(value) ||
        (value.type === "Identifier" && steady(value.name));
      const short = settled || value.type === "Identifier";
      if ((within.get(name) ?? 0) > 1 && !short) return undefined;
      if (!pure && !settled) return undefined;
      if (!steady(name)) return undefined;
      handed.set(name, value);
    }
    const holder = statementOf(copyOf(returned)) as Statement & { expression: Expression };
    replaceVariables(holder, (name) => {
      const value = handed.get(name);
      return value && copyOf(value);
    });
    changed = true;
    return holder.expression;
  });
  return changed;
};

/** How much there is of a part of a script, in nodes. */
export const sizeOf = (node: AnyNode): number => nodesIn(node).length;

/** A copy in which each variable that it declares is another. */
export const freshCopy = <Part extends AnyNode>(part: Part, names: Names): Part => {
  const copy = copyOf(part);
  const declared = new Set<string>();
  for (const node of nodesIn(copy)) {
    if (node.type === "VariableDeclarator") declared.add((node.id as Identifier).name);
    if (node.type === "FunctionExpression") {
      for (const { name } of node.params as Identifier[]) declared.add(name);
    }
    if (node.type === "CatchClause") declared.add((node.param as Identifier).name);
  }
  const others = new Map([...declared].map((name) => [name, names.fresh(name)]));
  for (const node of nodesIn(copy)) {
    if (node.type === "Identifier") node.name = others.get(node.name) ?? node.name;
  }
  return copy;
};

/** What is to be known of a call, to say whether it is worth anything. */
export interface Call {
  readonly name: string;
  readonly given: readonly Expression[];
  /** How often the function stands somewhere else than where it is made. */
  readonly uses: number;
  /** Of the function, in nodes. */
  readonly size: number;
  /** Whether the call is under a condition. */
  readonly deep: boolean;
  /** Whether the statements of the function can stand in the place of the call. */
  readonly able: boolean;
}

/** What becomes of a call: another of it is made for what is known, it is opened, or neither. */
export type Worth = "call" | "copy" | "open";

/** Makes a function of its own for what is known at a call, which then calls that. */
const specialised = (
  called: Callable, call: { callee: Identifier; arguments: Expression[] }, names: Names,
): Statement => {
  const copy = freshCopy(called as unknown as AnyNode, names) as unknown as Callable;
  for (let at = copy.params.length; at--; ) {
    const given = call.arguments[at];
    if (!given || !isKnown(given)) continue;
    const [parameter] = copy.params.splice(at, 1);
    call.arguments.splice(at, 1);
    copy.body.body.unshift(variable(parameter!.name, given));
  }
  const name = names.fresh(call.callee.name);
  call.callee.name = name;
  return variable(name, copy as unknown as Expression);
};

interface Opened {
  readonly before: Statement[];
  /** What it returns. */
  readonly result: Expression | undefined;
}

const openOf = (called: Callable, given: readonly Expression[], names: Names): Opened => {
  const copy = freshCopy(called as unknown as AnyNode, names) as unknown as Callable;
  const handed = copy.params.map(({ name }, at) => variable(name, given[at] ?? nothing()));
  const rest = given.slice(copy.params.length).map(statementOf);
  const { body } = copy.body;
  const last = body.at(-1);
  const result = last?.type === "ReturnStatement" ? last.argument ?? undefined : undefined;
  const statements = last?.type === "ReturnStatement" ? body.slice(0, -1) : body;
  return { before: [...handed, ...rest, ...statements], result };
};

interface Place {
  readonly get: Expression;
  readonly set: (node: Expression) => void;
}

/** The call that is evaluated first of all in an expression. */
const firstIn = (place: Place): Place => {
  const node = place.get as AnyNode;
  const into = (field: "left" | "test" | "argument"): Place => {
    const fields = node as unknown as Record<string, Expression>;
    return firstIn({
      get: fields[field]!, set(fresh) {
        fields[field] = fresh;
      },
    });
  };
  switch (node.type) {
    case "BinaryExpression":
    case "LogicalExpression": return into("left");
    case "ConditionalExpression": return into("test");
    case "UnaryExpression": return into("argument");
    default: return place;
  }
};

/** Places of a statement where a call is evaluated first of all, or after what is settled. */
const callIn = (
  statement: Statement, steady: (name: string) => boolean,
): Place | undefined => {
  const place = expressionIn(statement, steady);
  return place && firstIn(place);
};

const expressionIn = (
  statement: Statement, steady: (name: string) => boolean,
): Place | undefined => {
  // What is evaluated before the call, and is the same after it.
  const settled = (node: AnyNode) =>
    isKnown(node) || (node.type === "Identifier" && steady(node.name));
  switch (statement.type) {
    case "IfStatement":
      return {
        get: statement.test, set(node) {
          statement.test = node;
        },
      };
    case "ExpressionStatement": {
      const { expression } = statement;
      if (expression.type === "AssignmentExpression" && expression.operator === "=" &&
        (expression.left.type === "Identifier" || (expression.left.type === "MemberExpression" &&
          settled(expression.left.object) &&
          (!expression.left.computed || settled(expression.left.property))))) {
        return {
          get: expression.right, set(node) {
            expression.right = node;
          },
        };
      }
      return {
        get: expression, set(node) {
          statement.expression = node;
        },
      };
    }
    case "ReturnStatement":
      return statement.argument ? {
        get: statement.argument, set(node) {
          statement.argument = node;
        },
      } : undefined;
    case "VariableDeclaration": {
      const [only, more] = statement.declarations;
      return only?.init && !more ? {
        get: only.init, set(node) {
          only.init = node;
        },
      } : undefined;
    }
    default: return undefined;
  }
};

const LOOPS = new Set(["ForStatement", "WhileStatement", "DoWhileStatement"]);

/**
 * Puts the statements of functions in the place of their calls, where those stand alone in a
 * statement.
 *
 * @param worth whether a function is to be opened; never "open" where that is not possible
 * @returns whether there was one
 */
export const open = (
  tree: AnyNode, names: Names,
  worth: (call: Call) => Worth,
): boolean => {
  const added = new Map<string, Statement[]>();
  const steady = names.steady();
  const functions = functionsOf(tree, steady);
  const uses = names.uses();
  let changed = false;
  const inList = (
    list: Statement[], again: boolean, deep: boolean, within: ReadonlySet<string>,
  ) => {
    for (let at = 0; at < list.length; at++) {
      const statement = list[at]!;
      const place = callIn(statement, steady);
      const call = place?.get as AnyNode | undefined;
      if (call && callsOf(call)) {
        const { name } = call.callee;
        const called = functions.get(name);
        const plan = called && !within.has(name)
          ? worth({
            name, given: call.arguments, uses: (uses.get(name) ?? 0) - 1,
            size: sizeOf(called as unknown as AnyNode), deep, able: canOpen(called),
          }) : "call";
        if (called && plan === "copy") {
          added.set(name, [...added.get(name) ?? [], specialised(called, call, names)]);
          changed = true;
        }
        // Where it is gone through again, a variable would have the value of the pass before.
        if (called && plan === "open" && (!again || isTight(called.body.body))) {
          const { before, result } = openOf(called, call.arguments, names);
          const idle = statement.type === "ExpressionStatement" &&
            place!.get === statement.expression;
          place!.set(result ?? nothing());
          const done = idle && (!result || isPure(result));
          list.splice(at, 1, ...before, ...(done ? [] : [statement]));
          changed = true;
          at--;
          continue;
        }
      }
      visit(statement, again, deep, within);
    }
  };
  const inBranch = (
    holder: AnyNode, field: string, again: boolean, deep: boolean, within: ReadonlySet<string>,
  ) => {
    const fields = holder as unknown as Record<string, AnyNode | null | undefined>;
    const branch = fields[field];
    if (!branch) return;
    const block = branch.type === "BlockStatement" ? branch
      : { type: "BlockStatement" as const, body: [branch as Statement], start: 0, end: 0 };
    inList(block.body, again, deep, within);
    fields[field] = block.body.length === 1 ? block.body[0] : block;
  };
  const visit = (
    node: AnyNode, again: boolean, deep: boolean, within: ReadonlySet<string>,
  ): void => {
    if (node.type === "IfStatement") {
      inBranch(node, "consequent", again, true, within);
      inBranch(node, "alternate", again, true, within);
    } else if (LOOPS.has(node.type)) inBranch(node, "body", true, deep, within);
    else if (node.type === "BlockStatement") inList(node.body, again, deep, within);
    else if (node.type === "TryStatement") inList(node.block.body, again, deep, within);
  };
  const held = new Map([...functions].map(([name, called]) => [called, name]));
  for (const called of new Set([...held.keys(), ...functionsIn(tree)])) {
    inList(called.body.body, false, false, new Set([held.get(called) ?? ""]));
  }
  for (const list of listsIn(nodesIn(tree))) {
    for (let at = list.length; at--; ) {
      const { name = "" } = declaredBy(list[at]!) ?? {};
      list.splice(at + 1, 0, ...added.get(name) ?? []);
      added.delete(name);
    }
  }
  return changed;
};

/** A call, a choice or a list that stands alone: a statement each. */
export const spread = (tree: AnyNode): boolean => {
  let changed = false;
  const ifOf = (test: Expression, yes: Expression, no?: Expression): Statement => ({
    type: "IfStatement", test, consequent: statementOf(yes),
    alternate: no ? statementOf(no) : null, start: 0, end: 0,
  });
  const hasCall = (node: AnyNode) => nodesIn(node, false).some(callsOf);
  replaceIn(tree, (node) => {
    if (node.type === "VariableDeclaration" && node.declarations.length > 1) return undefined;
    if (node.type !== "ExpressionStatement" || !hasCall(node)) return undefined;
    const { expression } = node;
    if (expression.type === "ConditionalExpression") {
      changed = true;
      return ifOf(expression.test, expression.consequent, expression.alternate);
    }
    if (expression.type === "LogicalExpression" && expression.operator !== "??") {
      changed = true;
      const not: Expression = {
        type: "UnaryExpression", operator: "!", prefix: true, argument: expression.left,
        start: 0, end: 0,
      };
      return ifOf(expression.operator === "&&" ? expression.left : not, expression.right);
    }
    if (expression.type === "SequenceExpression") {
      changed = true;
      return {
        type: "BlockStatement", body: expression.expressions.map(statementOf), start: 0, end: 0,
      };
    }
    return undefined;
  });
  return changed;
};
