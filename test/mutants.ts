/**
 * Are the tests able to fail? Each mutant in `mutants/` is one wrong line of firmware, and some
 * test has to notice.
 *
 *     node --import tsx test/mutants.ts [PART OF A FILE NAME]
 *
 * prints each mutant and the test that killed it. The test that did so before is tried first and
 * alone, which saves time and nothing else; `TAGMA_REWRITE=1` keeps who does now. Exit 0: all were
 * killed; 1: some survived; 2: the run says nothing, because a test fails without any mutant or a
 * mutant's text is not there once.
 *
 * Not listed are mutants that change nothing that can be seen:
 * - om.ts: voting without looking for -1: at index -1 there is no byte, which equals no byte; two ⊥
 *   would elect -1, which is ⊥;
 * - om.ts: electing after half of the voters, or looking votes up for each candidate: only slower;
 * - om.ts: `of >= self`: a board's own entry has been answered before;
 * - paths.ts: numbering what this board itself says: nobody looks there;
 * - bytes.ts: a mask behind the last byte: a byte of it is the first;
 * - frame.ts: `next > mask`: no start word is at the mask, which does not begin like one;
 * - frame.ts: unmasking from the cycle on: no header is a start;
 * - frame-host.ts: a plain mask that stands for starts: then a board is asked;
 * - text.ts: not cutting what is heard most off what comes behind it: only slower;
 * - node.ts: LEARN.2: a learner that keeps what is relayed: it looks there no more in that cycle,
 *   and the longest frame still ends within the arena.
 */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { transformSync } from "esbuild";
import { MUTANTS } from "./mutants/all.js";
import { KILLERS, keep, nameOf } from "./mutants/killers.js";
import type { Mutant } from "./mutants/mutant.js";
import { ROOT, grow, place, runTest } from "./mutants/tree.js";
import type { Outcome, Tried } from "./mutants/tree.js";

/** What a node does, all of it. */
const NODE = [
  "node/node.test.ts", "node/caller.test.ts", "auth/mac.test.ts", "node/polls.test.ts",
  "node/ballots.test.ts", "node/promises.test.ts", "node/early.test.ts", "node/health.test.ts",
  "node/detector.test.ts", "node/tentative.test.ts", "node/learner.test.ts",
  "views/health.test.ts",
];

/** By file, the tests that have to notice, the quickest first. */
const TESTS: Record<string, readonly string[]> = {
  "firmware/base/layout.ts": ["base/layout.test.ts", "ballots/learner.test.ts"],
  "firmware/core/paths.ts": ["core/paths.test.ts"],
  "firmware/base/same.ts": ["base/same.test.ts"],
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
    "node/tentative.test.ts", "node/learner.test.ts", "views/vector.test.ts",
    "views/health.test.ts",
  ],
  "firmware/ballots/learner.ts": ["ballots/learner.test.ts"],
  "firmware/ballots/layout.ts": [
    "views/tentative-file.test.ts", "ballots/layout.test.ts", "network/learners.test.ts",
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
    "ballots/learner.test.ts",
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
    "node/faults.test.ts", "frame/text.test.ts", "platform/main.test.ts",
  ],
  "firmware/frame/text.ts": ["frame/text.test.ts"],
  "firmware/platform/host.ts": ["platform/search.test.ts"],
  "firmware/platform/espruino.ts": ["platform/search.test.ts"],
  "firmware/platform/om-host.ts": ["platform/om-host.test.ts"],
  "firmware/frame/frame-host.ts": ["frame/frame-host.test.ts"],
  "firmware/auth/lms/lms-host.ts": ["auth/lms-host.test.ts"],
  "firmware/platform/hash-host.ts": ["auth/sha256.test.ts"],
  "firmware/auth/mac/mac.ts": ["auth/mac.test.ts"],
  "firmware/node/node.ts": NODE,
  "firmware/base/turns.ts": ["views/layout.test.ts", ...NODE],
  "firmware/node/rounds.ts": ["views/rounds.test.ts", "node/shown.test.ts", ...NODE],
  "firmware/node/opening.ts": NODE,
  "firmware/node/polling.ts": NODE,
  "firmware/node/caller.ts": ["node/caller.test.ts"],
  "firmware/base/values.ts": ["base/values.test.ts"],
  "firmware/main.ts": ["platform/main.test.ts"],
};

