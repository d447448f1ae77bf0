import type { AnyNode, Expression, Identifier, Statement } from "acorn";
import type { Names } from "../compact/names.js";
import {
  childrenOf, declaredBy, functionsIn, identifier, isFunction, nodesIn, replaceIn,
} from "../compact/nodes.js";
import { tablesIn } from "../compact/variables.js";
import type { Known } from "./fold.js";
import { copyOf, isKnown, knownOf, literal } from "./fold.js";

/** Puts what is known of a variable in its place. */

/** The declarations in the tree that give a variable the only value it ever has. */
const settledIn = (
  tree: AnyNode, steady: (name: string) => boolean,
): Map<string, Expression> => {
  const settled = new Map<string, Expression>();
  for (const node of nodesIn(tree)) {
    if (node.type !== "VariableDeclarator" || !node.init) continue;
    const { name } = node.id as Identifier;
    if (steady(name)) settled.set(name, node.init);
  }
  return settled;
};

interface NamedCall {
  readonly callee: Identifier;
}

/** What a table has: `[1, 2]`, or an array of one type of these. */
const tableOf = (value: Expression): readonly Known[] | undefined => {
  const list = value.type === "NewExpression" && value.arguments.length === 1 &&
    /^Uint(?:8|16|32)Array$/.test((value.callee as Identifier).name) ? value.arguments[0]! : value;
  if (list.type !== "ArrayExpression") return undefined;
  const known = list.elements.map((one) => knownOf(one));
  // What does not fit into an array of bytes is another number there.
  const bits = list === value ? 0 : Number(/\d+/.exec((value as NamedCall).callee.name));
  const fits = ([one]: readonly Known[]) =>
    !bits || (Number.isInteger(one) && Number(one) >= 0 && Number(one) < 2 ** bits);
  return known.every((one) => one.length && fits(one)) ? known.map(([one]) => one) : undefined;
};

/** Names that stand as a parameter, or are caught. */
const handedIn = (tree: AnyNode): Set<string> =>
  new Set(functionsIn(tree).flatMap(({ params }) => params.map(({ name }) => name)));

/** Takes declarations out whose variables nobody uses, and whose values do nothing. */
export const drop = (tree: AnyNode, gone: ReadonlySet<string>): void => {
  replaceIn(tree, (node) => {
    if (node.type !== "VariableDeclaration") return undefined;
    const declarations = node.declarations.filter(({ id }) => !gone.has((id as Identifier).name));
    if (declarations.length === node.declarations.length) return undefined;
    return declarations.length ? { ...node, declarations }
      : { type: "EmptyStatement", start: 0, end: 0 };
  });
};

/**
 * A variable that is one number for good: that number. One that is another for good: that other.
 * What is looked up in a table at a known place: what stands there.
 *
 * @returns whether there was anything
 */
export const settle = (tree: AnyNode, names: Names): boolean => {
  const steady = names.steady();
  const settled = settledIn(tree, steady);
  const handed = handedIn(tree);
  const looked = tablesIn(tree);
  const values = new Map<string, Known>();
  const tables = new Map<string, readonly Known[]>();
  const same = new Map<string, string>();
  for (const [name, init] of settled) {
    const [value] = knownOf(init);
    if (isKnown(init) && typeof value !== "string") values.set(name, value);
    const table = tableOf(init);
    if (table && looked(name)) tables.set(name, table);
    if (init.type === "Identifier" && init.name !== name &&
      steady(init.name) && (settled.has(init.name) || handed.has(init.name))) {
      same.set(name, init.name);
    }
  }
  let changed = false;
  replaceIn(tree, (node) => {
    if (node.type !== "MemberExpression" || node.object.type !== "Identifier" || !node.computed) {
      return undefined;
    }
    const table = tables.get(node.object.name);
    const [at] = knownOf(node.property);
    if (!table || typeof at !== "number" || !(at in table)) return undefined;
    changed = true;
    return literal(table[at]);
  });
  // One step of a chain at a time.
  for (const [name, other] of same) {
    if (same.has(other) || values.has(other)) same.delete(name);
  }
  const gone = new Set([...values.keys(), ...same.keys()]);
  if (!gone.size) return changed;
  drop(tree, gone);
  replaceVariables(tree, (name) => {
    if (values.has(name)) return literal(values.get(name));
    const other = same.get(name);
    return other === undefined ? undefined : identifier(other);
  });
  return true;
};

/** Puts expressions in the place of variables, where they are read. */
export const replaceVariables = (
  tree: AnyNode, instead: (name: string) => Expression | undefined,
): void => {
  // Names of properties are no variables.
  const keys = new Set<AnyNode>();
  for (const node of nodesIn(tree)) {
    if (node.type === "MemberExpression" && !node.computed) keys.add(node.property);
    if (node.type === "Property") keys.add(node.key);
  }
  replaceIn(tree, (node) =>
    (node.type === "Identifier" && !keys.has(node) ? instead(node.name) : undefined));
};

