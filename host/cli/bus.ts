import { constants } from "node:os";
import { UsageError } from "../base/error.js";
import { readTextParts } from "../base/input.js";
import type { TraceEvent } from "../events/events.js";
import { FAULTS, PLAYED_FAULTS } from "../faults/registry.js";
import { parseFaults, parseTraitors } from "../faults/troubles.js";
import { judgeKeysIn } from "../keys/keyfile.js";
import type { JudgeKeys } from "../keys/keyfile.js";
import { openPage } from "../lab/feed.js";
import type { Page } from "../lab/feed.js";
import { live } from "../live/live.js";
import type { Live, LiveSummary } from "../live/live.js";
import { checkAddress } from "../live/port.js";
import type { Network } from "../network/network.js";
import { madeUp, parseReadings } from "../network/readings.js";
import { microsecondsOf, planOf } from "../plan/plan.js";
import { headerOf } from "../trace/check.js";
import { createTraceWriter } from "../trace/file.js";
import { boardIn } from "./bundle.js";
import { clockOf } from "./clock.js";
import { BROKEN, CLOSED, HELD, SIGNALLED, USAGE } from "./command.js";
import type { Add } from "./command.js";
import { RESERVED, openCounter } from "./counter.js";
import type { Counter } from "./counter.js";
import { Closed, tell, unwrittenText } from "./io.js";
import type { Io } from "./io.js";
import { PORT_MAX, PORT } from "./lab.js";
import { createMonitor, speaksIn } from "./monitor.js";
import { openNetwork } from "./open.js";
import { CYCLES_MAX, SEED_MAX, gather, whole } from "./options.js";
import { checkOutputs } from "./outputs.js";
import { createPicture } from "./picture.js";
import { SCRIPTS_HELP, tellOfScripts } from "./scripts.js";
import { refuseUsedUp, usedUpText } from "./signing.js";
import { addTelemetry, openTelemetry } from "./telemetry.js";
import type { TelemetryOptions, Told } from "./telemetry.js";
import { isAmiss, speaksText } from "./told.js";

interface Options extends TelemetryOptions {
  readonly port: readonly string[];
  readonly cycles?: number;
  readonly firstCycle?: number;
  readonly counter?: string;
  readonly keys?: string;
  readonly seed: number;
  readonly readings?: string;
  readonly faults?: readonly string[];
  readonly traitor?: readonly string[];
  readonly trace?: string;
  readonly svg?: string;
  readonly json?: boolean;
  readonly page?: number | true;
  readonly pageHost: string;
  readonly control?: boolean;
}

/** A connection is given up after so many milliseconds and three periods without a byte. */
const QUIET_MS = 5000;

