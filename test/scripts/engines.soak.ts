import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { decodeItem, encodeItem, itemEnd } from "../../host/base/cbor.js";
import { OWN_ENGINES } from "../../host/boards/board.js";
import { contextBoard } from "../../host/boards/context.js";
import { bundle } from "../../host/bundle/bundle.js";
import { emulate } from "../../host/emulate/emulate.js";
import { loadNetwork, parseNetwork } from "../../host/network/network.js";
import { cli, folder } from "../cli/harness.js";

const pump = loadNetwork("boards/networks/pump.json").file;
const bare = pump.boards.map(({ name, kind }) => ({ name, kind }));
const MEAN = "(function(l){return l.reduce(function(s,v){return s+v},0)/l.length})" +
  "(vector.filter(function(v){return v!==undefined}))";
const READINGS = [[0, 0, 0, 0], [1, 2, 3, 5], bare.map(() => undefined)] as const;

const ordersOf = async (changes: object, engine: (typeof OWN_ENGINES)[number]) => {
  const network = parseNetwork({ ...pump, boards: bare, default: 7, ...changes }, "test");
  const orders: unknown[] = [];
  const { counts } = await emulate({
    network, cycles: READINGS.length, seed: 1, readings: (cycle) => READINGS[cycle]!, engine,
    transport: "memory",
    troubles: { lines: [], traitors: [], windows: [] },
    onCycle(cycle) {
      orders.push(cycle.orders);
    },
  });
  return { orders, unfit: counts.map((one) => one["unfit"]) };
};

describe("a script's decision", () => {
  const all = (...values: unknown[]) => values.map((value) => [value, value, value, value]);
  for (const [what, changes, orders, unfit] of [
    ["f32: a fraction is rounded, NaN is none", { value: "f32", decision: { script: `${MEAN}/5` } },
      all(0, Math.fround(0.55), 7), 1],
    ["u8: a fraction is none", { decision: { script: MEAN } }, all(0, 7, 7), 2],
    ["f32: infinity is none", { value: "f32", decision: { script: "1/vector[0]" } },
      all(7, 1, 7), 2],
    ["null is none", { decision: { script: "null" } }, all(7, 7, 7), 3],
    ["an arrow function",
      { decision: { script: "vector.filter(v => v === 0).length > 2 ? 1 : 2" } },
      all(1, 2, 2), 0],
    ["one that never ends", { decision: { script: "(function(){while(1){}})()" } },
      all(7, 7, 7), 3],
    ...(["u8", "f32"] as const).map((value) =>
      [`${value}: a zero below zero is a zero`, { value, decision: { script: "-0" } },
        all(0, 0, 0), 0] as const),
    ...["Symbol()", "new Proxy([],{})", "Object(1)", "'3'", "[1]", "{valueOf:function(){return 3}}",
      "{BYTES_PER_ELEMENT:1,length:1e9}",
      "(function(a){Object.defineProperty(a,'0',{get:function(){throw 1}});return a})([1])",
      "(function(a){Object.defineProperty(a,'length',{get:function(){throw 1}});return a})" +
        "({BYTES_PER_ELEMENT:1})",
    ].map((script) =>
      [`${script} is none`, { decision: { script: `(${script})` } }, all(7, 7, 7), 3] as const),
    ["ballots: a fraction is none", { algorithm: "lbp", decision: { script: MEAN } },
      undefined, undefined],
    ["f32: a midpoint is rounded", { value: "f32", decision: "midpoint" },
      all(0, 2.5, 7), 0],
  ] as const) {
    it(`CHOOSE.4: is the same in all engines: ${what}`, async () => {
      const native = await ordersOf(changes, "native");
      if (orders) assert.deepEqual(native, { orders, unfit: bare.map(() => unfit) });
      else assert.ok(native.unfit.every((count) => count! > 0));
      for (const engine of OWN_ENGINES) {
        assert.deepEqual(await ordersOf(changes, engine), native, engine);
      }
    });
  }
});

describe("a script that gives what no Espruino has", () => {
  const [first, ...others] = bare;
  for (const [script, said] of [["5n", /has a BigInt/], ["({get a(){throw 1}})", /has a getter/]] as
    const) {
    it(`is refused: ${script}`, () => {
      for (const changes of [
        { decision: { script } }, { boards: [{ ...first, reading: { script } }, ...others] },
        { boards: [{ ...first, order: { script } }, ...others] },
      ]) assert.throws(() => parseNetwork({ ...pump, boards: bare, ...changes }, "test"), said);
    });
  }
});

describe("what is put into a bundle", () => {
  const first = pump.boards[0]!;
  const withFirst = (changes: object) =>
    () => {
      const [, ...others] = pump.boards;
      return parseNetwork({ ...pump, boards: [{ ...first, ...changes }, ...others] }, "t");
    };
  it("is a pin and no code", () => {
    const code = "B6},0,0);print(1);({a:1";
    for (const changes of [{ tx: code }, { rx: code }, { reading: { pin: code } },
      { order: { pin: code } }, { order: { pin: "" } }, { order: { pin: "Infinity" } },
      { tx: "B6 " }, { tx: "B6\n" }]) {
      assert.throws(withFirst(changes), /must be a pin|must be \{/, JSON.stringify(changes));
    }
    for (const pin of ["LED1", "BTN1", "A0"]) withFirst({ order: { pin } })();
  });
  it("is a port of the kind, and no name that every object has", () => {
    for (const port of ["constructor", "__proto__", "toString", "hasOwnProperty", ""]) {
      assert.throws(withFirst({ port }), /boards\[0\]\.port: .* is not on PICO_R1_3/, port);
    }
  });
  it("has no script where a computer runs it", async () => {
    const network = parseNetwork({ ...pump, decision: { script: "marked" } }, "test");
    const board = network.boards[0]!;
    const text = await bundle(network, board);
    assert.match(text, /marked/);
    const boxed = await bundle(network, board, undefined, undefined, undefined, true);
    assert.doesNotMatch(boxed, /marked/);
    assert.throws(() => contextBoard(network, board, text, () => undefined), /in a sandbox/);
  });
});

describe("a trace's script", () => {
  it("is not run by tagma replay, real or emulated, without --rerun", async (context) => {
    const at = folder(context);
    const [network, trace, real, mark] =
      ["n.json", "t", "real", "MARK"].map((name) => join(at, name));
    const script = "process.getBuiltinModule('node:fs').writeFileSync(" +
      `${JSON.stringify(mark)}, ''), (function(){while(1){}})()`;
    writeFileSync(network!, JSON.stringify({ ...pump, decision: { script: `(${script})` } }));
    const run = await cli(["emulate", network!, "--cycles", "2", "--trace", trace!]);
    assert.equal(run.code, 0);
    assert.match(run.err, /decision\.script throws ReferenceError: .*: the order is the default/);
    assert.equal(run.err.split("decision.script").length, 2, "it is told once");
    const bytes = readFileSync(trace!);
    const end = itemEnd(bytes);
    const header = decodeItem(bytes.subarray(0, end)) as object;
    const items = [encodeItem({ ...header, real: true }), bytes.subarray(end)];
    writeFileSync(real!, Buffer.concat(items));
    const runs = [[trace, /not run again/], [real, /orders are as stored/]] as const;
    for (const [path, told] of runs) {
      const { code, out, err } = await cli(["replay", path!]);
      assert.equal(code, 0, err);
      assert.match(out, told);
      assert.doesNotMatch(err, /decision/);
    }
    assert.match((await cli(["replay", trace!, "--rerun"])).err, /decision\.script throws/);
    assert.equal(existsSync(mark!), false);
  });
});
