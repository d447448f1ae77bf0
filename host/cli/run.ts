import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { Command, CommanderError } from "commander";
import { UsageError, messageOf } from "../base/error.js";
import { parseJson } from "../base/json.js";
import { FlashError, Gone } from "../flash/talk.js";
import { addBoard } from "./board.js";
import { addBoards } from "./boards.js";
import { addBundle } from "./bundle.js";
import { addBus } from "./bus.js";
import { addCampaign } from "./campaign.js";
import { BROKEN, CLOSED, DEFECT, HELD, SIGNALLED, USAGE } from "./command.js";
import type { Add } from "./command.js";
import { addCompare } from "./compare.js";
import { addConsole } from "./console.js";
import { addEmulate } from "./emulate.js";
import { addFlash } from "./flash.js";
import { Closed, Interrupted, Unwritable, gated, tell, unwrittenText } from "./io.js";
import type { Io } from "./io.js";
import { addKeys } from "./keys.js";
import { addLab } from "./lab.js";
import { addMeasure } from "./measure.js";
import { addPlan } from "./plan.js";
import { addPorts } from "./ports.js";
import { addReplay } from "./replay.js";
import { addSchema } from "./schema.js";
import { addWorker } from "./worker.js";

const COMMANDS: readonly Add[] = [
  addEmulate, addCampaign, addWorker, addCompare, addPlan, addKeys, addBundle, addFlash, addBus,
  addConsole, addPorts, addMeasure, addReplay, addBoard, addBoards, addSchema, addLab,
];

const version = (): string => {
  // Beside the sources, and beside `dist` in the package.
  for (const path of ["../../package.json", "../../../package.json"]) {
    try {
      const text = readFileSync(new URL(path, import.meta.url), "utf8");
      return (parseJson(text) as { version: string }).version;
    } catch {
      // It is in the other place.
    }
  }
  return "unknown";
};

/** What commander says on several lines, on one, and where more is told. */
const complaint = (text: string, program: Command, [name]: readonly string[]): string => {
  const line = text.replace(/^error: /, "").trim().replace(/\s*\n\s*/g, " ").replace(/\.$/, "");
  const known = program.commands.some((command) => command.name() === name);
  return `${line}, see tagma ${known ? `${name} ` : ""}--help`;
};

const explain = async (thrown: unknown, io: Io): Promise<number> => {
  if (thrown instanceof Closed) return CLOSED;
  if (thrown instanceof Interrupted) {
    return SIGNALLED + constants.signals[io.interrupted ?? "SIGINT"];
  }
  if (thrown instanceof FlashError || thrown instanceof Gone) {
    await tell(io, messageOf(thrown));
    return BROKEN;
  }
  if (thrown instanceof UsageError) {
    await tell(io, messageOf(thrown));
    return USAGE;
  }
  if (thrown instanceof Unwritable) {
    await tell(io, unwrittenText(thrown));
    return USAGE;
  }
  await tell(io, `${messageOf(thrown)}: this is a defect of tagma, please report it`);
  if (io.env["TAGMA_DEBUG"] === "1" && thrown instanceof Error) {
    await io.err.write(`${thrown.stack ?? ""}\n`);
  }
  return DEFECT;
};

/**
 * The command line.
 *
 * @param argv what stands behind the program's name
 * @param around the process that it runs in
 * @returns the exit code: 0 held, 1 broken or not fitting, 2 bad usage, 70 a defect
 */
export const run = async (argv: readonly string[], around: Io): Promise<number> => {
  const io = gated(around);
  let code: number = HELD;
  let said = "";
  let scolded = "";
  const program = new Command("tagma")
    .description("Byzantine agreement for microcontrollers on serial wires")
    .version(version(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this")
    .helpCommand("help [command]", "print what a command can do")
    .addHelpText("after", `
Exit codes: ${HELD} everything held, ${BROKEN} something broke or does not fit, ${USAGE} bad usage.

Example:
  tagma emulate boards/networks/pump.json --traitor c=equivocate`)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        said += text;
      },
      writeErr: (text) => {
        scolded += text;
      },
      getOutHelpWidth: () => io.out.columns ?? 100,
      getErrHelpWidth: () => io.err.columns ?? 100,
    });
  const finish = (finished: number) => {
    code = finished;
  };
  for (const add of COMMANDS) add(program, io, finish);
  try {
    await program.parseAsync(argv, { from: "user" });
    return code;
  } catch (thrown) {
    try {
      if (!(thrown instanceof CommanderError)) return await explain(thrown, io);
      await io.out.write(said);
      if (thrown.exitCode === 0) return HELD;
      const [first, asked] = argv;
      if (first === "help" && asked !== undefined) {
        await tell(io, complaint(`unknown command '${asked}'`, program, argv));
      } else if (thrown.code === "commander.help") await io.err.write(scolded);
      else await tell(io, complaint(scolded, program, argv));
      return USAGE;
    } catch (unwritten) {
      // Nobody is there to be told, at the standard error least of all.
      return unwritten instanceof Closed ? CLOSED : USAGE;
    }
  }
};
