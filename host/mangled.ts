/**
 * Names of properties that only the firmware itself uses. In a bundle they are shortened; every
 * other name stays as it is: Espruino's, the language's, and those of `tagma` that people look at.
 */
export const MANGLED = [
  "act", "check", "choose", "close", "crown", "decode", "derive", "encode", "entry", "fallback",
  "join", "keys", "leaf", "ledger", "link", "load", "lowest", "network", "open", "pass", "prepare",
  "receive", "rest", "routes", "seal", "seed", "send", "sign", "slots", "status", "store", "take",
  "type", "use", "verify",
];
