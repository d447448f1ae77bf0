import { describe, it } from "node:test";
import { has, heard, same } from "./written.js";

/** What a script need not ask twice, and what lies just outside. */

describe("a variable that is one of two numbers", () => {
  const before = "var table = [4, 5, 6], n = 0, odd = function(x) { n++; return x & 1; }; ";

  it("is not there where the next statement asks which it is", async () => {
    for (const body of [
      "var at = x > 1 ? 2 : -1; if (at < 0) say(8); else say(table[at]);",
      "var at = x > 1 ? 2 : -1; if (at >= 0 && table[at] === x + 1) say(9);",
      "var at = x > 1 ? 2 : -1; if (at >= 0 && table[at] === x + 1) say(9); else say(7);",
      "var at = x > 1 ? 2 : -1; table[0] = at < 0 ? 3 : table[at]; say(table);",
      "var at = x > 1 ? 2 : -1; if (at < 0) say(8);",
    ]) has(await same(heard(body, before)), /\bat\b/, false);
  });

  it("is where it may be another, or is asked for elsewhere", async () => {
    for (const body of [
      "var at = x > 1 ? x : -1; if (at < 0) say(8); else say(table[at]);",
      "var at = x > 1 ? 2 : -1; if (at < 0) say(8); say(at);",
      "var at = x > 1 ? 2 : -1; at++; if (at < 1) say(8); else say(at);",
      "var at = x > 1 ? 2 : -1; if (table[at] === x) say(8);",
      "var at = x > 1 ? 2 : -1; if (at >= 0 && x > 2) say(9); else say(at);",
      "var at = x > 1 ? 2 : -1; table[at + 1] = at < 0 ? 3 : 4; say(table);",
      "var at = x > 1 ? 2 : 3; if (at > 0) say(at);",
      "for (var at = x > 1 ? 2 : -1; at < 3; at++) say(at);",
    ]) has(await same(heard(body, before)), /\bat\b/);
  });

  it("is made by what is asked once, and in its turn", async () => {
    await same(heard("var at = odd(x) ? 2 : -1; if (at < 0) say(8); else say(table[at]); say(n);",
      before));
    await same(heard("var at = x > 1 ? 2 : -1; table[n++] = at < 0 ? n : table[at]; say(table);",
      before));
  });
});

describe("bytes", () => {
  const before = "var bytes = new Uint8Array(4), view = new DataView(bytes.buffer); ";
  const body = "view.setUint8(x & 3, x * 99); say(view.getUint8(x & 3) + bytes[x & 3]);";

  it("are read and written without their view", async () => {
    has(await same(heard(body, before)), /[gs]etUint8/, false);
    for (const value of ["undefined", "-1", "2.9", "true", '"7"', "NaN", "300"]) {
      await same(heard(`view.setUint8(1, ${value}); say(view.getUint8(1) === ${value});`, before));
    }
  });

  it("are not where the view may be of others, or more is said", async () => {
    for (const other of [
      "var bytes = new Uint8Array(new ArrayBuffer(8), 2, 4), view = new DataView(bytes.buffer); ",
      "var bytes = new Uint8Array(4), view = new DataView(new ArrayBuffer(4)); ",
      "var bytes = new Uint8Array(4), view = new DataView(bytes.buffer, 0); ",
      "var bytes = new Uint16Array(4), view = new DataView(bytes.buffer); ",
    ]) has(await same(heard(body, other)), /getUint8/);
    has(await same(heard(`${body} view = new DataView(new ArrayBuffer(4));`, before)), /getUint8/);
    has(await same(heard("view.setUint16(0, x, true); say(view.getUint16(0, true));", before)),
      /getUint16/);
    has(await same(heard("say(view.setUint8(1, x));", before)), /setUint8/);
  });
});

describe("what is compared", () => {
  it("with twice something is halved, and with anything else is not", async () => {
    has(await same(heard("if (x * 2 > 3) say(1); if (4 <= 2 * x) say(2);")), /\*/, false);
    for (const test of ["x * 3 > 3", "x * 2 === 4", "x * 2 > y", "x + 2 > 3"]) {
      has(await same(heard(`if (${test}) say(1); y++;`, "var y = 3; ")), /\*|\+ ?2/);
    }
  });
});

describe("what is handed over", () => {
  const call = "say(at(table, x)); say(at(table, 1));";

  it("is no parameter where it is one outermost variable, which stays what it is", async () => {
    const before = "var table = [7, 8, 9]; " +
      "var at = function(of, n) { for (var i = 0; i < n; i++) say(of[i]); return of[n]; }; ";
    has(await same(heard(call, before)), /\bof\b/, false);
    has(await same(heard(`${call} table = [x];`, before)), /\bof\b/);
    has(await same(heard(`${call} say(at([3], 0));`, before)), /\bof\b/);
    has(await same(heard(`${call} var f = at; say(f([4], 0));`, before)), /\bof\b/);
    has(await same(heard(`var table = [x, 1, 2, 3, 4, 5]; ${call}`, before.slice(23))), /\bof\b/);
  });
});

describe("a copy of a variable that gets other values", () => {
  it("is that variable, where none comes while the copy is asked for", async () => {
    const before = "var n = 0, table = [1]; ";
    has(await same(heard(
      "do { if (x > 3) x = 2; var b = x; say(b); table[b] = b; } while (--x > 0);", before)),
    /\bb\b/, false);
    for (const body of [
      "do { if (x > 3) x = 2; var b = x; x = 0; say(b); } while (--x > 0);",
      "do { if (x > 3) x = 2; var b = x; x--; say(b); } while (x > 0);",
      "var f = function() { x = 1; }; do { if (x > 3) x = 2; var b = x; f(); say(b); } " +
        "while (--x > 0);",
      "do { if (n > 3) n = 2; var b = n; more(); say(b); } while (--x > 0);",
    ]) {
      const more = "var more = function() { n++; table[n] = 1; }; ";
      has(await same(heard(body, before + more)), /\bb\b/);
    }
  });
});
