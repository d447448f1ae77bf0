import { spawn, spawnSync } from "node:child_process";
import {
  accessSync, constants, mkdtempSync, openSync, rmSync, statSync, writeFileSync,
} from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { UsageError, messageOf } from "../../base/error.js";
import { QUESTION, createParts, framed } from "./parts.js";
import type { Part } from "./parts.js";

/**
 * Espruino's Linux build as a process that answers requests. Two named pipes lead to it and from
 * it, in a temporary folder of its own, where its flash is a file too. The folder outlasts a
 * restart, and nothing of it outlasts the run: not where the run ends, fails, or is asked to stop.
 */
export interface Interpreter {
  /** Hands a request on. */
  readonly ask: (kind: string, text?: string | Uint8Array) => void;
  /**
   * @returns what it says until it has dealt with the next request that wants an answer
   * @throws UsageError where it ends, or says nothing for a long time
   */
  answer(): Promise<readonly Part[]>;
  /** Cuts its power, and starts it again with what its flash holds. */
  restart(): Promise<void>;
  readonly close: () => void;
}

/** Computing a key's first leaves takes seconds; this is for what never ends. */
const PATIENCE_MS = 120_000;
const SCRIPT = "run.js";
/** The pipes: requests, what it says, and answers to what it asks for. */
const [ASK, SAID, TOLD] = ["ask", "said", "told"] as const;
/** What is kept of what it prints, for people. */
const PRINTED = 4096;
const SHOWN = 160;

/** Whether there is a file at `path` that may be run. */
export const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
};

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/** Ends each of those that run. */
const running = new Set<() => void>();

const endAll = (): void => {
  for (const end of running) end();
};

/** Whoever else listens decides what a signal means; where nobody does, it means the end. */
const onSignal = (signal: NodeJS.Signals): void => {
  endAll();
  if (process.listenerCount(signal) > 0) return;
  process.kill(process.pid, signal);
};

const watch = (end: () => void): void => {
  if (!running.size) {
    for (const signal of SIGNALS) process.on(signal, onSignal);
    process.on("exit", endAll);
  }
  running.add(end);
};

const unwatch = (end: () => void): void => {
  running.delete(end);
  if (running.size) return;
  for (const signal of SIGNALS) process.off(signal, onSignal);
  process.off("exit", endAll);
};

/** An exception's first line: those below show the program, which may hold keys. */
const saidLast = (printed: string): string => {
  const line = /Uncaught [^\r\n]*|Execution Interrupted/.exec(printed)?.[0] ?? "";
  return line ? `: ${line.slice(0, SHOWN)}` : "";
};

/** @returns the end of what comes there, as it is then */
const lastOf = (streams: readonly Readable[]): (() => string) => {
  let last = "";
  const keep = (chunk: Buffer) => {
    last = (last + chunk.toString("latin1")).slice(-PRINTED);
  };
  for (const stream of streams) stream.on("data", keep);
  return () => last;
};

/** Opened for both, so that opening does not wait for the other end. */
const openPipe = (path: string, reads: boolean): Socket => {
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  return new Socket({ fd, readable: reads, writable: !reads });
};

/** What is run, where, for which board, and what answers it. */
interface Place {
  readonly path: string;
  readonly folder: string;
  readonly name: string;
  readonly reply: (question: string) => string;
  readonly patience: number;
}

/** One start of it, until its power is cut. */
const start = ({ path, folder, name, reply, patience }: Place) => {
  const ask = openPipe(join(folder, ASK), false);
  const said = openPipe(join(folder, SAID), true);
  const told = openPipe(join(folder, TOLD), false);
  const child = spawn(path, [SCRIPT], { cwd: folder, stdio: ["pipe", "pipe", "pipe"] });
  const parts = createParts((question) => {
    try {
      told.write(framed(QUESTION, Buffer.from(reply(question.toString()))));
    } catch (thrown) {
      fail(messageOf(thrown));
    }
  });
  const waiting: { resolve: (parts: readonly Part[]) => void; reject: (why: Error) => void }[] = [];
  let late: NodeJS.Timeout | undefined;
  let failed: Error | undefined;
  const release = () => {
    clearTimeout(late);
    for (const pipe of [ask, said, told]) pipe.destroy();
  };
  const fail = (why: string) => {
    failed ??= new UsageError(`engine: board ${name}: ${why}`);
    child.kill("SIGKILL");
    release();
    for (const { reject } of waiting.splice(0)) reject(failed);
  };
  const wait = () => {
    clearTimeout(late);
    if (!waiting.length) return;
    late = setTimeout(() => {
      fail(`Espruino has not answered for ${patience / 1000} s`);
    }, patience);
  };
  const printed = lastOf([child.stdout, child.stderr]);
  for (const stream of [child.stdin, ask, said, told]) stream.on("error", () => undefined);
  const ended = new Promise<void>((resolve) => {
    child.on("error", ({ message }) => {
      fail(`${path} cannot be run: ${message}`);
      resolve();
    });
    child.on("close", (code, signal) => {
      fail(`Espruino has ended by ${signal ?? `itself, with ${code}`}${saidLast(printed())}`);
      resolve();
    });
  });
  said.on("data", (chunk: Buffer) => {
    for (const answer of parts.take(chunk)) waiting.shift()?.resolve(answer);
    wait();
  });
  return {
    ask(kind: string, text: string | Uint8Array) {
      if (!failed) ask.write(framed(kind, text));
    },
    answer: async () => new Promise<readonly Part[]>((resolve, reject) => {
      if (failed) {
        reject(failed);
        return;
      }
      waiting.push({ resolve, reject });
      if (waiting.length === 1) wait();
    }),
    async end() {
      fail("Espruino was ended");
      await ended;
    },
    kill() {
      fail("Espruino was ended");
    },
  };
};

/**
 * @param path of the interpreter
 * @param name of the board, for people
 * @param files what its folder holds besides, by name; `run.js` is what it runs
 * @param reply answers what it asks for while it deals with a request
 */
export const startInterpreter = (
  path: string, name: string, files: Readonly<Record<string, string>>,
  reply: (question: string) => string = () => "", patience = PATIENCE_MS,
): Interpreter => {
  const folder = mkdtempSync(join(tmpdir(), "tagma-board-"));
  const place = { path, folder, name, reply, patience };
  let now: ReturnType<typeof start> | undefined;
  const close = () => {
    unwatch(close);
    now?.kill();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  watch(close);
  try {
    for (const [file, text] of Object.entries(files)) {
      writeFileSync(join(folder, file), text);
    }
    const pipes = [ASK, SAID, TOLD].map((pipe) => join(folder, pipe));
    const { status, error } = spawnSync("mkfifo", pipes);
    if (status !== 0) {
      throw new UsageError(`engine: no pipes can be made: mkfifo: ${
        error?.message ?? `ended with ${status}`}`);
    }
    now = start(place);
  } catch (thrown) {
    close();
    throw thrown;
  }
  return {
    ask(kind, text = "") {
      now!.ask(kind, text);
    },
    answer: async () => now!.answer(),
    async restart() {
      await now!.end();
      now = start(place);
    },
    close,
  };
};
