import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as fc from "fast-check";
import { braced } from "../../host/bundle/quick/braced.js";
import { usedFirst } from "../../host/bundle/quick/order.js";
import { runs } from "../core/random.js";
import { has, heard, run, same } from "./written.js";

/** Scripts are written out, and do what they did. */

describe("what is known", () => {
  it("is worked out, and what cannot happen is left out", async () => {
    const text = await same(heard("if (width > 1) say(x); else say(x * width + shift);",
      "var width = 1, shift = 3 << 2; "));
    has(text, /if|\*|<</, false);
    has(text, /\+ ?12/);
  });

  it("is looked up in a table, where the place is known and nobody writes to it", async () => {
    has(await same(heard("say(table[1] + x);", "var table = [7, 8]; ")), /\b8\b/);
    has(await same(heard("say(bytes[1] + x);", "var bytes = new Uint8Array([7, 8]); ")), /\b8\b/);
    // A byte holds no more than 255; nothing is known of what lies behind the end, or is written.
    has(await same(heard("say(bytes[0] + x);", "var bytes = new Uint8Array([300]); ")), /bytes/);
    has(await same(heard("say(table[2]);", "var table = [7, 8]; ")), /table/);
    has(await same(heard("say(table[1]); table[1] = x;", "var table = [7, 8]; ")), /table/);
    has(await same(heard("say(table[1]); table.reverse();", "var table = [7, 8]; ")), /table/);
  });

  it("is not what has another value later, or may be a text", async () => {
    has(await same(heard("say(count); count = x;", "var count = 1; ")), /count/);
    await same('say(""); var text = "1"; var f = function(t) { say(t + 0); }; f(text); f(2);');
    await same("var f = function(a) { say((a + 1) + 2); }; f(1); f(true); f(3);");
  });

  it("holds in a test beside what is not known", async () => {
    has(await same(heard("if (x > 1 && on) say(x); if (x > 1 || on) say(1);", "var on = true; ")),
      /&&|\|\|/, false);
    // What is asked may do something.
    await same("var n = 0, f = function() { return ++n > 1; }; if (f() && false) say(1); say(n);");
  });
});

