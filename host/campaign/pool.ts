import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import type { Batch, Campaign, Outcome } from "./campaign.js";
import type * as thread from "./thread.js";

/** Whoever runs batches: threads of this process, or others by way of a queue. */
export interface Workers {
  /** How many batches are to be under way at once. */
  readonly width: number;
  readonly run: (campaign: Campaign, batch: Batch) => Promise<Outcome>;
  /** Ends it; what is under way is lost. */
  close(): Promise<void>;
}

// A thread runs what is compiled: in `dist`, beside the sources.
const THREAD = fileURLToPath(new URL(
  import.meta.url.endsWith(".ts") ? "../../dist/host/campaign/thread.js" : "./thread.js",
  import.meta.url));

/** What a thread has for it. */
const WORK: keyof typeof thread = "work";

/** @param threads of this machine */
export const createPool = (threads: number): Workers => {
  const pool = new Piscina({
    filename: THREAD, minThreads: threads, maxThreads: threads, idleTimeout: Infinity,
    // What this process was started with is not for threads.
    execArgv: [],
  });
  return {
    // One waits for each, so that no thread does.
    width: 2 * threads,
    run: async (campaign, batch) => 
      pool.run({ campaign, batch }, { name: WORK }) as Promise<Outcome>,
    close: async () => pool.destroy(),
  };
};
