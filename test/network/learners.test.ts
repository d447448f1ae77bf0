/** LEARN.1: what a network file may say of learners. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseReadings } from "../../host/network/readings.js";
import { parseNetwork } from "../../host/index.js";

/** Boards by letters, learners in capitals. */
const parse = (
  names: string, own: Record<string, unknown> = {}, last: Record<string, unknown> = {},
) => parseNetwork({
  name: "n", algorithm: "fab", traitors: 1, value: "u8", decision: "majority", default: 0,
  baud: 115200, ...own,
  boards: names.split("").map((name, at) => ({
    name, kind: "EMULATED", ...(name < "a" && { learner: true }),
    ...(at === names.length - 1 && last),
  })),
}, "n.json");

const refused = (says: string, ...given: Parameters<typeof parse>) => {
  assert.throws(() => parse(...given), { name: "UsageError", message: `n.json: ${says}` });
};

test("learners stand behind the boards that take part, and count nowhere", () => {
  const network = parse("abcdefYZ");
  const { shape, boards, members } = network;
  assert.equal(shape.boards, 6);
  assert.deepEqual(boards.map(({ layout }) => layout.learner),
    [false, false, false, false, false, false, true, true]);
  assert.deepEqual(members.map(({ name }) => name), ["a", "b", "c", "d", "e", "f"]);
  for (const { layout } of boards) assert.equal(layout.boards, 6);
  const none = parse("abcdef");
  assert.deepEqual(none.members, none.boards);
  // As many as there are numbers for.
  assert.equal(parse("abcdefABCDEFGHIJKLMNOPQRSTUVWXY").boards.length, 31);
});

test("learners come last", () => {
  refused("boards[2].learner: true, and boards[3] is none: learners come last", "abCdefg");
  refused("boards[0].learner: true, and boards[1] is none: learners come last", "Abcdefg");
});

test("they do not outvote anybody", () => {
  refused("boards: 5 cannot outvote 1 traitors in two steps of a view, at least 6 can; " +
    "a learner does not count", "abcdeYZ");
});

test("only FaB with a leader has them", () => {
  for (const algorithm of ["om", "sm", "lbp", "lfab", "pbft", "paxos"]) {
    refused(`boards[6].learner: true, "algorithm": "${algorithm}" has no learners, only "fab" has`,
      "abcdefY", { algorithm });
  }
  assert.equal(parse("abcdef", { algorithm: "om" }, { learner: false }).members.length, 6);
});

test("what a learner has no use for is refused", () => {
  refused('auth: "mac", and "Y" is a learner, for which no frame has a tag: leave out one of them',
    "abcdefYZ", { auth: "mac" });
  refused('signatures: "Y" is a learner, which has no keys: leave out one of them',
    "abcdefYZ",
    { signatures: { trees: [{ lms: "LMS_SHA256_M24_H10", ots: "LMOTS_SHA256_N24_W4" }] } });
  refused("boards[7].reading: a learner puts nothing in: leave it out",
    "abcdefYZ", {}, { reading: { pin: "B1" } });
  refused("boards[6].reading: a learner puts nothing in: leave it out",
    "abcdefY", {}, { reading: "wire" });
  refused("boards[6].alarm: a learner watches nobody: leave it out",
    "abcdefY", { health: {} }, { alarm: { pin: "B1" } });
  refused("boards[6].enable: a learner never speaks: leave it out",
    "abcdefY", { wiring: "wire" }, { enable: "B1" });
  refused('commander: "Y", in ballots all boards propose: leave it out',
    "abcdefY", { commander: "Y" });
});

test("LEARN.4: where boards act tentatively a learner has nothing to take back", () => {
  const order = { script: "print(order)" };
  const layout = parse("abcdefY", { tentative: true }, { order }).boards.map((board) =>
    board.layout.tentative);
  assert.deepEqual(layout, [true, true, true, true, true, true, false]);
  refused("boards[6].order.retract: is never run, a learner acts on what is decided (LEARN.4): " +
    "leave it out", "abcdefY", { tentative: true },
    { order: { ...order, retract: "print(before)" } });
});

test("a table of readings has a column for each board that takes part", () => {
  const network = parse("abcdefY");
  assert.deepEqual(parseReadings(network, "1,2,3,4,5,6\n", "r").readings(0),
    [1, 2, 3, 4, 5, 6, undefined]);
  assert.throws(() => parseReadings(network, "1,2,3,4,5,6,7\n", "r"), {
    message: "r: line 1: has 7 fields, one for each of 6 boards is needed",
  });
});
