import { Worker } from "node:worker_threads";
import { UsageError, messageOf } from "../base/error.js";
import type { CycleFacts, NetworkFacts } from "./facts.js";
import type { Handed, Said, ThreadData } from "./thread.js";

/**
 * Telemetry of a run, in a thread of its own: a scraper or a broker that is slow, away or mad takes
 * no time from the bus. What the thread has not taken is bounded, and what is more is dropped.
 */

export interface Telemetry {
  /** After each cycle; nothing waits for it. */
  take(facts: CycleFacts): void;
  /** Says goodbye, as far as somebody listens; never takes longer than a moment. */
  end(): Promise<void>;
}

export type Asked = Pick<ThreadData, "metrics" | "broker">;

/** Cycles that the thread may not have taken yet. */
const WAITING = 256;
/** Milliseconds for the last words. */
const ENDING = 1500;
/** A thread that is fed by a broker's whims is not to take a computer's memory; MiB. */
const MEMORY = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 16 };

/**
 * @param say tells a person; is never waited for
 * @throws UsageError where nobody can listen at the port
 */
export const startTelemetry = async (
  network: NetworkFacts, asked: Asked, say: (text: string) => void,
): Promise<Telemetry> => {
  const taken = new Int32Array(new SharedArrayBuffer(4));
  const data: ThreadData = { network, ...asked, taken };
  const thread = new Worker(new URL("./thread.js", import.meta.url), {
    workerData: data, resourceLimits: MEMORY,
    // What else is loaded into this process is none of its business.
    execArgv: [],
  });
  let [handed, dropped] = [0, 0];
  let here = true;
  let ended: () => void = () => undefined;
  const gone = (why: string) => {
    if (here) say(`telemetry has ended: ${why}; the network goes on`);
    here = false;
    ended();
  };
  await new Promise<void>((resolve, reject) => {
    thread.on("message", (said: Said) => {
      if ("say" in said) say(said.say);
      else if ("refused" in said) reject(new UsageError(said.refused));
      else if ("begun" in said) resolve();
      else ended();
    });
    thread.on("error", (thrown) => {
      gone(messageOf(thrown));
      reject(thrown);
    });
    thread.on("exit", () => {
      gone("its thread is over");
      resolve();
    });
  }).catch(async (thrown: unknown) => {
    here = false;
    await thread.terminate();
    throw thrown;
  });
  // A bus that is over does not wait for it.
  thread.unref();
  const post = (message: Handed) => {
    thread.postMessage(message, []);
  };
  return {
    take(facts) {
      if (!here) return;
      // Both count up and around as 32 bits.
      if (((handed - Atomics.load(taken, 0)) | 0) >= WAITING) {
        dropped++;
        return;
      }
      handed = (handed + 1) | 0;
      post({ facts, dropped });
      dropped = 0;
    },
    async end() {
      if (here) {
        here = false;
        await new Promise<void>((resolve) => {
          const late = setTimeout(resolve, ENDING);
          ended = () => {
            clearTimeout(late);
            resolve();
          };
          post({ end: true });
        });
      }
      await thread.terminate();
    },
  };
};
