/**
 * A long campaign of seeded ballots under lies, losses and lost memories:
 *
 *     node --import tsx test/campaign.ts [BALLOTS in millions, 10] [SEED] [PART OF A NAME]
 *
 * Exit 0: no two correct boards decided differently, and every run decided in its first synchronous
 * ballot. The ordinary tests run a small part of it (core/ballot-runs.test.ts).
 */
import { shapeOf } from "./core/ballots.js";
import { runBallots } from "./core/ballot-runs.js";
import type { Verdict } from "./core/ballot-runs.js";
import { createRandom } from "./core/random.js";

interface Part {
  readonly name: string;
  readonly shape: ReturnType<typeof shapeOf>;
  /** Of all ballots. */
  readonly share: number;
}

const PARTS: readonly Part[] = [
  { name: "LBP 4,1", shape: shapeOf("paxos", 4, 1), share: 0.7 },
  { name: "LBP 4,1, log", shape: shapeOf("paxos", 4, 1, 2), share: 0.1 },
  { name: "LFaB 6,1", shape: shapeOf("fab", 6, 1), share: 0.15 },
  { name: "LBP 7,2", shape: shapeOf("paxos", 7, 2), share: 0.04 },
  { name: "LFaB 11,2", shape: shapeOf("fab", 11, 2), share: 0.01 },
];

const millions = Number(process.argv[2] ?? 10);
const seed = Number(process.argv[3] ?? 2011);
const parts = PARTS.filter(({ name }) => name.includes(process.argv[4] ?? ""));
const total = millions * 1e6 * parts.reduce((shares, { share }) => shares + share, 0);
const sum = { ballots: 0, runs: 0, disagreed: 0, stuck: 0 };

const show = (name: string, { ballots, runs, disagreed, stuck }: Verdict, end: string) => {
  const all = sum.ballots + ballots;
  process.stdout.write(
    `\r${name}: ${ballots} ballots in ${runs} runs, ${disagreed} disagreed, ${stuck} stuck; ` +
      `${((100 * all) / total).toFixed(1)} % of all${end}`);
};

for (const { name, shape, share } of parts) {
  // Drawn vectors come near to every case; the rest goes through OM, frame by frame. Half of both
  // have a board that loses its memory.
  for (const [drawn, part] of [[true, 0.7], [false, 0.3]] as const) {
    for (const restarts of [false, true]) {
      const label = `${name}${drawn ? ", vectors drawn" : ""}${restarts ? ", restarts" : ""}`;
      let next = 0;
      const verdict = runBallots(
        shape, (millions * 1e6 * share * part) / 2, createRandom(seed), drawn, restarts, (now) => {
          if (now.ballots < next) return;
          next = now.ballots + 20_000;
          show(label, now, "");
        });
      show(label, verdict, "\n");
      sum.ballots += verdict.ballots;
      sum.runs += verdict.runs;
      sum.disagreed += verdict.disagreed;
      sum.stuck += verdict.stuck;
    }
  }
}
process.stdout.write(
  `${sum.ballots} ballots in ${sum.runs} runs, seed ${seed}: ${sum.disagreed} disagreed, ` +
    `${sum.stuck} stuck\n`);
process.exitCode = sum.disagreed + sum.stuck > 0 ? 1 : 0;
