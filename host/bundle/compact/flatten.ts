import type { AnyNode, Expression, Statement } from "acorn";
import type { Names } from "./names.js";
import {
  canOpen, declaredBy, functionsIn, identifier, isCalledAtOnce, nothing, statementOf, variable,
} from "./nodes.js";
import type { Callable } from "./nodes.js";

/** Where an expression stands. */
interface Place {
  readonly get: () => AnyNode;
  readonly set: (node: Expression) => void;
}

const placeIn = (holder: unknown, field: string | number): Place => {
  const fields = holder as Record<string | number, AnyNode>;
  return {
    get: () => fields[field]!,
    set(node) {
      fields[field] = node;
    },
  };
};

/** The value of which is the same, whatever is evaluated before it. */
const isSettled = (node: AnyNode, steady: (name: string) => boolean): boolean =>
  node.type === "Literal" || node.type === "FunctionExpression" ||
  (node.type === "Identifier" && steady(node.name));

interface Facts {
  readonly steady: (name: string) => boolean;
  readonly free: ReadonlySet<string>;
}

/**
 * Looks for a call of a function expression that is evaluated whenever the statement is, and for
 * what is evaluated before it.
 */
const findCall = (
  place: Place, { steady, free }: Facts,
): { call: Place; before: Place[] } | undefined => {
  const node = place.get();
  const among = (places: Place[]) => {
    for (const [index, each] of places.entries()) {
      const found = findCall(each, { steady, free });
      if (!found) continue;
      const before = places.slice(0, index).filter((one) => !isSettled(one.get(), steady));
      return { call: found.call, before: [...before, ...found.before] };
    }
    return undefined;
  };
  switch (node.type) {
    case "NewExpression":
    case "CallExpression": {
      const { callee } = node;
      const known = isSettled(callee, steady) ||
        (node.type === "NewExpression" && callee.type === "Identifier" && free.has(callee.name));
      const inside = known ? among(node.arguments.map((_, at) => placeIn(node.arguments, at)))
        : undefined;
      if (inside || !isCalledAtOnce(node) || !canOpen(node.callee)) return inside;
      return { call: place, before: [] };
    }
    case "AssignmentExpression": {
      const { left, operator } = node;
      const target = left.type === "MemberExpression" && !left.computed ? left.object : left;
      const known = left.type === "Identifier" || isSettled(target, steady);
      return operator === "=" && known
        ? findCall(placeIn(node, "right"), { steady, free })
        : undefined;
    }
    case "ObjectExpression":
      return among(node.properties.map((property) => placeIn(property, "value")));
    default:
      return undefined;
  }
};

/** The expression of a statement that is evaluated once whenever the statement is reached. */
const expressionOf = (statement: Statement): Place | undefined => {
  if (statement.type === "ExpressionStatement") return placeIn(statement, "expression");
  if (statement.type === "ReturnStatement" && statement.argument) {
    return placeIn(statement, "argument");
  }
  return declaredBy(statement) &&
    placeIn((statement as { declarations?: unknown[] }).declarations![0], "init");
};

/** One statement for each `var`, and for each part of a sequence. */
const split = (statement: Statement): Statement[] => {
  if (statement.type === "VariableDeclaration" && statement.declarations.length > 1) {
    return statement.declarations.map((one) => ({ ...statement, declarations: [one] }))
      .flatMap(split);
  }
  // The linker puts what stands before a loop into it.
  if (statement.type === "ForStatement" && statement.init) {
    const { init } = statement;
    const before = init.type === "VariableDeclaration" ? init : statementOf(init);
    return [...split(before), { ...statement, init: null }];
  }
  const place = expressionOf(statement);
  const whole = place?.get();
  if (whole?.type !== "SequenceExpression") return [statement];
  place!.set(whole.expressions.at(-1)!);
  return [...whole.expressions.slice(0, -1).map(statementOf), statement];
};

/** @returns what stands for a statement in which a function is called at once; or undefined */
const opened = (
  statement: Statement, names: Names, steady: (name: string) => boolean,
): Statement[] | undefined => {
  const place = expressionOf(statement);
  const found = place && findCall(place, { steady, free: names.free });
  if (!found) return undefined;
  const { callee, arguments: given } =
    found.call.get() as unknown as { callee: Callable; arguments: Expression[] };
  const before = found.before.map((earlier) => {
    const name = names.fresh("before");
    const moved = variable(name, earlier.get() as Expression);
    earlier.set(identifier(name));
    return moved;
  });
  const handed = callee.params.map(({ name }, at) => variable(name, given[at] ?? nothing()));
  // Whatever else is handed over is evaluated all the same, if that does anything.
  const rest = given.slice(callee.params.length)
    .filter((one) => !isSettled(one, steady)).map(statementOf);
  const { body } = callee.body;
  const last = body.at(-1);
  const returns = last?.type === "ReturnStatement";
  found.call.set((returns ? last.argument : undefined) ?? nothing());
  return [...before, ...handed, ...rest, ...(returns ? body.slice(0, -1) : body), statement];
};

/**
 * Puts the statements of a function that is called where it stands in the place of the call, where
 * that is directly in a function's body: what the parts of a node share is then in one scope, and
 * needs to be handed from one to the other no more.
 *
 * @returns whether there was one
 */
export const flatten = (tree: AnyNode, names: Names): boolean => {
  const steady = names.steady();
  const calls = (statement: Statement) => opened(statement, names, steady);
  // From within, for what is opened is not looked at again.
  return functionsIn(tree).toReversed().filter(({ body }) => {
    const old = body.body.flatMap(split);
    body.body = old.flatMap((statement) => calls(statement) ?? [statement]);
    return body.body.some((statement, index) => statement !== old[index]);
  }).length > 0;
};
