import { parse } from "acorn";
import type { CallExpression, NewExpression, Node } from "acorn";
import { simple } from "acorn-walk";
import { FUNCTIONS, GLOBALS, MADE, METHODS } from "./allowed.js";
import { unaddressed } from "../plan/addressed.js";
import { nameApart } from "./compact/names.js";

type Named = Node & { readonly name: string };

/** The names of properties that a script gives to objects of its own. */
const ownNames = (tree: Node): Set<string> => {
  const names = new Set<string>();
  simple(tree, {
    Property(node) {
      if (node.key.type === "Identifier") names.add(node.key.name);
    },
    AssignmentExpression(node) {
      const { left } = node;
      if (left.type === "MemberExpression" && left.property.type === "Identifier") {
        names.add(left.property.name);
      }
    },
  });
  return names;
};

/**
 * What in the firmware's part of a bundle was not asked of the interpreter (`allowed.ts`).
 *
 * @param known names of globals that this bundle has besides: its UART and its pins
 */
export const unaskedIn = (text: string, known: readonly string[]): string[] => {
  const tree = parse(text, { ecmaVersion: 5 });
  const own = ownNames(tree);
  const free = nameApart(parse(text, { ecmaVersion: 5 })).free;
  const wrong: string[] = [];
  const near = (at: number) => JSON.stringify(text.slice(at, at + 40));
  const called = new Set<string>();
  const see = (node: CallExpression | NewExpression, list: ReadonlySet<string>) => {
    const { callee, arguments: { length } } = node;
    const made = node.type === "NewExpression";
    const name = callee.type === "Identifier" ? callee.name
      : callee.type === "MemberExpression" && !callee.computed ? (callee.property as Named).name
      : "";
    if (callee.type === "Identifier" && !free.has(name)) return;
    if (callee.type === "Identifier") called.add(name);
    if (name === "" || (callee.type === "MemberExpression" && own.has(name))) return;
    if (!list.has(`${name}/${length}`)) {
      wrong.push(`${made ? "new " : ""}${name} with ${length} arguments, of which Espruino was ` +
        `not asked: ${near(node.start)}`);
    }
    const [first] = node.arguments;
    const size = first?.type === "Literal" ? first.value : undefined;
    const long = made && typeof size === "number" ? unaddressed(size) : "";
    if (long) wrong.push(long);
  };
  simple(tree, {
    CallExpression(node) {
      see(node, node.callee.type === "Identifier" ? FUNCTIONS : METHODS);
    },
    NewExpression(node) {
      see(node, MADE);
    },
  });
  for (const name of free) {
    if (called.has(name) || GLOBALS.has(name) || known.includes(name)) continue;
    wrong.push(`${name}, of which Espruino was not asked`);
  }
  return wrong;
};
