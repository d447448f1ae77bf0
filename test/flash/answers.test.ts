import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Ports } from "../../host/live/port.js";
import { cli, exampleOf, jsonOf, linesOf } from "../cli/harness.js";
import { SOUND, sayingPort } from "./saying.js";

/** Consoles that answer, under right checksums, what no board would. */

const portsOf = (answers: Readonly<Record<string, readonly string[]>>): Ports => ({
  list: async () => Promise.resolve(Object.keys(answers).map((path) => ({ path }))),
  line: async () => Promise.reject(new Error("not here")),
  open: async (path) => Promise.resolve(sayingPort((number) => answers[path]![number])),
});

const DEEP = `${"[".repeat(5000)}${"]".repeat(5000)}`;
const BAD: readonly (readonly [string, readonly string[], RegExp])[] = [
  ["null", ["null"], /what the board answers is no answer: "null"/],
  ["a number", ["7"], /no answer: "7"/], ["nothing", [""], /no answer: is not JSON/],
  ["an empty list", ["[]"], /no answer: "\[\]"/],
  ["an object for an error", ['[0,{"a":1}]'], /no answer/],
  ["too many", ["[1,2,3]"], /no answer/], ["deep JSON", [DEEP], /nested deeper than 64/],
  ["bytes", ["\u0000\u00ff\u0080"], /no answer: is not JSON/],
  ["null for what it is", ["[null]"], /does not tell what it is, it answers null/],
  ["numbers for what it is", ["[[1,2]]"], /does not tell what it is/],
  ["huge text for what it is", [`[["${"x".repeat(9000)}","y"]]`], /does not tell what it is/],
  ["something thrown", ['[0,"thrown"]'], /thrown/],
  ["null for what lies there", [SOUND[0]!, "[null]"], /does not tell what lies on it/],
  ["less of what lies there", [SOUND[0]!, '[["",[0,0]]]'], /does not tell what lies on it/],
  ["sizes that are none", [SOUND[0]!, SOUND[1]!.replace("[0,0]", '["a",{}]')], /what lies on it/],
  ["files that are none", [SOUND[0]!, SOUND[1]!.replace(",[],", ",[7],")], /what lies on it/],
  ["nothing at all", [], /does not answer a question/],
  // One part after the other of what lies there, and each in the place of another.
  ...[
    "[7,[0,0],[],1,0,false]", "[null,[0,0],[],1,0,false]",
    `["${"x".repeat(401)}",[0,0],[],1,0,false]`,
    '["",[0,0,0],[],1,0,false]', '["",[0],[],1,0,false]', '["",[1,0],[],1,0,false]',
    '["",[[-1,0],0],[],1,0,false]', '["",[[1.5,0],0],[],1,0,false]',
    '["",[[1e999,0],0],[],1,0,false]', '["",[[1,1e999],0],[],1,0,false]',
    '["",[[1,null],0],[],1,0,false]', '["",[[1,2,3],0],[],1,0,false]',
    '["",[0,0],["no such file"],1,0,false]', '["",[0,0],null,1,0,false]',
    `["",[0,0],${JSON.stringify(Array.from({ length: 40 }, () => ".boot1"))},1,0,false]`,
    '["",[0,0],[],"1",0,false]', '["",[0,0],[],null,0,false]', '["",[0,0],[],1e999,0,false]',
    '["",[0,0],[],1,7,false]', '["",[0,0],[],1,null,false]', '["",[0,0],[],1,{},false]',
    '["",[0,0],[],1,{"freeBytes":1,"trashBytes":1e999},false]',
    '["",[0,0],[],1,{"freeBytes":"1","trashBytes":1},false]', '["",[0,0],[],1,0,0]',
    '["",[0,0],[],1,0,"true"]', '["",[0,0],[],1,0,null]', '["",[0,0],[],1,0]',
    '["",[0,0],[],1,0,false,7]', `["",[0,0],[],1,${"[".repeat(50)}${"]".repeat(50)},false]`,
  ].map((text): readonly [string, readonly string[], RegExp] => [
    `${text.slice(0, 60)} for what lies there`, [SOUND[0]!, `[${text}]`],
    /does not tell what lies on it, it answers [^\n]/,
  ]),
  ...['["",""]', '["2v29"]', '["2v29","X","Y"]', '[null,"X"]', '["2v29",1e999]',
    `["2v29","${"x".repeat(65)}"]`,
  ].map((text): readonly [string, readonly string[], RegExp] => [
    `${text.slice(0, 60)} for what it is`, [`[${text}]`],
    /does not tell what it is, it answers [^\n]/,
  ]),
];

describe("a console that answers", () => {
  for (const [what, answers, said] of BAD) {
    it(`${what} is named with what is wrong, and the rest is listed`, async () => {
      const ports = portsOf({ "/dev/a": answers, "/dev/b": SOUND });
      const { code, out, err } = await cli(["ports"], { ports });
      assert.equal(code, 0, err);
      assert.equal(err, "");
      const [, bad, good] = linesOf(out);
      assert.match(bad!, /^\/dev\/a/);
      assert.match(bad!, said);
      assert.ok(bad!.length < 700, bad);
      assert.match(good!, /^\/dev\/b .*PICO_R1_3 2v29 +no program/);
      const [one, other] = jsonOf((await cli(["ports", "--json"], { ports })).out);
      assert.match(String(one!["error"]), said);
      assert.equal(other!["kind"], "PICO_R1_3");
    });

    it(`${what} gets no program, on one line`, async () => {
      const argv = ["flash", exampleOf("pump"), "--board", "a", "--port", "/dev/a"];
      const { code, err } = await cli(argv, { ports: portsOf({ "/dev/a": answers }) });
      assert.equal(code, 1);
      assert.match(err, /^tagma: a: [^\n]+\n$/);
      assert.doesNotMatch(err, /defect/);
      assert.match(err, said);
    });
  }

  it("a zero below zero is a zero", async () => {
    const ports = portsOf({ "/dev/a": [SOUND[0]!, SOUND[1]!.replaceAll("[0,0]", "[-0,-0]")] });
    const { code, out } = await cli(["ports"], { ports });
    assert.equal(code, 0);
    assert.match(out, /no program/);
  });

  it("what commands a terminal is shown escaped", async () => {
    const evil = '[["2v29\\u001b[2J\\n\\u202e","\\u009b31mX"]]';
    const ports = portsOf({ "/dev/a": [evil, SOUND[1]!] });
    const { code, out } = await cli(["ports"], { ports });
    assert.equal(code, 0);
    assert.match(out, /\\u009b31mX 2v29\\u001b\[2J\\u000a\\u202e/);
    assert.equal(linesOf(out).length, 2);
  });

  it("any expression is printed on a line, or refused", async () => {
    const ports = portsOf({ "/dev/a": ["[[1]]", '["\\u001b\\n\\u202e"]', `[${DEEP}]`] });
    const argv = ["console", "--port", "/dev/a"];
    const { code, out, err } = await cli(argv, { ports, input: "1\n2\n3" });
    assert.equal(code, 1);
    assert.equal(out, "");
    assert.match(err, /^tagma: [^\n]*nested deeper[^\n]*\n$/);
    const two = await cli(argv, { ports, input: "1\n2" });
    assert.equal(two.out, '[1]\n"\\u001b\\n\\u202e"\n');
  });
});
