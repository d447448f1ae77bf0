import { parse } from "acorn";
import { minify } from "terser";
import type { CompressOptions, MinifyOptions } from "terser";
import { WORDS } from "../allowed.js";
import { compact } from "./compact.js";
import type { Optimize } from "../../network/network.js";
import { braced } from "../quick/braced.js";
import { usedFirst } from "../quick/order.js";
import { MEASURES, quicken } from "../quick/quick.js";
import { ended } from "./ended.js";
import { declareFirst } from "./first.js";
import { nameApart } from "./names.js";

/**
 * Writes the numbers in: `layout.x` becomes its value, and `layout` is handed on no more.
 *
 * @param source one module of the firmware
 */
export const specialise = (source: string, numbers: Readonly<Record<string, unknown>>): string =>
  source
    .replace(/\blayout\.(\w+)/g, (whole, name: string) =>
      name in numbers ? JSON.stringify(numbers[name]) : whole)
    .replace(/\blayout, /g, "")
    .replace(/\(layout\)/g, "()");

const COMPRESS: CompressOptions = {
  passes: 3, pure_getters: true, unsafe: true, unsafe_math: true, unsafe_comps: true,
  keep_fargs: false, inline: 3, reduce_funcs: false, directives: true,
};

/** Espruino skips a block at a sixth of what it takes to skip an expression. */
const BLOCKS: CompressOptions = { sequences: false, conditionals: false, if_return: false };

const OPTIONS: MinifyOptions = {
  // What it is given is a syntax tree; the types know only of text.
  parse: { spidermonkey: true } as object,
  ecma: 5,
  toplevel: false,
  // A character above 127 is one byte to Espruino, and would be two in a file.
  format: { ecma: 5, ascii_only: true },
};

/**
 * @param linked all modules in one script, as the linker emits it
 * @param mangled names of properties that only these modules use
 * @param reserved names that no variable is given: globals of what is put into the text later
 * @param optimize what is to be little: its bytes, or what a board executes
 * @returns the text that a board is given
 */
export const small = async (
  linked: string, mangled: readonly string[], reserved: readonly string[] = [],
  optimize: Optimize = "size",
): Promise<string> => {
  const tree = compact(linked.replace('"use strict";', ""), (whole, names) => {
    quicken(whole, names, MEASURES[optimize]);
  });
  const { code = "" } = await minify(tree as unknown as string, {
    ...OPTIONS,
    compress: optimize === "size" ? COMPRESS : { ...COMPRESS, ...BLOCKS },
    mangle: {
      reserved: [...reserved, ...WORDS],
      properties: {
        builtins: true, reserved: [...WORDS], regex: new RegExp(`^(${mangled.join("|")})$`),
      },
    },
  });
  const text = declareFirst(code);
  return ended(optimize === "size" ? text : usedFirst(braced(text)));
};

/** @returns the globals that a piece of a script uses */
export const globalsOf = (code: string): string[] =>
  [...nameApart(parse(code, { ecmaVersion: 5 })).free];
