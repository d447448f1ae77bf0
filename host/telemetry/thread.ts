import { platform, setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { UsageError, messageOf } from "../base/error.js";
import { connectBroker } from "./broker.js";
import type { BrokerAddress } from "./broker.js";
import type { CycleFacts, NetworkFacts } from "./facts.js";
import { createMetrics } from "./metrics.js";
import { createPublisher } from "./publisher.js";
import { serveMetrics } from "./serve.js";
import type { Address } from "./serve.js";
import { topicsOf } from "./topics.js";

/**
 * The thread that dashboards have to do with: whatever they do, the thread of the bus has nothing
 * to do with it.
 */

export interface ThreadData {
  readonly network: NetworkFacts;
  readonly metrics?: Address;
  readonly broker?: BrokerAddress;
  /** Counts what was taken; who hands over reads it, and need not be told. */
  readonly taken: Int32Array;
}

/** What it is handed. */
export type Handed =
  | { readonly facts: CycleFacts; readonly dropped: number }
  | { readonly end: true };

/** What it says. */
export type Said =
  | { readonly say: string }
  /** It listens, or cannot. */
  | { readonly begun: true }
  | { readonly refused: string }
  | { readonly ended: true };

/** Behind the bus, as `nice` counts; where a thread can have a priority of its own. */
const PRIORITY = 10;
/** Milliseconds between two states of the same topic. */
const EVERY = 1000;

const run = async (data: ThreadData, say: (said: Said) => void) => {
  const { network, taken } = data;
  const metrics = createMetrics(network);
  const served = data.metrics && await serveMetrics(metrics, data.metrics);
  if (served) say({ say: `metrics are at ${served.url}` });
  const topics = topicsOf(network, data.broker?.prefix ?? "");
  if (data.broker) metrics.connected(false);
  const broker = data.broker && connectBroker(data.broker, topics.will, {
    connected() {
      metrics.connected(true);
      publisher?.begin();
      say({ say: `${data.broker!.url}: the broker is there` });
    },
    away(why) {
      metrics.connected(false);
      say({ say: `${data.broker!.url}: the broker is away: ${why}; it is tried again, and the ` +
        "network goes on" });
    },
  });
  const publisher = broker && createPublisher(broker, topics);
  const timer = setInterval(() => {
    publisher?.tick();
    metrics.dropped("broker", publisher?.dropped() ?? 0);
  }, EVERY);
  return {
    take(facts: CycleFacts, dropped: number) {
      Atomics.add(taken, 0, 1);
      metrics.dropped("thread", dropped);
      metrics.take(facts);
      publisher?.take(facts);
    },
    end() {
      clearInterval(timer);
      served?.close();
      const ended = () => {
        say({ ended: true });
      };
      if (!publisher) ended();
      else {
        publisher.finish(() => {
          broker.end(ended);
        });
      }
    },
  };
};

/** Runs where it is a thread; does nothing in a module that only wants the types. */
const begin = async (port: NonNullable<typeof parentPort>) => {
  const say = (said: Said) => {
    port.postMessage(said);
  };
  try {
    // Elsewhere it would be that of the whole process.
    if (platform() === "linux") setPriority(0, PRIORITY);
    const running = await run(workerData as ThreadData, say);
    port.on("message", (handed: Handed) => {
      if ("end" in handed) running.end();
      else running.take(handed.facts, handed.dropped);
    });
    say({ begun: true });
  } catch (thrown) {
    say({ refused: thrown instanceof UsageError ? thrown.message : messageOf(thrown) });
  }
};

if (parentPort) void begin(parentPort);
