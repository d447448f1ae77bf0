/**
 * Names of properties that only the firmware itself uses. In a bundle they are shortened; every
 * other name stays as it is: Espruino's, the language's, and those of `tagma` that people look at.
 */
export const MANGLED = [
  "act", "ballot", "check", "choose", "close", "crown", "decide", "decided", "decode",
  "derive", "elect", "enable", "encode", "entry", "fallback", "gather", "keep", "keys",
  "leaf", "ledger", "load", "lowest", "mac", "network", "onProposal", "open", "pass", "places",
  "prepare", "propose", "receive", "records", "rest", "resume", "retract", "seal", "seed", "send",
  "settle", "sign", "slots", "speak", "status", "store", "take", "tally", "type", "unite", "use",
  "verify",
  "votes",
];
