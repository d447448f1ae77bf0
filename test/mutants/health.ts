import { mutant } from "./mutant.js";
import type { Mutant } from "./mutant.js";

/** Wrong lines of the health of boards. */
const health = mutant("core/health.ts");
const node = mutant("node/node.ts");
const decisions = mutant("node/decisions.ts");

const detector = mutant("core/detector.ts");

/** Wrong lines of who is suspected, and who leads. */
export const DETECTOR: readonly Mutant[] = [
  detector("one cycle too early", "unheard[board] === suspect", "unheard[board]! >= suspect - 1"),
  detector("a count that comes round", "Math.min(unheard[board]! + 1, suspect)",
    "(unheard[board]! + 1) % (suspect + 1)"),
  detector("suspects itself", "board === self || ", ""),
  detector("once heard, heard for ever", "      heard = 0;\n", ""),
  detector("one silent cycle less for each heard", "? 0\n          : Math.min(",
    "? Math.max(0, unheard[board]! - 1)\n          : Math.min("),
  detector("the lowest leads", "if (!suspects[board]) leader = board;",
    "if (!suspects[board] && board < leader) leader = board;"),
  detector("the highest leads, suspected or not", "if (!suspects[board]) leader", "leader"),
  node("a forged frame is of its board", "} else if (layout.suspect) detector!.hear(sender);",
    "}\n        if (layout.suspect) detector!.hear(sender);"),
  node("no cycle is ever over for the detector",
    "if (layout.suspect) node.leader = detector!.close();", ""),
  node("nobody leads before the first cycle", "node.leader = layout.boards - 1;",
    "node.leader = layout.self;"),
];

export const HEALTH: readonly Mutant[] = [
  health("a count below 0", "Math.max(0, Math.min((count >> 1) + by, layout.worst))",
    "Math.min((count >> 1) + by, layout.worst)"),
  health("a count above the worst", "Math.min((count >> 1) + by, layout.worst)",
    "(count >> 1) + by"),
  health("a mark for ever", "next ? count & 1 : 0", "count & 1"),
  health("no mark", "next === layout.worst ? 1 : next", "next"),
  health("rows are the same where their ends are", "while (left && one", "while (left > 1 && one"),
  health("rows are never kept", "(entries[board] as Uint8Array).set(entry as Uint8Array)",
    "(entries[board] as unknown) = entry"),
  health("what was missed counts as seen", "missed ? 0 : look.seen", "look.seen"),
  health("⊥ is an entry", "if (entry !== undefined) {", "{"),
  health("everybody moves", "&& !alike(entry, entries[board])", ""),
  health("who was ⊥ has moved", "if ((look.was >> board) & 1 && !alike", "if (!alike"),
  health("the first is the majority", "if (!lead) most = board;", "if (!board) most = board;"),
  health("the most are a majority", "lead += alike(vector[board], vector[most]) ? 1 : -1",
    "lead += alike(vector[board], vector[most]) ? 1 : 0"),
  health("half is a majority", "lead > 0 && !alike", "lead >= 0 && !alike"),
  health("⊥ votes", "if ((look.seen >> board) & 1) lead", "lead"),
  health("the least is out of range", "entry < layout.low", "entry <= layout.low"),
  health("the most is out of range", "entry > layout.high", "entry >= layout.high"),
  health("the tolerance dissents", "entry - middle > layout.tolerance",
    "entry - middle >= layout.tolerance"),
  health("below, the tolerance dissents", "middle - entry > layout.tolerance",
    "middle - entry >= layout.tolerance"),
  health("range before absence",
    "if (entry === undefined) return ABSENT;\n",
    "if (entry === undefined) return layout.ranged ? RANGE : ABSENT;\n"),
  health("still where it was ⊥ before", "(!missed && !((look.was >> board) & 1))", "false"),
  health("still while it moves", "if ((look.moves >> board) & 1 || (", "if (("),
  health("after a gap it may not be stuck", "stills[at + 1] = layout.still;",
    "stills[at + 1] = 0;"),
  health("after a gap it is stuck", "stills[at] = 0;\n      stills", "stills"),
  health("as many as m others move", "look.movers > layout.movers", "look.movers >= layout.movers"),
  health("whoever moves", "else if (look.movers > layout.movers) {", "else {"),
  health("stuck comes first", "if (!sign && stills[at] === layout.still)",
    "if (stills[at] === layout.still)"),
  health("what may be stuck is not", "if (stills[at + 1] === layout.still) worse = STUCK;", ""),
  health("what was missed is forgotten", "if (missed) counts[at] =",
    "if (missed < 0) counts[at] ="),
  health("what was missed was well", "missed * layout.forget) === least", "-missed) === least"),
  health("what was missed was bad", "judge(at, sign, -missed)",
    "judge(at, sign, missed * layout.forget)"),
  health("one cycle was missed at most", "const missed = (cycle - last - 1) >>> 0;",
    "const missed = Math.min((cycle - last - 1) >>> 0, 1);"),
  health("the very first is 0", "let last = layout.origin - 1;", "let last = -1;"),
  health("known before it is told", "states.fill(UNKNOWN, 0, boards);", ""),
  health("watched is permanent", "(sign ? PERMANENT : WATCHED)", "PERMANENT"),
  health("a sign takes away", "sign ? layout.forget : -1", "sign ? 1 : -1"),
  health("nobody is told", "changed = true;", "changed = false;"),
  health("told each time", "if (states[board] !== state) changed = true;", "changed = true;"),

  node("the alarm is told each time",
    "if (health!.take(layout.review ? node.cycle / layout.review : node.cycle) && layout.alarm)",
    "health!.take(layout.review ? node.cycle / layout.review : node.cycle);\n" +
      "    if (layout.alarm)"),
  node("nobody watches", "if (layout.health) watch();", ""),
  decisions("ballots are not watched", "if (layout.health) watch();", ""),
  decisions("HEALTH.9: fast cycles are looked at", "else if (!(layout.review && decisions.fast)) {",
    "else {"),
  node("HEALTH.9: a view counts for all of its cycles",
    "layout.review ? node.cycle / layout.review : node.cycle", "node.cycle"),
];
