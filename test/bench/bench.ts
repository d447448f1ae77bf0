import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { measure } from "mitata";
import { createOm, findRoutes, layoutOf } from "../../firmware/index.js";
import { emulate } from "../../host/emulate/emulate.js";
import { madeUpKeys } from "../../host/keys/keys.js";
import { loadNetwork, parseNetwork } from "../../host/network/network.js";
import { madeUp } from "../../host/network/readings.js";
import { BITS_A_BYTE, planOf } from "../../host/plan/plan.js";
import { createBallots, shapeOf } from "../ballots/ballots.js";
import { naiveVectors } from "../core/naive.js";
import { FIGURES, network } from "./figures.js";

/** Figures, and what they are to be compared with. They depend on the machine; ratios less so. */

const WAYS = [
  { boards: 4, traitors: 1 }, { boards: 7, traitors: 2 }, { boards: 10, traitors: 3 },
];

/** What boards have, and no way that only a computer has. */
const agreement = (boards: number, traitors: number): (() => void) => network(
  layoutOf, (layout) => (arena) => createOm(layout, findRoutes(layout), arena), boards, traitors);

const perSecond = async (run: () => void): Promise<number> => {
  const { avg } = await measure(run, { min_cpu_time: 1e9 });
  return 1e9 / avg;
};

const line = (what: string, figure: string, beside = "") => {
  console.log(`${what.padEnd(58)} ${figure.padStart(12)}  ${beside}`);
};
const whole = (figure: number) => Math.round(figure).toLocaleString("en");

/** How often each is measured, old and new in turn. */
const PAIRS = Number(process.env["PAIRS"] ?? 3);

const median = (figures: readonly number[]): number =>
  figures.toSorted((one, other) => one - other)[figures.length >> 1]!;

const measured = (tree: string, name: string): number => Number(execFileSync(
  process.execPath, ["--import", "tsx", "test/bench/figures.ts", tree, name], { encoding: "utf8" },
));

/** The same tree as it was at some commit, compiled, until `act` is over. */
const withTree = (commit: string, act: (tree: string) => void): void => {
  const tree = join(mkdtempSync(join(tmpdir(), "tagma-bench-")), "tree");
  const run = (program: string, ...args: string[]) =>
    execFileSync(program, args, { stdio: ["ignore", "ignore", "inherit"] });
  run("git", "worktree", "add", "--detach", tree, commit);
  try {
    symlinkSync(resolve("node_modules"), join(tree, "node_modules"));
    run("node_modules/.bin/tsc", "-p", join(tree, "host/tsconfig.build.json"),
      "--outDir", join(tree, "dist"));
    act(tree);
  } finally {
    run("git", "worktree", "remove", "--force", tree);
    rmSync(join(tree, ".."), { recursive: true, force: true });
  }
};

/** What is compiled, in processes of their own; beside each, the same of an older tree. */
const figures = (old: string | undefined) => {
  for (const [name, { what, aim }] of Object.entries(FIGURES)) {
    const [before, now]: [number[], number[]] = [[], []];
    for (let pair = 0; pair < PAIRS; pair++) {
      if (old !== undefined) before.push(measured(old, name));
      now.push(measured(".", name));
    }
    const ratios = now.map((figure, at) => figure / before[at]!);
    const beside = old === undefined ? "" : `${median(ratios).toFixed(2)} times ${
      whole(median(before))} (${Math.min(...ratios).toFixed(2)} to ${
      Math.max(...ratios).toFixed(2)})`;
    line(`${what}, a second of processor time`, whole(median(now)), [
      beside, aim ? `aim ${whole(aim)}` : "",
    ].filter(Boolean).join("; "));
  }
};

const naively = async () => {
  for (const { boards, traitors } of WAYS) {
    const fast = await perSecond(agreement(boards, traitors));
    const inputs = Array.from({ length: boards }, (_, board) => board);
    const slow = await perSecond(() => {
      naiveVectors(boards, traitors, -1, inputs, (_path, _receiver, held) => held);
    });
    line(`decisions a second, what boards have, n=${boards}, m=${traitors}`, whole(fast),
      `${(fast / slow).toFixed(0)} times a naive one's ${whole(slow)}`);
  }
};

