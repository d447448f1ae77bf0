import { mutant } from "./mutant.js";
import type { Mutant } from "./mutant.js";

/** Wrong lines of boards that only hear, decide and act. */
const learner = mutant("ballots/learner.ts");
const log = mutant("ballots/decision-log.ts");
const layout = mutant("base/layout.ts");
const sizes = mutant("ballots/layout.ts");
const node = mutant("node/node.ts");
const decisions = mutant("node/decisions.ts");

export const LEARNER: readonly Mutant[] = [
  learner("LEARN.2: hears no records", "      log.gather();\n", ""),
  learner("LEARN.2: looks at records that it has not heard", "      reports.close(round, from);\n",
    ""),
  learner("LEARN.2: hears no claims", "if (round === exchanges + 1) log.learn(from);",
    "if (round === exchanges + 1) return;"),
  learner("LEARN.3: decides nothing by votes", "log.decide(log.tally(from));", "return;"),
  learner("LEARN.3: counts votes where there are none", "else if (round > exchanges) log.decide",
    "else log.decide"),
  log("LEARN.4: a learner may promise something",
    "      if (layout.learner) return -1;\n      if (", "      if ("),
  log("LEARN.4: who writes nothing takes itself for new", "layout.learner && !layout.stored ?",
    "false ?"),
  log("LEARN.4: who has written what it carried out takes itself for one that forgot",
    "layout.learner && !layout.stored ?", "layout.learner ?"),
  layout("LEARN.1: the hub is a learner", "self >= boards && self < HUB", "self >= boards"),
  layout("LEARN.1: a learner holds paths", "if (shape.direct || learns(shape, self)) {",
    "if (shape.direct) {"),
  layout("LEARN.1: a learner has room for what is relayed",
    "learns(shape, self) ? payloads[1]! : widestBlock", "widestBlock"),
  layout("LEARN.1: a learner hears short frames only", "const longest = widestBlock + tags;",
    "const longest = block + tags;"),
  layout("LEARN.1: a learner has room for a frame of its own",
    "learns(shape, self) ? transmit : transmit + overhead", "transmit + overhead"),
  sizes("LEARN.4: a learner acts tentatively", "shape.tentative === true && !learner",
    "shape.tentative === true"),
  node("LEARN.1: a learner says something",
    "        if (layout.learner) return;\n        const header", "        const header"),
  node("LEARN.1: a learner claims",
    "        if (layout.learner) return;\n        if (layout.accepts",
    "        if (layout.accepts"),
  decisions("LEARN.1: a learner's vector is not told", "if (layout.learner) clear();\n    else if",
    "if"),
];
