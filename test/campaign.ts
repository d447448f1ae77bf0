/**
 * A long campaign of seeded ballots under lies, losses, restarts, repeats and writes that fail:
 *
 *     node --import tsx test/campaign.ts [MILLIONS of ballots] [SEED] [PART OF A NAME] [WORKERS]
 *
 * With two or more workers, that many processes share the parts. Exit 0: no two correct boards, and
 * no two lives of one, knew two values; nothing was carried out twice or given up; and every run
 * that may heal went on in its first synchronous ballot. The ordinary tests run a small part of it
 * (core/ballot-runs.test.ts).
 */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { NOTHING, runBallots } from "./ballots/ballot-runs.js";
import type { Verdict } from "./ballots/ballot-runs.js";
import { shapeOf } from "./ballots/ballots.js";
import { createRandom } from "./core/random.js";

const print = (line: string) => process.stdout.write(`${line}\n`);

const FAULTS = ["disagreed", "twice", "lost", "stuck"] as const;

interface Part {
  readonly name: string;
  readonly shape: ReturnType<typeof shapeOf>;
  readonly drawn: boolean;
  /** Of all ballots. */
  readonly share: number;
}

/** n, m, decisions kept, cycles of a view, and a share of all cycles. */
type Led = "pbft" | "led fab" | "multi-paxos";
const VIEWS: [Led, number, number, number, number, number][] = [
  ["pbft", 4, 1, 0, 2, 0.02], ["pbft", 4, 1, 0, 4, 0.02], ["pbft", 4, 1, 2, 2, 0.02],
  ["pbft", 4, 1, 2, 4, 0.04], ["pbft", 4, 1, 3, 8, 0.02], ["pbft", 7, 2, 0, 2, 0.01],
  ["pbft", 7, 2, 2, 3, 0.02], ["led fab", 6, 1, 0, 2, 0.02], ["led fab", 6, 1, 2, 3, 0.04],
  ["led fab", 11, 2, 2, 2, 0.005],
  ["multi-paxos", 3, 1, 0, 2, 0.02], ["multi-paxos", 3, 1, 2, 2, 0.03],
  ["multi-paxos", 3, 1, 3, 6, 0.03], ["multi-paxos", 4, 1, 2, 3, 0.02],
  ["multi-paxos", 5, 2, 0, 3, 0.02], ["multi-paxos", 5, 2, 2, 3, 0.03],
];

const SHAPES: readonly (readonly [string, "paxos" | "fab", number, number, number])[] = [
  ["LBP 4,1", "paxos", 4, 1, 0.6], ["LFaB 6,1", "fab", 6, 1, 0.25],
  ["LBP 7,2", "paxos", 7, 2, 0.12], ["LFaB 11,2", "fab", 11, 2, 0.03],
];

// Drawn vectors come near to every case; the rest goes through OM, frame by frame. In half of the
// runs of both correct boards are restarted, hear repeats, and cannot write.
const PARTS: readonly Part[] = SHAPES.flatMap(([name, kind, boards, traitors, share]) =>
  [false, true].flatMap((stored) => [0, 2].flatMap((keep) =>
    [false, true].flatMap((rotating) => [true, false].map((drawn) => ({
      name: `${name}, ${keep ? "log" : "once"}, ${stored ? "stored" : "forgotten"}, ${
        rotating ? "boards lead in turn" : "virtual leader"}${drawn ? ", vectors drawn" : ""}`,
      shape: { ...shapeOf(kind, boards, traitors, keep, rotating), stored },
      drawn,
      share: share * (rotating ? 0.2 : 0.8) * (drawn ? 0.7 : 0.3) / 4,
    }))))));

/** Decisions a round earlier (EARLY.1): n, m, decisions kept, and a share of all ballots. */
const EARLY: readonly (readonly [number, number, number, number])[] = [
  [4, 1, 0, 0.04], [4, 1, 2, 0.04], [7, 2, 0, 0.01], [7, 2, 2, 0.01],
];

