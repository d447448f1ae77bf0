import { existsSync } from "node:fs";
import { z } from "zod";
import { UsageError } from "../base/error.js";
import { replaceWhole } from "../base/file.js";
import { readJson } from "../base/input.js";
import { takeLock } from "../base/lock.js";
import { reasonOf } from "../base/reason.js";
import { NOTHING, OUTCOME, RUNS_MAX, batchesOf, digestOf, together } from "./campaign.js";
import type { Campaign, Outcome } from "./campaign.js";

/**
 * How far a campaign has come, in a file that is replaced as a whole: whatever is killed, a batch
 * is in it with its outcome, or not at all.
 */
export interface Progress {
  readonly sum: Outcome;
  readonly isDone: (batch: number) => boolean;
  /** A batch is done. One that is done already is not counted. */
  readonly add: (batch: number, outcome: Outcome) => void;
  /** All that was added is in the file. @throws UsageError where it cannot be written */
  settled(): Promise<void>;
  readonly release: () => void;
}

const place = z.number().int().min(0).max(RUNS_MAX);
const KEPT = z.strictObject({
  tagma: z.literal("campaign"), version: z.literal(1), of: z.string(),
  done: z.array(z.tuple([place, place])), sum: OUTCOME,
});

/** Numbers of batches as ranges: from, and up to but not including. */
export const rangesOf = (done: Uint8Array): [number, number][] => {
  const ranges: [number, number][] = [];
  for (let at = done.indexOf(1); at >= 0; ) {
    const zero = done.indexOf(0, at);
    const end = zero < 0 ? done.length : zero;
    ranges.push([at, end]);
    at = done.indexOf(1, end);
  }
  return ranges;
};

const read = (campaign: Campaign, path: string, done: Uint8Array): Outcome => {
  const kept = KEPT.safeParse(readJson(path));
  if (!kept.success) {
    throw new UsageError(`${path}: is not how far a campaign has come; name another file`);
  }
  if (kept.data.of !== digestOf(campaign)) {
    throw new UsageError(`${path}: is of another campaign: the network, seeds, runs, cycles and ` +
      "troubles must be the same; name another file, or remove it");
  }
  for (const [from, end] of kept.data.done) done.fill(1, from, end);
  return kept.data.sum;
};

/**
 * @param path unless told, nothing is kept
 * @throws UsageError where the file is of something else, or another process has it
 */
export const openProgress = async (
  campaign: Campaign, path: string | undefined,
): Promise<Progress> => {
  const done = new Uint8Array(batchesOf(campaign));
  const release = path === undefined ? () => undefined : await takeLock(
    `${path}.lock`, ({ pid }) => new UsageError(`${path}: process ${pid} is at it already`));
  let sum = NOTHING;
  let writing: Promise<void> | undefined;
  // It is written at once: where it cannot be, that is known before a long run.
  let [added, written] = [1, 0];

  const write = async (to: string) => {
    while (written < added) {
      const upTo = added;
      await replaceWhole(to, `${JSON.stringify({
        tagma: "campaign", version: 1, of: digestOf(campaign), done: rangesOf(done), sum,
      })}\n`);
      written = upTo;
    }
  };

  try {
    if (path !== undefined && existsSync(path)) sum = read(campaign, path, done);
  } catch (thrown) {
    release();
    throw thrown;
  }
  return {
    release,
    get sum() {
      return sum;
    },
    isDone: (batch) => done[batch] === 1,
    add(batch, outcome) {
      if (done[batch]) return;
      done[batch] = 1;
      sum = together(sum, outcome);
      added++;
      // One write after the other; whatever comes meanwhile is in the next one.
      if (path === undefined || writing) return;
      writing = write(path).finally(() => {
        writing = undefined;
      });
      // Whoever waits for it is told.
      writing.catch(() => undefined);
    },
    async settled() {
      if (path === undefined) return;
      try {
        await writing;
        await write(path);
      } catch (thrown) {
        throw new UsageError(`${path}: cannot be written: ${reasonOf(thrown)}`);
      }
    },
  };
};
