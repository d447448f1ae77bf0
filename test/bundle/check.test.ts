import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { runInNewContext } from "node:vm";
import { unaskedIn } from "../../host/bundle/asked.js";
import { bundle } from "../../host/bundle/bundle.js";
import { checkFirmware } from "../../host/bundle/check.js";
import { declareFirst } from "../../host/bundle/compact/first.js";
import { lacksIn } from "../../host/bundle/lacks.js";
import { loadNetwork, parseNetwork } from "../../host/network/network.js";

const pump = loadNetwork("boards/networks/pump.json");
const press = JSON.parse(readFileSync("boards/networks/press.json", "utf8")) as object;

describe("the check of a bundle", () => {
  const cases = [
    { text: "(function(){var f=function(){return g};f();var g=1})()", finds: /called before/ },
    { text: "(function(){var f=function(){h()},h=function(){return g};f();var g=1})()",
      finds: /called before/ },
    { text: "x=[-0]", finds: /minus zero/ },
    { text: "(function(u){return u[0]+=255})(x)", finds: /assignment to an element/ },
    { text: "(function(u){if(u[0]|=256)u()})(x)", finds: /assignment to an element/ },
    { text: "Math.trunc(1)", finds: /no trunc/ },
    { text: "(function(){var of=1;x(of)})()", finds: /word of Espruino's own/ },
    { text: "(function(u){if(u)return})(x)", finds: /ends with return and no semicolon/ },
    { text: "(function(u){if(u);else return\n})(x)", finds: /ends with return and no semicolon/ },
    { text: "function f(u){u();return}", finds: /ends with return and no semicolon/ },
  ];
  for (const { text, finds } of cases) {
    it(`refuses ${text}`, () => {
      assert.match(lacksIn(text).join(), finds);
    });
  }

  it("lets pass what is used when it is there, and what nobody looks at", () => {
    for (const text of [
      "(function(){var g=1,f=function(){return g};f()})()",
      "(function(){var f=function(){return g};var g=1;f()})()",
      "(function(u){if(u)return;})(x);(function(u){if(u){return}})(x)",
      "(function(u){return x})(x);(function(u){x.return})(x);(function(a$return){a$return})()",
      "(function(u){u[0]|=1;x?u[1]^=2:u[1]+=3;for(;;u[0]+=2)u[0]>>=1;return u[0]++})(x)",
    ]) assert.deepEqual(lacksIn(text), []);
  });

  it("refuses in the firmware what Espruino was not asked of", () => {
    const unasked = [
      "Math.cos(1)", "E.CRC32(1,2)", "new Uint8Array(1,2)", "new Float64Array(2)",
      "[].slice(1,2,3)",
      "print(1)", "LED1.set()", "new Uint8Array(65536)",
    ];
    for (const text of unasked) assert.notDeepEqual(unaskedIn(text, []), [], text);
    const asked = "(function(){var o={go:function(n){return n}};o.go(1,2,3);B3;" +
      "new Uint8Array(65535).set([])})()";
    assert.deepEqual(unaskedIn(asked, ["B3"]), []);
  });

  it("names what in the network file brings it about", () => {
    assert.throws(() => {
      checkFirmware(pump, pump.boards[0]!, "f();function f(){}");
    }, {
      name: "UsageError",
      message: /^board a: .* before its declaration.*"algorithm": "om", .*"boards": 4$/,
    });
  });

  it("names the field whose script Espruino has not the means for", async () => {
    const [first, ...others] = pump.file.boards;
    const network = parseNetwork({
      ...pump.file,
      boards: [{ ...first, order: { script: "analogWrite(B3, Math.fround(order))" } }, ...others],
    }, "test");
    await assert.rejects(bundle(network, network.boards[0]!), {
      name: "UsageError", message: /^board a: order: Espruino has no fround: /,
    });
  });
});

describe("a bundle", () => {
  it("with stored promises declares what it uses, before that", async () => {
    for (const changes of [{}, { mode: "once", keep: undefined }, { auth: "mac" }]) {
      const content = JSON.parse(
        JSON.stringify({ ...press, promises: "stored", ...changes })) as object;
      const network = parseNetwork(content, "press");
      assert.deepEqual(lacksIn(await bundle(network, network.boards[0]!)), []);
    }
  });
});

describe("a variable that is named too early", () => {
  const late = [
    "(function(){n=1;say(n);var n})()",
    "(function(a){return a&&(n=a,m=2),say([n,m]);var n,m})(3)",
    "(function(){for(i=0;i<3;i++)say(i);for(var i=5;i<7;i++)say(i)})()",
    "(function(){var n=1;(function(){n=2;say(n);var n})();say(n)})()",
    "(function(){k=0;for(var k in{a:1})say(k);say(typeof k)})()",
  ];
  for (const text of late) {
    it(`is declared first, and nothing else changes: ${text}`, () => {
      const mended = declareFirst(text);
      assert.notDeepEqual(lacksIn(text), []);
      assert.deepEqual(lacksIn(mended), []);
      const run = (code: string) => {
        const said: unknown[] = [];
        runInNewContext(code, { say: (value: unknown) => said.push(value) });
        return JSON.stringify(said);
      };
      assert.equal(run(mended), run(text));
    });
  }

  it("is the only thing that is touched", () => {
    const fine = "(function(n){var m=n;n=2;say(m,function(){return k});var k=3})(1)";
    assert.equal(declareFirst(fine), fine);
  });
});
