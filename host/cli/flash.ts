import { firstImage } from "../../firmware/index.js";
import { UsageError, messageOf } from "../base/error.js";
import { SECRET_MODE, writeWhole } from "../base/file.js";
import { bundle } from "../bundle/bundle.js";
import type { Birth } from "../flash/birth.js";
import { programBytes } from "../flash/boot.js";
import { flash, restart } from "../flash/flash.js";
import type { Flashed, Order } from "../flash/flash.js";
import { flashedText } from "../flash/said.js";
import { hold } from "../flash/talk.js";
import type { Port, Progress } from "../flash/talk.js";
import { textOf } from "../flash/text.js";
import { keysIn } from "../keys/keyfile.js";
import type { Board, Network } from "../network/network.js";
import { fitOf } from "../plan/plan.js";
import { boardIn, onlyBallots } from "./bundle.js";
import { BROKEN, HELD, USAGE } from "./command.js";
import type { Add } from "./command.js";
import { Interrupted, tell } from "./io.js";
import type { Io } from "./io.js";
import { openNetwork } from "./open.js";
import { gather, whole } from "./options.js";
import { checkOutputs } from "./outputs.js";
import { flashPage } from "./page/html.js";
import { BAUD, BAUD_HELP, baudOf, isLineError, stopper, waitOf, withPort } from "./serial.js";

interface Options {
  readonly board?: string;
  readonly all?: boolean;
  readonly port?: readonly string[];
  readonly page?: string;
  readonly baud: number;
  readonly wait: number;
  readonly keys?: string;
  readonly replace?: boolean;
  readonly once?: boolean;
  readonly after?: number;
  readonly json?: boolean;
}

/** A board, what is to be on it, and where it is attached. */
interface Job {
  readonly board: Board;
  readonly path: string;
  readonly order: Order;
}

const WAIT = 10;
const RESTARTING = 2000;

const HELP = `
The program is sent beside what is on the board, read back and compared to the last byte. Only then
one small write makes it what boots. If this is cut anywhere, the board boots what it booted
before, or nothing, and tagma ports says so. The same command again mends it.

A program that takes the console's UART leaves no prompt there: else the board could obey what the
bus brings.
Reach such a board again by Bluetooth, or hold its button while it gets power: nothing boots then.

Boards of ballots have to know whether they are new. Say --once when the network is
flashed for the very first time, and never again: a board that has been in it stays as it was. A
board in the place of one that is broken, or whose Storage was erased, is flashed with --after and
the number of a cycle that the bus has shown since; it takes part once it cannot break a promise.

Exit codes: 0 it is on the board and runs, 1 it is not, 2 bad usage, the wrong board, or no room.

Examples:
  tagma flash boards/networks/press.json --board a --once --port /dev/ttyACM0
  tagma flash boards/networks/pump.json --board a --port /dev/ttyACM0
  tagma flash pump.json --all --port a=COM3 --port b=COM4 --port c=COM5 --port d=COM6
  tagma flash boards/networks/pump.json --all --page flash-pump.html
  tagma flash pump.json --board d --port tcp://192.168.1.20:3001 --wait 30`;

/** Whether the program takes the UART of the console that it is flashed over. */
const takesConsole = ({ kind, port }: Board): boolean =>
  port === kind.console ||
  (kind.console_away !== undefined && !kind.console_away.startsWith("USB"));

/** @returns the path of each board; of those of a page, "". @throws UsageError */
const portsOf = (network: Network, { all, board, port = [], page }: Options, path: string) => {
  if (all ? board !== undefined : board === undefined) {
    throw new UsageError("--board NAME or --all is needed, and not both");
  }
  const paths = new Map<Board, string>();
  if (page !== undefined) {
    if (port.length) throw new UsageError("--port and --page: the browser asks for the port");
    for (const one of all ? network.boards : [boardIn(network, board!, path)]) paths.set(one, "");
    return paths;
  }
  if (!port.length) throw new UsageError("--port: is missing, where is the board attached?");
  if (!all) {
    if (port.length !== 1) {
      throw new UsageError(`--port: ${port.length} are given, a board has 1`);
    }
    paths.set(boardIn(network, board!, path), port[0]!);
    return paths;
  }
  for (const word of port) {
    const [, name, to] = /^([^=]+)=(.+)$/.exec(word) ?? [];
    if (to === undefined) throw new UsageError(`--port: ${word}: with --all it is BOARD=PATH`);
    const named = boardIn(network, name!, path, "--port");
    if (paths.has(named)) throw new UsageError(`--port: ${word}: ${name} has a port already`);
    if ([...paths.values()].includes(to)) {
      throw new UsageError(`--port: ${word}: ${to} is another board's already`);
    }
    paths.set(named, to);
  }
  const missing = network.boards.filter((one) => !paths.has(one)).map(({ name }) => name);
  if (missing.length) throw new UsageError(`--port: none for ${missing.join(", ")}`);
  return paths;
};

/** @throws UsageError where a board's past is told that does not matter */
const birthOf = (
  board: Board, { once, after }: Options, path: string,
): Birth | undefined => {
  if (once && after !== undefined) {
    throw new UsageError("--once and --after: a board is one of both");
  }
  const { ballots, mark } = board.layout;
  if (!ballots && (once || after !== undefined)) {
    throw new UsageError(`--${once ? "once" : "after"}: ${path}: ${onlyBallots()}`);
  }
  if (!ballots) return undefined;
  const image = textOf(firstImage(board.layout, after));
  return { image, mark, how: once ? "once" : after === undefined ? "" : "after" };
};

