import { parseJson } from "../base/json.js";
import type { Value } from "../base/values.js";
import { setupOf } from "./setup.js";
import { createVm } from "./vm.js";

/** What a script is given: a value, a vector, or nothing. */
export type Given = Value | undefined | readonly (Value | undefined)[];

/** Scripts of a network file, where they can do nothing but compute. */
export interface Sandbox {
  /** @returns what a script gives; undefined where that is no value of any type, or it throws */
  call(name: string, ...given: readonly Given[]): Value | undefined;
  /** The same, for bundles: values as JSON, see `setup.ts`. */
  callText(name: string, given: string): string;
}

/** What depends on nothing else is the same again. So many results are kept. */
const KNOWN = 256;

type Plain = number | boolean | { bytes: number[] } | { list: Plain[] } | null;

const plainOf = (value: Given): Plain => {
  if (value === undefined) return null;
  if (value instanceof Uint8Array) return { bytes: [...value] };
  return typeof value === "object" ? { list: value.map(plainOf) } : value;
};

const valueOf = (text: string): Value | undefined => {
  const { value } = parseJson(text) as { value?: number | boolean | { bytes: number[] } | null };
  if (typeof value !== "object" || value === null) return value ?? undefined;
  // The type looks at each: an array of bytes would have made bytes of them.
  return value.bytes as unknown as Uint8Array;
};

/**
 * @param pure whether they depend on nothing but what they are given, see `setupOf`
 * @param around what they find besides the language
 * @param functions by name, as function expressions
 * @param failed is told why one gave nothing
 */
export const createSandbox = (
  pure: boolean, around: string, functions: Readonly<Record<string, string>>,
  failed: (name: string, why: string) => void,
): Sandbox => {
  const run = createVm(setupOf(pure, around, functions));
  const known = new Map<string, string>();
  const callText = (name: string, given: string): string => {
    const key = name + given;
    const before = pure ? known.get(key) : undefined;
    if (before !== undefined) return before;
    const result = run(name, given);
    if ("thrown" in result) failed(name, result.thrown);
    const text = "text" in result ? result.text : "{}";
    if (known.size >= KNOWN) known.clear();
    if (pure) known.set(key, text);
    return text;
  };
  return {
    callText,
    call: (name, ...given) => valueOf(callText(name, JSON.stringify(given.map(plainOf)))),
  };
};
