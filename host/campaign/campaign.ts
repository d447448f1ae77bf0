import { createHash } from "node:crypto";
import { z } from "zod";
import { messageOf } from "../base/error.js";
import { VALUE_MAX, shortened } from "../base/text.js";
import { OWN_ENGINES } from "../boards/board.js";
import { TRANSPORTS, emulate } from "../emulate/emulate.js";
import { CYCLES_MAX, SEED_MAX } from "../faults/limits.js";
import { parseFaults, parseTraitors } from "../faults/troubles.js";
import { parseWindows } from "../faults/windows.js";
import { parseNetwork } from "../network/network.js";
import type { Network, NetworkFile } from "../network/network.js";
import { madeUp } from "../network/readings.js";

/** Runs of one network under one kind of trouble, a seed each, and what is said of them. */

/** Everything that a worker has to know: it may be on another machine. */
export interface Campaign {
  readonly network: NetworkFile;
  /** Where the network file lies, for messages. */
  readonly path: string;
  /** Cycles of each run. */
  readonly cycles: number;
  /** The seed of the first run; each other run's is one more. */
  readonly seed: number;
  readonly runs: number;
  readonly faults: readonly string[];
  readonly traitors: readonly string[];
  readonly windows: readonly string[];
  readonly engine: (typeof OWN_ENGINES)[number];
  readonly transport: (typeof TRANSPORTS)[number];
}

/** Some of its runs, which are done in one go: `count` seeds from `from` on. */
export interface Batch {
  readonly number: number;
  readonly from: number;
  readonly count: number;
}

/** A run in which something broke, and the first cycle in which it did. */
export interface Failure {
  readonly seed: number;
  readonly cycle: number;
  readonly broke: readonly string[];
}

/** What is said of the runs of a batch, or of several. */
export interface Outcome {
  readonly runs: number;
  readonly cycles: number;
  readonly frames: number;
  readonly bytes: number;
  readonly failed: number;
  /** The first of those that failed. */
  readonly failures: readonly Failure[];
}

export const RUNS_MAX = 1e9;
/** As many failing seeds are kept; the others are counted. */
export const FAILURES_KEPT = 100;
/** A batch has about so many cycles: some tenths of a second, and little is lost with it. */
const CYCLES_A_BATCH = 5000;

const whole = (low: number, high: number) => z.number().int().min(low).max(high);
const words = z.array(z.string().max(200)).max(64);

/** Of a campaign that comes from elsewhere; the network file is checked where it is parsed. */
export const CAMPAIGN = z.strictObject({
  network: z.looseObject({}), path: z.string().max(4096), cycles: whole(1, CYCLES_MAX),
  seed: whole(0, SEED_MAX), runs: whole(1, RUNS_MAX), faults: words, traitors: words,
  windows: words, engine: z.enum(OWN_ENGINES), transport: z.enum(TRANSPORTS),
});

export const BATCH = z.strictObject({
  number: whole(0, RUNS_MAX), from: whole(0, SEED_MAX), count: whole(1, CYCLES_A_BATCH),
});

const count = whole(0, Number.MAX_SAFE_INTEGER);
export const OUTCOME = z.strictObject({
  runs: count, cycles: count, frames: count, bytes: count, failed: count,
  failures: z.array(z.strictObject({
    seed: whole(0, SEED_MAX), cycle: whole(0, CYCLES_MAX), broke: z.array(z.string().max(40)),
  })).max(FAILURES_KEPT),
});

export const NOTHING: Outcome =
  { runs: 0, cycles: 0, frames: 0, bytes: 0, failed: 0, failures: [] };

/** @returns both together; the order in which outcomes come makes no difference */
export const together = (one: Outcome, other: Outcome): Outcome => ({
  runs: one.runs + other.runs, cycles: one.cycles + other.cycles,
  frames: one.frames + other.frames, bytes: one.bytes + other.bytes,
  failed: one.failed + other.failed,
  failures: [...one.failures, ...other.failures]
    .toSorted((a, b) => a.seed - b.seed).slice(0, FAILURES_KEPT),
});

const sizeOf = ({ cycles }: Campaign): number => Math.max(1, Math.floor(CYCLES_A_BATCH / cycles));

export const batchesOf = (campaign: Campaign): number =>
  Math.ceil(campaign.runs / sizeOf(campaign));

export const batchOf = (campaign: Campaign, number: number): Batch => {
  const size = sizeOf(campaign);
  const first = number * size;
  return {
    number, from: campaign.seed + first, count: Math.min(size, campaign.runs - first),
  };
};

/** @returns what no other campaign has: SHA-256, hexadecimal */
export const digestOf = (campaign: Campaign): string => {
  const { path: _, ...all } = campaign;
  return createHash("sha256").update(JSON.stringify(all)).digest("hex");
};

/** @throws UsageError naming the word or field that is wrong */
export const troublesOf = (network: Network, { faults, traitors, windows }: Campaign) => ({
  lines: parseFaults(network, faults), traitors: parseTraitors(network, traitors),
  windows: parseWindows(network, windows),
});

/** @throws what a run throws, with its seed */
export const runBatch = async (
  campaign: Campaign, network: Network, batch: Batch,
): Promise<Outcome> => {
  const { cycles, engine, transport } = campaign;
  const troubles = troublesOf(network, campaign);
  let sum = NOTHING;
  for (let seed = batch.from; seed < batch.from + batch.count; seed++) {
    const summary = await emulate({
      network, cycles, seed, readings: madeUp(network, seed), engine, transport, troubles,
    }).catch((thrown: unknown) => {
      throw new Error(`seed ${seed}: ${shortened(messageOf(thrown), VALUE_MAX)}`,
        { cause: thrown });
    });
    const { verdict, broken_cycle: cycle, broke, bounded } = summary;
    const failure = { seed, cycle: cycle ?? 0, broke: [
      ...Object.keys(broke), ...(bounded ? [] : ["memory"])] };
    sum = together(sum, {
      runs: 1, cycles: summary.cycles, frames: summary.frames, bytes: summary.bytes,
      ...(verdict === "held" ? { failed: 0, failures: [] } : { failed: 1, failures: [failure] }),
    });
  }
  return sum;
};

/** @returns a function that runs batches, of one campaign after the other */
export const createRunner = () => {
  let known = "";
  let network: Network | undefined;
  return async (campaign: Campaign, batch: Batch): Promise<Outcome> => {
    const digest = digestOf(campaign);
    if (digest !== known || !network) network = parseNetwork(campaign.network, campaign.path);
    known = digest;
    return runBatch(campaign, network, batch);
  };
};
