import { mutant } from "./mutant.js";
import type { Mutant } from "./mutant.js";

/** Wrong lines of commits in phases. */
const phases = mutant("ballots/phases.ts");
const two = mutant("core/two-phase.ts");
const three = mutant("core/three-phase.ts");
const paxos = mutant("core/paxos-commit.ts");

export const COMMIT: readonly Mutant[] = [
  phases("COMMIT.1: votes again in the next cycle", "return voted ? -1 : own;", "return own;"),
  phases("COMMIT.1: says it before it is kept", "arena[vote]! |= 1;\n      if (!log.hold!()) {",
    "if (!log.hold!()) {\n        arena[vote]! |= 1;"),
  phases("COMMIT.1: a vote of another transaction",
    "if (round < layout.rounds && !(arena[vote]! & 1)) arena[own] = 0;", ""),
  phases("COMMIT.1: what could not be kept is said", "if (!held) log.ballot = arena[own - 1] = 0;",
    ""),
  phases("a frame of another transaction counts",
    "at >= 0 && view.getUint32(at + slot, true) === view.getUint32(own + slot, true)", "at >= 0"),
  two("COMMIT.2: commits without all", "votes.decide(ready === layout.boards)",
    "votes.decide(ready >= layout.boards - 1)"),
  two("COMMIT.2: says what it did not keep", "if (!votes.bind()) arena", "if (false) arena"),
  two("COMMIT.3: everybody decides", "ready < 0 || layout.self === layout.coordinator", "true"),
  three("COMMIT.4: a vote of an earlier cycle counts", "(arena[at]! & 3) !== 1", "!arena[at]"),
  three("COMMIT.4: who is not ready counts", " || !arena[at + 1]) return false;",
    ") return false;"),
  three("COMMIT.5: acknowledges to the coordinator only", "if (round > 1) listen();",
    "if (round === 2 || self === coordinator) listen();"),
  three("COMMIT.5: who was not told commits", "if (arena[own + body + 1]) votes.decide(true);",
    "if (arena[own] === 1) votes.decide(true);"),
  three("COMMIT.5: who was away aborts alone", "arena[own + body] === 1 || (", "arena[own] || ("),
  paxos("PC.1: half is enough", "(n >> 1) + 1", "(n + 1) >> 1"),
  paxos("PC.2: accepts that all are ready", "if (arena[at + 1]) add(board);",
    "if (arena[at]) add(board);"),
  paxos("PC.2: accepts votes after it has named a board", "if (leader < 0) {",
    "if (leader < 0 || promised + 1 !== log.ballot) {"),
  paxos("PC.3: counts a vote that few accepted", "if (ready < least) least = ready;",
    "if (ready > least || !board) least = ready;"),
  paxos("PC.3: a later ballot that few accepted", "settled >= quorum", "settled > 0"),
  paxos("PC.4: leads whoever named it", "leads = count < quorum ? 0 : log.ballot",
    "leads = log.ballot"),
  paxos("PC.4: leads any later ballot", "leads && leads + 1 === log.ballot", "leads"),
  paxos("PC.4: settles as it likes what was accepted", "if (!ready) proposal = false;",
    "proposal = false;"),
  paxos("PC.4: settles as ready what nobody accepted", "if (!ready) proposal = false;", ""),
  paxos("PC.4: the value of the first ballot", "if (last > latest) {", "if (!latest && last) {"),
  paxos("PC.5: accepts of whom it named long ago", "promised + 1 !== log.ballot ||", ""),
  paxos("PC.5: accepts without a number",
    "    view.setUint32(own + ballot, log.ballot, true);\n", ""),
  paxos("says what it did not keep", "        votes.bind();\n", ""),
];
