/** Networks of ballots on the emulated wire, with liars, without synchrony, and with restarts. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseWindows } from "../../host/faults/windows.js";
import type { Network, NetworkFile } from "../../host/network/network.js";
import { SEED, createRandom, replay, runs } from "../core/random.js";
import { HUB, nameOf, networkOf, run } from "../topology/drive.js";
import type { Run } from "../topology/drive.js";
import { BEHAVIOURS, traitor } from "./held.js";
import { anyWindow, oneOf } from "./random.js";

/** Ballots a part of the larger runs has: `TAGMA_BALLOTS=10000 make test`. */
const MORE = Number(process.env["TAGMA_BALLOTS"] ?? 0);

const KINDS: Readonly<Record<string, [boards: number, traitors: number, Partial<NetworkFile>]>> = {
  "LBP, n=4, a log": [4, 1, { algorithm: "lbp", keep: 2 }],
  "LBP, n=4, once": [4, 1, { algorithm: "lbp", mode: "once", meanwhile: "safe" }],
  "LBP that decides early, n=4, a log":
    [4, 1, { algorithm: "lbp", keep: 2, early: true, meanwhile: "safe" }],
  "LBP that decides early, n=7, once, stored":
    [7, 2, { algorithm: "lbp", mode: "once", promises: "stored", early: true }],
  "LBP, n=4, a board leads": [4, 1, { algorithm: "lbp", keep: 3, leader: "rotating" }],
  "LBP, n=4, promises stored": [4, 1, { algorithm: "lbp", keep: 2, promises: "stored" }],
  "LBP, n=4, once, stored": [4, 1, { algorithm: "lbp", mode: "once", promises: "stored" }],
  "LFaB, n=6, once, stored": [6, 1, { algorithm: "lfab", mode: "once", promises: "stored" }],
  "LBP, n=7": [7, 2, { algorithm: "lbp", value: "u16", decision: "median" }],
  "LFaB, n=6, a log": [6, 1, { algorithm: "lfab", decision: "midpoint" }],
  "LFaB, n=6, once": [6, 1, { algorithm: "lfab", mode: "once" }],
  "LFaB, n=11": [11, 2, { algorithm: "lfab", keep: 2 }],
};

const kindOf = (name: string): Network => {
  const [boards, traitors, change] = KINDS[name]!;
  return networkOf(boards, traitors, change);
};

/** How many cycles the windows of a run are open in, and how many there are after them. */
const OPEN = 8;
const HEALED = 6;

interface Case {
  readonly network: Network;
  readonly words: readonly string[];
  readonly liars: readonly (readonly [number, string])[];
  readonly seed: number;
}

/** Windows and resets as there may be, and at most F traitors. */
const anyCase = (random: () => number, network: Network): Case => {
  const { length } = network.boards;
  const words = Array.from({ length: 1 + (random() % 4) }, () =>
    anyWindow(random, network, OPEN - 1));
  const behaviours = BEHAVIOURS.filter(({ name }) => name !== "late");
  const first = random() % length;
  const liars = Array.from({ length: random() % (network.shape.traitors + 1) }, (_, at) =>
    [(first + at) % length, oneOf(random, behaviours).name] as const);
  return { network, words, liars, seed: random() };
};

const play = async ({ network, words, liars, seed }: Case): Promise<Run> => run({
  network, seed, cycles: OPEN + HEALED, windows: parseWindows(network, words),
  traitors: liars.map(([board, name]) => traitor(name, board)),
});

const labelOf = ({ network: { file }, words, liars, seed }: Case): string => JSON.stringify([
  file.algorithm, file.mode, file.leader, words, liars.map(([board, name]) =>
    `${nameOf(board)}=${name}`), seed,
]);

describe("in ballots of every kind, with windows, resets and at most F traitors", () => {
  const told = { ballots: 0, asked: 0, apart: 0 };
  for (const name of Object.keys(KINDS)) {
    test(`CS1, CS2 and CS3 hold always, CL1 and CL2 in synchronous ones: ${name}; ${replay}`,
      async (t) => {
        const random = createRandom(SEED ^ name.length);
        const network = kindOf(name);
        const rounds = (OPEN + HEALED);
        for (let left = Math.max(MORE / rounds, runs(t, 5, 3)); left > 0; left--) {
          const one = anyCase(random, network);
          const { summary, cycles } = await play(one);
          const label = `${labelOf(one)}: ${JSON.stringify(summary)}`;
          assert.equal(summary.verdict, "held", label);
          const { asked, ...held } = summary.ballots!;
          for (const count of Object.values(held)) assert.equal(count, summary.cycles, label);
          told.ballots += summary.cycles;
          told.asked += asked;
          for (const { decisions } of cycles) {
            const knowing = decisions!.filter((list) => list.length > 0).length;
            if (knowing && knowing < network.boards.length - one.liars.length) told.apart++;
          }
        }
        t.diagnostic(JSON.stringify(told));
      });
  }

  // Otherwise there was nothing to disagree about, or nothing to do.
  test("some boards knew what others did not, and much had to be decided", () => {
    assert.ok(told.apart > 0, JSON.stringify(told));
    assert.ok(told.asked > told.ballots / 4, JSON.stringify(told));
  });
});

/** Whether a frame of round 1 carries a record. */
const recorded = (frame: Uint8Array): boolean => frame[4] !== frame[1] && (frame[4]! & 1) === 1;

describe("a board that loses its power, at every point of two ballots", () => {
  for (const promises of ["volatile", "stored"] as const) {
    for (const mode of ["once", "log"] as const) {
      test(`LOG.5, LOG.6: no promise is broken: ${promises}, ${mode}; ${replay}`, async () => {
        const network = networkOf(4, 1, { algorithm: "lbp", mode, promises });
        let silent = 0;
        for (let cycle = 0; cycle < 2; cycle++) {
          for (let round = 1; round <= network.rounds + 1; round++) {
            // Boards part over the first ballots; one liar backs whatever its hearer says.
            const one: Case = {
              network, seed: SEED + round, liars: [[3, "split"]],
              words: ["partition=a,b@0.3-1.3", `reset=b@${cycle}.${round}`, "loss=0.2@1-2"],
            };
            const { summary, frames } = await play(one);
            assert.equal(summary.verdict, "held", labelOf(one));
            const said = frames.filter(({ from, to, round: of, cycle: during }) =>
              from === 1 && to === HUB && of === 1 && during > cycle);
            if (said.every(({ bytes }) => !recorded(bytes))) silent++;
          }
        }
        // Before the very first beacon there is nothing to lose.
        const points = 2 * (network.rounds + 1);
        if (promises === "stored") assert.equal(silent, 0);
        else assert.equal(silent, points - 1);
      });
    }
  }
});