describe("a call", () => {
  it("of what only returns an expression is that expression", async () => {
    const text = await same(heard("say(at(x, 2)); say(at(x, x + 1));",
      "var at = function(from, index) { return from + (index >> 1); }; "));
    has(text, /at\$?\d*\(/, false);
  });

  it("stays where what is handed over does something, or is used twice", async () => {
    await same(heard("say(twice(n++)); say(n);",
      "var n = 1, twice = function(a) { return a + a; }; "));
    await same(heard("say(late(n)); say(n);",
      "var n = 1, up = function() { n++; return 1; }, late = function(a) { return up() + a; }; "));
    await same(heard("say(pick(n, n = 7)); n = 1;",
      "var n = 1, pick = function(a, b) { return b - a; }; "));
  });

  it("that stands alone is the statements of the function", async () => {
    const text = await same(heard("add(x); add(2); say(sum);",
      "var sum = 0, add = function(by) { var more = by * 2; sum += more; }; "));
    has(text, /add\$?\d*\(/, false);
  });

  it("in a loop finds no value of the pass before", async () => {
    await same(heard("for (var i = 0; i < x; i++) f(i);",
      "var f = function(i) { var fresh; if (i === 1) fresh = 7; say(fresh); }; "));
    await same(heard("do { f(x); } while (x-- > 0);",
      "var f = function(i) { var fresh; say(fresh); fresh = i; }; "));
  });

  it("stays where the function returns early, calls itself, or asks for `this`", async () => {
    has(await same(heard("f(x);", "var f = function(a) { if (a) return; say(a); }; ")), /f\$\d+\(/);
    await same(heard("say(f(x));",
      "var f = function(a) { return a > 0 ? a + f(a - 1) : 0; }; "));
    await same(heard("f(x);", "var f = function(a) { say(typeof this); say(a); }; "));
  });

  it("under a condition is of a copy for what is known, where it is long", async () => {
    const long = Array.from({ length: 12 }, (_, at) => `say(a * ${at + 2} + b + ${at});`).join(" ");
    const text = await same(heard("if (x > 1) f(1, x); else f(2, x);",
      `var f = function(a, b) { ${long} }; `));
    has(text, /a\$\d+ ?\*/, false);
  });

  it("is evaluated after what stands before it", async () => {
    await same(heard("list[n] = f(x); say(list);",
      "var n = 0, list = [], f = function(a) { n = 1; return a; }; "));
    await same(heard("say(n + f(x));",
      "var n = 1, f = function(a) { n = 5; say(a); return a; }; "));
    await same(heard("if (f(x) + n > 5) say(n);",
      "var n = 1, f = function(a) { n = 5; var b = a; return b; }; "));
    await same(heard("if (n > 1 && f(x)) say(n); n = x;",
      "var n = 1, f = function(a) { n = 9; var b = a; return b; }; "));
  });
});

describe("a loop", () => {
  it("of which the passes are known is written out", async () => {
    const text = await same(heard(
      "for (var i = 0; i < n; i++) say(x + i); say(1);", "var n = 3; "));
    has(text, /for\(/, false);
    has(await same(heard("for (var i = 3; i > 0; i--) say(x + i);")), /for\(/, false);
    has(await same(heard("for (var i = 0; i * 2 < 5; i++) say(x + i);")), /for\(/, false);
  });

  it("stays where it may end early, counts otherwise, or its count is asked for", async () => {
    for (const body of [
      "for (var i = 0; i < 3; i++) { if (x) break; say(i); }",
      "for (var i = 0; i < 3; i++) { if (x) continue; say(i); }",
      "for (var i = 0; i < 3; i++) { say(i); i += x; }",
      "for (var i = 0; i < x; i++) say(i);",
      "for (var i = 0; i < 3; i++) say(x); say(i);",
      "for (var i = 0; i < 3; i++) { fs.push(function() { return i; }); } say(fs.pop()());",
      "for (var i = 0; i < 99; i++) if (i > 97) say(i);",
      'for (var i = 0; i < 3; i++) say("@act");',
    ]) has(await same(heard(body, "var fs = []; ")), /for\(/);
  });

  it("that something else may end is written out, pass in pass", async () => {
    const before = "var n = 4, left = 3; ";
    const text = await same(heard(
      "for (var i = 0; i < n && left > x; i++) { say(i); left -= i; } say(left);", before));
    has(text, /for\(/, false);
    await same(heard("for (var i = 3; i && f(); i--) say(i);",
      "var calls = 0, f = function() { return calls++ < 2; }; "));
    for (const test of ["x || i < 3", "x && i < 3", "i < x && x"]) {
      has(await same(heard(`var last = 0; for (var i = 0; ${test}; i++) {
        if (++last > 5) x = 0; say(i); }`)), /for\(/);
    }
  });

  it("has its own variables in each pass, and begins with none of their values", async () => {
    await same(heard("for (var i = 0; i < 3; i++) { var v; if (i === 1) v = x; say(v === x); }"));
    await same(heard("for (var i = 0; i < 3; i++) { var v = i * x; say(v); } say(v);"));
    await same(heard("for (var i = 0; i < 2; i++) for (var j = 0; j < 2; j++) say([i, j, x]);"));
  });

  it("with places in a list that are known has variables for them", async () => {
    const text = await same(heard(
      "for (var i = 0; i < 2; i++) list[i] = x + i; say(list[0] - list[1]);", "var list = []; "));
    has(text, /list\$\d+\[/, false);
    await same(heard("for (var i = 0; i < 2; i++) list[i] = x; say(list);", "var list = []; "));
    await same(heard("list[x] = 1; say(list[0]); say(list[1]);", "var list = []; "));
  });
});

it("what is called where something is wrong stays a function", async () => {
  const body = "if (x > 1) refuse(1); else say(x); if (x > 3) refuse(2);";
  has(await same(heard(body, "var refuse = function(a) { say(-a); }; ")), /refuse\S*\(1\)/);
  has(await same(heard(body.replaceAll("refuse", "accept"),
    "var accept = function(a) { say(-a); }; ")), /accept\S*\(1\)/, false);
});

it("a number that a variable has in each pass is that number, unless it changes", async () => {
  const text = await same(heard("do { var a = 3; say(a + x); } while (x-- > 0);"));
  has(text, /3 ?\+ ?x/);
  // What stands for something that is put in later stands there once.
  const put = 'do { var act = "@act"; say(act + x); say(act); } while (x-- > 0);';
  assert.equal((await same(heard(put))).split("@act").length, 2);
  for (const body of [
    "do { var a = 3; a += x; say(a); } while (x-- > 0);",
    "do { say(a); var a = 3; } while (x-- > 0);",
    "do { if (x > 1) { var a = 3; } say(a); } while (x-- > 0);",
    "do { var a = 3; var f = function() { a++; }; f(); say(a); } while (x-- > 0);",
  ]) await same(heard(body));
});

it("a copy of a variable in a loop is that variable, unless either changes", async () => {
  for (const body of [
    "do { var a = x + 1; var b = a; say(b); } while (x-- > 0);",
    "do { var a = x + 1; var b = a; a = 9; say(b); } while (x-- > 0);",
    "do { var a = x + 1; var b = a; b++; say(a); } while (x-- > 0);",
    "var b; do { say(b); var a = x + 1; b = a; } while (x-- > 0);",
    "do { var a = x + 1; if (x > 1) { var b = a; say(b); } say(b); } while (x-- > 0);",
    "do { var b = last; say(b); last = x; } while (x-- > 0);",
  ]) await same(heard(body, "var last = 8; "));
  // What never changes need not be given a value in the loop.
  const text = await same("var table = [3]; " +
    heard("do { var b = table; b[x] = 4; say(b[0] + b[x]); } while (x-- > 0);"));
  has(text, /var b/, false);
});

it("does what it did, whatever it is", async (t) => {
  const name = fc.constantFrom("a", "b", "c");
  const small = fc.nat(3).map(String);
  const { expression } = fc.letrec<{ expression: string }>((tie) => ({
    expression: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      small, name, small.map((at) => `table[${at}]`),
      fc.tuple(name, fc.constantFrom("+", "-", "*", "&", ">>", "<", ">=", "==="),
        tie("expression")).map(([x, by, e]) => `(${x} ${by} ${e})`),
      fc.tuple(tie("expression"), tie("expression")).map(([x, y]) => `f(${x}, ${y})`),
      fc.tuple(tie("expression"), small).map(([x, y]) => `g(${x}, ${y})`),
      fc.tuple(name, tie("expression")).map(([x, e]) => `(${x} = ${e})`),
      fc.tuple(tie("expression"), tie("expression"), tie("expression")).map(
        ([x, y, z]) => `(${x} ? ${y} : ${z})`),
      fc.tuple(tie("expression"), tie("expression")).map(([x, y]) => `(${x} && ${y})`),
    ),
  }));
  const { statement } = fc.letrec<{ statement: string }>((tie) => ({
    statement: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      expression.map((e) => `say(${e});`),
      fc.tuple(name, expression).map(([x, e]) => `${x} = ${e};`),
      fc.tuple(small, expression).map(([at, e]) => `list[${at}] = ${e};`),
      fc.tuple(small).map(([at]) => `say(list[${at}]);`),
      expression.map((e) => `h(${e});`),
      fc.tuple(fc.nat(999), name, fc.nat(9), tie("statement")).map(([n, x, at, no]) =>
        `var e${n} = ${x} > 2 ? ${at % 4} : -1; ${[
          `if (e${n} < 0) { ${no} } else say(table[e${n}]);`,
          `if (e${n} >= 0 && table[e${n}] === ${x} + 3) say(e${n}); else { ${no} }`,
          `list[${at}] = e${n} < 0 ? ${x} : table[e${n}];`,
        ][at % 3]}`),
      fc.tuple(name, small, expression).map(([x, n, e]) =>
        `if (${x} * 2 > ${n}) view.setUint8(${n}, ${e});
         say(view.getUint8(${n}) + at(table, ${n}));`),
      fc.tuple(expression, small).map(([e, n]) => `h(${e}, ${n}); say(k(${n}, ${e}));`),
      fc.tuple(name, expression).map(([x, e]) => `${x} = k(${e}, 2);`),
      fc.tuple(expression, tie("statement"), tie("statement")).map(
        ([e, yes, no]) => `if (${e}) { ${yes} } else { ${no} }`),
      fc.tuple(fc.nat(999), small, tie("statement"), name).map(([n, last, s, x]) =>
        `for (var i${n} = 0; i${n} < ${last}; i${n}++) {
          var v${n} = ${x} + i${n}; ${s} say(v${n});
        }`),
      fc.tuple(fc.nat(999), tie("statement")).map(([n, s]) =>
        `var w${n} = 2; do { var y${n} = w${n}; ${s} say(y${n}); } while (w${n}-- > 0);`),
    ),
  }));
  await fc.assert(fc.asyncProperty(fc.array(statement, { maxLength: 6 }), async (statements) => {
    await same(`
      var a = 1, b = 2, c = 3, table = [4, 5, 6, 7], list = [];
      var f = function(x, y) { return x * 3 + y; };
      var g = function(x, n) { return n > 1 ? x : table[n]; };
      var h = function(x, n) { var v; if (x > n) v = x; c += x; say(v); };
      var k = function(x, n) { for (var i = 0; i < 3; i++) a += x * n + i; return a; };
      var bytes = new Uint8Array(4), view = new DataView(bytes.buffer);
      var at = function(of, n) { return of[n]; };
      var hear = function(x) { a = x; ${statements.join("\n")} };
      hear(0); [2, 5].forEach(hear);
      say([a, b, c, list]);`);
  }), { numRuns: runs(t, 2000, 60), seed: 1982 });
});

describe("a method", () => {
  const BYTES = "var bytes = new Uint8Array(4); ";

  it("of bytes is looked up once, where functions call it", async () => {
    const text = await same(heard(
      "bytes.set([x], 1); bytes.set([2], x & 3); say([bytes[1], bytes.subarray(1, 3).length]);",
      BYTES));
    has(text, /\.set\.bind\(/);
    has(text, /\.set\(/, false);
  });

  it("is looked up each time where the bytes may be others, or there are none yet", async () => {
    has(await same(heard("bytes.set([x], 1); say(bytes[1]); bytes = new Uint8Array(4);", BYTES)),
      /bind/, false);
    has(await same(heard("var bytes = new Uint8Array(4); bytes.set([x], 1); say(bytes[1]);")),
      /bind/, false);
    // What is called at start is called once.
    has(await same(`${BYTES} bytes.set([1], 1); say(bytes[1]);`), /bind/, false);
    has(await same(heard("list.push(x); say(list);", "var list = []; ")), /bind/, false);
  });

  it("that asks nothing of what it is called on is held as it is", async () => {
    const text = await same(heard("say(String.fromCharCode(x + 70));"));
    has(text, /= ?String\.fromCharCode[,;]/);
    // One of that name that is no global's.
    has(await same(heard("say(String.fromCharCode(x));",
      "var String = { n: 1, fromCharCode: function(a) { return a + this.n; } }; ")),
    /= ?String[$\d]*\.fromCharCode[,;]/, false);
  });
});

describe("what returns early", () => {
  it("has a copy for what is known, and is never opened", async () => {
    const long = Array.from({ length: 9 }, (_, at) => `if (x + ${at} > a * 2) return ${at};`);
    const text = await same(heard("var r = f(1, x), s = f(3, x); say(r + s);",
      `var f = function(a, x) { ${long.join(" ")} return a; }; `));
    has(text, /a\$\d+ ?\*/, false);
  });
});

describe("a loop under a condition", () => {
  it("may begin with several variables", async () => {
    const text = await same(heard(
      "if (x > 1) for (var at = 5, i = 0; i < n; i++) say(x + at + i);", "var n = 2; "));
    has(text, /for\(/, false);
  });
});

describe("what is not executed", () => {
  const LONG = "say(x+11111111111111111111)";

  it("is in braces, where it is long", () => {
    assert.equal(braced(`if(x)${LONG};else say(2);`), `if(x){${LONG}}else say(2);`);
    assert.equal(braced(`if(x)say(2);else ${LONG};`), `if(x)say(2);else{${LONG}}`);
    assert.equal(braced(`if(x)${LONG};else ${LONG}`), `if(x){${LONG}}else{${LONG}}`);
    assert.equal(braced("if(x)say(2);else say(3)"), "if(x)say(2);else say(3)");
    assert.equal(braced(`{x>1&&${LONG};say(2)}`), `{if(x>1){${LONG}}say(2)}`);
    assert.equal(braced(`{(x||y)&&(${LONG},say(3))}`), `{if(x||y){${LONG},say(3)}}`);
  });

  it("stays as it is where braces would say something else", () => {
    // The `else` would be another's; a statement may not begin so.
    for (const text of ["if(x)y&&say(1);else say(3)", "{x&&function(){say(1234567890123)}()}",
      `{x||${LONG}}`, `y=x&&${LONG};`]) {
      assert.equal(braced(text), text);
    }
  });

  it("does what it did, however it is nested", (t) => {
    fc.assert(fc.property(fc.integer(), (seed) => {
      let state = seed;
      const pick = (most: number) => {
        state = (Math.imul(state, 1_103_515_245) + 12_345) | 0;
        return (state >>> 16) % most;
      };
      const expression = (): string => [`(say(${pick(9)}),1)`, "x>2", "0", "y",
        "(y=!y,say(1234567890123456789))", "x++<5&&(say(100000000000000000),x)"][pick(6)]!;
      const statement = (deep: number): string => {
        if (deep > 3) return `${expression()};`;
        const [one, two] = [statement(deep + 1), statement(deep + 1)];
        return [`if(${expression()})${one}else ${two}`, `if(${expression()})${one}`,
          `{${one}${two}}`, `${expression()}&&${expression()};`,
          `{${expression()}&&${expression()};${two}}`][pick(5)]!;
      };
      const body = `(function(x,y){${statement(0)}${statement(0)}})`;
      const calls = "(1,false);say(-1);";
      assert.deepEqual(run(braced(`!${body}${calls}`)), run(`!${body}${calls}`));
    }), { numRuns: runs(t, 3000, 400) });
  });
});

describe("a variable that is used most", () => {
  const body = (uses: number) =>
    `!function(){var a=1,b=2,f=function(a){${"say(b);".repeat(uses)}say(a)};f(3)}()`;

  it("is declared first", () => {
    assert.equal(usedFirst(body(6)), body(6).replace("{var", "{var b;var"));
    assert.deepEqual(run(usedFirst(body(6))), run(body(6)));
  });

  it("is at once where it is used in what hears what comes", () => {
    const hears = (name: string) => `!function(){var a=1,c=2,t={${name}:function(b){say(a)}};` +
      'u.on("data",t.r)}()';
    assert.equal(usedFirst(hears("r")), hears("r").replace("{var", "{var a;var"));
    assert.equal(usedFirst(hears("s")), hears("s"));
  });

  it("is not where it is used seldom, or is another of that name", () => {
    assert.equal(usedFirst(body(5)), body(5));
    const other = `!function(){var a=1,f=function(a){${"say(a);".repeat(9)}};f(3)}()`;
    assert.equal(usedFirst(other), other);
  });
});

it("a function that a variable gets later is as any, unless it gets another", async () => {
  const body = "if (x > 1) step(1, x); else step(2, x);";
  const before = "var step; var width = 3; " +
    "step = function(a, b) { if (a > 1) say(b); else say(b * width); }; ";
  const text = await same(heard(body, before));
  has(text, /\* ?3/);
  has(text, /step/, false);
  await same(heard(body, `${before} step = function(a) { say(a); }; `));
  await same(heard(`${body} step = function(a) { say(a); };`, before));
  await same(heard(body, "var step; if (1) step = function(a, b) { say(a + b); }; "));
  await same(heard(`${body} say(typeof early);`, before.replace("= 3", "= 3, early = step")));
});
