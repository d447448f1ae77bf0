import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { gates } from "./tidy/gates.js";
import { importLaws, noCycles, oracleLaw } from "./tidy/imports.js";
import { LAYERS, layerLaw } from "./tidy/layers.js";
import { bannedNames, compiled, noCoroutines, noHelpers, oneReader } from "./tidy/names.js";
import { blocksOf } from "./tidy/readme.js";
import { columns, fileLines, functionLines } from "./tidy/shape.js";
import { importsOf, read, readAll, readTracked, root } from "./tidy/source.js";
import type { Rule, Source } from "./tidy/source.js";
import {
  citations, definedIn, dependencies, lockedAs, noBinaries, noStrayWords, WORDS,
} from "./tidy/texts.js";
import type { Manifest } from "./tidy/texts.js";

const firmware = readAll("firmware", ".ts");
const host = readAll("host", ".ts");
const tests = readAll("test", ".ts");
const code = [...firmware, ...host, ...tests];

const source = (path: string, text: string): Source => ({ path, text });

const none = (complaints: readonly string[]): void => {
  assert.ok(complaints.length === 0, `\n${complaints.join("\n")}\n`);
};

const holds = (rule: Rule, sources: readonly Source[]): void => {
  assert.ok(sources.length > 0, "there is nothing to look at");
  none(rule(sources));
};

/** Each line of `lines`, alone in the file `path`, breaks the rule. */
const fires = (rule: Rule, path: string, ...lines: string[]): void => {
  for (const line of lines) {
    assert.notDeepEqual(rule([source(path, line)]), [], `${path}: ${line}`);
  }
};

const passes = (rule: Rule, path: string, ...lines: string[]): void => {
  for (const line of lines) assert.deepEqual(rule([source(path, line)]), [], `${path}: ${line}`);
};

describe("imports", () => {
  test("keep to the layers", () => {
    holds(importLaws, code);
  });

  test("that break a law are seen, however they are written", () => {
    const core = "firmware/core/x.ts";
    fires(
      importLaws, core, 'import "../node/node.js";', 'import type { A } from "../auth/a.js";',
      'export * from "../frame/frame.js";', 'import("../platform/host.js");',
      'require("../node/node.js");', 'let a: import("../node/node.js").Node;',
      'import fs from "node:fs";', 'import "commander";',
    );
    passes(importLaws, core, 'import { layoutOf } from "../base/layout.js";');
    fires(importLaws, "firmware/frame/x.ts", 'import "../core/om.js";', 'import "../base/hal.js";');
    passes(importLaws, "firmware/frame/x.ts", 'import "../base/layout.js";');
    fires(importLaws, "firmware/main.ts", 'import "../host/index.js";', 'import "../test/x.js";');
    fires(importLaws, "host/x.ts", 'import "../test/x.js";', 'import "node:process";');
    fires(importLaws, "host/emulate/clock.ts", 'import "node:timers/promises";');
    passes(importLaws, "host/cli/main.ts", 'import "node:process";', 'import "../plan.js";');
    passes(importLaws, "test/x.test.ts", 'import "./tidy/x.js";');
  });

  test("go down the layers, and never up", () => {
    holds(layerLaw, code);
    fires(
      layerLaw, "host/plan/x.ts", 'import "../cli/io.js";', 'import type { A } from "../index.js";',
      'import "../bundle/compact/names.js";',
    );
    passes(
      layerLaw, "host/plan/x.ts", 'import "../network/network.js";', 'import "./y.js";',
      'import "../../firmware/index.js";',
    );
    fires(layerLaw, "firmware/base/x.ts", 'import "../core/om.js";');
    assert.equal(layerLaw([source("host/attic/x.ts", "")]).length, 1);
    for (const [half, layers] of Object.entries(LAYERS)) {
      for (const folder of layers) {
        const within = folder ? `${half}/${folder}/` : `${half}/`;
        assert.ok(code.some(({ path }) => path.startsWith(within)), `${within} is empty`);
      }
    }
  });

  test("bring the oracle nothing of what it judges", () => {
    assert.ok(host.some(({ path }) => path === "host/judge/oracle.ts"), "there is no oracle");
    holds(oracleLaw, code);
    const oracle = "host/judge/oracle.ts";
    fires(
      oracleLaw, oracle, 'import "../../firmware/node/node.js";',
      'import "../../firmware/index.js";',
      'import type { Routes } from "../../firmware/core/paths.js";',
    );
    passes(oracleLaw, oracle, 'import "../../firmware/base/values.js";');
    const far = source("host/far.ts", 'import "../firmware/core/om.js";');
    assert.notDeepEqual(oracleLaw([source(oracle, 'import "../far.js";'), far]), []);
    const type = 'import type { A } from "../far.js";';
    assert.deepEqual(oracleLaw([source(oracle, type), far]), []);
    const both = `${type} import { b } from "../far.js";`;
    assert.notDeepEqual(oracleLaw([source(oracle, both), far]), []);
  });

  test("never go in a circle", () => {
    holds(noCycles, code);
    const a = source("host/a.ts", 'import "./b.js";');
    const b = source("host/b.ts", 'import "./cli/c.js";');
    assert.deepEqual(noCycles([a, b, source("host/cli/c.ts", "")]), []);
    for (const back of ['import type { A } from "../a.js";', 'export * from "../b.js";']) {
      assert.equal(noCycles([a, b, source("host/cli/c.ts", back)]).length, 1, back);
    }
    fires(noCycles, "host/a.ts", 'import "./a.js";');
  });
});

