import type { AnyNode, Identifier, Statement } from "acorn";
import type { Names } from "../compact/names.js";
import { replaceIn, statementOf } from "../compact/nodes.js";
import { declareLate } from "../compact/variables.js";
import { open, sizeOf, spread, substitute } from "./calls.js";
import { ask } from "./either.js";
import { fold, isKnown } from "./fold.js";
import { hold } from "./held.js";
import { scatter, unroll } from "./unroll.js";
import { settleParameters } from "./parameters.js";
import { plain } from "./plain.js";
import type { Optimize } from "../../network/network.js";
import { copies, dropUnused, settle } from "./values.js";

/** Lists of statements without lists in them that say nothing, and one `var` a statement. */
const tidy = (tree: AnyNode): void => {
  const split = (each: Statement): Statement[] => {
    if (each.type === "EmptyStatement") return [];
    if (each.type === "ExpressionStatement" && isKnown(each.expression)) return [];
    if (each.type === "IfStatement" && each.test.type === "SequenceExpression") {
      const before = each.test.expressions.slice(0, -1).map(statementOf);
      return [...before, { ...each, test: each.test.expressions.at(-1)! }];
    }
    if (each.type === "ForStatement" && each.init?.type === "VariableDeclaration" &&
      each.init.declarations.length > 1) {
      return flat([each.init, { ...each, init: null }]);
    }
    if (each.type === "ReturnStatement" && each.argument?.type === "SequenceExpression") {
      const before = each.argument.expressions.slice(0, -1).map(statementOf);
      return [...before, { ...each, argument: each.argument.expressions.at(-1)! }];
    }
    if (each.type === "BlockStatement") return flat(each.body);
    if (each.type === "VariableDeclaration" && each.declarations.length > 1) {
      return each.declarations.map((one) => ({ ...each, declarations: [one] }));
    }
    return [each];
  };
  const flat = (body: readonly Statement[]): Statement[] => {
    const list: Statement[] = [];
    for (const each of body.flatMap(split)) {
      // What a loop counts with begins in it.
      const last = list.at(-1);
      const counts = each.type === "ForStatement" && !each.init &&
        last?.type === "VariableDeclaration" && each.update?.type === "UpdateExpression" &&
        last.declarations[0]!.init && (each.update.argument as Identifier).name ===
          (last.declarations[0]!.id as Identifier).name;
      if (counts) list.splice(-1, 1, { ...each, init: last });
      else list.push(each);
    }
    return list;
  };
  const listOf = (each: Statement): Statement => {
    const list = each.type === "ForStatement" ? flat([each]) : [];
    return list.length > 1 ? { type: "BlockStatement", body: list, start: 0, end: 0 } : each;
  };
  replaceIn(tree, (node) => {
    if (node.type === "BlockStatement" || node.type === "Program") {
      node.body = flat(node.body as Statement[]);
    }
    if (node.type === "IfStatement") {
      // What a loop begins with, if it is more, stands before it.
      node.consequent = listOf(node.consequent);
      if (node.alternate) node.alternate = listOf(node.alternate);
      if (node.alternate?.type === "EmptyStatement") node.alternate = null;
      if (node.consequent.type === "EmptyStatement") {
        node.consequent = { type: "BlockStatement", body: [], start: 0, end: 0 };
      }
    }
    return undefined;
  });
};

/** How large a script may become, and what is written out. */
export interface Measure {
  /** Nodes that a script may have more than before. */
  readonly growth: number;
  /** A function of at most so many nodes is opened wherever it is called. */
  readonly small: number;
  /** And of so many, where it is called with what is known. */
  readonly special: number;
  /** And one that is called once, under conditions, of at most so many: what is skipped costs. */
  readonly skipped: number;
  /** Passes times nodes of a loop that is written out. */
  readonly written: number;
  /** A method that is called at so many places is looked up once. */
  readonly held: number;
}

/**
 * Functions that are called where something is wrong, or at the start: they stay, and what is usual
 * is short.
 */
const SELDOM = /^(?:elect|findFrame|pass|reach|refuse|visit)(?:\$|\d|$)/;

/** What each setting writes out. */
export const MEASURES: Readonly<Record<Optimize, Measure>> = {
  size: { growth: 0, small: 14, special: 14, skipped: 9999, written: 60, held: 9999 },
  balanced: { growth: 600, small: 30, special: 150, skipped: 130, written: 150, held: 2 },
  speed: { growth: 2500, small: 60, special: 600, skipped: 90, written: 700, held: 1 },
};

/**
 * Writes a script out for one board (docs/boards.md, "Written out"). As in `compact`, no variable
 * is read before it has its value.
 */
export const quicken = (tree: AnyNode, names: Names, measure: Measure): void => {
  // Made for size, what has a name of its own would not be where it is called.
  if (measure.growth) declareLate(tree, names);
  const before = sizeOf(tree);
  const room = () => before + measure.growth - sizeOf(tree);
  for (let turn = 0; turn < 40; turn++) {
    tidy(tree);
    const steps = [
      () => fold(tree),
      () => settle(tree, names),
      () => copies(tree, names),
      () => ask(tree, names),
      () => plain(tree, names),
      () => settleParameters(tree, names),
      () => spread(tree),
      () => substitute(tree, names),
      () => open(tree, names, ({ name, given, uses, size, deep, able }) => {
        // Made for size, what is called once is shorter where it is called.
        if (SELDOM.test(name) && measure.growth) return "call";
        const special = given.some(isKnown);
        const large = !able || (deep && size > measure.skipped);
        if (uses < 2) return large ? "call" : "open";
        if (size > (special ? measure.special : measure.small) || room() < size) return "call";
        return !large ? "open" : special ? "copy" : "call";
      }),
      () => unroll(tree, names, (passes, size) =>
        passes * size <= measure.written && room() > passes * size),
      () => scatter(tree, names),
      () => dropUnused(tree, names),
    ];
    const changed = steps.map((step) => step()).some(Boolean);
    if (!changed) break;
  }
  tidy(tree);
  hold(tree, names, measure.held);
};
