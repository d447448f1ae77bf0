import { mutant } from "./mutant.js";
import type { Mutant } from "./mutant.js";

/** Wrong lines of the virtual leader, of Paxos and of FaB under it, and of what they keep. */
const ballotSizes = mutant("core/paxos-limits.ts");
const ledger = mutant("core/ledger.ts");
const leader = mutant("core/leader.ts");
const paxos = mutant("core/paxos.ts");
const fab = mutant("core/fab.ts");
const node = mutant("node.ts");
const promises = mutant("promises.ts");

/** Where a node speaks: what it promises by that is stored before. */
const BIND = `else if (limits.stored && !decisions!.bind(spoken)) {
        counts[UNKEPT]!++;
      } `;
const SPEAK = `else if (turn(self, spoken)) {
        const header = (spoken << 5) | self;
        hal.send(arena, transmit, wire.encode(
          header, cycle,
          limits.tag
            ? link!.seal(header, cycle, levels[spoken - 1]!, payloads[spoken]!)
            : levels[spoken - 1]!,
          payloads[spoken]!,
        ));
`;

export const BALLOTS: readonly Mutant[] = [
  ballotSizes("LFaB with 5m boards", "n < 5 * m + 1", "n < 5 * m"),
  ballotSizes("no traitor", "m < 1", "m < 0"),
  ballotSizes("keeps one slot of a log", "KEEP_MIN = 2", "KEEP_MIN = 1"),
  ballotSizes("a ballot after the last", "first < 0xffffffff", "first <= 0xffffffff"),
  ballotSizes("a commander", "commander !== -1", "commander < -1"),
  ballotSizes("a quorum of 2F", "((n + m) >> 1) + 1", "(n + m) >> 1"),
  ballotSizes("a quorum of 4F", "fab ? n - m", "fab ? n - m - 1"),
  ballotSizes("a round too few", "m + 3 - (fab", "m + 2 - (fab"),
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
  paxos("no avPrev", "put(own + avPrev, relayed)", "put(own + avPrev, 0)"),
  paxos("no condition at mbal = c", "(!at || same(other + mval, value))", "true"),
  paxos("avPrev does not vouch", "word(other + avPrev) >= at ||", ""),
  paxos("vouches for what it did not say", "word(other + avBal) >= at &&", ""),
  paxos("the lowest safe vote", "if (at > highest &&", "if ("),
  paxos("follows a leader anywhere", "!same(wanted, message)", "false"),
  paxos("avPrev for the same value", "relayed && !same(own + avVal, message)", "relayed"),
  paxos("votes without a ballot", "ledger.ballot ? value : -1", "value"),
  paxos("decides on 2av", "step > 1", "step > 0"),

  node("stores no promise", BIND, ""),
  node("stores a promise when it is out", BIND + SPEAK,
    `${SPEAK}        if (limits.stored) decisions!.bind(spoken);\n`),
  promises("stores in one place only", "FIRST + (number & 1), image", "FIRST, image"),
  promises("stores another ballot", "view.setUint32(4, opened)", "view.setUint32(4, opened - 1)"),
  promises("takes the older of two", "view.getUint32(0) > number", "true"),

  fab("LFAB.2 with 4F records", "count < quorum ? -1", "count < quorum - 1 ? -1"),
  fab("LFAB.2 with 2F+1 fixed", "count - 2 * traitors", "2 * traitors + 1"),
  fab("what is not accepted counts", "if (arena[at]) votes", "votes"),
  fab("follows a leader anywhere", "!same(wanted, message)", "false"),
];
