import type {
  AnyNode, ArrayExpression, Expression, Identifier, ObjectExpression, Property, Statement,
} from "acorn";
import { eachVariable } from "./names.js";
import type { Names } from "./names.js";
import { declaredBy, functionsIn, identifier, nodesIn, replaceIn, variable } from "./nodes.js";
import type { Callable, Declared } from "./nodes.js";

interface Found extends Declared {
  readonly owner: Callable;
  readonly statement: Statement;
}

/** The variables that functions declare directly in their bodies, and never give another value. */
const steadyIn = (
  tree: AnyNode, names: Names, steady: (name: string) => boolean = names.steady(),
): Found[] =>
  functionsIn(tree).flatMap((owner) => owner.body.body.flatMap((statement) => {
    const declared = declaredBy(statement);
    return declared && steady(declared.name) ? [{ ...declared, owner, statement }] : [];
  }));

/** Puts other statements, or none, in the place of declarations. */
const replace = (others: ReadonlyMap<Found, readonly Statement[]>): void => {
  const by = new Map([...others].map(([{ statement }, instead]) => [statement, instead]));
  for (const { body } of new Set([...others.keys()].map(({ owner }) => owner))) {
    body.body = body.body.flatMap((statement) => by.get(statement) ?? [statement]);
  }
};

/** Each of these declarations is of a variable that there is already, by another name. */
const merge = (names: Names, found: ReadonlyMap<Found, string>): boolean => {
  replace(new Map([...found.keys()].map((each) => [each, []])));
  names.merge(new Map([...found].map(([{ name }, kept]) => [name, kept])));
  return found.size > 0;
};

/**
 * `var a = b`, where neither changes: two names of one variable.
 *
 * @returns whether there were any
 */
export const mergeNames = (tree: AnyNode, names: Names): boolean => {
  const steady = names.steady();
  const others = new Map<Found, string>();
  // One step of a chain at a time.
  const taken = new Set<string>();
  for (const found of steadyIn(tree, names, steady)) {
    const { name, value } = found;
    if (value.type !== "Identifier" || value.name === name || !steady(value.name)) continue;
    if (taken.has(name) || taken.has(value.name)) continue;
    taken.add(name).add(value.name);
    others.set(found, value.name);
  }
  return merge(names, others);
};

const isTable = (value: Expression): value is ArrayExpression =>
  value.type === "ArrayExpression" && value.elements.every((one) => one?.type === "Literal");

const textOf = ({ elements }: ArrayExpression): string =>
  JSON.stringify(elements.map((one) => (one?.type === "Literal" ? one.raw : null)));

/** Names that are only ever looked up by an index. */
export const tablesIn = (tree: AnyNode): (name: string) => boolean => {
  const others = new Set<string>();
  const written = new Set<AnyNode>();
  for (const node of nodesIn(tree)) {
    if (node.type === "AssignmentExpression" || node.type === "ForInStatement") {
      written.add(node.left);
    }
    if (node.type === "UpdateExpression") written.add(node.argument);
    // A method may change its list.
    if (node.type === "CallExpression") written.add(node.callee);
  }
  eachVariable(tree, (node, parent) => {
    if (parent.type === "VariableDeclarator" && parent.id === node) return;
    const looked = parent.type === "MemberExpression" && parent.object === node && parent.computed;
    if (!looked || written.has(parent)) others.add(node.name);
  });
  return (name) => !others.has(name);
};

/**
 * Two lists of the same numbers in one scope, which nobody changes: one list.
 *
 * @returns whether there were any
 */
export const mergeTables = (tree: AnyNode, names: Names): boolean => {
  const looked = tablesIn(tree);
  const first = new Map<Callable, Map<string, string>>();
  const doubles = new Map<Found, string>();
  for (const found of steadyIn(tree, names)) {
    const { owner, name, value } = found;
    if (!isTable(value) || !looked(name)) continue;
    const tables = first.get(owner) ?? new Map<string, string>();
    first.set(owner, tables);
    const same = tables.get(textOf(value));
    if (same === undefined) tables.set(textOf(value), name);
    else doubles.set(found, same);
  }
  return merge(names, doubles);
};

