/**
 * What the firmware in a bundle may use of the language and of Espruino, by name and number of
 * arguments. Of each the interpreter was asked at its edges, and its answers are kept
 * (`test/dialect/builtins.json`); what is not here was not asked, and no bundle may have it.
 */

const views = ["Uint8", "Int8", "Uint16", "Int16", "Uint32", "Int32", "Float32"];

export const METHODS: ReadonlySet<string> = new Set([
  "subarray/1", "subarray/2", "set/1", "set/2", "fill/1", "fill/3", "indexOf/2",
  "slice/1", "slice/2", "indexOf/1", "lastIndexOf/1", "split/1", "join/1", "toString/1",
  "fromCharCode/1", "fromCharCode/2", "fromCharCode/3", "charCodeAt/1", "bind/1",
  "floor/1", "min/2", "max/2", "sqrt/1", "pow/2",
  ...views.flatMap((type) => [`get${type}/1`, `get${type}/2`, `set${type}/2`, `set${type}/3`]),
  // Espruino's own.
  "CRC32/1", "toUint8Array/1", "SHA256/1", "readArrayBuffer/1", "write/1", "write/2", "on/2",
  "setup/2", "setConsole/1",
]);

export const MADE: ReadonlySet<string> = new Set([
  "Uint8Array/1", "Uint8Array/3", "Uint16Array/1", "Uint32Array/1", "Int32Array/1",
  "ArrayBuffer/1", "DataView/1",
]);

/** Functions of Espruino that are called by their names. */
export const FUNCTIONS: ReadonlySet<string> = new Set([
  "require/1", "atob/1", "setInterval/2", "changeInterval/2", "digitalWrite/2",
]);

/** Other globals. */
export const GLOBALS: ReadonlySet<string> = new Set(["E", "Math", "String", "global", "undefined"]);

/** Words of Espruino's own that are names in ES5. */
export const WORDS: ReadonlySet<string> = new Set(["of", "let", "const", "static"]);

/** What the standard has, and Espruino has not, whatever it is asked of. */
export const LACKING: ReadonlySet<string> = new Set([
  "copyWithin", "imul", "freeze", "from", "isFrozen", "seal", "isSealed", "preventExtensions",
  "hypot", "cbrt", "expm1", "log1p", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh",
  "fround", "flatMap", "flat", "matchAll", "normalize", "localeCompare", "codePointAt",
  "toLocaleString", "reduceRight", "findLast", "findLastIndex", "toSorted", "toReversed",
  "toSpliced",
  "trunc", "log2", "log10", "clz32", "at", "trimStart", "is",
  "getBigInt64", "getBigUint64", "setBigInt64", "setBigUint64",
]);
