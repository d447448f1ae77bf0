import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  copyFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { exampleOf, linesOf } from "./harness.js";

/** What npm packs, installed in an empty folder by somebody else. */

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const MINUTES = 60_000;

const call = (cwd: string, command: string, ...words: string[]) => {
  const { status, stdout, stderr } = spawnSync(command, words, {
    cwd,
    encoding: "utf8",
    timeout: 5 * MINUTES,
    env: { ...process.env, npm_config_loglevel: "error", npm_config_update_notifier: "false" },
  });
  return { status, stdout, stderr };
};

const must = (cwd: string, command: string, ...words: string[]): string => {
  const { status, stdout, stderr } = call(cwd, command, ...words);
  assert.equal(status, 0, `${command} ${words.join(" ")}: ${stdout}${stderr}`);
  return stdout;
};

/** The example that stands in a module's first comment. */
const documented = (path: string): string => {
  const text = readFileSync(join(ROOT, path), "utf8");
  const [, example] = /^ \* @example\n((?: \*.*\n)+?) \*\//m.exec(text) ?? [];
  assert.ok(example, `${path}: no @example`);
  return example.replaceAll(/^ \* ?/gm, "");
};

const TYPES = `
import { emulate, loadNetwork, madeUp, planOf } from "tagma";
import type { CycleRecord, Network, Summary, TraceEvent } from "tagma";
import { createNode, layoutOf } from "tagma/firmware";
import type { Hal, Layout, Node } from "tagma/firmware";

const network: Network = loadNetwork("pump.json");
const sizes: Layout = layoutOf({ boards: 4, traitors: 1, width: 1, commander: -1 }, 0, false);
const bits: number = planOf(network).needed + sizes.end;
const seen: CycleRecord[] = [];
const run = async (): Promise<Summary> => emulate({
  network, cycles: bits, seed: 1, readings: madeUp(network, 1),
  troubles: { lines: [], traitors: [] },
  engine: "native", transport: "memory", tracer: (event: TraceEvent) => { void event.t; },
  onCycle: (cycle) => { seen.push(cycle); },
});
// @ts-expect-error: no such link
export const wrong = async () => emulate({ transport: "wire" });
export type Board = Node<number>;
export type Pins = Hal<boolean>;
export { createNode, run };
`;

const CONFIG = {
  compilerOptions: {
    module: "nodenext",
    target: "es2022",
    lib: ["es2023", "dom"],
    types: [],
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    exactOptionalPropertyTypes: true,
  },
  files: ["use.ts"],
};

const INSIDE = [
  "package.json", "LICENSE", "README.md", "SPEC.md", "DESIGN.md", "boards/PICO_R1_3.json",
  "boards/networks/pump.json", "boards/network.schema.json", "dist/host/cli/main.js",
  "dist/espruino/tagma.min.js", "tools/sigrok/tagma/pd.py", "tools/wireshark/tagma.lua",
  "docs/telemetry.svg", "docs/analysers.svg", "docs/lab.png", "docs/bus.png",
  "docs/flash-page.png", "docs/health.md", "docs/lab.md", "docs/telemetry.md",
  "docs/analysers.md", "docs/flashing.md", "docs/espruino.md", "dist/host/telemetry/thread.js",
  "dist/host/lab/page/main.js",
];

const FIRMWARE = `
import { layoutOf } from "tagma/firmware";
console.log(layoutOf({ boards: 4, traitors: 1, width: 1, commander: -1 }, 0, false).boards);
`;

