import { parse } from "acorn";
import type { Node } from "acorn";
import { ancestor, simple } from "acorn-walk";

/**
 * What Espruino lacks, or does otherwise than the standard says, in the text of a bundle. It has no
 * labels, and it runs declarations where they stand: a function that is called, or a variable that
 * is used, before its declaration was reached is another one of that name, or none.
 */

interface Scope {
  readonly node: Node;
  readonly declared: Map<string, number>;
  readonly parameters: Set<string>;
}

type Named = Node & { readonly name: string };
type FunctionNode = Node & { readonly params: readonly Named[]; readonly id?: Named | null };

const isFunction = (node: Node): boolean =>
  node.type === "FunctionExpression" || node.type === "FunctionDeclaration";

/** @returns what is wrong, a line each; nothing where Espruino runs the text as it is meant. */
export const lacksIn = (text: string): string[] => {
  const wrong: string[] = [];
  let tree: Node;
  try {
    tree = parse(text, { ecmaVersion: 5, locations: false });
  } catch (thrown) {
    return [`is not ES5: ${(thrown as Error).message}`];
  }
  const near = (at: number) => JSON.stringify(text.slice(at, at + 40));
  const scopes = new Map<Node, Scope>();
  const scopeOf = (node: Node): Scope => {
    const known = scopes.get(node);
    if (known) return known;
    const parameters = new Set(
      isFunction(node) ? (node as FunctionNode).params.map((parameter) => parameter.name) : [],
    );
    const scope = { node, declared: new Map<string, number>(), parameters };
    scopes.set(node, scope);
    return scope;
  };
  const enclosing = (ancestors: readonly Node[], skipSelf: boolean): Node[] =>
    [tree, ...ancestors.slice(0, skipSelf ? -1 : undefined).filter(isFunction)];
  const declare = (name: string, at: number, ancestors: readonly Node[], skipSelf: boolean) => {
    const { declared } = scopeOf(enclosing(ancestors, skipSelf).at(-1)!);
    declared.set(name, Math.min(at, declared.get(name) ?? Infinity));
  };
  ancestor(tree, {
    VariableDeclarator(node, _state, ancestors) {
      declare((node.id as Named).name, node.start, ancestors, false);
    },
    FunctionDeclaration(node, _state, ancestors) {
      declare((node.id as Named).name, node.end, ancestors, true);
    },
  });
  const use = (node: Node, ancestors: readonly Node[]) => {
    const { name } = node as Named;
    const around = enclosing(ancestors, false);
    for (let depth = around.length - 1; depth >= 0; depth--) {
      const { declared, parameters } = scopeOf(around[depth]!);
      if (parameters.has(name)) return;
      const at = declared.get(name);
      if (at === undefined) continue;
      // What an inner function uses is there by the time that the function is called.
      if (depth === around.length - 1 && node.start < at) {
        wrong.push(`used before its declaration: ${near(node.start)}`);
      }
      return;
    }
  };
  ancestor(tree, {
    Identifier(node, _state, ancestors) {
      use(node, ancestors);
    },
    VariablePattern(node: Node, _state: unknown, ancestors: Node[]) {
      if (ancestors.at(-2)?.type === "AssignmentExpression") use(node, ancestors);
    },
  } as Parameters<typeof ancestor>[1]);
  simple(tree, {
    LabeledStatement(node) {
      wrong.push(`a label: ${near(node.start)}`);
    },
    WithStatement(node) {
      wrong.push(`with: ${near(node.start)}`);
    },
    MemberExpression(node) {
      const property = node.property as Named;
      const banned = ["copyWithin", "imul", "freeze", "from", "includes"];
      if (!node.computed && banned.includes(property.name)) {
        wrong.push(`Espruino has no ${property.name}: ${near(node.start)}`);
      }
    },
  });
  return wrong;
};