const WORKERS = 2;
/** A test that takes this much longer than without a mutant runs for ever. */
const PATIENCE = 10;
/** No test takes as many ms without a mutant. */
const FOREVER = 300_000;

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
const mutate = ({ file, from, to, why }: Mutant) => {
  const sound = readFileSync(join(ROOT, file), "utf8");
  const times = sound.split(from).length - 1;
  if (times !== 1) throw new Error(`${file}, "${why}": its text is there ${times} times: ${from}`);
  const mutated = sound.replace(from, () => to);
  transformSync(mutated, { loader: "ts" });
  return { sound, mutated };
};

/** How a test ends without a mutant, and after how many ms: see `createSound`. */
interface Sound {
  readonly how: string;
  readonly time: number;
}

/** Says how a test ends without a mutant: each is run so once, before it is tried with any. */
const createSound = () => {
  const known = new Map<string, Promise<Sound>>();
  const run = async (tree: string, test: Tried): Promise<Sound> => {
    const start = performance.now();
    const { how } = await runTest(tree, test, FOREVER);
    return { how, time: performance.now() - start };
  };
  return async (tree: string, test: Tried): Promise<Sound> => {
    const name = JSON.stringify(test);
    const sound = known.get(name) ?? run(tree, test);
    known.set(name, sound);
    return sound;
  };
};

const main = async (part: string): Promise<number> => {
  const mutants = MUTANTS.filter(({ file }) => file.includes(part));
  // First of all, lest the last one's text be missing after minutes.
  for (const one of mutants) mutate(one);
  const trees = Array.from({ length: WORKERS }, grow);
  const survivors: Mutant[] = [];
  const killers = new Map<string, Tried>();
  let others = 0;
  const soundOf = createSound();

  // A tree is sound before and after.
  const tryOne = async (
    one: Mutant, tree: string, test: Tried, { time }: Sound,
  ): Promise<Outcome> => {
    const { sound, mutated } = mutate(one);
    place(tree, one.file, mutated);
    const outcome = await runTest(tree, test, 5000 + PATIENCE * time);
    place(tree, one.file, sound);
    return outcome;
  };

  const tryKnown = async (one: Mutant, tree: string): Promise<Outcome> => {
    const known = KILLERS.get(nameOf(one));
    if (!known || !TESTS[one.file]!.includes(known[0])) return { how: "" };
    const sound = await soundOf(tree, known);
    // What fails without a mutant says nothing; if it does so with all others, too, that is told.
    return sound.how ? { how: "" } : tryOne(one, tree, known, sound);
  };

  const tryAll = async (one: Mutant, tree: string): Promise<Outcome> => {
    for (const file of TESTS[one.file]!) {
      if (!existsSync(join(ROOT, "test", file))) throw new Error(`there is no test/${file}`);
      const sound = await soundOf(tree, [file]);
      if (sound.how) throw new Error(`test/${file} fails without any mutant: ${sound.how}`);
      const outcome = await tryOne(one, tree, [file], sound);
      if (outcome.failed) return outcome;
    }
    return { how: "" };
  };

  try {
    await share(mutants, trees, async (one, tree) => {
      let { failed, how } = await tryKnown(one, tree);
      if (!failed) {
        others++;
        ({ failed, how } = await tryAll(one, tree));
      }
      if (failed) killers.set(nameOf(one), failed);
      else survivors.push(one);
      console.log(`${failed ? "killed  " : "SURVIVED"} ${one.file}: ${one.why}  [${how}]`);
    });
  } finally {
    for (const tree of trees) rmSync(tree, { recursive: true, force: true });
  }
  if (process.env["TAGMA_REWRITE"] === "1") keep(killers);
  else if (others) {
    console.log(`of ${others} no killer was known, or it killed no more: TAGMA_REWRITE=1 keeps it`);
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
