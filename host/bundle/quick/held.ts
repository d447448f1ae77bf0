import type { AnyNode, CallExpression, Expression, Identifier, Statement } from "acorn";
import type { Names } from "../compact/names.js";
import { declaredBy, functionsIn, identifier, nodesIn, variable } from "../compact/nodes.js";
import { copyOf } from "./fold.js";

/**
 * Methods that are looked up once. An interpreter looks for the name of a method among those of all
 * builtins at each call, which takes longer than what most of them do.
 */

/** Functions of Espruino and of the language that do not ask what they were called on. */
const APART: Readonly<Record<string, readonly string[]>> = {
  E: ["CRC32", "toString"], String: ["fromCharCode"],
};

/** Methods of bytes and of views of them, which stay what they are. */
const BOUND: Readonly<Record<string, readonly string[]>> = {
  Uint8Array: ["set", "subarray"],
  DataView: ["getUint8", "getUint32", "setUint8", "setUint32"],
};

type Call = CallExpression & {
  readonly callee: { readonly object: Identifier; readonly property: Identifier };
};

const isCall = (node: AnyNode): node is Call & AnyNode => node.type === "CallExpression" &&
  node.callee.type === "MemberExpression" && !node.callee.computed &&
  node.callee.object.type === "Identifier";

/** What a variable is made as, `new Uint8Array(..)` for one, where that is all it ever is. */
const madeIn = (body: readonly Statement[], names: Names): Map<string, string> => {
  const steady = names.steady();
  const made = new Map<string, string>();
  for (const { name, value } of body.flatMap((one) => declaredBy(one) ?? [])) {
    if (value.type === "NewExpression" && value.callee.type === "Identifier" && steady(name)) {
      made.set(name, value.callee.name);
    }
  }
  return made;
};

/**
 * A method that functions call at `least` places: a variable holds it, bound to what it is of.
 *
 * @returns whether there was one
 */
export const hold = (tree: AnyNode, names: Names, least: number): boolean => {
  // What is called at start is called once.
  const [whole, ...inner] = functionsIn(tree);
  if (!whole) return false;
  const made = madeIn(whole.body.body, names);
  const places = new Map<string, Call[]>();
  for (const node of inner.flatMap(({ body }) => body.body.flatMap((one) => nodesIn(one, false)))) {
    if (!isCall(node)) continue;
    const { object: { name: of }, property: { name } } = node.callee;
    const apart = names.free.has(of) && APART[of]?.includes(name);
    if (!apart && !BOUND[made.get(of) ?? ""]?.includes(name)) continue;
    const key = `${of}.${name}`;
    places.set(key, [...places.get(key) ?? [], node]);
  }
  const fresh = new Map<string, Statement[]>();
  for (const calls of places.values()) {
    if (calls.length < least) continue;
    const { callee } = calls[0]!;
    const of = callee.object.name;
    const bound: Expression = {
      type: "CallExpression", optional: false, arguments: [identifier(of)], start: 0, end: 0,
      callee: {
        type: "MemberExpression", object: copyOf(callee) as unknown as Expression,
        property: identifier("bind"), computed: false, optional: false, start: 0, end: 0,
      },
    };
    const name = names.fresh(`${callee.property.name}Of`);
    const plain = copyOf(callee) as unknown as Expression;
    const held = variable(name, names.free.has(of) ? plain : bound);
    for (const call of calls) (call as { callee: Expression }).callee = identifier(name);
    fresh.set(of, [...fresh.get(of) ?? [], held]);
  }
  const { body } = whole.body;
  for (let at = body.length; at--; ) {
    const { name = "" } = declaredBy(body[at]!) ?? {};
    body.splice(at + 1, 0, ...fresh.get(name) ?? []);
    fresh.delete(name);
  }
  // What is nobody's is there from the start.
  body.unshift(...[...fresh.values()].flat());
  return places.size > 0;
};
