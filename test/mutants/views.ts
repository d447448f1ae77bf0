import { mutant } from "./mutant.js";
import type { Mutant } from "./mutant.js";

/** Wrong lines of views and of PBFT in them. */
const log = mutant("ballots/decision-log.ts");
const sizes = mutant("ballots/layout.ts");
const views = mutant("ballots/views.ts");
const pbft = mutant("core/pbft.ts");
const led = mutant("core/led-fab.ts");
const decisions = mutant("node/decisions.ts");
const rounds = mutant("node/rounds.ts");
const turns = mutant("base/turns.ts");

export const VIEWS: readonly Mutant[] = [
  sizes("a view of one cycle", "REVIEW_MIN = 2", "REVIEW_MIN = 1"),
  sizes("no room for the leader", "0 : protocol.direct ? 1 : 5)",
    "0 : protocol.direct ? 1 : 0)"),
  sizes("a claim without its decision", "first && keep ? 5 + width : 0", "first && keep ? 5 : 0"),
  turns("VIEW.1: each cycle is fast", "layout.review && cycle % layout.review ?",
    "layout.review ?"),
  turns("VIEW.1: a review goes on", "layout.review && !(cycle % layout.review) ?", "false ?"),
  turns("a fast cycle has no opening", "layout.review && round === layout.exchanges + 1",
    "false"),
  rounds("frames of the other kind count",
    "=> layout.review && spoken &&\n    (", "=> false &&\n    ("),
  log("VIEW.1: takes part in any view", "log.ballot = fresh && here &&", "log.ballot = fresh &&"),
  log("VIEW.1: a fast cycle comes again", "log.ballot = fresh && here", "log.ballot = here"),
  log("VIEW.1: claims what it has not carried out", " && log.acted >= open + log.done()", ""),
  log("VIEW.4: who missed the end of a review goes by an older one",
    "taken = layout.direct ? log.ballot : 0;", "taken = log.ballot;"),
  log("VIEW.1: goes on with what it could not keep", "if (layout.review) taken = 0;", ""),
  log("VIEW.3: who has learnt a decision complains",
    "arena[own + lead + 4] = 0;", "{ /* It still does. */ }"),
  log("VIEW.3: who hears again what it knows does not complain",
    "!layout.direct && !(keep && arena[kept]! & 1)", "!layout.direct"),
  log("VIEW.5: skips by claims", " || (layout.review && log.fast)\n", "\n"),
  log("VIEW.5: records are looked at as claims", "if (!layout.review || !log.fast) advance();",
    "advance();"),
  log("VIEW.5: claims that were not heard",
    "((senders | (1 << self)) >> board) & (arena[at]! >> 1)",
    "(arena[at]! >> 1)"),
  log("VIEW.5: votes count without a claim", " & (log.claimed >> board) & arena", " & arena"),
  log("VIEW.5: votes count in any slot",
    "slotOf(at) + (arena[at]! >> 1) === open ? at", "true ? at"),
  log("VIEW.5: votes are for the slot that was claimed", "arena[mine] += 2", "arena[mine] += 0"),
  decisions("VIEW.6: the leader shows what it has chosen from",
    "      speakFirst();\n      clear();", "      clear();\n      speakFirst();"),
  views("VIEW.4: F have to have reached a number",
    "reached > traitors &&", "reached >= traitors &&"),
  views("VIEW.4: F complaints", "complaints > traitors ?", "complaints >= traitors ?"),
  views("VIEW.4: nobody is deposed", "complaints > traitors ? 1", "complaints > traitors ? 0"),
  views("VIEW.4: the next board leads", ": view.getUint32(own + lead, true) % boards",
    ": (view.getUint32(own + lead, true) + 1) % boards"),
  views("VIEW.3: complains for ever", "!keep && log.done() ? 0 : 1", "1"),
  views("PBFT.1: all lead", "if (leader() !== self) return -1;", ""),
  views("PBFT.1: proposes for a slot that it has decided", "if (!log.done()) return", "return"),
  views("PBFT.1: nothing for the next slot", "keep ? protocol.free!() : -1", "-1"),
  views("PBFT.1: a decision is no proposal", "beyond === 1 && state > 1 ? at + ring", "false ? at"),
  views("PBFT.1: a proposal for another slot", "if (!beyond) return", "if (beyond >= 0) return"),
  views("VIEW.5: claims what it does not know", "done + (state > 1 ? 2 : 0)", "done + 2"),
  views("VIEW.5: the records are not looked at again",
    "if (log.learn(from) && !layout.direct) protocol.gather();",
    "log.learn(from);"),
  pbft("VIEW.2: votes twice", "if (at) log.speak(at);\n      else inner", "inner"),
  pbft("VIEW.2: does not say its vote again", "if (at) log.speak(at);", "if (at) log.speak(-1);"),
  pbft("PBFT.1: proposes something else than it voted for", "voted() || inner.propose()",
    "inner.propose()"),
  led("VIEW.2: accepts twice", "if (at) log.speak(at);\n      else {", "{"),
  led("VIEW.2: what it accepted in a view before is a vote in this one",
    "during === log.ballot && ", ""),
  led("FAB.1: proposes something else than it accepted", "voted() || inner.propose()",
    "inner.propose()"),
];
