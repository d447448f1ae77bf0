/**
 * Are the tests able to fail? Each mutant below is one wrong line of firmware, and some test has to
 * notice.
 *
 *     node --import tsx test/mutants.ts [PART OF A FILE NAME]
 *
 * prints each mutant and the test that killed it. Exit 0: all were killed; 1: some survived; 2: the
 * run says nothing, because a test fails without any mutant or a mutant's text is not there once.
 *
 * Not listed are mutants that change nothing that can be seen:
 * - om.ts: voting without looking for -1: at index -1 there is no byte, which equals no byte; two ⊥
 *   would elect -1, which is ⊥;
 * - om.ts: electing after half of the voters: only slower;
 * - om.ts: `of >= self`: a board's own entry has been answered before;
 * - paths.ts: numbering what this board itself says: nobody looks there;
 * - frame.ts: `next > mask`: no start word is at the mask, which does not begin with 0;
 * - frame.ts: unmasking from the cycle on: no header is 0.
 */
import { spawn } from "node:child_process";
import {
  cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";

interface Mutant {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly why: string;
}

const mutant = (file: string) => (why: string, from: string, to: string): Mutant => ({
  file: `firmware/${file}`, from, to, why,
});

const limits = mutant("core/limits.ts");
const paths = mutant("core/paths.ts");
const om = mutant("core/om.ts");
const ic = mutant("core/ic.ts");
const ballotSizes = mutant("core/paxos-limits.ts");
const ledger = mutant("core/ledger.ts");
const leader = mutant("core/leader.ts");
const paxos = mutant("core/paxos.ts");
const fab = mutant("core/fab.ts");
const frame = mutant("wire/frame.ts");
const node = mutant("node.ts");
const values = mutant("values.ts");

/** By file, the tests that have to notice, the quickest first. */
const TESTS: Record<string, readonly string[]> = {
  "firmware/core/limits.ts": ["core/limits.test.ts"],
  "firmware/core/paths.ts": ["core/paths.test.ts"],
  "firmware/core/om.ts": ["core/om.test.ts", "core/naive.test.ts", "core/random.test.ts"],
  "firmware/core/paxos-limits.ts": ["core/paxos-limits.test.ts"],
  "firmware/core/ledger.ts": ["core/ledger.test.ts", "core/rule.test.ts", "core/shadow.test.ts"],
  "firmware/core/leader.ts": ["core/leader.test.ts", "core/shadow.test.ts"],
  "firmware/core/paxos.ts": ["core/rule.test.ts", "core/leader.test.ts", "core/shadow.test.ts"],
  "firmware/core/fab.ts": ["core/rule.test.ts", "core/shadow.test.ts"],
  "firmware/core/ic.ts": ["core/ic.test.ts"],
  "firmware/wire/frame.ts": [
    "wire/vectors.test.ts", "wire/frame.test.ts", "wire/stream.test.ts", "wire/forgery.test.ts",
    "wire/faults.test.ts",
  ],
  "firmware/node.ts": ["node.test.ts"],
  "firmware/values.ts": ["values.test.ts"],
};

const MUTANTS: readonly Mutant[] = [
  limits("admits n = 3m", "n < 3 * m + 1", "n < 3 * m"),
  limits("admits fractions", "x % 1 === 0", "x > low - 1"),
  limits("admits one board alone", "whole(n, 2, BOARDS_MAX)", "whole(n, 1, BOARDS_MAX)"),
  limits("admits the commander n", "whole(c, -1, n - 1)", "whole(c, -1, n)"),
  limits("frames without a free word", "255 * 254 - 4", "255 * 255 - 4"),
  limits("names a width too large", "Math.floor(most / count)", "Math.ceil(most / count)"),
  limits("paths may repeat boards", "count *= boards - taken", "count *= boards"),
  limits("counts the commander twice", "arrangements(boards - 2", "arrangements(boards - 1"),
  limits("one commander is never silent", "(self === shape.commander) === (length === 0)",
    "self === shape.commander || length > 0"),
  limits("one byte of presence bits too many",
    "((count + 7) >> 3) + count", "((count + 8) >> 3) + count"),
  limits("shift not the least", "1 << shift < spoken", "1 << shift <= spoken"),
  limits("one-byte words for one byte too long", "<= 254 ? 1", "<= 255 ? 1"),
  limits("routes of 4 bytes too early", "n * 2 ** shift > 65536", "n * 2 ** shift >= 65536"),
  limits("no room for the last board", "heard + n * block", "heard + (n - 1) * block"),
  limits("no room for all of a checksum", "transmit + overhead + block + word",
    "transmit + overhead + block"),
  limits("no presence byte in the beacon", "wired ? 1 + width", "wired ? width"),
  limits("blocks for the round before the last", "payloads[m + 1]!", "payloads[m]!"),

  paths("paths may repeat boards", "visit(left - 1, used | (1 << board))", "visit(left - 1, used)"),
  paths("a route without its number", "(board << shift) | number", "board << shift"),
  paths("numbers what is not listed here as if nobody did", "= number + 1",
    "= number + 1 - ((used >> self) & 1)"),
  paths("lists paths with this board", "board !== self && !((used >> self) & 1)", "board !== self"),
  paths("numbers go on from length to length", "numbered = [];\n    if", "if"),
  paths("the longest paths are missing", "length <= traitors + 1", "length <= traitors"),

  om("hears the silent", "return (senders >> board) & 1", "return board >= 0"),
  om("⊥ keeps the value before", "if (from < 0) arena[at]! ^= bit;", "if (from < 0) return;"),
  om("copies one byte of many", "else if (width < 2) arena", "else if (width < 3) arena"),
  om("compares one byte of two", "(width < 2 ? arena", "(width < 3 ? arena"),
  om("a value ends before its last byte", "return !left;", "return left < 2;"),
  om("too few candidates", "candidate * 2 < voters", "candidate * 3 < voters"),
  om("half is a majority", "count * 2 > voters", "count * 2 >= voters"),
  om("⊥ leaves the count", "count * 2 > voters",
    "count * 2 > votes.slice(0, voters).filter((vote) => vote >= 0).length"),
  om("the most is a majority", "count * 2 > voters", "count * 3 > voters"),
  om("one voter too few", "voters < boards - length;", "voters < boards - length - 1;"),
  om("no vote of its own", "votes[0] = find(levels[length]!, bitmaps[length + 1]!, path)",
    "votes[0] = -1"),
  om("looks for the last round among what is held", "= length < traitors\n",
    "= length <= traitors\n"),
  om("hears the last round of what was resolved", "= length < traitors\n",
    "= length < traitors - 1\n"),
  om("does not resolve the first level", "length; length--", "length > 1; length--"),
  om("resolves from the shortest path up", "(let length = traitors; length; length--)",
    "(let length = 1; length <= traitors; length++)"),
  om("no majority: keeps what it heard", "hold(length, path, elect(voters));",
    "const won = elect(voters);\n          if (won >= 0) hold(length, path, won);"),
  om("entries of those that do not command",
    "if (commander >= 0 && of !== commander) return -1;", ""),
  om("its own entry from hearsay", "of === self ? 0 : 1", "1"),
  om("entries one off", "of - (of > self ? 1 : 0)", "of"),
  om("m = 0 does not hear", "round <= (traitors || 1)", "round <= traitors"),
  om("presence of the first of eight", ">> (index & 7)) & 1 ? at", ") & 1 ? at"),

  ic("⊥ votes against", "if (vector[other] !== undefined) lead +=", "lead +="),
  ic("half is a majority", "if (lead > 0) return vector", "if (lead >= 0) return vector"),
  ic("half is a majority of bytes", "if (lead > 0) return value", "if (lead >= 0) return value"),
  ic("⊥ votes against bytes", "if (said) lead +=", "lead +="),
  ic("the first byte does not count", "left ? -1 : 1", "left > 1 ? -1 : 1"),
  ic("the higher of two", "(count - 1) >> 1", "count >> 1"),
  ic("0 is ⊥", "if (value !== undefined) {", "if (value) {"),
  ic("descending", "sorted[at - 1]! > value", "sorted[at - 1]! < value"),
  ic("2m are enough", "count <= 2 * traitors", "count < 2 * traitors"),
  ic("keeps one of the highest", "count - 1 - traitors", "count - traitors"),
  ic("keeps one of the lowest", "sorted[traitors]!", "sorted[traitors && traitors - 1]!"),
  ic("rounds towards 0", "Math.floor(middle)", "Math.trunc(middle)"),

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
  fab("LFAB.2 with 4F records", "count < quorum ? -1", "count < quorum - 1 ? -1"),
  fab("LFAB.2 with 2F+1 fixed", "count - 2 * traitors", "2 * traitors + 1"),
  fab("what is not accepted counts", "if (arena[at]) votes", "votes"),
  fab("follows a leader anywhere", "!same(wanted, message)", "false"),
  leader("looks into the records too early", "if (round === rounds) {\n        led.gather();\n" +
    "        led.heed", "if (round) {\n        led.gather();\n        led.heed"),
  leader("who is not heard leads", "((from | (1 << self)) >> leader) & arena", "arena"),
  leader("all lead", "ledger.ballot && leader === self", "ledger.ballot"),
  leader("the next board leads", "+ boards - 1) % boards", "+ boards) % boards"),
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

  frame("finds a word across the end", "(size > 1 ? at + 1 : at) < end", "at < end"),
  frame("a third zero shifts the frame", "if (!arena[mask]) return from + 1;", ""),
  frame("foreign frames are not counted", "counts[FOREIGN]!++;", ""),
  frame("jumps after a foreign frame", "return mask;", "return body + 8;"),
  frame("reads on over the next start", "if (next > 0) {", "if (next > end) {"),
  frame("missized frames are not counted", "counts[MISSIZED]!++;", ""),
  frame("checks 8 bits", "view.getUint32(end - 4, true)) >> (8 * size)",
    "view.getUint32(end - 4, true)) >> 24"),
  frame("checks nothing", "counts[GARBLED]!++;\n      return end + 1 - size;", ""),
  frame("does not unmask the cycle", "0, body, end);", "0, body + 2, end);"),
  frame("the header for the cycle", "hear(arena[body + 1]!", "hear(arena[body]!"),
  frame("loses a last byte", "if (rest < fill) move", "if (rest + 1 < fill) move"),
  frame("loses what has begun", "fill += receive - rest", "fill = receive"),
  frame("forgets half a start word", "size > 1 && !arena[fill - 1] ? fill - 1 : fill", "fill"),
  frame("one frame a chunk", "while (start >= 0 && rest > start && rest < fill) {",
    "for (let once = 1; once--; ) {"),
  frame("not the first free mask", "size > 1 ? 256 : 0", "size > 1 ? 257 : 1"),
  frame("masks that overlap", "(!(mask & 255) || (mask & 255) === mask >> 8)", "!(mask & 255)"),
  frame("zeros in the checksum stay",
    "replace(0, mask, body, last)", "replace(0, mask, body, check)"),
  frame("a mask that occurs in the checksum", "find(mask, body, last)", "find(mask, body, check)"),

  node("reads without an opening", "spoken < 2 && type", "type"),
  node("takes an opening from any beacon", "wired && spoken < 2", "wired"),
  node("unread is not counted", "if (!arena[own]) counts[UNREAD]!++;", ""),
  node("all speak in all rounds", "(board === commander) === (round === 1)", "round > 0"),
  node("listens to itself", "sender !== self && ", ""),
  node("one round too many", "if (spoken > rounds) return -1",
    "if (spoken > rounds + 1) return -1"),
  node("hears twice", "age || (heard >> sender) & 1", "age"),
  node("late and stale confused", "behind ? STALE : LATE", "behind ? LATE : STALE"),
  node("early and late confused", "age < 0 ? EARLY", "age > 0 ? EARLY"),
  node("beacons before the first are not missed", "spoken - (round > rounds ? 1 : 0)", "0"),
  node("a beacon left out is not missed", "next - round - 1", "0"),
  node("joins the next cycle whatever it is", ": (cycle - behind) >>> 0", ": cycle + 1"),
  node("a cycle's number of 8 bits", "view.getUint32(at - 1, true)", "view.getUint8(at - 1)"),
  node("cycles never come round", "((cycle - low) << 24) >> 24", "(cycle - low) & 255"),
  node("never joins within a cycle", "spoken === 1 || (spoken && behind < 0)", "spoken === 1"),
  node("hears the round before", "om.close(round, heard);\n        heard = 0;",
    "om.close(round, heard);"),
  node("answers the closing beacon", "} else if (turn(self, spoken)) {",
    "}\n      if (turn(self, spoken)) {"),
  node("⊥ is a value", "entry < 0 ? undefined : type", "type"),

  values("what does not come back is a value", "return view[`get${name}`](at, true) === value",
    "return true"),
  values("big-endian", "view[`get${name}`](at, true),", "view[`get${name}`](at, false),"),
  values("infinity is a value", "value - value === 0", "value === value"),
  values("not finite is stored", " && float.load(view, at, 0) !== undefined", ""),
  values("2 is a truth value", "byte < 2 ?", "byte < 3 ?"),
  values("1 is true", "value === true || value === false", "value == true || value == false"),
  values("rows that are too long", "value.length !== width", "value.length < width"),
  values("one cell for all slots", "cells[slot]!;", "cells[0]!;"),
];

const WORKERS = 2;
/** A test that takes this much longer than without a mutant runs for ever. */
const PATIENCE = 10;
const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** A tree in which firmware can be changed: what tests read is copied, the rest is shared. */
const grow = (): string => {
  const tree = mkdtempSync(join(tmpdir(), "tagma-mutants-"));
  for (const name of ["firmware", "host", "test", "boards", "package.json", "tsconfig.json"]) {
    cpSync(join(ROOT, name), join(tree, name), { recursive: true });
  }
  symlinkSync(join(ROOT, "node_modules"), join(tree, "node_modules"));
  return tree;
};

/**
 * Runs one test file.
 *
 * @returns what failed first, or "" where nothing did
 */
const runTest = async (tree: string, test: string, patience: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ["--import", "tsx", "--test-reporter=tap", join("test", test)],
      { cwd: tree, env: { ...process.env, TAGMA_QUICK: "1" }, stdio: ["ignore", "pipe", "pipe"] },
    );
    let output = "";
    let late = false;
    const keep = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    const timer = setTimeout(() => {
      late = true;
      child.kill("SIGKILL");
    }, patience);
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      const failed = /^ *not ok \d+ - (.*)$/m.exec(output)?.[1] ?? `exit code ${code}`;
      resolve(late ? `${test}: no end within ${Math.round(patience)} ms` : code ? failed : "");
    });
  });