describe("names", () => {
  test("that are banned do not occur", () => {
    holds(bannedNames, code);
    holds(noCoroutines, code);
  });

  test("that are banned are seen, whatever they hide behind", () => {
    const everywhere = [
      "Date.now();", "new Date();", "const { now } = Date;", "globalThis.Date;",
      "performance.now();",
    ];
    const chance = ["Math.random();", 'Math["random"]();', "const { random } = Math;"];
    const timers = ["setTimeout(f, 1);", "f(setInterval);", "globalThis.setImmediate(f);"];
    for (const path of ["firmware/x.ts", "host/emulate/x.ts", "host/topology/star/bus.ts"]) {
      fires(bannedNames, path, ...everywhere, ...chance, ...timers);
    }
    fires(
      bannedNames, "firmware/core/x.ts", "new Map();", "let a: Set<number>;", "console.log(1);",
      "Symbol.iterator;", "let a: Promise<void>;", "process.exit();",
    );
    fires(
      bannedNames, "host/plan/plan.ts", ...everywhere, "process.argv;", "process.env['A'];",
      'process["env"];', "const { env } = process;", "const p = process;", "process.hrtime();",
    );
    fires(bannedNames, "host/emulate/x.ts", 'import { randomInt } from "node:crypto";', "crypto;");
    passes(bannedNames, "host/cli/x.ts", ...everywhere, ...timers, "process.argv;", "process.env;");
    passes(
      bannedNames, "firmware/x.ts", "Math.floor(1);", "// Date", '"Date";', "a.Date;",
      "b.random();", "c = { Map: 1 };",
    );
    passes(bannedNames, "host/topology/mock.ts", "setImmediate(f);", "process.stdout.write('');");
  });

  test("of coroutines are seen in firmware", () => {
    fires(
      noCoroutines, "firmware/x.ts", "async () => 1;", "async function f() {}", "function* f() {}",
      "await f();", "({ async f() {} });", "({ *f() {} });",
    );
    passes(noCoroutines, "firmware/x.ts", "() => 1;");
    passes(noCoroutines, "host/x.ts", "async () => 1;");
  });

  test("of the compiler's helpers do not occur in what a bundle contains", () => {
    const modules = readAll("dist/es5", ".js");
    assert.deepEqual(
      modules.map(({ path }) => path.replace(/^dist\/es5\/(.*)\.js$/, "firmware/$1.ts")),
      firmware.map(({ path }) => path),
    );
    // Layout are computed before, and a bundle has no more of them than the constants.
    const computed = /^dist\/es5\/(?:base|ballots)\/layout\.js$/;
    holds(noHelpers, modules.filter(({ path }) => !computed.test(path)));
  });

  test("of the compiler's helpers are seen", () => {
    const rule: Rule = (sources) => noHelpers(sources.map(compiled));
    fires(
      rule, "firmware/x.ts", "f([...a, 1]);", "b = { ...a };", "const { c, ...d } = a;",
      "const f = (...a: number[]) => a;", "class A extends B {}", "f`a${1}`;",
    );
    passes(rule, "firmware/x.ts", "const { a, b } = c; for (const d of a) b(d);");
  });

  test("of the folder of boards occur in one file of the host", () => {
    holds(oneReader, host);
    fires(
      oneReader, "host/x.ts", 'readFileSync("boards/PUCKJS.json");', 'join(root, "boards");',
      'new URL("../boards/", import.meta.url);', "`${root}/boards/${kind}.json`;", '"../boards";',
      'import kind from "../boards/PUCKJS.json";',
    );
    passes(oneReader, "host/network/kinds.ts", 'join(root, "boards");');
    passes(
      oneReader, "host/plan/plan.ts", 'import { a } from "./boards.js";', 'network["boards"];',
      '"boards/networks/pump.json";', 'fail("boards", 1);',
    );
  });
});

