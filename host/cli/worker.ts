import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { serve } from "../campaign/serve.js";
import { THREADS_MAX } from "./campaign.js";
import type { Add } from "./command.js";
import { HELD } from "./command.js";
import { tell } from "./io.js";
import type { Io } from "./io.js";
import { whole } from "./options.js";
import { plural } from "../base/text.js";

interface Options {
  readonly redis: string;
  readonly threads?: number;
}

/** So often, in milliseconds, is looked whether somebody wants to stop. */
const LOOK = 100;

const HELP = `
It runs batches of tagma campaign --redis with the same URL, of any network, until it is stopped by
Ctrl-C; what is under way is then done first. Whoever can write into that Redis decides what is run
here: emulations only, scripts of network files in their sandbox.

Exit codes: 0 stopped, 2 bad usage.

Example:
  tagma worker --redis redis://127.0.0.1:6379`;

const workerCommand = async ({ redis, threads }: Options, io: Io): Promise<number> => {
  const many = threads ?? availableParallelism();
  const say = (what: string) => {
    void tell(io, what).catch(() => undefined);
  };
  const served = await serve(redis, many, say);
  await tell(io, `${served.place}: waiting for batches, on ${plural(many, "thread")}`);
  while (!io.interrupted) await sleep(LOOK);
  await served.close();
  await tell(io, `${plural(served.batches, "batch", "batches")} run`);
  return HELD;
};

export const addWorker: Add = (program, io, finish) => {
  program.command("worker")
    .description("run batches of campaigns that wait in a Redis")
    .requiredOption("--redis <url>", "where they wait")
    .option("--threads <n>", "of this machine; one a core unless told", whole(1, THREADS_MAX))
    .addHelpText("after", HELP)
    .action(async (options: Options) => {
      finish(await workerCommand(options, io));
    });
};
