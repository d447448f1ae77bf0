/**
 * So many seeded runs of each algorithm of ballots and views within its fault model: liars, losses,
 * restarts, repeats and writes that fail, and then cycles in time, in which everybody has to go on.
 *
 *     node --import tsx test/million.ts [RUNS] [SEED] [ALGORITHM]
 *
 * Runs are drawn in chunks, each from the seed and the chunk's number.
 * Exit 0: no two correct boards knew two values, nothing was carried out twice or given up, and all
 * went on within the promised number of ballots or views in time.
 */
import type { BallotShape } from "../firmware/ballots/layout.js";
import { NOTHING, runBallots } from "./ballots/ballot-runs.js";
import type { Verdict } from "./ballots/ballot-runs.js";
import { shapeOf } from "./ballots/ballots.js";
import { createRandom } from "./core/random.js";

const FAULTS = ["disagreed", "twice", "lost", "stuck"] as const;
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

/** Each row with promises that are forgotten and stored; vectors drawn, where there are any. */
const shapesOf = (kind: Kind, rows: readonly Row[]): readonly [BallotShape, boolean][] =>
  rows.flatMap(([boards, traitors, keep, review]) => [false, true].map((stored, at) => [
    { ...shapeOf(kind, boards, traitors, keep, false, review), stored },
    kind !== "multi-paxos" && (boards > 4 || at === 0),
  ] as [BallotShape, boolean]));

const said = (name: string, sum: Verdict, began: number) => process.stdout.write(
  `${name}: ${sum.runs} runs, ${sum.ballots} cycles; ${sum.restarts} restarts, ${
    sum.repeats} repeats, ${sum.unkept} writes failed; ${
    FAULTS.map((fault) => `${sum[fault]} ${fault}`).join(", ")}; ${
    Math.round((process.cpuUsage().user - began) / 1e6)} s\n`);

const [runs = "1000000", seed = "2026", only = ""] = process.argv.slice(2);
for (const [name, kind, rows] of ROWS.filter(([one]) => !only || one === only)) {
  const sum = { ...NOTHING };
  const began = process.cpuUsage().user;
  const shapes = shapesOf(kind, rows);
  let last = Date.now();
  for (let chunk = 0; sum.runs < +runs; chunk++) {
    const [shape, drawn] = shapes[chunk % shapes.length]!;
    const verdict = runBallots(shape, CHUNK, createRandom(+seed + chunk), drawn, true);
    for (const what of Object.keys(NOTHING) as (keyof Verdict)[]) sum[what] += verdict[what];
    if (Date.now() - last > PROGRESS_MS) {
      last = Date.now();
      said(name, sum, began);
    }
  }
  said(name, sum, began);
  if (FAULTS.some((fault) => sum[fault] > 0)) process.exitCode = 1;
}