describe("gates", () => {
  test("for texts, files and JSON have nobody beside them", () => {
    holds(gates, host);
  });

  test("that somebody goes around are seen", () => {
    fires(
      gates, "host/plan/plan.ts", "process.stdout.write(text);", 'process["stderr"].write(text);',
      "const { stdout } = process;", "console.log(text);", "io.err.write(`tagma: ${name}\\n`);",
      "JSON.parse(text);", "const { parse } = JSON;", 'import { readFileSync } from "node:fs";',
      'import { createReadStream } from "fs";', 'import { open } from "node:fs/promises";',
      'import * as fs from "node:fs";', 'import fs from "node:fs";', 'await import("node:fs");',
      'import { mkdirSync, statSync } from "node:fs";', 'require("node:fs");',
    );
    passes(
      gates, "host/x.ts", 'import { existsSync, statSync } from "node:fs";', "io.out.write(a);",
      "JSON.stringify(a);", "tell(io, `tagma: ${name}`.length);", '"JSON.parse";', "b.JSON.parse;",
    );
    passes(gates, "host/cli/io.ts", "process.stdout.write(text);");
    passes(gates, "host/base/json.ts", "JSON.parse(text);");
  });
});

describe("lengths", () => {
  test("of lines can be read", () => {
    holds(columns, code);
  });

  test("of functions can be read", () => {
    holds(functionLines, code);
  });

  test("of files can be read", () => {
    holds(fileLines, code);
  });

  test("that are too great are seen, and no others", () => {
    passes(columns, "a.ts", "⊥".repeat(100), "𝔸".repeat(100));
    fires(columns, "a.ts", "a".repeat(101), "⊥".repeat(101));
    const lines = (count: number) => "f();\n".repeat(count);
    passes(fileLines, "a.ts", lines(399), `// longer than 400 lines: because\n${lines(400)}`);
    fires(fileLines, "a.ts", lines(400), `// longer than 400 lines:\n${lines(400)}`);
    const nested = (inner: number) => `() => {\n${lines(30)}() => {\n${lines(inner)}};\n};`;
    passes(functionLines, "a.ts", `() => {\n${lines(67)}};`, nested(67), lines(300));
    fires(
      functionLines, "a.ts", `() => {\n${lines(68)}};`, `function f() {\n${lines(68)}}`,
      `class A { f() {\n${lines(68)}} }`, `class A { get f() {\n${lines(68)}} }`, nested(68),
      `() => {\n${lines(34)}() => {\n};\n${lines(34)}};`,
    );
  });
});

