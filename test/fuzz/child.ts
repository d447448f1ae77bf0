import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../../host/base/error.js";
import { processIo } from "../../host/cli/io.js";
import type { Io } from "../../host/cli/io.js";
import { run } from "../../host/cli/run.js";
import type { PortInfo, Ports } from "../../host/live/port.js";
import { sayingPort } from "../flash/saying.js";
import type { Mutant } from "./mutants.js";

/** A process that runs one command after the other, each as the program itself would. */

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** What lies in its folder then. */
  readonly left: readonly string[];
}

const home = process.cwd();
const said = { out: "", err: "" };
const keep = (name: keyof typeof said) => (text: unknown, done?: unknown) => {
  said[name] += String(text);
  if (typeof done === "function") (done as () => void)();
  return true;
};
process.stdout.write = keep("out");
process.stderr.write = keep("err");
const real = processIo();

/** A line at which the same is said whenever something is written. */
const madeUpLine = (lines: readonly string[]): Ports["line"] => async (path, _baud, events) => {
  const chunk = Buffer.from(lines[path.length % lines.length]!, "hex");
  return Promise.resolve({
    write(_bytes, done) {
      setImmediate(() => {
        done("");
        if (chunk.length) events.data(chunk);
      });
    },
    pause: () => undefined, resume: () => undefined, close: async () => Promise.resolve(),
  });
};

const ioOf = ({ input = "", answers, lines, looks = Infinity }: Mutant): Io => {
  let looked = 0;
  const port = sayingPort((number) => answers?.[number]);
  const missing = async (path: string) =>
    Promise.reject(new UsageError(`${path}: cannot be opened: there is no such port`));
  return {
    ...real, readInput: async () => Promise.resolve(input), keys: () => undefined,
    now: answers ? port.now : real.now,
    ports: {
      list: async () => Promise.resolve<PortInfo[]>([{ path: "p" }]),
      line: lines ? madeUpLine(lines) : missing,
      open: async (path) => (answers ? Promise.resolve(port) : missing(path)),
    },
    get interrupted() {
      return ++looked > looks ? "SIGINT" : real.interrupted;
    },
  };
};

const runOne = async (mutant: Mutant): Promise<Ran> => {
  const folder = mkdtempSync(join(tmpdir(), "tagma-fuzz-"));
  try {
    process.chdir(folder);
    for (const [name, content] of Object.entries(mutant.files)) {
      writeFileSync(name, Buffer.from(content, "hex"));
    }
    said.out = said.err = "";
    const code = await run(mutant.argv, ioOf(mutant));
    return { code, ...said, left: readdirSync(folder, { recursive: true }).map(String) };
  } finally {
    process.chdir(home);
    rmSync(folder, { recursive: true });
  }
};

process.on("message", (mutant: Mutant) => {
  void runOne(mutant).then((ran) => process.send!(ran));
});
process.send!("ready");
