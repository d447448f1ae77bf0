import type { AnyNode, Expression, ForStatement, Statement } from "acorn";
import type { Names } from "./names.js";
import { canOpen, declaredBy, functionsIn, nothing, statementOf, variable } from "./nodes.js";
import type { Callable } from "./nodes.js";

/** Functions of the outermost scope, by name, that are used at one place only. */
type Once = ReadonlyMap<string, Callable>;

const blockOf = (body: Statement[]): Statement =>
  ({ type: "BlockStatement", body, start: 0, end: 0 });

const not = (argument: Expression): Expression =>
  ({ type: "UnaryExpression", operator: "!", prefix: true, argument, start: 0, end: 0 });

const ifOf = (test: Expression, yes: Statement, no?: Statement): Statement =>
  ({ type: "IfStatement", test, consequent: yes, alternate: no ?? null, start: 0, end: 0 });

const calledIn = (node: AnyNode, once: Once): Callable | undefined =>
  (node.type === "CallExpression" && node.callee.type === "Identifier"
    ? once.get(node.callee.name) : undefined);

/** Whether one of them is called where an expression's parts may stand as statements. */
const calls = (node: AnyNode, once: Once): boolean => {
  switch (node.type) {
    case "SequenceExpression": return node.expressions.some((each) => calls(each, once));
    case "ConditionalExpression":
      return calls(node.consequent, once) || calls(node.alternate, once);
    case "LogicalExpression": return calls(node.right, once);
    default: return calledIn(node, once) !== undefined;
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
      const { params, body: { body } } = calledIn(node, once)!;
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

/** What a loop does once, before it: the minifier puts there what stood before the loop. */
const startOf = ({ init }: ForStatement, once: Once): Expression | undefined =>
  (init && init.type !== "VariableDeclaration" && calls(init, once) ? init : undefined);

/** Whether one of them is called in a statement where it may be opened. */
const callsIn = (statement: Statement, once: Once): boolean => {
  switch (statement.type) {
    case "ExpressionStatement": return calls(statement.expression, once);
    case "BlockStatement": return statement.body.some((each) => callsIn(each, once));
    case "ForStatement": return startOf(statement, once) !== undefined;
    case "IfStatement": return callsIn(statement.consequent, once) ||
      (!!statement.alternate && callsIn(statement.alternate, once));
    default: return false;
  }
};

/** Not into loops: what is opened there would find the values of the pass before. */
const openIn = (statement: Statement, once: Once): Statement[] => {
  const within = (each: Statement) => blockOf(openIn(each, once));
  switch (statement.type) {
    case "ExpressionStatement":
      return calls(statement.expression, once)
        ? statementsOf(statement.expression, once) : [statement];
    case "BlockStatement":
      statement.body = statement.body.flatMap((each) => openIn(each, once));
      return [statement];
    case "IfStatement":
      statement.consequent = within(statement.consequent);
      if (statement.alternate) statement.alternate = within(statement.alternate);
      return [statement];
    case "ForStatement": {
      const start = startOf(statement, once);
      if (!start) return [statement];
      statement.init = null;
      return [...statementsOf(start, once), statement];
    }
    default:
      return [statement];
  }
};

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
  const opened = body.body.find((statement) => {
    const { name = "", value } = declaredBy(statement) ?? {};
    const fits = value?.type === "FunctionExpression" && uses.get(name) === 2 && steady(name);
    if (!fits || !canOpen(value as Callable)) return false;
    const once: Once = new Map([[name, value as Callable]]);
    return others.filter((each) => each !== value).some((each) => {
      if (!each.body.body.some((one) => callsIn(one, once))) return false;
      each.body.body = each.body.body.flatMap((one) => openIn(one, once));
      return true;
    });
  });
  body.body = body.body.filter((statement) => statement !== opened);
  return opened !== undefined;
};