describe("texts", () => {
  const citing = code.filter(({ path }) => !path.startsWith("test/tidy"));

  test("cite every numbered line of the documents in a test, and no other", () => {
    const documents = [...readAll("docs", ".md"), read("DESIGN.md"), read("SPEC.md")];
    none(citations(documents.filter((page) => definedIn(page).length > 0), citing));
  });

  test("that cite a number too few or too many are seen", () => {
    const design = source("DESIGN.md", "# OM\n- **OM.1** one\n- OM.2 two, not OM.9\n");
    const cites = (path: string, text: string) => citations([design], [source(path, text)]);
    assert.deepEqual(cites("test/a.test.ts", 'test("OM.1, OM.2")'), []);
    assert.deepEqual(cites("test/a.test.ts", 'test("OM.1, OM.20")'), [
      "DESIGN.md:3: OM.2 is cited by no test", "test/a.test.ts:1: OM.20 is not defined",
    ]);
    assert.equal(cites("firmware/a.ts", "// OM.1, OM.2, OM.9").length, 3);
    assert.equal(citations([source("SPEC.md", "OM.1")], []).length, 1);
    const twice = [design, source("SPEC.md", "* OM.2 again")];
    assert.deepEqual(citations(twice, [source("test/a.ts", "OM.1 OM.2")]), [
      "SPEC.md:1: OM.2 is defined elsewhere too",
    ]);
  });

  test("have no stray words", () => {
    const tracked = readTracked();
    for (const path of ["Makefile", ".ci/run", "firmware/node/node.ts"]) {
      assert.ok(tracked.some((file) => file.path === path), `${path} is not looked at`);
    }
    holds(noStrayWords, tracked);
  });

  test("are texts, but for the documents' pictures", () => {
    holds(noBinaries, readTracked());
    fires(noBinaries, "boards/x.bin", "a\0b", "\uFFFD");
    passes(noBinaries, "docs/lab.png", "\0");
    passes(noBinaries, "docs/x.md", "⊥ ≥ ä");
  });

  test("that have stray words are seen", () => {
    for (const { parts, capitals } of WORDS) {
      const word = parts.join("");
      fires(noStrayWords, "README.md", `a\nsee ${word}1`, `"${word}"`);
      if (capitals) fires(noStrayWords, "README.md", `${word.toUpperCase()}S`);
    }
    passes(noStrayWords, "README.md", "a possession of tissues, shared by all", "net/work/x");
  });

  test("of package.json name what is used, and exactly that", () => {
    const manifest = JSON.parse(read("package.json").text) as Manifest;
    none(dependencies(manifest, code, read("Makefile").text));
  });

  test("of package.json and of the lock file name the same versions", () => {
    const manifest = JSON.parse(read("package.json").text) as Manifest;
    none(lockedAs(manifest, JSON.parse(read("package-lock.json").text)));
    const wants = (version: string) => ({ dependencies: { a: version }, devDependencies: {} });
    const lock = { packages: { "": wants("1.0.0"), "node_modules/a": { version: "1.0.0" } } };
    assert.deepEqual(lockedAs(wants("1.0.0"), lock), []);
    assert.equal(lockedAs(wants("1.0.1"), lock).length, 1);
    assert.equal(lockedAs({ dependencies: {}, devDependencies: {} }, lock).length, 1);
    assert.equal(lockedAs(wants("1.0.0"), { packages: { "": wants("1.0.0") } }).length, 1);
  });

  test("of package.json that name too much, too little or too vaguely are seen", () => {
    const uses = [source("host/a.ts", 'import { b } from "b";\nimport "@c/d/e.js";')];
    const told = (shipped: Record<string, string>, others: Record<string, string>) =>
      dependencies({ dependencies: shipped, devDependencies: others }, uses, "node --import tsx");
    const pinned = { "b": "1.2.3", "@c/d": "0.1.0-rc.1" };
    assert.deepEqual(told(pinned, { "tsx": "4.0.0", "@types/b": "1.0.0" }), []);
    for (const version of ["^1.2.3", "~1.2.3", "1.2", "*", "latest", "1.x"]) {
      assert.equal(told({ ...pinned, b: version }, {}).length, 1, version);
    }
    assert.deepEqual(told({ b: "1.2.3" }, {}), ["host/a.ts:1: @c/d is not in package.json"]);
    assert.deepEqual(told(pinned, { z: "1.0.0" }), ["package.json:1: z is of no use"]);
    assert.deepEqual(told(pinned, { oxlint: "1.0.0" }), ["package.json:1: oxlint is of no use"]);
    assert.deepEqual(told({ "@c/d": "1.0.0" }, { b: "1.2.3" }), [
      "host/a.ts:1: b is needed where the package is installed",
    ]);
  });
});

describe("tools", () => {
  test("imports are found in every form, with the line and what they name", () => {
    const text = 'import type { A } from "./b.js";\n\nexport { c } from "../d/e.js";\nimport "f";';
    assert.deepEqual(importsOf(source("host/a/x.ts", text)), [
      { written: "./b.js", path: "host/a/b.ts", typeOnly: true, line: 1 },
      { written: "../d/e.js", path: "host/d/e.ts", typeOnly: false, line: 3 },
      { written: "f", path: undefined, typeOnly: false, line: 4 },
    ]);
  });

  test("blocks of a README are found with their language and line", () => {
    const text = "a\n```sh\nb\nc\n```\n\n```\nd\n```\n```ts\ne\n```\n";
    assert.deepEqual(blocksOf(text), [
      { language: "sh", text: "b\nc\n", line: 3 }, { language: "", text: "d\n", line: 8 },
      { language: "ts", text: "e\n", line: 11 },
    ]);
  });

  test("the linter knows types", () => {
    const folder = mkdtempSync(join(tmpdir(), "tagma-lint-"));
    try {
      const options = { compilerOptions: { strict: true, types: [] }, include: ["."] };
      writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(options));
      const lint = (text: string) => {
        writeFileSync(join(folder, "a.ts"), `const f = async (): Promise<void> => {};\n${text}\n`);
        const flags = ["--type-aware", "-f", "unix", "-c", join(root, ".oxlintrc.json"), "a.ts"];
        const oxlint = join(root, "node_modules/.bin/oxlint");
        const env = {
          ...process.env, OXLINT_TSGOLINT_PATH: join(root, "node_modules/.bin/tsgolint"),
        };
        return spawnSync(oxlint, flags, { cwd: folder, encoding: "utf8", env });
      };
      const floating = lint("export const g = (): void => { f(); };");
      assert.match(floating.stdout, /no-floating-promises/);
      assert.equal(floating.status, 1);
      const awaited = lint("export const g = async (): Promise<void> => { await f(); };");
      assert.equal(awaited.status, 0, awaited.stdout + awaited.stderr);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
