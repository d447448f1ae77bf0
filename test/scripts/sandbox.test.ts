import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Value } from "../../host/base/values.js";
import { createSandbox } from "../../host/scripts/sandbox.js";
import { chooseSource } from "../../host/scripts/scripts.js";

const run = (script: string, vector: readonly (Value | undefined)[] = [3, undefined, 1]) => {
  const why: string[] = [];
  const box = createSandbox(true, "", { choose: chooseSource(script) }, (name, reason) => {
    why.push(`${name} ${reason}`);
  });
  return { value: box.call("choose", vector, 7), again: box.call("choose", vector, 8), why };
};

describe("a sandbox", () => {
  it("gives what a script makes of copies of what it is given", () => {
    const bytes = Uint8Array.of(1, 2);
    assert.equal(run("vector[0] + fallback").value, 10);
    assert.equal(run("vector.length === 3 && vector[1] === undefined").value, true);
    assert.deepEqual([...run("vector[0]", [bytes]).value as Uint8Array], [1, 2]);
    run("vector[0].fill(9)", [bytes]);
    assert.deepEqual([...bytes], [1, 2]);
    assert.equal(run("vector.sort()[0]").value, 1);
  });

  it("has nothing of this process", () => {
    for (const name of ["process", "require", "module", "globalThis", "Buffer", "fetch", "Date",
      "setTimeout", "console", "WebAssembly", "Promise", "Symbol", "Map", "Function",
      "functions"]) {
      assert.match(run(`${name}.x`).why[0]!, /ReferenceError/, name);
    }
    const { why } = run("(function(){}).constructor('return process')()");
    assert.match(why[0]!, /TypeError/);
    assert.match(run("vector.constructor.constructor('return 1')()").why[0]!, /TypeError/);
  });

  it("has of the language what Espruino has, and rounds as it does", () => {
    for (const one of ["vector.at(0)", "vector.flat()", "vector.lastIndexOf(1)",
      "Array.from(vector)", "Number.isInteger(1)",
      "Math.trunc(1)", "Math.imul(1, 2)", "Object.freeze(vector)"]) {
      assert.match(run(one).why[0]!, /TypeError: not a function/, one);
    }
    assert.equal(run("Math.round(-2.5)").value, -3);
    assert.equal(run("Math.round(2.5)").value, 3);
  });

  it("ends what takes too long or too much, and goes on", () => {
    for (const [script, reason] of [
      ["(function(){while(1){}})()", /takes too long/],
      ["(function(){try{while(1){}}catch(e){return 5}})()", /takes too long/],
      ["new Array(4294967295).indexOf(1)", /takes too long/],
      ["(function(){var a=[];while(1)a.push([1,2,3,4])})()", /takes too (long|much memory)/],
      ["(function f(n){return f(n+1)+1})(0)", /throws RangeError/],
      ["(function(){throw {}})()", /throws Error/],
    ] as const) {
      const { value, again, why } = run(script);
      assert.deepEqual([value, again, why.length], [undefined, undefined, 2], script);
      for (const one of why) assert.match(one, reason, script);
    }
  });

  it("keeps nothing of a call for the next, nor gives chance to a decision", () => {
    for (const script of ["(Math.x = (Math.x || 0) + 1)",
      "(zz = typeof zz === 'number' ? zz + 1 : 1)",
      "(Array.prototype.q = (Array.prototype.q || 0) + 1)"]) {
      const { value, again } = run(script);
      assert.deepEqual([value, again], [1, 1], script);
    }
    assert.match(run("Math.random()").why[0]!, /not a function/);
  });
});