/** Calls `work` for each item, in `trees.length` places at once. */
const share = async <Item>(
  items: readonly Item[],
  trees: readonly string[],
  work: (item: Item, tree: string) => Promise<void>,
): Promise<void> => {
  const left = items.values();
  await Promise.all(
    trees.map(async (tree) => {
      for (const item of left) await work(item, tree);
    }),
  );
};

/** What the firmware file becomes, or an error where that says nothing about the tests. */
const mutate = (tree: string, { file, from, to, why }: Mutant) => {
  const sound = readFileSync(join(tree, file), "utf8");
  const times = sound.split(from).length - 1;
  if (times !== 1) throw new Error(`${file}, "${why}": its text is there ${times} times: ${from}`);
  const mutated = sound.replace(from, () => to);
  transformSync(mutated, { loader: "ts" });
  return { sound, mutated };
};

/** How long each test takes without a mutant, in ms. */
const measure = async (tests: readonly string[], trees: readonly string[]) => {
  const times = new Map<string, number>();
  await share(tests, trees, async (test, tree) => {
    if (!existsSync(join(ROOT, "test", test))) throw new Error(`there is no test/${test}`);
    const start = performance.now();
    const failed = await runTest(tree, test, 300_000);
    if (failed) throw new Error(`test/${test} fails without any mutant: ${failed}`);
    times.set(test, performance.now() - start);
  });
  return times;
};

