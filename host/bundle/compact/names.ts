import type { AnyNode, Identifier, Node } from "acorn";
import { childrenOf, eachChild, isFunction, nodesIn } from "./nodes.js";
import type { Callable } from "./nodes.js";

/** The names of a script, each of which stands for one variable only. */
export interface Names {
  /** What is used and declared nowhere: the globals. */
  readonly free: ReadonlySet<string>;
  /** @returns a name that stands for nothing yet */
  fresh: (like: string) => string;
  /** How often each name stands in the script, declarations included. */
  uses: () => ReadonlyMap<string, number>;
  /** At how many places each name is given a value. */
  sites: () => ReadonlyMap<string, number>;
  /** @returns whether a name has one value from its declaration on */
  steady: () => (name: string) => boolean;
  /** Names are others from now on, which are not others themselves. */
  merge: (others: ReadonlyMap<string, string>) => void;
}

type Scope = ReadonlyMap<string, string>;

/** Whether an identifier is a property's name, which stands for no variable. */
const isKey = (node: AnyNode, parent: AnyNode | undefined): boolean =>
  (parent?.type === "MemberExpression" && parent.property === node && !parent.computed) ||
  (parent?.type === "Property" && parent.key === node && parent.value !== node);

/** Visits each identifier that stands for a variable. */
export const eachVariable = (
  tree: AnyNode, visit: (name: Identifier, parent: AnyNode) => void,
): void => {
  const look = (node: AnyNode, parent: AnyNode): void => {
    if (node.type === "Identifier" && !isKey(node, parent)) visit(node, parent);
    eachChild(node, look, node);
  };
  eachChild(tree, look, tree);
};

/** What a function declares, its own name and those of functions within apart. */
const declarationsOf = ({ params, body }: Callable): string[] => [
  ...params.map(({ name }) => name),
  ...nodesIn(body, false).flatMap((node) => {
    if (node.type === "FunctionDeclaration") return [node.id!.name];
    return node.type === "VariableDeclarator" ? [(node.id as Identifier).name] : [];
  }),
];

const LOOPS: ReadonlySet<string> = new Set([
  "ForStatement", "ForInStatement", "WhileStatement", "DoWhileStatement",
]);

interface Writes {
  /** At how many places each variable is given a value. */
  readonly sites: Map<string, number>;
  /** Those that a loop gives one. */
  readonly looped: Set<string>;
  /** Those that get one where they are declared. */
  readonly declared: Set<string>;
}

const writesIn = (tree: AnyNode): Writes => {
  const sites = new Map<string, number>();
  const looped = new Set<string>();
  const declared = new Set<string>();
  // A loop gives its variables many values.
  const write = (target: Node, again: boolean) => {
    if (target.type !== "Identifier") return;
    const { name } = target as Identifier;
    sites.set(name, (sites.get(name) ?? 0) + 1);
    if (again) looped.add(name);
  };
  const declare = (target: Node, again: boolean) => {
    declared.add((target as Identifier).name);
    write(target, again);
  };
  const visit = (node: AnyNode, outer: boolean): void => {
    const again = outer || LOOPS.has(node.type);
    if (node.type === "VariableDeclarator" && node.init) declare(node.id, again);
    if (node.type === "AssignmentExpression") write(node.left, again);
    if (node.type === "UpdateExpression") write(node.argument, again);
    if (node.type === "ForInStatement") {
      const { left } = node;
      write(left.type === "VariableDeclaration" ? left.declarations[0]!.id : left, again);
    }
    // A function that is made in a loop has variables of its own, each time.
    if (isFunction(node)) for (const parameter of node.params) declare(parameter, false);
    if (node.type === "FunctionDeclaration") declare(node.id!, false);
    eachChild(node, visit, again && !isFunction(node));
  };
  visit(tree, false);
  return { sites, looped, declared };
};

/** Gives every variable, parameter and function of a script a name of its own. */
export const nameApart = (tree: AnyNode): Names => {
  let next = 0;
  const free = new Set<string>();
  const fresh = (like: string) => `${like.replace(/\$\d+$/, "")}$${next++}`;

  const visit = (node: AnyNode, scopes: readonly Scope[], parent?: AnyNode): void => {
    let inner = scopes;
    if (node.type === "Identifier" && !isKey(node, parent)) {
      const scope = scopes.find((one) => one.has(node.name));
      if (!scope) free.add(node.name);
      node.name = scope?.get(node.name) ?? node.name;
    } else if (isFunction(node)) {
      if (node.type === "FunctionDeclaration") visit(node.id!, scopes);
      inner = [new Map(declarationsOf(node).map((name) => [name, fresh(name)])), ...scopes];
    } else if (node.type === "CatchClause") {
      const { name } = node.param as Identifier;
      inner = [new Map([[name, fresh(name)]]), ...scopes];
    }
    for (const child of childrenOf(node)) {
      if (!isFunction(node) || child !== node.id) visit(child, inner, node);
    }
  };
  visit(tree, []);

  return {
    free,
    fresh,
    uses() {
      const uses = new Map<string, number>();
      eachVariable(tree, ({ name }) => {
        uses.set(name, (uses.get(name) ?? 0) + 1);
      });
      return uses;
    },
    sites: () => writesIn(tree).sites,
    steady() {
      const { sites, looped, declared } = writesIn(tree);
      return (name) => sites.get(name) === 1 && declared.has(name) && !looped.has(name);
    },
    merge(others) {
      eachVariable(tree, (node) => {
        node.name = others.get(node.name) ?? node.name;
      });
    },
  };
};