describe("the package, installed in an empty folder", () => {
  const path = mkdtempSync(join(tmpdir(), "tagma-"));
  const tagma = (...words: string[]) => call(path, "npx", "--no-install", "tagma", ...words);
  let inside: string[] = [];

  before(() => {
    for (const built of ["dist/host/index.js", "dist/firmware/index.js", "dist/es5/index.js"]) {
      assert.ok(existsSync(join(ROOT, built)), `${built} is not built: make build`);
    }
    // It is built already; building it again here could meet another build.
    must(ROOT, "npm", "pack", "--ignore-scripts", "--pack-destination", path);
    const tarball = `./${readdirSync(path)[0]!}`;
    inside = linesOf(must(path, "tar", "-tzf", tarball));
    writeFileSync(join(path, "package.json"), JSON.stringify({ type: "module", private: true }));
    must(path, "npm", "install", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund",
      tarball);
    copyFileSync(exampleOf("pump"), join(path, "pump.json"));
  }, { timeout: 10 * MINUTES });

  after(() => {
    rmSync(path, { recursive: true });
  });

  it("contains what is to be shipped, and no tests", () => {
    for (const name of INSIDE) assert.ok(inside.includes(`package/${name}`), name);
    assert.deepEqual(inside.filter((name) => /\/(test|node_modules|\.ci)\//.test(name)), []);
  });

  it("has the command", () => {
    const run = tagma("emulate", "pump.json", "--traitor", "c=equivocate", "--engine", "bundle");
    assert.equal(run.status, 0, run.stderr);
    assert.match(run.stdout, /^held: in all 10 cycles/m);
    assert.equal(tagma("emulate", "no.json").status, 2);
    const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
      version: string;
    };
    assert.equal(tagma("--version").stdout, `${version}\n`);
  });

  it("makes its pages, with the licences of what is in them", () => {
    const lab = tagma("lab", "pump.json", "--out", "lab");
    assert.equal(lab.status, 0, lab.stderr);
    const kept = (name: string) => readFileSync(join(path, name), "utf8");
    assert.match(kept("lab/licences.txt"), /^tagma \d.*MIT\n[^]*^preact \d.*MIT$/m);
    assert.equal(kept("lab/licences.txt").match(/^tagma \d/gm)?.length, 1);
    assert.ok(kept("lab/lab.js").length > 400_000);
    const page = tagma("flash", "pump.json", "--all", "--page", "flash.html");
    assert.equal(page.status, 0, page.stderr);
    assert.match(kept("flash.html"), /^zod \d.*MIT$/m);
  });

  it("writes what analysers read, beside their decoders", () => {
    const run = tagma("emulate", "pump.json", "--cycles", "2", "--trace", "pump.trace");
    assert.equal(run.status, 0, run.stderr);
    const replay = tagma("replay", "pump.trace", "--vcd", "pump.vcd", "--pcapng", "pump.pcapng");
    assert.equal(replay.status, 0, replay.stderr);
    assert.match(readFileSync(join(path, "pump.vcd"), "utf8"), /^\$comment tagma: pump/);
    assert.ok(readFileSync(join(path, "pump.pcapng")).length > 1000);
  });

  it("is found by what knows `main` only: the firmware as one module", () => {
    const found = `node_modules/tagma/${(JSON.parse(readFileSync(
      join(path, "node_modules/tagma/package.json"), "utf8")) as { main: string }).main}`;
    const script = `${readFileSync(join(path, found), "utf8")};` +
      "console.log(exports.layoutOf({ boards: 4, traitors: 1, width: 1, commander: -1 }, 0, " +
      "false).boards)";
    writeFileSync(join(path, "main.cjs"), script);
    assert.equal(must(path, process.execPath, "main.cjs"), "4\n");
  });

  it("can be imported, as its example shows", () => {
    writeFileSync(join(path, "host.js"), documented("host/index.ts"));
    assert.equal(must(path, process.execPath, "host.js"), "held\n");
    writeFileSync(join(path, "firmware.js"), FIRMWARE);
    assert.equal(must(path, process.execPath, "firmware.js"), "4\n");
  });

  it("has types, for strict programs too that check those of what they import", () => {
    writeFileSync(join(path, "use.ts"), TYPES);
    writeFileSync(join(path, "tsconfig.json"), JSON.stringify(CONFIG));
    must(path, process.execPath, join(ROOT, "node_modules/typescript/bin/tsc"), "-p", ".");
  });
});
