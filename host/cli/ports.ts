import { UsageError, messageOf } from "../base/error.js";
import { look } from "../flash/flash.js";
import type { Survey } from "../flash/survey.js";
import { hold } from "../flash/talk.js";
import type { PortInfo } from "../live/port.js";
import { BROKEN, HELD } from "./command.js";
import type { Add } from "./command.js";
import type { Io } from "./io.js";
import { gather } from "./options.js";
import { BAUD, BAUD_HELP, baudOf, isLineError, stopper, waitOf, withPort } from "./serial.js";
import { table } from "./table.js";

interface Options {
  readonly port?: readonly string[];
  readonly baud: number;
  readonly wait: number;
  readonly ask: boolean;
  readonly json?: boolean;
}

const WAIT = 2;

/** What became of one port. */
interface Found {
  readonly port: PortInfo;
  readonly survey?: Survey;
  readonly error?: string;
}

/** What lies on a board, in words. */
const stateOf = ({ state, program, remains, others, runs }: Survey): string => {
  const words = {
    empty: "no program",
    whole: `${program?.network} ${program?.board}, whole, ${runs ? "runs" : "does not run"}`,
    unfinished: "unfinished: tagma flash mends it",
    foreign: "boots code that is not of tagma",
  };
  return [
    words[state], ...(state === "whole" && remains ? ["a cut transfer beside it"] : []),
    ...(others.length ? [`boots ${others.join(", ")} too`] : []),
  ].join("; ");
};

const ask = async (io: Io, port: PortInfo, { baud, wait }: Options): Promise<Found> => {
  try {
    const survey = await withPort(io, port.path, baud, async (open) =>
      hold(look(wait * 1000), open, { now: io.now, check: stopper(io) }));
    return { port, survey };
  } catch (thrown) {
    if (!(thrown instanceof UsageError) && !isLineError(thrown)) throw thrown;
    return { port, error: messageOf(thrown) };
  }
};

const deviceOf = ({ manufacturer, vendorId, productId }: PortInfo): string =>
  [manufacturer, vendorId === undefined ? undefined : `${vendorId}:${productId ?? ""}`]
    .filter((word) => word !== undefined).join(" ") || "-";

const rowOf = ({ port, survey, error }: Found): string[] => [
  port.path, deviceOf(port), survey ? `${survey.kind} ${survey.version}` : "-",
  survey ? stateOf(survey) : error ?? "not asked",
];

const jsonOf = ({ port, survey, error }: Found): string => JSON.stringify({
  ...port, ...(survey ? { ...survey, others: survey.others } : {}), ...(error ? { error } : {}),
});

export const addPorts: Add = (program, io, finish) => {
  program.command("ports")
    .description("list what is attached, and which boards answer as what")
    .option("--port <path>", "ask there; repeatable, every port unless told", gather)
    .option("--baud <n>", BAUD_HELP, baudOf, BAUD)
    .option("--wait <seconds>", "how long to wait for an answer", waitOf, WAIT)
    .option("--no-ask", "only list, and send nothing: other things than boards may be attached")
    .option("--json", "print a JSON object a port")
    .addHelpText("after", `
A board is asked by a line at its console, which stops nothing and changes nothing there.

Exit codes: 0 done, 1 a port given by --port does not open, or no board answers there, 2 bad usage,
130 stopped.

Examples:
  tagma ports
  tagma ports --no-ask
  tagma ports --port /dev/ttyACM0 --json`)
    .action(async (options: Options) => {
      const ports = options.port?.map((path) => ({ path })) ?? await io.ports.list();
      const found: Found[] = [];
      for (const port of ports) found.push(options.ask ? await ask(io, port, options) : { port });
      if (options.json) await io.out.write(found.map((one) => `${jsonOf(one)}\n`).join(""));
      else if (!found.length) await io.out.write("no serial port: is a board plugged in?\n");
      else {
        await io.out.write(table(
          [{ title: "port" }, { title: "device" }, { title: "board" }, { title: "program" }],
          found.map(rowOf),
        ));
      }
      finish(options.port && found.some(({ error }) => error) ? BROKEN : HELD);
    });
};