const EARLY_PARTS: readonly Part[] = EARLY.flatMap(([boards, traitors, keep, share]) =>
  [false, true].flatMap((stored) => [true, false].map((drawn) => ({
    name: `LBP that decides early ${boards},${traitors}, ${keep ? "log" : "once"}, ${
      stored ? "stored" : "forgotten"}${drawn ? ", vectors drawn" : ""}`,
    shape: { ...shapeOf("paxos", boards, traitors, keep), early: true, stored },
    drawn,
    share: share * (drawn ? 0.7 : 0.3) / 2,
  }))));

/** Where nothing is relayed there is no vector to draw. */
const drawnOf = (kind: Led) => (kind === "multi-paxos" ? [false] : [true, false]);

const VIEW_PARTS: readonly Part[] = VIEWS.flatMap(([kind, boards, traitors, keep, review, share]) =>
  [false, true].flatMap((stored) => drawnOf(kind).map((drawn) => ({
    name: `${kind} ${boards},${traitors}, ${keep ? `log of ${keep}` : "once"}, views of ${
      review}, ${stored ? "stored" : "forgotten"}${drawn ? ", vectors drawn" : ""}`,
    shape: { ...shapeOf(kind, boards, traitors, keep, false, review), stored },
    drawn,
    share: share * (kind === "multi-paxos" ? 1 : drawn ? 0.7 : 0.3) / 2,
  }))));

const wholeOf = (verdict: Verdict) =>
  `${verdict.ballots} ballots in ${verdict.runs} runs; ${verdict.restarts} restarts, ${
    verdict.repeats} repeats, ${verdict.unkept} writes failed; ${
    FAULTS.map((fault) => `${verdict[fault]} ${fault}`).join(", ")}`;

const add = (sum: Verdict, more: Verdict) => {
  for (const name of Object.keys(NOTHING) as (keyof Verdict)[]) sum[name] += more[name];
};

/** Every part, or every `workers`-th of them from `worker` on. */
const campaign = (millions: number, seed: number, parts: readonly Part[]): Verdict => {
  const sum = { ...NOTHING };
  const began = process.cpuUsage().user;
  for (const { name, shape, drawn, share } of parts) {
    const verdict = runBallots(shape, millions * 1e6 * share, createRandom(seed), drawn, true);
    add(sum, verdict);
    const speed = sum.ballots / ((process.cpuUsage().user - began) / 1e6);
    print(`${name}: ${wholeOf(verdict)}  (${speed.toFixed(0)} ballots a second so far)`);
  }
  return sum;
};

/** The same in processes of their own, whose output is passed on. */
const share = async (args: readonly string[], workers: number): Promise<Verdict> => {
  const sum = { ...NOTHING };
  await Promise.all(Array.from({ length: workers }, async (_, worker) =>
    new Promise<void>((resolve, reject) => {
      const child = spawn(process.execPath, [
        ...process.execArgv, fileURLToPath(import.meta.url), ...args, "1", `${worker}/${workers}`,
      ], { stdio: ["ignore", "pipe", "inherit"] });
      let rest = "";
      child.stdout.on("data", (chunk: Buffer) => {
        const lines = (rest + chunk.toString()).split("\n");
        rest = lines.pop()!;
        for (const line of lines) {
          if (line.startsWith("{")) add(sum, JSON.parse(line) as Verdict);
          else print(line);
        }
      });
      child.on("error", reject);
      child.on("close", (code) => {
        if (code !== null && code < 2) resolve();
        else reject(new Error(`a worker ended with ${code}`));
      });
    })));
  return sum;
};

const [millions = "10", seed = "2011", name = "", workers = "1", which] = process.argv.slice(2);
const parts = [...PARTS, ...EARLY_PARTS, ...VIEW_PARTS].filter((part) => part.name.includes(name));
let sum: Verdict;
if (which) {
  const [worker = 0, of = 1] = which.split("/").map(Number);
  sum = campaign(+millions, +seed, parts.filter((_, index) => index % of === worker));
  print(JSON.stringify(sum));
} else {
  sum = +workers > 1
    ? await share([millions, seed, name], +workers)
    : campaign(+millions, +seed, parts);
  print(`${wholeOf(sum)}; seed ${seed}`);
}
process.exitCode = FAULTS.some((fault) => sum[fault] > 0) ? 1 : 0;