/** @throws UsageError where a bundle is too large for its board */
const jobsOf = async (network: Network, options: Options, path: string): Promise<Job[]> => {
  const jobs: Job[] = [];
  for (const [board, to] of portsOf(network, options, path)) {
    const { kind, name, number } = board;
    if (kind.info.binary_name === undefined) {
      throw new UsageError(`${path}: boards[${number}]: ${name} is ${kind.id}, no real board`);
    }
    const { signing, links } = keysIn(network, board, path, options.keys);
    const { text, bytes } = programBytes(await bundle(network, board, signing, links));
    const { reason } = fitOf(network, board, bytes.length);
    if (reason) throw new UsageError(`${path}: boards[${number}]: ${reason}`);
    jobs.push({
      board, path: to,
      order: {
        text, network: network.file.name, board: name, kind: kind.id, takes: takesConsole(board),
        replace: options.replace ?? false, patience: options.wait * 1000,
        birth: birthOf(board, options, path),
      },
    });
  }
  return jobs;
};

/** The parts of a transfer that take time: the way there and the way back. */
const barOf = (io: Io, { order }: Job) => {
  const total = 2 * order.text.length;
  let bar: ReturnType<Io["progress"]>;
  return {
    told({ stage, done }: Progress) {
      if (stage === "write" || stage === "compare") {
        bar ??= io.progress(total, "bytes there and back");
        bar?.update(stage === "compare" ? total / 2 + done : done);
      } else if (stage === "start") this.stop();
    },
    stop() {
      bar?.stop();
      bar = undefined;
    },
  };
};

const transfer = async (io: Io, job: Job, port: Port): Promise<Flashed> => {
  const bar = barOf(io, job);
  const told = (progress: Progress) => {
    bar.told(progress);
  };
  try {
    return await hold(flash(job.order), port, { now: io.now, told, check: stopper(io) });
  } catch (thrown) {
    if (!(thrown instanceof Interrupted)) throw thrown;
    bar.stop();
    await tell(io, `${job.board.name}: stopped: the board boots what it booted before, or ` +
      "tagma ports says that it is unfinished; the same command mends it");
    // Should the board not answer, it does so by itself within a minute.
    await hold(restart(RESTARTING), port, { now: io.now }).catch(() => undefined);
    throw thrown;
  } finally {
    bar.stop();
  }
};

/** @returns the exit code of one board's transfer */
const runJob = async (io: Io, job: Job, { baud, json }: Options): Promise<number> => {
  const { board: { name }, path } = job;
  const began = io.now();
  try {
    const done = await withPort(io, path, baud, async (port) => transfer(io, job, port));
    const seconds = (io.now() - began) / 1000;
    const { before, ...shown } = done;
    await io.out.write(json
      ? `${JSON.stringify({ board: name, port: path, ...shown, before: before?.crc, seconds })}\n`
      : flashedText(name, path, done, seconds));
    return HELD;
  } catch (thrown) {
    const usage = thrown instanceof UsageError;
    if (!usage && !isLineError(thrown)) throw thrown;
    const error = usage ? thrown.message : `${path}: ${messageOf(thrown)}`;
    if (json) await io.out.write(`${JSON.stringify({ board: name, port: path, error })}\n`);
    await tell(io, `${name}: ${error}`);
    return usage ? USAGE : BROKEN;
  }
};

/** A page that holds what a board signs or tags with is its owner's alone. */
const writePage = async (
  network: Network, jobs: readonly Job[], { page, baud, keys }: Options,
): Promise<void> => {
  const orders = jobs.map(({ order }) => order);
  const text = await flashPage({ network: network.file.name, baud, orders });
  writeWhole(page!, text, keys === undefined ? undefined : SECRET_MODE);
};

export const addFlash: Add = (program, io, finish) => {
  program.command("flash")
    .description("put a network's program on a board, or on all of its boards, and start it")
    .argument("<network>", "a network file")
    .option("--board <name>", "the board that is attached")
    .option("--all", "every board of the network, one after the other")
    .option("--port <path>",
      "where it is attached, or tcp://HOST:PORT; with --all BOARD=PATH for each", gather)
    .option("--page <file>",
      "write a page that does it from a browser with Web Serial, and flash nothing now")
    .option("--baud <n>", BAUD_HELP, baudOf, BAUD)
    .option("--wait <seconds>", "how long to look for its prompt", waitOf, WAIT)
    .option("--keys <folder>", "of a network that signs or tags: what tagma keys has made")
    .option("--replace", "erase code that boots there and is not of tagma")
    .option("--once", "of ballots: the network has never run, and the board is new")
    .option("--after <cycle>",
      "of ballots: what an earlier board promised, it promised up to there",
      whole(0, 0xfffffffe))
    .option("--json", "print a JSON object a board")
    .addHelpText("after", HELP)
    .action(async (path: string, options: Options) => {
      const network = openNetwork(path);
      let code: number = HELD;
      if (options.page !== undefined) checkOutputs({ page: options.page }, [path]);
      const jobs = await jobsOf(network, options, path);
      if (options.page !== undefined) {
        await writePage(network, jobs, options);
        await tell(io, `${options.page}: open it in a browser with Web Serial, which Chrome and ` +
          `Edge have; it flashes ${jobs.map(({ order }) => order.board).join(", ")}`);
        return;
      }
      for (const job of jobs) {
        code = Math.max(code, await runJob(io, job, options));
      }
      finish(code);
    });
};