const HELP = `
Without --cycles it runs until it is stopped: Ctrl-C ends it when the open cycle is over, so that
the boards have heard a closing beacon and the trace is whole. A board whose port is not there, or
goes, is nothing to the others while it is away; its port is tried again until it is back.

What a board holds is never on the wire. So the bus has a stand-in for each board: the same
firmware, which hears what was sent to the board. Verdict and vectors are those of the stand-ins. A
board is "odd" if it says anything else than its stand-in. What boards of ballots decide depends on
all that they heard before too. So a stand-in takes a few ballots to catch up if the bus is begun
after its boards, or if its board is reset. A board of ballots that nobody has told that it is new
(tagma flash --once, tagma board --once) says nothing that binds it, and counts as one that failed.

The bus knows what was put in if that goes by wire, or by --readings, where the boards must have the
same file. Otherwise the bus believes what a board says in round 1.

No number of a cycle is used twice, or a board could take a cycle for one that it has had. The next
number is kept in a file, NETWORK.json.cycle unless told. Where the bus was killed, up to
${RESERVED} numbers are skipped.

Faults of lines, in what goes out to boards, beacons and copies of what others said, by --faults
NAME=PROBABILITY for all, or NAME@BOARD=PROBABILITY for one board's line and words:
${FAULTS.filter(({ on }) => on === "line").map(({ name, help }) =>
    `  ${name.padEnd(12)} ${help}\n`).join("")}
Traitors, whose frames are changed on their way to each receiver, by --traitor BOARD=NAME:
${PLAYED_FAULTS.map(({ name, help }) => `  ${name.padEnd(12)} ${help}\n`).join("")}
The bus has no secret, and needs none: in a network that signs, it has the public keys by --keys,
and a stand-in signs what its board has truly signed. So its traitors can only forge, which correct
boards take for nothing. No public key can check a tag. Where only public.json is there, or no
--keys at all, the bus takes every tag for right: if a board gives one neighbour a wrong tag, that
neighbour is what looks odd. Where the folder has the secrets of all boards too, tags are checked.

${SCRIPTS_HELP.trimStart()}

The network goes on whatever becomes of what is printed: where nobody reads it, or the disk is
full, that is said on standard error once, and by the exit code in the end. Where a port brings
frames of another board only, it says so: for 3 cycles from the first frame, for 16 where the port's
own board has spoken there before. One frame of its own ends it, so no liar who forges now and then
is taken for a wrong plug.

Exit codes: 0 everything held; 1 something broke, a board speaks at another's port, or in no cycle
enough boards were heard; 2 bad usage, or a file or the output could not be written; 130 stopped and
nothing broke; 141 nobody read the output to its end.

On a shared wire there is one port, and the bus polls: nothing that a board says passes through it.

Examples:
  tagma bus boards/networks/kiln.json --port /dev/ttyUSB0
  tagma bus pump.json --port a=/dev/ttyUSB0 --port b=/dev/ttyUSB1 \\
    --port c=/dev/ttyUSB2 --port d=tcp://192.168.1.20:3001
  tagma bus boards/networks/three.json --keys three-keys --port a=/dev/ttyUSB0 \\
    --port b=/dev/ttyUSB1 --port c=/dev/ttyUSB2
  tagma bus boards/networks/desk.json --port a=hub-a --port b=hub-b --port c=hub-c --port d=hub-d \\
    --cycles 1000 --traitor c=equivocate --trace desk.trace`;

/**
 * @returns the path of each board's port; on a shared wire, of the one that there is
 * @throws UsageError
 */
const portsOf = (network: Network, words: readonly string[], path: string): string[] => {
  if (network.wiring) {
    const [word = "", ...more] = words;
    if (!more.length && !word.includes("=")) return [word];
    throw new UsageError(`--port: ${words.join(" ")}: all boards share one wire, so there is one ` +
      "port, and no board before it");
  }
  const paths: string[] = [];
  for (const word of words) {
    const [, name, to] = /^([^=]+)=(.+)$/.exec(word) ?? [];
    if (to === undefined) throw new UsageError(`--port: ${word}: must be BOARD=PATH`);
    const { number } = boardIn(network, name!, path, "--port");
    if (paths[number] !== undefined) {
      throw new UsageError(`--port: ${word}: ${name} has a port already`);
    }
    if (paths.includes(to)) {
      throw new UsageError(`--port: ${word}: ${to} is another board's already`);
    }
    paths[number] = to;
  }
  const missing = network.boards.filter(({ number }) => paths[number] === undefined);
  if (missing.length) {
    throw new UsageError(`--port: none for ${missing.map(({ name }) => name).join(", ")}`);
  }
  return paths;
};

const readingsOf = (
  network: Network, { readings, seed }: Options,
): Pick<Live, "readings" | "known"> => {
  if (readings === undefined) return { readings: madeUp(network, seed), known: "wired" };
  return { ...parseReadings(network, readTextParts(readings), readings), known: "all" };
};

const traitorsOf = (network: Network, words: readonly string[]) => {
  if (network.wiring && words.length) {
    throw new UsageError("--traitor: nothing that boards say passes through the bus on a shared " +
      "wire, so it cannot be changed; tagma emulate has traitors");
  }
  const traitors = parseTraitors(network, words);
  const other = traitors.find(({ name }) => !PLAYED_FAULTS.some((kind) => kind.name === name));
  if (other) {
    throw new UsageError(`--traitor: ${other.name} is for tagma emulate, on real lines there are: ${
      PLAYED_FAULTS.map(({ name }) => name).join(", ")}`);
  }
  return traitors;
};

