import type { AnyNode, Expression, ForStatement, Identifier, Statement } from "acorn";
import type { Names } from "../compact/names.js";
import { nodesIn, nothing, replaceIn } from "../compact/nodes.js";
import { freshCopy, sizeOf } from "./calls.js";
import { copyOf, knownOf, literal } from "./fold.js";
import { isTight, namesIn, replaceVariables } from "./values.js";

/** Loops of which it is known how often they are gone through. */

/** More passes than this stay a loop. */
const PASSES_MAX = 16;

/** The variable that a statement or an expression changes by one, and by how much. */
const stepOf = (node: Expression | null | undefined): { name: string; by: number } | undefined => {
  if (node?.type === "UpdateExpression" && node.argument.type === "Identifier") {
    return { name: node.argument.name, by: node.operator === "++" ? 1 : -1 };
  }
  return undefined;
};

/** Whether the test holds while the variable has this value; undefined where that is not known. */
const holds = (test: Expression, name: string, value: number): boolean | undefined => {
  if (test.type === "Identifier" && test.name === name) return value !== 0;
  if (test.type !== "BinaryExpression") return undefined;
  const side = (node: AnyNode): number | undefined => {
    if (node.type === "Identifier" && node.name === name) return value;
    const [known] = knownOf(node);
    if (typeof known === "number") return known;
    if (node.type === "BinaryExpression" && node.operator === "*") {
      const [one, other] = [side(node.left), side(node.right)];
      return one === undefined || other === undefined ? undefined : one * other;
    }
    return undefined;
  };
  const [one, other] = [side(test.left), side(test.right)];
  if (one === undefined || other === undefined) return undefined;
  switch (test.operator) {
    case "<": return one < other;
    case ">": return one > other;
    case "<=": return one <= other;
    case ">=": return one >= other;
    case "!==": return one !== other;
    default: return undefined;
  }
};

/** What is known of a loop. */
interface Passes {
  readonly name: string;
  /** The values that its variable has, pass by pass. */
  readonly values: readonly number[];
  /** What is asked before each pass besides, which may end it. */
  readonly also: Expression | undefined;
}

/** A test of a loop's count and something else: `i < 3 && more`. */
const partsOf = (test: Expression): readonly [Expression, Expression?] =>
  (test.type === "LogicalExpression" && test.operator === "&&" ? [test.left, test.right] : [test]);

/** @returns undefined where it is not known */
const passesOf = (loop: ForStatement): Passes | undefined => {
  const { init, update, body } = loop;
  const step = stepOf(update);
  if (!step || !loop.test) return undefined;
  const [test, also] = partsOf(loop.test);
  const { name, by } = step;
  let first: AnyNode | null | undefined;
  if (init?.type === "VariableDeclaration" && init.declarations.length === 1 &&
    (init.declarations[0]!.id as Identifier).name === name) first = init.declarations[0]!.init;
  if (init?.type === "AssignmentExpression" && init.operator === "=" &&
    init.left.type === "Identifier" && init.left.name === name) first = init.right;
  const [start] = knownOf(first);
  if (typeof start !== "number") return undefined;
  // Whatever ends it early, or changes how it goes on.
  const irregular = nodesIn(body).some((node) =>
    node.type === "BreakStatement" || node.type === "ContinueStatement" ||
    node.type === "FunctionExpression" ||
    // What the network file has is put there once (`bundle`).
    (node.type === "Literal" && /^@[a-z]+$/.test(String(node.value))) ||
    (node.type === "AssignmentExpression" && (node.left as Identifier).name === name) ||
    (node.type === "UpdateExpression" && (node.argument as Identifier).name === name));
  if (irregular) return undefined;
  const values: number[] = [];
  for (let value = start; ; value += by) {
    const on = holds(test, name, value);
    if (on === undefined || values.length > PASSES_MAX) return undefined;
    if (!on) return { name, values, also };
    values.push(value);
  }
};

/**
 * Writes a loop out, pass by pass.
 *
 * @param worth whether so many passes of a body of such a size are to be written out
 * @returns whether there was one
 */
