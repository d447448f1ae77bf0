import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, it } from "node:test";
import { createContext, runInContext } from "node:vm";
import { Intrinsics, QuickJS } from "quickjs-wasi";
import { preludeFor } from "../../host/boards/dialect-setup.js";
import { FUNCTIONS, LACKING, MADE, METHODS } from "../../host/bundle/allowed.js";
import { lacksIn } from "../../host/bundle/lacks.js";
import { askEspruino, namesThere, readTable } from "./ask.js";
import { QUESTIONS, SHOW, asked } from "./questions.js";

/**
 * The interpreters that stand in for Espruino answer as it does. What they cannot, no bundle asks:
 * the check of bundles refuses it, or bundles never have such operands.
 */
const table = readTable();
const all = Object.entries(table.answers).flatMap(([about, answers]) =>
  Object.entries(answers).map(([question, answer]) => ({ about, question, answer })));

const ATOB = `function atob(text) { return {"": "", "AQID/w==": "\\x01\\x02\\x03\\xff",
  "AAEC/w==": "\\x00\\x01\\x02\\xff"}[text]; }`;

/** Why an interpreter of the standard answers otherwise; undefined: it may not. */
const whyOther = (question: string, answer: string, other: string): string | undefined => {
  // Espruino's whole numbers have one zero. The check of bundles refuses the literal.
  if (question.includes("-0") || (answer === "0" && other === "-0")) return "minus zero";
  if (question.includes("1e20")) return "more than 64 bits";
  if (/^undefined\W+undefined$/.test(question)) return "nothing, compared with nothing";
  // Bundles look whether it is whole (platform/espruino.ts).
  if (question.startsWith("E.toString(u.subarray(0,3)).indexOf(String.fromCharCode(3,4)")) {
    return "half a word at the end of a text";
  }
  if (/^\[?u\[(?:-1|1\.5|NaN|undefined)\]/.test(question)) return "no index of an element";
  if (/^\[\w+\[\d\][-+|^]=/.test(question) && !lacksIn(`(${question})`).length) return undefined;
  if (/^\[\w+\[\d\][-+|^]=/.test(question)) return "what an element is given, refused";
  return /^Math\.(?:sqrt|pow)/.test(question) ? "the last of 53 bits" : undefined;
};

const compare = (answerOf: (question: string) => string): Map<string, number> => {
  const reasons = new Map<string, number>();
  const wrong: string[] = [];
  for (const { question, answer } of all) {
    const other = answerOf(question);
    if (other === answer) continue;
    const why = whyOther(question, answer, other);
    if (why === undefined) wrong.push(`${question}: Espruino ${answer}, here ${other}`);
    else reasons.set(why, (reasons.get(why) ?? 0) + 1);
  }
  assert.deepEqual(wrong, []);
  return reasons;
};

describe(`the ${all.length} answers of Espruino ${table.version}`, () => {
  it("are given by a context of Node", (t) => {
    const context = createContext({});
    runInContext(preludeFor("") + ATOB + SHOW, context);
    const reasons = compare((question) =>
      runInContext(`tagmaAsk(${asked(question)})`, context) as string);
    t.diagnostic(JSON.stringify([...reasons]));
  });

  it("are given by QuickJS", async (t) => {
    const path = createRequire(import.meta.url).resolve("quickjs-wasi/quickjs.wasm");
    const vm = await QuickJS.create({
      wasm: readFileSync(path), memoryLimit: 16 * 1024 * 1024,
      intrinsics: Intrinsics.EVAL | Intrinsics.JSON | Intrinsics.TYPED_ARRAYS,
    });
    vm.evalCode(preludeFor("") + ATOB + SHOW).dispose();
    const reasons = compare((question) => {
      const result = vm.evalCode(`tagmaAsk(${asked(question)})`);
      const text = result.toString();
      result.dispose();
      return text;
    });
    t.diagnostic(JSON.stringify([...reasons]));
    vm.dispose();
  });

  it("are not those of Node itself, by far", () => {
    const context = createContext({ atob: () => "" });
    runInContext(SHOW, context);
    const others = all.filter(({ question, answer }) =>
      runInContext(`tagmaAsk(${asked(question)})`, context) !== answer);
    assert.ok(others.some(({ question }) => question === "u.subarray(3,13)"));
    assert.ok(others.length > 100);
  });

  it("are to every question", () => {
    const questions = Object.values(QUESTIONS).flatMap((list) => [...new Set(list)]);
    assert.deepEqual(all.map(({ question }) => question), questions);
  });

  it("are about every builtin that a bundle may have", () => {
    const text = all.map(({ question }) => question).join("\n");
    // What is no function of the language: the UART, pins, files, timers; hashes have own tests.
    const apart = ["on", "setup", "write", "setConsole", "readArrayBuffer", "SHA256", "require",
      "setInterval", "changeInterval", "digitalWrite"];
    const names = [...METHODS, ...MADE, ...FUNCTIONS].map((each) => each.split("/")[0]!)
      .filter((name) => !apart.includes(name));
    for (const name of names) assert.ok(text.includes(`${name}(`), name);
  });
});

const named = process.env["ESPRUINO"];
const path = named === "" ? undefined : named;
const skip = path === undefined ? "ESPRUINO names no interpreter" : false;
if (skip) process.stderr.write(`NOT RUN: the table of builtins, asked again: ${skip}\n`);

describe("Espruino itself", { skip }, () => {
  it("answers as the table says", () => {
    assert.deepEqual(askEspruino(path!).answers, table.answers);
  });

  it("has none of what is said to be lacking", () => {
    assert.deepEqual(namesThere(path!, [...LACKING]), []);
    assert.notDeepEqual(namesThere(path!, ["indexOf"]), []);
  });
});
