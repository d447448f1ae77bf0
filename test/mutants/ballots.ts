import { mutant } from "./mutant.js";
import type { Mutant } from "./mutant.js";

/** Wrong lines of the virtual leader, of Paxos and of FaB under it, and of what they keep. */
const ballotSizes = mutant("core/paxos-limits.ts");
const ledger = mutant("core/ledger.ts");
const leader = mutant("core/leader.ts");
const paxos = mutant("core/paxos.ts");
const fab = mutant("core/fab.ts");
const promises = mutant("promises.ts");
const decisions = mutant("decisions.ts");

export const BALLOTS: readonly Mutant[] = [
  ballotSizes("LFaB with 5m boards", "? 5 * m + 1", "? 5 * m"),
  ballotSizes("LBP with 3m boards", ": 3 * m + 1;", ": 3 * m;"),
  ballotSizes("no traitor", "m < 1", "m < 0"),
  ballotSizes("keeps one slot of a log", "KEEP_MIN = 2", "KEEP_MIN = 1"),
  ballotSizes("a ballot after the last", "first < 0xffffffff", "first <= 0xffffffff"),
  ballotSizes("a commander", "commander !== -1", "commander < -1"),
  ballotSizes("a quorum of 2F", "((n + m) >> 1) + 1", "(n + m) >> 1"),
  ballotSizes("a quorum of 4F", "\"fab\" ? n - m", "\"fab\" ? n - m - 1"),
  ballotSizes("a round too few", "traitors + 3 - (", "traitors + 2 - ("),
  ballotSizes("no slot on the wire", "(keep ? 4 : 0)", "0"),
  ballotSizes("readings as wide as records", "if (wired) payloads", "if (!wired) payloads"),

  ledger("LBP.4 and LBP.5 with 2F", "return elect(count, quorum);",
    "return elect(count, quorum - 1);"),
  ledger("F claims", "elect(count, traitors + 1)", "elect(count, traitors)"),
  ledger("moves on where F know", "2 * traitors + 1) < 0", "2 * traitors) < 0"),
  ledger("moves on alone", "crowd <= open && elect", "crowd < open && elect"),
  ledger("skips too early", "crowd < open + keep", "crowd < open + keep - 1"),
  ledger("skips too far", "crowd - keep + 1", "crowd - keep + 2"),
  ledger("claims what it skipped", "arena[kept]! & 254 : 0", "arena[kept]! & 254 : arena[kept]!"),
  ledger("keeps the votes of the slot before", "      arena.fill(0, own + body, own + width);\n",
    ""),
  ledger("records of slots before bind", "if (slotOf(record) < open) arena", "if (false) arena"),
  ledger("records of slots after count", "if (slotOf(record) <= open) {", "if (true) {"),
  ledger("slots on the wire do not matter", "!keep || view", "true || view"),
  ledger("restarted: as before", "from = Infinity", "from = 0"),
  ledger("restarted: a slot too early", "from = reached + 2", "from = reached + 1"),
  ledger("restarted: bounded by fewer", "behind >= boards - traitors", "behind > traitors"),
  ledger("takes part again in what has been", "ballot > last", "ballot >= 0"),
  ledger("silent boards have a record", "ledger.ballot && 1", "1"),
  ledger("silent boards act", "return ledger.ballot && found;", "return found;"),
  ledger("the unheard vote", "((senders | (1 << self)) >> board) & arena", "arena"),
  ledger("its own vote does not count", "(senders | (1 << self))", "senders"),
  ledger("decides twice", "else if (!(arena[kept]! & 1)) {", "else {"),

  leader("takes records from its own hearing",
    "agreement.close(round, from);\n      if (round === rounds) {\n        led.gather();\n" +
    "        led.heed",
    "if (round === rounds) led.gather();\n      agreement.close(round, from);\n" +
    "      if (round === rounds) {\n        led.heed"),
  leader("looks into the records too early", "if (round === rounds) {\n        led.gather();\n" +
    "        led.heed", "if (round) {\n        led.gather();\n        led.heed"),
  leader("who is not heard leads", "((from | (1 << self)) >> leader) & arena", "arena"),
  leader("all lead", "ledger.ballot && leader === self", "ledger.ballot"),
  leader("the next board leads", "+ boards - 1) % boards", "+ boards) % boards"),

  paxos("LBP.2 with 2F records", "below >= quorum", "below >= quorum - 1"),
  paxos("F vouchers", "vouchers > traitors", "vouchers >= traitors"),
  paxos("no avPrev", "own + avPrev, relayed, true", "own + avPrev, 0, true"),
  paxos("no condition at mbal = c", "!same(arena, other + mval, value, valueWidth)", "false"),
  paxos("avPrev does not vouch", "vouches || word(other + avPrev) >= at", "vouches"),
  paxos("vouches for what it did not say", "word(other + avBal) >= at &&", "true &&"),
  paxos("the lowest safe vote", "if (at > highest &&", "if ("),
  paxos("follows a leader anywhere", "!same(arena, wanted, message, valueWidth)", "false"),
  paxos("avPrev for the same value", "relayed && !same(arena, own + avVal, message, valueWidth)",
    "relayed"),
  paxos("votes without a ballot", "ledger.ballot ? value : -1", "value"),
  paxos("decides on 2av", "step > 1", "step > 0"),

  promises("stores another ballot", "view.setUint32(4, opened)", "view.setUint32(4, opened - 1)"),

  fab("LFAB.2 with 4F records", "count < quorum ? -1", "count < quorum - 1 ? -1"),
  fab("LFAB.2 with 2F+1 fixed", "count - 2 * traitors", "2 * traitors + 1"),
  fab("what is not accepted counts", "if (arena[at]) votes", "votes"),
  fab("follows a leader anywhere", "!same(arena, wanted, message, limits.valueWidth)", "false"),

  promises("LOG.6: writes one place only", "write(FIRST + (number & 1), image)",
    "write(FIRST, image)"),
  promises("takes what is torn", "return !((sum() ^ view.getUint32(end)) | 0);", "return true;"),
  promises("takes the older image", "view.getUint32(0) > number", "!number"),
  promises("does not read back", "return load(number & 1) && view.getUint32(0) === number;",
    "return true;"),
  promises("another network's promises", " ^ limits.stored", ""),
  decisions("LOG.6: the 2b is not stored", "round <= relays) ||", "round !== relays + 1) ||"),
  decisions("LOG.6: the record is not stored", "(round > 1 && round", "(round > 0 && round"),
  decisions("forgets its ballot", "decisions.resume!(promises.ballot - 1)", "promises.ballot"),
];
