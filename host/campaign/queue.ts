import { setTimeout as sleep } from "node:timers/promises";
import { OUTCOME, digestOf } from "./campaign.js";
import type { Batch, Campaign, Outcome } from "./campaign.js";
import type { Workers } from "./pool.js";
import { QUEUE, connect } from "./redis.js";

/** So many batches are in the queue at once, for all workers there may be. */
const WIDTH = 32;
/** Milliseconds from one look at what has become of them to the next. */
const LOOK = 200;
/** Seconds that an outcome is kept which nobody fetches. */
const KEPT = 24 * 3600;

interface Waiting {
  readonly data: { readonly campaign: Campaign; readonly batch: Batch };
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (thrown: Error) => void;
}

/**
 * Batches go to whatever workers there are, by a queue in a Redis. That is only where they wait:
 * what is done is known by who asked. A batch that is in the queue no more, for the Redis was ended
 * without what it held, is put in again; one whose outcome was lost is run again, and gives the
 * same.
 *
 * @param tell told when the Redis goes away, and is back
 */
export const createQueue = async (
  url: string, tell: (what: string) => void,
): Promise<Workers> => {
  const { Queue, redis } = await connect(url, tell);
  const queue = new Queue(QUEUE, { connection: redis });
  queue.on("error", () => undefined);
  const waiting = new Map<string, Waiting>();
  let over = false;

  const put = async (id: string, { data }: Waiting) => {
    await queue.add("batch", data, {
      jobId: id, removeOnComplete: { age: KEPT }, removeOnFail: { age: KEPT },
    });
  };

  const look = async (id: string, one: Waiting) => {
    const job = await queue.getJob(id);
    if (!job) {
      await put(id, one);
      return;
    }
    if (job.finishedOn === undefined) return;
    const outcome = OUTCOME.safeParse(job.returnvalue);
    const fails = job.failedReason;
    await job.remove().catch(() => undefined);
    // What did not come to its end is put in again.
    if (fails && /stalled/.test(fails)) return;
    waiting.delete(id);
    const { batch } = one.data;
    if (fails || !outcome.success || outcome.data.runs !== batch.count) {
      one.reject(new Error(`a worker, batch ${batch.number}: ${fails || "no outcome"}`));
    } else one.resolve(outcome.data);
  };

  const watch = async () => {
    while (!over) {
      await Promise.all([...waiting].map(async ([id, one]) => look(id, one)));
      await sleep(LOOK);
    }
  };
  const fail = (thrown: unknown) => {
    for (const { reject } of waiting.values()) reject(thrown as Error);
  };
  void watch().catch(fail);

  return {
    width: WIDTH,
    run: async (campaign, batch) => new Promise((resolve, reject) => {
      const id = `${digestOf(campaign).slice(0, 32)}-${batch.number}`;
      const one = { data: { campaign, batch }, resolve, reject };
      // It is looked for next, and put in where it is not there.
      waiting.set(id, one);
    }),
    async close() {
      over = true;
      waiting.clear();
      redis.disconnect();
      await Promise.resolve();
    },
  };
};