/** Whether a name stands in what is run here, and not in a function that may be called later. */
const stands = (statement: AnyNode, name: string): boolean =>
  nodesIn(statement, false).some((node) => node.type === "Identifier" && node.name === name);

/**
 * `var a; ...; a = function ...`, and nothing else is ever put there: it is declared where it gets
 * that, if nothing reads it before. So to all that look for steady variables it is one.
 *
 * @returns whether there was one
 */
export const declareLate = (tree: AnyNode, names: Names): boolean => {
  const sites = names.sites();
  let changed = false;
  for (const { body } of functionsIn(tree)) {
    const bare = new Map(body.body.flatMap((statement): [string, Statement][] => {
      if (statement.type !== "VariableDeclaration") return [];
      const [only, more] = statement.declarations;
      return more || only!.init ? [] : [[(only!.id as Identifier).name, statement]];
    }));
    const gone = new Set<Statement>();
    body.body = body.body.map((statement, at) => {
      const set = statement.type === "ExpressionStatement" ? statement.expression : undefined;
      if (set?.type !== "AssignmentExpression" || set.left.type !== "Identifier" ||
        set.operator !== "=" || set.right.type !== "FunctionExpression") return statement;
      const declaration = bare.get(set.left.name);
      const { name } = set.left;
      if (!declaration || sites.get(name) !== 1) return statement;
      const before = body.body.slice(0, at).filter((one) => one !== declaration);
      if (before.some((one) => stands(one, name))) return statement;
      gone.add(declaration);
      return variable(name, set.right);
    }).filter((statement) => !gone.has(statement));
    changed = changed || gone.size > 0;
  }
  return changed;
};

/** Every object has these, whatever it is made with. */
const isInherited = (field: string): boolean => field in Object.prototype;

/** @returns the fields that an object is made with, or undefined if it is not that simple */
const fieldsOf = ({ properties }: ObjectExpression): string[] | undefined => {
  const fields = properties.flatMap((property) =>
    (property.type === "Property" && property.kind === "init" && property.key.type === "Identifier"
      ? [property.key.name]
      : []));
  const simple = fields.length === properties.length && new Set(fields).size === fields.length;
  return simple && !fields.some(isInherited)
    ? fields
    : undefined;
};

/** Objects that are only ever used field by field: of each, by its name, all fields. */
const objectsIn = (tree: AnyNode, declared: readonly Found[]): Map<string, Set<string>> => {
  const objects = new Map<string, Set<string>>();
  for (const { name, value } of declared) {
    const fields = value.type === "ObjectExpression" ? fieldsOf(value) : undefined;
    if (fields) objects.set(name, new Set(fields));
  }
  eachVariable(tree, (node, parent) => {
    if (parent.type === "VariableDeclarator" && parent.id === node) return;
    const inside = parent.type === "MemberExpression" && parent.object === node;
    if (!inside || parent.computed || parent.property.type !== "Identifier" ||
      isInherited(parent.property.name)) {
      objects.delete(node.name);
    } else objects.get(node.name)?.add(parent.property.name);
  });
  return objects;
};

/**
 * An object that is never used but for its fields: as many variables.
 *
 * @returns whether there was one
 */
export const dissolve = (tree: AnyNode, names: Names): boolean => {
  // A method would be called without its object.
  if (nodesIn(tree).some(({ type }) => type === "ThisExpression")) return false;
  const declared = steadyIn(tree, names);
  const variables = new Map([...objectsIn(tree, declared)].map(([name, fields]) =>
    [name, new Map([...fields].map((field) => [field, names.fresh(field)]))]));
  if (!variables.size) return false;
  replace(new Map(declared.flatMap((found) => {
    const own = variables.get(found.name);
    if (!own) return [];
    const { properties } = found.value as ObjectExpression;
    return [[found, [...own.values()].map((name, index) =>
      variable(name, (properties[index] as Property | undefined)?.value ?? null))]];
  })));
  replaceIn(tree, (node) => {
    if (node.type !== "MemberExpression" || node.object.type !== "Identifier") return undefined;
    const own = variables.get(node.object.name);
    return own && identifier(own.get((node.property as Identifier).name)!);
  });
  return true;
};
