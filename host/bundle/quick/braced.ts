import { parse } from "acorn";
import type { AnyNode, ExpressionStatement, LogicalExpression } from "acorn";
import { nodesIn } from "../compact/nodes.js";

/**
 * Espruino reads what is not executed, and reads what is in braces at a sixth of what it takes to
 * read it without. A minifier leaves braces out.
 */

/** What is shorter costs less without braces: they are executed too. Characters. */
const LONG = 24;

interface Cut {
  readonly from: number;
  readonly to: number;
  readonly put: string;
}

const cutAll = (code: string, cuts: readonly Cut[]): string => {
  let text = code;
  for (const { from, to, put } of cuts.toSorted((one, other) => other.from - one.from)) {
    text = text.slice(0, from) + put + text.slice(to);
  }
  return text;
};

const isLong = ({ start, end }: AnyNode) => end - start > LONG;

/** `a && b;` in a list of statements: `if (a) { b }`. */
const asIf = (code: string, each: ExpressionStatement): Cut[] => {
  const { left, right } = each.expression as LogicalExpression;
  if (!isLong(right) || /^(?:function|\{)/.test(code.slice(right.start))) return [];
  return [
    { from: each.start, to: left.start, put: "if(" },
    { from: left.end, to: right.start, put: "){" },
    { from: right.end, to: each.end, put: "}" },
  ];
};

/** An expression that stands after a condition, or after `else`: in braces. */
const inBraces = (code: string, each: AnyNode | null | undefined): Cut[] => {
  if (each?.type !== "ExpressionStatement" || !isLong(each)) return [];
  const { start, end } = each;
  return [
    { from: start - Number(code[start - 1] === " "), to: start, put: "{" },
    { from: end - Number(code[end - 1] === ";"), to: end, put: "}" },
  ];
};

/**
 * @param code a script of ES5, as a minifier writes it
 * @returns the script, in which what is long and under a condition is in braces
 */
export const braced = (code: string): string => {
  const cut = (text: string, cutsOf: (node: AnyNode) => Cut[]) => {
    // One within another comes in the next turn.
    let free = text.length;
    const cuts: Cut[] = [];
    const found = nodesIn(parse(text, { ecmaVersion: 5 })).map(cutsOf)
      .filter((each) => each.length > 0);
    for (const each of found.toSorted((one, other) => other[0]!.from - one[0]!.from)) {
      if (each.at(-1)!.to > free) continue;
      free = each[0]!.from;
      cuts.push(...each);
    }
    return cuts.length ? cutAll(text, cuts) : undefined;
  };
  const repeat = (text: string, cutsOf: (of: string) => (node: AnyNode) => Cut[]) => {
    let last = text;
    for (let next: string | undefined = text; next !== undefined; next = cut(last, cutsOf(last))) {
      last = next;
    }
    return last;
  };
  const whole = repeat(code, (text) => (node) => (node.type === "IfStatement"
    ? [...[node.consequent, node.alternate].map((each) => inBraces(text, each))
      .find((each) => each.length > 0) ?? []] : []));
  return repeat(whole, (text) => (node) => (node.type === "BlockStatement" ? node.body
    .map((each) => (each.type === "ExpressionStatement" &&
      each.expression.type === "LogicalExpression" && each.expression.operator === "&&"
      ? asIf(text, each) : []))
    .find((each) => each.length > 0) ?? [] : []));
};
