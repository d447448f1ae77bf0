import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { wrongWith } from "../../host/network/syntax.js";

const GOOD = [
  "vector[0]", "vector.filter(v => v !== undefined).length", "`${vector[0]}` === '1'",
  "vector[0] ?? fallback", "vector?.length", "(function () { var a = 1; return a; })()", "0x1f",
  "/* a comment */ 1 // and another", "{a: 1}.a === 1", "'@act'", "arguments.length",
];
const BAD: readonly (readonly [string, RegExp])[] = [
  ["1 +", /is not JavaScript/], ["", /is not JavaScript/], ["1) + (2", /not one expression/],
  ["1), (2", /not one expression/], ["1); f(", /not one expression/],
  ["a = 1; 2", /not JavaScript/],
  ["eval('1')", /has eval/], ["new Function('1')()", /has Function/],
  ["2 ** 3", /has \*\*,/], ["[...vector]", /a spread/], ["((...a) => a)()", /a rest/],
  ["((a = 1) => a)()", /a default/], ["(({a}) => a)(vector)", /destructuring/],
  ["(() => { let a = 1; return a; })()", /let, which must be var/],
  ["(() => { const a = 1; return a; })()", /const, which must be var/],
  ["(() => { for (var a of vector); })()", /for-of/],
  ["(() => { a: for (;;) break a; })()", /label/],
  ["(function* () {})()", /generator/], ["(async () => 1)()", /async/], ["class {}", /a class/],
  ["/a/.test('a')", /regular expression/], ["1n", /BigInt/], ["0b1", /the number 0b1/],
  ["1_000", /the number 1_000/], ["({a})", /without its value/],
  ["({a() {}})", /without its value/],
  ["({get a() { return 1; }})", /getter/], ["({[fallback]: 1})", /computed name/],
  ["(() => { try { f(); } catch { } })()", /catch without/], ["vector`a`", /tagged template/],
  ["(a ||= 1)", /\|\|=/], ["(function () { f(); function f() {} })()", /f before its/],
  ["(function () { a = 1; var a; })()", /a before its/], ["\u00e9", /the name/],
  ["new.target", /not JavaScript|meta/], ["import('fs')", /import/],
];

describe("a script", () => {
  it("may be an expression of ES5, and what a bundle has in the words of ES5", () => {
    for (const script of GOOD.filter((one) => !one.startsWith("{"))) {
      assert.equal(wrongWith(script, false), undefined, script);
    }
  });
  for (const [script, why] of BAD) {
    it(`may not be ${script}`, () => {
      assert.match(wrongWith(script, false) ?? "nothing", why);
    });
  }
  it("may be statements where orders go, and ends where it is put in", () => {
    assert.equal(wrongWith("if (order > 2) digitalWrite(B3, 1);", true), undefined);
    assert.equal(wrongWith("var a = order; f(function () { return a; });", true), undefined);
    assert.match(wrongWith("}), (function () {", true)!, /not whole statements/);
    assert.match(wrongWith("f(); function f() {}", true)!, /f before its declaration/);
    assert.match(wrongWith("}", true)!, /is not JavaScript/);
  });
});
