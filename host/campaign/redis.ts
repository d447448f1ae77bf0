import type { Queue, Worker } from "bullmq";
import type { Redis } from "ioredis";
import { UsageError, messageOf } from "../base/error.js";

/** What queues of batches need of a Redis. Its packages are loaded only where somebody asks. */

export const QUEUE = "tagma-campaigns";

interface Packages {
  readonly Queue: typeof Queue;
  readonly Worker: typeof Worker;
  readonly Redis: typeof Redis;
}

const load = async (): Promise<Packages> => {
  try {
    const [bullmq, ioredis] = await Promise.all([import("bullmq"), import("ioredis")]);
    return { Queue: bullmq.Queue, Worker: bullmq.Worker, Redis: ioredis.Redis };
  } catch {
    throw new UsageError("--redis: needs the packages bullmq and ioredis, which are not there: " +
      "npm install bullmq ioredis");
  }
};

const parsed = (url: string): URL => {
  const found = URL.canParse(url) ? new URL(url) : undefined;
  if (found && /^rediss?:$/.test(found.protocol) && found.hostname) return found;
  throw new UsageError("--redis: must be redis://HOST:PORT, or rediss:// with TLS");
};

export interface Connected extends Packages {
  readonly redis: Redis;
  /** Where that is, without what else is in its URL. */
  readonly place: string;
}

/** Milliseconds until it is tried again to reach a Redis that is away, at most. */
const AGAIN = 1000;

/**
 * A connection that comes back whenever the Redis does. What is asked meanwhile waits.
 *
 * @param tell told once each time that the Redis goes away, and when it is back
 * @throws UsageError where the URL is none, or no Redis is there
 */
export const connect = async (
  url: string, tell: (what: string) => void,
): Promise<Connected> => {
  const { hostname, port } = parsed(url);
  const place = `${hostname}:${port || "6379"}`;
  const packages = await load();
  let reached = false;
  let away = "";
  let why = "";
  const redis = new packages.Redis(url, {
    lazyConnect: true, maxRetriesPerRequest: null,
    retryStrategy: (times) => (reached ? Math.min(times * 50, AGAIN) : null),
  });
  redis.on("error", (thrown: Error) => {
    why = messageOf(thrown);
  });
  redis.on("close", () => {
    if (reached && !away) tell(away = `${place}: the Redis is away, and is waited for`);
  });
  try {
    await redis.connect();
    await redis.ping();
  } catch (thrown) {
    redis.disconnect();
    throw new UsageError(`--redis: ${place}: no Redis can be reached: ${why || messageOf(thrown)}`);
  }
  reached = true;
  redis.on("ready", () => {
    if (away) tell(`${place}: the Redis is back`);
    away = "";
  });
  return { ...packages, redis, place };
};
