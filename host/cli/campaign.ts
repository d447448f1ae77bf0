import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { Option } from "commander";
import type { Command } from "commander";
import { UsageError } from "../base/error.js";
import { plural } from "../base/text.js";
import { OWN_ENGINES } from "../boards/board.js";
import { RUNS_MAX, troublesOf } from "../campaign/campaign.js";
import type { Campaign, Outcome } from "../campaign/campaign.js";
import { drive } from "../campaign/drive.js";
import { createPool } from "../campaign/pool.js";
import type { Workers } from "../campaign/pool.js";
import { openProgress } from "../campaign/progress.js";
import { createQueue } from "../campaign/queue.js";
import { TRANSPORTS } from "../emulate/emulate.js";
import { refuseVacuous } from "../faults/vacuous.js";
import { BROKEN, HELD } from "./command.js";
import type { Add } from "./command.js";
import { beyond, refuseUnfit, refuseUnsigned, replayOf } from "./emulate.js";
import { growMadeUp } from "./grown.js";
import { Interrupted, tell } from "./io.js";
import type { Io } from "./io.js";
import { openNetwork } from "./open.js";
import { CYCLES_MAX, SEED_MAX, gather, whole } from "./options.js";
import { checkOutputs } from "./outputs.js";
import { COLUMNS, stopWhereAsked, titleOf } from "./report.js";
import { tellOfScripts } from "./scripts.js";
import { paintOf, wrapped } from "./table.js";

interface Options extends
  Pick<Campaign, "runs" | "cycles" | "seed" | "engine" | "transport"> {
  readonly faults?: readonly string[];
  readonly traitor?: readonly string[];
  readonly async?: readonly string[];
  readonly threads?: number;
  readonly progress?: string;
  readonly redis?: string;
  readonly json?: boolean;
}

const CYCLES = 100;
export const THREADS_MAX = 256;
/** As many failing runs are shown, each with its command; --json has more. */
const SHOWN = 10;
/** So often, in milliseconds, is looked whether somebody wants to stop. */
const LOOK = 100;

const HELP = `
Each run is that of tagma emulate with its seed: readings, faults and lies are its own. The runs are
shared out in batches over threads of this machine, one a core unless told, or, with --redis, over
all machines on which tagma worker runs with the same URL. A run in which something broke is shown
with the command that replays it.

With --progress the file says how far it has come, and the same command goes on from there, however
it was ended. With --redis, workers and the Redis may come and go: no batch is lost, and none is
counted twice.

Exit codes: 0 everything held, 1 something broke, 2 bad usage.

Examples:
  tagma campaign boards/networks/pump.json --runs 10000 --traitor c=random
  tagma campaign boards/networks/oven.json --runs 1000 --faults drop@core=0.2 --progress oven.run
  tagma campaign boards/networks/press.json --runs 100000 --redis redis://127.0.0.1:6379`;

const campaignOf = (path: string, options: Options): Campaign => {
  const { runs, cycles, seed, engine, transport } = options;
  if (seed + runs - 1 > SEED_MAX) {
    throw new UsageError(`--runs: from seed ${seed} on there are only ${
      plural(SEED_MAX - seed + 1, "seed")}, ${runs} are too many`);
  }
  return {
    network: openNetwork(path).file, path, cycles, seed, runs, engine, transport,
    faults: options.faults ?? [], traitors: options.traitor ?? [], windows: options.async ?? [],
  };
};

/** Runs it until it is over or somebody stops it, and shows how far it has come. */
const run = async (
  campaign: Campaign, workers: Workers, options: Options, io: Io,
): Promise<Outcome> => {
  const progress = await openProgress(campaign, options.progress);
  const bar = io.progress(campaign.runs, "runs");
  let over = false;
  const watch = async () => {
    while (!over) {
      bar?.update(progress.sum.runs);
      await sleep(LOOK);
      stopWhereAsked(io);
    }
  };
  try {
    await progress.settled();
    const done = drive(campaign, progress, workers, () => {
      if (over) throw new Interrupted();
    }).finally(() => {
      over = true;
    });
    await Promise.race([done, watch()]);
    await done;
    return progress.sum;
  } finally {
    over = true;
    bar?.stop();
    await progress.settled();
    progress.release();
  }
};