const main = async (part: string): Promise<number> => {
  const mutants = MUTANTS.filter(({ file }) => file.includes(part));
  const trees = Array.from({ length: WORKERS }, grow);
  const survivors: Mutant[] = [];
  try {
    // First of all, lest the last one's text be missing after minutes.
    for (const one of mutants) for (const tree of trees) mutate(tree, one);
    const tests = new Set(mutants.flatMap(({ file }) => TESTS[file]!));
    const times = await measure([...tests], trees);
    await share(mutants, trees, async (one, tree) => {
      const { sound, mutated } = mutate(tree, one);
      const target = join(tree, one.file);
      writeFileSync(target, mutated);
      let killer = "";
      for (const test of TESTS[one.file]!) {
        killer ||= await runTest(tree, test, 5000 + PATIENCE * times.get(test)!);
      }
      writeFileSync(target, sound);
      if (!killer) survivors.push(one);
      console.log(`${killer ? "killed  " : "SURVIVED"} ${one.file}: ${one.why}  [${killer}]`);
    });
  } finally {
    for (const tree of trees) rmSync(tree, { recursive: true, force: true });
  }
  console.log(`${mutants.length} mutants, ${survivors.length} survived`);
  for (const { file, why, from, to } of survivors) console.log(`${file}: ${why}: ${from} -> ${to}`);
  return survivors.length ? 1 : 0;
};

try {
  process.exitCode = await main(process.argv[2] ?? "");
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
