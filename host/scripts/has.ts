/**
 * Of the language's own functions, those that Espruino 2v29 has: asked of its Linux build. What is
 * not here a script does not find in an emulation either. `Math.random` is here: see `PURE`.
 */

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** By object, the names that stay. */
export const HAS: Readonly<Record<string, readonly string[]>> = {
  global: words(`
    Object Error ReferenceError SyntaxError TypeError InternalError Array parseInt parseFloat isNaN
    isFinite decodeURIComponent encodeURIComponent Infinity NaN undefined Number Boolean String Math
    JSON ArrayBuffer Uint8ClampedArray Int8Array Uint8Array Int16Array Uint16Array Int32Array
    Uint32Array Float32Array Float64Array DataView`),
  "Object": words(`
    create getPrototypeOf setPrototypeOf defineProperty defineProperties getOwnPropertyNames keys
    values entries getOwnPropertyDescriptor getOwnPropertyDescriptors assign fromEntries`),
  "Object.prototype": words("constructor toString valueOf hasOwnProperty"),
  "Function.prototype": words("length name call apply bind toString"),
  "Error.prototype": words("constructor name message toString"),
  "Array": words("isArray"),
  "Array.prototype": words(`
    constructor length concat every some forEach map filter reduce fill find findIndex indexOf
    includes join toString pop push shift unshift reverse sort slice splice`),
  "Number": words("MAX_VALUE MIN_VALUE NaN NEGATIVE_INFINITY POSITIVE_INFINITY"),
  "Number.prototype": words("constructor toFixed toString valueOf"),
  "Boolean.prototype": words("constructor toString valueOf"),
  "String": words("fromCharCode"),
  "String.prototype": words(`
    constructor length charCodeAt charAt concat indexOf lastIndexOf includes endsWith startsWith
    split substring substr slice repeat replace replaceAll padEnd padStart trim toString valueOf
    toLowerCase toUpperCase`),
  "Math": words(`
    min max abs floor ceil round sqrt acos asin atan atan2 cos exp log pow sin tan sign random E
    LN10 LN2 LOG2E LOG10E PI SQRT1_2 SQRT2`),
  "JSON": words("parse stringify"),
  "TypedArray.prototype": words(`
    constructor every fill filter find findIndex forEach includes indexOf join map reduce reverse
    set slice some sort subarray toString buffer byteLength byteOffset length`),
  "ArrayBuffer": [],
  "ArrayBuffer.prototype": words("constructor byteLength"),
  "DataView.prototype": words(`
    constructor buffer byteLength byteOffset getInt8 getUint8 getInt16 getUint16 getInt32 getUint32
    getFloat32 getFloat64 setInt8 setUint8 setInt16 setUint16 setInt32 setUint32 setFloat32
    setFloat64`),
};