export const unroll = (
  tree: AnyNode, names: Names, worth: (passes: number, size: number) => boolean,
): boolean => {
  let changed = false;
  const counts = namesIn([tree]);
  replaceIn(tree, (node) => {
    if (node.type !== "ForStatement") return undefined;
    // The innermost first.
    const inner = nodesIn(node.body).some((one) => {
      const known = one.type === "ForStatement" ? passesOf(one) : undefined;
      return known && worth(known.values.length, sizeOf((one as ForStatement).body));
    });
    if (inner) return undefined;
    const passes = passesOf(node);
    if (!passes) return undefined;
    const { name, values, also } = passes;
    // Nobody asks for the variable when the loop is over.
    const within = namesIn([node]).get(name);
    if (within !== counts.get(name) || !worth(values.length, sizeOf(node.body))) return undefined;
    const { body: pass } = node;
    if (!isTight(pass.type === "BlockStatement" ? pass.body : [pass])) return undefined;
    // Nor for what is declared in it.
    const inside = namesIn([pass]);
    const leaks = nodesIn(pass, false).some((one) => one.type === "VariableDeclarator" &&
      inside.get((one.id as Identifier).name) !== counts.get((one.id as Identifier).name));
    if (leaks) return undefined;
    changed = true;
    const put = <Part extends Expression | Statement>(part: Part, value: number): Part => {
      const list = [part as Statement];
      const holder = { type: "BlockStatement" as const, body: list, start: 0, end: 0 };
      replaceVariables(holder, (each) => (each === name ? literal(value) : undefined));
      return list[0] as Part;
    };
    const body = values.map((value) => put(freshCopy(node.body, names), value));
    if (!also) return { type: "BlockStatement", body, start: 0, end: 0 };
    // What ends it ends all passes that would follow.
    return values.reduceRight<Statement>((rest, value, at) => ({
      type: "IfStatement", test: put(copyOf(also), value), alternate: null, start: 0, end: 0,
      consequent: { type: "BlockStatement", body: [body[at]!, rest], start: 0, end: 0 },
    }), { type: "EmptyStatement", start: 0, end: 0 });
  });
  return changed;
};

/**
 * A list that is only ever used at known places: as many variables.
 *
 * @returns whether there was one
 */
export const scatter = (tree: AnyNode, names: Names): boolean => {
  const steady = names.steady();
  const uses = names.uses();
  const lists = new Map<string, Map<number, string>>();
  for (const node of nodesIn(tree)) {
    if (node.type !== "VariableDeclarator" || node.init?.type !== "ArrayExpression") continue;
    const { name } = node.id as Identifier;
    if (!node.init.elements.length && steady(name)) lists.set(name, new Map());
  }
  const seen = new Map<string, number>();
  for (const node of nodesIn(tree)) {
    if (node.type !== "MemberExpression" || node.object.type !== "Identifier") continue;
    const places = lists.get(node.object.name);
    const [at] = node.computed ? knownOf(node.property) : [];
    if (!places || typeof at !== "number") continue;
    if (!places.has(at)) places.set(at, names.fresh(node.object.name));
    seen.set(node.object.name, (seen.get(node.object.name) ?? 0) + 1);
  }
  for (const name of lists.keys()) {
    if (!seen.has(name) || seen.get(name) !== uses.get(name)! - 1) lists.delete(name);
  }
  if (!lists.size) return false;
  replaceIn(tree, (node) => {
    if (node.type === "VariableDeclaration") {
      const declarations = node.declarations.flatMap((one) => {
        const places = lists.get((one.id as Identifier).name);
        return places ? [...places.values()].map((name) => ({
          ...one, id: { type: "Identifier" as const, name, start: 0, end: 0 }, init: nothing(),
        })) : [one];
      });
      return { ...node, declarations };
    }
    if (node.type !== "MemberExpression" || node.object.type !== "Identifier") return undefined;
    const places = lists.get(node.object.name);
    const [at] = node.computed ? knownOf(node.property) : [];
    return places && typeof at === "number"
      ? { type: "Identifier", name: places.get(at)!, start: 0, end: 0 } : undefined;
  });
  return true;
};
