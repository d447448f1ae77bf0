import { HAS } from "./has.js";

/**
 * What is run in an interpreter before any script, so that a script finds there what Espruino has
 * and no more.
 */

/** Halves below zero go down there. */
const ROUND = `
Math.round = (function (floor) {
  return function (number) {
    var value = +number;
    return value < 0 ? -floor(-value + 0.5) : floor(value + 0.5);
  };
})(Math.floor);`;

/** Takes away all that Espruino does not have. */
const KEEP = `
(function (has, drop) {
  var all = {}, own = Object.getOwnPropertyNames, math = Math, root = globalThis;
  for (var name in has) {
    var path = name.split("."), object = path[0] === "global" ? root
      : path[0] === "TypedArray" ? Object.getPrototypeOf(Uint8Array) : root[path[0]];
    all[name] = path[1] ? object[path[1]] : object;
  }
  for (name in has) {
    own(all[name]).forEach(function (one) {
      if (has[name].indexOf(one) < 0) delete all[name][one];
    });
  }
  drop.forEach(function (one) { delete math[one]; });
})`;

/** No script can leave anything behind for the next call, or for another board. */
const FREEZE = `
(function (freeze, isFrozen, own, describe) {
  return function deep(object) {
    if (object === null || typeof object !== "object" && typeof object !== "function") return;
    if (isFrozen(object)) return;
    freeze(object);
    own(object).forEach(function (name) {
      var found = describe(object, name);
      if ("value" in found) deep(found.value);
    });
  };
})(Object.freeze, Object.isFrozen, Object.getOwnPropertyNames, Object.getOwnPropertyDescriptor)`;

/**
 * Values go in and out as JSON: bytes as `{bytes}`, a vector as `{list}`, ⊥ as null. What is no
 * value of any type comes out as nothing.
 */
const CALL = `
(function (parse, stringify, Bytes, isArray, functions) {
  function shown(value) {
    if (typeof value === "number" || typeof value === "boolean") return value;
    if (typeof value !== "object" || !value) return undefined;
    if (!isArray(value) && !value.BYTES_PER_ELEMENT) return undefined;
    var list = [], length = value.length;
    for (var at = 0; at < length && at < 65; at++) {
      list[at] = typeof value[at] === "number" ? value[at] : null;
    }
    return { bytes: list };
  }
  function taken(value) {
    if (value === null) return undefined;
    if (value.list) return value.list.map(taken);
    return value.bytes ? new Bytes(value.bytes) : value;
  }
  return function (name, given) {
    return stringify({ value: shown(functions[name].apply(undefined, parse(given).map(taken))) });
  };
})(JSON.parse, JSON.stringify, Uint8Array, Array.isArray, `;

/**
 * @param pure whether what runs there is to depend on nothing but what it is given: it finds no
 *   random numbers, and what it writes outside of itself is lost
 * @param around what scripts find besides
 * @param functions the scripts, by name, as function expressions: they see globals only
 * @returns a script whose value calls one of them
 */
export const setupOf = (
  pure: boolean, around: string, functions: Readonly<Record<string, string>>,
): string => {
  const scripts = Object.entries(functions).map(([name, source]) =>
    `${JSON.stringify(name)}: (${source}\n)`).join(",\n");
  const freezes = "deep(root); deep(Object.getPrototypeOf(Uint8Array)); deep(function () {});";
  return `${ROUND}
(function (keep, deep, root) {
  keep(${JSON.stringify(HAS)}, ${JSON.stringify(pure ? ["random"] : [])});
  ${pure ? freezes : ""}
})(${KEEP}, ${FREEZE}, globalThis);
${around}
${CALL}{${scripts}})`;
};
