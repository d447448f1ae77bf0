import { UsageError } from "../base/error.js";
import { measure, speedOf } from "../flash/speed.js";
import type { Measured } from "../flash/speed.js";
import { hold } from "../flash/talk.js";
import { kindIds, kindOf } from "../network/kinds.js";
import type { Kind } from "../network/kinds.js";
import { WORKLOAD_COST } from "../plan/prices.js";
import { BASES } from "./boards.js";
import { HELD } from "./command.js";
import type { Add } from "./command.js";
import { COLUMNS } from "./report.js";
import { BAUD, BAUD_HELP, baudOf, stopper, waitOf, withPort } from "./serial.js";
import { wrapped } from "./table.js";

interface Options {
  readonly baud: number;
  readonly wait: number;
  readonly json?: boolean;
}

const WAIT = 10;

const told = (path: string, measured: Measured, kind: Kind | undefined) => ({
  port: path, version: measured.version, kind: measured.kind,
  speed: speedOf(measured, WORKLOAD_COST), passes: measured.passes,
  runs_ms: measured.runs.map((ms) => Math.round(ms * 10) / 10),
  kind_speed: kind?.speed ?? null, kind_basis: kind?.speed_basis ?? null,
});

const textOf = (all: ReturnType<typeof told>, columns: number): string => {
  const { port, version, kind, speed, passes, runs_ms: runs, kind_speed: other } = all;
  const beside = other === null ? `${kind} is no kind of board that is known here.`
    : `Its kind's figure is ${other}, ${BASES[all.kind_basis!]}${
      other > speed ? ": this board is slower, so do put its own into the network file" : ""}.`;
  const said = `${port}: ${kind}, Espruino ${version}, has a speed of ${speed}: ${runs.length
  } runs of ${passes} passes took ${runs.join(", ")} ms, of which the slowest counts. ${beside}`;
  const text = wrapped("", said.split(" "), columns);
  return `${text}In the network file, for this board:\n  "speed": ${speed}\n`;
};

export const addMeasure: Add = (program, io, finish) => {
  program.command("measure")
    .description("measure how fast a board runs JavaScript, for the times of a plan")
    .argument("<port>", "where its console is attached, or tcp://HOST:PORT")
    .option("--baud <n>", BAUD_HELP, baudOf, BAUD)
    .option("--wait <seconds>", "how long to look for its prompt", waitOf, WAIT)
    .option("--json", "print it as one JSON object")
    .addHelpText("after", `
A speed is in millions of those instructions a second that Espruino's Linux build executes for the
same. The board runs a loop that does what a bundle does with a frame, for some seconds, and tells
the time by its own clock. Nothing on it is changed, and what runs there runs on; it takes its part
of the time, so measure a board that has nothing else to do. The number belongs into the network
file, as the board's "speed". Scripts of the network file are not in it.

Exit codes: 0 done, 1 no answer, 2 bad usage, 130 stopped.

Example:
  tagma measure /dev/ttyACM0`)
    .action(async (path: string, { baud, wait, json }: Options) => {
      if (!path) throw new UsageError('port: a path is needed, not ""');
      const measured = await withPort(io, path, baud, async (port) =>
        hold(measure(wait * 1000), port, { now: io.now, check: stopper(io) }));
      const kind = kindIds().includes(measured.kind) ? kindOf(measured.kind) : undefined;
      const all = told(path, measured, kind);
      await io.out.write(
        json ? `${JSON.stringify(all)}\n` : textOf(all, io.out.columns ?? COLUMNS));
      finish(HELD);
    });
};
