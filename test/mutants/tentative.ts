import { mutant } from "./mutant.js";
import type { Mutant } from "./mutant.js";

/** Wrong lines of what is done before it is decided. */
const trying = mutant("node/tentative.ts");
const decisions = mutant("node/decisions.ts");
const sizes = mutant("ballots/layout.ts");

export const TENTATIVE: readonly Mutant[] = [
  trying("TENT.1: acts on what it does not vote for",
    "!decisions.ballot || decisions.named(self, 0) < 0 || ", ""),
  trying("TENT.1: acts before what is to be carried out before it",
    "=== decisions.acted);", ">= 0);"),
  trying("TENT.1: acts, and nobody is told that it is not decided", "decisions.acted, true);",
    "decisions.acted);"),
  trying("TENT.2: retracts nothing", "if (!stands) return;", "return;"),
  trying("TENT.2: what is decided confirms whatever it did",
    " || !same(arena, at, accepted, valueWidth)", ""),
  trying("TENT.2: retracts what is decided",
    "if (!decisions.done() || !same(arena, at, accepted, valueWidth)) retract();", "retract();"),
  trying("TENT.2: what is not decided is confirmed by what is in its place",
    "!decisions.done() || ", ""),
  trying("TENT.2: the next cycle retracts nothing", "    retract();\n    return open(ballot);",
    "    return open(ballot);"),
  trying("TENT.3: what is not carried out stands", "if (!carriedOut) retract();", ""),
  trying("TENT.2: retracts again what is decided", "    stands = false;\n  };", "  };"),
  trying("TENT.4: nothing is retracted after a loss of power", "let stands = layout.stored &&",
    "let stands = false &&"),
  trying("TENT.4: what is decided is retracted after a loss of power", "> 0 && isNext();",
    "> 0;"),
  decisions("TENT.2: retracts after what is decided is kept",
    "if (layout.tentative) decisions.confirm!();", ""),
  decisions("TENT.3: nobody looks whether it was carried out",
    "if (layout.tentative) decisions.finish!(fresh);", ""),
  sizes("TENT.1: any ballots may", "shape.tentative && !(protocol.tentative && protocol.views)",
    "false"),
];
