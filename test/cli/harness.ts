import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { UsageError } from "../../host/base/error.js";
import { Closed } from "../../host/cli/io.js";
import type { Io } from "../../host/cli/io.js";
import { run } from "../../host/cli/run.js";
import type { Ports } from "../../host/live/port.js";

/** The command line in this process, with everything around it made up. */

export interface Around {
  readonly input?: string;
  /** Both screens are terminals, so wide. */
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** What reading standard input throws. */
  readonly thrown?: Error;
  /** After so many writes nobody reads the output any more. */
  readonly readsUntil?: number;
  /** After so many writes a person asks to stop. */
  readonly stopsAfter?: number;
  /** A person asks to stop as soon as this holds. */
  readonly interruptedWhen?: () => boolean;
  /** Serial ports; none unless told. */
  readonly ports?: Ports;
  /** What is typed at the keyboard; nobody sits there unless told. */
  readonly keys?: readonly string[];
}

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** Milliseconds that it waited in all. */
  readonly waited: number;
  /** What the progress bar was told. */
  readonly progress: readonly number[];
}

const NO_PORTS: Ports = {
  open: async (path) => Promise.reject(new UsageError(`${path}: cannot be opened: no such port`)),
  line: async (path) => Promise.reject(new UsageError(`${path}: cannot be opened: no such port`)),
  list: async () => Promise.resolve([]),
};

const typed = async function* (keys: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const key of keys) {
    await Promise.resolve();
    yield Buffer.from(key, "latin1");
  }
};

export const cli = async (argv: readonly string[], around: Around = {}): Promise<Ended> => {
  const texts = { out: "", err: "" };
  const progress: number[] = [];
  let writes = 0;
  let time = 0;
  let waited = 0;
  const terminal = { isTTY: around.columns !== undefined, columns: around.columns };
  const io: Io = {
    out: {
      ...terminal,
      async write(text) {
        await Promise.resolve();
        if (++writes > (around.readsUntil ?? Infinity)) throw new Closed();
        texts.out += text;
      },
    },
    err: {
      ...terminal,
      async write(text) {
        await Promise.resolve();
        texts.err += text;
      },
    },
    env: around.env ?? {},
    readInput: async () =>
      around.thrown ? Promise.reject(around.thrown) : Promise.resolve(around.input ?? ""),
    // Each look at the clock takes a millisecond.
    now: () => time++,
    async sleep(milliseconds) {
      await Promise.resolve();
      time += milliseconds;
      waited += milliseconds;
    },
    progress: (total) =>
      terminal.isTTY
        ? {
            update(done) {
              progress.push(done / total);
            },
            stop() {
              progress.push(-1);
            },
          }
        : undefined,
    ports: around.ports ?? NO_PORTS,
    keys: () => (around.keys ? typed(around.keys) : undefined),
    get interrupted() {
      const asked = writes > (around.stopsAfter ?? Infinity) || around.interruptedWhen?.();
      return asked ? "SIGINT" : undefined;
    },
  };
  const code = await run(argv, io);
  return { code, ...texts, waited, progress };
};

/** A folder that is gone when the test is over. */
export const folder = (context: TestContext): string => {
  const path = mkdtempSync(join(tmpdir(), "tagma-"));
  context.after(() => {
    rmSync(path, { recursive: true });
  });
  return path;
};

export const linesOf = (text: string): string[] => text.split("\n").filter(Boolean);

export const jsonOf = (text: string): Record<string, unknown>[] =>
  linesOf(text).map((line) => JSON.parse(line) as Record<string, unknown>);

/** An example network, as it stands in its file, and where that is. */
export const exampleOf = (name: string): string =>
  new URL(`../../boards/networks/${name}.json`, import.meta.url).pathname;

export const contentOf = (
  name: string,
): Record<string, unknown> & {
  boards: Record<string, unknown>[];
} => JSON.parse(readFileSync(exampleOf(name), "utf8")) as ReturnType<typeof contentOf>;

/** Files below a folder; none is written by a command that refuses. */
export const filesIn = (path: string): string[] =>
  readdirSync(path, { recursive: true }).map(String).toSorted();

/** Holds that a command is refused on one line that says this, and prints nothing else. */
export const refused = async (
  argv: readonly string[],
  said: RegExp,
  input?: string,
): Promise<void> => {
  const { code, out, err } = await cli(argv, input === undefined ? {} : { input });
  assert.match(err, said);
  assert.match(err, /^tagma: [^\n]+\n$/, "one line");
  assert.doesNotMatch(err, /defect|^\s+at /m);
  assert.equal(out, "");
  assert.equal(code, 2);
};