/** Declarations of variables that are never read, whose values do nothing: taken out. */
export const dropUnused = (tree: AnyNode, names: Names): boolean => {
  const uses = names.uses();
  const gone = new Set<string>();
  for (const node of nodesIn(tree)) {
    if (node.type !== "VariableDeclarator") continue;
    const { name } = node.id as Identifier;
    const { init } = node;
    const idle = !init || isKnown(init) || init.type === "FunctionExpression" ||
      init.type === "Identifier" || tableOf(init) !== undefined;
    if (idle && uses.get(name) === 1) gone.add(name);
  }
  drop(tree, gone);
  return gone.size > 0;
};

/** How often each name stands in these, whatever it names. */
export const namesIn = (nodes: readonly AnyNode[]): Map<string, number> => {
  const found = new Map<string, number>();
  for (const node of nodes.flatMap((one) => nodesIn(one))) {
    if (node.type === "Identifier") found.set(node.name, (found.get(node.name) ?? 0) + 1);
  }
  return found;
};

/**
 * `var a = b` or `var a = 1` in a loop, where all are given a value at one place only, and `a` is
 * used behind this and in the same list of statements only, or below it: a pass gives both their
 * values before that, or `b` has one value for good, or none of its others behind this, and no
 * function in this one gives it any.
 *
 * @returns whether there was any
 */
export const copies = (tree: AnyNode, names: Names): boolean => {
  const sites = names.sites();
  const steady = names.steady();
  const uses = names.uses();
  const everywhere = givenIn([tree]);
  let changed = false;
  // Of a function: the names whose values it gives itself.
  let own: ReadonlyMap<string, number>;
  const isStill = (name: string, behind: readonly Statement[]) => own.has(name) &&
    own.get(name) === everywhere.get(name) && !givenIn(behind).has(name);
  const within = (list: Statement[], outer: ReadonlySet<string>): void => {
    const declared = new Set(outer);
    for (let at = 0; at < list.length; at++) {
      const one = declaredBy(list[at]!);
      if (!one) {
        for (const inner of listsBelow(list[at]!)) within(inner, declared);
        continue;
      }
      const { name, value } = one;
      if (sites.get(name) !== 1) continue;
      const behind = list.slice(at + 1);
      // A text may be a place that the network file fills, of which there is one.
      const known = isKnown(value) && typeof knownOf(value)[0] !== "string";
      const other = value.type === "Identifier" && value.name !== name ? value.name : "";
      if ((known || declared.has(other) || steady(other) || isStill(other, behind)) &&
        (namesIn(behind).get(name) ?? 0) === uses.get(name)! - 1) {
        list.splice(at--, 1);
        replaceVariables({ type: "BlockStatement", body: behind, start: 0, end: 0 },
          (each) => (each === name ? copyOf(value) : undefined));
        changed = true;
      } else declared.add(name);
    }
  };
  for (const { body } of functionsIn(tree)) {
    own = givenIn(body.body, false);
    within(body.body, new Set());
  }
  return changed;
};

/** How often each variable is given a value in these. @param deep also by functions in them */
const givenIn = (nodes: readonly AnyNode[], deep = true): Map<string, number> => {
  const found = new Map<string, number>();
  for (const node of nodes.flatMap((one) => nodesIn(one, deep))) {
    const target = node.type === "AssignmentExpression" ? node.left
      : node.type === "UpdateExpression" ? node.argument
        : node.type === "VariableDeclarator" ? node.id
          : node.type === "ForInStatement" ? node.left : undefined;
    if (target?.type !== "Identifier") continue;
    found.set(target.name, (found.get(target.name) ?? 0) + 1);
  }
  return found;
};

/** The variables that a loop begins with. */
const countedBy = (node: AnyNode): string[] =>
  (node.type === "ForStatement" && node.init?.type === "VariableDeclaration" &&
    node.init.declarations.every(({ init }) => init)
    ? node.init.declarations.map(({ id }) => (id as Identifier).name) : []);

/**
 * Whether each variable that statements declare is given a value there, and is used behind that and
 * in the same list of statements only, or below it: so none has the value of a pass before.
 */
export const isTight = (statements: readonly Statement[]): boolean => {
  const all = namesIn(statements);
  const tight = new Set<string>();
  const within = (list: readonly Statement[]): void => {
    list.forEach((each, at) => {
      const { name } = declaredBy(each) ?? {};
      const behind = name === undefined ? 0 : namesIn(list.slice(at)).get(name)!;
      if (name !== undefined && behind === all.get(name)) tight.add(name);
      for (const loop of nodesIn(each, false)) {
        for (const counter of countedBy(loop)) {
          if (namesIn([loop]).get(counter) === all.get(counter)) tight.add(counter);
        }
      }
      for (const inner of listsBelow(each)) within(inner);
    });
  };
  within(statements);
  return statements.flatMap((each) => nodesIn(each, false)).every((node) =>
    node.type !== "VariableDeclarator" || tight.has((node.id as Identifier).name));
};

/** The lists of statements right below a statement, those of functions apart. */
const listsBelow = (statement: AnyNode): Statement[][] =>
  childrenOf(statement).flatMap((child) => {
    if (child.type === "BlockStatement") return [child.body];
    return isFunction(child) ? [] : listsBelow(child);
  });
