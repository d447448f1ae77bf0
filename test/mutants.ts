/**
 * Are the tests able to fail? Each mutant in `mutants/` is one wrong line of firmware, and some
 * test has to notice.
 *
 *     node --import tsx test/mutants.ts [PART OF A FILE NAME]
 *
 * prints each mutant and the test that killed it. Exit 0: all were killed; 1: some survived; 2: the
 * run says nothing, because a test fails without any mutant or a mutant's text is not there once.
 *
 * Not listed are mutants that change nothing that can be seen:
 * - om.ts: voting without looking for -1: at index -1 there is no byte, which equals no byte; two ⊥
 *   would elect -1, which is ⊥;
 * - om.ts: electing after half of the voters, or looking votes up for each candidate: only slower;
 * - om.ts: `of >= self`: a board's own entry has been answered before;
 * - paths.ts: numbering what this board itself says: nobody looks there;
 * - frame.ts: `next > mask`: no start word is at the mask, which does not begin like one;
 * - frame.ts: unmasking from the cycle on: no header is a start;
 * - frame-host.ts: keeping what is no start: a board makes nothing of it, whenever it is handed on.
 */
import { spawn } from "node:child_process";
import {
  cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { transformSync } from "esbuild";
import { MUTANTS } from "./mutants/all.js";
import type { Mutant } from "./mutants/mutant.js";

/** What a node does, all of it. */
const NODE = [
  "node/node.test.ts", "node/caller.test.ts", "auth/mac.test.ts", "node/polls.test.ts",
  "node/ballots.test.ts", "node/promises.test.ts", "node/early.test.ts", "node/health.test.ts",
  "node/detector.test.ts", "node/tentative.test.ts",
];

/** By file, the tests that have to notice, the quickest first. */
const TESTS: Record<string, readonly string[]> = {
  "firmware/base/layout.ts": ["base/layout.test.ts"],
  "firmware/core/paths.ts": ["core/paths.test.ts"],
  "firmware/base/same.ts": ["core/om.test.ts", "core/naive.test.ts"],
  "firmware/core/om.ts": [
    "core/om.test.ts", "core/naive.test.ts", "core/random.test.ts", "platform/om-host.test.ts",
    "core/told.test.ts",
  ],
  "firmware/core/sm.ts": ["core/sm.test.ts"],
  "firmware/ballots/promises.ts": [
    "node/kept.test.ts", "node/lives.test.ts", "node/promises.test.ts",
  ],
  "firmware/node/decisions.ts": [
    "node/early.test.ts", "node/lives.test.ts", "node/promises.test.ts", "node/health.test.ts",
    "node/tentative.test.ts",
  ],
  "firmware/ballots/layout.ts": [
    "views/tentative-file.test.ts", "ballots/layout.test.ts",
    "views/layout.test.ts", "views/duel.test.ts",
  ],
  "firmware/ballots/views.ts": [
    "views/leader.test.ts", "views/paxos.test.ts", "views/runs.test.ts",
  ],
  "firmware/core/duel.ts": ["views/duel.test.ts"],
  "firmware/ballots/phases.ts": ["commit/phases.test.ts", "commit/runs.test.ts"],
  "firmware/core/two-phase.ts": ["commit/runs.test.ts"],
  "firmware/core/three-phase.ts": ["commit/phases.test.ts", "commit/runs.test.ts"],
  "firmware/core/paxos-commit.ts": ["commit/paxos-commit.test.ts", "commit/runs.test.ts"],
  "firmware/core/multi-paxos.ts": ["views/paxos.test.ts", "views/paxos-runs.test.ts"],
  "firmware/core/reports.ts": ["views/paxos.test.ts", "views/paxos-runs.test.ts"],
  "firmware/node/tentative.ts": ["node/tentative.test.ts"],
  "firmware/core/led-fab.ts": ["views/leader.test.ts", "views/runs.test.ts"],
  "firmware/core/pbft.ts": ["views/leader.test.ts", "views/runs.test.ts"],
  "firmware/ballots/decision-log.ts": [
    "ballots/decision-log.test.ts", "node/lives.test.ts", "core/rule.test.ts",
    "core/shadow.test.ts", "ballots/ballot-runs.test.ts", "views/leader.test.ts",
    "views/paxos.test.ts", "views/paxos-runs.test.ts", "views/log.test.ts", "views/runs.test.ts",
  ],
  "firmware/ballots/leader.ts": ["ballots/leader.test.ts", "core/shadow.test.ts"],
  "firmware/core/paxos.ts": [
    "ballots/layout.test.ts", "core/rule.test.ts", "ballots/leader.test.ts", "core/shadow.test.ts",
  ],
  "firmware/core/fab.ts": [
    "ballots/layout.test.ts", "core/fab.test.ts", "core/rule.test.ts", "core/shadow.test.ts",
  ],
  "firmware/core/detector.ts": ["core/detector.test.ts"],
  "firmware/core/health.ts": ["core/health.test.ts"],
  "firmware/choice/choice.ts": ["choice/choice.test.ts"],
  "firmware/frame/frame.ts": [
    "frame/vectors.test.ts", "frame/frame.test.ts", "frame/stream.test.ts", "node/forgery.test.ts",
    "node/faults.test.ts",
  ],
  "firmware/frame/bytes.ts": [
    "frame/vectors.test.ts", "frame/frame.test.ts", "frame/stream.test.ts", "node/forgery.test.ts",
    "node/faults.test.ts", "frame/text.test.ts",
  ],
  "firmware/frame/text.ts": ["frame/text.test.ts"],
  "firmware/platform/om-host.ts": ["platform/om-host.test.ts"],
  "firmware/frame/frame-host.ts": ["frame/frame-host.test.ts"],
  "firmware/auth/lms/lms-host.ts": ["auth/lms-host.test.ts"],
  "firmware/platform/hash-host.ts": ["auth/sha256.test.ts"],
  "firmware/auth/mac/mac.ts": ["auth/mac.test.ts"],
  "firmware/node/node.ts": NODE,
  "firmware/base/turns.ts": ["views/layout.test.ts", ...NODE],
  "firmware/node/rounds.ts": ["views/rounds.test.ts", ...NODE],
  "firmware/node/opening.ts": NODE,
  "firmware/node/polling.ts": NODE,
  "firmware/node/caller.ts": ["node/caller.test.ts"],
  "firmware/base/values.ts": ["base/values.test.ts"],
  "firmware/main.ts": ["platform/main.test.ts"],
};

const WORKERS = 2;
/** A test that takes this much longer than without a mutant runs for ever. */
const PATIENCE = 10;
const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** A tree in which firmware can be changed: what tests read is copied, the rest is shared. */
const grow = (): string => {
  const tree = mkdtempSync(join(tmpdir(), "tagma-mutants-"));
  const files = ["package.json", "SPEC.md", "tsconfig.json"];
  for (const name of ["firmware", "host", "test", "boards", ...files]) {
    cpSync(join(ROOT, name), join(tree, name), { recursive: true });
  }
  symlinkSync(join(ROOT, "node_modules"), join(tree, "node_modules"));
  return tree;
};

/**
 * Runs one test file.
 *
 * @returns what failed first, or "" where nothing did
 */
const runTest = async (tree: string, test: string, patience: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      ["--import", "tsx", "--test-reporter=tap", join("test", test)],
      { cwd: tree, env: { ...process.env, TAGMA_QUICK: "1" }, stdio: ["ignore", "pipe", "pipe"] },
    );
    let output = "";
    let late = false;
    const keep = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    const timer = setTimeout(() => {
      late = true;
      child.kill("SIGKILL");
    }, patience);
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      const failed = /^ *not ok \d+ - (.*)$/m.exec(output)?.[1] ?? `exit code ${code}`;
      resolve(late ? `${test}: no end within ${Math.round(patience)} ms` : code ? failed : "");
    });
  });

