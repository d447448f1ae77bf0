import type { AnyNode, Expression, Statement } from "acorn";
import type { Names } from "./names.js";
import { canOpen, declaredBy, functionsIn, nothing, statementOf, variable } from "./nodes.js";
import type { Callable } from "./nodes.js";

/** A function of the outermost scope that is used at one place only. */
interface Once {
  readonly name: string;
  readonly value: Callable;
}

const blockOf = (body: Statement[]): Statement =>
  ({ type: "BlockStatement", body, start: 0, end: 0 });

const not = (argument: Expression): Expression =>
  ({ type: "UnaryExpression", operator: "!", prefix: true, argument, start: 0, end: 0 });

const ifOf = (test: Expression, yes: Statement, no?: Statement): Statement =>
  ({ type: "IfStatement", test, consequent: yes, alternate: no ?? null, start: 0, end: 0 });

/** Whether it is called where an expression's parts may stand as statements. */
const calls = (node: AnyNode, once: Once): boolean => {
  switch (node.type) {
    case "SequenceExpression": return node.expressions.some((each) => calls(each, once));
    case "ConditionalExpression":
      return calls(node.consequent, once) || calls(node.alternate, once);
    case "LogicalExpression": return calls(node.right, once);
    default:
      return node.type === "CallExpression" && node.callee.type === "Identifier" &&
        node.callee.name === once.name;
  }
};

/** The statements that do what an expression does, whose value nobody asks for. */
const statementsOf = (node: Expression, once: Once): Statement[] => {
  if (!calls(node, once)) return [statementOf(node)];
  const within = (part: Expression) => blockOf(statementsOf(part, once));
  switch (node.type) {
    case "SequenceExpression": return node.expressions.flatMap((each) => statementsOf(each, once));
    case "ConditionalExpression":
      return [ifOf(node.test, within(node.consequent), within(node.alternate))];
    case "LogicalExpression":
      return [ifOf(node.operator === "&&" ? node.left : not(node.left), within(node.right))];
    default: {
      const { params, body: { body } } = once.value;
      const given = (node as unknown as { arguments: Expression[] }).arguments;
      const handed = params.map(({ name }, at) => variable(name, given[at] ?? nothing()));
      const rest = given.slice(params.length).map(statementOf);
      const opened = body.flatMap((each): Statement[] => {
        if (each.type !== "ReturnStatement") return [each];
        return each.argument ? [statementOf(each.argument)] : [];
      });
      return [...handed, ...rest, ...opened];
    }
  }
};

/** @returns what stands for a statement in which it is called; undefined where it is not */
const opened = (statement: Statement, once: Once): Statement[] | undefined => {
  switch (statement.type) {
    case "ExpressionStatement":
      return calls(statement.expression, once)
        ? statementsOf(statement.expression, once) : undefined;
    case "BlockStatement":
      return openIn(statement.body, once) ? [statement] : undefined;
    case "IfStatement": {
      for (const branch of ["consequent", "alternate"] as const) {
        const inside = statement[branch] && opened(statement[branch], once);
        if (!inside) continue;
        statement[branch] = blockOf(inside);
        return [statement];
      }
      return undefined;
    }
    case "ForStatement": {
      // What it does once, before it: the minifier puts there what stood before the loop.
      const { init } = statement;
      if (!init || init.type === "VariableDeclaration" || !calls(init, once)) return undefined;
      statement.init = null;
      return [...statementsOf(init, once), statement];
    }
    // Not into loops: what is opened there would find the values of the pass before.
    default:
      return undefined;
  }
};

/** Opens it where it is called in a list of statements. @returns whether it is */
const openIn = (body: Statement[], once: Once): boolean =>
  body.some((statement, at) => {
    const inside = opened(statement, once);
    if (inside) body.splice(at, 1, ...inside);
    return inside !== undefined;
  });

/**
 * Puts the statements of a function that is called at one place only in that place, where another
 * function has it as a statement, perhaps under conditions, and not in a loop. So parts of a board
 * can be functions with a name each, and cost no call.
 *
 * @returns whether there was one
 */
export const openOnce = (tree: AnyNode, names: Names): boolean => {
  const [outermost, ...others] = functionsIn(tree);
  const uses = names.uses();
  const steady = names.steady();
  const { body } = outermost!;
  // Their statements stand elsewhere now.
  const gone = new Set<AnyNode | Callable>();
  const left = body.body.filter((statement) => {
    const { name = "", value } = declaredBy(statement) ?? {};
    const fits = value?.type === "FunctionExpression" && uses.get(name) === 2 && steady(name);
    if (!fits || !canOpen(value as Callable)) return true;
    const once = { name, value: value as Callable };
    gone.add(value);
    if (others.some((each) => !gone.has(each) && openIn(each.body.body, once))) return false;
    gone.delete(value);
    return true;
  });
  const changed = left.length < body.body.length;
  body.body = left;
  return changed;
};
