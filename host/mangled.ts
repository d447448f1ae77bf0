/**
 * Names of properties that only the firmware itself uses. In a bundle they are shortened; every other name
 * stays as it is, be it Espruino's, the language's, or one of `tagma` that a person looks at.
 */
export const MANGLED = [
  "act", "choose", "close", "decode", "encode", "entry", "fallback", "load", "receive", "routes", "send",
  "store", "type",
];
