import { resolve } from "node:path";
import { Option } from "commander";
import type { Command } from "commander";
import { UsageError, messageOf } from "../base/error.js";
import { readTextParts } from "../base/input.js";
import { plural } from "../base/text.js";
import { ENGINES } from "../boards/board.js";
import type { Engine } from "../boards/board.js";
import { isProgram } from "../boards/espruino/process.js";
import { flpSchedule, parseAdversary } from "../emulate/adversary.js";
import { TRANSPORTS, emulate } from "../emulate/emulate.js";
import type { Emulation, Summary } from "../emulate/emulate.js";
import { FAULTS, SYNCHRONY_FAULTS, WIRE_FAULTS } from "../faults/registry.js";
import { parseFaults, parseTraitors } from "../faults/troubles.js";
import type { Troubles } from "../faults/asked.js";
import { refuseVacuous } from "../faults/vacuous.js";
import { parseWindows } from "../faults/windows.js";
import type { Network } from "../network/network.js";
import { madeUp, parseReadings } from "../network/readings.js";
import { longerLasting } from "../network/signatures.js";
import { fitOf } from "../plan/plan.js";
import { isLiedTo, liarsIn } from "../judge/ballots.js";
import { headerOf } from "../trace/check.js";
import { createTraceWriter } from "../trace/file.js";
import { BROKEN, HELD } from "./command.js";
import type { Add } from "./command.js";
import { growMadeUp } from "./grown.js";
import { Interrupted, tell } from "./io.js";
import type { Io } from "./io.js";
import { arenaOf, openNetwork } from "./open.js";
import { CYCLES_MAX, SEED_MAX, commandLine, gather, whole } from "./options.js";
import { checkOutputs } from "./outputs.js";
import { createPicture } from "./picture.js";
import { createReport } from "./report.js";
import { SCRIPTS_HELP, tellOfScripts } from "./scripts.js";
import { addTelemetry, openTelemetry } from "./telemetry.js";
import type { TelemetryOptions } from "./telemetry.js";

interface Options extends TelemetryOptions {
  readonly cycles?: number;
  readonly seed: number;
  readonly readings?: string;
  readonly faults?: readonly string[];
  readonly traitor?: readonly string[];
  readonly async?: readonly string[];
  readonly adversary?: string;
  readonly engine: Engine;
  readonly transport: (typeof TRANSPORTS)[number];
  readonly pace?: "real";
  readonly trace?: string;
  readonly svg?: string;
  readonly json?: boolean;
}

const CYCLES = 10;

const menuOf = (on: readonly string[], menu = FAULTS): string =>
  menu.filter((kind) => on.includes(kind.on)).map(({ name, help, parameter }) => {
    const means = parameter ? `:${parameter.means}` : "";
    const unless = parameter ? ` (${parameter.fallback.join(".")} unless told)` : "";
    return `  ${`${name}${means}`.padEnd(21)} ${help}${unless}\n`;
  }).join("");

const windowsHelp = SYNCHRONY_FAULTS.map(({ name, takes, help }) =>
  `  ${`${name}=${takes}`.padEnd(24)} ${help}\n`).join("");

const HELP = `
Faults of links, by --faults NAME=PROBABILITY for all, or NAME@BOARD=PROBABILITY for one board's:
${menuOf(["line"])}
Lies of the hub about what it passes on, in the same way. Where it lies about the frames to and from
one board, that board counts as faulty. With "auth": "mac" each lie is found out, and is a loss:
${menuOf(["hub"])}
Faults of boards, by --traitor BOARD=NAME:
${menuOf(["board"])}
With signed messages, a restarted board counts as faulty until it can sign again: it skips the
leaves that were reserved when it stopped, for up to signatures.reserve cycles.

Traitors, who know what everybody has said in the round before they speak, by --traitor BOARD=NAME:
${menuOf(["liar"])}
On a shared wire all hear the same bits: what needs links of their own means nothing there, and
these do something of its own:
${menuOf(["line", "board", "liar"], WIRE_FAULTS.filter((kind) => !FAULTS.includes(kind)))}
With signed messages, traitors have each other's keys. They sign their own orders truly, two just
as well as one. What they change in others' messages is forged, and no board takes it.

Windows in which the network is not synchronous, by --async NAME=WHAT@WHEN. WHEN is a cycle (3), a
round of it (3.2), or from one to another, both included (2-5, 2.1-4.2):
${windowsHelp}
In a cycle that such a window reaches, only one thing is promised: what a correct board holds of
another correct board is the truth or nothing. In all other cycles everything is promised. Windows
of reset, stall and jump take no promise away. In a network of ballots, no window excuses two
different decisions, and no window excuses a missing decision in a cycle that it does not reach. A
board of ballots that was reset is silent for a while, or for ever, and counts as one of the m.
${SCRIPTS_HELP}

Exit codes: 0 everything held, 1 something broke, 2 bad usage.

Examples:
  tagma emulate boards/networks/pump.json --traitor c=equivocate
  tagma emulate boards/networks/oven.json --cycles 1000 --traitor top=split --traitor core=silent
  tagma emulate boards/networks/pump.json --async partition=a,b/c,d@3-5 --async loss=0.2@6
  tagma emulate boards/networks/tank.json --faults drop@sonar=0.2,flip@sonar=0.1 --svg tank.svg`;

