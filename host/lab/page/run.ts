import { emulate } from "../../emulate/emulate.js";
import type { CycleRecord } from "../../emulate/emulate.js";
import type { Header, TraceEvent } from "../../events/events.js";
import { UsageError } from "../../base/error.js";
import type { Phase } from "../../faults/phases.js";
import { parseNetwork } from "../../network/network.js";
import type { Network } from "../../network/network.js";
import { headerOf } from "../../trace/check.js";
import { phasesOf, readingsOf, troublesOf, wordsIn } from "./story.js";
import type { Deed, Story } from "./story.js";

/** As many cycles are run and kept. */
export const CYCLES = 5000;

/** A run of the emulator, as far as somebody wants it. */
export interface Run {
  readonly network: Network;
  /** As if it had been all along what it was in a cycle. */
  readonly header: (cycle: number) => Header;
  readonly records: readonly CycleRecord[];
  readonly most: number;
  readonly events: (cycle: number) => readonly TraceEvent[];
  readonly deeds: readonly Deed[];
  /** Runs so many cycles more. @returns when they are over */
  readonly go: (cycles: number) => Promise<void>;
  /** From the next cycle on. @throws UsageError where that cannot be */
  readonly add: (deed: Omit<Deed, "at">) => void;
  readonly stop: () => void;
}

class Stopped extends Error {}

/** @throws UsageError naming the field that is wrong */
export const networkOf = (content: unknown): Network => {
  const network = parseNetwork(content, "network");
  if (typeof network.file.decision === "object") {
    throw new UsageError("network: decision: a script does not run in the page; tagma emulate " +
      "runs it in a sandbox");
  }
  return network;
};

/** @param told after each cycle */
export const startRun = (story: Story, told: () => void): Run => {
  const network = networkOf(story.network);
  const deeds = [...story.deeds];
  const records: CycleRecord[] = [];
  const events: TraceEvent[][] = [];
  const most = Math.min(CYCLES, network.signing?.cycles ?? CYCLES);
  const { first, phases }: { first: Phase["troubles"]; phases: Phase[] } =
    phasesOf(network, deeds);
  let [wanted, stopped] = [0, false];
  let wake: (() => void) | undefined;
  let waiting: { until: number; done: () => void; fail: (why: unknown) => void } | undefined;
  let failed: Error | undefined;

  const woken = async () => new Promise<void>((resolve) => {
    wake = resolve;
  });
  const pause = async () => {
    while (records.length >= wanted && !stopped) {
      if (waiting && records.length >= waiting.until) {
        waiting.done();
        waiting = undefined;
      }
      await woken();
    }
    if (stopped) throw new Stopped();
  };

  let ended: Promise<unknown> | undefined;
  const begin = async () => emulate({
    network, cycles: most, seed: story.seed, engine: "native", transport: "memory",
    readings: readingsOf(network, story.seed, () => deeds), troubles: first, phases,
    tracer(event) {
      if (event.e === "cycle") events[event.cycle] = [...events[event.cycle] ?? [], event];
      else (events[records.length] ??= []).push(event);
    },
    async onCycle(record) {
      records.push(record);
      told();
      await pause();
    },
  });

  return {
    network, records, deeds, most,
    header: (cycle) => headerOf(network, {
      seed: story.seed, cycles: most, ...wordsIn(network, deeds, cycle),
    }),
    events: (cycle) => events[cycle] ?? [],
    async go(cycles) {
      if (failed) throw failed;
      wanted = Math.min(most, records.length + cycles);
      if (records.length >= wanted) return;
      await new Promise<void>((done, fail) => {
        waiting = { until: wanted, done, fail };
        if (!ended) {
          ended = begin().then(() => waiting?.done(), (thrown: unknown) => {
            if (thrown instanceof Stopped) return;
            failed = thrown as Error;
            waiting?.fail(failed);
          });
        } else wake?.();
      });
    },
    add(deed) {
      const at = records.length;
      const next = [...deeds, { ...deed, at }];
      const troubles = troublesOf(network, next, at);
      deeds.push({ ...deed, at });
      phases.push({ from: at, troubles });
    },
    stop() {
      stopped = true;
      wake?.();
    },
  };
};
