/**
 * Names of properties that only the firmware itself uses. In a bundle they are shortened; every
 * other name stays as it is: Espruino's, the language's, and those of `tagma` that people look at.
 */
export const MANGLED = [
  "act", "choose", "close", "decode", "encode", "entry", "fallback", "load", "receive", "routes",
  "send", "store", "type",
];