/** An arena that no such board could hold is no subject for an emulation. */
export const refuseUnfit = (network: Network, path: string): void => {
  for (const board of network.boards) {
    const { fits, reason } = fitOf(network, board, 0);
    if (!fits) {
      throw new UsageError(`${path}: boards[${board.number}]: its arena of ${
        arenaOf(network, board.number)} bytes is too large: ${reason}; tagma plan tells more`);
    }
  }
};

/** Who signs has so many leaves, and none is used twice. */
export const refuseUnsigned = ({ signing }: Network, cycles: number, path: string): void => {
  if (!signing || cycles <= signing.cycles) return;
  const longer = longerLasting(signing, cycles);
  throw new UsageError(`${path}: signatures: the keys last for ${
    plural(signing.cycles, "cycle")}, and ${cycles} are to be run${longer ? `; ${longer}` : ""}`);
};

/** What is outside of what is promised, in words; "" where nothing is. */
export const beyond = (network: Network, { lines, traitors }: Troubles): string => {
  // A learner that fails is none of those that are outvoted.
  const faulty = new Set([...traitors, ...lines].map(({ board }) => board)
    .filter((board) => board < network.shape.boards));
  const anywhere = faulty.delete(-1);
  if (isLiedTo(network, liarsIn(network, { lines, traitors }))) {
    return `a board lies, and "algorithm": "${
      network.file.algorithm}" is for boards that only fail`;
  }
  const { traitors: most } = network.shape;
  if (faulty.size > most) {
    return `${plural(faulty.size, "board is", "boards are")} faulty, and this network ${
      network.signing ? "survives" : "outvotes"} ${most}`;
  }
  return anywhere ? `faults on all links can hit more than ${plural(most, "board")} at once` : "";
};

/** The same run again, up to a cycle. */
export const replayOf = (path: string, options: Options, cycles: number): string => commandLine([
  "emulate", path, "--cycles", String(cycles), "--seed", String(options.seed),
  ...(options.readings === undefined ? [] : ["--readings", options.readings]),
  ...(options.faults ?? []).flatMap((words) => ["--faults", words]),
  ...(options.traitor ?? []).flatMap((word) => ["--traitor", word]),
  ...(options.async ?? []).flatMap((word) => ["--async", word]),
  "--engine", options.engine, "--transport", options.transport,
]);

const readingsOf = async (network: Network, { readings, seed }: Options, io: Io) => {
  if (readings === undefined) {
    const rows = Math.min(CYCLES, network.signing?.cycles ?? CYCLES);
    return { rows, readings: madeUp(network, seed) };
  }
  return readings === "-"
    ? parseReadings(network, await io.readInput(), "standard input")
    : parseReadings(network, readTextParts(readings), readings);
};

const starved = (thrown: unknown): boolean => messageOf(thrown) === "out of memory";

/** @returns the path of Espruino, where boards are to run on it */
const interpreterOf = ({ engine }: Options, io: Io): { interpreter?: string } => {
  if (engine !== "espruino") return {};
  const named = io.env["ESPRUINO"] ?? "";
  const wants = "--engine: espruino wants the environment variable ESPRUINO to name a program, " +
    "Espruino's Linux build";
  if (!named) throw new UsageError(`${wants}; it is not set`);
  if (!isProgram(named)) throw new UsageError(`${wants}; ${JSON.stringify(named)} is none`);
  return { interpreter: resolve(named) };
};

/** Runs it with all that a person wants to see of it. */
const runWith = async (
  emulation: Emulation, options: Options, io: Io, replay: (cycles: number) => string,
): Promise<Summary> => {
  const { network, cycles, seed } = emulation;
  const told = await openTelemetry(options, network, false, io);
  const header = headerOf(network, {
    seed, cycles, faults: options.faults ?? [], traitors: options.traitor ?? [],
    ...(options.async ? { windows: options.async } : {}),
  });
  const writer = options.trace === undefined ? undefined : createTraceWriter(options.trace, header);
  try {
    const picture = options.svg === undefined ? undefined : createPicture(header, options.svg);
    const report = createReport(emulation, options, io, replay);
    const traced = writer ?? picture;
    const summary = await emulate({
      ...emulation,
      ...(traced ? {
        tracer(event) {
          writer?.write(event);
          picture?.take(event);
        },
      } : {}),
      async onCycle(cycle) {
        told.cycle(cycle);
        await report.cycle(cycle);
      },
    }).catch((thrown: unknown) => {
      // A signal ends the interpreters first.
      if (io.interrupted) throw new Interrupted();
      if (!starved(thrown) || options.engine !== "quickjs") throw thrown;
      throw new UsageError(
        "--engine: quickjs gives a board 256 KiB, and this network needs more; bundle would do",
      );
    }).finally(report.stop);
    writer?.finish();
    picture?.finish();
    await report.summary(summary);
    return summary;
  } finally {
    writer?.abandon();
    await told.end();
  }
};

