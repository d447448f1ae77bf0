/**
 * Trees in which firmware can be changed, and tests that are run there. All is compiled once: a
 * test has a process of its own for each mutant, which else would begin with compiling.
 */
import { spawn } from "node:child_process";
import {
  cpSync, mkdtempSync, readFileSync, readdirSync, symlinkSync, writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const compiledName = (file: string): string => file.replace(/\.ts$/, ".js");

/** Puts a source into a tree, and what is run of it beside it. */
export const place = (tree: string, file: string, text: string): void => {
  const { code } = transformSync(text, {
    loader: "ts", target: "es2022",
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true } },
  });
  writeFileSync(join(tree, file), text);
  writeFileSync(join(tree, compiledName(file)), code);
};

/** @returns a new tree: what tests read is copied, the rest is shared */
export const grow = (): string => {
  const tree = mkdtempSync(join(tmpdir(), "tagma-mutants-"));
  const folders = ["firmware", "host", "test"];
  for (const name of [...folders, "boards", "package.json", "SPEC.md", "tsconfig.json"]) {
    cpSync(join(ROOT, name), join(tree, name), { recursive: true });
  }
  symlinkSync(join(ROOT, "node_modules"), join(tree, "node_modules"));
  for (const folder of folders) {
    for (const name of readdirSync(join(tree, folder), { recursive: true, encoding: "utf8" })) {
      const file = join(folder, name);
      if (name.endsWith(".ts")) place(tree, file, readFileSync(join(tree, file), "utf8"));
    }
  }
  return tree;
};

/** A test file, or one test in it: the names of what it stands in, and at last its own. */
export type Tried = readonly [file: string, ...names: string[]];

/** How a run of tests ended. */
export interface Outcome {
  /** What failed first; undefined: nothing did. */
  readonly failed?: Tried;
  /** The same in words. */
  readonly how: string;
}

/** TAP marks these. */
const plain = (name: string): string => name.replaceAll(/\\([\\#])/g, "$1");

const RESULT = /^( *)(?:# Subtest: (.*)|not ok \d+ - (.*))$/;

/** @returns what fails first by the whole lines of TAP: the names around it, and its own */
export const firstFailing = (tap: string): readonly string[] | undefined => {
  const names: string[] = [];
  for (const line of tap.slice(0, tap.lastIndexOf("\n") + 1).split("\n")) {
    const [, indent = "", begun, failed] = RESULT.exec(line) ?? [];
    const depth = indent.length / 4;
    if (begun !== undefined) names.splice(depth, Infinity, plain(begun));
    if (failed !== undefined) return names.slice(0, depth + 1);
  }
  return undefined;
};

/** Nothing but this name. */
const only = (name: string): string =>
  `--test-name-pattern=/^${name.replaceAll(/[$()*+./?[\\\]^{|}]/g, String.raw`\$&`)}$/`;

/**
 * Runs a test file, or one test in it, until something fails.
 *
 * @param patience how many milliseconds it may take; whoever takes more runs for ever
 */
export const runTest = async (
  tree: string, [file, ...names]: Tried, patience: number,
): Promise<Outcome> => new Promise((resolve, reject) => {
  // A test that runs this would have what its own runner reads instead of TAP.
  const { NODE_TEST_CONTEXT: _context, ...env } = process.env;
  const child = spawn(
    process.execPath,
    [...names.map(only), "--test-reporter=tap", join("test", compiledName(file))],
    { cwd: tree, env: { ...env, TAGMA_QUICK: "1" }, stdio: ["ignore", "pipe", "pipe"] },
  );
  let output = "";
  let late = false;
  let failing: readonly string[] | undefined;
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
    if (failing || !output.includes("not ok ")) return;
    failing = firstFailing(output);
    if (failing) child.kill("SIGKILL");
  });
  child.stderr.resume();
  const timer = setTimeout(() => {
    late = true;
    child.kill("SIGKILL");
  }, patience);
  child.on("error", reject);
  child.on("close", (code, signal) => {
    clearTimeout(timer);
    const how = late ? `${file}: no end within ${Math.round(patience)} ms`
      : code === 0 ? "" : `${file}: exit code ${code ?? signal}`;
    if (failing) resolve({ failed: [file, ...failing], how: failing.at(-1)! });
    else resolve(how ? { failed: [file, ...names], how } : { how });
  });
});