const speedOf = ({ cycles }: Outcome, milliseconds: number): string =>
  `${plural(cycles, "cycle")} in ${(milliseconds / 1000).toFixed(1)} s, ${
    Math.round(cycles / (milliseconds / 1000))} a second`;

/** What is said of it in the end. */
const report = async (
  campaign: Campaign, sum: Outcome, options: Options, io: Io, path: string,
): Promise<void> => {
  const failures = sum.failures.map((one) => ({
    ...one, replay: replayOf(path, {
      ...options, seed: one.seed, engine: campaign.engine,
    }, one.cycle + 1),
  }));
  const { runs, cycles, frames, bytes, failed } = sum;
  if (options.json) {
    await io.out.write(`${JSON.stringify({
      summary: true, seed: campaign.seed, runs, cycles, frames, bytes, failed, failures,
      verdict: failed ? "broken" : "held",
    })}\n`);
    return;
  }
  const paint = paintOf(io.out.isTTY, io.env);
  const columns = io.out.columns ?? COLUMNS;
  if (!failed) {
    await io.out.write(wrapped("", `${paint.green("held")}: in all ${plural(runs, "run")} of ${
      plural(campaign.cycles, "cycle")} everything held that is promised`.split(" "), columns));
    return;
  }
  await io.out.write(`${paint.red("BROKEN")} in ${failed} of ${plural(runs, "run")}\n`);
  for (const { seed, cycle, broke, replay } of failures.slice(0, SHOWN)) {
    await io.out.write(`seed ${seed}, first in cycle ${cycle}: ${broke.join(", ")}\n` +
      `  replay: ${replay}\n`);
  }
  if (failed > SHOWN) await io.out.write(`and ${plural(failed - SHOWN, "more run")}\n`);
};

const campaignCommand = async (path: string, options: Options, io: Io): Promise<number> => {
  const network = openNetwork(path);
  const campaign = campaignOf(path, options);
  refuseUnfit(network, path);
  tellOfScripts(network, io);
  const troubles = troublesOf(network, campaign);
  checkOutputs({ progress: options.progress }, [path]);
  refuseUnsigned(network, campaign.cycles, path);
  refuseVacuous(network, troubles, campaign.cycles);
  const outside = beyond(network, troubles);
  if (outside) await tell(io, `outside of what is guaranteed: ${outside}`);
  // Where keys take long, that is seen; each thread then makes its own.
  await growMadeUp(network, io);
  if (!options.json) await io.out.write(`${titleOf(network)}\n`);
  const workers = options.redis === undefined
    ? createPool(options.threads ?? availableParallelism())
    : await createQueue(options.redis, (what) => {
      void tell(io, what).catch(() => undefined);
    });
  const began = io.now();
  try {
    const sum = await run(campaign, workers, options, io);
    await report(campaign, sum, options, io, path);
    if (!options.json) await tell(io, speedOf(sum, io.now() - began));
    return sum.failed ? BROKEN : HELD;
  } finally {
    await workers.close();
  }
};

const addOptions = (command: Command): Command => command
  .requiredOption("--runs <n>", "how many, a seed each", whole(1, RUNS_MAX))
  .option("--cycles <n>", "how many each run has", whole(1, CYCLES_MAX), CYCLES)
  .option("--seed <n>", "of the first run; each other's is one more", whole(0, SEED_MAX), 1)
  .option("--faults <words>", "as tagma emulate has it; repeatable", gather)
  .option("--traitor <board=behaviour>", "as tagma emulate has it; repeatable", gather)
  .option("--async <window>", "as tagma emulate has it; repeatable", gather)
  .addOption(new Option("--engine <name>", "as tagma emulate has it")
    .choices(OWN_ENGINES).default("native"))
  .addOption(new Option("--transport <name>", "as tagma emulate has it")
    .choices(TRANSPORTS).default("memory"))
  .option("--threads <n>", "of this machine; one a core unless told", whole(1, THREADS_MAX))
  .option("--progress <file>", "how far it has come, to go on from there")
  .addOption(new Option("--redis <url>", "let workers run it, by this Redis").conflicts("threads"))
  .option("--json", "print a JSON object in the end");

export const addCampaign: Add = (program, io, finish) => {
  addOptions(program.command("campaign"))
    .description("run a network with many seeds, on all cores or many machines, and judge it")
    .argument("<network>", "a network file")
    .addHelpText("after", HELP)
    .action(async (path: string, options: Options) => {
      finish(await campaignCommand(path, options, io));
    });
};