/** What is over at once is on no dashboard. */
const refuseHasty = ({ metrics, mqtt, pace }: Options): void => {
  if (pace === "real" || (metrics ?? mqtt) === undefined) return;
  throw new UsageError(`--${metrics === undefined ? "mqtt" : "metrics"}: is for a run that takes ` +
    "its time: --pace real");
};

/**
 * What the adversary delays are windows like others, so that a trace, a picture and the command
 * that replays the run know nothing of it.
 */
const against = async (emulation: Emulation, options: Options, io: Io) => {
  const { network, cycles, troubles } = emulation;
  const { adversary, ...rest } = options;
  if (adversary === undefined) return { ...rest, windows: troubles.windows ?? [] };
  const allowed = parseAdversary(adversary, cycles);
  const { words, tried } = await flpSchedule(emulation, allowed);
  await tell(io, `the adversary delays ${words.length} message${words.length === 1 ? "" : "s"}, ` +
    `one a cycle at most, which it found in ${tried} runs`);
  const async = [...options.async ?? [], ...words];
  return { ...rest, ...(async.length ? { async } : {}), windows: parseWindows(network, async) };
};

const emulateCommand = async (path: string, options: Options, io: Io): Promise<number> => {
  const network = openNetwork(path);
  refuseUnfit(network, path);
  refuseHasty(options);
  tellOfScripts(network, io);
  const troubles = {
    lines: parseFaults(network, options.faults ?? []),
    traitors: parseTraitors(network, options.traitor ?? []),
    windows: parseWindows(network, options.async ?? []),
  };
  const { trace, svg, engine, transport, seed, readings: table } = options;
  checkOutputs({ trace, svg }, [path, table]);
  const { rows, readings } = await readingsOf(network, options, io);
  const cycles = options.cycles ?? rows;
  refuseUnsigned(network, cycles, path);
  refuseVacuous(network, troubles, cycles);
  const outside = beyond(network, troubles);
  if (outside) await tell(io, `outside of what is guaranteed: ${outside}`);
  await growMadeUp(network, io);
  const emulation = {
    network, cycles, seed, readings, troubles, engine, transport, ...interpreterOf(options, io),
  };
  const { windows, ...all } = await against(emulation, options, io);
  const { verdict } = await runWith({ ...emulation, troubles: { ...troubles, windows } }, all, io,
    (until) => replayOf(path, all, until) + (table === "-" ? " with the same standard input" : ""));
  return verdict === "broken" ? BROKEN : HELD;
};

const addOptions = (command: Command): Command => addTelemetry(command)
  .option("--cycles <n>",
    `how many; ${CYCLES}, or as many as readings have rows, unless told`, whole(1, CYCLES_MAX))
  .option("--seed <n>", "replays the same readings, faults and lies", whole(0, SEED_MAX), 1)
  .option("--readings <file>",
    "a CSV table of what the sensors show, one column a board, one row a cycle, an empty field " +
    "where a sensor cannot be read; - is standard input; made up unless told")
  .option("--faults <words>", "what goes wrong on links, below; repeatable", gather)
  .option("--traitor <board=behaviour>", "a board that fails or lies, below; repeatable", gather)
  .option("--async <window>", "a window without synchrony, below; repeatable", gather)
  .option("--adversary <name>",
    "flp: one that delays one message a cycle so that nobody decides, in cycles FIRST to LAST " +
    "of flp@FIRST-LAST, or in all")
  .addOption(new Option("--engine <name>",
    "native: the firmware in this process; bundle: what is flashed, in a context of its own; " +
    "quickjs: the same in an interpreter with little memory; espruino: the same on Espruino's " +
    "Linux build, a process a board, which the environment variable ESPRUINO names")
    .choices(ENGINES).default("native"))
  .addOption(new Option("--transport <name>",
    "mock: serial port streams; memory: function calls, faster")
    .choices(TRANSPORTS).default("mock"))
  .addOption(new Option("--pace <name>",
    "real: no faster than the boards would be").choices(["real"]))
  .option("--trace <file>", "write everything that happened, for tagma replay")
  .option("--svg <file>",
    "draw one cycle: the first that broke, else the first with a fault or a lie")
  .option("--json", "print a JSON object a cycle and one in the end");

export const addEmulate: Add = (program, io, finish) => {
  addOptions(program.command("emulate"))
    .description("run a network on emulated boards and wires, with faults and liars, and judge it")
    .argument("<network>", "a network file")
    .addHelpText("after", HELP)
    .action(async (path: string, options: Options) => {
      finish(await emulateCommand(path, options, io));
    });
};
