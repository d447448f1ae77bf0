import { mutant } from "./mutant.js";
import type { Mutant } from "./mutant.js";

/** Wrong lines of Paxos without leases. */
const duel = mutant("core/duel.ts");
const sizes = mutant("ballots/layout.ts");

export const DUEL: readonly Mutant[] = [
  sizes("DUEL.1: says first who is there", "views ? 2 : 1", "views ? 2 : 2"),
  sizes("DUEL.1: names somebody", "!protocol.views ? 0 :", "!protocol.views ? 1 :"),
  duel("DUEL.4: half is enough", "(n >> 1) + 1", "(n + 1) >> 1"),
  duel("DUEL.4: other numbers count as equal", "cycleOf(vote) === cycleOf(at + NUMBER) &&", ""),
  duel("DUEL.4: numbers of others count as equal", "&& arena[vote] === arena[at + NUMBER]", ""),
  duel("DUEL.2: who promised another counts", "cycleOf(at) === asked && arena[at] === self",
    "cycleOf(at) === asked"),
  duel("DUEL.2: promises of any cycle count", "cycleOf(at) === asked && arena[at] === self",
    "arena[at] === self"),
  duel("DUEL.2: sends by what too few promised",
    "promises < quorum || asked + 1 !== log.ballot", "asked + 1 !== log.ballot"),
  duel("DUEL.2: sends by promises of long ago",
    "promises < quorum || asked + 1 !== log.ballot", "promises < quorum"),
  duel("DUEL.2: sends what was accepted first",
    "!reaches(bound + NUMBER", "reaches(bound + NUMBER"),
  duel("DUEL.2: sends what it likes", "arena[vote]!))) bound = at;", "arena[vote]!))) bound = 0;"),
  duel("DUEL.1: asks again where it has decided",
    "message < 0 && log.ballot && !log.done()", "message < 0 && log.ballot"),
  duel("DUEL.1: asks where it says nothing that binds",
    "message < 0 && log.ballot && !log.done()", "message < 0 && !log.done()"),
  duel("DUEL.1: asks with what it sends", "message < 0 && log.ballot", "log.ballot"),
  duel("DUEL.3: promises where it says nothing that binds", "if (!ballot) return;", ""),
  duel("DUEL.3: values come first", "arena[heard + board * block]! > 1) {",
    "arena[heard + board * block]! > 2) {"),
  duel("DUEL.3: accepts what is overtaken",
    " &&\n          !reaches(promised, ballot - 1, board + 1)", ""),
  duel("DUEL.3: refuses the number that it promised", "ballot - 1, board + 1)",
    "ballot - 1, board)"),
  duel("DUEL.3: what it asks itself comes first of all",
    "if (board !== self && isHere", "if (isHere"),
  duel("DUEL.3: does not promise itself anything",
    "if (asked && !reaches(promised, ballot, self)) become(promised, ballot, self);", ""),
  duel("DUEL.3: overtakes higher numbers", "if (asked && !reaches(promised, ballot, self))",
    "if (asked)"),
  duel("DUEL.3: hears of other slots", "&& (!keep ||", "&& (keep ||"),
];
