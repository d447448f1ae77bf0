import { UsageError } from "../base/error.js";
import { createRelay } from "../base/text.js";
import { Refused, createConsole } from "../flash/console.js";
import { hold } from "../flash/talk.js";
import type { Port, Talk } from "../flash/talk.js";
import { textOf } from "../flash/text.js";
import { BROKEN, HELD } from "./command.js";
import type { Add } from "./command.js";
import { tell } from "./io.js";
import type { Io } from "./io.js";
import { BAUD, BAUD_HELP, baudOf, stopper, waitOf, withPort } from "./serial.js";

interface Options {
  readonly port: string;
  readonly baud: number;
  readonly wait: number;
}

/** Ctrl-] leaves: a board has a use for every other key, Ctrl-C above all. */
const LEAVE = 0x1d;
const WAIT = 5;
/** Milliseconds between looks at the board, and that its last words may take. */
const LOOK = 50;
const LAST = 200;

/** A terminal: keys there, what the board says here. */
const terminal = async (
  io: Io, port: Port, keys: AsyncIterable<Uint8Array>, path: string,
): Promise<number> => {
  await tell(io, `${path}; Ctrl-C stops what runs on the board, Ctrl-] leaves`);
  let left = false;
  const relay = createRelay();
  const show = async (milliseconds: number): Promise<boolean> => {
    const bytes = await port.read(milliseconds);
    const text = relay(textOf(bytes));
    if (text) await io.out.write(text);
    return bytes.length > 0;
  };
  const typing = async () => {
    try {
      for await (const typed of keys) {
        const at = typed.indexOf(LEAVE);
        if (at !== 0) await port.write(at < 0 ? typed : typed.subarray(0, at));
        if (at >= 0) return;
      }
    } finally {
      left = true;
    }
  };
  const showing = async () => {
    while (!left) await show(LOOK);
    const until = io.now() + LAST;
    for (let now = io.now(); now < until && await show(until - now);) now = io.now();
    await io.out.write(relay("", true));
  };
  await Promise.all([typing(), showing()]);
  await io.err.write("\n");
  return HELD;
};

/** Asks line by line; each answer is known to be that line's, and whole. */
const answers = function* (
  lines: readonly string[], patience: number, answer: (text: string) => void,
): Talk<string> {
  const board = createConsole();
  yield* board.wake(patience, false);
  for (const [index, line] of lines.entries()) {
    if (!line.trim()) continue;
    try {
      answer(JSON.stringify(yield* board.call(textOf(Buffer.from(line, "utf8")))));
    } catch (thrown) {
      if (thrown instanceof Refused) return `line ${index + 1}: ${thrown.message}`;
      throw thrown;
    }
  }
  return "";
};

const script = async (io: Io, port: Port, wait: number): Promise<number> => {
  let said = "";
  const lines = (await io.readInput()).split(/\r?\n/);
  const wrong = await hold(answers(lines, wait * 1000, (text) => {
    said += `${text}\n`;
  }), port, { now: io.now, check: stopper(io) });
  await io.out.write(said);
  if (wrong) await tell(io, wrong);
  return wrong ? BROKEN : HELD;
};

export const addConsole: Add = (program, io, finish) => {
  program.command("console")
    .description("a prompt on a board")
    .requiredOption("--port <path>", "where it is attached, or tcp://HOST:PORT")
    .option("--baud <n>", BAUD_HELP, baudOf, BAUD)
    .option("--wait <seconds>", "how long to look for its prompt, where no keyboard is", waitOf,
      WAIT)
    .addHelpText("after", `
On a terminal, every key goes to the board, and Ctrl-] leaves. Text, colours and moves of the cursor
that the board sends reach the terminal. What would command the terminal in any other way is shown.
Without a terminal, each line of the standard input is one expression; its value is printed as JSON,
a line each.

Exit codes: 0 done, 1 no answer, or an expression threw, 2 bad usage, 130 stopped.

Examples:
  tagma console --port /dev/ttyACM0
  echo 'tagma.counts' | tagma console --port /dev/ttyACM0`)
    .action(async ({ port: path, baud, wait }: Options) => {
      if (!path) throw new UsageError('--port: a path is needed, not ""');
      finish(await withPort(io, path, baud, async (port) => {
        const keys = io.keys();
        return keys ? terminal(io, port, keys, path) : script(io, port, wait);
      }));
    });
};

