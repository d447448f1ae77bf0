/**
 * So many seeded runs of each algorithm of ballots, views and commits within its fault model:
 * liars, losses, restarts, repeats and writes that fail, then cycles in time, in which everybody
 * has to go on. Of three phases that is one board that crashes, in time.
 *
 *     node --import tsx test/million.ts [RUNS] [SEED] [ALGORITHM]
 *
 * Runs are drawn in chunks, each from the seed and the chunk's number.
 * Exit 0: no two correct boards knew two values, nothing was carried out twice or given up, and all
 * went on within the promised number of ballots or views in time. Of commits: AC1 to AC5.
 */
import type { BallotShape } from "../firmware/ballots/layout.js";
import { NOTHING, runBallots } from "./ballots/ballot-runs.js";
import type { Verdict } from "./ballots/ballot-runs.js";
import { shapeOf } from "./ballots/ballots.js";
import * as commits from "./commit/runs.js";
import { createRandom } from "./core/random.js";

const FAULTS = ["disagreed", "twice", "lost", "stuck"] as const;
const BROKEN = ["split", "unready", "refused", "stuck", "twice", "lost"] as const;
/** Ballots of a shape, one after the other, before the next shape's turn. */
const CHUNK = 20_000;
const PROGRESS_MS = 30_000;

type Kind = Parameters<typeof shapeOf>[0];
/** Of one shape: n, F, decisions kept, cycles of a view, and what part of all chunks. */
type Row = readonly [number, number, number, number];

const ROWS: readonly (readonly [string, Kind, readonly Row[]])[] = [
  ["paxos", "multi-paxos", [
    [3, 1, 0, 2], [3, 1, 0, 4], [3, 1, 2, 2], [5, 2, 0, 2], [4, 1, 2, 2], [3, 1, 0, 8]]],
  ["lbp", "paxos", [[4, 1, 0, 0], [4, 1, 2, 0], [4, 1, 0, 0], [7, 2, 0, 0]]],
  ["lfab", "fab", [[6, 1, 0, 0], [6, 1, 2, 0], [6, 1, 0, 0], [6, 1, 0, 0]]],
  ["pbft", "pbft", [
    [4, 1, 0, 2], [4, 1, 0, 2], [4, 1, 0, 4], [4, 1, 2, 2], [4, 1, 0, 2], [4, 1, 0, 8]]],
  ["fab", "led fab", [[6, 1, 0, 2], [6, 1, 0, 2], [6, 1, 0, 3], [6, 1, 2, 2]]],
];

type CommitKind = "2pc" | "3pc" | "paxos-commit";
/** Of a commit: n, m, decisions kept, whether votes are stored, how many cycles bring all on. */
type CommitRow = readonly [number, number, number, boolean, number];

const COMMITS: readonly (readonly [CommitKind, commits.World, readonly CommitRow[]])[] = [
  ["2pc", "any", [[2, 1, 2, true, 1], [3, 1, 2, true, 1], [4, 1, 4, true, 1]]],
  ["3pc", "crash", [[2, 1, 3, false, 1], [3, 1, 2, false, 1], [4, 1, 3, false, 1]]],
  ["paxos-commit", "any", [
    [3, 1, 2, false, 4], [3, 1, 3, true, 4], [4, 1, 2, true, 4], [5, 2, 2, false, 5]]],
];

/** Each row with promises that are forgotten and stored; vectors drawn, where there are any. */
const shapesOf = (kind: Kind, rows: readonly Row[]): readonly [BallotShape, boolean][] =>
  rows.flatMap(([boards, traitors, keep, review]) => [false, true].map((stored, at) => [
    { ...shapeOf(kind, boards, traitors, keep, false, review), stored },
    kind !== "multi-paxos" && (boards > 4 || at === 0),
  ] as [BallotShape, boolean]));

/** Says how far it is; of each count how many, and for how long it ran. */
const say = (name: string, list: readonly string[], began: number) => process.stdout.write(
  `${name}: ${list.join("; ")}; ${Math.round((process.cpuUsage().user - began) / 1e6)} s\n`);

/** Runs chunk after chunk, until there were so many runs. */
const repeat = <Sum extends object>(
  name: string, sum: Sum & { runs: number }, most: number, chunk: (at: number) => Sum,
  told: () => readonly string[],
) => {
  const began = process.cpuUsage().user;
  let last = Date.now();
  for (let at = 0; sum.runs < most; at++) {
    const more = chunk(at);
    for (const what of Object.keys(more) as (keyof Sum & string)[]) {
      (sum as Record<string, number>)[what]! += more[what] as number;
    }
    if (Date.now() - last > PROGRESS_MS) {
      last = Date.now();
      say(name, told(), began);
    }
  }
  say(name, told(), began);
};

const of = (sum: object, faults: readonly string[]) =>
  faults.map((fault) => `${(sum as Record<string, number>)[fault]!} ${fault}`).join(", ");
const troublesOf = ({ restarts, repeats, unkept }: Verdict | commits.Verdict) =>
  `${restarts} restarts, ${repeats} repeats, ${unkept} writes failed`;
const judge = (sum: object, faults: readonly string[]) => {
  if (faults.some((fault) => (sum as Record<string, number>)[fault]! > 0)) process.exitCode = 1;
};

const [runs = "1000000", seed = "2026", only = ""] = process.argv.slice(2);
for (const [name, kind, rows] of ROWS.filter(([one]) => !only || one === only)) {
  const sum = { ...NOTHING };
  const shapes = shapesOf(kind, rows);
  repeat(name, sum, +runs, (chunk) => {
    const [shape, drawn] = shapes[chunk % shapes.length]!;
    return runBallots(shape, CHUNK, createRandom(+seed + chunk), drawn, true);
  }, () => [`${sum.runs} runs, ${sum.ballots} cycles`, troublesOf(sum), of(sum, FAULTS)]);
  judge(sum, FAULTS);
}
for (const [name, world, rows] of COMMITS.filter(([one]) => !only || one === only)) {
  const sum = { ...commits.NOTHING };
  repeat(name, sum, +runs, (chunk) => {
    const [boards, traitors, keep, stored, within] = rows[chunk % rows.length]!;
    const shape = { ...shapeOf(name, boards, traitors, keep), stored };
    return commits.runCommits(shape, CHUNK, createRandom(+seed + chunk), world, within);
  }, () => [
    `${sum.runs} runs, ${sum.cycles} cycles, ${sum.commits} commits, ${sum.aborts} aborts, ${
      sum.blocked} blocked`, troublesOf(sum), of(sum, BROKEN)]);
  judge(sum, BROKEN);
}
