import { addAbortSignal } from "node:stream";
import { SingleBar } from "cli-progress";
import { messageOf } from "../base/error.js";
import { abandonAll } from "../base/file.js";
import { createDecoder } from "../base/input.js";
import { forScreen, oneLine } from "../base/text.js";
import { listPorts, openLine, openPort } from "../live/port.js";
import type { Ports } from "../live/port.js";

/** All that a command has to do with the process it runs in; a test puts its own in place of it. */
export interface Io {
  readonly out: Screen;
  readonly err: Screen;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** All of standard input. @throws Interrupted, or UsageError where it is too long */
  readInput(): Promise<string>;
  /** Milliseconds of wall-clock time. */
  readonly now: () => number;
  /** Waits; at 0 only until everything else that waits has had its turn. */
  sleep(milliseconds: number): Promise<void>;
  /**
   * Shows how far a long run has come; undefined where nobody would see it.
   *
   * @param unit of what is counted, cycles unless told
   */
  progress(total: number, unit?: string): Progress | undefined;
  readonly ports: Ports;
  /** What is typed, key by key, until nobody asks any more; undefined where nobody types. */
  keys(): AsyncIterable<Uint8Array> | undefined;
  /** By what it was asked to stop; undefined as long as it was not. */
  readonly interrupted: Signal | undefined;
}

/** What asks to stop: a person, a program, and a terminal that is gone. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** Signals that come within so many milliseconds are one. */
const AT_ONCE = 500;
export type Signal = (typeof SIGNALS)[number];

export interface Screen {
  /** Done when the text is on its way. @throws Closed where nobody reads any more */
  write(text: string): Promise<void>;
  readonly isTTY: boolean;
  /** The same of what is no text for people, such as a program: to a file as it is. */
  data?(text: string): Promise<void>;
  /** How many characters a line has, where that is known. */
  readonly columns: number | undefined;
}

export interface Progress {
  update(done: number): void;
  stop(): void;
}

/** The same screen behind the gate of all text. */
const gatedScreen = (screen: Screen): Screen => ({
  isTTY: screen.isTTY,
  get columns() {
    return screen.columns;
  },
  write: async (text) => screen.write(forScreen(text)),
  data: async (text) => screen.write(screen.isTTY ? forScreen(text) : text),
});

/** The same with all that is written behind the gate of all text. */
export const gated = (io: Io): Io => Object.create(io, {
  out: { value: gatedScreen(io.out) }, err: { value: gatedScreen(io.err) },
}) as Io;

/** Tells a person something, on one line of its own. */
export const tell = async (io: Pick<Io, "err">, message: string): Promise<void> =>
  io.err.write(`tagma: ${oneLine(message)}\n`);

/** Whoever read the output has gone, as `head` does. */
export class Closed extends Error {
  override readonly name = "Closed";
}

/** Somebody asked to stop. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

/** The output cannot be written, and it is not that nobody reads it. */
export class Unwritable extends Error {
  override readonly name = "Unwritable";
}

export const unwrittenText = (thrown: Error): string => (thrown instanceof Closed
  ? "nobody reads the output any more"
  : `the output cannot be written: ${messageOf(thrown)}`);

const screen = (stream: NodeJS.WriteStream): Screen => {
  // Errors are told to whoever writes; without a listener they would end the process as well.
  stream.on("error", () => undefined);
  return {
    isTTY: stream.isTTY,
    get columns() {
      // Some terminals do not know their width, and tell 0.
      return stream.isTTY && stream.columns > 0 ? stream.columns : undefined;
    },
    write: async (text) => new Promise((resolve, reject) => {
      stream.write(text, (error) => {
        const { code } = (error ?? {}) as NodeJS.ErrnoException;
        if (!error) resolve();
        else if (code === "EPIPE" || code === "ERR_STREAM_DESTROYED") reject(new Closed());
        else reject(new Unwritable(messageOf(error)));
      });
    }),
  };
};

const bar = (total: number, unit: string): Progress => {
  const shown = new SingleBar({
    stream: process.stderr, clearOnComplete: true, hideCursor: true, barsize: 30,
    barCompleteChar: "█", barIncompleteChar: "░",
    format: `{bar} {value} of {total} ${unit}, {eta_formatted} left`,
  });
  shown.start(total, 0);
  return {
    update(done) {
      shown.update(done);
    },
    stop() {
      shown.stop();
    },
  };
};

/** Every key as it is pressed, those too that a terminal would keep to itself. */
const typed = async function* (
  keyboard: NodeJS.ReadStream, chunks: AsyncIterable<Buffer>,
): AsyncGenerator<Uint8Array> {
  keyboard.setRawMode(true);
  try {
    yield* chunks;
  } finally {
    keyboard.setRawMode(false);
  }
};

/** The process itself. */
export const processIo = (): Io => {
  let interrupted: Signal | undefined;
  const reading = new AbortController();
  let asked = 0;
  // Whoever asks a second time does not wait. A shell, npm or make passes on what they had from the
  // terminal, which this process had as well: that is once.
  const stop = (signal: Signal) => {
    const now = performance.now();
    if (interrupted !== undefined && now - asked > AT_ONCE) {
      for (const one of SIGNALS) process.off(one, stop);
      abandonAll();
      process.kill(process.pid, signal);
    }
    if (interrupted !== undefined) return;
    interrupted = signal;
    asked = now;
    reading.abort();
  };
  for (const one of SIGNALS) process.on(one, stop);
  const input = async function* (): AsyncGenerator<Buffer> {
    try {
      const chunks = addAbortSignal(reading.signal, process.stdin);
      for await (const chunk of chunks) yield chunk as Buffer;
    } catch (thrown) {
      throw interrupted ? new Interrupted() : thrown;
    }
  };
  return {
    out: screen(process.stdout),
    err: screen(process.stderr),
    env: process.env,
    async readInput() {
      const decode = createDecoder("standard input", false);
      let whole = "";
      for await (const chunk of input()) whole += decode(chunk);
      return whole + decode(undefined);
    },
    now: () => performance.now(),
    sleep: async (milliseconds) => new Promise((resolve) => {
      if (milliseconds > 0) setTimeout(resolve, milliseconds);
      else setImmediate(resolve);
    }),
    progress: (total, unit = "cycles") =>
      (process.stderr.isTTY ? bar(total, unit) : undefined),
    ports: { open: openPort, line: openLine, list: listPorts },
    keys: () => (process.stdin.isTTY ? typed(process.stdin, input()) : undefined),
    get interrupted() {
      return interrupted;
    },
  };
};
