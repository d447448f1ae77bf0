import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { runInNewContext } from "node:vm";
import { firstImage } from "../../firmware/index.js";
import { preludeFor } from "../../host/boards/dialect-setup.js";
import { createQuickJs } from "../../host/boards/quickjs.js";
import { bundle } from "../../host/bundle/bundle.js";
import { lacksIn } from "../../host/bundle/lacks.js";
import { madeUpKeys } from "../../host/keys/keys.js";
import { PROMISE_FILES } from "../../host/keys/promises.js";
import { loadNetwork, parseNetwork } from "../../host/network/network.js";
import { record } from "../espruino/drive.js";
import { exampleNetworks, madeFor } from "../examples.js";
import { SIZES, sizesNow } from "../size.js";

const PICO_BYTES = 3000;
/** Written out, so that a cycle takes half of the instructions. */
const FAST_BYTES = 4000;
const SIGNED_BYTES = 7750;
/** What a board promises it writes down first, which takes 700 of them. */
const BALLOT_BYTES = 5500;
const pump = loadNetwork("boards/networks/pump.json");
const three = loadNetwork("boards/networks/three.json");

describe("a bundle", () => {
  it("for four Picos and one traitor has at most 3,000 bytes, everything included", async (t) => {
    const [small, fast] = [await bundle(madeFor("size", pump), pump.boards[0]!),
      await bundle(pump, pump.boards[0]!)];
    t.diagnostic(`${small.length} bytes, ${fast.length} made for speed`);
    assert.ok(Buffer.byteLength(small) <= PICO_BYTES, `${small.length} bytes`);
    assert.ok(Buffer.byteLength(fast) <= FAST_BYTES, `${fast.length} bytes`);
  });

  it("for three Picos that sign has at most 7,750 bytes, keys included", async (t) => {
    const text = await bundle(madeFor("size", three), three.boards[0]!);
    t.diagnostic(`${text.length} bytes`);
    assert.ok(Buffer.byteLength(text) <= SIGNED_BYTES, `${text.length} bytes`);
  });

  it("for one decision of four Picos by ballots has at most 5,500 bytes", async (t) => {
    const { keep: _, ...log } =
      JSON.parse(readFileSync("boards/networks/press.json", "utf8")) as Record<string, unknown>;
    const once = parseNetwork({ ...log, mode: "once" }, "press");
    const text = await bundle(madeFor("size", once), once.boards[0]!);
    t.diagnostic(`${text.length} bytes`);
    assert.ok(Buffer.byteLength(text) <= BALLOT_BYTES, `${text.length} bytes`);
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

  it("leaves the scripts of a network file their globals, whatever they are called", async () => {
    const known = "abcdefghijklmnopqrstuvwxyzABCDFGHIJKLMNOPQRSTUVWXYZ$_".split("");
    const sum = known.join("+");
    const file = {
      ...pump.file, decision: { script: `probe("choose",${sum},E.CRC32),1` },
      boards: pump.file.boards.map(({ name, kind }) => ({
        name, kind, reading: { script: `probe("read",${sum},E.CRC32),1` },
        order: { script: `probe("act",${sum},E.CRC32)` },
      })),
    };
    for (const changes of [{}, { algorithm: "lbp", mode: "once" }, { silence_ms: 5000 }]) {
      const network = parseNetwork({ ...file, ...changes }, "test");
      const { chunks } = await record(network, 0, 2);
      const text = await bundle(network, network.boards[0]!);
      const globals = Object.fromEntries(known.map((name, at) => [name, at]));
      const asked = new Map<string, unknown[]>();
      const files = new Map([[PROMISE_FILES[0]!, firstImage(network.boards[0]!.layout)]]);
      runInNewContext(`${preludeFor(text)}; ${text};
        chunks.forEach(function(cycle) { cycle.forEach(function(hex) { hostFeed(hex); }); });`, {
        ...globals, probe: (what: string, ...values: unknown[]) => asked.set(what, values),
        hostWrite: () => undefined,
        nativeRead: (name: string) => files.get(name) ?? new Uint8Array(),
        nativeWrite: (name: string, bytes: Uint8Array) => files.set(name, Uint8Array.from(bytes)),
        chunks: chunks.map((cycle) => cycle.map((bytes) => Buffer.from(bytes).toString("hex"))),
      });
      const total = (known.length * (known.length - 1)) / 2;
      for (const what of ["act", "read", "choose"]) {
        const [sumThere, checksum] = asked.get(what) ?? [];
        assert.equal(sumThere, total, what);
        assert.equal(typeof checksum, "function", what);
      }
    }
  });

  it("has a script's text as it is, whatever is written in it", async () => {
    const [first, ...others] = pump.file.boards;
    for (const name of ["act", "read", "choose", "pins", "enable"]) {
      const network = parseNetwork({
        ...pump.file, boards: [{ ...first, reading: { script: `"@${name}"` } }, ...others],
      }, "test");
      const text = await bundle(network, network.boards[0]!);
      assert.equal(text.split(`"@${name}"`).length, 2);
      assert.deepEqual(lacksIn(text), []);
    }
  });

  it("has the sizes that the table says, of every example network", async () => {
    assert.deepEqual(await sizesNow(), SIZES);
  });

  it("uses nothing that Espruino lacks", async () => {
    for (const [, network] of exampleNetworks()) {
      for (const board of [network.boards[0]!, network.boards.at(-1)!]) {
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

describe("quickjs", () => {
  const SMALL = 320 * 1024;

  it("runs the bundle for four Picos within 320 KB, compiling included", async (t) => {
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

  it("does not within 160 KB: the limit is real", async () => {
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