interface Run {
  readonly network: Network;
  readonly path: string;
  readonly paths: readonly string[];
  readonly keys: JudgeKeys;
  readonly options: Options;
  readonly page: Page | undefined;
}

type Ended = LiveSummary & { readonly usedUp: boolean; readonly unwritten: Error | undefined };

const PORTS_RIGHT = "each port's own board speaks there again";

const runCounted = async (
  { network, path, paths, keys, options, page }: Run, counter: Counter, told: Told, io: Io,
): Promise<Ended> => {
  const { seed, faults = [], traitor = [], trace, svg, json } = options;
  const troubles = {
    lines: parseFaults(network, faults), traitors: traitorsOf(network, traitor),
  };
  const put = readingsOf(network, options);
  const { first } = counter;
  let last = 0;
  try {
    last = refuseUsedUp(network, path, first, options.cycles);
  } catch (thrown) {
    // If that fails, numbers are skipped, and nothing else.
    await counter.end(first).catch(() => undefined);
    throw thrown;
  }
  const cycles = last < Infinity ? last : undefined;
  const header = headerOf(network, {
    seed, cycles: cycles ?? CYCLES_MAX, faults, traitors: traitor, real: true, first,
  });
  let writer = trace === undefined ? undefined : createTraceWriter(trace, header);
  let untraced: UsageError | undefined;
  let uncounted: Error | undefined;
  let unwritten: Error | undefined;
  // Whether anybody reads it is nothing to the network.
  const say = (text: string) => {
    void tell(io, text).catch(() => undefined);
  };
  const isUncounted = (thrown: Error) => {
    uncounted ??= thrown;
    return false;
  };
  // A machine does not stop because a disk is full.
  const write = (event: TraceEvent) => {
    try {
      writer?.write(event);
    } catch (thrown) {
      if (!(thrown instanceof UsageError)) throw thrown;
      untraced = thrown;
      writer?.abandon();
      writer = undefined;
      say(`${thrown.message}: it goes on without a trace`);
    }
  };
  try {
    const picture = svg === undefined ? undefined : createPicture(header, svg);
    const patience = QUIET_MS + (3 * microsecondsOf(network, planOf(network).period)) / 1000;
    const monitor = createMonitor(network, cycles ?? Infinity, json ?? false, io, (why) => {
      unwritten = why;
      say(`${unwrittenText(why)}: the network goes on`);
    });
    let speaks = "";
    const traced = writer ?? picture ?? page;
    page?.begin(header);
    const summary = await live({
      network, cycles: cycles ?? CYCLES_MAX, first, seed, troubles, keys,
      reserve: (cycle) => counter.reserve(cycle)?.then(() => true, isUncounted),
      ...put, clock: clockOf(io),
      open: async (board, events) =>
        io.ports.line(paths[network.wiring ? 0 : board]!, network.file.baud, events, patience),
      stopped: () => io.interrupted !== undefined || (page?.stopped() ?? false),
      ...(traced ? {
        tracer(event) {
          write(event);
          picture?.take(event);
          page?.take(event);
        },
      } : {}),
      onCycle(record, status) {
        page?.cycle(record);
        monitor.cycle(record, status);
        told.cycle(record, status);
        const now = speaksText(speaksIn(status));
        if (now !== speaks) say(now ? now.trim().replaceAll("\n", ", ") : PORTS_RIGHT);
        speaks = now;
      },
    });
    // Whatever becomes of the trace; and the trace is whole whatever becomes of this.
    await counter.end(first + summary.cycles).catch(isUncounted);
    // A reader who has gone takes nothing from the trace.
    writer?.finish();
    if (summary.cycles) picture?.finish();
    await monitor.summary(summary);
    const usedUp = first + summary.cycles === network.signing?.cycles;
    if (usedUp) await tell(io, usedUpText(path)).catch(() => undefined);
    if (uncounted) throw uncounted;
    if (untraced) throw untraced;
    return { ...summary, usedUp, unwritten };
  } finally {
    writer?.abandon();
  }
};

