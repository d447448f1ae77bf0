import { mutant } from "./mutant.js";
import type { Mutant } from "./mutant.js";

/** Wrong lines of Paxos, and of views where nobody lies. */
const log = mutant("ballots/decision-log.ts");
const sizes = mutant("ballots/layout.ts");
const views = mutant("ballots/views.ts");
const paxos = mutant("core/multi-paxos.ts");
const reports = mutant("core/reports.ts");

export const PAXOS: readonly Mutant[] = [
  sizes("no room for whom it names", "protocol.direct ? 1 : 5",
    "protocol.direct ? 0 : 5"),
  sizes("records at once", "views ? 2 : 1", "views ? 3 : 1"),
  paxos("PAX.3: half is enough to lead, and to decide", "(n >> 1) + 1", "(n + 1) >> 1"),
  paxos("PAX.3: who named another counts", "if (arena[record + lead] === self) {", "{"),
  paxos("PAX.3: leads whoever named it", "leads = named < quorum ? 0 : log.ballot",
    "leads = log.ballot"),
  paxos("PAX.3: leads the next view too", "!log.ballot || leads !== log.ballot", "!leads"),
  paxos("PAX.4: what was accepted first", "if (accepted > latest) {",
    "if (accepted && (!latest || accepted < latest)) {"),
  paxos("PAX.4: proposes what it likes", "of = latest ? open() : -1", "of = -1"),
  paxos("PAX.4: proposes two values", "of = to;", ""),
  paxos("PAX.4: one value for all slots", "if (of !== to) {", "if (of < 0) {"),
  paxos("PAX.4: for the next slot what is for this", "free: () => propose(open() + 1)",
    "free: () => propose(open())"),
  paxos("PAX.5: does not say its vote again",
    "log.speak(own + body + 4);", "log.speak(-1);"),
  paxos("PAX.5: accepts without a word to the record",
    "view.setUint32(own + body, log.ballot, true);\n          move", "move"),
  paxos("PAX.5: votes for what nobody proposed", "log.vote(message >= 0 ? own + body + 4 : -1)",
    "log.vote(own + body + 4)"),
  views("PAX.2: names itself", "        arena[own + lead] = board;\n", ""),
  views("PAX.2: names who does not take part",
    "(from >> board) & arena[layout.heard + board * layout.block]! & 1", "(from >> board) & 1"),
  views("PAX.2: names who was not heard",
    "(from >> board) & arena[layout.heard + board * layout.block]! & 1",
    "arena[layout.heard + board * layout.block]! & 1"),
  views("PAX.2: names for ever", "arena[own + lead] = self;", ""),
  views("PAX.4: claims are looked at as records", "if (log.learn(from) && !layout.direct)",
    "if (log.learn(from))"),
  views("PAX.2: names by records too", "if (layout.direct && round < rounds)",
    "if (layout.direct)"),
  log("LOG.2: two claims are needed", "elect(count, lies + 1)", "elect(count, lies + 2)"),
  sizes("LOG.2: one claim is enough where boards lie", "lies: protocol.direct ? 0 : m", "lies: 0"),
  log("VIEW.3: complains where nobody asks", "layout.review && !layout.direct &&",
    "layout.review &&"),
  reports("a record that was not heard", "(senders >> of) & arena", "arena"),
  reports("a record of who takes part in no view", "(senders >> of) & arena[at]! & 1",
    "(senders >> of) & 1"),
  reports("its own record is not heard", "from | (1 << self)", "from"),
];
