import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  createRelay, forScreen, oneLine, own, shortened, visible, withoutCodes,
} from "../../host/base/text.js";

describe("text for a terminal", () => {
  test("has what would command it, or not be seen, escaped", () => {
    for (const [text, shown] of [
      ["plain ⊥ é 𝔸 \\u001b", "plain ⊥ é 𝔸 \\u001b"],
      ["\u001b[31mred\u0007", "\\u001b[31mred\\u0007"], ["\u009b31m\u007f", "\\u009b31m\\u007f"],
      ["\u202eabc\u2066\u200b\ufeff\u00ad", "\\u202eabc\\u2066\\u200b\\ufeff\\u00ad"],
      ["\u2028\u2029\u0085", "\\u2028\\u2029\\u0085"], ["\ud800 \udc00", "\\ud800 \\udc00"],
      ["\u{e0041}\ufe0f\u3164", "\\udb40\\udc41\\ufe0f\\u3164"], ["\r\0", "\\u000d\\u0000"],
    ] as const) {
      assert.equal(visible(text), shown);
      assert.equal(forScreen(text), shown);
    }
  });

  test("keeps its own lines, and none of a value's", () => {
    assert.equal(forScreen("a\n\tb\n"), "a\n\tb\n");
    assert.equal(visible("a\n\tb"), "a\\u000a\\u0009b");
  });

  test("keeps its own colours and no others, and a cell is as wide as what is seen of it", () => {
    const red = `${own("[31m")}x${own("[39m")}`;
    assert.equal(forScreen(visible(`${red}\u001b[1m`)), "\u001b[31mx\u001b[39m\\u001b[1m");
    assert.equal(withoutCodes(red), "x");
    // Nobody else knows the mark, and one of another process means nothing.
    assert.ok(!forScreen("\u00000123456789abcdef[31m").includes("\u001b"));
  });

  test("is no longer than is read, and keeps its end", () => {
    assert.equal(shortened("abc", 3), "abc");
    const long = oneLine(`value: ${"x".repeat(100_000)}, must be less`);
    assert.ok(long.length < 1100);
    assert.match(long, /^value: x+… \(100021 characters\) …x+, must be less$/);
  });

  test("that is JSON says the same, on one line", () => {
    const value = { name: "\u202e\u2028\u0085\ud800\u{e0041}\n\u001b", more: ["\u200b"] };
    const line = forScreen(JSON.stringify(value));
    assert.deepEqual(JSON.parse(line), value);
    assert.match(line, /^[ -~]*$/);
  });
});

describe("what a board's console says", () => {
  const shown = (...parts: string[]) => {
    const relay = createRelay();
    return forScreen([...parts.map((part) => relay(part)), relay("", true)].join(""));
  };

  test("may colour, move and erase, in whatever parts it comes", () => {
    const text = "\r\n>1\b \b\u001b[J\u001b[3D\u001b[1;31mred\u001b[0m\u0007\t=";
    assert.equal(shown(text), text);
    assert.equal(shown(...Array.from(text)), text);
  });

  test("sets no title, clipboard or mode, and has nothing answered", () => {
    for (const [text, is] of [
      ["\u001b]0;title\u0007", "\\u001b]0;title\u0007"],
      ["\u001b]52;c;AAAA\u001b\\", "\\u001b]52;c;AAAA\\u001b\\"], ["\u001b[6n", "\\u001b[6n"],
      ["\u001b[?1049h", "\\u001b[?1049h"], ["\u001bP$q\u001b", "\\u001bP$q\\u001b"],
      ["\u009b31m", "\\u009b31m"], ["\u001b[", "\\u001b["], ["\u001bc", "\\u001bc"],
    ] as const) {
      assert.equal(shown(text), is);
      assert.equal(shown(...Array.from(text)), is);
    }
  });
});