/** The page of the run, if one is asked for; a person is told where it is. */
const pageOf = async ({ page, pageHost, control }: Options, io: Io): Promise<Page | undefined> => {
  if (page === undefined) {
    if (!control) return undefined;
    throw new UsageError("--control: there is no page that could, only with --page");
  }
  const opened = await openPage(page === true ? PORT : page, pageHost, control ?? false);
  await tell(io, `page: ${opened.address}`).catch(() => undefined);
  return opened;
};

const runBus = async (run: Run, counts: string, io: Io): Promise<Ended> => {
  const { options, network } = run;
  // What is refused here leaves no counter behind.
  const told = await openTelemetry(options, network, true, io);
  let counter: Counter | undefined;
  try {
    counter = await openCounter(counts, options.firstCycle, network.file.first_cycle);
    return await runCounted(run, counter, told, io);
  } finally {
    counter?.release();
    await told.end();
  }
};

const runShown = async (run: Run, counter: string, io: Io): Promise<Ended> => {
  try {
    return await runBus(run, counter, io);
  } finally {
    await run.page?.close();
  }
};

export const addBus: Add = (program, io, finish) => {
  addTelemetry(program.command("bus"))
    .description("be the hub of a network on real serial ports, and judge what happens")
    .argument("<network>", "a network file")
    .requiredOption("--port <board=path>",
      "where a board is attached, or BOARD=tcp://HOST:PORT; one for each board, or PATH alone " +
      "for a shared wire", gather)
    .option("--cycles <n>", "how many; until it is stopped unless told", whole(1, CYCLES_MAX))
    .option("--first-cycle <n>", "the number of the first; the next one unless told",
      whole(0, CYCLES_MAX))
    .option("--counter <file>",
      "where the number of the next is kept, NETWORK.json.cycle unless told")
    .option("--keys <folder>",
      "of a network that signs or tags: what tagma keys has made, or its public.json alone")
    .option("--seed <n>", "of lies, and of readings that are made up", whole(0, SEED_MAX), 1)
    .option("--readings <file>",
      "a CSV table of what the boards put in, one row a cycle; see tagma emulate --help")
    .option("--faults <name=p,...>", "how links fail, below; repeatable", gather)
    .option("--traitor <board=behaviour>", "lie in its name, below; repeatable", gather)
    .option("--trace <file>", "write everything that happened, for tagma replay")
    .option("--svg <file>",
      "draw one cycle: the first that broke, else the first with a fault or a lie")
    .option("--json", "print a JSON object a cycle and one in the end")
    .option("--page [port]", `show it in a browser on this computer too, at port ${PORT} unless ` +
      "told; 0: any that is free", whole(0, PORT_MAX))
    .option("--page-host <address>", "whom the page listens to: every computer, at 0.0.0.0",
      "127.0.0.1")
    .option("--control", "the page may stop the bus, by a token that its address has")
    .addHelpText("after", HELP)
    .action(async (path: string, options: Options) => {
      const network = openNetwork(path);
      tellOfScripts(network, io);
      const paths = portsOf(network, options.port, path);
      for (const one of paths) checkAddress(one);
      const keys = judgeKeysIn(network, path, options.keys);
      const { trace, svg, readings, counter = `${path}.cycle` } = options;
      checkOutputs({ trace, svg, counter }, [path, readings]);
      const page = await pageOf(options, io);
      const ended = await runShown({ network, path, paths, keys, options, page }, counter, io);
      const { cycles, usedUp, unwritten, boards } = ended;
      const stopped = !usedUp && cycles < (options.cycles ?? Infinity);
      const signalled = SIGNALLED + constants.signals[io.interrupted ?? "SIGINT"];
      const lost = unwritten instanceof Closed ? CLOSED : USAGE;
      // What is to be looked at first is told first.
      const other = unwritten ? lost : stopped ? signalled : HELD;
      const none = stopped && !cycles;
      finish(!none && isAmiss(ended, speaksIn(boards)) ? BROKEN : other);
    });
};