/** Signed messages against oral ones of as many traitors, each with as few boards as it needs. */
const signed = async () => {
  const trees = [{ lms: "LMS_SHA256_M24_H10", ots: "LMOTS_SHA256_N24_W4" }];
  const { busiest } = planOf(desk);
  for (const boards of [3, 4]) {
    const small = parseNetwork({
      ...desk.file, algorithm: "sm", signatures: { trees },
      boards: Array.from({ length: boards }, (_, at) => ({ name: `b${at}`, kind: "EMULATED" })),
    }, "bench");
    madeUpKeys(small.signing!);
    const cycles = 100;
    const began = performance.now();
    await emulate({
      network: small, cycles, seed: 1, readings: madeUp(small, 1), engine: "native",
      transport: "memory",
      troubles: { lines: [], traitors: [] },
    });
    const rate = cycles / ((performance.now() - began) / 1000);
    line(`emulated cycles a second, signed, n=${boards}, m=1`, whole(rate), "starts included");
    line(
      `bytes a cycle on the busiest link, signed, n=${boards}, m=1`,
      whole(planOf(small).busiest), `oral messages, n=4: ${whole(busiest)}`,
    );
  }
};

const BALLOTS = [
  { name: "LBP", algorithm: "lbp", kind: "paxos", boards: 4, traitors: 1 },
  { name: "LBP", algorithm: "lbp", kind: "paxos", boards: 7, traitors: 2 },
  { name: "LFaB", algorithm: "lfab", kind: "fab", boards: 6, traitors: 1 },
  { name: "LFaB", algorithm: "lfab", kind: "fab", boards: 11, traitors: 2 },
] as const;

/** Logs of decisions by ballots, one a ballot; beside them, agreement of as many boards by OM. */
const balloted = async () => {
  for (const { name, algorithm, kind, boards, traitors } of BALLOTS) {
    const ballots = createBallots(shapeOf(kind, boards, traitors, 4));
    const proposals = Int8Array.from({ length: boards }, () => 1);
    let ballot = 0;
    const fast = await perSecond(() => {
      ballots.run(ballot++, proposals, () => true);
    });
    if (ballots.boards[0]!.log.length < ballot) throw new Error("a ballot without a decision");
    const oral = await perSecond(agreement(boards, traitors));
    const what = `${name}, n=${boards}, m=${traitors}`;
    line(`decisions a second, core alone, ${what}`, whole(fast),
      `OM, n=${boards}: ${whole(oral)}, ${(oral / fast).toFixed(1)} times as many`);
    const logged = parseNetwork({
      ...desk.file, algorithm, traitors,
      boards: Array.from({ length: boards }, (_, at) => ({ name: `b${at}`, kind: "EMULATED" })),
    }, "bench");
    const cycles = boards > 7 ? 100 : 2000;
    const began = performance.now();
    await emulate({
      network: logged, cycles, seed: 1, readings: madeUp(logged, 1), engine: "native",
      transport: "memory", troubles: { lines: [], traitors: [] },
    });
    const rate = cycles / ((performance.now() - began) / 1000);
    line(`emulated ballots a second, ${what}, memory links`, whole(rate),
      `${whole(planOf(logged).busiest)} bytes on the busiest link`);
  }
};

const desk = loadNetwork("boards/networks/desk.json");
const plan = planOf(desk);
const { AGAINST: against } = process.env;
if (against) withTree(against, figures);
else figures(undefined);
await naively();
await balloted();
await signed();
line(
  `a cycle's time over its bytes' time on the busiest link, ${desk.file.baud} baud`,
  (plan.needed / (plan.busiest * BITS_A_BYTE)).toFixed(3), "aim 1.35 at most",
);
