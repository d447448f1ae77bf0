import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { bundle } from "../../host/bundle.js";
import { madeUpKeys } from "../../host/keys.js";
import { loadNetwork, parseNetwork } from "../../host/network.js";
import type { Network } from "../../host/network.js";
import type { Engine } from "../../host/sim/board.js";
import { emulate } from "../../host/sim/emulate.js";
import { preludeFor } from "../../host/sim/espruino.js";
import { madeUp } from "../../host/sim/readings.js";
import { createQuickJs } from "../../host/sim/quickjs.js";
import type { TraceEvent } from "../../host/trace/events.js";
import { networkOf } from "../bus/drive.js";
import { exampleNetworks } from "../examples.js";
import { record } from "../espruino/drive.js";
import { lacksIn } from "./lacks.js";
import { SIZES, sizesNow } from "../size.js";

const PICO_BYTES = 3000;
const SIGNED_BYTES = 7500;
const pump = loadNetwork("boards/networks/pump.json");
const three = loadNetwork("boards/networks/three.json");

describe("a bundle", () => {
  it("for four Picos and one traitor has at most 3,000 bytes, everything included", async (t) => {
    const text = await bundle(pump, pump.boards[0]!);
    t.diagnostic(`${text.length} bytes`);
    assert.ok(Buffer.byteLength(text) <= PICO_BYTES, `${text.length} bytes`);
  });

  it("for three Picos that sign has at most 7,500 bytes, keys included", async (t) => {
    const text = await bundle(three, three.boards[0]!);
    t.diagnostic(`${text.length} bytes`);
    assert.ok(Buffer.byteLength(text) <= SIGNED_BYTES, `${text.length} bytes`);
  });

  it("that signs has its own board's seed and every public key, and no other seed", async () => {
    const made = madeUpKeys(three.signing!);
    for (const board of three.boards) {
      const text = await bundle(three, board);
      const held = [...text.matchAll(/atob\("([^"]+)"\)/g)]
        .map(([, base64]) => Buffer.from(base64!, "base64").toString("latin1")).join("|");
      made.forEach(({ key, seed }, number) => {
        assert.ok(held.includes(Buffer.from(key).toString("latin1")));
        assert.equal(held.includes(Buffer.from(seed).toString("latin1")), number === board.number);
      });
    }
  });

  it("without native SHA-256 has its own", async () => {
    const { kind } = three.boards[0]!;
    const bare = { ...kind, native: { ...kind.native, sha256: false } };
    const text = await bundle(three, { ...three.boards[0]!, kind: bare });
    assert.doesNotMatch(text, /crypto/);
  });

  it("has the sizes that the table says, of every example network", async () => {
    assert.deepEqual(await sizesNow(), SIZES);
  });

  it("uses nothing that Espruino lacks", async () => {
    for (const [, network] of exampleNetworks()) {
      for (const board of network.boards) {
        assert.deepEqual(lacksIn(await bundle(network, board)), []);
      }
    }
  });

  it("is the same text every time", async () => {
    assert.equal(await bundle(pump, pump.boards[1]!), await bundle(pump, pump.boards[1]!));
  });
});

describe("the check for what Espruino lacks", () => {
  const cases = [
    { text: "f();function f(){}", finds: /before its declaration/ },
    { text: "(function(){g();var g=1})()", finds: /before its declaration/ },
    { text: "(function(){for(i=0;i<3;i++);var i})()", finds: /before its declaration/ },
    { text: "a:for(;;)break a", finds: /label/ },
    { text: "let x=1", finds: /not ES5/ },
    { text: "var f=()=>1", finds: /not ES5/ },
    { text: "new Uint8Array(3).copyWithin(0,1)", finds: /copyWithin/ },
  ];
  for (const { text, finds } of cases) {
    it(`finds it in ${text}`, () => {
      assert.match(lacksIn(text).join(), finds);
    });
  }
  it("finds nothing where an inner function uses what is declared later", () => {
    const text = "(function(){var f=function(){return g()};var g=function(){};f()})()";
    assert.deepEqual(lacksIn(text), []);
  });
});

/** @returns every frame on every link, in order, of ten cycles. */
const framesOf = async (
  network: Network, engine: Engine,
  traitors: { board: number; name: string; parameter?: number[] }[],
): Promise<string[]> => {
  const frames: string[] = [];
  await emulate({
    network, cycles: 10, seed: 3, readings: madeUp(network, 3), engine, link: "memory",
    troubles: { lines: [], traitors: traitors.map((one) => ({ parameter: [1], ...one })) },
    tracer: (event: TraceEvent) => {
      frames.push(JSON.stringify(event, (_, value: unknown) =>
        (value instanceof Uint8Array ? Buffer.from(value).toString("hex") : value)));
    },
  });
  return frames;
};

describe("the engines", () => {
  for (const [name, network] of exampleNetworks()) {
    it(`agree on every frame and every decision of ${name}`, async () => {
      for (const traitors of [[], [{ board: 1, name: "random" }]]) {
        const native = await framesOf(network, "native", traitors);
        assert.ok(native.length > 10);
        assert.deepEqual(await framesOf(network, "bundle", traitors), native);
        assert.deepEqual(await framesOf(network, "quickjs", traitors), native);
      }
    });
  }

  it("agree where a board that signs is restarted, and goes on as its store says", async () => {
    const small = parseNetwork({
      ...three.file, boards: three.file.boards.map(({ name, kind }) => ({ name, kind })),
      signatures: { trees: [{ lms: "LMS_SHA256_M24_H5", ots: "LMOTS_SHA256_N24_W4" }], reserve: 4 },
    }, "test");
    const restarted = [{ board: 1, name: "restart", parameter: [2, 2] }];
    const native = await framesOf(small, "native", restarted);
    assert.notDeepEqual(native, await framesOf(small, "native", []));
    assert.deepEqual(await framesOf(small, "bundle", restarted), native);
    assert.deepEqual(await framesOf(small, "quickjs", restarted), native);
  });

  it("agree for every type of value, and for a choice of the user's own", async () => {
    const values = [
      ["bool", false], ["u8", 1], ["u16", 2], ["u32", 3], ["i16", -4], ["i32", -5], ["f32", 0.5],
      [{ bytes: 9 }, "000102030405060708"],
    ] as const;
    for (const [value, fallback] of values) {
      const script = { script: "vector[0] === undefined ? fallback : vector[0]" };
      const network = parseNetwork(
        { ...pump.file, value, decision: script, default: fallback, boards: pump.file.boards.map(
          ({ name, kind }) => ({ name, kind })) },
        "test",
      );
      const native = await framesOf(network, "native", [{ board: 2, name: "random" }]);
      assert.deepEqual(await framesOf(network, "bundle", [{ board: 2, name: "random" }]), native);
      assert.deepEqual(await framesOf(network, "quickjs", [{ board: 2, name: "random" }]), native);
    }
  });

  it("agree where frames are tagged, oral and signed", async () => {
    const signatures = { trees: [{ lms: "LMS_SHA256_M24_H5", ots: "LMOTS_SHA256_N24_W4" }] };
    for (const network of [
      networkOf(4, 1, { auth: "mac" }),
      networkOf(4, 1, { auth: "mac", tag_bytes: 5, commander: "b", value: "u16" }),
      networkOf(3, 1, { auth: "mac", tag_bytes: 16, algorithm: "sm", signatures }),
    ]) {
      const native = await framesOf(network, "native", [{ board: 1, name: "random" }]);
      // Both at once are more than QuickJS compiles within its limit of memory.
      for (const engine of network.signing ? ["bundle"] as const : ["bundle", "quickjs"] as const) {
        assert.deepEqual(await framesOf(network, engine, [{ board: 1, name: "random" }]), native);
      }
      if (network.signing) continue;
      assert.deepEqual(lacksIn(await bundle(network, network.boards[0]!)), []);
    }
  });

  it("run for 1,000 cycles in quickjs, and need no more memory than after ten", async (t) => {
    const { memory, bounded, verdict } = await emulate({
      network: pump, cycles: 1000, seed: 1, readings: madeUp(pump, 1),
      engine: "quickjs", link: "memory",
      troubles: { lines: [], traitors: [{ board: 3, name: "equivocate", parameter: [] }] },
    });
    t.diagnostic(`bytes in use by board: ${memory.join(", ")}`);
    assert.ok(bounded);
    assert.equal(verdict, "held");
  });
});

describe("quickjs", () => {
  const SMALL = 256 * 1024;

  it("runs the bundle for four Picos within 256 KB, compiling included", async (t) => {
    const { chunks, answers, cycles } = await record(pump, 0, 10);
    const said: string[] = [];
    const make = await createQuickJs(SMALL);
    const text = await bundle(pump, pump.boards[0]!);
    const board = await make(pump, pump.boards[0]!, text, (_, bytes, from, end) => {
      said.push(Buffer.from(bytes.subarray(from, end)).toString("hex"));
    });
    chunks.forEach((list, cycle) => {
      board.reading = cycles[cycle]!.inputs[0] as number;
      said.length = 0;
      for (const chunk of list) board.receive(chunk);
      assert.deepEqual(said, answers[cycle]!.map((bytes) => Buffer.from(bytes).toString("hex")));
    });
    t.diagnostic(`${board.memory()} bytes in use at the end`);
    assert.equal(board.state().order, cycles[9]!.orders[0]);
    board.close();
  });

  it("does not within 128 KB: the limit is real", async () => {
    const make = await createQuickJs(SMALL / 2);
    const text = await bundle(pump, pump.boards[0]!);
    await assert.rejects(make(pump, pump.boards[0]!, text, () => undefined));
  });
});

describe("duktape", () => {
  const present = spawnSync("duk", ["-e", "1"]).error === undefined;
  it("runs a bundle too", { skip: present ? false : "duktape is not installed" }, async () => {
    const { chunks, answers, cycles } = await record(pump, 0, 10);
    const text = await bundle(pump, pump.boards[0]!);
    const hex = (lists: readonly (readonly Uint8Array[])[]) =>
      JSON.stringify(lists.map((list) => list.map((bytes) => Buffer.from(bytes).toString("hex"))));
    const folder = mkdtempSync(join(tmpdir(), "tagma-duk-"));
    writeFileSync(join(folder, "run.js"), `
      Uint8Array.prototype.indexOf = Array.prototype.indexOf;
      var said = [];
      function hostWrite(hex) { said.push(hex); }
      ${preludeFor(text)}
      ${text}
      var chunks = ${hex(chunks)}, answers = ${hex(answers)};
      var inputs = ${JSON.stringify(cycles.map((cycle) => cycle.inputs[0]))};
      for (var n = 0; n < chunks.length; n++) {
        said = [];
        hostReading(JSON.stringify({ value: inputs[n] }));
        for (var i = 0; i < chunks[n].length; i++) hostFeed(chunks[n][i]);
        if (JSON.stringify(said) !== JSON.stringify(answers[n])) {
          throw new Error("cycle " + n + said);
        }
      }
      print("@@" + hostState());
    `);
    const { stdout, stderr } = spawnSync("duk", [join(folder, "run.js")], { encoding: "utf8" });
    rmSync(folder, { recursive: true });
    assert.match(stdout, /^@@/, stderr);
    const state = JSON.parse(stdout.slice(2)) as { cycle: number; order: unknown; vector: unknown };
    assert.deepEqual(
      { cycle: state.cycle, order: state.order, vector: state.vector },
      { cycle: 9, order: cycles[9]!.orders[0], vector: cycles[9]!.vectors[0] },
    );
  });
});
