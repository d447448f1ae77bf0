import { z } from "zod";
import type { NetworkFile } from "../network/network.js";
import { BATCH, CAMPAIGN } from "./campaign.js";
import { createPool } from "./pool.js";
import { QUEUE, connect } from "./redis.js";

/** A batch whose worker says nothing for so many milliseconds is another one's. */
const LOCK = 10_000;
/** So often is looked for such. */
const STALLED = 2000;
/** It is given to another as often as it takes. */
const TIMES = 1_000_000;

const JOB = z.strictObject({ campaign: CAMPAIGN, batch: BATCH });

export interface Served {
  /** Where the Redis is. */
  readonly place: string;
  /** How many batches it has run. */
  readonly batches: number;
  /** Ends it once what is under way is done. */
  close(): Promise<void>;
}

/**
 * Runs batches that wait in a Redis, on threads of this machine.
 *
 * @param tell told when the Redis goes away, and is back
 * @throws UsageError where there is no Redis
 */
export const serve = async (
  url: string, threads: number, tell: (what: string) => void,
): Promise<Served> => {
  const { Worker, redis, place } = await connect(url, tell);
  const pool = createPool(threads);
  let batches = 0;
  const worker = new Worker(QUEUE, async ({ data }) => {
    const { campaign, batch } = JOB.parse(data);
    const { network, ...others } = campaign;
    const file = network as unknown as NetworkFile;
    const outcome = await pool.run({ ...others, network: file }, batch);
    batches++;
    return outcome;
  }, {
    connection: redis, concurrency: threads + 1,
    lockDuration: LOCK, stalledInterval: STALLED, maxStalledCount: TIMES,
  });
  // The Redis is away, or a batch is another one's by now: both mend themselves.
  worker.on("error", () => undefined);
  return {
    place,
    get batches() {
      return batches;
    },
    async close() {
      await worker.close();
      await pool.close();
      redis.disconnect();
    },
  };
};