/** Calls `work` for each item, in `trees.length` places at once. */
const share = async <Item>(
  items: readonly Item[],
  trees: readonly string[],
  work: (item: Item, tree: string) => Promise<void>,
): Promise<void> => {
  const left = items.values();
  await Promise.all(
    trees.map(async (tree) => {
      for (const item of left) await work(item, tree);
    }),
  );
};

/** What the firmware file becomes, or an error where that says nothing about the tests. */
const mutate = (tree: string, { file, from, to, why }: Mutant) => {
  const sound = readFileSync(join(tree, file), "utf8");
  const times = sound.split(from).length - 1;
  if (times !== 1) throw new Error(`${file}, "${why}": its text is there ${times} times: ${from}`);
  const mutated = sound.replace(from, () => to);
  transformSync(mutated, { loader: "ts" });
  return { sound, mutated };
};

/** How long each test takes without a mutant, in ms. */
const measure = async (tests: readonly string[], trees: readonly string[]) => {
  const times = new Map<string, number>();
  await share(tests, trees, async (test, tree) => {
    if (!existsSync(join(ROOT, "test", test))) throw new Error(`there is no test/${test}`);
    const start = performance.now();
    const failed = await runTest(tree, test, 300_000);
    if (failed) throw new Error(`test/${test} fails without any mutant: ${failed}`);
    times.set(test, performance.now() - start);
  });
  return times;
};

const main = async (part: string): Promise<number> => {
  const mutants = MUTANTS.filter(({ file }) => file.includes(part));
  const trees = Array.from({ length: WORKERS }, grow);
  const survivors: Mutant[] = [];
  try {
    // First of all, lest the last one's text be missing after minutes.
    for (const one of mutants) for (const tree of trees) mutate(tree, one);
    const tests = new Set(mutants.flatMap(({ file }) => TESTS[file]!));
    const times = await measure([...tests], trees);
    await share(mutants, trees, async (one, tree) => {
      const { sound, mutated } = mutate(tree, one);
      const target = join(tree, one.file);
      writeFileSync(target, mutated);
      let killer = "";
      for (const test of TESTS[one.file]!) {
        killer ||= await runTest(tree, test, 5000 + PATIENCE * times.get(test)!);
      }
      writeFileSync(target, sound);
      if (!killer) survivors.push(one);
      console.log(`${killer ? "killed  " : "SURVIVED"} ${one.file}: ${one.why}  [${killer}]`);
    });
  } finally {
    for (const tree of trees) rmSync(tree, { recursive: true, force: true });
  }
  console.log(`${mutants.length} mutants, ${survivors.length} survived`);
  for (const { file, why, from, to } of survivors) console.log(`${file}: ${why}: ${from} -> ${to}`);
  return survivors.length ? 1 : 0;
};

try {
  process.exitCode = await main(process.argv[2] ?? "");
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
